//! Incidents of other devices: what the page says of them, what a click asks, and what comes of it.

use axum::http::StatusCode;
use hygie_model::{DeviceId, IncidentState, Role, Wall};
use hygie_store::{
    Batch, Certificate, Change, Command, Digest, Effect, Json, NewDevice, NewSignal, Seq,
};
use hygie_wire::{Came, Count, Deed, Fact, Outcome, Reason};
use uuid::Uuid;

use crate::web::testing::{Console, NOW, Shown};

pub(super) const DEVICE: DeviceId = DeviceId(Uuid::from_u128(9));
const HOUR: i64 = 60 * 60 * 1_000_000_000;

pub(super) fn page() -> String {
    super::afar::page_of(DEVICE, 3)
}

pub(super) fn plain(shown: &Shown) -> String {
    shown
        .body
        .replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
}

pub(super) async fn console() -> Console {
    let console = Console::new().await;
    let practice = console.hub.practice().await.unwrap().unwrap();
    let new = NewDevice {
        id: DEVICE,
        name: "Accueil <1>".to_owned(),
        version: "1.2.3".to_owned(),
        certificate: Certificate {
            fingerprint: Digest([9; 32]),
            expires: Wall(NOW.0 + 1_000 * HOUR),
        },
    };
    let practice = console.hub.of(&practice);
    practice.add_device(&new, Wall(NOW.0 - HOUR)).await.unwrap();
    tells(&console, 1, IncidentState::Stopped).await;
    console
}

pub(super) async fn tells(console: &Console, seq: u64, state: IncidentState) {
    let fact = Fact::Incident {
        number: 3,
        state,
        stopped: Some(NOW),
        first_harm: Some(Wall(NOW.0 - 2_000_000_000)),
        reasons: vec![Reason {
            name: "kind-lost".to_owned(),
            points: 40,
            hundredths: 1_200,
        }],
        files: 12,
    };
    let body = Json::of(&fact).unwrap();
    let change = Change::Incident {
        number: 3,
        state: serde_json::to_value(state)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned(),
        at: NOW,
        body: body.clone(),
    };
    let seq = Seq(seq);
    let batch = Batch {
        device: DEVICE,
        signals: vec![NewSignal {
            seq,
            at: NOW,
            kind: "incident".to_owned(),
            body,
        }],
        effects: vec![Effect { seq, change }],
    };
    let practice = console.hub.practice().await.unwrap().unwrap();
    console.hub.of(&practice).append(batch, NOW).await.unwrap();
}

pub(super) async fn commands(console: &Console) -> Vec<Command> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    practice.newest_commands(DEVICE, 10).await.unwrap()
}

async fn comes(console: &Console, outcome: Outcome) {
    acknowledged(console, outcome.into(), 0).await;
}

/// What a device says of the command that is `nth` newest.
pub(super) async fn acknowledged(console: &Console, came: Came, nth: usize) {
    let id = commands(console).await[nth].command.id;
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    let outcome = Json::of(&came).unwrap();
    assert!(
        practice
            .acknowledge(DEVICE, id, &outcome, NOW)
            .await
            .unwrap()
    );
}

pub(super) async fn kinds(console: &Console) -> Vec<String> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let lines = console.hub.of(&practice).lines_from(0, 100).await.unwrap();
    let kinds = lines.into_iter().map(|line| line.kind);
    kinds.filter(|kind| kind.starts_with("device.")).collect()
}

#[tokio::test]
async fn an_incident_of_another_device_has_a_page_in_both_languages() {
    let console = console().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let list = plain(&doctor.get("/incidents").await);
    assert!(list.contains(&page()), "{list}");
    let text = plain(&doctor.get(&page()).await);
    for said in [
        "Hygie a arrêté un programme.",
        "Poste « Accueil &#60;1&#62; »",
        "Il a touché 12 fichiers",
        "12 fichiers sont devenus illisibles",
        "La liste des fichiers reste sur ce poste.",
        "/files\">Voir les fichiers touchés, et les remettre",
        "/allow\">",
        "Tout remettre comme avant",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    doctor.language = "en";
    let text = plain(&doctor.get(&page()).await);
    assert!(text.contains("Device “Accueil"), "{text}");
    for id in ["1", "x.3", "00000000-0000-0000-0000-000000000009.x"] {
        let shown = doctor.get(&format!("/incidents/on/{id}")).await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND, "{id}");
    }
    let other = super::afar::page_of(DEVICE, 4);
    assert_eq!(doctor.get(&other).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_sees_states_alone_can_ask_nothing() {
    let console = console().await;
    let mut operator = console.signed_in(Role::MonitoringOperator).await;
    let text = plain(&operator.get(&page()).await);
    assert!(!text.contains("/undo\""), "{text}");
    assert!(!text.contains("/allow\""), "{text}");
    assert!(!text.contains("/files\""), "{text}");
    for page_of in ["files", "allow"] {
        let shown = operator.get(&format!("{}/{page_of}", page())).await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{page_of}");
    }
    for deed in [
        "undo",
        "redo",
        "freeze",
        "restore",
        "allow/start",
        "allow/finish",
    ] {
        let refused = operator.post(&format!("{}/{deed}", page()), &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
    assert!(commands(&console).await.is_empty());
    assert!(kinds(&console).await.is_empty());
}

#[tokio::test]
async fn a_click_asks_the_device_once_and_the_page_says_what_came_of_it() {
    let console = console().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let undo = format!("{}/undo", page());
    let shown = doctor.post(&undo, &[]).await;
    assert_eq!(shown.leads(), format!("{}?done=asked", page()));
    // Twice is once.
    assert_eq!(doctor.post(&undo, &[]).await.leads(), page());
    let asked = commands(&console).await;
    assert_eq!(asked.len(), 1);
    let command = &asked[0].command;
    assert_eq!(
        command.body.get::<Deed>().unwrap(),
        Deed::Undo { incident: 3 }
    );
    assert!(command.by.is_some() && command.expires == Wall(NOW.0 + 24 * HOUR));
    assert_eq!(kinds(&console).await, ["device.undo-asked"]);
    let text = plain(&doctor.get(&page()).await);
    assert!(text.contains("Le poste ne l'a pas encore fait."), "{text}");
    assert!(!text.contains("/undo\""), "it is asked already");
    for (outcome, said) in [
        (Outcome::Done, "Le poste l'a fait"),
        (Outcome::Partial, "a fait ce qu'il pouvait"),
        (Outcome::Failed, "n'a pas pu le faire"),
        (Outcome::Expired, "reçue trop tard"),
        (Outcome::Refused, "ne le fait pas"),
    ] {
        comes(&console, outcome).await;
        let text = plain(&doctor.get(&page()).await);
        assert!(text.contains(said), "{outcome:?}: {text}");
        // The device has not told another state: it may be asked again.
        assert!(text.contains("/undo\""), "{outcome:?}: {text}");
        doctor.post(&undo, &[]).await;
    }
    comes(&console, Outcome::Done).await;
    tells(&console, 2, IncidentState::Undone).await;
    let text = plain(&doctor.get(&page()).await);
    assert!(text.contains("Tout est remis comme avant."), "{text}");
    assert!(text.contains("/redo\"") && !text.contains("/undo\""));
    assert_eq!(doctor.post(&undo, &[]).await.leads(), page());
    let redo = format!("{}/redo", page());
    assert!(doctor.post(&redo, &[]).await.leads().ends_with("asked"));
    assert_eq!(commands(&console).await[0].command.kind, "redo");
}

#[tokio::test]
async fn what_was_let_go_on_there_is_stopped_again_by_a_click() {
    let console = console().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let freeze = format!("{}/freeze", page());
    assert_eq!(doctor.post(&freeze, &[]).await.leads(), page());
    assert!(commands(&console).await.is_empty(), "it is stopped");
    tells(&console, 2, IncidentState::Allowed).await;
    let text = plain(&doctor.get(&page()).await);
    assert!(text.contains("/freeze\""), "{text}");
    doctor.post(&freeze, &[]).await;
    let asked = commands(&console).await;
    let deed = asked[0].command.body.get::<Deed>().unwrap();
    assert_eq!(deed, Deed::Freeze { incident: 3 });
    assert_eq!(kinds(&console).await, ["device.freeze-asked"]);
}

#[tokio::test]
async fn the_page_counts_what_an_undo_gave_back() {
    let console = console().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    doctor.post(&format!("{}/undo", page()), &[]).await;
    let came = Came {
        outcome: Outcome::Done,
        count: Some(Count { done: 17, of: 17 }),
    };
    acknowledged(&console, came, 0).await;
    let text = plain(&doctor.get(&page()).await);
    assert!(text.contains("17 sur 17 remis"), "{text}");
    // As it was kept before files were counted.
    assert_eq!(
        Json::of(&Outcome::Done).unwrap().get::<Came>().unwrap(),
        Outcome::Done.into()
    );
}

#[tokio::test]
async fn a_retired_device_is_asked_nothing() {
    let console = console().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    practice.retire_device(DEVICE, NOW).await.unwrap();
    let text = plain(&doctor.get(&page()).await);
    assert!(text.contains("retiré de la console"), "{text}");
    doctor.post(&format!("{}/undo", page()), &[]).await;
    assert!(commands(&console).await.is_empty());
}

#[tokio::test]
async fn what_ran_out_without_a_word_is_journaled_once() {
    let console = console().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    doctor.post(&format!("{}/undo", page()), &[]).await;
    crate::devices::tell_expired(&console.hub).await.unwrap();
    assert_eq!(kinds(&console).await, ["device.undo-asked"], "not yet");
    let practice = console.hub.practice().await.unwrap().unwrap();
    // As a retirement does: what waits ends now.
    let practice = console.hub.of(&practice);
    practice.retire_device(DEVICE, NOW).await.unwrap();
    for _ in 0..2 {
        crate::devices::tell_expired(&console.hub).await.unwrap();
        let told = ["device.undo-asked", "device.command-expired"];
        assert_eq!(kinds(&console).await, told);
    }
}
