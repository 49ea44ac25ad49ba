//! The guard's states as the page tells them; enrolled devices; and who may change what.

use axum::http::StatusCode;
use hygie_agent::{
    door::{Question, Reply},
    guard::Status,
};
use hygie_model::{Cause, CopyCounts, DeviceId, Exception, Protection, Role, Wall};
use hygie_store::{
    Batch, Certificate, Change, Digest, Duty, Effect, Json, NewDevice, NewSignal, Seq,
};
use uuid::Uuid;

use crate::web::testing::{Console, NOW, Shown};

const DAY: i64 = 86_400_000_000_000;

fn plain(shown: &Shown) -> String {
    shown
        .body
        .replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
}

fn status(protection: Protection) -> Status {
    Status {
        protection,
        since: Wall(NOW.0 - DAY),
        counts: CopyCounts {
            files: 1204,
            copied: 1200,
            ..CopyCounts::default()
        },
        leases: 3,
        versions: 1,
        vault_bytes: 2_500_000,
        folders: vec!["/srv/patients".to_owned(), "/srv/a\u{202e}<b>".to_owned()],
        last_event: Some(NOW),
        refused: 0,
        trouble: None,
        hub: None,
    }
}

fn answers(console: &Console, status: Status) {
    console.guard(move |question| {
        assert_eq!(question, Question::Status);
        Reply::Status(Box::new(status.clone()))
    });
}

async fn enrol(console: &Console, number: u8, name: &str) -> DeviceId {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let id = DeviceId(Uuid::from_u128(u128::from(number)));
    let new = NewDevice {
        id,
        name: name.to_owned(),
        version: "1.2.3".to_owned(),
        certificate: Certificate {
            fingerprint: Digest([number; 32]),
            expires: Wall(NOW.0 + 90 * DAY),
        },
    };
    console
        .hub
        .of(&practice)
        .add_device(&new, Wall(NOW.0 - DAY))
        .await
        .unwrap();
    id
}

async fn tells(console: &Console, device: DeviceId, state: &Protection) {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    practice.hear_device(device, NOW).await.unwrap();
    let signal = NewSignal {
        seq: Seq(1),
        at: NOW,
        kind: "state".to_owned(),
        body: Json::empty(),
    };
    let change = Change::State {
        version: "1.2.3".to_owned(),
        state: Json::of(state).unwrap(),
    };
    let batch = Batch {
        device,
        signals: vec![signal],
        effects: vec![Effect {
            seq: Seq(1),
            change,
        }],
    };
    practice.append(batch, NOW).await.unwrap();
}

async fn kinds(console: &Console) -> Vec<String> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let lines = console.hub.of(&practice).lines_from(0, 100).await.unwrap();
    lines.into_iter().map(|line| line.kind).collect()
}

#[tokio::test]
async fn a_protected_machine_says_so_with_its_proof() {
    let console = Console::new().await;
    answers(&console, status(Protection::Protected));
    for role in [Role::Practitioner, Role::Assistant, Role::ItProvider] {
        let shown = console.signed_in(role).await.get("/devices").await;
        let text = plain(&shown);
        assert!(text.contains("<h1>Ce poste est protégé.</h1>"), "{text}");
        assert!(text.contains("tag--ok\">En ordre"));
        assert!(
            text.contains("1 204 fichiers protégés, 1 200 déjà copiés. 1 version gardée, 2,5 Mo.")
        );
        assert!(text.contains("Le gardien veille depuis le 23 novembre 2026 à 08:12."));
        assert!(text.contains("<code>/srv/patients</code>"));
        // A name turns nothing around.
        assert!(text.contains("/srv/a\\u{202e}&#60;b&#62;"), "{text}");
        assert!(text.contains("Aucun autre poste n'est inscrit."));
    }
    let mut doctor = console.signed_in(Role::Practitioner).await;
    doctor.language = "en";
    let text = plain(&doctor.get("/devices").await);
    assert!(
        text.contains("<h1>This device is protected.</h1>")
            && text.contains("1,204 protected files"),
        "{text}"
    );
}

#[tokio::test]
async fn each_state_has_its_bowl_word_and_what_to_do() {
    let since = Wall(NOW.0 - DAY);
    let not = |cause| Protection::NotProtected { since, cause };
    let but = |exceptions| Protection::ProtectedBut { exceptions };
    for (protection, sentence, tag, also) in [
        (
            not(Cause::GuardGone),
            "Ce poste n'est plus protégé.",
            "tag--now\">Pas protégé",
            "Relancez Hygie.",
        ),
        (
            not(Cause::Starting),
            "Ce poste se met à l'abri.",
            "tag--mend\">Réparation en cours",
            "Attendez un instant",
        ),
        (
            but(vec![Exception::NoRoom]),
            "Ce poste est protégé, sauf sur un point.",
            "tag--part\">À compléter",
            "Faites de la place",
        ),
        (
            but(vec![Exception::NoRoom; 9]),
            "Ce poste est protégé, sauf sur 9 points.",
            "tag--part",
            "et 6 autres points",
        ),
    ] {
        let console = Console::new().await;
        answers(&console, status(protection));
        let text = plain(
            &console
                .signed_in(Role::Assistant)
                .await
                .get("/devices")
                .await,
        );
        for said in [sentence, tag, also] {
            assert!(text.contains(said), "{said} in {text}");
        }
    }
    let console = Console::new().await;
    let trouble = Some("disk full".to_owned());
    answers(
        &console,
        Status {
            trouble,
            ..status(Protection::Protected)
        },
    );
    let text = plain(
        &console
            .signed_in(Role::Assistant)
            .await
            .get("/devices")
            .await,
    );
    assert!(
        text.contains("Le coffre n'a pas pu garder quelque chose.") && !text.contains("disk full"),
        "{text}"
    );
}

#[tokio::test]
async fn an_it_provider_is_told_of_points_and_not_of_names() {
    let path = "/srv/patients/Lemaire.odt".to_owned();
    let exceptions = vec![
        Exception::StateWithoutCopy { path: path.clone() },
        Exception::Unreadable { path: path.clone() },
        Exception::OpenBefore { path },
    ];
    let protection = Protection::ProtectedBut { exceptions };
    let console = Console::new().await;
    answers(&console, status(protection.clone()));
    let device = enrol(&console, 2, "Cabinet 2").await;
    tells(&console, device, &protection).await;
    for (role, sees) in [
        (Role::Practitioner, true),
        (Role::Assistant, true),
        (Role::ItProvider, false),
    ] {
        let text = plain(&console.signed_in(role).await.get("/devices").await);
        assert_eq!(text.contains("Lemaire"), sees, "{role:?}");
        assert_eq!(
            text.contains("« un fichier », déjà ouvert"),
            !sees,
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_silent_guard_is_told_with_the_hour_of_its_last_word() {
    let console = Console::new().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let text = plain(&doctor.get("/devices").await);
    assert!(
        text.contains("<h1>Sans nouvelles du gardien de ce poste.</h1>"),
        "{text}"
    );
    assert!(text.contains("tag--idk\">Sans nouvelles</span>"));
    assert!(text.contains("Le gardien ne répond pas : la liste n'est pas connue."));
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    assert_eq!(practice.duties().await.unwrap(), []);
    let duty = Duty {
        who: "here".to_owned(),
        what: "guard".to_owned(),
        state: "well".to_owned(),
        since: Wall(NOW.0 - DAY),
        well: None,
        heard: Wall(NOW.0 - DAY),
        body: Json::empty(),
    };
    practice.hear_duty(&duty).await.unwrap();
    let text = plain(&doctor.get("/devices").await);
    assert!(
        text.contains("Sans nouvelles depuis le 23 novembre 2026 à 08:12"),
        "{text}"
    );
    // It answers again: its word is noted.
    answers(&console, status(Protection::Protected));
    let text = plain(&doctor.get("/devices").await);
    assert!(text.contains("En ordre") && !text.contains("Sans nouvelles"));
    assert_eq!(practice.duties().await.unwrap()[0].heard, NOW);
}

#[tokio::test]
async fn enrolled_devices_stand_as_they_told_last_unless_they_are_silent() {
    let console = Console::new().await;
    answers(&console, status(Protection::Protected));
    enrol(&console, 1, "Cabinet 1").await;
    let two = enrol(&console, 2, "Cabinet 2").await;
    let three = enrol(&console, 3, "Accueil").await;
    let not = Protection::NotProtected {
        since: NOW,
        cause: Cause::Stopped,
    };
    tells(&console, two, &not).await;
    let practice = console.hub.practice().await.unwrap().unwrap();
    console
        .hub
        .of(&practice)
        .hear_device(three, NOW)
        .await
        .unwrap();
    let text = plain(
        &console
            .signed_in(Role::Assistant)
            .await
            .get("/devices")
            .await,
    );
    assert!(
        text.contains("<h1>Ce poste est protégé. 3 autres postes attendent quelque chose.</h1>"),
        "{text}"
    );
    assert!(text.contains("Cabinet 1 <span class=\"small tag--idk\">Sans nouvelles</span>"));
    assert!(text.contains("Cabinet 2 <span class=\"small tag--now\">Pas protégé</span>"));
    assert!(text.contains("Accueil <span class=\"small tag--idk\">Je ne sais pas</span>"));
    assert!(text.contains("Entendu le 24 novembre 2026 à 08:12. Hygie 1.2.3."));
    // An assistant sees, and changes nothing.
    assert!(!text.contains("/devices/rename") && !text.contains("/devices/retire"));
}

#[tokio::test]
async fn a_device_is_renamed() {
    let console = Console::new().await;
    let id = enrol(&console, 1, "Cabinet 1").await;
    let number = id.0.to_string();
    let mut provider = console.signed_in(Role::ItProvider).await;
    let wrong = provider
        .post("/devices/rename", &[("id", &number), ("name", " ")])
        .await;
    let text = plain(&wrong);
    assert!(
        text.contains(&format!("id=\"e-{number}\">Il manque un nom")),
        "{text}"
    );
    let long = "x".repeat(61);
    let wrong = provider
        .post("/devices/rename", &[("id", &number), ("name", &long)])
        .await;
    assert!(plain(&wrong).contains("C'est trop long : 60 signes au plus."));
    assert_eq!(kinds(&console).await, Vec::<String>::new());
    let sent = provider
        .post("/devices/rename", &[("id", &number), ("name", "Accueil")])
        .await;
    assert_eq!(sent.leads(), "/devices?done=rename");
    assert!(plain(&provider.get(sent.leads()).await).contains("Le poste a son nouveau nom."));
    let practice = console.hub.practice().await.unwrap().unwrap();
    let device = console.hub.of(&practice).device(id).await.unwrap().unwrap();
    assert_eq!(device.name, "Accueil");
    assert_eq!(kinds(&console).await, ["device.renamed"]);
}

#[tokio::test]
async fn a_device_is_retired_once_and_let_in_no_more() {
    let console = Console::new().await;
    let id = enrol(&console, 1, "Cabinet 1").await;
    let number = id.0.to_string();
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let text = plain(&doctor.get("/devices").await);
    assert!(text.contains("Sa propre protection continue."), "{text}");
    let sent = doctor.post("/devices/retire", &[("id", &number)]).await;
    assert_eq!(sent.leads(), "/devices?done=retire");
    let text = plain(&doctor.get("/devices").await);
    assert!(
        text.contains("Postes retirés") && text.contains("Retiré le 24 novembre 2026 à 08:12."),
        "{text}"
    );
    assert!(!text.contains("/devices/retire"));
    let practice = console.hub.practice().await.unwrap().unwrap();
    let of = console.hub.of(&practice);
    assert_eq!(
        of.device_of_certificate(Digest([1; 32]), NOW)
            .await
            .unwrap(),
        None
    );
    assert_eq!(kinds(&console).await, ["device.retired"]);
    for number in [number.as_str(), "00000000-0000-0000-0000-000000000009"] {
        let again = doctor.post("/devices/retire", &[("id", number)]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(kinds(&console).await.len(), 1);
}

#[tokio::test]
async fn others_do_not_change_devices() {
    let console = Console::new().await;
    let number = enrol(&console, 1, "Cabinet 1").await.0.to_string();
    for role in [Role::Assistant, Role::MonitoringOperator] {
        let mut browser = console.signed_in(role).await;
        for path in ["/devices/rename", "/devices/retire"] {
            let sent = browser
                .post(path, &[("id", &number), ("name", "Pirate")])
                .await;
            assert_eq!(sent.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
    }
    assert_eq!(kinds(&console).await, Vec::<String>::new());
    let shown = console
        .signed_in(Role::MonitoringOperator)
        .await
        .get("/devices")
        .await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_live_parts_are_streams() {
    let console = Console::new().await;
    answers(&console, status(Protection::Protected));
    for path in ["/devices/live", "/devices/sentence/live"] {
        let shown = console.signed_in(Role::Assistant).await.get(path).await;
        assert_eq!(shown.headers["content-type"], "text/event-stream", "{path}");
    }
}

#[tokio::test]
async fn a_code_wants_a_name_and_an_authority() {
    let console = Console::new().await;
    answers(&console, status(Protection::Protected));
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let page = plain(&doctor.get("/devices/enrol").await);
    assert!(page.contains("Inscrire un poste"));
    for name in ["", "  ", &"x".repeat(61)] {
        let shown = doctor.post("/devices/enrol", &[("name", name)]).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.body.contains("aria-invalid"), "{name:?}");
    }
    // No signer runs here: no code is made up, and none is kept.
    let shown = doctor
        .post("/devices/enrol", &[("name", "Cabinet 2")])
        .await;
    assert_eq!(shown.status, StatusCode::BAD_GATEWAY);
    let practice = console.hub.practice().await.unwrap().unwrap();
    assert_eq!(
        console.hub.of(&practice).enrolments().await.unwrap().len(),
        0
    );
}
