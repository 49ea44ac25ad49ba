//! What is typed reaches the post and the journal, never the page again; what a server said is told in plain words.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use hygie_model::{Role, Wall};
use hygie_wire::post::{
    Answer, Ask, Letter, Refusal, Road, Secret, Security, Shown, Slot, Trouble,
};

use crate::{
    pages::settings::tests::{kinds, plain},
    web::testing::{Browser, Console, NOW},
};

/// A post that keeps what it is told, and answers a letter as the test says.
#[derive(Clone, Default)]
struct Post(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    first: Option<(Road, Option<Secret>)>,
    second: Option<(Road, Option<Secret>)>,
    letters: Vec<(Slot, Letter)>,
    trouble: Option<Trouble>,
    left_out: Vec<String>,
}

impl Post {
    fn at(console: &Console) -> Self {
        let post = Self::default();
        console.post({
            let post = post.clone();
            move |ask| post.answer(ask)
        });
        post
    }

    fn answer(&self, ask: Ask) -> Answer {
        let kept = &mut *self.0.lock().unwrap();
        let shown = |road: &Option<(Road, Option<Secret>)>| {
            road.as_ref().map(|(road, secret)| Shown {
                road: road.clone(),
                secret: secret.is_some(),
            })
        };
        match ask {
            Ask::State {} => Answer::State {
                first: shown(&kept.first),
                second: shown(&kept.second),
            },
            Ask::Keep { slot, road, secret } => {
                *match slot {
                    Slot::First => &mut kept.first,
                    Slot::Second => &mut kept.second,
                } = Some((road, secret));
                Answer::Kept {}
            }
            Ask::Drop { slot } => {
                *match slot {
                    Slot::First => &mut kept.first,
                    Slot::Second => &mut kept.second,
                } = None;
                Answer::Dropped {}
            }
            Ask::Send { slot, letter, .. } => {
                kept.letters.push((slot, letter));
                match kept.trouble {
                    Some(trouble) => Answer::NotTaken { trouble },
                    None => Answer::Taken {
                        left_out: kept.left_out.clone(),
                    },
                }
            }
        }
    }

    fn first(&self) -> Option<(Road, Option<Secret>)> {
        self.0.lock().unwrap().first.clone()
    }

    fn says(&self, trouble: Option<Trouble>, left_out: usize) {
        let kept = &mut *self.0.lock().unwrap();
        kept.trouble = trouble;
        kept.left_out = vec!["nobody@cabinet.example".to_owned(); left_out];
    }
}

fn mail() -> Road {
    Road::Mail {
        server: "smtp.cabinet.example".to_owned(),
        port: 587,
        security: Security::StartTls,
        user: Some("hygie".to_owned()),
        from: "hygie@cabinet.example".to_owned(),
        to: vec![
            "dr@cabinet.example".to_owned(),
            "aide@martin.example".to_owned(),
        ],
    }
}

const FIELDS: [(&str, &str); 8] = [
    ("slot", "first"),
    ("server", "smtp.cabinet.example"),
    ("port", "587 "),
    ("security", "start_tls"),
    ("user", "hygie"),
    ("password", "Iris et Lys 7!"),
    ("from", "hygie@cabinet.example"),
    ("to", "dr@cabinet.example\r\n aide@martin.example;"),
];

fn with<'f>(name: &'f str, value: &'f str) -> Vec<(&'f str, &'f str)> {
    let mut fields = FIELDS.to_vec();
    fields.retain(|(one, _)| *one != name);
    fields.push((name, value));
    fields
}

async fn page(browser: &mut Browser) -> String {
    plain(&browser.get("/settings/alerts").await)
}

#[tokio::test]
async fn a_road_is_set_and_its_password_is_never_seen_again() {
    let console = Console::new().await;
    let post = Post::at(&console);
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let settings = plain(&doctor.get("/settings").await);
    assert!(settings.contains("href=\"/settings/alerts\""), "{settings}");
    let text = page(&mut doctor).await;
    assert!(text.contains("<h1>Personne n'est prévenu hors de cet écran.</h1>"));
    assert_eq!(text.matches("Aucun chemin n'est réglé ici.").count(), 2);
    let sent = doctor.post("/settings/alerts/mail", &FIELDS).await;
    assert_eq!(sent.leads(), "/settings/alerts?done=kept");
    let secret = Secret::new("Iris et Lys 7!".to_owned());
    assert!(post.first() == Some((mail(), Some(secret))));
    let text = plain(&doctor.get(sent.leads()).await);
    for said in [
        "<h1>Hygie prévient par un seul chemin.</h1>",
        "Le chemin est gardé. Envoyez un essai",
        "Par e-mail, à dr@cabinet.example, aide@martin.example",
        "Par smtp.cabinet.example, port 587, au nom de hygie@cabinet.example",
        "Compte hygie, mot de passe gardé par le service d'envoi",
        "value=\"smtp.cabinet.example\"",
        "<option value=\"start_tls\" selected>",
        ">dr@cabinet.example\naide@martin.example</textarea>",
        "Laissez vide pour garder celui de ce compte.",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    let told = kinds(&console).await;
    assert!(
        told.len() == 1 && told[0].starts_with("alert.road-set"),
        "{told:?}"
    );
    assert!(told[0].contains("\"to\":\"dr@cabinet.example, aide@martin.example\""));
    let journal = plain(&doctor.get("/journal").await);
    assert!(
        journal.contains("a réglé le premier chemin des alertes : e-mail à dr@cabinet.example"),
        "{journal}"
    );
    for seen in [&text, &told[0], &journal] {
        assert!(!seen.contains("Iris"), "{seen}");
    }
    // Another addressee, the same account: the password stays where it is.
    let mut fields = with("to", "dr@cabinet.example");
    fields.retain(|(name, _)| *name != "password");
    let sent = doctor.post("/settings/alerts/mail", &fields).await;
    assert_eq!(sent.leads(), "/settings/alerts?done=kept");
    assert!(post.first().is_some_and(|(_, secret)| secret.is_none()));
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_beside_its_field_and_changes_nothing() {
    let console = Console::new().await;
    let post = Post::at(&console);
    let mut doctor = console.signed_in(Role::Practitioner).await;
    for (name, value, said) in [
        (
            "server",
            "https://smtp.cabinet.example",
            "Il faut le nom d'un serveur",
        ),
        ("port", "0", "Il faut un nombre de 1 à 65535"),
        ("port", "587a", "Il faut un nombre de 1 à 65535"),
        (
            "user",
            &"x".repeat(201),
            "Ce nom ne peut pas être celui d'un compte",
        ),
        ("password", "", "Il faut l'utilisateur et son mot de passe"),
        ("from", "Dr Durand", "Il faut une adresse simple"),
        ("to", "", "Il faut de une à 8 adresses simples"),
        (
            "to",
            "dr@cabinet.example; non",
            "Il faut de une à 8 adresses simples",
        ),
    ] {
        let shown = doctor
            .post("/settings/alerts/mail", &with(name, value))
            .await;
        let text = plain(&shown);
        assert_eq!(shown.status, StatusCode::OK);
        assert!(
            text.contains(&format!("id=\"first-{name}-e\">{said}")),
            "{name} {text}"
        );
        assert!(
            text.contains(&format!("first-{name}-e\" aria-invalid=\"true\"")),
            "{name}"
        );
        // The form is open, and holds what was typed, but for the password.
        assert_eq!(text.matches("<details open>").count(), 1);
        let typed = if name == "server" {
            "hygie@cabinet.example"
        } else {
            "smtp.cabinet.example"
        };
        assert!(text.contains(&format!("value=\"{typed}")), "{text}");
        assert!(!text.contains("Iris"));
    }
    let hook = [
        ("slot", "second"),
        ("url", "http://alertes.example/h"),
        ("key", ""),
    ];
    let text = plain(&doctor.post("/settings/alerts/webhook", &hook).await);
    assert!(text.contains("id=\"second-url-e\">Il faut une adresse qui commence par https://"));
    let hook = [
        ("slot", "second"),
        ("url", "https://alertes.example/h"),
        ("key", "Iris"),
    ];
    let text = plain(&doctor.post("/settings/alerts/webhook", &hook).await);
    assert!(text.contains("id=\"second-key-e\">Ce secret n'en est pas un"));
    assert!(text.contains("value=\"https://alertes.example/h\"") && !text.contains("Iris"));
    assert!(post.first().is_none());
    assert_eq!(kinds(&console).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_password_goes_to_no_other_server() {
    let console = Console::new().await;
    let post = Post::at(&console);
    let mut doctor = console.signed_in(Role::Practitioner).await;
    doctor.post("/settings/alerts/mail", &FIELDS).await;
    let mut fields = with("server", "smtp.evil.example");
    fields.retain(|(name, _)| *name != "password");
    let text = plain(&doctor.post("/settings/alerts/mail", &fields).await);
    assert!(text.contains("id=\"first-password-e\">"), "{text}");
    assert_eq!(post.first().unwrap().0, mail());
}

#[tokio::test]
async fn a_webhook_is_set_as_second_road_and_removed() {
    let console = Console::new().await;
    let post = Post::at(&console);
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let hook = [
        ("slot", "second"),
        ("url", "https://alertes.example/jeton-7"),
        ("key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ];
    let sent = doctor.post("/settings/alerts/webhook", &hook).await;
    assert_eq!(sent.leads(), "/settings/alerts?done=kept");
    let text = page(&mut doctor).await;
    assert!(
        text.contains("<h1>Il manque le premier chemin.</h1>"),
        "{text}"
    );
    assert!(text.contains("Par webhook, à https://alertes.example/jeton-7"));
    assert!(text.contains("Chaque envoi est signé") && !text.contains("whsec_Mf"));
    // Its path may be a secret: the journal has the host.
    let told = kinds(&console).await;
    assert!(told[0].contains("\"to\":\"alertes.example\"") && !told[0].contains("jeton"));
    doctor.post("/settings/alerts/mail", &FIELDS).await;
    assert!(
        page(&mut doctor)
            .await
            .contains("<h1>Hygie prévient par deux chemins.</h1>")
    );
    let sent = doctor
        .post("/settings/alerts/drop", &[("slot", "second")])
        .await;
    assert_eq!(sent.leads(), "/settings/alerts?done=dropped");
    let text = plain(&doctor.get(sent.leads()).await);
    assert!(text.contains("Le chemin est retiré, et son secret avec lui."));
    assert!(text.contains("<h1>Hygie prévient par un seul chemin.</h1>"));
    assert!(post.0.lock().unwrap().second.is_none());
    let told = kinds(&console).await;
    assert!(told[2].starts_with("alert.road-dropped") && told[2].contains("second"));
}

/// What a server says, to how many addresses not, and how it is told.
const SAID: [(Option<Trouble>, usize, &str, &str); 15] = [
    (
        None,
        0,
        "Le serveur a accepté l'essai. Regardez maintenant",
        "The server accepted the try.",
    ),
    (
        None,
        1,
        "sauf pour une adresse dont il ne veut pas",
        "but for one address",
    ),
    (None, 2, "sauf pour 2 adresses", "but for 2 addresses"),
    (
        Some(Trouble::NoRoad),
        0,
        "aucun chemin n'est réglé ici",
        "no road is set here",
    ),
    (
        Some(Trouble::NameUnknown),
        0,
        "personne ne connaît ce nom",
        "nobody knows this",
    ),
    (
        Some(Trouble::NotReached),
        0,
        "ne prend pas la connexion",
        "does not take the connection",
    ),
    (
        Some(Trouble::TlsRefused),
        0,
        "ne chiffre pas la connexion",
        "does not encrypt",
    ),
    (
        Some(Trouble::CertificateRefused),
        0,
        "le certificat du serveur",
        "the server's certificate",
    ),
    (
        Some(Trouble::LoginRefused),
        0,
        "refuse l'utilisateur ou le mot de passe",
        "refuses user or password",
    ),
    (
        Some(Trouble::AddressRefused),
        0,
        "refuse l'expéditeur",
        "refuses the sender",
    ),
    (
        Some(Trouble::Refused { code: 552 }),
        0,
        "avec le code 552",
        "with the code 552",
    ),
    (
        Some(Trouble::Later { code: 451 }),
        0,
        "pour l'instant, avec le code 451",
        "for now, with the code 451",
    ),
    (
        Some(Trouble::TooSlow),
        0,
        "Il a peut-être pris l'essai",
        "may have taken the try",
    ),
    (
        Some(Trouble::BrokenOff),
        0,
        "La connexion s'est coupée",
        "The connection broke",
    ),
    (
        Some(Trouble::Full),
        0,
        "10 par minute et 200 par jour",
        "10 a minute and 200 a day",
    ),
];

#[tokio::test]
async fn a_try_tells_what_the_server_said() {
    let console = Console::new().await;
    let post = Post::at(&console);
    let mut doctor = console.signed_in(Role::Practitioner).await;
    doctor.post("/settings/alerts/mail", &FIELDS).await;
    for (trouble, left_out, french, english) in SAID {
        post.says(trouble, left_out);
        let sent = doctor
            .post("/settings/alerts/try", &[("slot", "first")])
            .await;
        assert!(
            sent.leads()
                .starts_with("/settings/alerts?slot=first&said="),
            "{sent:?}"
        );
        for (language, said) in [("fr", french), ("en", english)] {
            doctor.language = language;
            let text = plain(&doctor.get(sent.leads()).await);
            assert!(
                text.contains(said) && text.contains("role=\"status\""),
                "{said} in {text}"
            );
        }
        doctor.language = "fr";
    }
    let (slot, letter) = post.0.lock().unwrap().letters[0].clone();
    assert_eq!(slot, Slot::First);
    assert!(hygie_post::is_letter(&letter), "{letter:?}");
    assert!(letter.subject.contains("ceci est un essai"), "{letter:?}");
    assert!(
        letter.text.contains("https://hygie-cabinet.local:8443/"),
        "{letter:?}"
    );
    let told = kinds(&console).await;
    assert!(told[1].starts_with("alert.road-tried"), "{told:?}");
    // What no try said is not shown.
    for made_up in [
        "said=well",
        "said=taken",
        "slot=third&said=taken",
        "slot=first&said=refused&number=x",
    ] {
        let shown = doctor.get(&format!("/settings/alerts?{made_up}")).await;
        assert!(!plain(&shown).contains("essai.</"), "{made_up}");
    }
}

#[tokio::test]
async fn a_post_that_does_not_answer_is_told_and_nothing_is_done() {
    let console = Console::new().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let text = page(&mut doctor).await;
    assert!(
        text.contains("son service d'envoi ne répond pas."),
        "{text}"
    );
    for (path, fields) in [
        ("/settings/alerts/mail", &FIELDS[..]),
        ("/settings/alerts/drop", &[("slot", "first")]),
        ("/settings/alerts/try", &[("slot", "first")]),
    ] {
        let shown = doctor.post(path, fields).await;
        assert_eq!(shown.status, StatusCode::BAD_GATEWAY, "{path}");
        assert!(plain(&shown).contains("Le service d'envoi ne répond pas."));
    }
}

#[tokio::test]
async fn a_post_that_refuses_is_no_success() {
    let console = Console::new().await;
    console.post(|ask| match ask {
        Ask::State {} => Answer::State {
            first: None,
            second: None,
        },
        Ask::Keep { .. } | Ask::Drop { .. } | Ask::Send { .. } => Answer::Refused {
            why: Refusal::Failed,
        },
    });
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let shown = doctor.post("/settings/alerts/mail", &FIELDS).await;
    assert_eq!(shown.status, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn who_may_see_and_try_does_not_change() {
    let console = Console::new().await;
    let post = Post::at(&console);
    console
        .signed_in(Role::Practitioner)
        .await
        .post("/settings/alerts/mail", &FIELDS)
        .await;
    let mut provider = console.signed_in(Role::ItProvider).await;
    let text = page(&mut provider).await;
    assert!(
        text.contains("Envoyer un essai") && !text.contains("<details"),
        "{text}"
    );
    assert!(!text.contains("Retirer ce chemin"));
    let mut fields = with("to", "pirate@evil.example");
    for _ in 0..2 {
        let shown = provider.post("/settings/alerts/mail", &fields).await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN);
        fields.retain(|(name, _)| *name != "password");
    }
    let sent = provider
        .post("/settings/alerts/try", &[("slot", "first")])
        .await;
    assert!(sent.leads().contains("said=taken"));
    for role in [Role::Assistant, Role::MonitoringOperator] {
        let mut browser = console.signed_in(role).await;
        let shown = browser.get("/settings/alerts").await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{role:?}");
        let shown = browser
            .post("/settings/alerts/try", &[("slot", "first")])
            .await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{role:?}");
    }
    assert_eq!(post.first().unwrap().0, mail());
}

#[tokio::test]
async fn where_alerts_go_is_changed_by_who_has_just_signed_in() {
    let console = Console::new().await;
    let post = Post::at(&console);
    let doctor = console.add(7, "Dr Garnier", Role::Practitioner).await;
    let long_ago = Wall(NOW.0 - 11 * 60 * 1_000_000_000);
    let mut browser = console.browser_since(doctor.id, long_ago).await;
    assert_eq!(browser.get("/settings/alerts").await.status, StatusCode::OK);
    let sent = browser.post("/settings/alerts/mail", &FIELDS).await;
    assert!(sent.leads().starts_with("/signin"), "{sent:?}");
    assert!(post.first().is_none());
}
