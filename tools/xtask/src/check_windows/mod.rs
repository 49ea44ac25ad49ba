//! `cargo xtask check-windows`: what a device runs must compile for Windows; some of it is run in wine.
//!
//! rustup's compiler has no Windows std here, so Debian's compiler and its std source are used.

mod sysroot;
mod wine;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::packages::{self, Consent};
use crate::{home, run};

/// What to check, and how far.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only these crates
    #[arg(short, long = "package", value_name = "CRATE")]
    packages: Vec<String>,
    /// Also run the unit tests of the crates in wine
    #[arg(long)]
    run_tests: bool,
    /// Install missing Debian packages without asking
    #[arg(long)]
    yes: bool,
}

/// The crates that a device runs.
const DEVICE: [&str; 8] = [
    "hygie-model",
    "hygie-guard",
    "hygie-platform",
    "hygie-vault",
    "hygie-journal",
    "hygie-text",
    "hygie-agent",
    "hygie",
];

/// Those whose unit tests prove something in wine: no more than files and pure code.
const IN_WINE: [&str; 5] = [
    "hygie-model",
    "hygie-guard",
    "hygie-platform",
    "hygie-journal",
    "hygie-text",
];

const TARGET: &str = "x86_64-pc-windows-gnu";

const COMPILER: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "gcc-mingw-w64-x86-64-posix",
    "g++-mingw-w64-x86-64-posix",
];

/// Type-checks the crates, and runs tests where that was asked for.
pub(crate) fn check_windows(options: &Options) -> Result<()> {
    let consent = Consent::from_flag(options.yes);
    packages::need(&COMPILER, "to compile for Windows", consent)?;
    let sysroot = sysroot::have()?;
    let chosen = |all: &[&str]| match options.packages.as_slice() {
        [] => all.iter().map(|name| (*name).to_owned()).collect(),
        named => named.to_vec(),
    };
    let crates: Vec<String> = chosen(&DEVICE);
    run::run(cargo(&sysroot)?.arg("check").args(by_name(&crates)))?;
    println!("check-windows: {} compile for {TARGET}", crates.join(", "));
    if options.run_tests {
        wine::test(&sysroot, &chosen(&IN_WINE), consent)?;
    }
    Ok(())
}

fn by_name(crates: &[String]) -> impl Iterator<Item = String> {
    crates
        .iter()
        .flat_map(|name| ["--package".to_owned(), name.clone()])
}

/// Debian's cargo for Windows. Its target folder outlives the clone, since another compiler shares nothing with Linux.
fn cargo(sysroot: &Path) -> Result<Command> {
    let mut command = debian(DEBIAN_CARGO);
    command
        .env("CARGO_BUILD_TARGET", TARGET)
        .env("CARGO_TARGET_DIR", home::cache()?.join("target-win"))
        .env(
            "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS",
            flags(sysroot),
        );
    Ok(command)
}

fn flags(sysroot: &Path) -> OsString {
    let mut flags = OsString::from("--sysroot ");
    flags.push(sysroot);
    flags
}

/// A program of Debian's toolchain, with nothing of rustup's in its environment.
fn debian(program: &str) -> Command {
    let mut command = run::at_root(program);
    for name in [
        "CARGO",
        "RUSTUP_TOOLCHAIN",
        "RUSTC_WRAPPER",
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "LD_LIBRARY_PATH",
        "CARGO_BUILD_TARGET",
    ] {
        command.env_remove(name);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let first = std::iter::once(PathBuf::from("/usr/bin")).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(first) {
        command.env("PATH", path);
    }
    command.env("RUSTC", DEBIAN_RUSTC);
    command
}

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
