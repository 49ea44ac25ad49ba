//! Ask Hygie in a real browser, with the real processes: an SMS that is pasted, an e-mail's file that a worker of the hub reads.
//! And the pages on which somebody is told things: how they look, and that axe finds nothing.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::{
    browser::{Browser, Screen, Trust},
    not_here,
    pages::look_at,
    scene::{Scene, set_up},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trap_is_called_one_and_nothing_of_it_is_kept() -> Result<()> {
    if let Some(why) = not_here() {
        println!("{why}");
        return Ok(());
    }
    let scene = Scene::start()?;
    let (mut helene, authority) = set_up(&scene).await?;
    let browser = Browser::start("fr", Trust::Only(&authority)).await?;
    browser.open(&scene.at("/ask")).await?;
    helene.sign_in(&browser).await?;
    browser.arrives("/ask").await?;

    let sms = "Ameli : votre carte Vitale expire. Mettez-la à jour sous 24h : http://ameli-carte.example/maj";
    browser.fill("#m", sms).await?;
    browser.press("form[action='/ask/answer'] button").await?;
    browser.find(".verdict mark").await?;
    let verdict = browser.text(".verdict").await?;
    ensure!(!verdict.contains("Rien d'inquiétant"), "{verdict}");
    looks_well(&browser, "ask-sms").await?;

    browser.open(&scene.at("/ask")).await?;
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    for (file, is_trap) in MAILS {
        browser.press("input[name=kind][value=mail]").await?;
        let field = browser.find("#e").await?;
        let path = tests.join(file).canonicalize()?;
        field.send_keys(&path.to_string_lossy()).await?;
        browser.press("form[action='/ask/answer'] button").await?;
        browser.find(".verdict").await?;
        let level = browser.text(".verdict .tag").await?;
        ensure!(level.contains("Arnaque") == is_trap, "{file}: {level}");
        let name = path.file_stem().context("a file's name")?;
        looks_well(&browser, &name.to_string_lossy()).await?;
        browser.open(&scene.at("/ask")).await?;
    }

    // Who asked is told, and not what.
    browser.open(&scene.at("/journal")).await?;
    let journal = browser.text("main").await?;
    ensure!(journal.contains("Hélène Garnier"), "{journal}");
    ensure!(!journal.contains("Vitale"), "{journal}");

    let pages = [
        ("/ask", "ask"),
        ("/ask/opened", "ask-opened"),
        ("/alerts", "alerts"),
        ("/alerts/settings", "alerts-settings"),
        ("/settings/alerts", "roads"),
        ("/settings/messages", "settings-messages"),
    ];
    look_at(&browser, &scene, &pages).await?;
    browser.close().await
}

/// Files that somebody drops, and whether each is a trap.
const MAILS: [(&str, bool); 9] = [
    ("check/messages/piege.eml", true),
    ("check/messages/ordinaire.eml", false),
    ("console/messages/colis.eml", true),
    ("console/messages/banque.eml", true),
    ("console/messages/chantage.eml", true),
    ("console/messages/mot-de-passe.eml", true),
    ("console/messages/resultat.eml", false),
    ("console/messages/confrere.eml", false),
    ("console/messages/appointment.eml", false),
];

/// An answer that is no page of its own, at both widths.
async fn looks_well(browser: &Browser, name: &str) -> Result<()> {
    for (screen, width) in [(Screen::Phone, "390"), (Screen::Desk, "1280")] {
        browser.look(screen, false).await?;
        browser
            .shoot(&format!("ask-{name}-fr-{width}-light"))
            .await?;
        let wrong = browser.axe().await?;
        ensure!(wrong.is_empty(), "{name}, {width}: {wrong:#?}");
        ensure!(!browser.overflows().await?, "{name}: wider than {width}");
    }
    Ok(())
}
