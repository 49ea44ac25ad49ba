//! Where Hygie keeps its own things on a device.

use std::{
    io,
    path::{Path, PathBuf},
};

use hygie_model::Wall;

/// Hygie's folder on this device: `--state DIR`, else `HYGIE_STATE`, else `/var/lib/hygie`.
#[derive(Clone, Debug)]
pub struct StateDir(PathBuf);

impl StateDir {
    /// Takes the folder, makes it for this user alone where it is missing.
    ///
    /// # Errors
    /// When it cannot be made, or belongs to somebody else.
    pub fn open(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        let path = path.canonicalize()?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, PermissionsExt};
            let found = std::fs::metadata(&path)?;
            if found.uid() != rustix::process::geteuid().as_raw() {
                return Err(io::Error::from(io::ErrorKind::PermissionDenied));
            }
            // The socket in it is for others too, so the folder may be passed through.
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o711))?;
        }
        Ok(Self(path))
    }

    /// Names the folder without touching it, for whoever only asks.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_path_buf())
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The versions store.
    #[must_use]
    pub fn vault(&self) -> PathBuf {
        self.0.join("vault")
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.0.join("journal")
    }

    /// Who has written to the practice, as `hygie check --learn` remembers it.
    #[must_use]
    pub fn senders(&self) -> PathBuf {
        self.0.join("senders.json")
    }

    /// Verdicts about messages that wait for the courier.
    #[must_use]
    pub fn verdicts(&self) -> PathBuf {
        self.0.join("verdicts")
    }

    /// The log of acts.
    #[must_use]
    pub fn acts(&self) -> PathBuf {
        self.0.join("acts.db")
    }

    /// The incidents.
    #[must_use]
    pub fn incidents(&self) -> PathBuf {
        self.0.join("incidents.db")
    }

    /// The guard's door.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.0.join("guard.sock")
    }

    /// Where the sandbox is asked; its folder is its own user's.
    #[must_use]
    pub fn sandbox(&self) -> PathBuf {
        self.0.join("sandbox").join("sandbox.sock")
    }

    /// Takes the folder for one `up`, for as long as the file is open; `None`: another one has it. A guard that outlives
    /// its `up` for a moment does not: it goes by itself.
    ///
    /// # Errors
    /// What the system refused.
    pub fn take(&self) -> io::Result<Option<std::fs::File>> {
        let mine = std::fs::File::create(self.0.join("up.lock"))?;
        match mine.try_lock() {
            Ok(()) => Ok(Some(mine)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// What guard and witness say when something goes wrong; names no patient's file.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.0.join("guard.log")
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.0.join("hygie.toml")
    }

    /// The passkeys that the guard believes.
    #[must_use]
    pub fn trusted_keys(&self) -> PathBuf {
        self.0.join("trusted-keys.json")
    }

    /// The passkeys that the hub handed in.
    #[must_use]
    pub fn proposed_keys(&self) -> PathBuf {
        self.0.join("proposed-keys.json")
    }

    /// The courier's own folder.
    #[must_use]
    pub fn courier(&self) -> PathBuf {
        self.0.join("courier")
    }

    /// What makes this device one of a hub's; the courier's.
    #[must_use]
    pub fn enrolled(&self) -> PathBuf {
        self.courier().join("device.json")
    }

    /// When the hub answered last, and whether its silence was told.
    #[must_use]
    pub fn hub_word(&self) -> PathBuf {
        self.0.join("hub-word.json")
    }

    /// Room on the disk that is kept for known programs.
    #[must_use]
    pub fn reserve(&self) -> PathBuf {
        self.0.join("reserve")
    }

    /// The kernel's bound for leases as it was before Hygie set its own.
    #[must_use]
    pub fn former_lease_bound(&self) -> PathBuf {
        self.0.join("lease-break-time")
    }

    /// The last moment at which the law was known to hold, kept for the time when it does not.
    #[must_use]
    pub fn last_protected(&self) -> PathBuf {
        self.0.join("last-protected")
    }

    /// The last moment at which the law was known to hold, where there was one.
    #[must_use]
    pub fn last_known_protected(&self) -> Option<Wall> {
        let text = std::fs::read_to_string(self.last_protected()).ok()?;
        text.trim().parse().ok().map(Wall)
    }

    /// The folder on which the self-test is made at each start.
    #[must_use]
    pub fn self_test(&self) -> PathBuf {
        self.0.join("self-test")
    }
}
