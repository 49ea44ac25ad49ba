//! The standard library for Windows, built once for each version of Debian's compiler.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{DEBIAN_CARGO, DEBIAN_RUSTC, TARGET, debian};
use crate::{home, run};

/// Answers the folder to give as `--sysroot`, after building it if this compiler has none yet.
pub(super) fn have() -> Result<PathBuf> {
    let version = version()?;
    let cache = home::cache()?;
    let sysroot = cache.join(format!("winsys-{version}"));
    if sysroot.exists() {
        return Ok(sysroot);
    }
    println!("Building std for {TARGET} with Debian's Rust {version}, once: about two minutes");
    fs::create_dir_all(&cache).with_context(|| format!("cannot make {}", cache.display()))?;
    let work = cache.join(format!("winsys-{version}.{}", std::process::id()));
    let built = build(&work).and_then(|made| {
        // Renamed when whole: a killed build is never taken for one.
        match fs::rename(made, &sysroot) {
            Err(_) if sysroot.exists() => Ok(()),
            other => other.context("cannot keep the std that was built"),
        }
    });
    fs::remove_dir_all(&work).context("cannot remove the folder in which std was built")?;
    built.map(|()| sysroot)
}

/// Debian moves its compiler by security updates, so any new enough version is taken.
fn version() -> Result<String> {
    if !Path::new(DEBIAN_CARGO).exists() || !Path::new(DEBIAN_RUSTC).exists() {
        bail!(
            "The Windows check needs Debian's own Rust in /usr/bin (packages rustc-web and cargo-web, \
             from Debian 12's security updates). This system has none, so nothing was checked."
        );
    }
    let said = run::output(debian(DEBIAN_RUSTC).arg("--version"))?;
    let version = version_in(&said).with_context(|| format!("unknown version: {said}"))?;
    if version.1 < 95 {
        bail!(
            "Debian's Rust is {}, older than the 1.95 that this project needs: apt-get install rustc-web cargo-web rust-web-src",
            version.0
        );
    }
    Ok(version.0)
}

/// `rustc 1.96.0 (…)` as its version and the middle number.
fn version_in(said: &str) -> Option<(String, u32)> {
    let version = said.split_whitespace().nth(1)?;
    let mut parts = version.split('.');
    (parts.next()? == "1").then_some(())?;
    Some((version.to_owned(), parts.next()?.parse().ok()?))
}

/// An empty crate pulls std along with everything that tests need.
fn build(work: &Path) -> Result<PathBuf> {
    fs::create_dir_all(work.join("src"))?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"mkstd\"\nedition = \"2024\"\n[workspace]\n",
    )?;
    fs::write(work.join("src/lib.rs"), "#![no_std]\n")?;
    let target = work.join("target");
    run::run(
        debian(DEBIAN_CARGO)
            .current_dir(work)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", &target)
            .args(["build", "--release", "--target", TARGET])
            .args(["-Z", "build-std=std,panic_unwind,panic_abort,test"]),
    )
    .context("std for Windows could not be built; package rust-web-src must have the version of rustc-web")?;
    let made = work.join("sysroot");
    let libraries = made.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    for entry in fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let Some(name) = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
        else {
            continue;
        };
        if name.ends_with(".rlib") && !name.starts_with("libmkstd") {
            fs::copy(&path, libraries.join(name))?;
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(
            version_in("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"),
            Some(("1.96.0".to_owned(), 96))
        );
        assert_eq!(version_in("rustc 1.63.0"), Some(("1.63.0".to_owned(), 63)));
    }

    #[test]
    fn other_words_are_refused() {
        for said in ["", "rustc", "rustc nightly", "rustc 2.0.0"] {
            assert_eq!(version_in(said), None, "{said}");
        }
    }
}
