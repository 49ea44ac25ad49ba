//! The pages on which a passkey signs: who may, what each shows, what a signature carries, and every way in which nothing is
//! done; and keys that the guard must hear of when the console lets them go.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use data_encoding::BASE64URL_NOPAD;
use hygie_agent::{
    door::{KeysAsked, NotUnprotected, Question, Reply, Told},
    keys::{
        By, Challenge, Console as Site, Deed, Forgets, KeyTold, KeysTold, NotSigned, Withdrawn,
    },
};
use hygie_model::{PersonId, PracticeId, Role, Wall};
use hygie_store::{Credential, CredentialKind, JournalFilter, Json};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::web::testing::{Browser, Console, HOST, NOW, Shown};

const MARK: &str = "ab12";

/// What the guard was asked, but for the lists.
type Asked = Arc<Mutex<Vec<Question>>>;

pub(super) fn key(number: u64, person: u128, by: Option<By>) -> KeyTold {
    KeyTold {
        number,
        mark: if number == 1 {
            MARK.into()
        } else {
            format!("cd{number}")
        },
        person: PersonId(Uuid::from_u128(person)),
        name: "Paul Benali".into(),
        key_name: format!("Clé {number}"),
        console: Site {
            practice: PracticeId(Uuid::from_u128(1)),
            title: "Cabinet des Tilleuls".into(),
            host: HOST.into(),
            port: 8443,
        },
        since: NOW,
        by,
        withdrawn: None,
    }
}

fn forgets() -> Forgets {
    Forgets {
        path: Told("/srv/patients/lettre.odt".into()),
        versions: 3,
        bytes: 2048,
        still_held: vec![Told("/srv/patients/copie.odt".into())],
        present: vec![Told("/srv/patients/lettre.odt".into())],
        others: 2,
        mark: "00".into(),
    }
}

fn deeds() -> [(Deed, String, Question); 4] {
    let query = |path: &str| BASE64URL_NOPAD.encode(path.as_bytes());
    let file = "/srv/patients/lettre.odt";
    let folder = || Told("/srv/patients".into());
    [
        (
            Deed::Trust(key(1, 7, None)),
            format!("/keys/{MARK}/trust"),
            Question::Keys(KeysAsked::Trust { mark: MARK.into() }),
        ),
        (
            Deed::Distrust(key(1, 7, Some(By::Root))),
            format!("/keys/{MARK}/distrust"),
            Question::Keys(KeysAsked::Distrust { mark: MARK.into() }),
        ),
        (
            Deed::Forget(forgets()),
            format!("/files/forget?p={}", query(file)),
            Question::Forget { path: file.into() },
        ),
        (
            Deed::Unprotect { folder: folder() },
            format!("/devices/unprotect?p={}", query("/srv/patients")),
            Question::Stop {
                folder: Some(folder()),
            },
        ),
    ]
}

fn challenge(deed: Deed) -> Reply {
    Reply::Challenge(Box::new(Challenge {
        id: "c1".into(),
        until: Wall(NOW.0 + 300_000_000_000),
        deed,
        options: json!({ "publicKey": { "challenge": "AAAA" } }),
    }))
}

/// A guard that asks for this, and answers so to what is signed.
fn guard(console: &Console, asks: Reply, does: Reply) -> Asked {
    let asked = Asked::default();
    let hears = Arc::clone(&asked);
    console.guard(move |question| {
        let (question, for_her) = if let Question::For { ask, .. } = question {
            (*ask, true)
        } else {
            (question, false)
        };
        if question == Question::Keys(KeysAsked::List) {
            return Reply::Keys(KeysTold {
                trusted: vec![key(1, 7, Some(By::Root))],
                proposed: vec![key(2, 100, None)],
                damaged: false,
            });
        }
        let reply = if for_her { asks.clone() } else { does.clone() };
        hears.lock().unwrap().push(question);
        reply
    });
    asked
}

pub(super) fn says(shown: &Shown, text: &str) -> bool {
    let plain = shown.body.replace(['\u{a0}', '\u{202f}'], " ");
    plain.replace("&#39;", "'").contains(text)
}

fn step(page: &str, step: &str) -> String {
    match page.split_once('?') {
        Some((path, query)) => format!("{path}/{step}?{query}"),
        None => format!("{page}/{step}"),
    }
}

async fn go(browser: &mut Browser, path: &str, body: &Value) -> String {
    let shown = browser.post_json(path, body).await;
    assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.body);
    let said: Value = serde_json::from_str(&shown.body).unwrap();
    said["go"].as_str().unwrap_or_default().to_owned()
}

async fn kinds(console: &Console) -> Vec<String> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    let lines = practice.journal(&JournalFilter::default(), None, 100).await;
    let lines = lines.unwrap().items.into_iter();
    lines.map(|line| line.kind).collect()
}

#[tokio::test]
async fn each_page_tells_what_would_happen_in_both_languages() {
    let told: [(&[&str], &[&str]); 4] = [
        (
            &[
                "Se fier à la clé « Clé 1 » de Paul Benali ?",
                HOST,
                "de vive voix",
            ],
            &["Trust the passkey “Clé 1” of Paul Benali?"],
        ),
        (
            &[
                "Ne plus se fier à la clé « Clé 1 »",
                "C'est la dernière",
                "ouvre encore la console",
            ],
            &["Stop trusting the passkey", "It is the last one"],
        ),
        (
            &[
                "Oublier « lettre.odt » pour de bon ?",
                "3 versions",
                "Le fichier est encore là : « /srv/patients/lettre.odt »",
                "reste dans « /srv/patients/copie.odt »",
                "2 autres endroits",
                "clés USB",
            ],
            &["Forget “lettre.odt” for good?", "The same content stays"],
        ),
        (
            &[
                "Ne plus protéger « /srv/patients » ?",
                "programme malveillant",
                "quelques secondes",
            ],
            &["Protect “/srv/patients” no more?"],
        ),
    ];
    for ((deed, page, question), (french, english)) in deeds().into_iter().zip(told) {
        let console = Console::new().await;
        let asked = guard(&console, challenge(deed), Reply::Done);
        let mut browser = console.signed_in(Role::Practitioner).await;
        let shown = browser.get(&page).await;
        for text in french {
            assert!(says(&shown, text), "{text}: {}", shown.body);
        }
        assert_eq!(shown.body.matches("btn--main").count(), 1, "{page}");
        assert!(shown.body.contains("data-passkey=\"confirm\""));
        assert_eq!(*asked.lock().unwrap(), [question]);
        browser.language = "en";
        let shown = browser.get(&page).await;
        for text in english {
            assert!(says(&shown, text), "{text}: {}", shown.body);
        }
        // Under another name a passkey signs nothing.
        browser.host = "localhost";
        let shown = browser.get(&page).await;
        assert!(!shown.body.contains("data-passkey"), "{}", shown.body);
        let there = format!("https://{HOST}:8443{page}");
        assert!(shown.body.contains(&there), "{there}: {}", shown.body);
    }
}

#[tokio::test]
async fn question_and_answer_are_carried_and_told() {
    let does = [
        (
            Reply::Key(Box::new(key(1, 7, None))),
            "key.trusted",
            "/keys?done=trusted",
        ),
        (
            Reply::Key(Box::new(key(1, 7, None))),
            "key.distrusted",
            "/keys?done=distrusted",
        ),
        (
            Reply::Forgotten {
                versions: 3,
                bytes: 9,
                still_held: Vec::new(),
                present: Vec::new(),
            },
            "file.forgotten",
            "done=forgotten",
        ),
        (
            Reply::Done,
            "folder.unprotected",
            "/devices?done=unprotected",
        ),
    ];
    for ((deed, page, question), (reply, kind, to)) in deeds().into_iter().zip(does) {
        let console = Console::new().await;
        let asked = guard(&console, challenge(deed), reply);
        let mut browser = console.signed_in(Role::Practitioner).await;
        let begun = browser.post_json(&step(&page, "start"), &json!({})).await;
        let begun: Value = serde_json::from_str(&begun.body).unwrap();
        assert_eq!(
            (&begun["id"], &begun["options"]["publicKey"]["challenge"]),
            (&json!("c1"), &json!("AAAA"))
        );
        assert!(kinds(&console).await.is_empty(), "nothing is done yet");
        let sent = json!({ "id": "c1", "answer": { "id": "k" }, "name": "", "next": "" });
        let led = go(&mut browser, &step(&page, "finish"), &sent).await;
        assert!(led.ends_with(to), "{led}");
        let confirm = Question::Confirm {
            id: "c1".into(),
            answer: json!({ "id": "k" }),
        };
        assert_eq!(*asked.lock().unwrap(), [question, confirm]);
        let kinds = kinds(&console).await;
        assert_eq!(kinds.len(), 2, "{kinds:?}");
        assert!(kinds.contains(&kind.to_owned()), "{kinds:?}");
        let shown = browser.get("/journal").await;
        assert!(says(&shown, "a signé :"), "{kind}: {}", shown.body);
    }
}

#[tokio::test]
async fn what_the_guard_does_not_believe_is_said_and_not_done() {
    for (deed, page, _) in deeds() {
        for (reply, word, text) in [
            (
                Reply::NotSigned(NotSigned::Gone),
                "gone",
                "plus de cinq minutes",
            ),
            (
                Reply::NotSigned(NotSigned::UnknownKey),
                "no-key",
                "hygie keys trust",
            ),
            (Reply::NotSigned(NotSigned::Copied), "copied", "un double"),
            (
                Reply::NotSigned(NotSigned::Otherwise),
                "otherwise",
                "relisez",
            ),
            (
                Reply::NotSigned(NotSigned::Wrong),
                "refused",
                "n'a pas signé",
            ),
            (
                Reply::NotUnprotected(NotUnprotected::Last),
                "last",
                "dernier dossier",
            ),
            (Reply::Unknown, "unknown", "ne connaît pas cela"),
            (Reply::Busy, "busy", "trop à faire"),
        ] {
            let console = Console::new().await;
            guard(&console, challenge(deed.clone()), reply);
            let mut browser = console.signed_in(Role::Practitioner).await;
            let sent = json!({ "id": "c1", "answer": {} });
            let led = go(&mut browser, &step(&page, "finish"), &sent).await;
            assert!(led.ends_with(&format!("why={word}")), "{led}");
            let shown = browser.get(&led).await;
            assert!(says(&shown, text), "{word}: {}", shown.body);
            let kinds = kinds(&console).await;
            assert!(
                kinds.len() == 1 && kinds[0].ends_with("-asked"),
                "{kinds:?}"
            );
        }
    }
}

#[tokio::test]
async fn where_it_cannot_be_signed_the_page_says_why() {
    let named = Reply::NotUnprotected(NotUnprotected::Named);
    for (deed, page, _) in deeds() {
        let foreign = Deed::Trust(key(9, 7, None));
        for (reply, text) in [
            (Reply::NotSigned(NotSigned::NoKey), "aucune de vos clés"),
            (Reply::NotSigned(NotSigned::Damaged), "abîmée"),
            (named.clone(), "là où Hygie est démarré"),
            (Reply::Refused, "ne répond pas"),
            // A guard that would have something else signed than was asked for.
            (challenge(foreign), "ne répond pas"),
        ] {
            let console = Console::new().await;
            guard(&console, reply.clone(), Reply::Done);
            let mut browser = console.signed_in(Role::Practitioner).await;
            let shown = browser.get(&page).await;
            assert!(says(&shown, text), "{reply:?} {page}: {}", shown.body);
            assert!(!shown.body.contains("data-passkey"), "{reply:?} {deed:?}");
        }
        let console = Console::new().await;
        let mut browser = console.signed_in(Role::Practitioner).await;
        let shown = browser.get(&page).await;
        assert!(says(&shown, "ne répond pas"), "no guard: {}", shown.body);
        guard(&console, Reply::Unknown, Reply::Done);
        let shown = browser.get(&page).await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND, "{page}");
    }
}

#[tokio::test]
async fn nobody_else_gets_as_far_as_the_guard() {
    let console = Console::new().await;
    let asked = guard(&console, Reply::Done, Reply::Done);
    for role in Role::ALL.iter().filter(|role| **role != Role::Practitioner) {
        let mut browser = console.signed_in(*role).await;
        for (_, page, _) in deeds() {
            let shown = browser.get(&page).await;
            assert_eq!(shown.status, StatusCode::FORBIDDEN, "{role:?} {page}");
            for path in [step(&page, "start"), step(&page, "finish")] {
                let sent = json!({ "id": "c1", "answer": {} });
                let shown = browser.post_json(&path, &sent).await;
                assert_eq!(shown.status, StatusCode::FORBIDDEN, "{role:?} {path}");
            }
        }
        assert_eq!(browser.get("/keys").await.status, StatusCode::FORBIDDEN);
    }
    // Without a form's token of her own browser neither.
    let mut browser = console.signed_in(Role::Practitioner).await;
    for (_, page, _) in deeds() {
        let shown = browser.send(&step(&page, "finish"), &[("id", "c1")]).await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN);
    }
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_list_shows_whose_keys_count_and_who_is_gone() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Practitioner).await;
    let shown = browser.get("/keys").await;
    assert!(says(&shown, "Le gardien ne répond pas"), "{}", shown.body);
    guard(&console, Reply::Done, Reply::Done);
    let shown = browser.get("/keys").await;
    assert!(says(&shown, "se fie à une clé d'accès"), "{}", shown.body);
    assert!(shown.body.contains(&format!("/keys/{MARK}/distrust")));
    assert!(shown.body.contains("/keys/cd2/trust"), "{}", shown.body);
    // Nobody of this number is in the practice.
    assert!(says(&shown, "n'est plus praticien"), "{}", shown.body);
    console.add(7, "Paul Benali", Role::Practitioner).await;
    let shown = browser.get("/keys").await;
    assert!(!says(&shown, "n'est plus praticien"), "{}", shown.body);
    assert!(browser.get("/people").await.body.contains("href=\"/keys\""));
}

pub(super) async fn with_key(console: &Console, person: PersonId) -> Credential {
    use hygie_identity::passkey::{device::Device, read_new_key};
    let facts = console.hub.practice().await.unwrap().unwrap();
    let site = console.hub.site(&facts).unwrap();
    let (options, making) = site.start_key(person, "x", "X", &[], NOW).unwrap();
    let mut device = Device::new(3);
    device.origin = format!("https://{HOST}:8443");
    device.rp = HOST.to_owned();
    let made = device.make(&serde_json::to_value(options).unwrap());
    let answer = read_new_key(&made).unwrap();
    let (person, key) = site.finish_key(&answer, &making, "Clé bleue", NOW).unwrap();
    let credential = |number, kind, body| Credential {
        id: Uuid::from_u128(number),
        person,
        kind,
        handle: (kind == CredentialKind::Passkey).then(|| "h".to_owned()),
        label: "Clé bleue".to_owned(),
        body,
        created: NOW,
        used: None,
    };
    let passkey = credential(50, CredentialKind::Passkey, Json::of(&key).unwrap());
    let other = credential(51, CredentialKind::Password, Json::of(&json!({})).unwrap());
    let practice = console.hub.of(&facts);
    practice.add_credential(&passkey).await.unwrap();
    practice.add_credential(&other).await.unwrap();
    passkey
}

/// What the guard is told of keys that are let go, and that it is told it once.
async fn heard(console: &Console) -> Vec<(PersonId, bool)> {
    let withdrawn = Reply::Withdrawn(Box::new(Withdrawn {
        gone: vec![key(1, 7, None)],
        stays: Some(key(2, 7, Some(By::Root))),
    }));
    let asked = guard(console, Reply::Done, withdrawn);
    let facts = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&facts);
    for _ in 0..2 {
        crate::core::withdrawals::settle(&console.hub, practice)
            .await
            .unwrap();
    }
    let asked = std::mem::take(&mut *asked.lock().unwrap());
    let of = |question| {
        let Question::Keys(KeysAsked::Withdraw { person, key }) = question else {
            panic!("{question:?}");
        };
        (person, key.is_some())
    };
    asked.into_iter().map(of).collect()
}

#[tokio::test]
async fn a_key_that_is_removed_is_taken_back_at_the_guard_also_when_it_was_silent() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Practitioner).await;
    let person = PersonId(Uuid::from_u128(100));
    let key = with_key(&console, person).await;
    let id = key.id.to_string();
    let shown = browser.post("/me/passkey/remove", &[("id", &id)]).await;
    assert_eq!(shown.leads(), "/me?done=key-gone");
    assert_eq!(heard(&console).await, [(person, true)]);
    let kinds = kinds(&console).await;
    for kind in ["key.withdrawn", "key.last-stays"] {
        assert_eq!(
            kinds.iter().filter(|told| *told == kind).count(),
            1,
            "{kinds:?}"
        );
    }
    let shown = browser.get("/journal").await;
    assert!(says(&shown, "la dernière qu'il connaît"), "{}", shown.body);
}

#[tokio::test]
async fn who_leaves_or_becomes_something_else_signs_no_more() {
    for (path, fields) in [("close", [].as_slice()), ("role", &[("role", "assistant")])] {
        let console = Console::new().await;
        let mut browser = console.signed_in(Role::Practitioner).await;
        with_key(&console, PersonId(Uuid::from_u128(100))).await;
        let paul = console.add(7, "Paul Benali", Role::Practitioner).await;
        let to = format!("/people/{}/{path}", paul.id.0);
        let shown = browser.post(&to, fields).await;
        assert!(shown.leads().contains("done="), "{path} {}", shown.body);
        assert_eq!(heard(&console).await, [(paul.id, false)], "{path}");
    }
}
