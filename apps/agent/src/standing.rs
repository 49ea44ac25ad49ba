//! Which programs are known: those of the system's packages that run no foreign code.
//! Only they may go on without a copy when there is no time or room for one.

use std::{
    collections::HashSet,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use hygie_guard::{Standing, harm::Class};
use hygie_platform::linux::{kin::Owner, process};

/// The set of known programs.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownPrograms(Arc<HashSet<PathBuf>>);

/// Programs that run what others give them, or pack what they are told to: never known.
const NEVER: &str = include_str!("never-known.txt");

impl KnownPrograms {
    /// Reads the package manager's lists (dpkg). Where there is none, nobody is known: the safe
    /// side.
    pub(crate) fn load() -> Self {
        let mut known = HashSet::new();
        each_program(&lines(NEVER), |program| {
            known.insert(program);
        });
        Self(Arc::new(known))
    }

    /// The standing of a program by its path, asked of the thread that runs it.
    pub(crate) fn standing(&self, thread: i32) -> Standing {
        let Ok(program) = process::program(thread) else {
            return Standing::Unknown;
        };
        if !self.0.contains(&program) {
            return Standing::Unknown;
        }
        match std::fs::metadata(&program) {
            Ok(found) if found.uid() == 0 && found.mode() & 0o022 == 0 => Standing::Known,
            _ => Standing::Unknown,
        }
    }
}

/// What sort of program an executable is, by where it comes from and what it is for.
#[derive(Debug, Default)]
pub(crate) struct Packages {
    programs: HashSet<PathBuf>,
    interpreters: HashSet<&'static str>,
    archivers: HashSet<&'static str>,
}

impl Packages {
    /// Reads the package manager's lists (dpkg).
    pub(crate) fn load() -> Self {
        let mut programs = HashSet::new();
        each_program(&HashSet::new(), |program| {
            programs.insert(program);
        });
        Self {
            programs,
            interpreters: lines(INTERPRETERS),
            archivers: lines(ARCHIVERS),
        }
    }

    /// Whether a package brought this program or script.
    pub(crate) fn names(&self, path: &Path) -> bool {
        self.programs.contains(path)
    }

    pub(crate) fn class(&self, path: &Path, owner: Owner) -> Class {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or_default();
        let name = name.strip_suffix(" (deleted)").unwrap_or(name);
        if is_never(&self.interpreters, name) {
            Class::Interpreter
        } else if is_never(&self.archivers, name) {
            Class::Archiver
        } else if owner == Owner::System && self.programs.contains(path) {
            Class::Packaged
        } else {
            Class::Unknown
        }
    }
}

fn lines(text: &'static str) -> HashSet<&'static str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

fn each_program(never: &HashSet<&str>, mut found: impl FnMut(PathBuf)) {
    let Ok(lists) = std::fs::read_dir("/var/lib/dpkg/info") else {
        return;
    };
    for list in lists.flatten() {
        let path = list.path();
        if path.extension().is_none_or(|ending| ending != "list") {
            continue;
        }
        if let Ok(text) = std::fs::read_to_string(path) {
            text.lines()
                .filter_map(|line| program(line, never))
                .for_each(&mut found);
        }
    }
}

/// Programs that do what a script says.
const INTERPRETERS: &str = include_str!("interpreters.txt");
/// Programs that pack or encrypt what they are told to.
const ARCHIVERS: &str = include_str!("archivers.txt");

// The path under which a packaged program runs, if the line names one that may be known.
fn program(line: &str, never: &HashSet<&str>) -> Option<PathBuf> {
    let path = Path::new(line);
    let name = path.file_name()?.to_str()?;
    let plain = path.extension().is_none_or(|extension| extension == "bin");
    if is_never(never, name) {
        return None;
    }
    // Packages may still say /bin for what lies in /usr/bin.
    if let Some(merged) = ["/bin/", "/sbin/"]
        .iter()
        .find(|folder| line.starts_with(*folder))
    {
        return Some(Path::new("/usr").join(merged.trim_matches('/')).join(name));
    }
    let in_bin = BIN_FOLDERS.iter().any(|folder| path.starts_with(folder));
    (in_bin || (plain && path.starts_with("/usr/lib"))).then(|| path.to_path_buf())
}

// `python3.11` is python, `perl5.36.0` is perl.
fn is_never(never: &HashSet<&str>, name: &str) -> bool {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    never.contains(name) || never.contains(stem)
}

const BIN_FOLDERS: [&str; 3] = ["/usr/bin", "/usr/sbin", "/usr/libexec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpreters_are_never_known() {
        let never: HashSet<&str> = NEVER.lines().collect();
        assert_eq!(program("/bin/ls", &never), Some("/usr/bin/ls".into()));
        assert_eq!(program("/usr/share/doc/x", &never), None);
        for name in [
            "bash",
            "python3.11",
            "perl5.36.0",
            "python3",
            "tar",
            "openssl",
            "dd",
        ] {
            assert!(is_never(&never, name), "{name}");
        }
        for name in ["soffice.bin", "smbd", "postgres"] {
            assert!(!is_never(&never, name), "{name}");
        }
    }
}
