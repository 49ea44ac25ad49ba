//! `cargo xtask deny`: licences, sources and bans of dependencies; advisories where a database is given.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::{home, run};

/// How cargo-deny is had.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build cargo-deny again, even if it is there
    #[arg(long)]
    reinstall: bool,
}

/// Runs cargo-deny with deny.toml, after building it once a machine.
pub(crate) fn deny(options: &Options) -> Result<()> {
    let kept = home::cache()?.join("bin/cargo-deny");
    let there = [Some(kept.clone()), run::find("cargo-deny")]
        .into_iter()
        .flatten()
        .find(|path| is_right(path));
    let program = match there {
        Some(path) if !options.reinstall => path,
        _ => install(&kept)?,
    };
    let check = || {
        let mut command = run::at_root(&program);
        command.args(["--workspace", "--all-features"]);
        command
    };
    run::run(check().args(["check", "bans", "licenses", "sources"]))?;
    match env::var_os("HYGIE_ADVISORY_DB") {
        Some(database) => {
            let databases = link(Path::new(&database))?;
            run::run(check().env("HYGIE_ADVISORY_DBS", databases).args([
                "--offline",
                "check",
                "advisories",
            ]))
        }
        None => {
            println!(
                "Advisories were not checked: HYGIE_ADVISORY_DB names no clone of RustSec's database."
            );
            Ok(())
        }
    }
}

/// cargo-deny wants the database in a folder named after where it came from.
fn link(database: &Path) -> Result<PathBuf> {
    let database = database
        .canonicalize()
        .with_context(|| format!("HYGIE_ADVISORY_DB: {}", database.display()))?;
    let databases = home::cache()?.join("advisory-dbs");
    fs::create_dir_all(&databases)?;
    let link = databases.join(DATABASE);
    if link.is_symlink() {
        fs::remove_file(&link)?;
    }
    symlink(database, link)?;
    Ok(databases)
}

fn is_right(program: &Path) -> bool {
    Command::new(program)
        .arg("--version")
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|found| {
            found
                .stdout
                .starts_with(format!("cargo-deny {VERSION}").as_bytes())
        })
}

/// Four minutes of one core: hence once a machine, outside the clone.
fn install(kept: &Path) -> Result<PathBuf> {
    println!(
        "Building cargo-deny {VERSION} once, into {}",
        kept.display()
    );
    run::run(
        run::cargo()
            .env_remove("CARGO_TARGET_DIR")
            .args(["install", "cargo-deny", "--locked", "--force", "--version", VERSION, "--root"])
            .arg(home::cache()?),
    )
    .context("cargo-deny could not be built; an installed one of the same version is used if it is on the PATH")?;
    Ok(kept.to_path_buf())
}

/// The name that cargo-deny gives to a copy of the address in deny.toml.
const DATABASE: &str = "advisory-db-3157b0e258782691";

/// The version that deny.toml is written for.
const VERSION: &str = "0.20.2";
