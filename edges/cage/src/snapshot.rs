//! All that can be seen of a tree, to compare a before with an after.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CStr;
use std::fmt;
use std::path::{Path, PathBuf};

use rustix::fs::FileType;
use rustix::io::Errno;

use crate::CageError;
use crate::error::Doing;

/// What kind of thing a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A socket, pipe or device.
    Other,
}

/// One path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// The content of a file.
    pub content: Option<blake3::Hash>,
    /// The length of a file; 0 for the rest, whose size is the file system's affair.
    pub size: u64,
    /// Permission bits.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Time of the last modification; 0 for folders, which change with what is in them.
    pub mtime_ns: i128,
    /// Extended attributes.
    pub xattrs: BTreeMap<String, Vec<u8>>,
    /// Where a symbolic link points.
    pub target: Option<PathBuf>,
    /// The first path of the same file, when it has several in this tree: its hard-link group.
    pub same_as: Option<PathBuf>,
}

/// A tree at one time; paths are relative to its top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    entries: BTreeMap<PathBuf, Entry>,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Was there, is gone.
    Gone(PathBuf),
    /// Was not there.
    New(PathBuf),
    /// Is there, with these fields changed: name, before, after.
    Changed(PathBuf, Vec<(&'static str, String, String)>),
}

impl Snapshot {
    /// Reads a whole tree. Opens each file to read, so under a guard it waits as any reader does.
    ///
    /// # Errors
    /// A file that cannot be read, or that went away meanwhile.
    pub fn of(folder: &Path) -> Result<Self, CageError> {
        let mut walk = Walk {
            top: folder,
            entries: BTreeMap::new(),
            inodes: BTreeMap::new(),
        };
        walk.folder(Path::new(""))?;
        let mut entries = walk.entries;
        for paths in walk.inodes.values().filter(|paths| paths.len() > 1) {
            for path in paths {
                if let Some(entry) = entries.get_mut(path) {
                    entry.same_as = paths.first().cloned();
                }
            }
        }
        Ok(Self { entries })
    }

    /// What is there, by path.
    pub fn entries(&self) -> &BTreeMap<PathBuf, Entry> {
        &self.entries
    }

    /// The contents of all files that are not empty, to look for one wherever it went.
    pub fn contents(&self) -> BTreeSet<String> {
        let files = self.entries.values().filter(|entry| entry.size > 0);
        files
            .filter_map(|entry| entry.content.map(|content| content.to_hex().to_string()))
            .collect()
    }

    /// What became of it: empty when nothing changed.
    pub fn diff(&self, later: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        for (path, before) in &self.entries {
            match later.entries.get(path) {
                None => differences.push(Difference::Gone(path.clone())),
                Some(after) if after != before => {
                    differences.push(Difference::Changed(
                        path.clone(),
                        before.fields_that_differ(after),
                    ));
                }
                Some(_same) => {}
            }
        }
        let new = later
            .entries
            .keys()
            .filter(|path| !self.entries.contains_key(*path));
        differences.extend(new.cloned().map(Difference::New));
        differences
    }

    /// Panics with a readable list when anything changed.
    ///
    /// # Panics
    /// When anything changed.
    #[track_caller]
    pub fn assert_same(&self, later: &Self) {
        let lines: Vec<String> = self.diff(later).iter().map(ToString::to_string).collect();
        assert!(
            lines.is_empty(),
            "{} differences:\n{}",
            lines.len(),
            lines.join("\n")
        );
    }
}

impl Entry {
    fn fields_that_differ(&self, after: &Self) -> Vec<(&'static str, String, String)> {
        let (before, after) = (self.fields(), after.fields());
        let pairs = before
            .into_iter()
            .zip(after)
            .filter(|((_, old), (_, new))| old != new);
        pairs
            .map(|((name, old), (_, new))| (name, old, new))
            .collect()
    }

    fn fields(&self) -> [(&'static str, String); 10] {
        let short = |content: blake3::Hash| content.to_hex().chars().take(12).collect();
        [
            ("kind", format!("{:?}", self.kind)),
            ("content", self.content.map_or_else(String::new, short)),
            ("size", self.size.to_string()),
            ("mode", format!("{:04o}", self.mode)),
            ("uid", self.uid.to_string()),
            ("gid", self.gid.to_string()),
            ("mtime", self.mtime_ns.to_string()),
            (
                "xattrs",
                format!(
                    "{:?}",
                    self.xattrs
                        .iter()
                        .map(|(name, value)| (name, value.escape_ascii().to_string()))
                        .collect::<Vec<_>>()
                ),
            ),
            ("target", format!("{:?}", self.target)),
            ("same file as", format!("{:?}", self.same_as)),
        ]
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone(path) => write!(formatter, "- {}", path.display()),
            Self::New(path) => write!(formatter, "+ {}", path.display()),
            Self::Changed(path, fields) => {
                write!(formatter, "~ {}", path.display())?;
                fields
                    .iter()
                    .try_for_each(|(name, old, new)| write!(formatter, "  {name}: {old} -> {new}"))
            }
        }
    }
}

struct Walk<'a> {
    top: &'a Path,
    entries: BTreeMap<PathBuf, Entry>,
    inodes: BTreeMap<(u64, u64), Vec<PathBuf>>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path) -> Result<(), CageError> {
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(self.top.join(folder))
            .doing(|| format!("list {}", folder.display()))?
        {
            let entry = entry.doing(|| format!("list {}", folder.display()))?;
            paths.push(folder.join(entry.file_name()));
        }
        paths.sort();
        for path in paths {
            self.path(&path)?;
        }
        Ok(())
    }

    fn path(&mut self, path: &Path) -> Result<(), CageError> {
        let whole = self.top.join(path);
        let looking = || format!("look at {}", path.display());
        let stat = rustix::fs::lstat(&whole).doing(looking)?;
        let kind = match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            FileType::Fifo
            | FileType::Socket
            | FileType::CharacterDevice
            | FileType::BlockDevice
            | FileType::Unknown => Kind::Other,
        };
        let file = kind == Kind::File;
        let mtime_ns = i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec);
        let entry = Entry {
            kind,
            content: if file {
                Some(hash(&whole).doing(looking)?)
            } else {
                None
            },
            size: if file {
                u64::try_from(stat.st_size).unwrap_or(0)
            } else {
                0
            },
            mode: stat.st_mode & 0o7777,
            uid: stat.st_uid,
            gid: stat.st_gid,
            mtime_ns: if kind == Kind::Folder { 0 } else { mtime_ns },
            xattrs: xattrs(&whole).doing(looking)?,
            target: if kind == Kind::Link {
                Some(std::fs::read_link(&whole).doing(looking)?)
            } else {
                None
            },
            same_as: None,
        };
        self.entries.insert(path.to_owned(), entry);
        if file {
            self.inodes
                .entry((stat.st_dev, stat.st_ino))
                .or_default()
                .push(path.to_owned());
        }
        if kind == Kind::Folder {
            self.folder(path)
        } else {
            Ok(())
        }
    }
}

fn hash(path: &Path) -> std::io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(std::fs::File::open(path)?)?;
    Ok(hasher.finalize())
}

fn xattrs(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, Errno> {
    let mut names = vec![0_u8; 65_536];
    let length = match rustix::fs::llistxattr(path, &mut names) {
        Err(Errno::OPNOTSUPP) => 0,
        other => other?,
    };
    let mut found = BTreeMap::new();
    for name in names
        .get(..length)
        .unwrap_or_default()
        .split_inclusive(|&byte| byte == 0)
    {
        let name = CStr::from_bytes_with_nul(name).map_err(|_unended| Errno::IO)?;
        let mut value = vec![0_u8; 65_536];
        let length = rustix::fs::lgetxattr(path, name, &mut value)?;
        value.truncate(length);
        found.insert(name.to_string_lossy().into_owned(), value);
    }
    Ok(found)
}
