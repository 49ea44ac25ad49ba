//! Runs other programs, and says which, how long and how they ended.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::home;

/// The cargo that runs us, at the root of the clone.
pub(crate) fn cargo() -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    at_root(cargo)
}

/// A program at the root of the clone, without what cargo told xtask about itself.
pub(crate) fn at_root(program: impl Into<OsString>) -> Command {
    let mut command = Command::new(program.into());
    command.current_dir(home::root());
    for (name, _) in env::vars_os() {
        if is_about_xtask(&name.to_string_lossy()) {
            command.env_remove(&name);
        }
    }
    command
}

/// Shows the command, runs it and fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("\n$ {}", shown(command));
    let begin = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let seconds = begin.elapsed().as_secs();
    if !status.success() {
        bail!("{} failed after {seconds} s: {status}", shown(command));
    }
    if seconds >= 5 {
        println!("  ({seconds} s)");
    }
    Ok(())
}

/// What a command prints, when it succeeds.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let found = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !found.status.success() {
        bail!("{} failed: {}", shown(command), found.status);
    }
    String::from_utf8(found.stdout).with_context(|| format!("{} printed no UTF-8", shown(command)))
}

/// Where `PATH` has a program of this name.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}

/// True in continuous integration, where nobody can be asked.
pub(crate) fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or_default().to_owned();
    command
        .get_args()
        .fold(name, |line, arg| line + " " + &arg.to_string_lossy())
}

/// Build scripts of dependencies watch some of these: passed on, they would cause rebuilds.
fn is_about_xtask(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
        .iter()
        .any(|prefix| variable.starts_with(prefix))
        || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&variable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("/bin/sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(
            error.to_string().starts_with("sh -c exit 3 failed"),
            "{error}"
        );
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("/nowhere/at-all")).unwrap_err();
        assert_eq!(error.to_string(), "cannot start at-all");
    }

    #[test]
    fn only_what_tells_of_xtask_is_taken_away() {
        assert!(is_about_xtask("CARGO_PKG_NAME"));
        assert!(is_about_xtask("CARGO_MANIFEST_DIR"));
        assert!(!is_about_xtask("CARGO_TARGET_DIR"));
        assert!(!is_about_xtask("CARGO_HOME"));
        assert!(!is_about_xtask("PATH"));
    }

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program-of-hygie").is_none());
    }
}
