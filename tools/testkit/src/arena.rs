//! The folder in which a simulator may rage: made here, proven to it by a secret nonce.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{SealedTree, Snapshot};

/// `victims/` (to protect), `outside/` (beside it, on the same file system, unprotected), and the marker.
#[derive(Debug)]
pub struct Arena {
    folder: PathBuf,
    open: File,
    nonce: String,
}

impl Arena {
    /// Makes an arena in a new folder inside `parent`, with a tree of practice files that belong to `uid`. It
    /// goes away with the file system it lies on; on a lasting one, `remove` it.
    ///
    /// # Errors
    /// The system refused; giving files to another user needs root.
    pub fn make(parent: &Path, uid: u32, tree: &SealedTree) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("arena-")
            .tempdir_in(parent)?
            .keep();
        let nonce = random_nonce()?;
        for name in ["victims", "outside"] {
            std::fs::create_dir(folder.join(name))?;
        }
        tree.make(&folder.join("victims"))?;
        let marker = folder.join(".hygie-arena");
        std::fs::write(&marker, &nonce)?;
        std::fs::set_permissions(&marker, PermissionsExt::from_mode(0o444))?;
        if rustix::process::geteuid().is_root() {
            give(&folder.join("victims"), uid)?;
            give(&folder.join("outside"), uid)?;
        }
        // Sticky: the user may move his two folders, but not the marker.
        std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o1777))?;
        let open = File::open(&folder).context("hold the arena")?;
        let arena = Self {
            folder,
            open,
            nonce,
        };
        arena.seal()?;
        Ok(arena)
    }

    /// Vouches for every file that lies in it now, so that a simulator takes it although a guard (or the tree)
    /// gave it a second link. Call it again between two ways that replace files.
    ///
    /// # Errors
    /// The system refused.
    pub fn seal(&self) -> Result<()> {
        let mut inodes = String::new();
        list(&self.folder, &mut inodes)?;
        let seal = self.folder.join(".hygie-arena-inodes");
        let _none_yet = std::fs::remove_file(&seal);
        std::fs::write(&seal, inodes)?;
        Ok(std::fs::set_permissions(
            &seal,
            PermissionsExt::from_mode(0o444),
        )?)
    }

    /// Its folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// The folder to protect.
    pub fn victims(&self) -> PathBuf {
        self.folder.join("victims")
    }

    /// The folder that nobody protects.
    pub fn outside(&self) -> PathBuf {
        self.folder.join("outside")
    }

    /// What a simulator must know to act here.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The open folder, to hand to a simulator by descriptor.
    pub fn descriptor(&self) -> &File {
        &self.open
    }

    /// `victims/` as it is now.
    ///
    /// # Errors
    /// As `Snapshot::of`.
    pub fn snapshot(&self) -> Result<Snapshot> {
        Snapshot::of(&self.victims())
    }

    /// Takes it all away.
    ///
    /// # Errors
    /// The system refused.
    pub fn remove(self) -> Result<()> {
        std::fs::remove_dir_all(&self.folder).context("remove the arena")
    }
}

fn random_nonce() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    }))
}

fn give(path: &Path, uid: u32) -> Result<()> {
    std::os::unix::fs::lchown(path, Some(uid), Some(uid))?;
    if path.symlink_metadata()?.is_dir() {
        for entry in std::fs::read_dir(path)? {
            give(&entry?.path(), uid)?;
        }
    }
    Ok(())
}

fn list(folder: &Path, inodes: &mut String) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.path().symlink_metadata()?;
        if found.is_dir() {
            list(&entry.path(), inodes)?;
        } else if found.is_file() {
            writeln!(inodes, "{}", found.ino())?;
        }
    }
    Ok(())
}
