//! Another device's keys and folders: asked of it each time, signed for it, sent to it; and keys that it must hear of when the console
//! lets them go.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use hygie_agent::{
    door::{Reply, Told},
    guard::Status,
    keys::{By, Challenge, Deed as Signs, KeysTold, Withdrawn},
};
use hygie_model::{CopyCounts, DeviceId, PersonId, Protection, Role, Wall};
use hygie_store::{Certificate, Digest, NewDevice};
use hygie_wire::{Asked, Deed, Outcome, Wish};
use serde_json::{Value, json};
use uuid::Uuid;

use super::tests::{key, says, with_key};
use crate::web::testing::{Console, NOW};

const DEVICE: DeviceId = DeviceId(Uuid::from_u128(9));
const PAGE: &str = "/keys/on/00000000-0000-0000-0000-000000000009";

async fn console() -> Console {
    let console = Console::new().await;
    let practice = console.hub.practice().await.unwrap().unwrap();
    let new = NewDevice {
        id: DEVICE,
        name: "Cabinet 2".to_owned(),
        version: "1.2.3".to_owned(),
        certificate: Certificate {
            fingerprint: Digest([9; 32]),
            expires: Wall(NOW.0 + 1_000_000_000_000),
        },
    };
    let practice = console.hub.of(&practice);
    practice.add_device(&new, NOW).await.unwrap();
    console
}

fn status() -> Status {
    Status {
        protection: Protection::Protected,
        since: NOW,
        counts: CopyCounts::default(),
        leases: 0,
        versions: 0,
        vault_bytes: 0,
        folders: vec!["/srv/patients".to_owned(), "/srv/scans".to_owned()],
        last_event: None,
        refused: 0,
        trouble: None,
        hub: None,
    }
}

fn challenge(deed: Signs) -> Reply {
    Reply::Challenge(Box::new(Challenge {
        id: "c1".into(),
        until: NOW,
        deed,
        options: json!({ "publicKey": { "challenge": "AAAA" } }),
    }))
}

fn answer(asked: &Asked) -> Reply {
    match &asked.wish {
        Wish::Propose { .. } => Reply::Key(Box::new(key(1, 100, None))),
        Wish::Keys => Reply::Keys(KeysTold {
            trusted: vec![key(1, 100, Some(By::Root))],
            proposed: vec![key(2, 7, None)],
            damaged: false,
        }),
        Wish::Folders => Reply::Status(Box::new(status())),
        Wish::Trust { .. } => challenge(Signs::Trust(key(2, 7, None))),
        Wish::Distrust { .. } => challenge(Signs::Distrust(key(1, 100, Some(By::Root)))),
        Wish::Unprotect { .. } => challenge(Signs::Unprotect {
            folder: Told("/srv/scans".into()),
        }),
        Wish::Withdraw { .. } => Reply::Withdrawn(Box::new(Withdrawn {
            gone: vec![key(1, 100, None)],
            stays: None,
        })),
        Wish::Files { .. } | Wish::Allow { .. } => Reply::Unclear,
    }
}

async fn device(console: &Console) -> Arc<Mutex<Vec<Wish>>> {
    let asked: Arc<Mutex<Vec<Wish>>> = Arc::default();
    let hears = Arc::clone(&asked);
    let says = move |one: Asked| {
        let reply = answer(&one);
        hears.lock().unwrap().push(one.wish);
        Some(reply)
    };
    console.device(DEVICE, says).await;
    asked
}

#[tokio::test]
async fn whom_a_device_believes_is_asked_of_it_and_changed_by_a_signature() {
    let console = console().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let shown = doctor.get("/devices").await;
    assert!(shown.body.contains(PAGE), "{}", shown.body);
    let shown = doctor.get(PAGE).await;
    assert!(says(&shown, "n'est pas joignable"), "{}", shown.body);
    let asked = device(&console).await;
    with_key(&console, PersonId(Uuid::from_u128(100))).await;
    let shown = doctor.get(PAGE).await;
    for said in [
        "Le gardien de « Cabinet 2 » se fie à une clé d'accès.",
        "« Clé 1 » de Paul Benali",
        "/srv/scans",
    ] {
        assert!(says(&shown, said), "{said}: {}", shown.body);
    }
    let first = std::mem::take(&mut *asked.lock().unwrap());
    assert!(matches!(first[0], Wish::Propose { .. }), "{first:?}");
    assert_eq!(first[1..], [Wish::Keys, Wish::Folders]);

    for (path, said, kind) in [
        (
            format!("{PAGE}/cd2/trust"),
            "Se fier à la clé « Clé 2 »",
            "device.trust-asked",
        ),
        (
            format!("{PAGE}/ab12/distrust"),
            "C'est la dernière",
            "device.distrust-asked",
        ),
        (
            "/devices/on/00000000-0000-0000-0000-000000000009/unprotect?p=L3Nydi9zY2Fucw"
                .to_owned(),
            "Ne plus protéger « /srv/scans »",
            "device.unprotect-asked",
        ),
    ] {
        let shown = doctor.get(&path).await;
        assert!(says(&shown, said), "{said}: {}", shown.body);
        assert!(says(&shown, "Sur le poste « Cabinet 2 »"), "{path}");
        let (at, query) = path
            .split_once('?')
            .map_or((path.as_str(), ""), |both| both);
        let step = |step: &str| {
            let joined = if query.is_empty() { "" } else { "?" };
            format!("{at}/{step}{joined}{query}")
        };
        let started = doctor.post_json(&step("start"), &json!({})).await;
        let started: Value = serde_json::from_str(&started.body).unwrap();
        assert_eq!(started["id"], "c1", "{path}");
        let sent = json!({ "id": "c1", "answer": { "of": kind } });
        let done = doctor.post_json(&step("finish"), &sent).await;
        let done: Value = serde_json::from_str(&done.body).unwrap();
        assert_eq!(done["go"], format!("{PAGE}?done=signed"), "{path}");
        let practice = console.hub.practice().await.unwrap().unwrap();
        let practice = console.hub.of(&practice);
        let all = practice.newest_commands(DEVICE, 10).await.unwrap();
        let is_this = |command: &&hygie_store::Command| {
            let expected = Deed::Confirm {
                challenge: "c1".to_owned(),
                answer: json!({ "of": kind }),
                incident: None,
            };
            command.command.body.get::<Deed>().unwrap() == expected
        };
        let command = all.iter().find(is_this).expect(kind);
        let outcome = hygie_store::Json::of(&Outcome::Done).unwrap();
        let id = command.command.id;
        practice
            .acknowledge(DEVICE, id, &outcome, NOW)
            .await
            .unwrap();
        let lines = practice.lines_from(0, 100).await.unwrap();
        assert!(lines.iter().any(|line| line.kind == kind), "{kind}");
    }
    let shown = doctor.get(PAGE).await;
    assert!(says(&shown, "Le poste l'a fait"), "{}", shown.body);
    assert!(!console.everything_kept().contains("/srv/scans"));
}

#[tokio::test]
async fn nobody_else_sees_or_signs_it_and_an_unknown_device_is_none() {
    let console = console().await;
    let asked = device(&console).await;
    for role in [Role::Assistant, Role::ItProvider, Role::MonitoringOperator] {
        let mut other = console.signed_in(role).await;
        for path in [PAGE.to_owned(), format!("{PAGE}/ab12/trust")] {
            let shown = other.get(&path).await;
            assert_eq!(shown.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
    }
    assert!(asked.lock().unwrap().is_empty());
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let shown = doctor.get("/keys/on/x").await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND);
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    practice.retire_device(DEVICE, NOW).await.unwrap();
    assert_eq!(doctor.get(PAGE).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_key_that_is_removed_is_taken_back_at_every_device_once_it_hears() {
    let console = console().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let person = PersonId(Uuid::from_u128(100));
    let credential = with_key(&console, person).await;
    let id = credential.id.to_string();
    doctor.post("/me/passkey/remove", &[("id", &id)]).await;
    // It was away, and so was the guard of this machine.
    let asked = device(&console).await;
    let facts = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&facts);
    for _ in 0..2 {
        crate::core::withdrawals::settle(&console.hub, practice)
            .await
            .unwrap();
    }
    let asked = std::mem::take(&mut *asked.lock().unwrap());
    assert_eq!(asked.len(), 1, "{asked:?}");
    let is_hers = |wish: &Wish| matches!(wish, Wish::Withdraw { person: of, key } if *of == person && key.is_some());
    assert!(is_hers(&asked[0]), "{asked:?}");
    let lines = practice.lines_from(0, 100).await.unwrap();
    let told = lines.iter().filter(|line| line.kind == "key.withdrawn");
    assert_eq!(told.count(), 1);
}
