//! The hub looks at an incident and undoes it for a person, who is named in the journal.

use hygie_agent::door::{Caller, Question, Reply};
use hygie_model::PersonId;
use hygie_testkit::Snapshot;
use hygie_vault::User;

use crate::scene::{End, PATIENCE, Scene};

pub(crate) const PERSON: &str = "018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e5f";

impl Scene {
    pub(crate) fn ask_as(&self, uid: u32, question: &Question) -> Reply {
        let socket = self.hygie.state().join("guard.sock");
        let user = User {
            uid,
            gid: uid,
            groups: Vec::new(),
        };
        let ask = || {
            let mut caller = Caller::knock(&socket)?;
            caller.waits(PATIENCE)?;
            caller.ask(question)
        };
        let reply = user.act(ask).expect("another user");
        reply.expect("an answer")
    }
}

pub(crate) fn person() -> PersonId {
    serde_json::from_value(PERSON.into()).expect("a person")
}

pub(crate) fn for_person(ask: Question) -> Question {
    let person = person();
    let ask = Box::new(ask);
    Question::For { person, ask }
}

#[test]
fn an_undo_for_a_person_is_journaled_with_her() {
    let Some(mut scene) = Scene::make(1, 120) else {
        return;
    };
    let hub = match hygie_testkit::hub_user() {
        Ok(hub) => hub,
        Err(why) => {
            println!("skipped: no user hygie-hub: {why:#}");
            return;
        }
    };
    let before = scene.arenas[0].snapshot().expect("a snapshot");
    let mut running = scene.start(0, "encrypt-in-place", &[]);
    let End::Stopped(id) = scene.stopped_or_over(&running) else {
        panic!("it was not stopped");
    };
    scene.settle();

    let Reply::Incidents { incidents, .. } = scene.ask_as(hub, &Question::Incidents) else {
        panic!("how things stand is for the hub");
    };
    assert_eq!(incidents[0].id, id);
    assert!(incidents[0].opening.members.is_empty(), "states only");
    assert!(!incidents[0].opening.reasons.is_empty());
    let Reply::Incidents { incidents, .. } = scene.ask_as(hub, &for_person(Question::Incidents))
    else {
        panic!("a person may look");
    };
    assert!(!incidents[0].opening.members.is_empty());
    let reply = scene.ask_as(hub, &for_person(Question::Incident { id }));
    assert!(
        matches!(&reply, Reply::Incident(told) if !told.files.is_empty()),
        "{reply:?}"
    );
    let reply = scene.ask_as(hub, &for_person(Question::UndoPlan { id }));
    assert!(matches!(reply, Reply::UndoPlan(_)), "{reply:?}");
    assert_eq!(
        scene.ask_as(hub, &Question::Undo { id }),
        Reply::Refused,
        "only for a person"
    );

    let reply = scene.ask_as(hub, &for_person(Question::Undo { id }));
    assert!(
        matches!(&reply, Reply::Undone(told) if told.is_whole()),
        "{reply:?}"
    );
    running.kill();
    scene.settle();
    let after = Snapshot::of(&scene.arenas[0].victims()).expect("a snapshot");
    before.assert_same(&after);
    let reply = scene.ask_as(hub, &for_person(Question::Redo { id }));
    assert!(matches!(reply, Reply::Undone(_)), "{reply:?}");
    let journal = scene.journal_with("incident.ended", |fields| fields["person"] == PERSON);
    let people = |kind: &str| -> Vec<_> {
        let of_kind = journal.iter().filter(|line| line["kind"] == kind);
        of_kind
            .map(|line| line["fields"]["person"].clone())
            .collect()
    };
    assert_eq!(people("incident.undone"), [PERSON]);
    // Open again: by the person, and nobody stands in what Hygie did itself.
    assert_eq!(
        people("incident.ended")
            .last()
            .map(|person| person == PERSON),
        Some(true)
    );
    assert!(
        people("incident.stopped")
            .iter()
            .all(|person| person.is_null())
    );
    scene.hygie.stop().expect("it ends well");
}
