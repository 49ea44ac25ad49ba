//! A device with a guard of its own, and a hub in another network: the device joins by a code, an attack is stopped there, the
//! hub's page shows it by itself, and a click on it gives the device's files back. A second one is put back file by file, and let go
//! on by a passkey that the device itself was told to believe, and by nothing less.

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
    signed::{SEND, SIGN, add_key},
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
    /// The page says how many files of the second attack are put back.
    Restored(u64),
    /// They are.
    Back,
    /// Her passkey waits to be believed.
    Waits,
    /// Somebody at the device said so.
    Believed,
    /// What was not signed so did nothing.
    Forged,
    /// The program is still stopped.
    Stopped,
    /// The page says that it goes on.
    Allowed,
    /// It does.
    GoesOn,
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
    second(&scene, &browser, (to, from)).await?;
    browser.close().await
}

/// Another program, on the hub's side: its files put back by a click, and then it goes on, because she signed for it.
async fn second(
    scene: &Scene,
    browser: &Browser,
    (to, from): (&Sender<Step>, &Receiver<Step>),
) -> Result<()> {
    browser.open(&scene.at("/me")).await?;
    browser.plug_key().await?;
    add_key(browser, "portable").await?;
    browser.open(&scene.at("/incidents")).await?;
    let row = browser
        .find("[data-live] a[href^='/incidents/on/'][href$='.2']")
        .await?;
    let path = row.attr("href").await?.context("a link")?;
    let files = format!("{path}/files");
    browser.open(&scene.at(&files)).await?;
    browser.says("h1", "sur « Cabinet 2 »").await?;
    browser.shoot("incident-afar-files-fr-1280-light").await?;
    look_at(browser, scene, &[(&files, "incident-afar-files")]).await?;
    browser.look(Screen::Desk, false).await?;
    browser.open(&scene.at(&files)).await?;
    browser
        .press(&format!("form[action='{path}/restore'] .btn--main"))
        .await?;
    browser.says("main", "remis ; le poste l'a dit").await?;
    let text = browser.text("main").await?;
    let count = text.split(" sur ").next().unwrap_or_default();
    let count = count.rsplit(char::is_whitespace).next().unwrap_or_default();
    let count: u64 = count.parse().with_context(|| text.clone())?;
    ensure!(
        text.contains(&format!("{count} sur {count} remis")),
        "{text}"
    );
    to.send(Step::Restored(count))?;
    next(from, |step| matches!(step, Step::Back))?;

    // The device believes no key because the console has one; its question alone has it handed in.
    let allow = format!("{path}/allow");
    browser.open(&scene.at(&allow)).await?;
    browser.says("main", "sudo hygie keys trust").await?;
    to.send(Step::Waits)?;
    next(from, |step| matches!(step, Step::Believed))?;
    browser.open(&scene.at(&allow)).await?;
    browser.says("h1", "continuer sur « Cabinet 2 »").await?;
    look_at(browser, scene, &[(&allow, "incident-afar-allow")]).await?;
    browser.look(Screen::Desk, false).await?;
    browser.open(&scene.at(&allow)).await?;
    let mut answer = browser.run(SIGN).await?;
    let signature = answer["answer"]["response"]["signature"].take();
    ensure!(signature.is_string(), "{answer}");
    // A signature of something else, as a hub that was taken over might bring it.
    answer["answer"]["response"]["signature"] =
        "MEUCIQDAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQAIgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEA"
            .into();
    let led = browser
        .run(&format!("const sent = {answer}; {SEND}"))
        .await?;
    ensure!(led == format!("{path}?done=signed"), "{led}");
    browser.open(&scene.at(&path)).await?;
    browser.says("main", "n'a pas cru la signature").await?;
    to.send(Step::Forged)?;
    next(from, |step| matches!(step, Step::Stopped))?;

    browser.open(&scene.at(&allow)).await?;
    let button = browser
        .find("form[data-passkey] button:not([hidden])")
        .await?;
    button.send_keys("\u{E007}").await?;
    browser.arrives(&path).await?;
    browser.says("main", "Le poste l'a fait").await?;
    browser
        .says("h1", "Une personne a laissé ce programme continuer")
        .await?;
    browser.shoot("incident-afar-allowed-fr-1280-light").await?;
    to.send(Step::Allowed)?;
    next(from, |step| matches!(step, Step::GoesOn))?;
    browser.open(&scene.at("/journal")).await?;
    let journal = browser.text("main").await?;
    let plain = journal.replace(['\u{a0}', '\u{202f}'], " ");
    for said in [
        "a signé pour laisser un programme continuer sur le poste « Cabinet 2 »",
        "a demandé au poste « Cabinet 2 » de remettre des fichiers",
        "a lu les noms des fichiers touchés sur le poste « Cabinet 2 »",
    ] {
        ensure!(plain.contains(said), "{said}: {plain}");
    }
    Ok(())
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

    // Another program: one that was stopped before is stopped before it touches a file.
    let copy = other.path().join("another-program");
    let mut bytes = std::fs::read(binary.with_file_name("hygie-attacks"))?;
    bytes.push(0);
    std::fs::write(&copy, bytes)?;
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o755))?;
    let simulator = Simulator::new(copy).as_user(USER);
    let mut running = simulator.start("encrypt-in-place", &arena, &[])?;
    let Step::Restored(count) = next(from, |step| matches!(step, Step::Restored(_)))? else {
        bail!("nothing was put back");
    };
    hygie.settle(&quiet, PATIENCE)?;
    let now = Snapshot::of(&arena.victims())?.contents();
    let lacks = before
        .contents()
        .into_iter()
        .filter(|one| !now.contains(one));
    let lacks = lacks.count();
    ensure!(count > 0 && lacks == 0, "{count} put back, {lacks} lacking");
    to.send(Step::Back)?;
    next(from, |step| matches!(step, Step::Waits))?;
    let keys = hygie.ask(&["keys".as_ref()])?.lines;
    ensure!(keys.len() == 1 && keys[0]["trusted"] == false, "{keys:?}");
    let number = keys[0]["number"].to_string();
    hygie.ask(&["keys", "trust", &number].map(std::ffi::OsStr::new))?;
    to.send(Step::Believed)?;
    next(from, |step| matches!(step, Step::Forged))?;
    let state = |hygie: &Guarded| -> Result<Value> {
        let lines = hygie.ask(&["incidents".as_ref()])?.lines;
        let two = lines.into_iter().find(|line| line["id"] == 2);
        Ok(two.context("a second incident")?["state"].clone())
    };
    ensure!(state(&hygie)? == "stopped", "it goes on");
    to.send(Step::Stopped)?;
    next(from, |step| matches!(step, Step::Allowed))?;
    ensure!(state(&hygie)? == "allowed", "it does not go on");
    running.kill();
    signed(&hygie)?;
    to.send(Step::GoesOn)?;
    Ok(())
}

/// The device's own journal has who signed, by which key, and that something else was no signature.
fn signed(hygie: &Guarded) -> Result<()> {
    let lines = hygie.ask(&["journal".as_ref(), "show".as_ref()])?.lines;
    let of = |kind: &str| -> Vec<&Value> {
        let lines = lines.iter().filter(|line| line["kind"] == kind);
        lines.map(|line| &line["fields"]).collect()
    };
    let (signed, allowed) = (of("act.signed"), of("incident.allowed"));
    ensure!(signed.len() == 1 && allowed.len() == 1, "{signed:?}");
    ensure!(signed[0]["act"] == "allow-incident", "{signed:?}");
    ensure!(signed[0]["person"].is_string() && signed[0]["person"] == allowed[0]["person"]);
    ensure!(of("act.not-signed").len() == 1, "one was forged");
    let confirms = of("command.over");
    let outcomes: Vec<&Value> = confirms
        .iter()
        .filter(|over| over["do"] == "confirm")
        .map(|over| &over["outcome"])
        .collect();
    ensure!(outcomes == ["refused", "done"], "{outcomes:?}");
    let asked = of("hub.asked");
    let person = &signed[0]["person"];
    ensure!(
        !asked.is_empty() && asked.iter().all(|one| one["person"] == *person),
        "{asked:?}"
    );
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
