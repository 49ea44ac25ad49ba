//! The register in which a test writes what it must not leave behind; tools/testkit writes it.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of the register: what a test made outside its own process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) file: PathBuf,
    pub(super) thing: Thing,
    /// The process that registered it still runs.
    pub(super) is_alive: bool,
}

/// What was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Thing {
    /// A folder with the image and the mount of a file system.
    Folder(String),
    /// A control group in which simulators ran.
    Cgroup(PathBuf),
    /// A folder with a guest's disks, in which its QEMU runs.
    Guest(String),
}

/// A file `KIND-PROCESS-STARTED-NUMBER` with a path in it; others are left to those who know them.
pub(super) fn parse(
    file: &Path,
    text: &str,
    started: impl Fn(&str) -> Option<String>,
) -> Option<Entry> {
    let mut parts = file.file_name()?.to_str()?.split('-');
    let (kind, process, since) = (parts.next()?, parts.next()?, parts.next()?);
    let thing = match kind {
        "loop" => Thing::Folder(text.trim_end().to_owned()),
        "guest" => Thing::Guest(text.trim_end().to_owned()),
        "cage" => Thing::Cgroup(PathBuf::from(text.trim_end())),
        _ => return None,
    };
    // A process number alone is used again; with the time it started at it is not.
    let is_alive = started(process).is_some_and(|time| time == since);
    Some(Entry {
        file: file.to_owned(),
        thing,
        is_alive,
    })
}

/// When a process started, in clock ticks since boot.
pub(super) fn started(process: &str) -> Option<String> {
    stat_field(process, 19)
}

/// Whether it has not ended; one that ended and waits for its parent has.
pub(super) fn is_running(process: &str) -> bool {
    stat_field(process, 0).is_some_and(|state| state != "Z")
}

/// A field of the kernel's line about a process, counted after its name.
fn stat_field(process: &str, number: usize) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let field = after_name.split_whitespace().nth(number)?;
    Some(field.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, text: &str) -> Option<Entry> {
        let started = |process: &str| (process == "12").then(|| "900".to_owned());
        parse(&Path::new("/run/hygie-test").join(name), text, started)
    }

    #[test]
    fn the_register_is_read() {
        let found = entry("loop-12-900-0", "/tmp/hygie-test-a").expect("an entry");
        assert_eq!(found.thing, Thing::Folder("/tmp/hygie-test-a".to_owned()));
        assert!(found.is_alive);
        let found = entry("cage-12-900-1", "/sys/fs/cgroup/hygie-test-a").expect("an entry");
        assert!(matches!(found.thing, Thing::Cgroup(_)));
        let found = entry("guest-12-900-2", "/tmp/hygie-test-b").expect("an entry");
        assert_eq!(found.thing, Thing::Guest("/tmp/hygie-test-b".to_owned()));
    }

    #[test]
    fn a_number_used_again_is_another_process() {
        assert!(
            !entry("loop-12-899-0", "/tmp/hygie-test-a")
                .expect("an entry")
                .is_alive
        );
        assert!(
            !entry("loop-13-900-0", "/tmp/hygie-test-a")
                .expect("an entry")
                .is_alive
        );
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        for name in ["", "loop", "loop-12", "other-12-900-0"] {
            assert_eq!(entry(name, "/tmp/hygie-test-a"), None, "{name}");
        }
    }
}
