//! Debian's Chromium, driven over WebDriver: with a profile, a home and trust of its own.
//! Nothing of it reaches beyond this machine.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use fantoccini::{
    Client, ClientBuilder, Locator, elements::Element, wd::WebDriverCompatibleCommand,
};
use hygie_testkit::Chromium;
use serde_json::{Value, json};

/// How the browser takes a certificate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trust<'a> {
    /// Whatever it is: the very first page, before anybody could trust anything.
    Anything,
    /// This authority's, as somebody told the browser.
    Only(&'a Path),
}

/// A browser.
pub(crate) struct Browser {
    client: Client,
    _chromium: Chromium,
}

/// A width and height that people have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Screen {
    Desk,
    Phone,
}

impl Browser {
    /// Starts one that speaks this language first.
    pub(crate) async fn start(language: &str, trust: Trust<'_>) -> Result<Self> {
        let chromium = Chromium::start()?;
        if let Trust::Only(authority) = trust {
            trusted(chromium.home(), authority)?;
        }
        let insecure = matches!(trust, Trust::Anything);
        let Value::Object(capabilities) =
            chromium.capabilities(language, super::scene::HOST, insecure)
        else {
            bail!("no capabilities");
        };
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&chromium.url())
            .await
            .context("Chromium does not start")?;
        Ok(Self {
            client,
            _chromium: chromium,
        })
    }

    /// The driver's own view of it.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Opens a page.
    pub(crate) async fn open(&self, url: &str) -> Result<()> {
        Ok(self.client.goto(url).await?)
    }

    /// Where it is.
    pub(crate) async fn path(&self) -> Result<String> {
        let url = self.client.current_url().await?;
        let query = url.query().map(|query| format!("?{query}"));
        Ok(format!("{}{}", url.path(), query.unwrap_or_default()))
    }

    /// Waits for an element to be there.
    pub(crate) async fn find(&self, css: &str) -> Result<Element> {
        let wait = self.client.wait().at_most(PATIENCE);
        match wait.for_element(Locator::Css(css)).await {
            Ok(found) => Ok(found),
            Err(error) => {
                let text = self.text("body").await.unwrap_or_default();
                bail!(
                    "no {css} on {}: {error}; it says: {text}",
                    self.path().await?
                )
            }
        }
    }

    /// What an element says.
    pub(crate) async fn text(&self, css: &str) -> Result<String> {
        Ok(self.client.find(Locator::Css(css)).await?.text().await?)
    }

    /// Types into a field, over what was there.
    pub(crate) async fn fill(&self, css: &str, text: &str) -> Result<()> {
        let field = self.find(css).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Presses a button or follows a link.
    pub(crate) async fn press(&self, css: &str) -> Result<()> {
        Ok(self.find(css).await?.click().await?)
    }

    /// Waits until it is on that path; the query does not count.
    pub(crate) async fn arrives(&self, path: &str) -> Result<()> {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            let now = self.path().await?;
            if now.split('?').next() == Some(path) {
                return Ok(());
            }
            if tokio::time::Instant::now() > until {
                let text = self.text("body").await.unwrap_or_default();
                bail!("on {now} in place of {path}; it says: {text}");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until an element says this, with whatever spaces between the words.
    pub(crate) async fn says(&self, css: &str, part: &str) -> Result<()> {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            let text = self.text(css).await.unwrap_or_default();
            let text = text.replace(['\u{a0}', '\u{202f}'], " ");
            if text.contains(part) {
                return Ok(());
            }
            ensure!(
                tokio::time::Instant::now() < until,
                "{css} says {text:?}, not {part:?}"
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Runs a script of the test's own in the page; its promise is waited for.
    pub(crate) async fn run(&self, script: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; (async () => {{ {script} }})().then(done, e => done('error: ' + e));"
        );
        Ok(self.client.execute_async(&script, Vec::new()).await?)
    }

    /// A key that answers by itself, as the reader of a laptop does.
    pub(crate) async fn plug_key(&self) -> Result<String> {
        let answer = self.client.issue_cmd(PlugKey).await?;
        let id = answer.as_str().context("the number of an authenticator")?;
        Ok(id.to_owned())
    }

    /// Takes that key out of the machine: what it holds is gone.
    pub(crate) async fn unplug_key(&self, id: &str) -> Result<()> {
        self.client.issue_cmd(UnplugKey(id.to_owned())).await?;
        Ok(())
    }

    /// Sets the window and the colours.
    pub(crate) async fn look(&self, screen: Screen, dark: bool) -> Result<()> {
        let (width, height, mobile) = match screen {
            Screen::Desk => (1280, 900, false),
            Screen::Phone => (390, 844, true),
        };
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile }),
        )
        .await?;
        let scheme = if dark { "dark" } else { "light" };
        self.cdp(
            "Emulation.setEmulatedMedia",
            json!({ "features": [
                { "name": "prefers-color-scheme", "value": scheme },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ] }),
        )
        .await
    }

    /// Keeps a picture of the whole page.
    pub(crate) async fn shoot(&self, name: &str) -> Result<PathBuf> {
        let answer = self
            .client
            .issue_cmd(Cdp(
                "Page.captureScreenshot",
                json!({ "captureBeyondViewport": true }),
            ))
            .await?;
        let data = answer["data"].as_str().context("a picture")?;
        let bytes = data_encoding::BASE64.decode(data.as_bytes())?;
        let folder = shots();
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{name}.png"));
        std::fs::write(&file, bytes)?;
        Ok(file)
    }

    /// Keeps the page as it is printed on A4.
    pub(crate) async fn print(&self, name: &str) -> Result<()> {
        let answer = self
            .client
            .issue_cmd(Cdp(
                "Page.printToPDF",
                json!({ "paperWidth": 8.27, "paperHeight": 11.69 }),
            ))
            .await?;
        let data = answer["data"].as_str().context("a document")?;
        let bytes = data_encoding::BASE64.decode(data.as_bytes())?;
        anyhow::ensure!(bytes.starts_with(b"%PDF-"), "{name}: no document");
        let folder = shots();
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(format!("{name}.pdf")), bytes)?)
    }

    /// What axe-core finds wrong with the page, by WCAG 2.2 A and AA; empty when nothing.
    pub(crate) async fn axe(&self) -> Result<Vec<String>> {
        let source = std::fs::read_to_string(axe()?)?;
        // The page's own policy forbids scripts from elsewhere: it is run as the driver's, not the page's.
        self.client.execute(&source, Vec::new()).await?;
        let found = self
            .run(
                "const r = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }); \
                 return r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | '));",
            )
            .await?;
        let found = found
            .as_array()
            .with_context(|| format!("axe said {found}"))?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    /// Whether the page is wider than the window.
    pub(crate) async fn overflows(&self) -> Result<bool> {
        let wide = self
            .run("return document.documentElement.scrollWidth > document.documentElement.clientWidth;")
            .await?;
        Ok(wide == json!(true))
    }

    async fn cdp(&self, command: &'static str, params: Value) -> Result<()> {
        self.client.issue_cmd(Cdp(command, params)).await?;
        Ok(())
    }

    /// Closes it.
    pub(crate) async fn close(self) -> Result<()> {
        self.client.clone().close().await?;
        drop(self);
        Ok(())
    }
}

/// Tells the browser of that home to trust an authority, as a person does.
fn trusted(home: &Path, authority: &Path) -> Result<()> {
    let base = home.join(".pki/nssdb");
    std::fs::create_dir_all(&base)?;
    let base = format!("sql:{}", base.display());
    for arguments in [
        vec!["-N", "--empty-password", "-d", &base],
        vec![
            "-A",
            "-d",
            &base,
            "-n",
            "hygie",
            "-t",
            "C,,",
            "-i",
            &authority.to_string_lossy(),
        ],
    ] {
        let status = Command::new("certutil").args(&arguments).status();
        let status = status.context("certutil: install Debian's libnss3-tools")?;
        ensure!(
            status.success(),
            "certutil {arguments:?} ended with {status}"
        );
    }
    Ok(())
}

/// axe-core from the npm registry, which is a file like any other: brought once, and the one that was looked at.
pub(crate) fn axe() -> Result<PathBuf> {
    let folder = target().join("axe");
    let file = folder.join("package/axe.min.js");
    if file.exists() {
        return Ok(file);
    }
    std::fs::create_dir_all(&folder)?;
    let archive = folder.join("axe.tgz");
    let brought = Command::new("curl")
        .args([
            "--silent",
            "--show-error",
            "--fail",
            "--retry",
            "3",
            "--output",
        ])
        .arg(&archive)
        .arg(AXE)
        .status()
        .context("curl: it brings axe-core, which looks for what a screen reader cannot use")?;
    ensure!(brought.success(), "{AXE}: {brought}");
    let digest = blake3::hash(&std::fs::read(&archive)?);
    ensure!(
        digest.to_hex().as_str() == AXE_BLAKE3,
        "{AXE} is another file: {digest}"
    );
    let unpacked = Command::new("tar")
        .arg("xzf")
        .arg(&archive)
        .arg("-C")
        .arg(&folder)
        .arg("package/axe.min.js")
        .status()?;
    ensure!(unpacked.success(), "tar: {unpacked}");
    Ok(file)
}

/// Pictures of each page: build artefacts, to be looked at.
fn shots() -> PathBuf {
    target().join("console-shots")
}

fn target() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_hygie"));
    binary
        .ancestors()
        .nth(2)
        .map_or_else(std::env::temp_dir, Path::to_path_buf)
}

/// Its other half.
#[derive(Debug)]
struct UnplugKey(String);

impl WebDriverCompatibleCommand for UnplugKey {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/webauthn/authenticator/{}",
            session.unwrap_or_default(),
            self.0
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::DELETE, None)
    }
}

/// WebAuthn's own extension of WebDriver.
#[derive(Debug)]
struct PlugKey;

impl WebDriverCompatibleCommand for PlugKey {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/webauthn/authenticator",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserConsenting": true,
            "isUserVerified": true,
        });
        (http::Method::POST, Some(body.to_string()))
    }
}

/// A command of Chromium's own protocol.
#[derive(Debug)]
struct Cdp(&'static str, Value);

impl WebDriverCompatibleCommand for Cdp {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.0, "params": self.1 });
        (http::Method::POST, Some(body.to_string()))
    }
}

const AXE: &str = "https://registry.npmjs.org/axe-core/-/axe-core-4.14.1.tgz";
const AXE_BLAKE3: &str = "556bd81bbcd739b05afccc85c300245b35d01c2be5e9e4af2d631409034024e9";
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(50);
