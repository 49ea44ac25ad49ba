//! `cargo xtask clean`: unmounts, detaches and ends what a killed test run left. Shows the plan, then does it.
//!
//! It touches nothing but what lies under `/tmp/hygie-test-*`, and leaves alone what a running test registered.

mod plan;
mod register;
mod seen;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use plan::{Act, plan};
use seen::Seen;

/// How much to clean.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Also what belongs to a test that still runs
    #[arg(long)]
    all: bool,
    /// Only show what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Whose things are left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Those of tests that still run.
    Strays,
    /// Nobody's.
    All,
}

/// Cleans this machine.
pub(crate) fn clean(options: &Options) -> Result<()> {
    let scope = if options.all {
        Scope::All
    } else {
        Scope::Strays
    };
    let acts = plan(&Seen::look()?, scope);
    if acts.is_empty() {
        println!("clean: nothing was left behind");
        return Ok(());
    }
    let mut failed = 0;
    for act in &acts {
        println!("{act}");
        if !options.dry_run
            && let Err(error) = carry_out(act)
        {
            println!("  could not: {error:#}");
            failed += 1;
        }
    }
    if failed > 0 {
        bail!("clean: {failed} of {} steps failed", acts.len());
    }
    Ok(())
}

fn carry_out(act: &Act) -> Result<()> {
    match act {
        Act::Kill { pid, .. } => kill(*pid),
        Act::EmptyCgroup(folder) => empty_cgroup(folder),
        Act::Unmount(at) => unmount(at),
        Act::Detach(device) => command("losetup", &["--detach", device]),
        Act::RemoveFolder(folder) => remove_folder(folder),
        Act::Forget(file) => Ok(fs::remove_file(file)?),
        Act::SetLeaseBreakTime(value) => Ok(fs::write(seen::LEASE_BREAK_TIME, value)?),
    }
}

fn kill(pid: i32) -> Result<()> {
    let Some(target) = Pid::from_raw(pid) else {
        return Ok(());
    };
    match kill_process(target, Signal::KILL) {
        Err(error) if error != rustix::io::Errno::SRCH => return Err(error.into()),
        _ => {}
    }
    // What waits in a hold of a guard goes on once the guard is gone.
    for _ in 0..50 {
        if !register::is_running(&pid.to_string()) {
            return Ok(());
        }
        sleep(Duration::from_millis(20));
    }
    bail!("process {pid} is still there a second after it was killed")
}

/// Ends and removes a control group: the unified kind, or the freezer of before.
fn empty_cgroup(folder: &Path) -> Result<()> {
    for (file, value) in [
        ("cgroup.freeze", "0"),
        ("freezer.state", "THAWED"),
        ("cgroup.kill", "1"),
    ] {
        let path = folder.join(file);
        if path.exists() {
            fs::write(path, value)?;
        }
    }
    for line in fs::read_to_string(folder.join("cgroup.procs"))?.lines() {
        kill(line.parse()?)?;
    }
    Ok(fs::remove_dir(folder)?)
}

fn unmount(at: &str) -> Result<()> {
    if command("umount", &[at]).is_err() {
        println!("  busy: taken out of sight, gone when its last user is");
        command("umount", &["--lazy", at])?;
    }
    Ok(())
}

fn remove_folder(folder: &str) -> Result<()> {
    if seen::mounts()?
        .iter()
        .any(|mount| mount.starts_with(folder))
    {
        bail!("something is still mounted in it");
    }
    Ok(fs::remove_dir_all(folder)?)
}

fn command(program: &str, arguments: &[&str]) -> Result<()> {
    let found = Command::new(program).args(arguments).output()?;
    if !found.status.success() {
        bail!("{}", String::from_utf8_lossy(&found.stderr).trim());
    }
    Ok(())
}
