//! Decides what to clean from what was seen: nothing outside `/tmp/hygie-test-*`, nothing of a running test.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::Scope;
use super::register::{Entry, Thing};
use super::seen::{Process, Seen};

/// One step, in the order in which they must come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    Kill { pid: i32, words: String },
    EmptyCgroup(PathBuf),
    Unmount(String),
    Detach(String),
    RemoveFolder(String),
    SetLeaseBreakTime(String),
    Forget(PathBuf),
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill { pid, words } => write!(f, "end process {pid}: {words}"),
            Self::EmptyCgroup(folder) => {
                write!(f, "empty and remove the control group {}", folder.display())
            }
            Self::Unmount(at) => write!(f, "unmount {at}"),
            Self::Detach(device) => write!(f, "detach {device}"),
            Self::RemoveFolder(folder) => write!(f, "remove {folder}"),
            Self::SetLeaseBreakTime(value) => write!(f, "put fs.lease-break-time back to {value}"),
            Self::Forget(file) => write!(f, "forget {}", file.display()),
        }
    }
}

/// What to do, in order: a guard dies before its mount goes, a mount before its device, a device before its image.
pub(super) fn plan(seen: &Seen, scope: Scope) -> Vec<Act> {
    let (running, gone): (Vec<&Entry>, Vec<&Entry>) = seen
        .entries
        .iter()
        .partition(|entry| entry.is_alive && scope == Scope::Strays);
    let theirs: BTreeSet<&str> = running
        .iter()
        .filter_map(|entry| folder_of(entry))
        .collect();
    let is_stray = |path: &str| test_folder(path).is_some_and(|folder| !theirs.contains(folder));
    let mut acts: Vec<Act> = seen
        .processes
        .iter()
        .filter_map(|one| kill(one, is_stray))
        .collect();
    let cgroups = seen
        .cgroups
        .iter()
        .filter(|path| is_stray_cgroup(path, &running, &gone));
    acts.extend(cgroups.cloned().map(Act::EmptyCgroup));
    // The last one mounted goes first.
    let mounts = seen.mounts.iter().rev().filter(|at| is_stray(at));
    acts.extend(mounts.cloned().map(Act::Unmount));
    let loops = seen.loops.iter().filter(|(_, image)| is_stray(image));
    acts.extend(loops.map(|(device, _)| Act::Detach(device.clone())));
    let registered: Vec<&str> = gone.iter().filter_map(|entry| folder_of(entry)).collect();
    // An unregistered folder may belong to a test that is about to register.
    let goes = |path: &str| scope == Scope::All || registered.contains(&path);
    let folders = seen
        .folders
        .iter()
        .filter(|path| test_folder(path) == Some(path.as_str()));
    let folders = folders.filter(|path| is_stray(path) && goes(path));
    acts.extend(folders.cloned().map(Act::RemoveFolder));
    if running.is_empty() {
        acts.extend(lease_break_time(seen));
    }
    acts.extend(gone.iter().map(|entry| Act::Forget(entry.file.clone())));
    acts
}

/// A registered one whose test is gone; while no test runs, also one that bears our name.
fn is_stray_cgroup(path: &Path, running: &[&Entry], gone: &[&Entry]) -> bool {
    let is = |entry: &&Entry| matches!(&entry.thing, Thing::Cgroup(other) if other == path);
    running.is_empty() || (gone.iter().any(is) && !running.iter().any(is))
}

fn lease_break_time(seen: &Seen) -> Vec<Act> {
    let Some((value, file)) = &seen.lease_break_time else {
        return Vec::new();
    };
    // A marker of other content is no value to write.
    let set = value
        .parse::<u32>()
        .is_ok()
        .then(|| Act::SetLeaseBreakTime(value.clone()));
    set.into_iter().chain([Act::Forget(file.clone())]).collect()
}

fn folder_of(entry: &Entry) -> Option<&str> {
    match &entry.thing {
        Thing::Folder(path) | Thing::Guest(path) => test_folder(path),
        Thing::Cgroup(_) => None,
    }
}

fn kill(process: &Process, is_stray: impl Fn(&str) -> bool) -> Option<Act> {
    let (program, rest) = process.words.split_first()?;
    let name = program.rsplit('/').next()?;
    let works_on_stray = rest
        .iter()
        .any(|word| is_stray(word.rsplit('=').next().unwrap_or(word)));
    (PROGRAMS.contains(&name) && works_on_stray).then(|| Act::Kill {
        pid: process.pid,
        words: process.words.join(" "),
    })
}

/// The folder of its own that a test made, if the path is that or lies in it.
fn test_folder(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(PREFIX)?;
    let name = rest.split('/').next().filter(|name| !name.is_empty())?;
    let climbs = path.split('/').any(|part| part == "..");
    (!climbs).then(|| &path[..PREFIX.len() + name.len()])
}

const PREFIX: &str = "/tmp/hygie-test-";
const PROGRAMS: [&str; 3] = ["hygie", "hygie-attacks", "qemu-system-x86_64"];

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
