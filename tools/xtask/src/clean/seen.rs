//! What tests may have left on this machine, as it is found.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::register::{Entry, Thing, parse, started};

/// Where a test registers what it must not leave behind.
const REGISTER: &str = "/run/hygie-test";

/// Named so within the register: the time before a test changed it.
const LEASE_MARKER: &str = "lease-break-time";

/// The kernel has one for all.
pub(super) const LEASE_BREAK_TIME: &str = "/proc/sys/fs/lease-break-time";

const CGROUPS: &str = "/sys/fs/cgroup";

/// All that is looked at before anything is planned.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) entries: Vec<Entry>,
    pub(super) processes: Vec<Process>,
    pub(super) mounts: Vec<String>,
    /// Device and backing file.
    pub(super) loops: Vec<(String, String)>,
    pub(super) cgroups: Vec<PathBuf>,
    pub(super) folders: Vec<String>,
    /// The value to put back, and the file that says so.
    pub(super) lease_break_time: Option<(String, PathBuf)>,
}

/// A running program: its words, its `HYGIE_STATE` if it has one, and the folder that it is in.
#[derive(Debug, Clone)]
pub(super) struct Process {
    pub(super) pid: i32,
    pub(super) words: Vec<String>,
}

impl Seen {
    /// Looks at this machine.
    pub(super) fn look() -> Result<Self> {
        let mut seen = Self {
            processes: processes()?,
            mounts: mounts()?,
            loops: loops(),
            folders: folders("/tmp")?,
            ..Self::default()
        };
        find_cgroups(Path::new(CGROUPS), 4, &mut seen.cgroups);
        for file in list(REGISTER)? {
            // A test that ends just now takes its file away.
            let Ok(text) = fs::read_to_string(&file) else {
                continue;
            };
            if file.ends_with(LEASE_MARKER) {
                seen.lease_break_time = Some((text.trim().to_owned(), file));
            } else if let Some(entry) = parse(&file, &text, started) {
                seen.add(entry);
            }
        }
        Ok(seen)
    }

    fn add(&mut self, entry: Entry) {
        // One that lies deeper than was searched.
        if let Thing::Cgroup(folder) = &entry.thing
            && is_test_cgroup(folder)
            && folder.is_dir()
            && !self.cgroups.contains(folder)
        {
            self.cgroups.push(folder.clone());
        }
        self.entries.push(entry);
    }
}

/// Where file systems are mounted, in the order in which they were.
pub(super) fn mounts() -> Result<Vec<String>> {
    let table = fs::read_to_string("/proc/self/mountinfo").context("cannot read the mounts")?;
    Ok(table
        .lines()
        .filter_map(|line| line.split(' ').nth(4))
        .map(unescape)
        .collect())
}

/// The kernel writes a space as `\040` there.
fn unescape(field: &str) -> String {
    let mut parts = field.split('\\');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part
            .get(..3)
            .and_then(|octal| u8::from_str_radix(octal, 8).ok())
        {
            Some(byte) => {
                text.push(char::from(byte));
                text.push_str(&part[3..]);
            }
            None => text.push_str(part),
        }
    }
    text
}

fn loops() -> Vec<(String, String)> {
    let devices = list("/sys/block").unwrap_or_default();
    devices
        .iter()
        .filter_map(|device| {
            let backing = fs::read_to_string(device.join("loop/backing_file")).ok()?;
            let name = device.file_name()?.to_string_lossy();
            Some((
                format!("/dev/{name}"),
                backing.trim_end().trim_end_matches(" (deleted)").to_owned(),
            ))
        })
        .collect()
}

fn folders(parent: &str) -> Result<Vec<String>> {
    let all = list(parent)?;
    Ok(all
        .iter()
        .filter(|path| path.is_dir())
        .map(|path| path.to_string_lossy().into_owned())
        .collect())
}

fn processes() -> Result<Vec<Process>> {
    let numbers = list("/proc")?;
    Ok(numbers
        .iter()
        .filter_map(|folder| process(folder))
        .collect())
}

/// A process that has ended meanwhile, or has no words, is none.
fn process(folder: &Path) -> Option<Process> {
    let pid = folder.file_name()?.to_str()?.parse().ok()?;
    let mut words = split_zeros(&fs::read(folder.join("cmdline")).ok()?);
    words.first()?;
    let environment = split_zeros(&fs::read(folder.join("environ")).unwrap_or_default());
    words.extend(
        environment
            .into_iter()
            .filter(|word| word.starts_with("HYGIE_STATE=")),
    );
    if let Ok(place) = fs::read_link(folder.join("cwd")) {
        words.push(format!("cwd={}", place.display()));
    }
    Some(Process { pid, words })
}

fn split_zeros(bytes: &[u8]) -> Vec<String> {
    let parts = bytes
        .split(|&byte| byte == 0)
        .filter(|part| !part.is_empty());
    parts
        .map(|part| String::from_utf8_lossy(part).into_owned())
        .collect()
}

fn find_cgroups(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    for path in list(folder).unwrap_or_default() {
        let is_folder = path.symlink_metadata().is_ok_and(|meta| meta.is_dir());
        if !is_folder || depth == 0 {
            continue;
        }
        find_cgroups(&path, depth - 1, found);
        if is_test_cgroup(&path) {
            found.push(path);
        }
    }
}

fn is_test_cgroup(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.starts_with(CGROUPS) && name.starts_with("hygie-test-")
}

/// What a folder holds; one that is not there holds nothing.
fn list(folder: impl AsRef<Path>) -> Result<Vec<PathBuf>> {
    match fs::read_dir(folder.as_ref()) {
        Ok(entries) => Ok(entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => {
            Err(error).with_context(|| format!("cannot list {}", folder.as_ref().display()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_of_the_mount_table_are_read() {
        assert_eq!(unescape(r"/tmp/a\040b\134c"), r"/tmp/a b\c");
        assert_eq!(unescape("/tmp/a"), "/tmp/a");
        assert_eq!(unescape(r"/tmp/a\9"), "/tmp/a9");
    }

    #[test]
    fn this_machine_can_be_looked_at() {
        let seen = Seen::look().expect("readable");
        assert!(seen.mounts.contains(&"/".to_owned()));
        assert!(!seen.processes.is_empty());
    }
}
