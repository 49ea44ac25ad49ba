//! What is noted is in the store and in the journal, and the next message is judged by it; each role sees what it may.

use axum::http::StatusCode;
use hygie_model::Role;

use super::*;
use crate::{
    pages::settings::tests::{kinds, plain},
    web::testing::Console,
};

async fn noted(console: &Console) -> Wishes {
    let practice = console.hub.practice().await.unwrap().unwrap();
    wishes(console.hub.of(&practice)).await.unwrap()
}

#[tokio::test]
async fn what_is_noted_is_kept_and_told() {
    let console = Console::new().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    assert_eq!(noted(&console).await, Wishes::default());
    let empty = plain(&doctor.get("/settings/messages").await);
    assert!(empty.contains("Jamais changé.") && empty.contains("ne connaît encore personne"));
    assert!(
        !empty.contains(" checked"),
        "nobody is asked before somebody said so"
    );
    let sent = doctor
        .post(
            "/settings/messages",
            &[
                (
                    "own",
                    "Cabinet.example\r\n\r\naccueil@poste.example\r\ncabinet.example",
                ),
                ("servers", " MX.cabinet.example "),
                ("asks", "yes"),
            ],
        )
        .await;
    assert_eq!(sent.leads(), "/settings/messages?done=kept");
    let kept = noted(&console).await;
    assert_eq!(kept.own, ["cabinet.example", "accueil@poste.example"]);
    assert_eq!(kept.servers, [Server::of("mx.cabinet.example").unwrap()]);
    assert!(kept.asks);
    let told = kinds(&console).await;
    assert!(
        told.len() == 1 && told[0].starts_with("setting.messages"),
        "{told:?}"
    );
    assert!(
        !told[0].contains("poste.example"),
        "an address is no line of the journal"
    );
    let shown = plain(&doctor.get(sent.leads()).await);
    assert!(shown.contains("role=\"status\"") && shown.contains("Changé par Practitioner"));
    assert!(shown.contains("accueil@poste.example") && shown.contains(" checked"));
    let journal = plain(&doctor.get("/journal").await);
    assert!(
        journal.contains("a changé ce que Hygie sait du cabinet"),
        "{journal}"
    );
    doctor.language = "en";
    let shown = plain(&doctor.get("/settings/messages").await);
    assert!(
        shown.contains("What Hygie knows of the practice") && shown.contains("Ask the network")
    );
    assert!(plain(&doctor.get("/settings").await).contains("href=\"/settings/messages\""));
    // Unticked, it is off again.
    doctor
        .post("/settings/messages", &[("own", ""), ("servers", "")])
        .await;
    assert_eq!(noted(&console).await, Wishes::default());
}

#[tokio::test]
async fn what_is_none_is_refused_beside_its_field() {
    let console = Console::new().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    for (field, text, error) in [
        ("own", "cabinet", "mo-e"),
        ("own", "a@b@c.example", "mo-e"),
        ("own", "@cabinet.example", "mo-e"),
        ("own", "cabinet.example/<script>", "mo-e"),
        ("servers", "mx", "ms-e"),
        ("servers", "a@mx.example", "ms-e"),
    ] {
        let shown = doctor.post("/settings/messages", &[(field, text)]).await;
        assert_eq!(shown.status, StatusCode::OK, "{text}");
        assert!(
            shown.body.contains(&format!("id=\"{error}\"")),
            "{text}: {}",
            shown.body
        );
        assert!(shown.body.contains("aria-invalid") && !shown.body.contains("<script>"));
    }
    let many: String = (0..60)
        .map(|number| format!("c{number}.example\n"))
        .collect();
    let shown = doctor.post("/settings/messages", &[("own", &many)]).await;
    assert!(shown.body.contains("id=\"mo-e\""));
    assert!(kinds(&console).await.is_empty());
    assert_eq!(noted(&console).await, Wishes::default());
}

#[tokio::test]
async fn each_role_sees_what_it_may() {
    let console = Console::new().await;
    for (role, sees) in [
        (Role::Practitioner, true),
        (Role::ItProvider, true),
        (Role::Assistant, false),
        (Role::MonitoringOperator, false),
    ] {
        let mut browser = console.signed_in(role).await;
        let shown = browser.get("/settings/messages").await;
        let status = if sees {
            StatusCode::OK
        } else {
            StatusCode::FORBIDDEN
        };
        assert_eq!(shown.status, status, "{role:?}");
        let sent = browser
            .post("/settings/messages", &[("own", "x.example")])
            .await;
        assert_eq!(sent.status == StatusCode::FORBIDDEN, !sees, "{role:?}");
    }
}

#[tokio::test]
async fn of_who_wrote_before_only_their_number_is_shown() {
    let console = Console::new().await;
    let kept = r#"{"format":"hygie.senders/1","own":[],"counted":[],"memory":{"people":{"zoe@labo.example":{"name":"Zoé","first":5,"last":9,"received":3,"answered":1}}}}"#;
    std::fs::write(&console.hub.senders, kept).unwrap();
    let mut helper = console.signed_in(Role::ItProvider).await;
    let shown = plain(&helper.get("/settings/messages").await);
    assert!(shown.contains("Hygie connaît 1 adresse"), "{shown}");
    assert!(!shown.contains("labo.example\"") && !shown.contains("Zoé"));
    std::fs::write(&console.hub.senders, "{").unwrap();
    let shown = plain(&helper.get("/settings/messages").await);
    assert!(shown.contains("n'arrive pas à lire"), "{shown}");
}
