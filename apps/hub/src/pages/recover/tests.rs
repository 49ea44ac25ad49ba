//! Ways back: a code of the sheet serves once; a second person's word opens after a day, in the browser that asked.

use axum::http::StatusCode;
use hygie_identity::{
    recovery::{CODES, Confirmer, Rung, Sheet, Stage},
    secret::{CODE_BYTES, Purpose},
};
use hygie_model::{PersonId, Role, Wall};
use hygie_store::{CredentialKind, Digest, Person};
use uuid::Uuid;

use crate::{
    core::rungs,
    pages::{
        me::{keep_sheet, sheet_of},
        people::tests::{Held, plain},
    },
    web::testing::{Browser, Console, NOW},
};

const CLAIRE: u128 = 7;
const DAY: i64 = 86_400_000_000_000;

async fn with_sheet(console: &Console) -> (Person, Vec<String>) {
    let claire = console.add(CLAIRE, "Claire Morin", Role::Assistant).await;
    let mut random = [[0x5a; CODE_BYTES]; CODES];
    for (number, code) in random.iter_mut().enumerate() {
        code[0] = u8::try_from(number).unwrap();
    }
    let (codes, sheet) = Sheet::make(random, NOW);
    let held = Held::of(console).await;
    let digests: Vec<Digest> = codes
        .iter()
        .map(|code| Digest(*code.digest(Purpose::Recovery).as_bytes()))
        .collect();
    held.here()
        .set_recovery_codes(claire.id, &digests, NOW)
        .await
        .unwrap();
    keep_sheet(held.here(), claire.id, &sheet, NOW)
        .await
        .unwrap();
    let codes = codes
        .iter()
        .map(|code| code.to_text().expose().to_owned())
        .collect();
    (claire, codes)
}

async fn try_code(browser: &mut Browser, login: &str, code: &str) -> String {
    let shown = browser
        .post("/signin/recover", &[("login", login), ("code", code)])
        .await;
    if shown.leads().is_empty() {
        plain(&shown)
    } else {
        shown.leads().to_owned()
    }
}

#[tokio::test]
async fn a_code_of_the_sheet_serves_once() {
    let console = Console::new().await;
    let (claire, codes) = with_sheet(&console).await;
    let mut browser = console.browser();
    assert!(
        plain(&browser.get("/signin").await)
            .contains("href=\"/signin/recover\">Je n'arrive pas à entrer")
    );
    let text = plain(&browser.get("/signin/recover").await);
    assert!(text.contains("Vous n'arrivez pas à entrer."), "{text}");
    browser.language = "en";
    assert!(plain(&browser.get("/signin/recover").await).contains("You cannot get in."));
    browser.language = "fr";
    assert_eq!(
        try_code(&mut browser, " Claire.Morin", &codes[0].to_lowercase()).await,
        "/me"
    );
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    let held = Held::of(&console).await;
    assert_eq!(held.here().recovery_codes_left(claire.id).await.unwrap(), 7);
    let sheet = sheet_of(held.here(), claire.id).await.unwrap().unwrap();
    assert_eq!(
        sheet.state(),
        hygie_identity::recovery::SheetState::Good { left: 7 }
    );
    let lines = held.lines().await;
    assert!(
        lines.contains("recovery-sheet") && !lines.contains(&codes[0]),
        "{} {lines}",
        codes[0]
    );
    let mut other = console.browser();
    let said = try_code(&mut other, "claire.morin", &codes[0]).await;
    assert!(said.contains("l'un des deux n'est pas le bon"), "{said}");
}

#[tokio::test]
async fn every_wrong_try_costs_a_wait_whoever_exists() {
    let console = Console::new().await;
    let (claire, codes) = with_sheet(&console).await;
    for login in ["claire.morin", "nobody"] {
        let mut browser = console.browser();
        browser.address = "192.0.2.9".parse().unwrap();
        let first = try_code(&mut browser, login, "AAAA-AAAA-AAAA-AAAA").await;
        assert!(
            first.contains("l'un des deux n'est pas le bon"),
            "{login} {first}"
        );
        // Even the right one, in the same moment.
        let second = try_code(&mut browser, login, &codes[1]).await;
        assert!(
            second.contains("Trop d'essais de suite."),
            "{login} {second}"
        );
    }
    let held = Held::of(&console).await;
    assert_eq!(held.here().recovery_codes_left(claire.id).await.unwrap(), 8);
}

#[tokio::test]
async fn who_left_does_not_come_back_by_her_sheet() {
    let console = Console::new().await;
    let (claire, codes) = with_sheet(&console).await;
    let held = Held::of(&console).await;
    held.here().close_person(claire.id, NOW).await.unwrap();
    let said = try_code(&mut console.browser(), "claire.morin", &codes[0]).await;
    assert!(said.contains("l'un des deux n'est pas le bon"), "{said}");
}

/// Moves a recovery back in time, as if it had been confirmed then.
async fn confirmed(held: &Held<'_>, person: PersonId, at: Wall) {
    let kept = rungs::of(held.here(), person, NOW).await.unwrap().unwrap();
    let (mut rung, _) = Rung::ask(kept.rung.id, person, None, at).unwrap();
    let by = Confirmer::Person {
        person: PersonId(Uuid::from_u128(100)),
        role: Role::Practitioner,
    };
    rung.confirm(by, at).unwrap();
    assert!(
        rungs::put(held.here(), Some(&kept), &rung, NOW)
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_second_person_and_a_day_lead_back_in_this_browser() {
    let console = Console::new().await;
    let (claire, _) = with_sheet(&console).await;
    let held = Held::of(&console).await;
    held.give(CLAIRE, CredentialKind::Password, 1).await;
    let mut old = console.browser_of(claire.id).await;
    let mut browser = console.browser();
    let asked = browser
        .post("/signin/recover/ask", &[("login", "claire.morin")])
        .await;
    assert_eq!(asked.leads(), "/signin/recover");
    let kept = rungs::of(held.here(), claire.id, NOW)
        .await
        .unwrap()
        .unwrap();
    let text = plain(&browser.get("/signin/recover").await);
    assert!(text.contains(&rungs::control(kept.rung.id)), "{text}");
    assert!(text.contains("Appelez maintenant quelqu'un du cabinet."));
    assert_eq!(
        browser.post("/signin/recover/finish", &[]).await.leads(),
        ""
    );

    confirmed(&held, claire.id, NOW).await;
    let text = plain(&browser.get("/signin/recover").await);
    assert!(text.contains("le 25 novembre 2026 à 08:12"), "{text}");
    assert_eq!(
        browser.post("/signin/recover/finish", &[]).await.leads(),
        ""
    );
    assert_eq!(
        old.get("/me").await.status,
        StatusCode::OK,
        "nothing ended yet"
    );

    confirmed(&held, claire.id, Wall(NOW.0 - DAY - 1)).await;
    let text = plain(&browser.get("/signin/recover").await);
    assert!(
        text.contains("Vous pouvez revenir.") && text.contains("btn--main"),
        "{text}"
    );
    // Who did not ask in his browser does not come in by it.
    let mut thief = console.browser();
    assert_eq!(thief.post("/signin/recover/finish", &[]).await.leads(), "");
    assert!(thief.get("/me").await.leads().starts_with("/signin"));

    assert_eq!(
        browser.post("/signin/recover/finish", &[]).await.leads(),
        "/me"
    );
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    assert!(
        old.get("/me").await.leads().starts_with("/signin"),
        "what she had is worth nothing"
    );
    assert_eq!(held.here().credentials(claire.id).await.unwrap(), []);
    assert_eq!(held.here().recovery_codes_left(claire.id).await.unwrap(), 0);
    assert_eq!(sheet_of(held.here(), claire.id).await.unwrap(), None);
    let kept = rungs::of(held.here(), claire.id, NOW)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.rung.stage(NOW), Stage::Done);
    let lines = held.lines().await;
    assert!(
        lines.contains("person.recovery-asked") && lines.contains("second-person"),
        "{lines}"
    );
}

#[tokio::test]
async fn asking_tells_a_stranger_nothing_and_a_second_request_changes_nothing() {
    let console = Console::new().await;
    let (claire, _) = with_sheet(&console).await;
    let held = Held::of(&console).await;
    let mut nobody = console.browser();
    nobody.address = "192.0.2.9".parse().unwrap();
    let asked = nobody
        .post("/signin/recover/ask", &[("login", "nobody")])
        .await;
    assert_eq!(asked.leads(), "/signin/recover");
    let text = plain(&nobody.get("/signin/recover").await);
    assert!(
        text.contains("Appelez maintenant quelqu'un du cabinet."),
        "{text}"
    );
    assert!(!held.lines().await.contains("recovery-asked"));

    console
        .browser()
        .post("/signin/recover/ask", &[("login", "claire.morin")])
        .await;
    let first = rungs::of(held.here(), claire.id, NOW)
        .await
        .unwrap()
        .unwrap()
        .rung;
    let mut second = console.browser();
    second.address = "192.0.2.10".parse().unwrap();
    second
        .post("/signin/recover/ask", &[("login", "claire.morin")])
        .await;
    let text = plain(&second.get("/signin/recover").await);
    assert!(
        text.contains("Appelez maintenant") && !text.contains(&rungs::control(first.id)),
        "{text}"
    );
    assert_eq!(
        rungs::of(held.here(), claire.id, NOW)
            .await
            .unwrap()
            .unwrap()
            .rung,
        first
    );
    // Without a name nothing is asked for.
    let empty = console
        .browser()
        .post("/signin/recover/ask", &[("login", " ")])
        .await;
    assert!(plain(&empty).contains("id=\"ask-e\""));
}

/// What `hygie hub recover` leaves for the hub.
fn left_by_root(console: &Console, login: &str) -> String {
    let made = crate::recovery(login).unwrap();
    let waits: serde_json::Value = serde_json::from_slice(&made.note).unwrap();
    // Made by the system's clock; here it is another time.
    let mut waits = waits;
    waits["made"] = serde_json::to_value(NOW).unwrap();
    std::fs::write(&console.hub.recovery, waits.to_string()).unwrap();
    made.code.expose().to_owned()
}

#[tokio::test]
async fn root_lets_one_practitioner_back_in_once_and_everybody_reads_it() {
    let console = Console::new().await;
    let claire = console
        .add(CLAIRE, "Claire Morin", Role::Practitioner)
        .await;
    let mut desk = console.signed_in(Role::Assistant).await;
    let mut stolen = console.browser_of(claire.id).await;
    let code = left_by_root(&console, " Claire.Morin");
    // From the network it is not even looked at, and it is of one name.
    for (address, login) in [("192.0.2.9", "claire.morin"), ("127.0.0.1", "paul")] {
        let mut browser = console.browser();
        browser.address = address.parse().unwrap();
        let said = try_code(&mut browser, login, &code).await;
        assert!(said.contains("l'un des deux n'est pas le bon"), "{said}");
    }
    let mut browser = console.browser();
    assert_eq!(try_code(&mut browser, "claire.morin", &code).await, "/me");
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    // Who had her session has it no longer.
    assert!(stolen.get("/me").await.leads().starts_with("/signin"));
    // It serves once.
    let mut other = console.browser();
    let said = try_code(&mut other, "claire.morin", &code).await;
    assert!(!said.starts_with('/'), "{said}");
    for reader in [&mut browser, &mut desk] {
        let today = plain(&reader.get("/").await);
        assert!(
            today.contains("L'accès de Claire Morin a été rouvert le"),
            "{today}"
        );
    }
    let lines = Held::of(&console).await.lines().await;
    assert!(
        lines.contains("person.recovery-by-root") && !lines.contains(&code),
        "{lines}"
    );
    let mut owner = console.browser_of(claire.id).await;
    let journal = plain(&owner.get("/journal").await);
    assert!(
        journal.contains("rouvert par l'administration du poste"),
        "{journal}"
    );
}

#[tokio::test]
async fn a_code_of_root_opens_for_no_other_role_and_not_for_ever() {
    let console = Console::new().await;
    console.add(CLAIRE, "Claire Morin", Role::Assistant).await;
    let code = left_by_root(&console, "claire.morin");
    let mut browser = console.browser();
    let said = try_code(&mut browser, "claire.morin", &code).await;
    assert!(said.contains("l'un des deux n'est pas le bon"), "{said}");
    console.add(8, "Paul Benali", Role::Practitioner).await;
    let code = left_by_root(&console, "paul.benali");
    let file = &console.hub.recovery;
    let text = std::fs::read_to_string(file).unwrap();
    let mut waits: serde_json::Value = serde_json::from_str(&text).unwrap();
    waits["made"] = serde_json::to_value(Wall(NOW.0 - 30 * 60_000_000_000 - 1)).unwrap();
    for left in [waits.to_string(), text[..20].to_owned(), String::new()] {
        std::fs::write(file, left).unwrap();
        let mut browser = console.browser();
        browser.address = "127.0.0.1".parse().unwrap();
        let said = try_code(&mut browser, "paul.benali", &code).await;
        assert!(!said.starts_with('/'), "{said}");
    }
}
