//! `cargo xtask test`: installs what the tests need and runs every one of them.

use std::process::Command;

use anyhow::{Result, bail};

use crate::fuzz;
use crate::packages::{self, Consent};
use crate::run::{cargo, find, run};

/// Which tests, and whether to ask.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Also what takes long: the guest, a million files, hundreds of kills, fuzzing
    #[arg(long)]
    heavy: bool,
    /// Install missing Debian packages without asking
    #[arg(long)]
    yes: bool,
    /// Only tests whose name contains one of these; with --heavy, only heavy ones
    names: Vec<String>,
}

/// Each with the reason why a test wants it.
const PACKAGES: [&str; 15] = [
    "acl",              // setfacl: a restored file has its ACL
    "attr",             // setfattr: and its extended attributes
    "chromium",         // the console's pages in a real browser
    "chromium-driver",  // and what drives it
    "curl",             // axe-core from its registry, for the same pages
    "dbus-daemon",      // a session bus: notices are shown on one
    "dunst",            // and by a notification daemon that people use
    "e2fsprogs",        // mkfs.ext4: the file systems that tests may guard
    "postgresql", // the hub's other database: tests start a server of their own, in a folder of their own
    "libnss3-tools", // certutil: the browser is told to trust the console's authority
    "mount",      // mount, umount and losetup, for their images
    "python3-aiosmtpd", // a mail server: letters are read back from it
    "xvfb",       // a screen for the notification daemon
    "util-linux", // unshare, setpriv: attackers in a namespace of their own
    "procps",     // sysctl, ps: what a test looks at from outside
];

/// What `--heavy` wants besides. The guest's kernels and its busybox are unpacked, not installed (tools/guest).
const HEAVY_PACKAGES: [&str; 2] = [
    "g++",             // libFuzzer is C++
    "qemu-system-x86", // the guest itself, without KVM
];

/// What people of a practice work with: none of it may be stopped (tests/alike). Not cargo and node, which come in many
/// ways: their rows say when they are missing.
const ALIKE_PACKAGES: [&str; 55] = [
    "7zip",
    "age",
    "binutils",
    "borgbackup",
    "clamav",
    "convmv",
    "dcmtk",
    "default-jdk-headless",
    "detox",
    "dos2unix",
    "emacs-nox",
    "fdupes",
    "ffmpeg",
    "firefox-esr",
    "fuse3",
    "gcc",
    "ghostscript",
    "git",
    "gnupg",
    "gocryptfs",
    "imagemagick",
    "img2pdf",
    "jdupes",
    "jhead",
    "jpegoptim",
    "keepassxc",
    "libglib2.0-bin",
    "libheif-examples",
    "libimage-exiftool-perl",
    "libreoffice-calc-nogui",
    "libreoffice-writer-nogui",
    "logrotate",
    "make",
    "mat2",
    "mmv",
    "ocrmypdf",
    "optipng",
    "pdftk-java",
    "pngquant",
    "postgresql",
    "python3-venv",
    "qpdf",
    "rclone",
    "recollcmd",
    "rename",
    "restic",
    "rsync",
    "sqlite3",
    "trash-cli",
    "unzip",
    "vim",
    "webp",
    "xz-utils",
    "zip",
    "zstd",
];

/// Builds all, then runs doc tests, tests, and what `--heavy` adds; the runner's closing line comes last.
pub(crate) fn test(options: &Options) -> Result<()> {
    let consent = Consent::from_flag(options.yes);
    packages::need(&PACKAGES, "to test", consent)?;
    if options.heavy {
        packages::need(&HEAVY_PACKAGES, "for the heavy tests", consent)?;
        packages::need(&ALIKE_PACKAGES, "for the look-alikes", consent)?;
    }
    if !rustix::process::geteuid().is_root() {
        println!(
            "Not root: tests that guard a file system of their own skip themselves, and say so."
        );
    }
    // The tests of the command line look for `hygie-attacks` beside `hygie`.
    run(cargo().args(["build", "--workspace", "--all-targets"]))?;
    let names = &options.names;
    let mut steps = Vec::new();
    if names.is_empty() {
        steps.push(("doc tests", doc_tests()));
    }
    if options.heavy {
        if names.is_empty() {
            let long = fuzz::Options::all(HEAVY_FUZZ_SECONDS);
            steps.push(("fuzzing", fuzz::fuzz(&long)));
        }
        steps.push(("heavy tests", run(&mut runner(Kind::Heavy, names))));
    }
    if names.is_empty() || !options.heavy {
        steps.push(("tests", run(&mut runner(Kind::Usual, names))));
    }
    judge(steps)
}

/// Everything runs, also after a failure; only then is the whole called failed.
fn judge(steps: Vec<(&str, Result<()>)>) -> Result<()> {
    let failed: Vec<String> = steps
        .into_iter()
        .filter_map(|(name, outcome)| Some(format!("{name}: {:#}", outcome.err()?)))
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        bail!("{}", failed.join("\n"))
    }
}

fn doc_tests() -> Result<()> {
    run(cargo().args(["test", "--quiet", "--workspace", "--doc"]))
}

enum Kind {
    Usual,
    Heavy,
}

/// nextest runs in parallel with limits of time (.config/nextest.toml); cargo alone does it one after another.
fn runner(kind: Kind, names: &[String]) -> Command {
    let mut command = cargo();
    // The usual run is the same each time; what nobody has thought of is looked for by the heavy one.
    if matches!(kind, Kind::Usual) && std::env::var_os(SEED).is_none() {
        command.env(SEED, "20261124");
    }
    if find("cargo-nextest").is_some() {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
        if matches!(kind, Kind::Heavy) {
            command.args(["--profile", "heavy", "--run-ignored", "only"]);
        }
    } else {
        println!(
            "cargo-nextest is not installed: cargo runs the tests, slower and without limits of time."
        );
        command.args(["test", "--workspace", "--all-targets", "--no-fail-fast"]);
        // Tests that mark file systems share what the kernel has only once.
        command.env("RUST_TEST_THREADS", "1");
        command.arg("--");
        if matches!(kind, Kind::Heavy) {
            command.args(["--ignored", "heavy_"]);
        }
    }
    command.args(names);
    command
}

const HEAVY_FUZZ_SECONDS: u32 = 120;
/// From what proptest makes its cases.
const SEED: &str = "PROPTEST_RNG_SEED";

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn all_good_is_good() {
        assert!(judge(vec![("a", Ok(())), ("b", Ok(()))]).is_ok());
    }

    #[test]
    fn every_failure_is_told() {
        let error = judge(vec![
            ("a", Err(anyhow!("x"))),
            ("b", Ok(())),
            ("c", Err(anyhow!("y"))),
        ])
        .unwrap_err();
        assert_eq!(error.to_string(), "a: x\nc: y");
    }
}
