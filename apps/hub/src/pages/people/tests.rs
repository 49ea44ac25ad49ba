//! The pages about people, as each role sees them; what is done is in the store and in the journal.

use axum::http::StatusCode;
use hygie_identity::recovery::{Rung, RungId};
use hygie_model::{PersonId, Role, Wall};
use hygie_store::{
    Credential, CredentialKind, Digest, Json, NewInvitation, Person, Practice, PracticeFacts,
};
use uuid::Uuid;

use super::initials;
use crate::{
    core::{openings, rungs},
    web::testing::{Browser, Console, NOW, Shown},
};

const CLAIRE: u128 = 7;
const PAUL: u128 = 8;
const JULIEN: u128 = 9;

pub(crate) fn plain(shown: &Shown) -> String {
    shown
        .body
        .replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
        .replace("&#34;", "\"")
}

/// A practice and its part of the database.
pub(crate) struct Held<'a> {
    console: &'a Console,
    facts: PracticeFacts,
}

impl<'a> Held<'a> {
    pub(crate) async fn of(console: &'a Console) -> Self {
        let facts = console.hub.practice().await.unwrap().unwrap();
        Self { console, facts }
    }

    pub(crate) fn here(&self) -> Practice<'_> {
        self.console.hub.of(&self.facts)
    }

    pub(crate) async fn kinds(&self) -> Vec<String> {
        let lines = self.here().lines_from(0, 500).await.unwrap();
        lines.into_iter().map(|line| line.kind).collect()
    }

    pub(crate) async fn lines(&self) -> String {
        let lines = self.here().lines_from(0, 500).await.unwrap();
        lines.into_iter().map(|line| line.line).collect()
    }

    pub(crate) async fn person(&self, number: u128) -> Person {
        let id = PersonId(Uuid::from_u128(number));
        self.here().person(id).await.unwrap().unwrap()
    }

    pub(crate) async fn give(&self, person: u128, kind: CredentialKind, number: u128) {
        let credential = Credential {
            id: Uuid::from_u128(number),
            person: PersonId(Uuid::from_u128(person)),
            kind,
            handle: (kind == CredentialKind::Passkey).then(|| format!("key{number}")),
            label: "clé".to_owned(),
            body: Json::of(&"x").unwrap(),
            created: NOW,
            used: None,
        };
        self.here().add_credential(&credential).await.unwrap();
    }
}

fn page(number: u128) -> String {
    format!("/people/{}", Uuid::from_u128(number))
}

async fn doctor(console: &Console) -> Browser {
    let browser = console.signed_in(Role::Practitioner).await;
    let held = Held::of(console).await;
    if held
        .here()
        .credentials(PersonId(Uuid::from_u128(100)))
        .await
        .unwrap()
        .is_empty()
    {
        held.give(100, CredentialKind::Passkey, 1_001).await;
        held.give(100, CredentialKind::Passkey, 1_002).await;
    }
    browser
}

#[test]
fn two_letters_without_a_title() {
    for (name, letters) in [
        ("Dr Hélène Garnier", "HG"),
        ("Claire Morin", "CM"),
        ("Dr. Élise de la Tour", "ÉT"),
        ("inès", "I"),
        ("", ""),
    ] {
        assert_eq!(initials(name), letters, "{name}");
    }
}

#[tokio::test]
async fn the_list_says_who_gets_in_with_what() {
    let console = Console::new().await;
    let mut doctor = doctor(&console).await;
    console.add(CLAIRE, "Claire Morin", Role::Assistant).await;
    let held = Held::of(&console).await;
    held.give(CLAIRE, CredentialKind::Passkey, 1).await;
    let shown = doctor.get("/people").await;
    assert_eq!(shown.status, StatusCode::OK);
    let text = plain(&shown);
    assert!(
        text.contains(
            "<span>Deux personnes ont un accès.</span> <span>Un accès tient à un fil.</span>"
        ),
        "{text}"
    );
    assert!(text.contains("<td data-l=\"Connexion :\">2 clés d'accès</td>"));
    assert!(text.contains("<span class=\"tag--part\">1 clé d'accès, pas de secours</span>"));
    assert!(text.contains("Claire Morin n'a qu'un moyen d'entrer"));
    assert_eq!(text.matches("btn--main").count(), 1);
    assert!(text.contains("id=\"invite\"") && text.contains("aria-current=\"page\""));

    // With a password as well nothing waits, and there is no card.
    held.give(CLAIRE, CredentialKind::Password, 2).await;
    let text = plain(&doctor.get("/people").await);
    assert!(
        text.contains("Rien ne vous attend.") && !text.contains("btn--main"),
        "{text}"
    );
    assert!(text.contains("1 clé d'accès, et un mot de passe"));

    doctor.language = "en";
    let text = plain(&doctor.get("/people").await);
    assert!(text.contains("Two people have access.") && text.contains("1 passkey, and a password"));

    // An assistant sees the same people, and nothing that only a practitioner does.
    let mut claire = console.browser_of(PersonId(Uuid::from_u128(CLAIRE))).await;
    let text = plain(&claire.get("/people").await);
    assert!(
        text.contains("2 clés d'accès") && !text.contains("id=\"invite\""),
        "{text}"
    );
    let text = plain(&claire.get(&page(100)).await);
    assert!(
        !text.contains("/close") && !text.contains("/role") && !text.contains("/sessions"),
        "{text}"
    );
}

#[tokio::test]
async fn inviting_asks_once_more_who_it_is_before_anything_is_typed() {
    let console = Console::new().await;
    doctor(&console).await;
    let long_ago = Wall(NOW.0 - 11 * 60 * 1_000_000_000);
    let mut browser = console
        .browser_since(PersonId(Uuid::from_u128(100)), long_ago)
        .await;
    let text = plain(&browser.get("/people").await);
    assert!(
        !text.contains("id=\"invite\"") && text.contains("href=\"/people/invite\""),
        "{text}"
    );
    assert_eq!(
        browser.get("/people/invite").await.leads(),
        "/signin/again?next=/people/invite"
    );
    let sent = browser
        .post("/people/invite", &[("name", "Inès"), ("role", "assistant")])
        .await;
    assert!(sent.leads().starts_with("/signin/again"), "{sent:?}");
    let held = Held::of(&console).await;
    assert_eq!(held.here().invitations().await.unwrap(), []);
}

#[tokio::test]
async fn an_invitation_is_shown_once_and_taken_back() {
    let console = Console::new().await;
    let mut doctor = doctor(&console).await;
    let held = Held::of(&console).await;
    let wrong = doctor
        .post(
            "/people/invite",
            &[("name", "  "), ("role", "monitoring-operator")],
        )
        .await;
    let text = plain(&wrong);
    assert!(
        text.contains("aria-invalid=\"true\" aria-describedby=\"ne\""),
        "{text}"
    );
    assert!(
        text.contains("Il manque le nom, par exemple « Inès Roux ».")
            && text.contains("Choisissez un rôle.")
    );
    assert_eq!(held.here().invitations().await.unwrap(), []);

    let shown = doctor
        .post(
            "/people/invite",
            &[("name", "Inès Roux"), ("role", "assistant")],
        )
        .await;
    let text = plain(&shown);
    assert!(
        text.contains("L'invitation pour Inès Roux est prête."),
        "{text}"
    );
    let at = text.find("https://hygie-cabinet.local:8443/join/").unwrap();
    let link = text[at..].split('"').next().unwrap().to_owned();
    let token = link.rsplit('/').next().unwrap();
    assert_eq!(token.len(), 43, "{link}");
    assert!(text.contains("<svg") && text.contains("class=\"qr\""));
    assert!(text.contains("27 novembre 2026"), "three days: {text}");
    let kept = held.here().invitations().await.unwrap();
    assert_eq!((kept.len(), kept[0].invitation.until), (1, None));
    assert!(held.kinds().await.contains(&"person.invited".to_owned()));
    assert!(
        !held.lines().await.contains(token),
        "no secret in the journal"
    );

    let list = doctor.get("/people").await;
    let text = plain(&list);
    assert!(
        !text.contains(token) && text.contains("Inès Roux<span>secrétaire, par Practitioner"),
        "{text}"
    );
    let id = list.hidden("id");
    assert_eq!(
        console
            .browser()
            .get(&format!("/join/{token}"))
            .await
            .status,
        StatusCode::OK
    );
    let ended = doctor.post("/people/invitation/end", &[("id", &id)]).await;
    assert_eq!(ended.leads(), "/people?done=invitation");
    assert_eq!(
        console
            .browser()
            .get(&format!("/join/{token}"))
            .await
            .status,
        StatusCode::GONE
    );
    let again = doctor.post("/people/invitation/end", &[("id", &id)]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_providers_time_is_opened_and_ends_with_the_session() {
    let console = Console::new().await;
    let mut doctor = doctor(&console).await;
    console.add(JULIEN, "Julien Petit", Role::ItProvider).await;
    let held = Held::of(&console).await;
    let julien = PersonId(Uuid::from_u128(JULIEN));
    let mut browser = console.browser_of(julien).await;
    let own = plain(&browser.get("/me").await);
    assert!(
        own.contains("Le cabinet vous laisse entrer jusqu'au 24 novembre 2026"),
        "{own}"
    );
    let text = plain(&doctor.get("/people").await);
    assert!(
        text.contains("Un prestataire peut entrer en ce moment."),
        "{text}"
    );
    let shut = doctor.post(&format!("{}/shut", page(JULIEN)), &[]).await;
    assert_eq!(shut.leads(), format!("{}?done=shut", page(JULIEN)));
    assert!(browser.get("/me").await.leads().starts_with("/signin"));
    assert_eq!(held.person(JULIEN).await.until, Some(NOW));
    let text = plain(&doctor.get("/people").await);
    assert!(
        text.contains("n'entre qu'avec votre accord") && text.contains("Ouvrir pour 2 heures"),
        "{text}"
    );

    // Longer than a day of work is not to be had, nor a time for who is no provider.
    for (person, time) in [(JULIEN, "24h"), (JULIEN, ""), (100, "2h")] {
        let sent = doctor
            .post(&format!("{}/open", page(person)), &[("time", time)])
            .await;
        assert!(sent.status.is_client_error(), "{time} {sent:?}");
    }
    assert!(browser.get("/me").await.leads().starts_with("/signin"));
    let mut claire = console.signed_in(Role::Assistant).await;
    let opened = claire
        .post(&format!("{}/open", page(JULIEN)), &[("time", "4h")])
        .await;
    assert_eq!(opened.leads(), format!("{}?done=opened", page(JULIEN)));
    assert_eq!(
        held.person(JULIEN).await.until,
        Some(Wall(NOW.0 + 4 * 3_600_000_000_000))
    );
    let mut browser = console.browser_of(julien).await;
    assert_eq!(browser.get("/me").await.status, StatusCode::OK);

    // He ends his own time, and nobody else's.
    console.add(PAUL, "Paul Hamel", Role::ItProvider).await;
    let other = browser.post(&format!("{}/shut", page(PAUL)), &[]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    assert_eq!(
        browser
            .post(&format!("{}/shut", page(JULIEN)), &[])
            .await
            .leads(),
        "/signin"
    );
    assert!(browser.get("/me").await.leads().starts_with("/signin"));
    let kinds = held.kinds().await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| *kind == "person.time-ended")
            .count(),
        2,
        "{kinds:?}"
    );
    assert!(kinds.contains(&"person.time-opened".to_owned()));
}

#[tokio::test]
async fn who_leaves_is_out_at_once_and_can_come_back_within_its_time() {
    let console = Console::new().await;
    let mut doctor = doctor(&console).await;
    let paul = console.add(PAUL, "Dr Paul Hamel", Role::Practitioner).await;
    let held = Held::of(&console).await;
    held.give(PAUL, CredentialKind::Passkey, 1).await;
    held.give(PAUL, CredentialKind::Password, 2).await;
    held.here()
        .set_recovery_codes(paul.id, &[Digest([9; 32])], NOW)
        .await
        .unwrap();
    let invitation = NewInvitation {
        code: Digest([3; 32]),
        name: "Inès".to_owned(),
        role: Role::Assistant,
        by: paul.id,
        expires: Wall(NOW.0 + 1_000_000_000),
        until: None,
    };
    held.here().invite(&invitation, NOW).await.unwrap();
    let mut browser = console.browser_of(paul.id).await;
    console.add(JULIEN, "Julien Petit", Role::ItProvider).await;
    browser
        .post(&format!("{}/open", page(JULIEN)), &[("time", "2h")])
        .await;

    let text = plain(&doctor.get(&format!("{}/close", page(PAUL))).await);
    for line in [
        "Une clé d'accès n'ouvre plus la console.",
        "Une connexion en cours se ferme.",
        "Une invitation en attente est reprise.",
        "Le temps ouvert à un prestataire se ferme.",
        "Le mot de passe et le code n'ouvrent plus rien.",
        "Les codes de la feuille de secours n'ouvrent plus rien.",
        "Changez les mots de passe que plusieurs connaissent",
        "Voir le contenu des dossiers protégés",
        "Baisser la protection",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(text.matches("btn--main").count(), 1);
    assert_eq!(
        held.person(PAUL).await.closed,
        None,
        "looking changes nothing"
    );

    let closed = doctor.post(&format!("{}/close", page(PAUL)), &[]).await;
    assert_eq!(closed.leads(), format!("{}?done=closed", page(PAUL)));
    assert!(browser.get("/").await.leads().starts_with("/signin"));
    let here = held.here();
    assert_eq!(here.invitations().await.unwrap(), []);
    let opening = openings::of(here, PersonId(Uuid::from_u128(JULIEN)))
        .await
        .unwrap()
        .unwrap();
    assert!(!opening.is_open(NOW));
    assert_eq!(here.credential_of_handle("key1").await.unwrap(), None);
    assert!(held.lines().await.contains("person.closed"));

    let text = plain(&doctor.get(closed.leads()).await);
    assert!(
        text.contains("Fermé le 24 novembre 2026 à 08:12 par Practitioner."),
        "{text}"
    );
    assert!(
        text.contains("Possible jusqu'au 24 décembre 2026")
            && text.contains("Reprenez les clés de la porte")
    );
    assert!(plain(&doctor.get("/people").await).contains("Accès fermés"));
    // Who only sees people may not take it back.
    let mut claire = console.signed_in(Role::Assistant).await;
    let text = plain(&claire.get(&page(PAUL)).await);
    assert!(
        text.contains("Dr Paul Hamel n'a plus d'accès.") && !text.contains("/reopen"),
        "{text}"
    );

    let reopened = doctor.post(&format!("{}/reopen", page(PAUL)), &[]).await;
    assert_eq!(reopened.leads(), format!("{}?done=reopened", page(PAUL)));
    assert_eq!(held.person(PAUL).await.closed, None);
    assert!(here.credential_of_handle("key1").await.unwrap().is_some());
    assert!(
        browser.get("/").await.leads().starts_with("/signin"),
        "her sessions do not come back"
    );
    let again = doctor.post(&format!("{}/reopen", page(PAUL)), &[]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_access_whose_name_is_taken_or_time_is_over_stays_closed() {
    let console = Console::new().await;
    let mut doctor = doctor(&console).await;
    let claire = console.add(CLAIRE, "Claire Morin", Role::Assistant).await;
    doctor.post(&format!("{}/close", page(CLAIRE)), &[]).await;
    let other = console.add(PAUL, "Claire Morin", Role::Assistant).await;
    assert_eq!(other.login, claire.login);
    let taken = doctor.post(&format!("{}/reopen", page(CLAIRE)), &[]).await;
    assert_eq!(taken.leads(), format!("{}?done=name-taken", page(CLAIRE)));
    doctor.post(&format!("{}/close", page(PAUL)), &[]).await;

    let held = Held::of(&console).await;
    let name = format!("closing {}", claire.id.0);
    let mut setting = held.here().setting(&name).await.unwrap().unwrap();
    let mut closing: hygie_identity::leaver::Closing = setting.value.get().unwrap();
    closing.at = Wall(NOW.0 - 31 * 86_400_000_000_000);
    setting.value = Json::of(&closing).unwrap();
    held.here().set(&setting).await.unwrap();
    let late = doctor.post(&format!("{}/reopen", page(CLAIRE)), &[]).await;
    assert_eq!(late.leads(), format!("{}?done=too-late", page(CLAIRE)));
    assert!(held.person(CLAIRE).await.closed.is_some());
    assert!(plain(&doctor.get(&page(CLAIRE)).await).contains("Les 30 jours sont passés"));
}

#[tokio::test]
async fn the_last_practitioner_stays() {
    let console = Console::new().await;
    let mut doctor = doctor(&console).await;
    // One who cannot get in does not answer for the practice.
    console.add(PAUL, "Dr Paul Hamel", Role::Practitioner).await;
    let text = plain(&doctor.get(&format!("{}/close", page(100))).await);
    assert!(
        text.contains("C'est le dernier praticien qui peut entrer") && !text.contains("btn--main"),
        "{text}"
    );
    let closed = doctor.post(&format!("{}/close", page(100)), &[]).await;
    assert_eq!(closed.leads(), format!("{}?done=last", page(100)));
    let changed = doctor
        .post(&format!("{}/role", page(100)), &[("role", "assistant")])
        .await;
    assert_eq!(changed.leads(), format!("{}?done=last", page(100)));
    let held = Held::of(&console).await;
    assert_eq!(
        (held.person(100).await.closed, held.person(100).await.role),
        (None, Role::Practitioner)
    );
}

#[tokio::test]
async fn another_role_begins_with_another_sign_in() {
    let console = Console::new().await;
    let mut doctor = doctor(&console).await;
    let claire = console.add(CLAIRE, "Claire Morin", Role::Assistant).await;
    let mut browser = console.browser_of(claire.id).await;
    let wrong = doctor
        .post(
            &format!("{}/role", page(CLAIRE)),
            &[("role", "monitoring-operator")],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let changed = doctor
        .post(
            &format!("{}/role", page(CLAIRE)),
            &[("role", "practitioner")],
        )
        .await;
    assert_eq!(changed.leads(), format!("{}?done=role", page(CLAIRE)));
    let held = Held::of(&console).await;
    assert_eq!(held.person(CLAIRE).await.role, Role::Practitioner);
    assert!(browser.get("/people").await.leads().starts_with("/signin"));
    assert!(
        held.kinds()
            .await
            .contains(&"person.role-changed".to_owned())
    );
    // As an IT provider she comes in only while somebody lets her.
    doctor
        .post(
            &format!("{}/role", page(CLAIRE)),
            &[("role", "it-provider")],
        )
        .await;
    let mut browser = console.browser_of(claire.id).await;
    assert!(browser.get("/me").await.leads().starts_with("/signin"));
}

#[tokio::test]
async fn the_sessions_of_others_are_seen_and_ended() {
    let console = Console::new().await;
    let mut doctor = doctor(&console).await;
    let claire = console.add(CLAIRE, "Claire Morin", Role::Assistant).await;
    let (mut one, mut two) = (
        console.browser_of(claire.id).await,
        console.browser_of(claire.id).await,
    );
    let shown = doctor.get(&page(CLAIRE)).await;
    let text = plain(&shown);
    assert_eq!(
        text.matches("Firefox sur Linux<span>Depuis 127.0.0.1")
            .count(),
        2,
        "{text}"
    );
    let strange = doctor
        .post(
            &format!("{}/sessions", page(CLAIRE)),
            &[("id", &Uuid::nil().to_string())],
        )
        .await;
    assert_eq!(strange.status, StatusCode::NOT_FOUND);
    let ended = doctor
        .post(
            &format!("{}/sessions", page(CLAIRE)),
            &[("id", &shown.hidden("id"))],
        )
        .await;
    assert_eq!(ended.leads(), format!("{}?done=sessions", page(CLAIRE)));
    let out = [&mut one, &mut two];
    let mut left = 0;
    for browser in out {
        left += usize::from(browser.get("/me").await.status == StatusCode::OK);
    }
    assert_eq!(left, 1);
    doctor
        .post(&format!("{}/sessions", page(CLAIRE)), &[])
        .await;
    assert!(two.get("/me").await.leads().starts_with("/signin"));
    let held = Held::of(&console).await;
    assert!(
        held.kinds()
            .await
            .contains(&"person.signed-out-by".to_owned())
    );
}

#[tokio::test]
async fn a_return_is_confirmed_by_another_one_with_the_digits_of_the_screen() {
    let console = Console::new().await;
    let mut doctor = doctor(&console).await;
    let claire = console.add(CLAIRE, "Claire Morin", Role::Assistant).await;
    let held = Held::of(&console).await;
    let id = RungId(Uuid::from_u128(70));
    let (rung, _) = Rung::ask(id, claire.id, None, NOW).unwrap();
    assert!(rungs::put(held.here(), None, &rung, NOW).await.unwrap());
    let text = plain(&doctor.get("/people").await);
    assert!(
        text.contains("Est-ce bien Claire Morin qui veut revenir ?") && text.contains("card--now"),
        "{text}"
    );
    assert!(
        !text.contains(&rungs::control(id)),
        "the digits are on her screen alone"
    );

    // Everybody is told on the first page, whatever she may do about it.
    for role in [Role::Practitioner, Role::Assistant, Role::ItProvider] {
        let text = plain(&console.signed_in(role).await.get("/").await);
        assert!(
            text.contains("Est-ce bien Claire Morin qui veut revenir ?"),
            "{role:?} {text}"
        );
        assert_eq!(
            text.contains("Vérifier avec la personne"),
            role != Role::ItProvider,
            "{role:?}"
        );
    }

    // She herself sees it where she is still signed in, and cannot confirm it.
    let mut own = console.browser_of(claire.id).await;
    let text = plain(&own.get("/me").await);
    assert!(
        text.contains("Quelqu'un demande à revenir à votre nom."),
        "{text}"
    );
    let digits = rungs::control(id);
    let confirm = format!("{}/confirm", page(CLAIRE));
    let itself = own.post(&confirm, &[("control", &digits)]).await;
    assert_eq!(itself.leads(), format!("{}?done=not-yours", page(CLAIRE)));
    let wrong = doctor.post(&confirm, &[("control", "000 000")]).await;
    assert_eq!(
        wrong.leads(),
        format!("{}?done=not-confirmed", page(CLAIRE))
    );
    let right = doctor.post(&confirm, &[("control", &digits)]).await;
    assert_eq!(right.leads(), format!("{}?done=confirmed", page(CLAIRE)));
    let twice = doctor.post(&confirm, &[("control", &digits)]).await;
    assert_eq!(twice.leads(), format!("{}?done=passed", page(CLAIRE)));
    let text = plain(&doctor.get("/people").await);
    assert!(
        text.contains("Claire Morin pourra revenir le 25 novembre 2026 à 08:12."),
        "{text}"
    );

    // A stranger to it does not stop it; she does.
    let cancel = format!("{}/cancel", page(CLAIRE));
    let mut other = console.signed_in(Role::MonitoringOperator).await;
    assert_eq!(other.post(&cancel, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(own.post(&cancel, &[]).await.leads(), "/me?done=cancelled");
    assert!(
        plain(&own.get("/me?done=cancelled").await).contains("La demande de retour est arrêtée.")
    );
    assert!(!plain(&doctor.get("/people").await).contains("pourra revenir"));
    let kinds = held.kinds().await;
    assert!(
        kinds.contains(&"person.recovery-confirmed".to_owned()),
        "{kinds:?}"
    );
    assert!(kinds.contains(&"person.recovery-cancelled".to_owned()));
}
