//! The configuration: a commented TOML file in which each value is right or refused by name.
//! There is no way to exclude files: an exclusion would be a hole.

mod error;
#[cfg(target_os = "linux")]
mod leave_out;
mod near;
mod table;
mod units;
mod values;

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Component, Path, PathBuf},
};

use hygie_text::Language;

pub use error::{ConfigError, Place};
#[cfg(target_os = "linux")]
pub use leave_out::{LeftOut, leave_out};
use table::Table;
pub use values::{
    AllowFor, Attackers, Bound, Budget, Call, HubSilence, LargeFrom, Leases, MinAge, NotAValue,
    Percent, Size, Threads,
};

/// What a person may set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The protected folders; none lies in another.
    pub folders: Vec<ProtectedFolder>,
    /// The vault.
    pub vault: Vault,
    /// The guard.
    pub guard: Guard,
    /// Whom people call.
    pub help: Help,
    /// The hub that this device reports to.
    pub hub: Hub,
    /// The language to speak; the system's where it is not set.
    pub language: Option<Language>,
}

/// A folder to protect: a full path, not the root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProtectedFolder(PathBuf);

/// Settings of the vault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vault {
    /// The room that versions may take.
    pub budget: Budget,
    /// A younger version is never erased.
    pub min_age: MinAge,
    /// The room kept for known programs.
    pub reserve: Size,
    /// From which size on a file is kept by its changes.
    pub large_from: LargeFrom,
}

/// Whom people call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// A name, a telephone number, or both.
    pub call: Option<Call>,
}

/// The hub that this device reports to, if it was enrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hub {
    /// How long it may be silent.
    pub silence: HubSilence,
}

/// Settings of the guard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// How long a program may wait.
    pub bound: Bound,
    /// How many files are held by a lease.
    pub leases: Leases,
    /// How many threads copy.
    pub threads: Threads,
    /// What becomes of a program that harms.
    pub attackers: Attackers,
}

/// Whether the default file was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was.
    Now,
    /// There was one; it is as it was.
    AlreadyThere,
}

/// Why a path is no folder to protect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAFolder {
    /// It does not lead from the root on, or leads back up.
    Relative,
    /// It is the root.
    Root,
}

impl Config {
    /// Reads the configuration in `file`.
    ///
    /// # Errors
    /// The file cannot be read, or something in it is not right.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(file).map_err(|source| ConfigError::Unreadable {
            file: file.to_owned(),
            source,
        })?;
        Self::parse(&text, file)
    }

    /// Reads a configuration; `file` only names it in errors.
    ///
    /// # Errors
    /// The first thing in it that is not right.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let document = table::document(text, file)?;
        let top = Table::top(&document, text, file)?;
        let vault = top.section("vault")?;
        let guard = top.section("guard")?;
        let help = top.section("help")?;
        let hub = top.section("hub")?;
        let language = top.section("language")?;
        Ok(Self {
            folders: folders(&top)?,
            vault: Vault {
                budget: vault.value("budget")?.unwrap_or_default(),
                min_age: vault.value("min_age")?.unwrap_or_default(),
                reserve: vault.value("reserve")?.unwrap_or_default(),
                large_from: vault.value("large_from")?.unwrap_or_default(),
            },
            guard: Guard {
                bound: guard.value("bound")?.unwrap_or_default(),
                leases: guard.value("leases")?.unwrap_or_default(),
                threads: guard.value("threads")?.unwrap_or_default(),
                attackers: guard.value("attackers")?.unwrap_or_default(),
            },
            help: Help {
                call: help.value("call")?,
            },
            hub: Hub {
                silence: hub.value("silence")?.unwrap_or_default(),
            },
            language: language.value("lang")?,
        })
    }

    /// Writes the commented default configuration where there is none.
    ///
    /// # Errors
    /// The file cannot be written; then there is none.
    pub fn write_default(file: &Path) -> Result<Written, ConfigError> {
        let failed = |source| ConfigError::Unwritable {
            file: file.to_owned(),
            source,
        };
        let mut new = match File::create_new(file) {
            Ok(new) => new,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Ok(Written::AlreadyThere);
            }
            Err(error) => return Err(failed(error)),
        };
        let written = new
            .write_all(DEFAULT.as_bytes())
            .and_then(|()| new.sync_all());
        if let Err(error) = written {
            drop(new);
            // Half a file would be read as a configuration at the next start.
            let _ = fs::remove_file(file);
            return Err(failed(error));
        }
        Ok(Written::Now)
    }
}

impl ProtectedFolder {
    /// A folder to protect.
    ///
    /// # Errors
    /// The path is not a full one, or is the root.
    pub fn new(path: &Path) -> Result<Self, NotAFolder> {
        if !path.is_absolute() || path.components().any(|part| part == Component::ParentDir) {
            return Err(NotAFolder::Relative);
        }
        let path: PathBuf = path.components().collect();
        if path.parent().is_none() {
            return Err(NotAFolder::Root);
        }
        Ok(Self(path))
    }

    /// The path.
    #[must_use]
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// Whether it is that folder, by its name or by where its name leads.
    #[must_use]
    pub fn leads_to(&self, folder: &Path) -> bool {
        self.0 == folder || fs::canonicalize(&self.0).is_ok_and(|real| real == folder)
    }
}

fn folders(top: &Table<'_>) -> Result<Vec<ProtectedFolder>, ConfigError> {
    let mut folders: Vec<ProtectedFolder> = Vec::new();
    for (place, text) in top.texts("folders")? {
        let path = PathBuf::from(text);
        let folder = match ProtectedFolder::new(&path) {
            Ok(folder) => folder,
            Err(NotAFolder::Relative) => return Err(ConfigError::FolderRelative { place, path }),
            Err(NotAFolder::Root) => return Err(ConfigError::FolderRoot { place, path }),
        };
        for known in &folders {
            let (outer, inner) = match (
                folder.0.starts_with(&known.0),
                known.0.starts_with(&folder.0),
            ) {
                (true, _) => (known, &folder),
                (false, true) => (&folder, known),
                (false, false) => continue,
            };
            let (path, outer) = (inner.0.clone(), outer.0.clone());
            return Err(ConfigError::FolderTwice { place, path, outer });
        }
        folders.push(folder);
    }
    Ok(folders)
}

/// The commented default configuration.
pub const DEFAULT: &str = include_str!("config/default.toml");

#[cfg(test)]
#[path = "config/tests.rs"]
mod tests;
