//! Who may ask, what is read, what is kept: nothing of the text.

use axum::http::{StatusCode, header};
use hygie_model::{PersonId, Role};
use hygie_store::{Arrival, HUB, JournalFilter};
use uuid::Uuid;

use crate::web::testing::{Browser, Console, Shown};

const PARCEL: &str = "INFO COLIS : votre colis n° 8841 est bloqué en entrepôt. Réglez 1,99 EUR de frais avant ce \
                      soir 20h sinon retour : https://suivi-colis-frais.example/p?8841";

async fn asked(browser: &mut Browser, kind: &str, sender: &str, text: &str) -> Shown {
    let fields = [("kind", kind), ("sender", sender), ("text", text)];
    browser.post("/ask/answer", &fields).await
}

#[tokio::test]
async fn a_lure_is_called_one_with_reasons_marks_and_where_to_report_it() {
    let console = Console::new().await;
    for (language, words) in [
        (
            "fr",
            [
                "Arnaque très probable",
                "N&#39;ouvrez pas ce lien",
                "Signaler au 33700",
                "Indice 1",
            ],
        ),
        (
            "en",
            [
                "Very probably a scam",
                "Do not open",
                "Report to 33700",
                "Clue 1",
            ],
        ),
    ] {
        let mut browser = console.signed_in(Role::Assistant).await;
        browser.language = language;
        let shown = asked(&mut browser, "sms", "06 39 98 41 07", PARCEL).await;
        assert_eq!(shown.status, StatusCode::OK);
        for word in words {
            assert!(shown.body.contains(word), "{word}: {}", shown.body);
        }
        assert!(shown.body.contains("<mark"), "{}", shown.body);
        assert!(shown.body.contains(r#"href="sms:33700?body=INFO%20COLIS"#));
        assert_eq!(shown.body.matches("btn--main").count(), 1);
    }
}

#[tokio::test]
async fn an_ordinary_message_worries_nobody_and_is_not_to_be_reported() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Practitioner).await;
    let text = "Coucou, je passe te prendre à midi, on mange chez maman ?";
    let shown = asked(&mut browser, "sms", "", text).await;
    assert!(
        shown.body.contains("Rien d&#39;inquiétant"),
        "{}",
        shown.body
    );
    assert!(!shown.body.contains("/ask/opened"));
    assert!(!shown.body.contains("33700") && !shown.body.contains("CERT Santé"));
}

#[tokio::test]
async fn what_a_stranger_wrote_is_text_and_nothing_else() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let text = format!(
        "<script>alert(1)</script> \"' onmouseover=x {PARCEL} </textarea><img src=x>\u{202e}fdp.exe"
    );
    let shown = asked(&mut browser, "sms", "<b>06\" autofocus x=\"", &text).await;
    assert!(shown.body.contains("<mark"), "{}", shown.body);
    for raw in [
        "<script>alert",
        "<img src=x",
        "<b>06",
        "\" autofocus",
        "\u{202e}",
    ] {
        assert!(!shown.body.contains(raw), "{raw}: {}", shown.body);
    }
    let policy = shown.headers[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
}

#[tokio::test]
async fn the_journal_has_the_verdict_and_no_word_of_the_message() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    asked(&mut browser, "sms", "06 39 98 41 07", PARCEL).await;
    let facts = console.hub.practice().await.unwrap().unwrap();
    let filter = JournalFilter::default();
    let practice = console.hub.of(&facts);
    let lines = practice.journal(&filter, None, 10).await.unwrap();
    let told: Vec<_> = lines
        .items
        .iter()
        .filter(|line| line.kind == "message.asked")
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].line.contains("dangerous-very-probable"));
    assert!(told[0].line.contains("small-sum"), "{}", told[0].line);
    let signals = practice.signals_after(Arrival(0), 10).await.unwrap();
    let kinds: Vec<_> = signals
        .iter()
        .map(|one| (&one.kind[..], one.device))
        .collect();
    assert_eq!(kinds, [("judged", HUB)]);
    let body = signals[0].body.as_str();
    assert!(
        body.contains(r#""verdict":"dangerous""#) && body.contains("small-sum"),
        "{body}"
    );
    let kept = console.everything_kept();
    assert!(kept.contains("message.asked"));
    for word in ["8841", "suivi-colis", "entrepôt", "39 98 41", "1,99"] {
        assert!(!kept.contains(word), "{word} is kept");
    }
    let mut reader = console.signed_in(Role::Practitioner).await;
    let journal = reader.get("/journal").await;
    assert!(
        journal.body.contains("Réponse : Arnaque très probable")
            || journal
                .body
                .contains("Réponse\u{a0}: Arnaque très probable"),
        "{}",
        journal.body
    );
}

#[tokio::test]
async fn an_empty_form_says_what_is_missing_and_tells_nobody() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let shown = asked(&mut browser, "mail", "a@b.example", "  ").await;
    assert!(shown.body.contains("id=\"m-err\"") && shown.body.contains("aria-invalid"));
    assert!(shown.body.contains("value=\"a@b.example\""));
    assert!(shown.body.contains("value=\"mail\" checked"));
    let long = "a".repeat(70_000);
    let shown = asked(&mut browser, "sms", "", &long).await;
    assert!(shown.body.contains("trop long") && !shown.body.contains("aaaaaaaaaa"));
    assert!(!console.everything_kept().contains("message.asked"));
}

#[tokio::test]
async fn a_browsers_own_form_is_read_as_well() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let token = browser.get("/ask").await.hidden("form");
    let part = |name: &str, value: &str| {
        format!("--xYz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = |token: &str, text: &str| {
        [part("form", token), part("kind", "sms"), part("text", text)].concat() + "--xYz--\r\n"
    };
    let shown = browser
        .send_parts("/ask/answer", "xYz", &body(&token, PARCEL))
        .await;
    assert!(shown.body.contains("Arnaque très probable"));
    let foreign = browser
        .send_parts("/ask/answer", "xYz", &body("none", PARCEL))
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let large = body(&token, &"a".repeat(9_000_000));
    let shown = browser.send_parts("/ask/answer", "xYz", &large).await;
    assert!(shown.body.contains("est trop lourd"), "{}", shown.status);
    assert!(shown.body.contains("id=\"e-err\""));
    let broken = browser.send_parts("/ask/answer", "xYz", "--xYz\r\n").await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_colleagues_mailbox_that_sends_lures_is_told_by_phone() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let mut person = console.add(7, "Inès Benali", Role::Practitioner).await;
    person.address = Some("Ines@tilleuls.example".to_owned());
    assert_eq!(person.id, PersonId(Uuid::from_u128(7)));
    let facts = console.hub.practice().await.unwrap().unwrap();
    console.hub.of(&facts).change_person(&person).await.unwrap();
    let text = "Votre compte Ameli sera suspendu sous 24h. Confirmez votre mot de passe ici : \
                http://ameli-verification.top/login et gagnez votre remboursement de 280 €.";
    let shown = asked(&mut browser, "mail", "<ines@tilleuls.example>", text).await;
    assert!(shown.body.contains("Arnaque"), "{}", shown.body);
    assert!(
        shown
            .body
            .contains("L&#39;adresse est celle de Inès Benali"),
        "{}",
        shown.body
    );
    let other = asked(&mut browser, "mail", "x@elsewhere.example", text).await;
    assert!(!other.body.contains("L&#39;adresse est celle"));
    assert!(other.body.contains("Signal Spam"));
}

#[tokio::test]
async fn what_a_telephone_shares_waits_for_a_press() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let shown = browser
        .get("/ask?title=&text=Votre%20colis%3C%2Ftextarea%3E&url=https%3A%2F%2Fx.example")
        .await;
    assert!(
        shown
            .body
            .contains("Votre colis&#60;/textarea&#62;\nhttps://x.example"),
        "{}",
        shown.body
    );
    assert!(!shown.body.contains("class=\"says\""));
    let at = shown.body.find("rel=\"manifest\" href=\"").unwrap();
    let rest = &shown.body[at + 21..];
    let manifest = browser.get(&rest[..rest.find('"').unwrap()]).await;
    let manifest: serde_json::Value = serde_json::from_str(&manifest.body).unwrap();
    assert_eq!(manifest["share_target"]["action"], "/ask");
    let policy = shown.headers[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    assert!(policy.contains("manifest-src 'self'"));
}

#[tokio::test]
async fn who_opened_the_link_reads_what_to_do_in_order() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let shown = browser.get("/ask/opened").await;
    let at = |words: &str| {
        let found = shown.body.find(words);
        found.unwrap_or_else(|| panic!("{words} in {}", shown.body))
    };
    assert!(at("Fermez la page") < at("Débranchez") && at("Débranchez") < at("votre banque"));
    assert!(at("09 72 43 91 25") > 0);
    assert_eq!(browser.get("/ask/answer").await.leads(), "/ask");
}

#[tokio::test]
async fn a_message_that_somebody_passed_on_is_told_as_quoted() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let text = "Tu as vu ?\n\nDe : Assurance Maladie <contact@ameli-verif.top>\nEnvoyé : lundi\nObjet : Remboursement en \
                attente\n\nVotre carte Vitale expire, cliquez sous 24h : https://ameli-verif.top/x";
    let shown = asked(&mut browser, "mail", "", text).await;
    assert!(shown.body.contains("Arnaque"), "{}", shown.body);
    assert!(shown.body.contains("contact@ameli-verif.top"));
    assert!(
        shown.body.contains("ne peut pas les vérifier"),
        "{}",
        shown.body
    );
}

#[tokio::test]
async fn others_are_not_shown_the_page() {
    let console = Console::new().await;
    for role in [Role::ItProvider, Role::MonitoringOperator] {
        let mut browser = console.signed_in(role).await;
        for path in ["/ask", "/ask/opened"] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN);
        }
        let refused = asked(&mut browser, "sms", "", PARCEL).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let today = browser.get("/me").await;
        assert!(!today.body.contains("href=\"/ask\""));
    }
    let mut browser = console.signed_in(Role::Practitioner).await;
    assert!(browser.get("/").await.body.contains("href=\"/ask\""));
}

/// A form with a file in it.
async fn dropped(browser: &mut Browser, file: &str) -> Shown {
    let token = browser.get("/ask").await.hidden("form");
    let body = format!(
        "--xYz\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\n{token}\r\n--xYz\r\nContent-Disposition: \
         form-data; name=\"kind\"\r\n\r\nsms\r\n--xYz\r\nContent-Disposition: form-data; name=\"file\"; \
         filename=\"piege.eml\"\r\nContent-Type: message/rfc822\r\n\r\n{file}\r\n--xYz--\r\n"
    );
    browser.send_parts("/ask/answer", "xYz", &body).await
}

#[tokio::test]
async fn an_e_mails_file_is_read_in_the_sandbox_and_nowhere_kept() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let mail = "From: Assurance Maladie <contact@ameli-verif.top>\r\nTo: a@tilleuls.example\r\nSubject: \
                <i>Remboursement</i> en attente\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Votre \
                remboursement de 280 EUR sera perdu sous 24h. <a href=\"http://198.51.100.7/login\">Confirmez \
                votre mot de passe</a></p>";
    // Without a sandbox nothing is read, and nothing is told.
    let silent = dropped(&mut browser, mail).await;
    assert_eq!(silent.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!console.everything_kept().contains("message.asked"));
    console.sandbox();
    let shown = dropped(&mut browser, mail).await;
    assert!(shown.body.contains("Arnaque"), "{}", shown.body);
    assert!(shown.body.contains("contact@ameli-verif.top"));
    assert!(
        shown
            .body
            .contains("&#60;i&#62;Remboursement&#60;/i&#62; en attente")
    );
    assert!(shown.body.contains("Signal Spam") && !shown.body.contains("33700"));
    let kept = console.everything_kept();
    assert!(kept.contains("message.asked") && kept.contains("impersonates"));
    for word in ["ameli-verif", "Remboursement", "280", "198.51"] {
        assert!(!kept.contains(word), "{word} is kept");
    }
    // Its source, pasted, is the same mail, also where nobody said that it is one.
    let source = format!("\r\n\r\nReceived: from x by y\r\n{mail}");
    let shown = asked(&mut browser, "sms", "", &source).await;
    assert!(shown.body.contains("contact@ameli-verif.top"));
    assert!(shown.body.contains("Signal Spam") && !shown.body.contains("33700"));
    assert!(!shown.body.contains("text/html"), "{}", shown.body);
    let none = dropped(&mut browser, "%PDF-1.7 no mail").await;
    assert!(none.body.contains("id=\"e-err\"") && none.body.contains("pas un courriel"));
}

const SIGNED: &str = include_str!("../../../../../tests/check/messages/signe.eml");

async fn noted(console: &Console, fields: &[(&str, &str)]) {
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let sent = doctor.post("/settings/messages", fields).await;
    assert_eq!(sent.leads(), "/settings/messages?done=kept");
}

#[tokio::test]
async fn a_signature_is_verified_where_the_practice_wants_it() {
    let console = Console::new().await;
    console.sandbox();
    let mut browser = console.signed_in(Role::Assistant).await;
    let shown = dropped(&mut browser, SIGNED).await;
    assert!(!shown.body.contains(VOUCHED), "{}", shown.body);
    noted(&console, &[("asks", "yes")]).await;
    let shown = dropped(&mut browser, SIGNED).await;
    assert!(shown.body.contains(VOUCHED), "{}", shown.body);
    let broken = SIGNED.replace("demain", "jeudi");
    let shown = dropped(&mut browser, &broken).await;
    assert!(!shown.body.contains(VOUCHED), "{}", shown.body);
}

/// What is said of a sender whose domain vouches.
const VOUCHED: &str = "confirme que ce message vient de lui";

#[tokio::test]
async fn what_a_server_of_the_practice_found_is_believed() {
    let console = Console::new().await;
    console.sandbox();
    let mut browser = console.signed_in(Role::Assistant).await;
    let mail = format!(
        "Authentication-Results: mx.cabinet.example; dmarc=pass header.from=labo-rivage.example\r\n{}",
        SIGNED.replace("demain", "jeudi")
    );
    let shown = dropped(&mut browser, &mail).await;
    assert!(!shown.body.contains(VOUCHED));
    noted(&console, &[("servers", "mx.cabinet.example")]).await;
    let shown = dropped(&mut browser, &mail).await;
    assert!(shown.body.contains(VOUCHED), "{}", shown.body);
}

#[tokio::test]
async fn who_wrote_before_and_an_address_of_ones_own_are_known() {
    let console = Console::new().await;
    console.sandbox();
    let lure = "From: Zoe <zoe@labo.example>\r\nTo: a@tilleuls.example\r\nSubject: Compte suspendu\r\nContent-Type: \
                text/html; charset=utf-8\r\n\r\n<p>Votre compte Ameli sera suspendu sous 24h. <a \
                href=\"http://198.51.100.7/login\">Confirmez votre mot de passe et votre carte bancaire</a></p>";
    let mut browser = console.signed_in(Role::Assistant).await;
    let call = "Appelez cette personne au numéro que vous connaissez";
    let plain = |shown: &Shown| shown.body.replace(['\u{a0}', '\u{202f}'], " ");
    let shown = plain(&dropped(&mut browser, lure).await);
    assert!(
        shown.contains("Arnaque") && !shown.contains(call),
        "{shown}"
    );
    // An address of the practice's own domain.
    noted(&console, &[("own", "labo.example")]).await;
    let shown = plain(&dropped(&mut browser, lure).await);
    assert!(shown.contains("Arnaque") && shown.contains(call), "{shown}");
    browser.language = "en";
    let shown = plain(&dropped(&mut browser, lure).await);
    assert!(
        shown.contains("Call this person at the number you know"),
        "{shown}"
    );
    browser.language = "fr";
    // Their server says that it is not theirs: then nobody has their mailbox.
    noted(
        &console,
        &[("own", "labo.example"), ("servers", "mx.cabinet.example")],
    )
    .await;
    let forged =
        format!("Authentication-Results: mx.cabinet.example; dmarc=fail (p=reject)\r\n{lure}");
    let shown = plain(&dropped(&mut browser, &forged).await);
    assert!(
        shown.contains("Arnaque") && !shown.contains(call),
        "{shown}"
    );
    // Somebody whom root's command remembers.
    noted(&console, &[]).await;
    let kept = r#"{"format":"hygie.senders/1","own":[],"counted":[],"memory":{"people":{"zoe@labo.example":{"name":"Zoe","first":1795000000,"last":1795500000,"received":3,"answered":1}}}}"#;
    std::fs::write(&console.hub.senders, kept).unwrap();
    let shown = plain(&dropped(&mut browser, lure).await);
    assert!(shown.contains(call), "{shown}");
    let ordinary = lure.replace(&lure[lure.find("<p>").unwrap()..], "<p>Voici le bilan.</p>");
    let shown = plain(&dropped(&mut browser, &ordinary).await);
    assert!(shown.contains("Rien d&#39;inquiétant"), "{shown}");
    assert!(
        shown.contains("déjà"),
        "it is said that she was answered before: {shown}"
    );
}
