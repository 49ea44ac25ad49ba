//! `cargo xtask fuzz`: each target of fuzz/ for a short while, also without a nightly compiler.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::{home, run};

/// How long, and which.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Only these targets
    targets: Vec<String>,
}

impl Options {
    /// Every target, for so long.
    pub(crate) fn all(seconds: u32) -> Self {
        Self {
            seconds,
            targets: Vec::new(),
        }
    }
}

/// Runs the targets one after another; the first that breaks its law ends it.
pub(crate) fn fuzz(options: &Options) -> Result<()> {
    let targets = if options.targets.is_empty() {
        targets_in(&home::root().join("fuzz/fuzz_targets"))?
    } else {
        options.targets.clone()
    };
    if targets.is_empty() {
        println!("No fuzz target: fuzz/fuzz_targets has none.");
        return Ok(());
    }
    install()?;
    let folder = home::root().join("fuzz");
    for target in &targets {
        // What is found goes into the first; the seeds are only read.
        let corpora = [
            folder.join("corpus").join(target),
            folder.join("seeds").join(target),
        ];
        for corpus in &corpora {
            fs::create_dir_all(corpus)?;
        }
        // The stable compiler takes the coverage flags with this variable, but has no sanitizer of its own.
        let seconds = format!("-max_total_time={}", options.seconds);
        run::run(
            run::cargo()
                .env("RUSTC_BOOTSTRAP", "1")
                .env("PATH", path_with_kept_programs()?)
                .args(["fuzz", "run", "--sanitizer", "none", target])
                .args(&corpora)
                .args(["--", &seconds, "-timeout=20"]),
        )?;
    }
    println!(
        "fuzz: {} targets held their law for {} s each",
        targets.len(),
        options.seconds
    );
    Ok(())
}

fn targets_in(folder: &Path) -> Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "rs")
            && let Some(stem) = path.file_stem()
        {
            names.push(stem.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn install() -> Result<()> {
    if run::find("cargo-fuzz").is_some() || home::cache()?.join("bin/cargo-fuzz").exists() {
        return Ok(());
    }
    println!("Building cargo-fuzz {VERSION} once");
    run::run(
        run::cargo()
            .env_remove("CARGO_TARGET_DIR")
            .args([
                "install",
                "cargo-fuzz",
                "--locked",
                "--version",
                VERSION,
                "--root",
            ])
            .arg(home::cache()?),
    )
}

fn path_with_kept_programs() -> Result<std::ffi::OsString> {
    let before = std::env::var_os("PATH").unwrap_or_default();
    let kept = home::cache()?.join("bin");
    Ok(std::env::join_paths(
        std::env::split_paths(&before).chain([kept]),
    )?)
}

const VERSION: &str = "0.13.2";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_the_sources_of_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["trace.rs", "config.rs", "notes.md"] {
            fs::write(folder.path().join(name), "").expect("a file");
        }
        assert_eq!(
            targets_in(folder.path()).expect("a list"),
            ["config", "trace"]
        );
    }

    #[test]
    fn no_folder_is_no_target() {
        assert!(
            targets_in(Path::new("/nowhere/at-all"))
                .expect("a list")
                .is_empty()
        );
    }
}
