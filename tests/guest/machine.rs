//! A guest with what is shipped and this test program in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use hygie_guest::{Guest, Kernel, Running};

/// Where this program lies in the guest.
const INSIDE: &str = "/usr/bin/inside";

/// A guest with `hygie`, `hygie-attacks` (both as they are shipped), this program, and what a cage is made of.
pub(crate) fn guest(kernel: Kernel) -> Guest {
    let this = std::env::current_exe().expect("this program");
    Guest::new(kernel)
        .memory_mb(1024)
        .program("hygie", &shipped("hygie"))
        .program("hygie-attacks", &shipped("hygie-attacks"))
        .program("inside", &this)
        .program("/bin/sh", Path::new("/bin/sh"))
        .tools(&["unshare", "setpriv", "prlimit", "timeout"])
}

/// Starts one of the tests of `inside`.
pub(crate) fn start(guest: &Guest, test: &str) -> Running {
    let test = format!("inside::{test}");
    let words = [
        INSIDE,
        &test,
        "--exact",
        "--ignored",
        "--nocapture",
        "--test-threads=1",
    ];
    guest.start(&words).expect("a guest starts")
}

/// Passes on what a guest prints until it ends; it must end well.
#[track_caller]
pub(crate) fn watch(running: Running) {
    while let Some(line) = running.line().expect("within its time") {
        println!("  {line}");
    }
    let outcome = running.finish().expect("the guest ends by itself");
    println!("  ({} s)", outcome.took.as_secs());
    assert_eq!(
        outcome.code,
        0,
        "in the guest: see above; the kernel said:\n{}",
        tail(&outcome.console)
    );
}

/// The last lines of what the kernel said.
fn tail(console: &str) -> String {
    let lines: Vec<&str> = console.lines().collect();
    lines
        .get(lines.len().saturating_sub(15)..)
        .unwrap_or_default()
        .join("\n")
}

/// A program built as it is shipped, once a run: an emulated machine is slow enough.
fn shipped(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let packages = [
            "--release",
            "--locked",
            "-p",
            "hygie",
            "-p",
            "hygie-attacks",
        ];
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let built = Command::new(cargo)
            .arg("build")
            .args(packages)
            .current_dir(root)
            .status();
        assert!(
            built.expect("cargo runs").success(),
            "what is shipped does not build"
        );
        // target/debug/deps/guest-…: what is shipped lies in target/release.
        let this = std::env::current_exe().expect("this program");
        this.ancestors()
            .nth(3)
            .expect("a target folder")
            .join("release")
    });
    folder.join(name)
}
