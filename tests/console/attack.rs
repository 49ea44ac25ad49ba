//! An attack on a guarded folder, seen on the page without a reload and undone by a click.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use hygie_testkit::{Arena, Guarded, LoopFs, SealedTree, Simulator, Snapshot};

use crate::{
    browser::{Browser, Screen, Trust},
    not_here,
    pages::look_at,
    scene::{Scene, set_up},
};

pub(crate) const USER: u32 = 4321;
/// Only against a test that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A guard that stops whoever harms. What drops first stands first.
pub(crate) struct Guard {
    pub(crate) hygie: Guarded,
    pub(crate) arena: Arena,
    pub(crate) quiet: PathBuf,
    pub(crate) state: PathBuf,
    _disks: [LoopFs; 2],
}

pub(crate) fn guard() -> Result<Guard> {
    let disk = LoopFs::ext4(512)?;
    let other = LoopFs::ext4(512)?;
    let tree = SealedTree::new(900).files(60).largest(100_000);
    let arena = Arena::make(&disk.path(), USER, &tree)?;
    let quiet = disk.path().join("quiet");
    std::fs::create_dir(&quiet)?;
    let state = other.path().join("state");
    std::fs::create_dir_all(&state)?;
    std::fs::write(state.join("hygie.toml"), "[guard]\nattackers = \"stop\"\n")?;
    let binary = Path::new(env!("CARGO_BIN_EXE_hygie"));
    let folders = [arena.victims(), quiet.clone()];
    let mut hygie = Guarded::up(binary, &state, &folders)?;
    hygie.wait_for("copied", PATIENCE)?;
    Ok(Guard {
        hygie,
        arena,
        quiet,
        state,
        _disks: [disk, other],
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attack_appears_by_itself_and_a_click_undoes_it() -> Result<()> {
    if let Some(why) = not_here() {
        println!("{why}");
        return Ok(());
    }
    let guard = guard()?;
    let scene = Scene::start_on(&guard.state)?;
    let (mut helene, authority) = set_up(&scene).await?;
    let browser = Browser::start("fr", Trust::Only(&authority)).await?;
    browser.open(&scene.at("/incidents")).await?;
    helene.sign_in(&browser).await?;
    browser.arrives("/incidents").await?;
    browser.find("[data-live]").await?;
    // Whoever reloads the page loses this mark.
    browser
        .run("document.body.dataset.mark = 'same page';")
        .await?;
    let before = guard.arena.snapshot()?;
    let attacks = Path::new(env!("CARGO_BIN_EXE_hygie")).with_file_name("hygie-attacks");
    ensure!(attacks.exists(), "cargo build -p hygie-attacks");
    let simulator = Simulator::new(attacks).as_user(USER);
    let mut running = simulator.start("encrypt-in-place", &guard.arena, &[])?;
    browser.find("[data-live] a[href='/incidents/1']").await?;
    let mark = browser.run("return document.body.dataset.mark;").await?;
    ensure!(mark == "same page", "the page was loaded anew");
    browser.press("[data-live] a[href='/incidents/1']").await?;
    browser.arrives("/incidents/1").await?;
    browser.says("h1", "Hygie a arrêté un programme").await?;
    look_at(
        &browser,
        &scene,
        &[
            ("/incidents/1", "incident-live"),
            ("/incidents", "incidents"),
            ("/", "today-incident"),
        ],
    )
    .await?;
    browser.look(Screen::Desk, false).await?;
    browser.open(&scene.at("/incidents/1")).await?;
    browser
        .press("form[action='/incidents/1/undo'] button")
        .await?;
    browser.says("h1", "Tout est remis comme avant").await?;
    running.kill();
    guard.hygie.settle(&guard.quiet, PATIENCE)?;
    before.assert_same(&Snapshot::of(&guard.arena.victims())?);
    // The journal names who clicked.
    browser.open(&scene.at("/journal")).await?;
    ensure!(browser.text("main").await?.contains("Hélène Garnier"));
    restored(&browser, &scene, &guard).await?;
    look_at(
        &browser,
        &scene,
        &[
            ("/incidents/1", "incident-undone"),
            ("/", "today"),
            ("/files", "files"),
            ("/devices", "devices"),
            ("/people", "people"),
            ("/journal", "journal"),
            ("/settings", "settings"),
        ],
    )
    .await?;
    browser.close().await
}

/// A letter that was written over is found and given back by a click.
async fn restored(browser: &Browser, scene: &Scene, guard: &Guard) -> Result<()> {
    let file = guard.quiet.join("Lettre Lemaire.txt");
    std::fs::write(&file, "Cher confrère, voici les résultats.")?;
    guard.hygie.settle(&guard.quiet, PATIENCE)?;
    std::fs::write(&file, "")?;
    guard.hygie.settle(&guard.quiet, PATIENCE)?;
    browser.open(&scene.at("/files?q=lemaire")).await?;
    let link = browser.find("main .facts a[href^='/files/of']").await?;
    link.click().await?;
    browser.find(".versions").await?;
    look_at_here(browser, "file-versions").await?;
    // What it held is shown before it is restored: read by the guard, drawn by a worker that the program itself started.
    let inside = browser.run(OLDEST).await?;
    let inside = inside.as_str().context("a link")?.to_owned();
    browser.open(&scene.at(&inside)).await?;
    browser.says("main", "voici les résultats").await?;
    look_at_here(browser, "file-inside").await?;
    browser.open(&scene.at("/files?q=lemaire")).await?;
    browser
        .find("main .facts a[href^='/files/of']")
        .await?
        .click()
        .await?;
    browser.press(".versions button").await?;
    browser.find("[role=status]").await?;
    let now = std::fs::read_to_string(&file).context("the letter")?;
    ensure!(now.starts_with("Cher confrère"), "it holds {now:?}");
    Ok(())
}

async fn look_at_here(browser: &Browser, name: &str) -> Result<()> {
    browser.shoot(&format!("{name}-fr-1280-light")).await?;
    let wrong = browser.axe().await?;
    ensure!(wrong.is_empty(), "{name}: {wrong:#?}");
    Ok(())
}

/// Where the oldest version is shown.
const OLDEST: &str = r#"
    return [...document.querySelectorAll(".versions a[href^='/files/inside']")].at(-1).getAttribute("href");
"#;
