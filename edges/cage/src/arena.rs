//! The folder in which a simulator may rage: made here, proven to it by a secret nonce.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::Doing;
use crate::{CageError, Snapshot};

/// What fills an arena with files to damage.
pub trait Fill {
    /// Makes them in an existing folder.
    ///
    /// # Errors
    /// The system refused.
    fn fill(&self, folder: &Path) -> std::io::Result<()>;
}

/// `victims/` (to protect), `outside/` (beside it, on the same file system, unprotected), and the marker.
#[derive(Debug)]
pub struct Arena {
    folder: PathBuf,
    open: File,
    nonce: String,
}

impl Arena {
    /// Makes an arena in a new folder inside `parent`, with files that belong to `uid`. It
    /// goes away with the file system it lies on; on a lasting one, `remove` it.
    ///
    /// # Errors
    /// The system refused; giving files to another user needs root.
    pub fn make(parent: &Path, uid: u32, tree: &impl Fill) -> Result<Self, CageError> {
        Self::plant(parent, uid, |folder| tree.fill(folder))
    }

    /// The same with files that `plant` puts into the folder that it is given.
    ///
    /// # Errors
    /// As `make`.
    pub fn plant<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        parent: &Path,
        uid: u32,
        plant: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<Self, CageError> {
        let nonce = random_nonce()?;
        let name: String = nonce.chars().take(12).collect();
        let folder = parent.join(format!("arena-{name}"));
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        for name in ["victims", "outside"] {
            std::fs::create_dir(folder.join(name))?;
        }
        plant(&folder.join("victims"))
            .map_err(std::io::Error::other)
            .doing(|| "fill the arena".to_owned())?;
        let marker = folder.join(".hygie-arena");
        std::fs::write(&marker, &nonce)?;
        std::fs::set_permissions(&marker, PermissionsExt::from_mode(0o444))?;
        if rustix::process::geteuid().is_root() {
            give(&folder.join("victims"), uid)?;
            give(&folder.join("outside"), uid)?;
        }
        // Sticky: the user may move his two folders, but not the marker.
        std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o1777))?;
        let open = File::open(&folder).doing(|| "hold the arena".to_owned())?;
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
    pub fn seal(&self) -> Result<(), CageError> {
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
    pub fn snapshot(&self) -> Result<Snapshot, CageError> {
        Snapshot::of(&self.victims())
    }

    /// Takes it all away.
    ///
    /// # Errors
    /// The system refused.
    pub fn remove(self) -> Result<(), CageError> {
        std::fs::remove_dir_all(&self.folder).doing(|| "remove the arena".to_owned())
    }
}

fn random_nonce() -> Result<String, CageError> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    }))
}

fn give(path: &Path, uid: u32) -> Result<(), CageError> {
    std::os::unix::fs::lchown(path, Some(uid), Some(uid))?;
    if path.symlink_metadata()?.is_dir() {
        for entry in std::fs::read_dir(path)? {
            give(&entry?.path(), uid)?;
        }
    }
    Ok(())
}

fn list(folder: &Path, inodes: &mut String) -> Result<(), CageError> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.path().symlink_metadata()?;
        if found.is_dir() {
            list(&entry.path(), inodes)?;
        } else if found.is_file() {
            let _infallible = writeln!(inodes, "{}", found.ino());
        }
    }
    Ok(())
}
