//! A device with a guard of its own, and a hub in another network: the device joins by a code, an attack is stopped there, the
//! hub's page shows it by itself, and a click on it gives the device's files back.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc::{Receiver, Sender, channel},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use hygie_testkit::{Arena, Guarded, LoopFs, Network, SealedTree, Simulator, Snapshot};
use serde_json::Value;

use crate::{
    browser::{Browser, Screen, Trust, axe},
    not_here,
    pages::look_at,
    scene::{Scene, set_up},
};

const USER: u32 = 4321;
/// Only against a test that hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the two sides of the story tell each other.
#[derive(Debug)]
enum Step {
    /// The code of the page.
    Code(String),
    /// The device is guarded, and its courier runs.
    Guarded,
    /// Somebody looks at the hub's page.
    Looking,
    /// The page says that all is as before.
    Undone,
    /// So it is.
    Same,
}

#[test]
fn an_attack_on_another_device_is_undone_by_a_click_at_the_hub() -> Result<()> {
    if let Some(why) = not_here() {
        println!("{why}");
        return Ok(());
    }
    hygie_testkit::alone()?;
    // From the namespace nothing of it could be fetched.
    axe()?;
    let network = Network::new()?;
    let (to_hub, from_device) = channel();
    let (to_device, from_hub) = channel();
    std::thread::scope(|scope| {
        let network = &network;
        let hub = scope.spawn(move || -> Result<()> {
            network.enter()?;
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()?;
            runtime.block_on(hub(network, &to_device, &from_device))
        });
        let device = device(&to_hub, &from_hub);
        drop(to_hub);
        let hub = hub
            .join()
            .unwrap_or_else(|_| bail!("the hub's side panicked"));
        // Where one side failed, the other one misses a step.
        hub.and(device)
    })
}

/// The hub's side, in its own network.
async fn hub(network: &Network, to: &Sender<Step>, from: &Receiver<Step>) -> Result<()> {
    let scene = Scene::start_for(network.there)?;
    let (mut helene, authority) = set_up(&scene).await?;
    let browser = Browser::start("fr", Trust::Only(&authority)).await?;
    browser.open(&scene.at("/devices/enrol")).await?;
    helene.sign_in(&browser).await?;
    browser.arrives("/devices/enrol").await?;
    browser.fill("#name", "Cabinet 2").await?;
    browser
        .press("form[action='/devices/enrol'] button")
        .await?;
    browser.says("h1", "Cabinet 2").await?;
    let command = browser.text("main code").await?;
    let code = command.rsplit(' ').next().context("a code")?.to_owned();
    to.send(Step::Code(code))?;
    next(from, |step| matches!(step, Step::Guarded))?;
    browser.open(&scene.at("/devices")).await?;
    browser.says("main", "Cabinet 2").await?;
    browser.says("main", "Entendu le").await?;
    browser.open(&scene.at("/incidents")).await?;
    browser.find("[data-live]").await?;
    // Whoever reloads the page loses this mark.
    browser
        .run("document.body.dataset.mark = 'same page';")
        .await?;
    to.send(Step::Looking)?;
    let row = browser
        .find("[data-live] a[href^='/incidents/on/']")
        .await?;
    let mark = browser.run("return document.body.dataset.mark;").await?;
    ensure!(mark == "same page", "the page was loaded anew");
    let path = row.attr("href").await?.context("a link")?;
    browser.open(&scene.at(&path)).await?;
    browser.says("h1", "Hygie a arrêté un programme").await?;
    look_at(&browser, &scene, &[(&path, "incident-afar")]).await?;
    browser.look(Screen::Desk, false).await?;
    browser.open(&scene.at(&path)).await?;
    browser
        .press(&format!("form[action='{path}/undo'] button"))
        .await?;
    // The device does it, says so, and the page says it by itself.
    browser.says("main", "Le poste l'a fait").await?;
    browser.says("h1", "Tout est remis comme avant").await?;
    browser.shoot("incident-afar-undone-fr-1280-light").await?;
    to.send(Step::Undone)?;
    next(from, |step| matches!(step, Step::Same))?;
    browser.open(&scene.at("/journal")).await?;
    let journal = browser.text("main").await?;
    for said in [
        "Hélène Garnier a demandé au poste « Cabinet 2 » de tout remettre comme avant",
        "Le poste « Cabinet 2 » a fait ce que Hélène Garnier lui avait demandé",
    ] {
        let plain = journal.replace(['\u{a0}', '\u{202f}'], " ");
        ensure!(plain.contains(said), "{said}: {plain}");
    }
    browser.close().await
}

/// The device's side, on this machine.
fn device(to: &Sender<Step>, from: &Receiver<Step>) -> Result<()> {
    let disk = LoopFs::ext4(512)?;
    let other = LoopFs::ext4(512)?;
    let tree = SealedTree::new(901).files(60).largest(100_000);
    let arena = Arena::make(&disk.path(), USER, &tree)?;
    let quiet = disk.path().join("quiet");
    std::fs::create_dir(&quiet)?;
    let state = other.path().join("state");
    std::fs::create_dir_all(&state)?;
    std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o711))?;
    std::fs::write(state.join("hygie.toml"), "[guard]\nattackers = \"stop\"\n")?;
    let Step::Code(code) = next(from, |step| matches!(step, Step::Code(_)))? else {
        bail!("no code");
    };
    let binary = Path::new(env!("CARGO_BIN_EXE_hygie"));
    let joined = Command::new(binary)
        .arg("--state")
        .arg(&state)
        .args(["--json", "agent", "--enrol", &code])
        .output()?;
    ensure!(joined.status.success(), "{joined:?}");
    let folders: [PathBuf; 2] = [arena.victims(), quiet.clone()];
    let mut hygie = Guarded::up(binary, &state, &folders)?;
    hygie.wait_for("copied", PATIENCE)?;
    // The hub's word reached the guard: `hygie status` says when.
    let until = Instant::now() + PATIENCE;
    while !status(&hygie)?.is_some_and(|status| status["hub"]["heard"].is_string()) {
        ensure!(Instant::now() < until, "the hub was never heard");
        std::thread::sleep(Duration::from_millis(100));
    }
    to.send(Step::Guarded)?;
    next(from, |step| matches!(step, Step::Looking))?;
    let before = arena.snapshot()?;
    let attacks = binary.with_file_name("hygie-attacks");
    ensure!(attacks.exists(), "cargo build -p hygie-attacks");
    let simulator = Simulator::new(attacks).as_user(USER);
    let mut running = simulator.start("encrypt-in-place", &arena, &[])?;
    next(from, |step| matches!(step, Step::Undone))?;
    running.kill();
    hygie.settle(&quiet, PATIENCE)?;
    before.assert_same(&Snapshot::of(&arena.victims())?);
    journal(&hygie)?;
    to.send(Step::Same)?;
    Ok(())
}

fn status(hygie: &Guarded) -> Result<Option<Value>> {
    Ok(hygie.ask(&["status".as_ref()])?.lines.into_iter().next())
}

/// The device's own journal names who asked, once, and what came of it.
fn journal(hygie: &Guarded) -> Result<()> {
    let lines = hygie.ask(&["journal".as_ref(), "show".as_ref()])?.lines;
    let of = |kind: &str| -> Vec<&Value> {
        let lines = lines.iter().filter(|line| line["kind"] == kind);
        lines.map(|line| &line["fields"]).collect()
    };
    let (heard, over) = (of("command.heard"), of("command.over"));
    ensure!(heard.len() == 1 && over.len() == 1, "{heard:?} {over:?}");
    ensure!(
        over[0]["outcome"] == "done" && over[0]["do"] == "undo",
        "{over:?}"
    );
    ensure!(heard[0]["person"].is_string() && heard[0]["person"] == over[0]["person"]);
    let undone = of("incident.undone");
    ensure!(
        undone.len() == 1 && undone[0]["person"] == heard[0]["person"],
        "{undone:?}"
    );
    Ok(())
}

fn next(from: &Receiver<Step>, is_it: impl Fn(&Step) -> bool) -> Result<Step> {
    let step = from
        .recv_timeout(PATIENCE + PATIENCE)
        .context("the other side does not go on")?;
    ensure!(is_it(&step), "{step:?}");
    Ok(step)
}
