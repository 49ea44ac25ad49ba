//! What is kept of those who left: the closing as the engine made it, for as long as it can be taken back; then what is left of
//! their access is erased.

use hygie_identity::leaver::Closing;
use hygie_model::{PersonId, Wall};
use hygie_store::{Json, Practice, Setting};

use super::journal::{Journal, Note};
use crate::web::fault::Fault;

/// The closing of somebody who left.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn of(practice: Practice<'_>, person: PersonId) -> Result<Option<Closing>, Fault> {
    let setting = practice.setting(&name(person)).await?;
    Ok(setting.map(|setting| setting.value.get()).transpose()?)
}

/// Keeps it.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn keep(practice: Practice<'_>, closing: &Closing) -> Result<(), Fault> {
    let setting = Setting {
        name: name(closing.person),
        value: Json::of(closing)?,
        changed: closing.at,
        by: Some(closing.by),
    };
    practice.set(&setting).await?;
    Ok(())
}

/// It was taken back.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn forget(practice: Practice<'_>, person: PersonId) -> Result<(), Fault> {
    practice.unset(&name(person)).await?;
    Ok(())
}

/// Erases what is left of accesses that cannot be taken back any more.
///
/// # Errors
/// The database does not answer, or the journal cannot be told.
pub(crate) async fn erase_final(
    practice: Practice<'_>,
    journal: &Journal,
    now: Wall,
) -> Result<(), Fault> {
    for person in practice.people().await? {
        if person.closed.is_none() {
            continue;
        }
        let closing = of(practice, person.id).await?;
        let is_final = closing.is_some_and(|closing| closing.is_final(now));
        let is_left = !practice.credentials(person.id).await?.is_empty()
            || practice.recovery_codes_left(person.id).await? > 0;
        if is_final && is_left {
            let note = Note::default().with("of", person.id.0.to_string());
            journal.tell(practice, "person.erased", note, now).await?;
            practice.erase_access(person.id).await?;
        }
    }
    Ok(())
}

fn name(person: PersonId) -> String {
    format!("closing {}", person.0)
}

#[cfg(test)]
mod tests {
    use hygie_identity::leaver::{self, Holdings, UNDO_FOR};
    use hygie_model::Role;
    use hygie_store::Digest;
    use uuid::Uuid;

    use super::*;
    use crate::web::testing::{Console, NOW};

    #[tokio::test]
    async fn an_access_is_erased_when_it_cannot_come_back() {
        let console = Console::new().await;
        let claire = console.add(7, "Claire Morin", Role::Assistant).await;
        let facts = console.hub.practice().await.unwrap().unwrap();
        let practice = console.hub.of(&facts);
        practice
            .set_recovery_codes(claire.id, &[Digest([1; 32])], NOW)
            .await
            .unwrap();
        let by = PersonId(Uuid::from_u128(1));
        let whom = (claire.id, claire.role);
        let closing = leaver::close(whom, Holdings::default(), 1, by, NOW).unwrap();
        keep(practice, &closing).await.unwrap();
        practice.close_person(claire.id, NOW).await.unwrap();
        let journal = &console.hub.journal;
        let last = NOW.after(UNDO_FOR);
        for (at, left) in [(last, 1), (Wall(last.0 + 1), 0), (Wall(last.0 + 2), 0)] {
            erase_final(practice, journal, at).await.unwrap();
            assert_eq!(
                practice.recovery_codes_left(claire.id).await.unwrap(),
                left,
                "{at:?}"
            );
        }
        let lines = practice.lines_from(0, 100).await.unwrap();
        let told = lines.iter().filter(|line| line.kind == "person.erased");
        assert_eq!(told.count(), 1);
    }
}
