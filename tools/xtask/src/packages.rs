//! Debian packages: asks before it installs, and keeps new servers from starting.

use std::fs;
use std::io::{IsTerminal, Write, stdin};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::run::{find, is_ci, run};

/// Debian asks this program before it starts a service of a package just installed.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// May we install without asking?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// A person said `--yes`, or this is continuous integration.
    Given,
    /// Ask at the terminal.
    Ask,
}

impl Consent {
    /// From the `--yes` of a command line.
    pub(crate) fn from_flag(yes: bool) -> Self {
        if yes || is_ci() {
            Self::Given
        } else {
            Self::Ask
        }
    }
}

/// Makes sure that the packages are installed; `why` completes "needed ...".
pub(crate) fn need(packages: &[&str], why: &str, consent: Consent) -> Result<()> {
    if find("dpkg-query").is_none() {
        println!(
            "Not a Debian system. Taken as installed by other means: {}",
            packages.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|name| !is_installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    println!("Debian packages needed {why}, not installed: {list}");
    if !rustix::process::geteuid().is_root() {
        bail!("Only root can install them. Run: sudo apt-get install {list}");
    }
    if consent == Consent::Ask && !is_agreed()? {
        bail!("Nothing was installed. Run: apt-get install {list}");
    }
    install(&missing)
}

fn install(packages: &[&str]) -> Result<()> {
    let _policy = NoServices::begin()?;
    run(apt_get().args(["update", "-qq"]))?;
    run(apt_get()
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(packages))
    .context("these packages cannot be had from the Debian sources of this machine")
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .args(["-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=300"]);
    command
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|found| found.stdout == b"installed")
}

fn is_agreed() -> Result<bool> {
    if !stdin().is_terminal() {
        bail!("Nobody to ask here. Say --yes to install them");
    }
    print!("Install them now? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "o" | "oui"))
}

/// While it lives, Debian starts no service; a policy that was there before stays.
struct NoServices {
    ours: bool,
}

impl NoServices {
    fn begin() -> Result<Self> {
        let path = Path::new(POLICY);
        if path.exists() {
            return Ok(Self { ours: false });
        }
        fs::write(path, "#!/bin/sh\nexit 101\n")
            .with_context(|| format!("cannot write {POLICY}"))?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
        Ok(Self { ours: true })
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.ours
            && let Err(error) = fs::remove_file(POLICY)
        {
            eprintln!("{POLICY} could not be removed, services will not start: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_asked_for() {
        need(&["base-files"], "to test", Consent::Ask).expect("every Debian has it");
    }

    #[test]
    fn an_unknown_package_is_not_installed() {
        assert!(!is_installed("hygie-no-such-package"));
    }
}
