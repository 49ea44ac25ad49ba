//! From the first start to a passkey: what a practitioner does in her first ten minutes.

use anyhow::{Result, ensure};

use crate::{
    browser::{Browser, Trust},
    not_here,
    pages::look_at,
    scene::{Scene, is_private, set_up},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_first_start_to_a_passkey() -> Result<()> {
    if let Some(why) = not_here() {
        println!("{why}");
        return Ok(());
    }
    let scene = Scene::start()?;
    let (mut helene, authority) = set_up(&scene).await?;
    ensure!(
        is_private(&scene.state().join("setup-code"))?,
        "the code can be read by others"
    );
    // From here on as on any other device: by the name, with trust in this authority alone.
    let browser = Browser::start("fr", Trust::Only(&authority)).await?;
    browser.open(&scene.at("/")).await?;
    browser.arrives("/signin").await?;
    helene.sign_in(&browser).await?;
    browser.arrives("/").await?;
    browser.plug_key().await?;
    browser.open(&scene.at("/me")).await?;
    browser.fill("#kn", "portable du bureau").await?;
    browser.press("form[data-passkey] button").await?;
    browser.says("[role=status]", "La clé est ajoutée").await?;
    browser
        .press(".side form[action='/signout'] button")
        .await?;
    browser.arrives("/signin").await?;
    browser.press("form[data-passkey] button").await?;
    browser.arrives("/").await?;
    browser.open(&scene.at("/me")).await?;
    ensure!(
        browser
            .text("h1")
            .await?
            .contains("mot de passe en secours")
    );
    let pages = [
        ("/me", "me"),
        ("/me/password", "me-password"),
        ("/signin", "signin"),
        ("/first-gestures", "first-gestures"),
        ("/trust", "trust"),
    ];
    look_at(&browser, &scene, &pages).await?;
    browser.close().await
}
