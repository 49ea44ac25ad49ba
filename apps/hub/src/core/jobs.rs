//! What the hub does by itself: each minute it asks the guard for a word, and tells which commands ran out; each hour it forgets what has ended, and lets
//! go of the files of an older database format once it has served well with the new one.

use std::time::Duration;

use hygie_agent::door::{Question, Reply};

use super::{heard, hub::Hub, leavers, withdrawals};
use crate::web::{fault::Fault, frame};

/// Goes on for as long as the hub serves. What does not work is tried again an hour later, and told in the log.
pub(crate) async fn tidy(hub: Hub) {
    loop {
        tokio::time::sleep(HOUR).await;
        if let Err(fault) = once(&hub).await {
            frame::log(&fault);
        }
    }
}

/// Asks this machine's guard for a word each minute, whether somebody looks or not.
pub(crate) async fn listen(hub: Hub) {
    loop {
        if let Err(fault) = hear(&hub).await {
            frame::log(&fault);
        }
        if let Err(fault) = crate::devices::tell_expired(&hub).await {
            frame::log(&fault);
        }
        tokio::time::sleep(MINUTE).await;
    }
}

async fn hear(hub: &Hub) -> Result<(), Fault> {
    let Some(facts) = hub.practice().await? else {
        return Ok(());
    };
    // A silent guard is no fault of the hub's: pages tell it with the hour of its last word.
    if let Ok(Reply::Status(status)) = hub.guard.ask(Question::Status).await {
        heard::note(hub.of(&facts), Some(&status), hub.now()).await?;
    }
    withdrawals::settle(hub, hub.of(&facts)).await
}

async fn once(hub: &Hub) -> Result<(), Fault> {
    // An hour of serving, and a week without the version before: then nobody goes back to it.
    let week_ago = hygie_model::Wall(hub.now().0.saturating_sub(WEEK_NANOS));
    hub.store.confirm(week_ago)?;
    let Some(facts) = hub.practice().await? else {
        return Ok(());
    };
    let (practice, now) = (hub.of(&facts), hub.now());
    practice.forget_passed(now).await?;
    let long_ago = hygie_model::Wall(now.0.saturating_sub(MONTH_NANOS));
    practice.forget_sessions(long_ago).await?;
    leavers::erase_final(practice, &hub.journal, now).await
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// So long the file of an older format is kept after its Hygie last wrote to it.
const WEEK_NANOS: i64 = 7 * 24 * 60 * 60 * 1_000_000_000;
/// Sessions of a month ago, ended or not: nobody asks for them in a list any more; the journal has their beginnings.
const MONTH_NANOS: i64 = 30 * 24 * 60 * 60 * 1_000_000_000;

#[cfg(test)]
mod tests {
    use hygie_identity::session::Means;
    use hygie_model::{Role, Wall};

    use super::*;
    use crate::web::{
        session::{self, From},
        testing::{Console, NOW},
    };

    #[tokio::test]
    async fn old_sessions_go_and_the_present_one_stays() {
        let console = Console::new().await;
        let person = console.add(7, "Claire Morin", Role::Assistant).await;
        let facts = console.hub.practice().await.unwrap().unwrap();
        let practice = console.hub.of(&facts);
        let from = From {
            address: "127.0.0.1",
            agent: "",
        };
        for at in [Wall(NOW.0 - 2 * MONTH_NANOS), NOW] {
            session::begin(practice, person.id, Means::Passkey, &from, at)
                .await
                .unwrap();
        }
        once(&console.hub).await.unwrap();
        assert_eq!(practice.sessions(person.id).await.unwrap().len(), 1);
    }
}
