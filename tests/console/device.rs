//! A second device joins by the code that a page shows, and is retired from there.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{
    browser::{Browser, Screen, Trust},
    not_here,
    pages::look_at,
    scene::{Scene, set_up},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_device_joins_by_a_code_and_is_retired() -> Result<()> {
    if let Some(why) = not_here() {
        println!("{why}");
        return Ok(());
    }
    let scene = Scene::start()?;
    let (mut helene, authority) = set_up(&scene).await?;
    let browser = Browser::start("fr", Trust::Only(&authority)).await?;
    browser.open(&scene.at("/devices/enrol")).await?;
    helene.sign_in(&browser).await?;
    browser.arrives("/devices/enrol").await?;
    look_at(&browser, &scene, &[("/devices/enrol", "enrol")]).await?;
    browser.look(Screen::Desk, false).await?;
    browser.open(&scene.at("/devices/enrol")).await?;
    browser.fill("#name", "Cabinet 2").await?;
    browser
        .press("form[action='/devices/enrol'] button")
        .await?;
    browser.says("h1", "Cabinet 2").await?;
    let command = browser.text("main code").await?;
    let code = command.rsplit(' ').next().context("a code")?.to_owned();
    let other = scene.folder.path().join("other");
    let join = || {
        Command::new(env!("CARGO_BIN_EXE_hygie"))
            .arg("--state")
            .arg(&other)
            .args(["--json", "agent", "--enrol", &code])
            .output()
    };
    let joined = join()?;
    ensure!(joined.status.success(), "{joined:?}");
    // It serves once.
    ensure!(!join()?.status.success(), "a code served twice");
    browser.open(&scene.at("/devices")).await?;
    let page = browser.text("main").await?;
    ensure!(page.contains("Cabinet 2"), "{page}");
    browser
        .run("document.querySelectorAll('details').forEach(d => d.open = true);")
        .await?;
    browser
        .press("form[action='/devices/retire'] button")
        .await?;
    browser.says("[role=status].note", "retiré").await?;
    browser.close().await
}
