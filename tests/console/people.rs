//! Somebody is invited by a link, joins with means of her own, may what her role may, and is closed in one gesture.

use anyhow::{Context, Result, ensure};

use crate::{
    browser::{Browser, Trust},
    not_here,
    pages::look_at,
    scene::{Scene, set_password, set_up},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invited_person_joins_and_leaves() -> Result<()> {
    if let Some(why) = not_here() {
        println!("{why}");
        return Ok(());
    }
    let scene = Scene::start()?;
    let (mut helene, authority) = set_up(&scene).await?;
    let doctor = Browser::start("fr", Trust::Only(&authority)).await?;
    doctor.open(&scene.at("/people/invite")).await?;
    helene.sign_in(&doctor).await?;
    doctor.arrives("/people/invite").await?;
    doctor.fill("#n", "Claire Morin").await?;
    doctor.press("input[name=role][value=assistant]").await?;
    doctor.press("#invite button[type=submit]").await?;
    let link = doctor.find("#link").await?.prop("value").await?;
    let link = link.context("the link")?;
    ensure!(link.starts_with(&scene.at("/join/")), "{link}");

    let desk = Browser::start("fr", Trust::Only(&authority)).await?;
    desk.open(&link).await?;
    desk.fill("#name", "Claire Morin").await?;
    desk.fill("#login", "claire").await?;
    desk.press("main button[type=submit]").await?;
    desk.arrives("/me").await?;
    set_password(&desk, "claire").await?;
    // The link has served.
    let other = Browser::start("fr", Trust::Only(&authority)).await?;
    other.open(&link).await?;
    ensure!(
        other
            .client()
            .find(fantoccini::Locator::Css("#login"))
            .await
            .is_err(),
        "the link serves twice"
    );
    other.close().await?;
    // She sees the day and the people, and neither the journal nor the settings.
    desk.open(&scene.at("/people")).await?;
    ensure!(desk.text("main").await?.contains("Hélène Garnier"));
    for path in ["/journal", "/settings", "/people/invite"] {
        desk.open(&scene.at(path)).await?;
        ensure!(desk.text("h1").await?.contains("Votre rôle"), "{path}");
    }

    doctor.open(&scene.at("/people")).await?;
    let person = doctor.run(
        "return [...document.querySelectorAll('main a[href^=\"/people/\"]')].map(a => a.getAttribute('href')).find(h => /^\\/people\\/[0-9a-f-]{36}/.test(h) && document.querySelector(`main a[href=\"${h}\"]`).closest('tr')?.textContent.includes('Claire'));",
    ).await?;
    let person = person.as_str().context("her line in the list")?.to_owned();
    let person = person
        .split('#')
        .next()
        .unwrap_or_default()
        .trim_end_matches("/close");
    look_at(
        &doctor,
        &scene,
        &[
            ("/people", "people-two"),
            (person, "person"),
            (&format!("{person}/close"), "person-close"),
            ("/people/invite", "invite"),
        ],
    )
    .await?;
    doctor.look(crate::browser::Screen::Desk, false).await?;
    doctor.open(&scene.at(&format!("{person}/close"))).await?;
    doctor
        .press("form[action$='/close'] button[type=submit]")
        .await?;
    doctor.says("main", "Claire Morin").await?;
    // From this moment on her browser is nobody's.
    desk.open(&scene.at("/people")).await?;
    desk.arrives("/signin").await?;
    doctor.open(&scene.at("/journal")).await?;
    ensure!(doctor.text("main").await?.contains("Claire Morin"));
    desk.close().await?;
    doctor.close().await
}
