//! The pages of stopped programs: who sees what, what a click asks of the guard and tells the journal, and what shows up live.

use axum::http::StatusCode;
use hygie_acts::State;
use hygie_agent::door::{Question, Reply};
use hygie_model::Role;
use hygie_store::JournalFilter;

use super::sample::{Guard, incident, problem};
use crate::web::testing::{Console, Shown};

const ROLES: [Role; 2] = [Role::Practitioner, Role::Assistant];
const STATES_ONLY: [Role; 2] = [Role::ItProvider, Role::MonitoringOperator];

async fn console(states: &[State]) -> (Console, Guard) {
    let console = Console::new().await;
    let guard = Guard::of(&console);
    guard.with(|world| {
        world.incidents = (1..)
            .zip(states)
            .map(|(id, state)| incident(id, *state))
            .collect();
    });
    (console, guard)
}

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
}

fn says(shown: &Shown, text: &str) -> bool {
    plain(&shown.body).contains(text)
}

#[tokio::test]
async fn others_may_not_and_nobody_is_led_to_the_sign_in() {
    let (console, guard) = console(&[State::Stopped]).await;
    let mut operator = console.signed_in(Role::MonitoringOperator).await;
    for path in ["undo", "redo", "revoke"] {
        let path = format!("/incidents/1/{path}");
        let refused = operator.post(&path, &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in [
        "/incidents",
        "/incidents/1",
        "/incidents/live",
        "/incidents/1/live",
    ] {
        let shown = console.browser().get(path).await;
        assert!(shown.leads().starts_with("/signin"), "{path}");
    }
    assert!(guard.with(|world| world.asked.is_empty()));
}

async fn told(console: &Console) -> Vec<(String, String)> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let filter = JournalFilter::default();
    let lines = console
        .hub
        .of(&practice)
        .journal(&filter, None, 100)
        .await
        .unwrap();
    let lines = lines.items.into_iter().map(|line| (line.kind, line.line));
    lines
        .filter(|(kind, _)| kind.starts_with("incident"))
        .collect()
}

#[tokio::test]
async fn the_list_says_what_waits_and_what_is_settled_in_both_languages() {
    for (states, french, english) in [
        (
            vec![],
            "Hygie n'a arrêté aucun programme.",
            "Hygie has stopped no program.",
        ),
        (
            vec![State::Undone],
            "et tout est réglé",
            "and all is settled",
        ),
        (
            vec![State::Stopped, State::Undone],
            "Un programme arrêté attend votre décision.",
            "A stopped program waits for your decision.",
        ),
        (
            vec![State::Stopped, State::EndedEvidenceKept, State::Allowed],
            "2 programmes arrêtés attendent votre décision.",
            "2 stopped programs wait for your decision.",
        ),
    ] {
        let (console, _guard) = console(&states).await;
        for (language, sentence) in [("fr", french), ("en", english)] {
            let mut browser = console.signed_in(Role::Practitioner).await;
            browser.language = language;
            let shown = browser.get("/incidents").await;
            assert!(says(&shown, sentence), "{}", shown.body);
            let links = shown.body.matches("href=\"/incidents/").count();
            assert_eq!(links, states.len(), "{}", shown.body);
        }
    }
}

#[tokio::test]
async fn whoever_may_see_files_sees_the_story_the_plan_and_the_healthy_versions() {
    let (console, _guard) = console(&[State::Stopped]).await;
    for role in ROLES {
        let mut browser = console.signed_in(role).await;
        let shown = browser.get("/incidents/1").await;
        for text in [
            "Hygie a arrêté un programme.",
            "Aucun fichier n'est perdu.",
            "« visionneuse »",
            "Remettre les 23 fichiers comme avant",
            "4 noms reviennent comme avant",
            "23 fichiers sont devenus illisibles",
            "Les fichiers touchés (5 sur 7)",
            "Courriers/CR consultation.odt",
            "24 novembre 2026 à 07:12",
            "Créé par ce programme",
            "08:09:56",
            "Je reconnais ce programme",
        ] {
            assert!(says(&shown, text), "{text}: {}", shown.body);
        }
        assert!(!says(&shown, "Modèle ALD"), "only the first ones");
        assert_eq!(shown.body.matches("btn--main").count(), 1);
        let way = shown.body.contains("href=\"/incidents/1/allow\"");
        assert_eq!(way, role == Role::Practitioner);
        let all = browser.get("/incidents/1?all=1").await;
        assert!(says(&all, "Modèle ALD") && says(&all, "Les 7 fichiers touchés"));
        assert!(all.body.contains("data-live=\"/incidents/1/live?all=1\""));
        browser.language = "en";
        let english = browser.get("/incidents/1").await;
        assert!(says(&english, "Put the 23 files back as before"));
        assert!(says(&english, "23 files became unreadable"));
    }
}

#[tokio::test]
async fn whoever_may_see_states_only_sees_no_name_of_a_file_or_program() {
    let (console, guard) = console(&[State::Stopped]).await;
    guard.with(|world| world.problems = vec![problem("Bilans/perdu.pdf")]);
    for role in STATES_ONLY {
        let mut browser = console.signed_in(role).await;
        for path in ["/incidents", "/incidents/1", "/incidents/1?all=1"] {
            let shown = browser.get(path).await;
            assert_eq!(shown.status, StatusCode::OK);
            for name in [
                "visionneuse",
                "/srv",
                ".odt",
                ".pdf",
                "hygie allow",
                "/allow",
                "btn--main",
                "/undo",
            ] {
                assert!(!shown.body.contains(name), "{role:?} {path} {name}");
            }
        }
        let shown = browser.get("/incidents/1").await;
        assert!(
            says(&shown, "23 fichiers sont devenus illisibles"),
            "why is a state"
        );
        assert!(says(
            &shown,
            "Un praticien ou une secrétaire du cabinet peut tout remettre"
        ));
        let mut live = browser.watch("/incidents/1/live").await;
        let part = live.next().await;
        assert!(
            !part.contains("visionneuse") && !part.contains("/srv"),
            "{part}"
        );
        let refused = browser.post("/incidents/1/undo", &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
    assert!(guard.with(|world| world.asked.is_empty()));
}

#[tokio::test]
async fn an_attack_between_two_looks_shows_up_without_a_reload() {
    let (console, guard) = console(&[]).await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let mut live = browser.watch("/incidents/live").await;
    assert!(plain(&live.next().await).contains("Hygie n'a arrêté aucun programme."));
    guard.with(|world| world.incidents.push(incident(1, State::Stopped)));
    let part = plain(&live.next().await);
    assert!(
        part.contains("« visionneuse »") && part.contains("href=\"/incidents/1\""),
        "{part}"
    );
    guard.with(|world| world.set(1, State::Undone));
    assert!(plain(&live.next().await).contains("Remis comme avant"));
}

#[tokio::test]
async fn one_incident_follows_the_state_and_the_counts_without_a_reload() {
    let (console, guard) = console(&[State::Stopped]).await;
    let mut browser = console.signed_in(Role::Practitioner).await;
    let mut live = browser.watch("/incidents/1/live").await;
    assert!(plain(&live.next().await).contains("Il a touché 7 fichiers"));
    guard.with(|world| {
        world.files.truncate(3);
        world.incidents[0].opening.counts.changed += 1;
    });
    let part = plain(&live.next().await);
    assert!(part.contains("Il a touché 3 fichiers"), "{part}");
    guard.with(|world| world.set(1, State::Undone));
    let part = plain(&live.next().await);
    assert!(part.contains("Tout est remis comme avant.") && part.contains("/incidents/1/redo"));
    assert!(!part.contains("btn--main"), "{part}");
}

#[tokio::test]
async fn a_click_undoes_exactly_this_incident_for_this_person_and_is_told() {
    for role in ROLES {
        let (console, guard) = console(&[State::Undone, State::Stopped]).await;
        let mut browser = console.signed_in(role).await;
        let done = browser.post("/incidents/2/undo", &[]).await;
        assert_eq!(done.leads(), "/incidents/2?done=undone");
        let asked = guard.with(|world| world.asked.clone());
        let [(Question::Undo { id: 2 }, Some(person))] = asked.as_slice() else {
            panic!("{asked:?}");
        };
        let practice = console.hub.practice().await.unwrap().unwrap();
        let person = console
            .hub
            .of(&practice)
            .person(*person)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(person.role, role);
        let shown = browser.get(done.leads()).await;
        assert!(says(&shown, "C'est fait : Hygie a tout remis comme avant."));
        let told = told(&console).await;
        let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["incident.undone", "incident.undo-asked"]);
        for (_, line) in told {
            assert!(
                line.contains("\"incident\":2") && line.contains("\"person\""),
                "{line}"
            );
            assert!(!line.contains("/srv"), "{line}");
        }
    }
}

#[tokio::test]
async fn an_undo_can_be_taken_back() {
    let (console, guard) = console(&[State::Undone]).await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let shown = browser.get("/incidents/1").await;
    assert!(shown.body.contains("/incidents/1/redo") && !shown.body.contains("/incidents/1/undo"));
    let done = browser.post("/incidents/1/redo", &[]).await;
    assert_eq!(done.leads(), "/incidents/1?done=redone");
    let asked = guard.with(|world| world.asked.clone());
    assert!(
        matches!(asked.as_slice(), [(Question::Redo { id: 1 }, _)]),
        "{asked:?}"
    );
    let shown = browser.get(done.leads()).await;
    assert!(shown.body.contains("/incidents/1/undo"), "it waits again");
    assert_eq!(told(&console).await.len(), 2);
}

#[tokio::test]
async fn what_the_guard_does_not_do_is_said_and_not_told_as_done() {
    for (reply, word) in [
        (Reply::StillRuns, "still-runs"),
        (Reply::IsAllowed, "allowed"),
        (Reply::NotUndone, "nothing"),
        (Reply::Busy, "busy"),
        (
            Reply::Failed {
                reason: "disk".into(),
            },
            "cut-off",
        ),
    ] {
        let (console, guard) = console(&[State::Stopped]).await;
        guard.with(|world| world.refuses = Some(reply.clone()));
        let mut browser = console.signed_in(Role::Practitioner).await;
        let done = browser.post("/incidents/1/undo", &[]).await;
        assert_eq!(done.leads(), format!("/incidents/1?done={word}"));
        let shown = browser.get(done.leads()).await;
        assert!(
            shown.body.contains("<p class=\"note\" role=\"status\">"),
            "{reply:?}"
        );
        let told = told(&console).await;
        assert_eq!(told.len(), 1, "{told:?}");
    }
}

#[tokio::test]
async fn what_will_not_come_back_is_said_before_and_after() {
    let (console, guard) = console(&[State::Stopped, State::Undone]).await;
    guard.with(|world| {
        world.problems = vec![problem("Courriers/CR consultation.odt")];
        world.beside = vec![problem("Bilans/Biologie (2).pdf")];
    });
    let mut browser = console.signed_in(Role::Practitioner).await;
    let shown = browser.get("/incidents/1").await;
    assert!(says(
        &shown,
        "Un fichier ne retrouvera pas son état d'avant."
    ));
    assert!(!says(&shown, "Aucun fichier n'est perdu."));
    assert!(says(&shown, "Pas de version gardée"));
    assert!(says(&shown, "son état d'avant n'est pas dans le coffre"));
    assert!(says(
        &shown,
        "son travail est gardé sous « /srv/cabinet/Bilans/Biologie (2).pdf »"
    ));
    assert!(!says(&shown, "Hygie en avait gardé l'état d'avant."));
    let shown = browser.get("/incidents/2").await;
    assert!(says(&shown, "Tout est remis comme avant, sauf un point."));
    let done = browser.post("/incidents/1/undo", &[]).await;
    assert_eq!(done.leads(), "/incidents/1?done=partly");
}

#[tokio::test]
async fn a_permission_is_taken_back_by_whoever_may() {
    for role in [Role::Practitioner, Role::Assistant, Role::ItProvider] {
        let (console, guard) = console(&[State::Allowed]).await;
        let mut browser = console.signed_in(role).await;
        let done = browser.post("/incidents/1/revoke", &[]).await;
        assert_eq!(done.leads(), "/incidents/1?done=nothing");
        let asked = guard.with(|world| world.asked.clone());
        assert!(
            matches!(asked.as_slice(), [(Question::Revoke { id: 1 }, _)]),
            "{asked:?}"
        );
        let shown = browser.get("/incidents/1").await;
        assert!(says(
            &shown,
            "Une personne a laissé ce programme continuer."
        ));
    }
}

#[tokio::test]
async fn a_silent_guard_is_said_and_nothing_is_claimed() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Practitioner).await;
    let list = browser.get("/incidents").await;
    assert!(says(&list, "Le gardien ne répond pas"));
    assert!(!says(&list, "aucun programme"));
    let one = browser.get("/incidents/1").await;
    assert!(says(&one, "ne sait donc pas où en est cet incident"));
    let undo = browser.post("/incidents/1/undo", &[]).await;
    assert_eq!(undo.status, StatusCode::BAD_GATEWAY);
    let told = told(&console).await;
    let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["incident.undo-asked"],
        "asked, and nothing came of it"
    );
}

#[tokio::test]
async fn there_is_no_page_of_an_incident_that_is_none() {
    let (console, _guard) = console(&[State::Stopped]).await;
    let mut browser = console.signed_in(Role::Practitioner).await;
    for path in [
        "/incidents/2",
        "/incidents/x",
        "/incidents/18446744073709551616",
        "/incidents/-1",
    ] {
        assert_eq!(
            browser.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}
