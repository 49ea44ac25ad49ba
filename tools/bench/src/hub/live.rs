//! How soon an attack shows on a page that somebody has open: a real guard stops a simulator, and Chromium notes when the
//! incident stands on the page. From the attack's first harm, and from the moment when the guard stopped it.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, ClientBuilder, Locator};
use hygie_testkit::{Arena, Chromium, Guarded, LoopFs, SealedTree, Simulator};
use hyper_util::client::legacy::connect::HttpConnector;
use jiff::Timestamp;
use serde_json::Value;

use super::console::Console;
use crate::stats::Spread;

/// In milliseconds.
pub(crate) struct Shown {
    /// From the first harm until it is on the page.
    pub(crate) after_harm: Spread,
    /// From the stop until it is on the page.
    pub(crate) after_stop: Spread,
    /// The slowest of the first.
    pub(crate) worst: f64,
}

/// Attacks so often and looks on.
pub(crate) fn measure(hygie: &Path, attacks: &Path, rounds: u64) -> Result<Shown> {
    let (disk, other) = (LoopFs::ext4(1024)?, LoopFs::ext4(1024)?);
    let tree = SealedTree::new(900).files(60).largest(100_000);
    let arena = Arena::make(&disk.path(), USER, &tree)?;
    let state = other.path().join("state");
    std::fs::create_dir_all(&state)?;
    std::fs::write(state.join("hygie.toml"), "[guard]\nattackers = \"stop\"\n")?;
    let mut guard = Guarded::up(hygie, &state, &[arena.victims()])?;
    guard.wait_for("copied", PATIENCE)?;
    let console = Console::start(hygie, &state)?;
    let simulator = Simulator::new(attacks).as_user(USER);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let shown = runtime.block_on(async {
        let chromium = Chromium::start()?;
        let page = open(&chromium, &console).await?;
        let (mut after_harm, mut after_stop) = (Vec::new(), Vec::new());
        for round in 1..=rounds {
            let mut running = simulator.start("encrypt-in-place", &arena, &[])?;
            let seen = seen(&page, round).await?;
            let (harm, stop) = moments(&guard, round)?;
            after_harm.push(seen - harm);
            after_stop.push(seen - stop);
            running.kill();
            let undone = guard.ask(&["undo".as_ref(), round.to_string().as_ref()])?;
            ensure!(undone.code == Some(0), "undo: {}", undone.stderr);
            guard.settle(&arena.victims(), PATIENCE)?;
        }
        page.close().await?;
        let worst = after_harm.iter().copied().fold(0.0, f64::max);
        anyhow::Ok(Shown {
            after_harm: Spread::of(&after_harm).context("no round")?,
            after_stop: Spread::of(&after_stop).context("no round")?,
            worst,
        })
    })?;
    console.stop()?;
    guard.stop()?;
    Ok(shown)
}

/// The list of incidents, as the first practitioner has it open after her set-up; it notes when each incident comes.
async fn open(chromium: &Chromium, console: &Console) -> Result<Client> {
    let Value::Object(capabilities) = chromium.capabilities("fr", HOST, true) else {
        bail!("no capabilities");
    };
    let page = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&chromium.url())
        .await
        .context("Chromium does not start")?;
    console.serves()?;
    page.goto(&console.url("/setup")).await?;
    let code = console.code()?;
    for (field, text) in [
        ("#code", code.as_str()),
        ("#practice", "Cabinet des Tilleuls"),
        ("#host", HOST),
        ("#name", "Hélène Garnier"),
        ("#login", "helene"),
    ] {
        let field = page.find(Locator::Css(field)).await?;
        field.clear().await?;
        field.send_keys(text).await?;
    }
    let button = page.find(Locator::Css("form.stack button[type=submit]"));
    button.await?.click().await?;
    page.goto(&console.url("/incidents")).await?;
    let there = page.wait().at_most(PATIENCE);
    there.for_element(Locator::Css("[data-live]")).await?;
    page.execute(NOTE, Vec::new()).await?;
    Ok(page)
}

/// When the incident of that number came onto the page, in milliseconds since 1970.
async fn seen(page: &Client, number: u64) -> Result<f64> {
    let until = std::time::Instant::now() + PATIENCE;
    loop {
        let at = page
            .execute("return window.came[arguments[0]];", vec![number.into()])
            .await?;
        if let Some(at) = at.as_f64() {
            return Ok(at);
        }
        ensure!(
            std::time::Instant::now() < until,
            "incident {number} does not come"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Its first harm and its stop by the guard's own word, in milliseconds since 1970.
fn moments(guard: &Guarded, number: u64) -> Result<(f64, f64)> {
    let said = guard.ask(&["incidents".as_ref()])?;
    let incident = said
        .lines
        .iter()
        .find(|line| line["id"] == number)
        .with_context(|| format!("no incident {number} in {:?}", said.lines))?;
    let at = |field: &str| -> Result<f64> {
        let text = incident[field].as_str();
        let moment: Timestamp = text.context("a moment")?.parse()?;
        Ok(moment.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64() * 1000.0)
    };
    Ok((at("first_harm")?, at("stopped_at")?))
}

const USER: u32 = 4321;
const HOST: &str = "hygie-cabinet.local";
/// Only against a bench that hangs.
const PATIENCE: Duration = Duration::from_secs(60);
const NOTE: &str = r#"
    window.came = {};
    const note = () => document.querySelectorAll("[data-live] a[href^='/incidents/']").forEach(link => {
        const number = link.getAttribute("href").split("/").pop();
        window.came[number] ??= Date.now();
    });
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
"#;
