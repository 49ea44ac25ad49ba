//! What can be wrong with a configuration, as data, and which sentence says it.

use std::{io, path::PathBuf};

use hygie_text::{Args, Id};

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1 on.
    pub line: u64,
}

/// Why a configuration is refused, or could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {}: {source}", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is not TOML.
    #[error("{}:{}: {reason}", place.file.display(), place.line)]
    Syntax {
        /// Where.
        place: Place,
        /// What the parser said, in English.
        reason: String,
    },
    /// There is no such key here.
    #[error("{}:{}: unknown key {key}", place.file.display(), place.line)]
    UnknownKey {
        /// Where.
        place: Place,
        /// The key, with its section.
        key: String,
        /// The key that was probably meant.
        near: Option<String>,
        /// The keys of this section.
        known: &'static [&'static str],
    },
    /// The value is not written as this key wants it.
    #[error("{}:{}: {key} wants a value such as {example}", place.file.display(), place.line)]
    WrongForm {
        /// Where.
        place: Place,
        /// The key, with its section.
        key: String,
        /// A line that would be right.
        example: &'static str,
    },
    /// The value is out of bounds.
    #[error("{}:{}: {key} wants a value from {least} to {most}", place.file.display(), place.line)]
    OutOfRange {
        /// Where.
        place: Place,
        /// The key, with its section.
        key: String,
        /// The smallest value.
        least: String,
        /// The largest one.
        most: String,
    },
    /// A folder's path does not lead from the root on, or leads back up.
    #[error("{}:{}: {} is not a full path", place.file.display(), place.line, path.display())]
    FolderRelative {
        /// Where.
        place: Place,
        /// The path.
        path: PathBuf,
    },
    /// The root was to be protected.
    #[error("{}:{}: {} is the root", place.file.display(), place.line, path.display())]
    FolderRoot {
        /// Where.
        place: Place,
        /// The path.
        path: PathBuf,
    },
    /// A folder lies in another one, or is named twice.
    #[error("{}:{}: {} lies in {}", place.file.display(), place.line, path.display(), outer.display())]
    FolderTwice {
        /// Where.
        place: Place,
        /// The folder.
        path: PathBuf,
        /// The folder that covers it.
        outer: PathBuf,
    },
}

impl ConfigError {
    /// The message that tells it to a person, with what is to be put in.
    #[must_use]
    pub fn sentence(&self) -> (Id, Args) {
        (self.id(), self.args())
    }

    const fn id(&self) -> Id {
        match self {
            Self::Unreadable { .. } => Id::ConfigUnreadable,
            Self::Unwritable { .. } => Id::ConfigUnwritable,
            Self::Syntax { .. } => Id::ConfigSyntax,
            Self::UnknownKey { near: Some(_), .. } => Id::ConfigUnknownKeyNear,
            Self::UnknownKey { near: None, .. } => Id::ConfigUnknownKey,
            Self::WrongForm { .. } => Id::ConfigWrongType,
            Self::OutOfRange { .. } => Id::ConfigOutOfRange,
            Self::FolderRelative { .. } => Id::ConfigFolderRelative,
            Self::FolderRoot { .. } => Id::ConfigFolderRoot,
            Self::FolderTwice { .. } => Id::ConfigFolderTwice,
        }
    }

    fn args(&self) -> Args {
        match self {
            Self::Unreadable { file, source } | Self::Unwritable { file, source } => {
                let reason = source.to_string();
                Args::new().path("file", file).text("reason", &reason)
            }
            Self::Syntax { place, reason } => place.args().text("reason", reason),
            Self::UnknownKey {
                place,
                key,
                near,
                known,
            } => {
                let args = place.args().text("key", key);
                match near {
                    Some(near) => args.text("near", near),
                    None => args.text("known", &known.join(", ")),
                }
            }
            Self::WrongForm {
                place,
                key,
                example,
            } => place.args().text("key", key).text("example", example),
            Self::OutOfRange {
                place,
                key,
                least,
                most,
            } => {
                let args = place.args().text("key", key);
                args.text("least", least).text("most", most)
            }
            Self::FolderRelative { place, path } | Self::FolderRoot { place, path } => {
                place.args().path("path", path)
            }
            Self::FolderTwice { place, path, outer } => {
                place.args().path("path", path).path("outer", outer)
            }
        }
    }
}

impl Place {
    fn args(&self) -> Args {
        Args::new()
            .path("file", &self.file)
            .count("line", self.line)
    }
}
