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
    build("hygie", &beside)?;
    Ok(beside)
}

/// Another program of this source beside the one that is measured, built anew when the source is newer.
pub(crate) fn beside(hygie: &Path, package: &str) -> Result<PathBuf> {
    let beside = hygie.with_file_name(package);
    // Beside a program that somebody named, nothing is built.
    let own = std::env::current_exe().context("looking for this program")?;
    if own.parent() == beside.parent() {
        build(package, &beside)?;
    }
    ensure!(beside.exists(), "{} is missing", beside.display());
    Ok(beside)
}

/// Builds a package where `program` shall lie: `target/release/NAME`, wherever that is.
fn build(package: &str, program: &Path) -> Result<()> {
    eprintln!(
        "building {package} in release (cargo does nothing where {} is fresh)",
        program.display()
    );
    let target = program.parent().and_then(Path::parent);
    let target = target.context("this program lies in no target folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let done = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--package", package])
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("start cargo")?;
    ensure!(
        done.success(),
        "cargo could not build {package}: {done}; --hygie PATH measures another"
    );
    let built = target.join("release").join(package);
    ensure!(built.exists(), "cargo built no {}", built.display());
    Ok(())
}
