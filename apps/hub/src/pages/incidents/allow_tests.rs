//! The page that lets a program go on: who may, what it shows, what a signature carries, and every way in which nothing is done.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use hygie_acts::{Allowed, AllowedId, Class, Doing, State};
use hygie_agent::{
    door::{Question, Reply},
    incidents::NotAllowed,
    keys::{Challenge, Deed, NotSigned},
};
use hygie_model::{DirId, PersonId, Role, Wall};
use hygie_store::JournalFilter;
use serde_json::{Value, json};
use uuid::Uuid;

use super::sample::incident;
use crate::web::testing::{Console, NOW, Shown};

/// Questions, and for whom.
#[derive(Default)]
struct Asked(Vec<(Question, Option<PersonId>)>);

/// What the guard was asked beyond the incidents, and what it answers.
#[derive(Clone)]
struct Guard {
    asked: Arc<Mutex<Asked>>,
    challenges: Arc<Mutex<Reply>>,
    confirms: Arc<Mutex<Reply>>,
}

fn allowed() -> Allowed {
    Allowed {
        id: AllowedId(0),
        incident: 1,
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

fn challenge() -> Reply {
    let renaming = Allowed {
        doing: Doing::Rename,
        ..allowed()
    };
    Reply::Challenge(Box::new(Challenge {
        id: "c1".into(),
        until: Wall(NOW.0 + 300_000_000_000),
        deed: Deed::Allow {
            incident: 1,
            allowed: vec![allowed(), renaming, allowed()],
        },
        options: json!({ "publicKey": { "challenge": "AAAA" } }),
    }))
}

impl Guard {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "this page asks nothing else"
    )]
    fn of(console: &Console, state: State) -> Self {
        let guard = Self {
            asked: Arc::default(),
            challenges: Arc::new(Mutex::new(challenge())),
            confirms: Arc::new(Mutex::new(Reply::Allowed {
                allowed: vec![allowed()],
            })),
        };
        let answering = guard.clone();
        console.guard(move |question| {
            let (question, person) = match question {
                Question::For { person, ask } => (*ask, Some(person)),
                other => (other, None),
            };
            match question {
                Question::Incidents => {
                    return Reply::Incidents {
                        incidents: vec![incident(1, state)],
                        allowed: Vec::new(),
                    };
                }
                Question::Allow { .. } | Question::Confirm { .. } => {}
                other => panic!("{other:?}"),
            }
            let reply = if matches!(question, Question::Allow { .. }) {
                answering.challenges.lock().unwrap().clone()
            } else {
                answering.confirms.lock().unwrap().clone()
            };
            answering.asked.lock().unwrap().0.push((question, person));
            reply
        });
        guard
    }

    fn asked(&self) -> Vec<(Question, Option<PersonId>)> {
        std::mem::take(&mut self.asked.lock().unwrap().0)
    }
}

fn says(shown: &Shown, text: &str) -> bool {
    let plain = shown.body.replace(['\u{a0}', '\u{202f}'], " ");
    plain.replace("&#39;", "'").contains(text)
}

fn reply(shown: &Shown) -> Value {
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    serde_json::from_str(&shown.body).unwrap()
}

async fn told(console: &Console) -> Vec<(String, Value)> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    let lines = practice
        .journal(&JournalFilter::default(), None, 100)
        .await
        .unwrap();
    let lines = lines.items.into_iter().map(|line| {
        let whole: Value = serde_json::from_str(&line.line).unwrap();
        (line.kind, whole["fields"].clone())
    });
    lines.collect()
}

#[tokio::test]
async fn a_practitioner_sees_exactly_what_it_changes_in_both_languages() {
    let console = Console::new().await;
    let guard = Guard::of(&console, State::Stopped);
    let mut browser = console.signed_in(Role::Practitioner).await;
    let shown = browser.get("/incidents/1/allow").await;
    for text in [
        "Laisser « visionneuse » continuer ?",
        "« /opt/convert/convertisseur » pourra modifier des fichiers dans « /srv/patients/Courriers »",
        "pourra renommer des fichiers",
        "8 heures",
        "30 jours",
        "Rien d'autre n'est autorisé",
    ] {
        assert!(says(&shown, text), "{text}: {}", shown.body);
    }
    assert_eq!(shown.body.matches("pourra").count(), 2, "each once");
    assert!(shown.body.contains("data-passkey=\"confirm\""));
    assert_eq!(shown.body.matches("btn--main").count(), 1);
    let (question, person) = guard.asked().remove(0);
    assert_eq!(
        question,
        Question::Allow {
            id: 1,
            seconds: 28_800
        }
    );
    assert!(person.is_some(), "asked for her");
    browser.language = "en";
    let shown = browser.get("/incidents/1/allow").await;
    assert!(
        says(&shown, "will be able to change files"),
        "{}",
        shown.body
    );
    assert_eq!(
        browser.get("/incidents/7/allow").await.status,
        StatusCode::NOT_FOUND
    );
    // Under another name a passkey signs nothing.
    browser.host = "localhost";
    let shown = browser.get("/incidents/1/allow").await;
    assert!(!shown.body.contains("data-passkey"), "{}", shown.body);
    assert!(
        shown
            .body
            .contains("https://hygie-cabinet.local:8443/incidents/1/allow")
    );
}

#[tokio::test]
async fn nobody_else_gets_as_far_as_the_guard() {
    let console = Console::new().await;
    let guard = Guard::of(&console, State::Stopped);
    for role in Role::ALL.iter().filter(|role| **role != Role::Practitioner) {
        let mut browser = console.signed_in(*role).await;
        let shown = browser.get("/incidents/1/allow").await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{role:?}");
        for path in ["/incidents/1/allow/start", "/incidents/1/allow/finish"] {
            let shown = browser
                .post_json(path, &json!({ "id": "c1", "answer": {} }))
                .await;
            assert_eq!(shown.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
    }
    // Without a form's token of her own browser neither.
    let mut browser = console.signed_in(Role::Practitioner).await;
    let shown = browser
        .send("/incidents/1/allow/finish", &[("id", "c1")])
        .await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    assert!(guard.asked().is_empty());
}

#[tokio::test]
async fn question_and_answer_are_carried_and_told() {
    let console = Console::new().await;
    let guard = Guard::of(&console, State::Stopped);
    let mut browser = console.signed_in(Role::Practitioner).await;
    let begun = browser
        .post_json("/incidents/1/allow/start", &json!({ "time": "days" }))
        .await;
    let begun = reply(&begun);
    assert_eq!(begun["id"], "c1");
    assert_eq!(begun["options"]["publicKey"]["challenge"], "AAAA");
    assert!(told(&console).await.is_empty(), "nothing is done yet");
    let sent = json!({ "id": "c1", "answer": { "id": "k" }, "name": "", "next": "" });
    let done = browser.post_json("/incidents/1/allow/finish", &sent).await;
    assert_eq!(reply(&done)["go"], "/incidents/1?done=let-go");
    let asked: Vec<Question> = guard.asked().into_iter().map(|(asked, _)| asked).collect();
    let month = Question::Allow {
        id: 1,
        seconds: 2_592_000,
    };
    let confirm = Question::Confirm {
        id: "c1".into(),
        answer: json!({ "id": "k" }),
    };
    assert_eq!(asked, [month, confirm]);
    let told = told(&console).await;
    let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
    assert!(kinds.contains(&"incident.allow-asked"), "{kinds:?}");
    assert!(kinds.contains(&"incident.allowed"), "{kinds:?}");
    let person = Uuid::from_u128(100).to_string();
    assert!(
        told.iter()
            .all(|(_, fields)| fields["person"] == person.as_str()),
        "{told:?}"
    );
    for body in [json!({ "time": "years" }), json!(7), json!({ "answer": 1 })] {
        let shown = browser.post_json("/incidents/1/allow/start", &body).await;
        let fine = body.get("answer").is_some();
        assert_eq!(shown.status == StatusCode::OK, fine, "{body}");
    }
}

#[tokio::test]
async fn what_the_guard_does_not_believe_is_said_and_not_done() {
    let console = Console::new().await;
    let guard = Guard::of(&console, State::Stopped);
    let mut browser = console.signed_in(Role::Practitioner).await;
    for (why, word, text) in [
        (NotSigned::Gone, "gone", "plus de cinq minutes"),
        (NotSigned::UnknownKey, "no-key", "hygie keys trust"),
        (NotSigned::Copied, "copied", "un double"),
        (NotSigned::Otherwise, "otherwise", "relisez"),
        (NotSigned::Wrong, "refused", "n'a pas signé"),
        (NotSigned::Damaged, "damaged", "abîmée"),
    ] {
        *guard.confirms.lock().unwrap() = Reply::NotSigned(why);
        let sent = json!({ "id": "c1", "answer": {} });
        let done = browser.post_json("/incidents/1/allow/finish", &sent).await;
        let go = reply(&done)["go"].as_str().unwrap().to_owned();
        assert_eq!(go, format!("/incidents/1/allow?why={word}"));
        let shown = browser.get(&go).await;
        assert!(says(&shown, text), "{word}: {}", shown.body);
    }
    let told = told(&console).await;
    assert!(
        told.iter().all(|(kind, _)| kind != "incident.allowed"),
        "{told:?}"
    );
}

#[tokio::test]
async fn where_it_cannot_be_signed_the_page_says_why_and_how() {
    let console = Console::new().await;
    let guard = Guard::of(&console, State::Stopped);
    let mut browser = console.signed_in(Role::Practitioner).await;
    let exe = || "/usr/bin/python3".to_owned();
    for (said, text, by_hand) in [
        (
            Reply::NotSigned(NotSigned::NoKey),
            "sudo hygie keys trust",
            true,
        ),
        (Reply::NotSigned(NotSigned::Damaged), "abîmée", true),
        (
            Reply::NotAllowed(NotAllowed::Interpreter { exe: exe() }),
            "« /usr/bin/python3 » fait ce que n'importe quel script",
            false,
        ),
        (
            Reply::NotAllowed(NotAllowed::Archiver { exe: exe() }),
            "« /usr/bin/python3 » chiffre ou range",
            false,
        ),
        (Reply::NotAllowed(NotAllowed::Undone), "déjà réglé", false),
        (Reply::Busy, "trop à faire", false),
        (Reply::Refused, "ne répond pas", false),
    ] {
        *guard.challenges.lock().unwrap() = said.clone();
        let shown = browser.get("/incidents/1/allow").await;
        assert!(says(&shown, text), "{said:?}: {}", shown.body);
        assert!(!shown.body.contains("data-passkey"), "{said:?}");
        assert_eq!(says(&shown, "sudo hygie allow 1"), by_hand, "{said:?}");
        if said != Reply::Refused {
            let begun = browser
                .post_json("/incidents/1/allow/start", &json!({}))
                .await;
            let go = reply(&begun)["go"].as_str().unwrap().to_owned();
            assert!(go.starts_with("/incidents/1/allow?why="), "{go}");
        }
    }
}

#[tokio::test]
async fn what_is_settled_or_silent_asks_for_no_signature() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Practitioner).await;
    let shown = browser.get("/incidents/1/allow").await;
    assert!(says(&shown, "ne répond pas") && !shown.body.contains("data-passkey"));
    let guard = Guard::of(&console, State::Undone);
    let shown = browser.get("/incidents/1/allow").await;
    assert!(says(&shown, "déjà réglé"), "{}", shown.body);
    assert!(guard.asked().is_empty());
}
