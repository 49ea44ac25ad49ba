//! `cargo xtask guest [--kernel NAME] -- COMMAND…`: runs a command in a throw-away Debian machine.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use hygie_guest::{Disk, Folder, Guest, Kernel};

use crate::run::{cargo, output, run};

/// What to run, and where.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// debian12 (Linux 6.1) or debian13 (Linux 6.12)
    #[arg(long, default_value = "debian12")]
    kernel: Kernel,
    /// Megabytes of the ext4 disk at /disk
    #[arg(long, default_value_t = 256)]
    disk: u64,
    /// Seconds after which it is ended
    #[arg(long, default_value_t = 300)]
    within: u64,
    /// More programs of this machine to take along, by name or path
    #[arg(long = "with", value_name = "PROGRAM")]
    with: Vec<String>,
    /// More modules of the kernel to load
    #[arg(long = "module", value_name = "NAME")]
    modules: Vec<String>,
    /// `hygie …`, `hygie-attacks …`, a program of busybox, or the path of a program here
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// Builds what is shipped, boots the guest, shows what the command prints, and fails as it does.
pub(crate) fn guest(options: &Options) -> Result<()> {
    if let Some(why) = hygie_guest::why_not() {
        bail!("{why}");
    }
    run(cargo().args(["build", "--release", "-p", "hygie", "-p", "hygie-attacks"]))?;
    let built = release_folder()?;
    let folder = Folder::new()?;
    let disk = Disk::ext4(&folder.path().join("disk"), options.disk)?;
    let mut guest = Guest::new(options.kernel).disk(&disk).mounted();
    guest = guest
        .within(Duration::from_secs(options.within))
        .memory_mb(1024);
    for name in ["hygie", "hygie-attacks"] {
        guest = guest.program(name, &built.join(name));
    }
    let mut command: Vec<&str> = options.command.iter().map(String::as_str).collect();
    for program in command
        .iter_mut()
        .take(1)
        .map(|word| &**word)
        .chain(options.with.iter().map(String::as_str))
    {
        guest = take_along(guest, program)?;
    }
    let in_guest = options
        .command
        .first()
        .filter(|word| word.contains('/'))
        .and_then(|word| name_of(word));
    if let (Some(name), Some(first)) = (in_guest, command.first_mut()) {
        *first = name;
    }
    let modules: Vec<&str> = options.modules.iter().map(String::as_str).collect();
    let running = guest.modules(&modules).start(&command)?;
    while let Some(line) = running.line()? {
        println!("{line}");
    }
    let outcome = running.finish()?;
    eprintln!("({}, {} s)", options.kernel, outcome.took.as_secs());
    ensure!(outcome.code == 0, "the command ended with {}", outcome.code);
    Ok(())
}

/// A path is a program of this machine; a bare name is one if `PATH` has it, else busybox may know it.
fn take_along(guest: Guest, program: &str) -> Result<Guest> {
    if !program.contains('/') {
        return Ok(guest.tools(&[program]));
    }
    let path = Path::new(program);
    ensure!(path.is_file(), "{program} is not a program here");
    let name = name_of(program).context("a program has a name")?;
    Ok(guest.program(name, path))
}

fn name_of(path: &str) -> Option<&str> {
    Path::new(path).file_name()?.to_str()
}

/// Where cargo puts what is shipped.
fn release_folder() -> Result<PathBuf> {
    let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let target = metadata["target_directory"]
        .as_str()
        .context("cargo names its target folder")?;
    Ok(Path::new(target).join("release"))
}
