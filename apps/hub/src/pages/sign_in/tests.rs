//! Guesses from elsewhere and who may still come in: a browser that signed in before has a lane of its own.

use hygie_identity::{
    password::{self, Password},
    secret::SecretText,
};
use hygie_model::{PersonId, Role, Wall};
use hygie_store::{Credential, CredentialKind, Json};
use totp_rs::{Builder, Secret};
use uuid::Uuid;

use super::password::{KeptCodes, about_codes};
use crate::{
    core::browsers::COOKIE,
    web::testing::{Browser, Console, NOW, Shown},
};

const PASSWORD: &str = "tournevis girafe brume 41";

/// An app for codes.
struct App([u8; 20]);

impl App {
    fn code(&self, at: Wall) -> String {
        let secret = Secret::new_stack(self.0);
        let totp = Builder::new().with_secret(secret).build_noncompliant();
        totp.generate(u64::try_from(at.0 / 1_000_000_000).unwrap())
            .to_string()
    }
}

/// Somebody with a password and an app for codes.
async fn with_password(console: &Console, number: u128, name: &str) -> App {
    let person = console.add(number, name, Role::Practitioner).await;
    let facts = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&facts);
    let own = App([u8::try_from(number).unwrap(); 20]);
    let sealed = console
        .hub
        .seal
        .close(&about_codes(person.id), &own.0)
        .unwrap();
    let kept = KeptCodes { sealed, last: None };
    let typed = Password::of(&SecretText::new(PASSWORD.to_owned())).unwrap();
    let hash = password::hash(&typed, [7; 16]).unwrap();
    for (kind, body) in [
        (CredentialKind::Password, Json::of(&hash.expose()).unwrap()),
        (CredentialKind::Totp, Json::of(&kept).unwrap()),
    ] {
        let credential = Credential {
            id: Uuid::from_u128(number * 10 + kind as u128),
            person: person.id,
            kind,
            handle: None,
            label: String::new(),
            body,
            created: NOW,
            used: None,
        };
        practice.add_credential(&credential).await.unwrap();
    }
    own
}

async fn tries(browser: &mut Browser, login: &str, password: &str, code: &str) -> Shown {
    let fields = [("login", login), ("password", password), ("code", code)];
    browser.post("/signin", &fields).await
}

fn waits(shown: &Shown) -> bool {
    let plain = shown.body.replace(['\u{a0}', '\u{202f}'], " ");
    plain
        .replace("&#39;", "'")
        .contains("Trop d'essais de suite")
}

/// From outside, and from behind the practice's own address: its router, or a machine of it that was taken over.
#[tokio::test]
async fn guesses_from_elsewhere_do_not_make_a_known_browser_wait() {
    let console = Console::new().await;
    let claire = with_password(&console, 7, "Claire Morin").await;
    let mut desk = console.browser();
    desk.address = "10.0.0.5".parse().unwrap();
    let shown = tries(&mut desk, "claire.morin", PASSWORD, &claire.code(NOW)).await;
    assert_eq!(shown.leads(), "/", "{}", shown.body);
    assert!(desk.has(COOKIE));
    desk.post("/signout", &[]).await;
    // Somebody guesses from the same address, and from another one, until both wait.
    for address in ["10.0.0.5", "192.0.2.9"] {
        let mut other = console.browser();
        other.address = address.parse().unwrap();
        tries(&mut other, "claire.morin", "no", "000000").await;
        let second = tries(&mut other, "claire.morin", "no", "000000").await;
        assert!(waits(&second), "{address}: {}", second.body);
        // A cookie that was made up opens no lane.
        other.put(COOKIE, &"A".repeat(43));
        let third = tries(&mut other, "claire.morin", "no", "000000").await;
        assert!(waits(&third), "{address}: {}", third.body);
    }
    // A code serves once, so the next one.
    let next = claire.code(Wall(NOW.0 + 30_000_000_000));
    let shown = tries(&mut desk, "claire.morin", PASSWORD, &next).await;
    assert_eq!(shown.leads(), "/", "{}", shown.body);
}

#[tokio::test]
async fn a_known_browser_waits_for_its_own_guesses_and_is_known_for_who_signed_in_alone() {
    let console = Console::new().await;
    let claire = with_password(&console, 7, "Claire Morin").await;
    let paul = with_password(&console, 8, "Paul Benali").await;
    let mut desk = console.browser();
    let shown = tries(&mut desk, "claire.morin", PASSWORD, &claire.code(NOW)).await;
    assert_eq!(shown.leads(), "/");
    let cookie = desk.value(COOKIE).unwrap();
    desk.post("/signout", &[]).await;
    tries(&mut desk, "claire.morin", "no", "000000").await;
    let shown = tries(&mut desk, "claire.morin", "no", "000000").await;
    assert!(waits(&shown), "{}", shown.body);
    // It says nothing of Paul, whose guesses wait in the lane of strangers; and it does not wait for hers.
    let shown = tries(&mut desk, "paul.benali", PASSWORD, &paul.code(NOW)).await;
    assert_eq!(shown.leads(), "/", "{}", shown.body);
    // Two who share a machine share its cookie.
    assert_eq!(desk.value(COOKIE), Some(cookie));
}

#[tokio::test]
async fn few_browsers_are_remembered_and_the_oldest_goes() {
    let console = Console::new().await;
    let person = PersonId(Uuid::from_u128(7));
    console.add(7, "Claire Morin", Role::Practitioner).await;
    let facts = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&facts);
    let mut cookies = Vec::new();
    for at in 0..20 {
        let made = crate::core::browsers::remember(practice, person, None, Wall(at)).await;
        cookies.push(made.unwrap().unwrap().value().to_owned());
    }
    let mut known = Vec::new();
    for cookie in &cookies {
        let digest = crate::core::browsers::digest(cookie);
        let found = crate::core::browsers::known(practice, person, digest).await;
        known.push(found.unwrap().is_some());
    }
    assert_eq!(known, [vec![false; 4], vec![true; 16]].concat());
    crate::core::browsers::forget(practice, person)
        .await
        .unwrap();
    let digest = crate::core::browsers::digest(&cookies[19]);
    let found = crate::core::browsers::known(practice, person, digest).await;
    assert_eq!(found.unwrap(), None);
}
