//! Debian's Chromium behind its driver, with a home and a profile of its own: tests and benchmarks reach it by WebDriver.
//! Nothing of it reaches beyond this machine.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The driver. Dropping it ends it and the browsers that it started.
pub struct Chromium {
    driver: Child,
    port: u16,
    home: TempDir,
}

impl Chromium {
    /// Starts the driver; the browser starts with the first session.
    ///
    /// # Errors
    /// Debian's `chromium-driver` is not installed, or ended before it listened.
    pub fn start() -> Result<Self> {
        let home = tempfile::tempdir()?;
        let mut driver = Command::new("chromedriver")
            .args(["--port=0", "--allowed-ips=127.0.0.1"])
            .env("HOME", home.path())
            // The browsers that it starts are of its group: a test that fails leaves none behind.
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver: install Debian's chromium-driver")?;
        let port = match port(&mut driver) {
            Ok(port) => port,
            Err(error) => {
                end(&mut driver);
                return Err(error);
            }
        };
        Ok(Self { driver, port, home })
    }

    /// Where the driver listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The browser's home: what it trusts lies below it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What a session is asked for: a browser that speaks this language first and finds `host` on loopback.
    /// `insecure` takes any certificate, for the very first page, before anybody could trust one.
    pub fn capabilities(&self, language: &str, host: &str, insecure: bool) -> Value {
        let profile = format!("--user-data-dir={}", self.home().join("profile").display());
        let hosts = format!("--host-resolver-rules=MAP {host} 127.0.0.1");
        json!({
            "acceptInsecureCerts": insecure,
            "goog:chromeOptions": {
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--disable-dev-shm-usage", "--window-size=1280,1000", "--force-color-profile=srgb", profile, hosts,
                ],
                "prefs": { "intl.accept_languages": language },
            },
        })
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        end(&mut self.driver);
    }
}

fn end(driver: &mut Child) {
    let _ = rustix::process::kill_process_group(Pid::from_child(driver), Signal::KILL);
    let _ = driver.kill();
    let _ = driver.wait();
}

fn port(driver: &mut Child) -> Result<u16> {
    let stdout = driver.stdout.take().context("chromedriver's output")?;
    let mut lines = BufReader::new(stdout).lines();
    while let Some(Ok(line)) = lines.next() {
        if let Some((_, port)) = line.rsplit_once("successfully on port ") {
            let port = port.trim_end_matches('.').trim().parse()?;
            // It must not wait for somebody who reads the rest.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(port);
        }
    }
    bail!("chromedriver ended before it listened")
}
