//! Pages asked for again and again by wrk, four browsers at once.

use std::process::Command;

use anyhow::{Context, Result, ensure};

/// What wrk said.
pub(crate) struct Served {
    pub(crate) rate: String,
    pub(crate) p50: String,
    pub(crate) p99: String,
}

/// Asks for one page.
pub(crate) fn page(url: &str, cookie: &str, seconds: u64) -> Result<Served> {
    // wrk takes a way to the sign-in for a page.
    let once = Command::new("curl")
        .args(["--silent", "--insecure", "--output", "/dev/null"])
        .args(["--write-out", "%{http_code}", "--cookie"])
        .arg(cookie.trim_start_matches("Cookie: "))
        .arg(url)
        .output()
        .context("curl: install Debian's curl")?;
    let code = String::from_utf8_lossy(&once.stdout).into_owned();
    ensure!(code == "200", "{url} answers {code}");
    let done = Command::new("wrk")
        .args(["-t1", "-c4", "--latency"])
        .arg(format!("-d{seconds}s"))
        .arg("-H")
        .arg(format!("Cookie: {cookie}"))
        .arg(url)
        .output()
        .context("wrk: install Debian's wrk")?;
    ensure!(done.status.success(), "wrk: {}", done.status);
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    // A page that is refused is quick, and no page.
    ensure!(!text.contains("Non-2xx"), "{url} was refused: {text}");
    let after = |mark: &str| -> Result<String> {
        let line = text
            .lines()
            .find(|line| line.trim_start().starts_with(mark));
        let words = line.with_context(|| format!("no {mark} in {text}"))?;
        Ok(words
            .split_whitespace()
            .last()
            .unwrap_or_default()
            .to_owned())
    };
    Ok(Served {
        rate: after("Requests/sec:")?,
        p50: after("50%")?,
        p99: after("99%")?,
    })
}
