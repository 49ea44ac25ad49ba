//! What is asked of another device's guard while somebody waits, and what is signed for it: nothing of it is kept here, what is
//! shown is what the device said, and a device that does not answer is told as that.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use hygie_acts::{Allowed, AllowedId, Class, Doing};
use hygie_agent::{
    door::{HealthyTold, Reply, Told, TouchedNow},
    incidents::{DeedTold, NotAllowed, TouchedTold},
    keys::{Challenge, Deed as Signs, NotSigned},
};
use hygie_model::{DirId, IncidentState, PersonId, Role, Wall};
use hygie_wire::{Asked, Came, Count, Deed, Outcome, Wish};
use serde_json::{Value, json};
use uuid::Uuid;

use super::afar_tests::{DEVICE, acknowledged, commands, console, kinds, page, plain, tells};
use crate::web::testing::{Console, NOW};

fn allowed() -> Allowed {
    Allowed {
        id: AllowedId(0),
        incident: 3,
        uid: 1000,
        exe: "/opt/convert/convertisseur".into(),
        program: "ab".into(),
        class: Class::Unknown,
        script: None,
        folder: DirId(1),
        path: "/srv/patients/Courriers".into(),
        doing: Doing::Change,
        since: NOW,
        until: Wall(NOW.0 + 8 * 3_600_000_000_000),
    }
}

fn challenge(incident: u64) -> Reply {
    Reply::Challenge(Box::new(Challenge {
        id: "c1".into(),
        until: Wall(NOW.0 + 300_000_000_000),
        deed: Signs::Allow {
            incident,
            allowed: vec![allowed()],
        },
        options: json!({ "publicKey": { "challenge": "AAAA" } }),
    }))
}

/// A device that answers so; what it was asked.
async fn device(console: &Console, reply: Option<Reply>) -> Arc<Mutex<Vec<Asked>>> {
    let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
    let hears = Arc::clone(&asked);
    let answer = move |asked| {
        hears.lock().unwrap().push(asked);
        reply.clone()
    };
    console.device(DEVICE, answer).await;
    asked
}

#[tokio::test]
async fn what_a_passkey_is_to_sign_comes_from_that_devices_guard_and_goes_back_to_it() {
    let console = console().await;
    let asked = device(&console, Some(challenge(3))).await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let allow = format!("{}/allow", page());
    let text = plain(&doctor.get(&allow).await);
    for said in [
        "Laisser « /opt/convert/convertisseur » continuer sur « Accueil",
        "/srv/patients/Courriers",
        "lui seul qui vérifie votre signature",
        "data-passkey=\"confirm\"",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let started = doctor
        .post_json(&format!("{allow}/start"), &json!({ "time": "days" }))
        .await;
    let started: Value = serde_json::from_str(&started.body).unwrap();
    assert_eq!(started["id"], "c1");
    let person = PersonId(Uuid::from_u128(100));
    let wishes: Vec<_> = std::mem::take(&mut *asked.lock().unwrap());
    assert!(wishes.iter().all(|one| one.by == Some(person)));
    let wishes: Vec<Wish> = wishes.into_iter().map(|one| one.wish).collect();
    let wish = |seconds| Wish::Allow {
        incident: 3,
        seconds,
    };
    assert_eq!(wishes, [wish(8 * 3600), wish(30 * 24 * 3600)]);
    assert!(commands(&console).await.is_empty(), "nothing is signed yet");

    let answer = json!({ "response": "signed" });
    let sent = json!({ "id": "c1", "answer": answer });
    let done = doctor.post_json(&format!("{allow}/finish"), &sent).await;
    let done: Value = serde_json::from_str(&done.body).unwrap();
    assert_eq!(done["go"], format!("{}?done=signed", page()));
    let command = &commands(&console).await[0].command;
    let expected = Deed::Confirm {
        challenge: "c1".to_owned(),
        answer,
        incident: Some(3),
    };
    assert_eq!(command.body.get::<Deed>().unwrap(), expected);
    assert_eq!(command.by, Some(person));
    assert_eq!(command.expires, Wall(NOW.0 + 600_000_000_000));
    assert_eq!(kinds(&console).await, ["device.allow-asked"]);
    // It is the device that lets it go on, not the console.
    let text = plain(&doctor.get(&page()).await);
    assert!(text.contains("Hygie a arrêté un programme."), "{text}");
    assert!(text.contains("Laisser continuer, signé le"), "{text}");
    for (outcome, said) in [
        (Outcome::Refused, "n'a pas cru la signature"),
        (Outcome::Expired, "la signature trop tard"),
        (Outcome::Done, "Le poste l'a fait"),
    ] {
        acknowledged(&console, outcome.into(), 0).await;
        let text = plain(&doctor.get(&page()).await);
        assert!(text.contains(said), "{said}: {text}");
        doctor.post_json(&format!("{allow}/finish"), &sent).await;
    }
    // Not a name of it is on the hub's disk.
    let kept = console.everything_kept();
    for name in ["convertisseur", "Courriers"] {
        assert!(!kept.contains(name), "{name} was kept");
    }
}

#[tokio::test]
async fn a_device_that_does_not_answer_or_not_so_is_told_as_that() {
    let console = console().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let allow = format!("{}/allow", page());
    let text = plain(&doctor.get(&allow).await);
    assert!(text.contains("n'est pas joignable"), "{text}");
    let files = plain(&doctor.get(&format!("{}/files", page())).await);
    assert!(files.contains("n'est pas joignable"), "{files}");
    let answers = Arc::new(Mutex::new(None));
    let says = Arc::clone(&answers);
    let answer = move |_| says.lock().unwrap().clone();
    console.device(DEVICE, answer).await;
    for (reply, said) in [
        (None, "son gardien ne répond pas"),
        (
            Some(Reply::NotSigned(NotSigned::NoKey)),
            "sudo hygie keys trust",
        ),
        (
            Some(Reply::NotAllowed(NotAllowed::NoProgram)),
            "ne sait plus quel programme",
        ),
        (Some(Reply::Busy), "trop à faire"),
        // Another incident than the one on the page: it is not shown to be signed.
        (Some(challenge(4)), "ne répond pas"),
    ] {
        (*answers.lock().unwrap()).clone_from(&reply);
        let shown = doctor.get(&allow).await;
        let text = plain(&shown);
        assert!(text.contains(said), "{reply:?}: {text}");
        assert!(!text.contains("data-passkey"), "{reply:?}: {text}");
    }
    // Nothing is asked about what is settled.
    tells(&console, 2, IncidentState::Undone).await;
    (*answers.lock().unwrap()) = Some(challenge(3));
    let text = plain(&doctor.get(&allow).await);
    assert!(text.contains("déjà réglé"), "{text}");
}

#[tokio::test]
async fn only_a_practitioner_signs_and_an_answer_has_a_length() {
    let console = console().await;
    let asked = device(&console, Some(challenge(3))).await;
    let mut assistant = console.signed_in(Role::Assistant).await;
    let allow = format!("{}/allow", page());
    for path in [allow.clone(), format!("{allow}/start")] {
        let shown = if path == allow {
            assistant.get(&path).await
        } else {
            assistant.post_json(&path, &json!({})).await
        };
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{path}");
    }
    let text = plain(&assistant.get(&page()).await);
    assert!(!text.contains("/allow\""), "{text}");
    assert!(asked.lock().unwrap().is_empty());
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let long = json!({ "id": "c1", "answer": "x".repeat(7_000) });
    let shown = doctor.post_json(&format!("{allow}/finish"), &long).await;
    assert_eq!(shown.status, StatusCode::BAD_REQUEST);
    assert!(commands(&console).await.is_empty());
}

fn touched(name: &str, number: Option<i64>) -> TouchedNow {
    TouchedNow {
        file: TouchedTold {
            path: Told(format!("/srv/patients/{name}").into()),
            at: NOW,
            deeds: vec![DeedTold::Changed],
            by: Vec::new(),
        },
        healthy: number.map(|number| HealthyTold {
            number,
            since: Wall(NOW.0 - 1_000),
            bytes: 12,
        }),
    }
}

#[tokio::test]
async fn touched_files_are_read_for_a_moment_and_put_back_by_number() {
    let console = console().await;
    let mut files: Vec<_> = (1..=16)
        .map(|at| touched(&format!("lettre-{at}.odt"), Some(at)))
        .collect();
    files.push(touched("nouveau.odt", None));
    let asked = device(&console, Some(Reply::Touched { files, more: 3 })).await;
    let mut assistant = console.signed_in(Role::Assistant).await;
    let text = plain(&assistant.get(&format!("{}/files", page())).await);
    for said in [
        "20 fichiers touchés sur « Accueil",
        "lettre-16.odt",
        "Remettre ces 16 fichiers comme avant",
        "Pas de version d'avant",
        "rien n'est effacé",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let wish = asked.lock().unwrap()[0].wish.clone();
    assert_eq!(wish, Wish::Files { incident: 3 });
    let restore = format!("{}/restore", page());
    for wrong in ["", "x", "1,"] {
        let shown = assistant.post(&restore, &[("versions", wrong)]).await;
        assert_eq!(shown.leads(), format!("{}/files?why=none", page()));
    }
    let all: Vec<String> = (1..=16).map(|at| at.to_string()).collect();
    let shown = assistant
        .post(&restore, &[("versions", &all.join(","))])
        .await;
    assert_eq!(shown.leads(), format!("{}?done=asked", page()));
    // Twice is once.
    assistant.post(&restore, &[("versions", "1")]).await;
    let sent = commands(&console).await;
    let mut versions = Vec::new();
    for command in &sent {
        let Deed::RestoreSome { versions: some, .. } = command.command.body.get().unwrap() else {
            panic!("{command:?}");
        };
        versions.extend(some);
    }
    versions.sort_unstable();
    assert_eq!((sent.len(), versions), (2, (1..=16).collect::<Vec<i64>>()));
    let told = ["device.files-looked", "device.restore-asked"];
    assert_eq!(kinds(&console).await, told);

    // Far: how far it is; over: what came of it.
    let done = |done, of| Came {
        outcome: if done == of {
            Outcome::Done
        } else {
            Outcome::Partial
        },
        count: Some(Count { done, of }),
    };
    let sizes: Vec<u64> = sent
        .iter()
        .map(|command| {
            let deed = command.command.body.get::<Deed>().unwrap();
            let Deed::RestoreSome { versions, .. } = deed else {
                panic!("{deed:?}");
            };
            versions.len() as u64
        })
        .collect();
    acknowledged(&console, done(sizes[0], sizes[0]), 0).await;
    let text = plain(&assistant.get(&page()).await);
    let half = format!("Le poste y est : {} sur 16 déjà remis", sizes[0]);
    assert!(text.contains(&half), "{text}");
    acknowledged(&console, done(sizes[1] - 1, sizes[1]), 1).await;
    let text = plain(&assistant.get(&page()).await);
    assert!(text.contains("15 sur 16 remis"), "{text}");
    assert!(text.contains("Rien n'est effacé"), "{text}");
    assert!(!console.everything_kept().contains("lettre-16"));
}
