//! Where the clone is, and where things that outlive a clone are kept.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the clone.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable for `cargo xtask`; the built-in value is where this was compiled.
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors()
        .nth(2)
        .map_or_else(|| here.clone(), Path::to_path_buf)
}

/// The folder for what is costly to make and the same for every clone: `$HYGIE_CACHE`, else `~/.cache/hygie`.
pub(crate) fn cache() -> Result<PathBuf> {
    if let Some(chosen) = env::var_os("HYGIE_CACHE") {
        return std::path::absolute(chosen).context("HYGIE_CACHE is not a usable path");
    }
    let home =
        env::var_os("HOME").context("neither HYGIE_CACHE nor HOME is set: set one of them")?;
    Ok(PathBuf::from(home).join(".cache/hygie"))
}
