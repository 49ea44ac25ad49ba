//! Runs unit tests in wine, in a prefix of its own: proves pure code and most file work.
//!
//! It proves nothing about streams, rights, watching sub-folders, snapshots or a service's account.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::{by_name, cargo};
use crate::packages::{self, Consent};
use crate::{home, run};

/// Runs the tests of these crates.
pub(super) fn test(sysroot: &Path, crates: &[String], consent: Consent) -> Result<()> {
    packages::need(&["wine", "wine64"], "to run tests for Windows", consent)?;
    let prefix = prefix()?;
    run::run(
        wine_settings(&mut cargo(sysroot)?, &prefix)
            .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine")
            .args(["test", "--tests"])
            .args(by_name(crates)),
    )
}

/// A prefix with the one DLL that wine 8 lacks and Rust's std needs.
fn prefix() -> Result<PathBuf> {
    let prefix = home::cache()?.join("wine");
    let dll = prefix.join("drive_c/windows/system32/bcryptprimitives.dll");
    if dll.exists() {
        return Ok(prefix);
    }
    fs::create_dir_all(&prefix)?;
    run::run(wine_settings(Command::new("wineboot").arg("-i"), &prefix).stderr(Stdio::null()))?;
    let source = prefix.join("bcryptprimitives.c");
    fs::write(&source, STUB)?;
    run::run(
        Command::new("x86_64-w64-mingw32-gcc")
            .args(["-shared", "-O2", "-s", "-o"])
            .arg(&dll)
            .arg(&source)
            .arg("-ladvapi32"),
    )
    .context("the DLL that wine lacks could not be built")?;
    Ok(prefix)
}

fn wine_settings<'a>(command: &'a mut Command, prefix: &Path) -> &'a mut Command {
    command
        .env("WINEPREFIX", prefix)
        .env("WINEDEBUG", "-all")
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
}

/// For tests only, never shipped: random bytes from advapi32.
const STUB: &str = r"#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE p, SIZE_T n) {
    while (n) {
        ULONG k = n > 0x10000000 ? 0x10000000 : (ULONG)n;
        if (!SystemFunction036(p, k)) return FALSE;
        p += k;
        n -= k;
    }
    return TRUE;
}
";
