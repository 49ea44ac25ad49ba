//! What the hub does by itself beside the watch (`core::alerts`): each minute it tells which commands ran out, has the guard
//! believe removed passkeys no more, and makes the day's copy of its database;
//! each hour it forgets what has ended, and lets go of the files of an older database format.

use std::time::Duration;

use super::{copies, hub::Hub, leavers, withdrawals};
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

/// What may not wait for an hour.
pub(crate) async fn follow_up(hub: Hub) {
    loop {
        // A guard that is silent must not keep the database from being copied.
        let done = [
            withdraw(&hub).await,
            copy(&hub).await,
            crate::devices::tell_expired(&hub).await,
        ];
        for fault in done.into_iter().filter_map(Result::err) {
            frame::log(&fault);
        }
        tokio::time::sleep(MINUTE).await;
    }
}

async fn withdraw(hub: &Hub) -> Result<(), Fault> {
    let Some(facts) = hub.practice().await? else {
        return Ok(());
    };
    withdrawals::settle(hub, hub.of(&facts)).await
}

async fn copy(hub: &Hub) -> Result<(), Fault> {
    let Some(facts) = hub.practice().await? else {
        return Ok(());
    };
    copies::daily(hub, &facts, hub.now()).await
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
