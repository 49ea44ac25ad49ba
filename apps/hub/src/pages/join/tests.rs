//! Who is invited comes in once, by her link; an IT provider when the practice agrees.

use axum::http::StatusCode;
use hygie_model::{PersonId, Role};
use uuid::Uuid;

use super::proposed;
use crate::{
    pages::people::tests::{Held, plain},
    web::testing::Console,
};

/// The path of a link for somebody of that role.
async fn link(console: &Console, name: &str, role: &str) -> String {
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let shown = doctor
        .post("/people/invite", &[("name", name), ("role", role)])
        .await;
    let at = shown.body.find("/join/").unwrap();
    shown.body[at..].split('"').next().unwrap().to_owned()
}

#[test]
fn a_name_to_sign_in_with_is_proposed() {
    for (name, login) in [
        ("Inès Roux", "inès.roux"),
        ("Dr Paul O'Hara", "paul.ohara"),
        ("Li", ""),
    ] {
        assert_eq!(proposed(name), login, "{name}");
    }
}

#[tokio::test]
async fn a_link_lets_one_person_in_for_the_first_time() {
    let console = Console::new().await;
    let link = link(&console, "Inès Roux", "assistant").await;
    let mut browser = console.browser();
    let shown = browser.get(&link).await;
    let text = plain(&shown);
    assert!(
        text.contains("Cabinet des Tilleuls vous invite, comme secrétaire."),
        "{text}"
    );
    assert!(text.contains("value=\"Inès Roux\"") && text.contains("value=\"inès.roux\""));
    let mut english = console.browser();
    english.language = "en";
    assert!(
        plain(&english.get(&link).await)
            .contains("Cabinet des Tilleuls invites you, as assistant.")
    );

    // What is missing or taken is said beside it, and the link still serves.
    let wrong = browser.post(&link, &[("name", ""), ("login", "i")]).await;
    let text = plain(&wrong);
    assert!(
        text.contains("id=\"name-e\"") && text.contains("id=\"login-e\""),
        "{text}"
    );
    let taken = browser
        .post(&link, &[("name", "Inès"), ("login", "Practitioner")])
        .await;
    assert!(plain(&taken).contains("Quelqu'un du cabinet a déjà ce nom."));

    let joined = browser
        .post(&link, &[("name", "Inès Roux"), ("login", " Ines.Roux ")])
        .await;
    assert_eq!(joined.leads(), "/me");
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    let held = Held::of(&console).await;
    let ines = held
        .here()
        .person_of_login("ines.roux")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (ines.role, ines.name.as_str(), ines.until),
        (Role::Assistant, "Inès Roux", None)
    );
    assert!(held.kinds().await.contains(&"person.joined".to_owned()));

    let mut late = console.browser();
    let over = late.get(&link).await;
    assert_eq!(over.status, StatusCode::GONE);
    let text = plain(&over);
    assert!(
        text.contains("Ce lien n'ouvre plus rien.") && text.contains("Demandez-en un nouveau"),
        "{text}"
    );
    let over = late.post(&link, &[("name", "Eve"), ("login", "eve")]).await;
    assert_eq!(over.status, StatusCode::GONE);
    assert_eq!(held.here().person_of_login("eve").await.unwrap(), None);
}

#[tokio::test]
async fn links_that_are_none_look_alike() {
    let console = Console::new().await;
    for token in [
        "x",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "waiting2",
    ] {
        let shown = console.browser().get(&format!("/join/{token}")).await;
        assert_eq!(shown.status, StatusCode::GONE, "{token}");
    }
}

#[tokio::test]
async fn a_provider_waits_until_the_practice_agrees() {
    let console = Console::new().await;
    let link = link(&console, "Julien Petit", "it-provider").await;
    let mut browser = console.browser();
    let text = plain(&browser.get(&link).await);
    assert!(
        text.contains("Vous n'entrerez que pendant le temps que le cabinet vous ouvre."),
        "{text}"
    );
    let joined = browser
        .post(&link, &[("name", "Julien Petit"), ("login", "julien")])
        .await;
    assert_eq!(joined.leads(), "/join/waiting");
    assert!(plain(&browser.get("/join/waiting").await).contains("Il manque l'accord du cabinet."));
    assert_eq!(
        browser.post("/join/enter", &[]).await.leads(),
        "/join/waiting"
    );
    assert!(browser.get("/me").await.leads().starts_with("/signin"));
    // Another browser has nothing to wait for.
    assert_eq!(
        console.browser().get("/join/waiting").await.leads(),
        "/signin"
    );
    assert_eq!(
        console.browser().post("/join/enter", &[]).await.leads(),
        "/signin"
    );

    let held = Held::of(&console).await;
    let julien = held
        .here()
        .person_of_login("julien")
        .await
        .unwrap()
        .unwrap();
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let path = format!("/people/{}/open", julien.id.0);
    doctor.post(&path, &[("time", "2h")]).await;
    assert!(
        plain(&browser.get("/join/waiting").await).contains("Le cabinet vous a ouvert un temps.")
    );
    assert_eq!(browser.post("/join/enter", &[]).await.leads(), "/me");
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);
    assert_ne!(julien.id, PersonId(Uuid::nil()));
}
