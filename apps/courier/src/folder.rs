//! What makes a device one of a hub's: its key, its certificate, where the hub is and by what it is known. One file, readable
//! by the courier alone, put in its place whole or not at all.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use hygie_platform::linux::secrets;
use hygie_wire::Host;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A device's identity.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    /// The device's number.
    pub(crate) device: Uuid,
    /// How people call it.
    pub(crate) name: String,
    /// Where the hub is.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
    /// SHA-256 of the authority that signs the hub's certificate, in hexadecimal.
    pub(crate) authority: String,
    /// The device's certificate and its authority's, in PEM.
    pub(crate) chain: String,
    /// The device's key, in PEM.
    pub(crate) key: String,
}

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system refuses.
    #[error("{}: {source}; look at the disk and the folder's owner", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What is there is no identity.
    #[error("{}: it cannot be read; enrol this device again", .0.display())]
    Damaged(PathBuf),
}

/// Whether this device was enrolled: whoever starts the courier asks.
#[must_use]
pub fn is_enrolled(dir: &Path) -> bool {
    dir.join(FILE).exists()
}

impl Identity {
    pub(crate) fn load(dir: &Path, which: Which) -> Result<Self, FolderError> {
        let path = which.of(dir);
        let text = fs::read(&path).map_err(io_at(&path))?;
        serde_json::from_slice(&text).map_err(|_| FolderError::Damaged(path))
    }

    pub(crate) fn keep(&self, dir: &Path, which: Which) -> Result<(), FolderError> {
        let path = which.of(dir);
        let text = serde_json::to_vec(self).map_err(|_| FolderError::Damaged(path.clone()))?;
        secrets::replace(&path, &text).map_err(io_at(&path))
    }

    /// The hub's host, as it was in the code.
    pub(crate) fn host(&self) -> Option<Host> {
        self.host
            .parse()
            .map(Host::Address)
            .ok()
            .or_else(|| Host::name(&self.host))
    }
}

/// Which of a device's two identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The one that the hub took last.
    Present,
    /// The one that it signed and has not seen used.
    Next,
}

impl Which {
    fn of(self, dir: &Path) -> PathBuf {
        dir.join(match self {
            Self::Present => FILE,
            Self::Next => "next-device.json",
        })
    }
}

/// The next identity is the present one from now on.
pub(crate) fn promote(dir: &Path) -> Result<(), FolderError> {
    let path = Which::Next.of(dir);
    fs::rename(&path, Which::Present.of(dir))
        .and_then(|()| File::open(dir)?.sync_all())
        .map_err(io_at(&path))
}

/// There is no next identity.
pub(crate) fn forget_next(dir: &Path) -> Result<(), FolderError> {
    let path = Which::Next.of(dir);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_at(&path)(error)),
        Err(_) | Ok(()) => Ok(()),
    }
}

/// The outbox's file.
pub(crate) fn outbox(dir: &Path) -> PathBuf {
    dir.join("outbox.db")
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> FolderError + use<> {
    let path = path.to_path_buf();
    move |source| FolderError::Io { path, source }
}

const FILE: &str = "device.json";

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn an_identity_is_read_back_and_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        assert!(!is_enrolled(dir));
        let identity = Identity {
            device: Uuid::from_u128(1),
            name: "Accueil".to_owned(),
            host: "::1".to_owned(),
            port: 8444,
            authority: "ab".repeat(32),
            chain: "PEM".to_owned(),
            key: "PEM".to_owned(),
        };
        fs::write(dir.join("device.json.new"), "half").unwrap();
        identity.keep(dir, Which::Present).unwrap();
        assert!(is_enrolled(dir));
        assert!(Identity::load(dir, Which::Present).unwrap() == identity);
        assert!(matches!(identity.host(), Some(Host::Address(_))));
        let mode = fs::metadata(dir.join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(dir.join(FILE), "{}").unwrap();
        let damaged = Identity::load(dir, Which::Present);
        assert!(matches!(damaged, Err(FolderError::Damaged(_))));
    }
}
