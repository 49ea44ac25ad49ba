//! What is changed is in the store and in the journal, with who did it; what cannot be taken is said beside its field.

use axum::http::StatusCode;
use hygie_model::{Role, Wall};
use hygie_store::Store;

use super::help::{self, Help};
use crate::{
    core::announce::Standing,
    web::testing::{Browser, Console, NOW, Shown},
};

pub(super) fn plain(shown: &Shown) -> String {
    shown
        .body
        .replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
}

pub(super) async fn kinds(console: &Console) -> Vec<String> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let lines = console.hub.of(&practice).lines_from(0, 100).await.unwrap();
    lines
        .into_iter()
        .map(|line| format!("{} {}", line.kind, line.line))
        .collect()
}

async fn helper(console: &Console) -> Option<Help> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    help::known(console.hub.of(&practice)).await.unwrap()
}

#[tokio::test]
async fn the_practice_gets_another_name() {
    let console = Console::new().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    assert!(plain(&doctor.get("/settings").await).contains("Jamais changé."));
    let sent = doctor
        .post(
            "/settings/practice",
            &[("name", " Cabinet\u{202e} des Ormes\n ")],
        )
        .await;
    assert_eq!(sent.leads(), "/settings?done=practice");
    let text = plain(&doctor.get(sent.leads()).await);
    assert!(text.contains("role=\"status\"") && text.contains("Le nom du cabinet est changé."));
    assert!(
        text.contains("Changé par Practitioner le 24 novembre 2026 à 08:12."),
        "{text}"
    );
    let facts = console.hub.practice().await.unwrap().unwrap();
    assert!(
        facts.name.starts_with("Cabinet") && facts.name.ends_with("des Ormes"),
        "{}",
        facts.name
    );
    assert_eq!(facts.host, crate::web::testing::HOST);
    let told = kinds(&console).await;
    assert!(
        told.len() == 1 && told[0].starts_with("practice.renamed"),
        "{told:?}"
    );
    assert!(told[0].contains("\"before\":\"Cabinet des Tilleuls\""));
    // The same name again is no change.
    let same = facts.name.as_str();
    assert_eq!(
        doctor
            .post("/settings/practice", &[("name", same)])
            .await
            .leads(),
        "/settings"
    );
    assert_eq!(kinds(&console).await.len(), 1);
}

#[tokio::test]
async fn a_name_that_is_none_is_refused_beside_its_field() {
    let console = Console::new().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    for (typed, said) in [
        (" ", "Il manque le nom du cabinet"),
        (&*"x".repeat(81), "C'est trop long : 80 signes au plus."),
    ] {
        let shown = doctor.post("/settings/practice", &[("name", typed)]).await;
        let text = plain(&shown);
        assert!(text.contains(&format!("id=\"pn-e\">{said}")), "{text}");
        assert!(text.contains("aria-describedby=\"pn-h pn-e\" aria-invalid=\"true\""));
        assert!(text.contains(&format!("value=\"{typed}\"")));
    }
    assert_eq!(
        console.hub.practice().await.unwrap().unwrap().name,
        "Cabinet des Tilleuls"
    );
    assert_eq!(kinds(&console).await, Vec::<String>::new());
}

#[tokio::test]
async fn whom_to_call_is_asked_for_until_it_is_known() {
    let console = Console::new().await;
    let mut provider = console.signed_in(Role::ItProvider).await;
    let text = plain(&provider.get("/settings").await);
    assert!(
        text.contains("<h1>Il manque qui appeler si quelque chose se passe.</h1>"),
        "{text}"
    );
    assert_eq!(text.matches("btn--main").count(), 1);
    let wrong = provider
        .post("/settings/help", &[("name", ""), ("phone", "appelez-moi")])
        .await;
    let text = plain(&wrong);
    assert!(
        text.contains("id=\"hn-e\">Il manque un nom")
            && text.contains("id=\"hp-e\">Il faut un numéro")
    );
    assert!(text.contains("value=\"appelez-moi\""));
    assert_eq!(helper(&console).await, None);
    let fields = [("name", "Informatique Martin"), ("phone", "01 99 00 12 34")];
    let sent = provider.post("/settings/help", &fields).await;
    assert_eq!(sent.leads(), "/settings?done=help");
    let known = helper(&console).await.unwrap();
    assert_eq!(
        (known.name.as_str(), known.phone.as_str()),
        (fields[0].1, fields[1].1)
    );
    provider.language = "en";
    let text = plain(&provider.get(sent.leads()).await);
    assert!(
        text.contains("<h1>The practice's settings are complete.</h1>"),
        "{text}"
    );
    assert!(text.contains("Changed by ItProvider on 24 November 2026 at 08:12."));
    let told = kinds(&console).await;
    assert!(
        told.len() == 1 && told[0].starts_with("setting.help"),
        "{told:?}"
    );
}

#[tokio::test]
async fn the_database_is_copied_and_the_copy_opens() {
    let console = Console::new().await;
    let mut doctor = console.signed_in(Role::Practitioner).await;
    assert!(plain(&doctor.get("/settings").await).contains("Jamais faite. Sans elle"));
    let sent = doctor.post("/settings/backup", &[]).await;
    assert_eq!(sent.leads(), "/settings?done=backup");
    let text = plain(&doctor.get(sent.leads()).await);
    assert!(text.contains("La copie est faite, et relue en entier."));
    let file = console.hub.dir.join("backups/hub-2026-11-24T08-12Z.sqlite");
    let told = "Faite et relue le 24 novembre 2026 à 08:12 : ";
    assert!(
        text.contains(told) && text.contains(file.to_str().unwrap()),
        "{text}"
    );
    assert!(text.contains("1 copie est gardée"));
    // One a minute.
    assert_eq!(
        doctor.post("/settings/backup", &[]).await.leads(),
        "/settings?done=soon"
    );
    assert_eq!(kinds(&console).await.len(), 1);
    let other = tempfile::tempdir().unwrap();
    let name = console.hub.store.file().unwrap();
    std::fs::copy(&file, other.path().join(name.file_name().unwrap())).unwrap();
    let copied = Store::open_sqlite(other.path()).await.unwrap();
    assert_eq!(
        copied.practices().await.unwrap()[0].name,
        "Cabinet des Tilleuls"
    );
}

#[tokio::test]
async fn the_page_says_what_cannot_be_changed_here_and_where_the_data_lies() {
    let console = Console::new().await;
    let text = plain(
        &console
            .signed_in(Role::ItProvider)
            .await
            .get("/settings")
            .await,
    );
    for said in [
        "https://hygie-cabinet.local:8443/",
        "en changer oblige chacun à les refaire. Hygie ne sait pas encore le faire d'ici.",
        env!("CARGO_PKG_VERSION"),
        console.hub.dir.to_str().unwrap(),
        "href=\"/trust\"",
        "href=\"/journal/verify\"",
        // No signer runs in this test: that is said, and the page is there.
        "Le service qui signe les certificats ne répond pas pour l'instant.",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
}

#[tokio::test]
async fn others_change_nothing() {
    let console = Console::new().await;
    for role in [Role::Assistant, Role::MonitoringOperator] {
        let mut browser = console.signed_in(role).await;
        assert_eq!(browser.get("/settings").await.status, StatusCode::FORBIDDEN);
        let help = [("name", "Pirate"), ("phone", "0199001234")];
        for (path, fields) in [
            ("/settings/practice", &help[..1]),
            ("/settings/help", &help),
            ("/settings/backup", &[]),
        ] {
            assert_eq!(
                browser.post(path, fields).await.status,
                StatusCode::FORBIDDEN,
                "{role:?} {path}"
            );
        }
    }
    assert_eq!(helper(&console).await, None);
    assert!(!console.hub.dir.join("backups").exists());
    assert_eq!(kinds(&console).await, Vec::<String>::new());
}

#[tokio::test]
async fn how_the_name_stands_on_the_network_is_said_in_both_languages() {
    let console = Console::new().await;
    let failed = Standing::Failed("no <network>".to_owned());
    for (standing, french, english) in [
        (
            Standing::NotNeeded,
            "Rien à annoncer",
            "Nothing to announce",
        ),
        (
            Standing::Asking,
            "Hygie vérifie que ce nom est libre",
            "Hygie is checking",
        ),
        (
            Standing::Announced,
            "Ce nom est annoncé sur le réseau",
            "This name is announced",
        ),
        (
            Standing::Taken,
            "porte déjà ce nom",
            "already has this name",
        ),
        (failed, "(no &#60;network&#62;)", "(no &#60;network&#62;)"),
    ] {
        console.hub.announced.put(standing);
        let mut browser = console.signed_in(Role::Practitioner).await;
        let page = plain(&browser.get("/settings").await);
        assert!(page.contains(french), "{french}: {page}");
        browser.language = "en";
        let page = plain(&browser.get("/settings").await);
        assert!(page.contains(english), "{english}: {page}");
    }
}

#[tokio::test]
async fn what_was_typed_outlives_a_second_sign_in_but_for_secrets_and_for_others() {
    let console = Console::new().await;
    let claire = console.add(7, "Claire Garnier", Role::Practitioner).await;
    let long_ago = Wall(NOW.0 - 11 * 60 * 1_000_000_000);
    let mut late = console.browser_since(claire.id, long_ago).await;
    let again = async |browser: &mut Browser, path: &str, fields: &[(&str, &str)]| {
        let sent = browser.post(path, fields).await;
        let next = sent.leads().strip_prefix("/signin/again?next=");
        let next = next.unwrap_or_else(|| panic!("{sent:?}")).to_owned();
        next.replace("%3F", "?").replace("%3D", "=")
    };
    let name = [("name", "Cabinet <des> Ormes")];
    let kept = again(&mut late, "/settings/practice", &name).await;
    assert!(kept.starts_with("/signin/typed?id="), "{kept}");
    assert!(kinds(&console).await.is_empty(), "nothing is done yet");
    // Another person who gets hold of the address sees nothing, and it is gone then.
    let mut paul = console.signed_in(Role::Practitioner).await;
    assert_eq!(paul.get(&kept).await.leads(), "/");
    let kept = again(&mut late, "/settings/practice", &name).await;
    let mut fresh = console.browser_of(claire.id).await;
    let shown = fresh.get(&kept).await;
    let text = plain(&shown);
    assert!(
        text.contains("Ce que vous aviez écrit est gardé."),
        "{text}"
    );
    assert!(
        text.contains("action=\"/settings/practice\"")
            && text.contains("value=\"Cabinet &#60;des&#62; Ormes\""),
        "{text}"
    );
    let token = shown.hidden("form");
    let fields = [("form", token.as_str()), name[0]];
    let sent = fresh.send("/settings/practice", &fields).await;
    assert_eq!(sent.leads(), "/settings?done=practice");
    assert_eq!(fresh.get(&kept).await.leads(), "/", "once");

    let secret = [("host", "smtp.cabinet.example"), ("password", "Tilleul-7")];
    let kept = again(&mut late, "/settings/help", &secret).await;
    assert!(!console.everything_kept().contains("Tilleul-7"));
    let text = plain(&fresh.get(&kept).await);
    assert!(
        text.contains("type=\"password\" name=\"password\"") && !text.contains("Tilleul-7"),
        "{text}"
    );
    // What another site sends is not kept.
    let forged = late.send("/settings/practice", &name).await;
    assert_eq!(forged.leads(), "/signin/again?next=/settings");
}
