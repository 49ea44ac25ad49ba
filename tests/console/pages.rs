//! Each page at both widths, in both languages and colours: a picture of it, one as it is printed, nothing that a screen reader stumbles over,
//! nothing that is too wide.

use anyhow::{Result, ensure};

use crate::{
    browser::{Browser, Screen},
    scene::Scene,
};

/// Looks at pages of a console; `(path, name of the picture)`.
pub(crate) async fn look_at(
    browser: &Browser,
    scene: &Scene,
    pages: &[(&str, &str)],
) -> Result<()> {
    let mut wrong = Vec::new();
    for language in ["fr", "en"] {
        browser
            .open(&scene.at(&format!("/language?to={language}&back=/first-gestures")))
            .await?;
        for (screen, width) in [(Screen::Desk, "1280"), (Screen::Phone, "390")] {
            for (dark, shade) in [(false, "light"), (true, "dark")] {
                browser.look(screen, dark).await?;
                for (path, name) in pages {
                    browser.open(&scene.at(path)).await?;
                    let name = format!("{name}-{language}-{width}-{shade}");
                    browser.shoot(&name).await?;
                    if matches!(screen, Screen::Desk) && !dark {
                        browser.print(&name).await?;
                    }
                    wrong.extend(
                        browser
                            .axe()
                            .await?
                            .into_iter()
                            .map(|said| format!("{name}: {said}")),
                    );
                    if browser.overflows().await? {
                        wrong.push(format!("{name}: wider than the window"));
                    }
                    let spoken = browser.run("return document.documentElement.lang;").await?;
                    if spoken != language {
                        wrong.push(format!("{name}: speaks {spoken}"));
                    }
                }
            }
        }
    }
    browser
        .open(&scene.at("/language?to=fr&back=/first-gestures"))
        .await?;
    ensure!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}
