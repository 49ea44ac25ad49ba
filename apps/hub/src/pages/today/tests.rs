//! The first page: what it says of each state, to whom, and what shows up live.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use hygie_acts::State;
use hygie_model::{Cause, DeviceId, Exception, Protection, Role};
use hygie_store::{Certificate, Digest, Duty, Json, NewDevice};
use uuid::Uuid;

use crate::{
    core,
    pages::incidents::sample::{Guard, ago, incident},
    web::testing::{Console, Shown},
};

const MAY: [Role; 3] = [Role::Practitioner, Role::Assistant, Role::ItProvider];

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
}

fn says(shown: &Shown, text: &str) -> bool {
    plain(&shown.body).contains(text)
}

/// The watch looks once.
async fn look(console: &Console) {
    core::alerts::minute(&console.hub, ago(60)).await.unwrap();
}

#[tokio::test]
async fn each_state_of_protection_opens_the_page_in_both_languages() {
    let since = ago(600);
    let path = "/srv/cabinet/Lettre.odt".to_owned();
    let but = |exceptions| Protection::ProtectedBut { exceptions };
    for (protection, french, english, bowl) in [
        (
            Protection::Protected,
            "Vos dossiers sont protégés.",
            "Your folders are protected.",
            "class=\"b1\"",
        ),
        (
            but(vec![
                Exception::OpenBefore { path: path.clone() },
                Exception::NoRoom,
            ]),
            "Vos dossiers sont protégés, sauf 2 points.",
            "Your folders are protected, but for 2 points.",
            "class=\"wait\"",
        ),
        (
            Protection::NotProtected {
                since,
                cause: Cause::GuardGone,
            },
            "Vos dossiers ne sont pas protégés depuis le 24 novembre 2026 à 08:02.",
            "Your folders have not been protected since 24 November 2026 at 08:02.",
            "class=\"gone\"",
        ),
        (
            Protection::NotProtected {
                since,
                cause: Cause::Starting,
            },
            "Hygie démarre et met vos fichiers à l'abri.",
            "Hygie starts and makes your files safe.",
            "class=\"calm\"",
        ),
    ] {
        let console = Console::new().await;
        let guard = Guard::of(&console);
        guard.with(|world| world.protection = protection);
        for role in MAY {
            let mut browser = console.signed_in(role).await;
            for (language, sentence) in [("fr", french), ("en", english)] {
                browser.language = language;
                let shown = browser.get("/").await;
                assert!(says(&shown, sentence), "{role:?} {}", shown.body);
                assert!(shown.body.contains(bowl), "{role:?} {bowl}");
                assert!(
                    shown.body.matches("btn--main").count() <= 1,
                    "{}",
                    shown.body
                );
                assert_eq!(
                    shown.body.contains("Lettre.odt"),
                    role != Role::ItProvider && english.contains("2 points")
                );
            }
        }
    }
}

#[tokio::test]
async fn an_incident_comes_first_with_the_way_back_for_whoever_may() {
    let console = Console::new().await;
    let guard = Guard::of(&console);
    guard.with(|world| {
        world.incidents = vec![incident(4, State::Stopped), incident(3, State::Undone)]
    });
    look(&console).await;
    for role in MAY {
        let mut browser = console.signed_in(role).await;
        let shown = browser.get("/").await;
        assert!(
            says(&shown, "Hygie a arrêté un programme, à vous de décider."),
            "{}",
            shown.body
        );
        assert!(
            shown
                .body
                .contains("<a class=\"btn btn--main\" href=\"/incidents/4\">")
        );
        let undoes = says(&shown, "Voir et remettre comme avant");
        assert_eq!(undoes, role != Role::ItProvider);
        assert_eq!(shown.body.contains("visionneuse"), role != Role::ItProvider);
        assert!(
            says(
                &shown,
                "Hygie a arrêté un programme sur le poste de la console."
            ),
            "the alert is told as well"
        );
        assert!(says(&shown, "Terminez votre feuille de secours"));
    }
    let mut operator = console.signed_in(Role::MonitoringOperator).await;
    for path in ["/", "/today/live"] {
        assert_eq!(operator.get(path).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_new_incident_and_a_lost_guard_show_up_without_a_reload() {
    let console = Console::new().await;
    let guard = Guard::of(&console);
    let mut browser = console.signed_in(Role::Assistant).await;
    let mut live = browser.watch("/today/live").await;
    let first = plain(&live.next().await);
    assert!(first.contains("Vos dossiers sont protégés.") && !first.contains("/incidents/1"));
    guard.with(|world| world.incidents.push(incident(1, State::Stopped)));
    assert!(live.next().await.contains("href=\"/incidents/1\""));
    guard.with(|world| {
        world.protection = Protection::NotProtected {
            since: ago(1),
            cause: Cause::GuardGone,
        };
    });
    assert!(plain(&live.next().await).contains("Vos dossiers ne sont pas protégés"));
}

#[tokio::test]
async fn a_silent_guard_is_never_health() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Practitioner).await;
    let shown = browser.get("/").await;
    assert!(says(
        &shown,
        "Hygie ne sait pas si vos dossiers sont protégés."
    ));
    assert!(says(&shown, "Le gardien ne répond pas."));
    assert!(!says(&shown, "Vos dossiers sont protégés.") && !says(&shown, "calmes : Hygie"));
    assert!(!shown.body.contains("class=\"b1\"") && !shown.body.contains("class=\"rim\""));
    let practice = console.hub.practice().await.unwrap().unwrap();
    let duty = Duty {
        who: "here".to_owned(),
        what: "guard".to_owned(),
        state: "well".to_owned(),
        since: ago(9_000),
        well: Some(ago(3_600)),
        heard: ago(3_600),
        body: Json::empty(),
    };
    console.hub.of(&practice).hear_duty(&duty).await.unwrap();
    let shown = browser.get("/").await;
    assert!(says(
        &shown,
        "Sans nouvelles du gardien depuis le 24 novembre 2026 à 07:12."
    ));
}

#[tokio::test]
async fn devices_that_are_silent_or_not_protected_wait_for_a_look() {
    let console = Console::new().await;
    let _guard = Guard::of(&console);
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    for (number, name, seen) in [(1_u8, "Accueil", ago(30)), (2, "Cabinet 2", ago(90_000))] {
        let device = NewDevice {
            id: DeviceId(Uuid::from_u128(number.into())),
            name: name.to_owned(),
            version: "1".to_owned(),
            certificate: Certificate {
                fingerprint: Digest([number; 32]),
                expires: ago(-90_000),
            },
        };
        practice.add_device(&device, ago(100_000)).await.unwrap();
        practice.hear_device(device.id, seen).await.unwrap();
    }
    let mut browser = console.signed_in(Role::ItProvider).await;
    let shown = browser.get("/").await;
    assert!(says(&shown, "1 postes sur 2 répondent."), "{}", shown.body);
    assert!(says(&shown, "Regardez le poste Cabinet 2"));
    assert!(says(&shown, "Sans nouvelles depuis le 23 novembre 2026"));
    assert!(!says(&shown, "Regardez le poste Accueil"));
}

#[tokio::test]
async fn an_alert_is_read_once_by_whoever_may_and_told() {
    let console = Console::new().await;
    let guard = Guard::of(&console);
    guard.with(|world| world.incidents = vec![incident(4, State::Stopped)]);
    look(&console).await;
    let practice = console.hub.practice().await.unwrap().unwrap();
    let unread = console.hub.of(&practice).unread_alerts(9).await.unwrap();
    let id = unread[0].id.to_string();
    let mut seen = BTreeSet::new();
    for role in [Role::Assistant, Role::Practitioner] {
        let mut browser = console.signed_in(role).await;
        let shown = browser.get("/").await;
        seen.insert(says(
            &shown,
            "Hygie a arrêté un programme sur le poste de la console.",
        ));
        let done = browser.post("/alerts/read", &[("id", &id)]).await;
        assert_eq!(done.leads(), "/?done=read");
        assert!(says(&browser.get("/?done=read").await, "C'est noté"));
    }
    assert_eq!(seen.len(), 2, "the second one has nothing to read");
    let practice = console.hub.of(&practice);
    let all = practice.alerts(None, 10).await.unwrap().items;
    assert_eq!(all[0].reader.unwrap().0, Uuid::from_u128(101));
    let lines = practice
        .journal(&hygie_store::JournalFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(
        lines
            .items
            .iter()
            .filter(|line| line.kind == "alert.read")
            .count(),
        1
    );
}

#[tokio::test]
async fn fourteen_days_are_drawn_and_said() {
    let console = Console::new().await;
    let guard = Guard::of(&console);
    let mut browser = console.signed_in(Role::Practitioner).await;
    assert!(says(&browser.get("/").await, "Quatorze jours calmes"));
    guard.with(|world| world.incidents = vec![incident(1, State::Undone)]);
    let shown = browser.get("/").await;
    assert!(
        says(&shown, "Quatorze jours : un programme arrêté, mardi 24."),
        "{}",
        shown.body
    );
    assert_eq!(shown.body.matches("class=\"water\"").count(), 2);
    assert!(!shown.body.contains("style="));
    browser.language = "en";
    assert!(says(
        &browser.get("/").await,
        "Fourteen days: a program stopped, Tuesday 24."
    ));
}
