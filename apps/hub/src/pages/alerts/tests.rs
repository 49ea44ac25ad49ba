//! What is told of a practice's day, to whom, and what became of it: the watch looks minute by minute, the post answers as a test says.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use hygie_acts::State;
use hygie_model::{
    Cause, DeviceId, Exception, Protection, Role, Wall,
    letter::{Letter, Slot, Trouble},
};
use hygie_store::{Alert, Certificate, Digest, Duty, Json, NewDevice};
use hygie_wire::post::{Answer, Ask};
use uuid::Uuid;

use crate::{
    core::{alerts, journal::Note},
    pages::incidents::sample::{Guard, ago, incident},
    web::testing::{Console, Shown},
};

fn plain(shown: &Shown) -> String {
    shown
        .body
        .replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
}

/// A post that remembers what it was given.
#[derive(Clone, Default)]
struct Post(Arc<Mutex<Vec<(Slot, Letter)>>>, Arc<Mutex<Option<Trouble>>>);

impl Post {
    fn of(console: &Console) -> Self {
        let post = Self::default();
        let own = post.clone();
        console.post(move |ask| own.answer(ask));
        post
    }

    fn answer(&self, ask: Ask) -> Answer {
        match ask {
            Ask::State {} => Answer::State {
                first: None,
                second: None,
            },
            Ask::Keep { .. } => Answer::Kept {},
            Ask::Drop { .. } => Answer::Dropped {},
            Ask::Send { slot, letter, .. } => match *self.1.lock().unwrap() {
                Some(trouble) => Answer::NotTaken { trouble },
                None => {
                    self.0.lock().unwrap().push((slot, letter));
                    Answer::Taken {
                        left_out: Vec::new(),
                    }
                }
            },
        }
    }

    /// All but those that tell of the signer alone, which no test here has.
    fn letters(&self) -> Vec<(Slot, Letter)> {
        let mut letters = self.0.lock().unwrap().clone();
        letters.retain(|(_, letter)| {
            letter.subject.contains("lire maintenant")
                || !letter.text.contains("qui signe les certificats")
                || !letter.subject.contains("un avis")
        });
        letters
    }
}

/// Looks each so many seconds.
async fn watch(console: &Console, from: u64, to: u64, step: usize) {
    for at in (to..=from).rev().step_by(step) {
        alerts::minute(&console.hub, seconds_ago(at)).await.unwrap();
    }
}

fn seconds_ago(seconds: u64) -> Wall {
    ago(i64::try_from(seconds).unwrap())
}

/// All alerts but those of the signer, which no test here has.
async fn told(console: &Console) -> Vec<Alert> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let all = console.hub.of(&practice).alerts(None, 100).await.unwrap();
    let mut all = all.items;
    all.retain(|alert| !alert.about.starts_with("signer"));
    all
}

async fn device(console: &Console, number: u8, name: &str, seen: Wall) -> DeviceId {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
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
    device.id
}

fn lost() -> Protection {
    Protection::NotProtected {
        since: ago(1),
        cause: Cause::GuardGone,
    }
}

#[tokio::test]
async fn a_silent_device_is_told_and_one_that_sleeps_is_not() {
    let console = Console::new().await;
    let (_guard, post) = (Guard::of(&console), Post::of(&console));
    device(&console, 1, "Accueil", ago(3_600)).await;
    let sleeper = device(&console, 2, "Portable", ago(3_600)).await;
    let practice = console.hub.practice().await.unwrap().unwrap();
    let left = Duty {
        who: sleeper.0.to_string(),
        what: crate::devices::LEFT.to_owned(),
        state: crate::devices::ASLEEP.to_owned(),
        since: ago(3_600),
        well: None,
        heard: ago(3_600),
        body: Json::empty(),
    };
    console.hub.of(&practice).hear_duty(&left).await.unwrap();
    watch(&console, 3_600, 2_000, 60).await;
    let alerts = told(&console).await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert!(alerts[0].about.starts_with("device ") && alerts[0].given.is_some());
    let [(Slot::First, letter)] = &post.letters()[..] else {
        panic!("{:?}", post.letters());
    };
    assert!(
        letter
            .text
            .contains("Le poste Accueil ne donne plus de nouvelles")
    );
    assert!(
        letter
            .text
            .contains("https://hygie-cabinet.local:8443/alerts")
    );
    assert!(!letter.text.contains("Portable"));
    let mut browser = console.signed_in(Role::Assistant).await;
    let page = plain(&browser.get("/alerts").await);
    assert!(page.contains("Un avis attend d'être lu."), "{page}");
    assert!(
        page.contains("Nouvelles du poste Portable") && page.contains("Éteint ou en veille depuis")
    );
    let today = plain(&browser.get("/").await);
    assert!(
        today.contains("Regardez le poste Accueil")
            && !today.contains("Regardez le poste Portable"),
        "{today}"
    );
    // Who is retired is watched no more.
    let retired = DeviceId(Uuid::from_u128(1));
    let practice = console.hub.of(&practice);
    practice.retire_device(retired, ago(1_990)).await.unwrap();
    watch(&console, 1_940, 1_880, 60).await;
    assert!(told(&console).await[0].ended.is_some());
    let page = plain(&browser.get("/alerts").await);
    assert!(!page.contains("Nouvelles du poste Accueil"), "{page}");
}

#[tokio::test]
async fn a_guard_that_comes_and_goes_is_one_alert() {
    let console = Console::new().await;
    let (guard, post) = (Guard::of(&console), Post::of(&console));
    for round in 0..15_u64 {
        let lost = round.is_multiple_of(2);
        guard.with(|world| {
            world.protection = if lost {
                self::lost()
            } else {
                Protection::Protected
            };
        });
        let from = 4_000 - round * 240;
        watch(&console, from, from - 180, 60).await;
    }
    let alerts = told(&console).await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(post.letters().len(), 1);
    let mut browser = console.signed_in(Role::Practitioner).await;
    let page = plain(&browser.get("/alerts").await);
    assert!(page.contains("C'est arrivé et reparti"), "{page}");
}

#[tokio::test]
async fn what_heals_by_itself_is_told_once_and_read_once() {
    let console = Console::new().await;
    let (guard, post) = (Guard::of(&console), Post::of(&console));
    guard.with(|world| world.protection = lost());
    watch(&console, 4_000, 3_400, 60).await;
    guard.with(|world| world.protection = Protection::Protected);
    watch(&console, 3_340, 600, 60).await;
    let [alert] = &told(&console).await[..] else {
        panic!("{:?}", told(&console).await);
    };
    assert!(alert.ended.is_some() && alert.read.is_none());
    assert_eq!(post.letters().len(), 1);
    let mut browser = console.signed_in(Role::Practitioner).await;
    let today = plain(&browser.get("/").await);
    assert!(today.contains("C'était terminé tout seul le"), "{today}");
    let id = alert.id.to_string();
    let done = browser
        .post("/alerts/read", &[("id", &id), ("page", "alerts")])
        .await;
    assert_eq!(done.leads(), "/alerts?done=read");
    let page = plain(&browser.get("/alerts?done=read").await);
    assert!(page.contains("Lu par Practitioner le"), "{page}");
    assert!(page.contains("Parti par la première voie le"));
    let mut other = console.signed_in(Role::Assistant).await;
    let today = plain(&other.get("/").await);
    assert!(!today.contains("C'était terminé tout seul"), "read for all");
}

#[tokio::test]
async fn the_night_is_quiet_but_for_what_cannot_wait() {
    let console = Console::new().await;
    let (guard, post) = (Guard::of(&console), Post::of(&console));
    let asked = |world: &mut crate::pages::incidents::sample::World| world.protection = lost();
    guard.with(asked);
    // From 22:12 on.
    watch(&console, 36_000, 10_000, 240).await;
    assert_eq!(told(&console).await.len(), 1);
    assert!(post.letters().is_empty(), "{:?}", post.letters());
    guard.with(|world| world.incidents = vec![incident(4, State::Stopped)]);
    watch(&console, 9_760, 9_000, 240).await;
    let letters = post.letters();
    let (_, first) = &letters[0];
    assert_eq!(first.subject, "Hygie\u{a0}: à lire maintenant");
    assert!(first.text.contains("Hygie a arrêté un programme"));
    // Settled: nothing more is told of it.
    guard.with(|world| world.set(4, State::Undone));
    watch(&console, 8_760, 8_000, 240).await;
    let alerts = told(&console).await;
    let settled = alerts.iter().find(|it| it.about == "incident here 4");
    assert!(settled.unwrap().ended.is_some());
}

#[tokio::test]
async fn a_dead_post_and_what_it_could_not_send_stand_on_every_page() {
    let console = Console::new().await;
    let _guard = Guard::of(&console);
    watch(&console, 240, 0, 60).await;
    for role in Role::ALL {
        let mut browser = console.signed_in(role).await;
        let page = if role == Role::MonitoringOperator {
            "/incidents"
        } else {
            "/me"
        };
        let shown = browser.get(page).await;
        assert_eq!(shown.status, StatusCode::OK, "{role:?}");
        assert!(
            plain(&shown).contains("Le service qui envoie les avis ne répond pas depuis le"),
            "{role:?} {}",
            shown.body
        );
        assert_eq!(
            shown.body.contains("href=\"/alerts\""),
            role != Role::MonitoringOperator
        );
    }
}

#[tokio::test]
async fn what_no_road_takes_is_on_every_page_until_it_is_read() {
    let console = Console::new().await;
    let (guard, post) = (Guard::of(&console), Post::of(&console));
    *post.1.lock().unwrap() = Some(Trouble::NoRoad);
    guard.with(|world| world.incidents = vec![incident(4, State::Stopped)]);
    watch(&console, 120, 0, 60).await;
    let mut browser = console.signed_in(Role::Assistant).await;
    browser.language = "en";
    let shown = plain(&browser.get("/me").await);
    assert!(
        shown.contains("A notice could not be sent to you."),
        "{shown}"
    );
    let page = plain(&browser.get("/alerts").await);
    assert!(page.contains("this road is not set"), "{page}");
    let id = told(&console).await[0].id.to_string();
    browser.post("/alerts/read", &[("id", &id)]).await;
    let shown = plain(&browser.get("/me").await);
    assert!(!shown.contains("could not be sent"), "{shown}");
}

#[tokio::test]
async fn a_watch_that_stopped_is_told_by_the_next_page() {
    let console = Console::new().await;
    let (_guard, _post) = (Guard::of(&console), Post::of(&console));
    watch(&console, 900, 900, 60).await;
    let mut browser = console.signed_in(Role::ItProvider).await;
    let shown = plain(&browser.get("/me").await);
    assert!(
        shown.contains("Hygie ne surveille plus ce qui doit vous être dit"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_new_key_and_many_wrong_tries_are_told() {
    let console = Console::new().await;
    let (_guard, post) = (Guard::of(&console), Post::of(&console));
    let claire = console.add(7, "Claire Morin", Role::Assistant).await;
    let facts = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&facts);
    let journal = &console.hub.journal;
    let tell = async |kind, note, at| journal.tell(practice, kind, note, at).await.unwrap();
    tell("person.passkey-added", Note::by(claire.id), ago(900)).await;
    // What was before the first look is nobody's news.
    watch(&console, 800, 800, 60).await;
    assert!(told(&console).await.is_empty());
    tell("person.passkey-added", Note::by(claire.id), ago(790)).await;
    for _ in 0..20 {
        tell("person.refused", Note::default(), ago(780)).await;
    }
    watch(&console, 740, 600, 60).await;
    let about: Vec<String> = told(&console)
        .await
        .into_iter()
        .map(|it| it.about)
        .collect();
    assert_eq!(about.len(), 2, "{about:?}");
    let text = &post.letters()[0].1.text;
    assert!(
        text.contains("Une clé d'accès a été ajoutée pour Claire Morin."),
        "{text}"
    );
    assert!(text.contains("beaucoup de mots de passe"), "{text}");
}

#[tokio::test]
async fn no_letter_holds_a_file_or_a_program() {
    let console = Console::new().await;
    let (guard, post) = (Guard::of(&console), Post::of(&console));
    device(
        &console,
        1,
        "../../Accueil\u{202e}<b>.pdf\r\nBcc: x",
        ago(4_000),
    )
    .await;
    let path = "/srv/cabinet/Secret_IRM.odt".to_owned();
    guard.with(|world| {
        world.incidents = vec![incident(4, State::Stopped)];
        world.protection = Protection::ProtectedBut {
            exceptions: vec![Exception::OpenBefore { path: path.clone() }],
        };
    });
    watch(&console, 4_000, 100, 120).await;
    let letters = post.letters();
    assert!(!letters.is_empty());
    for (_, letter) in letters {
        let text = letter
            .text
            .replace("https://hygie-cabinet.local:8443/alerts", "");
        for bad in [
            "Secret",
            "srv",
            "odt",
            "visionneuse",
            "/",
            "\\",
            "<",
            "@",
            ".pdf",
            "\r",
            "Bcc:",
        ] {
            assert!(!text.contains(bad), "{bad} in {text}");
        }
        assert!(!letter.subject.contains(['\r', '\n', '<']));
    }
    let rows = told(&console).await;
    assert!(
        rows.iter().any(|row| row.about == "points here"),
        "{rows:?}"
    );
    for row in rows {
        assert!(!row.body.as_str().contains("Secret") && !row.body.as_str().contains("srv"));
    }
}

#[tokio::test]
async fn who_may_says_when_to_be_told() {
    let console = Console::new().await;
    let fields = |from, second| {
        [
            ("from", from),
            ("to", "06:30"),
            ("second", second),
            ("language", "en"),
        ]
    };
    let mut browser = console.signed_in(Role::Practitioner).await;
    let wrong = browser
        .post("/alerts/settings", &fields("25:00", "99"))
        .await;
    assert!(wrong.body.contains("qs-e") && wrong.body.contains("id=\"qe\""));
    let done = browser
        .post("/alerts/settings", &fields("21:00", "2"))
        .await;
    assert_eq!(done.leads(), "/alerts/settings?done=saved");
    let shown = browser.get("/alerts/settings").await;
    assert!(shown.body.contains("value=\"21:00\"") && shown.body.contains("value=\"2\""));
    let practice = console.hub.practice().await.unwrap().unwrap();
    let lines = console.hub.of(&practice).lines_from(0, 9).await.unwrap();
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.kind == "alert.wishes")
            .count(),
        1
    );
    let mut provider = console.signed_in(Role::ItProvider).await;
    assert_eq!(
        provider.get("/alerts/settings").await.status,
        StatusCode::OK
    );
    let refused = provider
        .post("/alerts/settings", &fields("01:00", "1"))
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_comes_back_after_days_reads_what_happened() {
    let console = Console::new().await;
    let (guard, _post) = (Guard::of(&console), Post::of(&console));
    let claire = console.add(7, "Claire Morin", Role::Assistant).await;
    console.browser_since(claire.id, ago(300_000)).await;
    watch(&console, 200_000, 200_000, 60).await;
    guard.with(|world| world.incidents = vec![incident(4, State::Stopped)]);
    watch(&console, 900, 840, 60).await;
    let mut browser = console.browser_of(claire.id).await;
    let shown = plain(&browser.get("/").await);
    assert!(
        shown.contains("Depuis votre dernière visite, le 20 novembre 2026"),
        "{shown}"
    );
    // The signer's, too.
    assert!(shown.contains("2 avis, dont 0 terminés depuis."), "{shown}");
    assert!(
        shown.contains("La console était éteinte ou en veille du 22 novembre 2026"),
        "{shown}"
    );
    // Somebody who was here yesterday evening is not told.
    let mut other = console.signed_in(Role::Practitioner).await;
    assert!(!plain(&other.get("/").await).contains("Depuis votre dernière visite"));
}
