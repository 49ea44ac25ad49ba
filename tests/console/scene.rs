//! A console in a folder of its own, started as a person starts it, and what a first practitioner does with it.

use std::{
    net::{IpAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use totp_rs::{Builder, Secret};

use super::browser::{Browser, Trust};

/// The console's name in these tests; the browser finds it on loopback.
pub(crate) const HOST: &str = "hygie-cabinet.local";

/// The console.
pub(crate) struct Scene {
    hygie: Child,
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
    state: PathBuf,
}

impl Scene {
    /// `hygie hub`, as root: each process as a user of its own.
    pub(crate) fn start() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("hygie-console-")
            .tempdir()?;
        let state = folder.path().join("state");
        Self::start_in(folder, state, IpAddr::from([127, 0, 0, 1]))
    }

    /// The console alone, for devices that reach it at this address.
    pub(crate) fn start_for(devices: IpAddr) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("hygie-console-")
            .tempdir()?;
        let state = folder.path().join("state");
        Self::start_in(folder, state, devices)
    }

    /// The console of a guard that runs already.
    pub(crate) fn start_on(state: &Path) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("hygie-console-")
            .tempdir()?;
        let here = IpAddr::from([127, 0, 0, 1]);
        Self::start_in(folder, state.to_path_buf(), here)
    }

    fn start_in(folder: TempDir, state: PathBuf, devices: IpAddr) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let devices = TcpListener::bind((devices, 0))?.local_addr()?;
        let hygie = Command::new(env!("CARGO_BIN_EXE_hygie"))
            .arg("--state")
            .arg(&state)
            .args(["--json", "hub", "--listen", &format!("127.0.0.1:{port}")])
            .args(["--devices", &devices.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Its own folder may be passed through, as `/var/lib` may.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
        }
        Ok(Self {
            hygie,
            port,
            folder,
            state,
        })
    }

    /// The code of this start, once the console waits for it.
    pub(crate) fn code(&self) -> Result<String> {
        let file = self.state().join("setup-code");
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            if let Ok(code) = std::fs::read_to_string(&file)
                && code.ends_with('\n')
            {
                return Ok(code.trim().to_owned());
            }
            ensure!(Instant::now() < until, "no code: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.state.clone()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.state().join("console.log")).unwrap_or_default()
    }

    /// An address of the console by its name.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("https://{HOST}:{}{path}", self.port)
    }

    /// An address of the console on this machine.
    pub(crate) fn here(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.hygie),
            rustix::process::Signal::TERM,
        );
        let _ = self.hygie.wait();
    }
}

/// Somebody with a password and an app for codes.
pub(crate) struct Person {
    pub(crate) login: String,
    pub(crate) password: String,
    letters: String,
    /// The last step whose code was used: none serves twice.
    last: u64,
}

impl Person {
    /// The next code that the console takes.
    pub(crate) fn code(&mut self) -> Result<String> {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)?
            .as_secs();
        // One step ahead is taken as well, so nobody has to wait.
        let step = (now / 30).max(self.last + 1);
        ensure!(step <= now / 30 + 1, "two codes were used within a minute");
        self.last = step;
        let secret = Secret::try_from_base32(self.letters.replace(' ', ""))
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let totp = Builder::new().with_secret(secret).build_noncompliant();
        Ok(totp.generate(step * 30).to_string())
    }

    /// Signs in without a passkey.
    pub(crate) async fn sign_in(&mut self, browser: &Browser) -> Result<()> {
        let code = self.code()?;
        browser.fill("#login", &self.login).await?;
        browser.fill("#password", &self.password).await?;
        browser.fill("#code", &code).await?;
        browser.press("form.stack button[type=submit]").await
    }
}

/// What the first practitioner does on the machine itself: the set-up, her password, her code, and the authority's file.
pub(crate) async fn set_up(scene: &Scene) -> Result<(Person, PathBuf)> {
    let browser = Browser::start("fr", Trust::Anything).await?;
    let code = scene.code()?;
    browser.open(&scene.here("/")).await?;
    browser.arrives("/setup").await?;
    browser.fill("#code", &code).await?;
    browser.fill("#practice", "Cabinet des Tilleuls").await?;
    browser.fill("#host", HOST).await?;
    browser.fill("#name", "Hélène Garnier").await?;
    browser.fill("#login", "helene").await?;
    browser.press("button[type=submit]").await?;
    browser.arrives("/me").await?;
    let person = set_password(&browser, "helene").await?;
    let pem = browser
        .run("const r = await fetch('/trust/hygie-ca.crt'); return await r.text();")
        .await?;
    let file = scene.folder.path().join("ca.crt");
    std::fs::write(&file, pem.as_str().context("the authority's file")?)?;
    browser.close().await?;
    Ok((person, file))
}

/// Chooses a password and an app for codes, on one's own page.
pub(crate) async fn set_password(browser: &Browser, login: &str) -> Result<Person> {
    browser.press("a[href='/me/password']").await?;
    browser.arrives("/me/password").await?;
    let mut person = Person {
        login: login.to_owned(),
        password: "tournevis girafe brume 41".to_owned(),
        letters: browser.text("#app code").await?,
        last: 0,
    };
    let code = person.code()?;
    browser.fill("#password", &person.password).await?;
    browser.fill("#code", &code).await?;
    browser.press("form.two button[type=submit]").await?;
    browser.arrives("/me").await?;
    Ok(person)
}

/// Nothing of this test is left in a folder that others read.
pub(crate) fn is_private(path: &Path) -> Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 == 0)
}
