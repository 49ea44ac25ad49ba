//! Keys on disk: the platform's folder of secrets, and what it means here that one is gone or damaged.

use std::path::{Path, PathBuf};

use hygie_platform::linux::secrets::{Bounds, Found, Secrets, SecretsError};
use zeroize::Zeroizing;

/// A folder of keys, held by this process alone.
#[derive(Debug)]
pub(super) struct Keeper(Secrets);

/// Why a key was not kept, or not found; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// The folder.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// It was there once.
    #[error(
        "{0} is gone: bring it back from a backup of its folder; to start afresh (browsers and devices must \
         then be told to trust anew) move the whole folder away"
    )]
    Missing(PathBuf),
    /// Its content is not what was written.
    #[error(
        "{path} is damaged ({what}): bring it back from a backup of its folder; to start afresh (browsers and \
         devices must then be told to trust anew) move the whole folder away"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl Keeper {
    /// Takes the folder, made if need be; not one that another process holds.
    pub(super) fn take(folder: &Path) -> Result<Self, KeeperError> {
        Ok(Self(Secrets::take(folder, BOUNDS)?))
    }

    /// Takes the folder, made if need be, when nobody else holds it any more.
    pub(super) fn wait(folder: &Path) -> Result<Self, KeeperError> {
        Ok(Self(Secrets::wait(folder, BOUNDS)?))
    }

    /// Where a file of this name lies, for messages.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// Reads a file; none where there is none.
    pub(super) fn read(&self, name: &str) -> Result<Option<Zeroizing<String>>, KeeperError> {
        match self.0.read(name)? {
            None => Ok(None),
            Some(Found::Text(text)) => Ok(Some(text)),
            Some(Found::Damaged(damage)) => Err(self.damaged(name, damage)),
        }
    }

    /// Puts `text` in place of what the file held, whole or not at all.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), KeeperError> {
        Ok(self.0.write(name, text)?)
    }

    /// The error of a file that cannot be what was written.
    pub(super) fn damaged(&self, name: &str, what: impl ToString) -> KeeperError {
        KeeperError::Damaged {
            path: self.path(name),
            what: what.to_string(),
        }
    }
}

const BOUNDS: Bounds = Bounds {
    // A key and a certificate.
    usual: 8 * 1024,
    // A full register is a third of it.
    longest: 4 * 1024 * 1024,
};
