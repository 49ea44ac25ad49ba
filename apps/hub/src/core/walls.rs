//! What this kernel could not give of the walls around the console's processes, told: in the log, and in the journal once a month.

use std::{
    io::{self, Write},
    time::Duration,
};

use super::{hub::Hub, journal::Note};
use crate::web::{fault::Fault, frame};

/// Tells it. The console serves all the same: the users' own rights hold.
pub(crate) async fn tell(hub: &Hub, missing: &str) {
    let _ = writeln!(io::stderr(), "hygie hub: {missing}");
    if let Err(fault) = note(hub, missing).await {
        frame::log(&fault);
    }
}

async fn note(hub: &Hub, missing: &str) -> Result<(), Fault> {
    // Before the set-up nobody reads a journal: the next start tells it.
    let Some(facts) = hub.practice().await? else {
        return Ok(());
    };
    let (practice, now) = (hub.of(&facts), hub.now());
    if practice.passing(KEY, now).await?.as_deref() == Some(missing.as_bytes()) {
        return Ok(());
    }
    hub.journal
        .tell(practice, "console.walls-missing", Note::default(), now)
        .await?;
    let before = practice.passing(KEY, now).await?;
    let until = now.after(MONTH);
    let kept = practice.set_passing(KEY, before.as_deref(), missing.as_bytes(), until, now);
    kept.await?;
    Ok(())
}

const KEY: &str = "walls told";
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::Console;

    async fn told(console: &Console) -> usize {
        let facts = console.hub.practice().await.unwrap().unwrap();
        let kept = console.everything_kept();
        assert!(
            console
                .hub
                .of(&facts)
                .passing(KEY, console.hub.now())
                .await
                .is_ok()
        );
        kept.matches("console.walls-missing").count()
    }

    #[tokio::test]
    async fn what_is_missing_is_in_the_journal_once_and_again_when_it_is_something_else() {
        let console = Console::bare().await;
        tell(&console.hub, "other ports").await;
        assert_eq!(
            console.everything_kept().matches("walls-missing").count(),
            0
        );
        let console = Console::new().await;
        tell(&console.hub, "other ports").await;
        let once = told(&console).await;
        assert!(once > 0);
        tell(&console.hub, "other ports").await;
        assert_eq!(told(&console).await, once);
        tell(&console.hub, "other files, other ports").await;
        assert!(told(&console).await > once);
    }
}
