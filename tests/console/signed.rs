//! A program that was really stopped goes on by a passkey's signature through the page, and by nothing else: a key that was
//! removed meanwhile is refused by the guard, whatever the console says.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use hygie_testkit::Simulator;
use serde_json::Value;

use crate::{
    attack::{Guard, USER, guard},
    browser::{Browser, Trust},
    not_here,
    pages::look_at,
    scene::{Scene, set_up},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_lets_a_stopped_program_go_on_and_a_removed_one_does_not() -> Result<()> {
    if let Some(why) = not_here() {
        println!("{why}");
        return Ok(());
    }
    let guard = guard()?;
    let scene = Scene::start_on(&guard.state)?;
    let (mut helene, authority) = set_up(&scene).await?;
    let browser = Browser::start("fr", Trust::Only(&authority)).await?;
    browser.open(&scene.at("/me")).await?;
    helene.sign_in(&browser).await?;
    browser.arrives("/me").await?;
    let first = browser.plug_key().await?;
    add_key(&browser, "portable").await?;

    let attacks = Path::new(env!("CARGO_BIN_EXE_hygie")).with_file_name("hygie-attacks");
    ensure!(attacks.exists(), "cargo build -p hygie-attacks");
    let simulator = Simulator::new(attacks).as_user(USER);
    let mut running = simulator.start("encrypt-in-place", &guard.arena, &[])?;
    browser.open(&scene.at("/incidents")).await?;
    browser.find("[data-live] a[href='/incidents/1']").await?;

    // The guard believes no key because the console has one.
    browser.open(&scene.at("/incidents/1/allow")).await?;
    browser.says("main", "sudo hygie keys trust").await?;
    trust(&guard, "portable")?;
    browser.open(&scene.at("/incidents/1/allow")).await?;
    browser.says("h1", "continuer").await?;
    // She signs, and before the answer comes to the guard the key is gone.
    let answer = browser.run(SIGN).await?;
    ensure!(answer["id"].is_string(), "{answer}");
    browser.unplug_key(&first).await?;
    browser.plug_key().await?;
    browser.open(&scene.at("/me")).await?;
    add_key(&browser, "téléphone").await?;
    trust(&guard, "téléphone")?;
    browser.open(&scene.at("/me")).await?;
    let remove = "main .facts form[action='/me/passkey/remove'] button";
    let removed = browser.text(remove).await?;
    ensure!(removed.contains("portable"), "it removes {removed:?}");
    browser.press(remove).await?;
    browser.arrives("/me").await?;
    browser.says("[role=status]", "n'ouvre plus rien").await?;
    let keys = keys(&guard)?;
    let trusted: Vec<&str> = keys
        .iter()
        .filter(|key| key["trusted"] == true)
        .filter_map(|key| key["key"].as_str())
        .collect();
    ensure!(trusted == ["téléphone"], "{keys:?}");
    browser.open(&scene.at("/incidents/1/allow")).await?;
    let led = browser
        .run(&format!("const sent = {answer}; {SEND}"))
        .await?;
    ensure!(led == "/incidents/1/allow?why=no-key", "{led}");
    ensure!(state(&guard)? == "stopped", "the guard let it go on");

    // The one that is left signs by the page's own button, with the keyboard.
    browser.open(&scene.at("/incidents/1/allow")).await?;
    let button = browser
        .find("form[data-passkey] button:not([hidden])")
        .await?;
    button.send_keys("\u{E007}").await?;
    browser.arrives("/incidents/1").await?;
    browser.says("[role=status]", "C'est signé").await?;
    ensure!(state(&guard)? == "allowed", "the program is not allowed");
    browser.open(&scene.at("/journal")).await?;
    let journal = browser.text("main").await?;
    for told in ["a repris la clé d'accès", "pour Hélène Garnier"] {
        ensure!(
            journal.contains(told),
            "the journal lacks {told:?}: {journal}"
        );
    }
    running.kill();
    let folder = data_encoding::BASE64URL_NOPAD.encode(guard.quiet.as_os_str().as_encoded_bytes());
    let unprotect = format!("/devices/unprotect?p={folder}");
    let pages = [("/keys", "keys"), (unprotect.as_str(), "unprotect")];
    look_at(&browser, &scene, &pages).await?;
    browser.close().await
}

pub(crate) async fn add_key(browser: &Browser, name: &str) -> Result<()> {
    browser.fill("#kn", name).await?;
    browser.press("form[data-passkey] button").await?;
    browser.says("[role=status]", "La clé est ajoutée").await
}

/// What somebody with the device's administration rights types.
fn hygie(guard: &Guard, arguments: &[&str]) -> Result<Vec<Value>> {
    let done = Command::new(env!("CARGO_BIN_EXE_hygie"))
        .arg("--state")
        .arg(&guard.state)
        .args(["--json", "--yes"])
        .args(arguments)
        .output()?;
    // 10: something waits for a person, as an open incident does.
    let fine = matches!(done.status.code(), Some(0 | 10));
    ensure!(fine, "{arguments:?}: {done:?}");
    let text = String::from_utf8(done.stdout)?;
    let lines = text.lines().map(serde_json::from_str);
    Ok(lines.collect::<Result<_, _>>()?)
}

fn keys(guard: &Guard) -> Result<Vec<Value>> {
    hygie(guard, &["keys"])
}

fn trust(guard: &Guard, name: &str) -> Result<()> {
    let keys = keys(guard)?;
    let key = keys.iter().find(|key| key["key"] == name);
    let number = key.and_then(|key| key["number"].as_u64());
    let number = number.with_context(|| format!("no key {name}: {keys:?}"))?;
    hygie(guard, &["keys", "trust", &number.to_string()])?;
    Ok(())
}

/// How the first incident stands, by the guard's own word. In other folders the program is judged as any other, and may be
/// stopped again.
fn state(guard: &Guard) -> Result<String> {
    let lines = hygie(guard, &["incidents"])?;
    let first = lines.iter().find(|line| line["id"] == 1);
    let state = first.and_then(|line| line["state"].as_str());
    Ok(state.with_context(|| format!("{lines:?}"))?.to_owned())
}

/// What the page's script does, up to the signature.
pub(crate) const SIGN: &str = r#"
    const form = document.querySelector("form[data-passkey=confirm]");
    const sent = await fetch(form.dataset.start, {
        method: "POST",
        headers: { "content-type": "application/json", "x-hygie-form": form.dataset.form },
        body: JSON.stringify({ time: "hours" }),
    });
    const { id, options } = await sent.json();
    const asked = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
    const answer = await navigator.credentials.get({ publicKey: asked });
    return { id, name: "", next: "", answer: answer.toJSON() };
"#;

/// And from there on.
pub(crate) const SEND: &str = r#"
    const form = document.querySelector("form[data-passkey=confirm]");
    const done = await fetch(form.dataset.finish, {
        method: "POST",
        headers: { "content-type": "application/json", "x-hygie-form": form.dataset.form },
        body: JSON.stringify(sent),
    });
    return (await done.json()).go;
"#;
