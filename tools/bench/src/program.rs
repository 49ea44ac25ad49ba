//! The program to measure: a release build of this source, as it is shipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The one that was asked for; else the one that cargo builds beside this program, built anew when the source
/// is newer.
pub(crate) fn find(asked: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = asked {
        return path
            .canonicalize()
            .with_context(|| format!("looking at {}", path.display()));
    }
    let own = std::env::current_exe().context("looking for this program")?;
    let beside = own.with_file_name("hygie");
    eprintln!(
        "building hygie in release (cargo does nothing where {} is fresh)",
        beside.display()
    );
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--release", "--package", "hygie"]);
    build
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"));
    // target/release/hygie-bench: cargo shall put it beside this one, wherever that is.
    let target = own
        .parent()
        .and_then(Path::parent)
        .context("this program lies in no target folder")?;
    build.arg("--target-dir").arg(target);
    let done = build
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("start cargo")?;
    ensure!(
        done.success(),
        "cargo could not build hygie: {done}; --hygie PATH measures another"
    );
    let built = target.join("release/hygie");
    ensure!(built.exists(), "cargo built no {}", built.display());
    Ok(built)
}
