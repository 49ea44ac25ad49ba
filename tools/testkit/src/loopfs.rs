//! A file system of one's own, in an image: the only kind that a test may hold, fill, freeze or break.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hygie_cage::register::Registered;
use rustix::io::Errno;
use rustix::mount::{MountFlags, UnmountFlags};

use crate::leftovers::LOOP;

/// Which file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fs {
    /// Everywhere.
    Ext4,
    /// Needs `xfsprogs` and at least 300 MB.
    Xfs,
    /// Needs `btrfs-progs` and at least 120 MB.
    Btrfs,
}

impl Fs {
    fn name(self) -> &'static str {
        match self {
            Self::Ext4 => "ext4",
            Self::Xfs => "xfs",
            Self::Btrfs => "btrfs",
        }
    }

    /// Whether this machine can make and mount one.
    pub fn is_here(self) -> bool {
        let tool = format!("mkfs.{}", self.name());
        let found = ["/sbin", "/usr/sbin", "/bin", "/usr/bin"]
            .iter()
            .any(|folder| Path::new(folder).join(&tool).exists());
        let known = std::fs::read_to_string("/proc/filesystems").unwrap_or_default();
        found
            && known
                .lines()
                .any(|line| line.trim_start_matches("nodev").trim() == self.name())
    }
}

/// A mounted loop image under `/tmp/hygie-test-XXXX`; goes away when dropped.
#[derive(Debug)]
pub struct LoopFs {
    fs: Fs,
    folder: PathBuf,
    device: PathBuf,
    registered: Registered,
}

impl LoopFs {
    /// A sparse ext4 image of so many megabytes, mounted. Needs root.
    ///
    /// # Errors
    /// Not root, or a tool or the kernel refused: with what it said.
    pub fn ext4(size_mb: u64) -> Result<Self> {
        Self::with(Fs::Ext4, size_mb)
    }

    /// The same with room for so many files: `mkfs` makes one inode for 16 KB unless told.
    ///
    /// # Errors
    /// As `ext4`.
    pub fn ext4_for(size_mb: u64, inodes: u64) -> Result<Self> {
        let inodes = inodes.to_string();
        Self::made_with(Fs::Ext4, size_mb, &["-N", &inodes].map(OsStr::new))
    }

    /// The same with another file system.
    ///
    /// # Errors
    /// As `ext4`; also where the file system's tools are missing (`Fs::is_here`).
    pub fn with(fs: Fs, size_mb: u64) -> Result<Self> {
        Self::made_with(fs, size_mb, &[])
    }

    fn made_with(fs: Fs, size_mb: u64, more: &[&OsStr]) -> Result<Self> {
        if let Some(why) = crate::not_root() {
            anyhow::bail!("a loop image cannot be mounted: {why}");
        }
        ensure!(
            fs.is_here(),
            "mkfs.{0} or the kernel's {0} is missing here",
            fs.name()
        );
        let folder = tempfile::Builder::new()
            .prefix("hygie-test-")
            .tempdir_in("/tmp")?
            .keep();
        let registered = Registered::new(LOOP, &folder)?;
        // From here on Drop clears up, also after an error below.
        let mut made = Self {
            fs,
            folder,
            device: PathBuf::new(),
            registered,
        };
        made.build(size_mb, more)?;
        Ok(made)
    }

    fn build(&mut self, size_mb: u64, more: &[&OsStr]) -> Result<()> {
        let fs = self.fs;
        let image = self.folder.join(IMAGE);
        std::fs::File::create(&image)?.set_len(size_mb << 20)?;
        let quiet = OsStr::new("-q");
        let words = [&[quiet][..], more, &[image.as_os_str()]].concat();
        run(&format!("mkfs.{}", fs.name()), &words)?;
        self.device = attach(&image)?;
        let mount = self.path();
        std::fs::create_dir(&mount)?;
        rustix::mount::mount(
            &self.device,
            &mount,
            fs.name(),
            MountFlags::NOSUID | MountFlags::NODEV,
            None,
        )
        .with_context(|| format!("mount {} on {}", self.device.display(), mount.display()))?;
        // The folder above is private; inside, other users may come as far as tests let them.
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&self.folder, PermissionsExt::from_mode(0o711))?;
        Ok(())
    }

    /// Where it is mounted.
    pub fn path(&self) -> PathBuf {
        self.folder.join(MOUNT)
    }

    /// The loop device, `/dev/loopN`.
    pub fn device(&self) -> &Path {
        &self.device
    }

    /// Unmounts it now and says whether that worked; Drop can only try.
    ///
    /// # Errors
    /// Something still uses it.
    pub fn unmount(self) -> Result<()> {
        rustix::mount::unmount(self.path(), UnmountFlags::empty()).context("unmount")
    }

    /// Unmounts and mounts again, as after a restart.
    ///
    /// # Errors
    /// Something still uses it, or the kernel finds it damaged.
    pub fn remount(&self) -> Result<()> {
        rustix::mount::unmount(self.path(), UnmountFlags::empty()).context("unmount")?;
        let flags = MountFlags::NOSUID | MountFlags::NODEV;
        rustix::mount::mount(&self.device, self.path(), self.fs.name(), flags, None)
            .context("mount again")
    }
}

impl Drop for LoopFs {
    fn drop(&mut self) {
        match tear_down(&self.folder) {
            Ok(()) => self.registered.forget(),
            Err(error) => warn(&format!("{error:#}; `cargo xtask clean` will try again")),
        }
    }
}

/// Unmounts, detaches and removes what `LoopFs` made in a folder; from any state in between.
pub(crate) fn tear_down(folder: &Path) -> Result<()> {
    ensure!(
        folder.starts_with("/tmp") && folder.components().count() == 3,
        "{} is not ours",
        folder.display()
    );
    let mount = folder.join(MOUNT);
    unmount(&mount)?;
    let image = folder.join(IMAGE);
    if image.exists() {
        for device in devices_of(&image)? {
            run("losetup", &[OsStr::new("-d"), OsStr::new(&device)])?;
        }
    }
    match std::fs::remove_dir(&mount) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).context("the mount folder");
        }
        _ => {}
    }
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).context("the image folder")
        }
        _ => Ok(()),
    }
}

/// Tries for two seconds, then lazily: a program that was just killed may still hold a file.
fn unmount(mount: &Path) -> Result<()> {
    for _try in 0..40 {
        match rustix::mount::unmount(mount, UnmountFlags::NOFOLLOW) {
            // Not mounted, or never made.
            Err(Errno::INVAL | Errno::NOENT) => return Ok(()),
            // Unmounted: once more, in case something was mounted over it.
            Ok(()) => {}
            Err(_busy) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    warn(&format!(
        "{} is still in use; unmounted lazily",
        mount.display()
    ));
    rustix::mount::unmount(mount, UnmountFlags::DETACH)
        .with_context(|| format!("unmount {}", mount.display()))
}

/// Finding a free device and taking it are two steps; when another test was faster, again.
fn attach(image: &Path) -> Result<PathBuf> {
    let mut last = None;
    for _try in 0..10 {
        match run(
            "losetup",
            &[OsStr::new("-f"), OsStr::new("--show"), image.as_os_str()],
        ) {
            Ok(device) => return Ok(PathBuf::from(device.trim())),
            Err(error) => last = Some(error),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(last.unwrap_or_else(|| anyhow::anyhow!("no loop device")))
}

fn devices_of(image: &Path) -> Result<Vec<String>> {
    let arguments = ["-n", "-O", "NAME", "-j"].map(OsStr::new);
    let found = run("losetup", &[&arguments[..], &[image.as_os_str()]].concat())?;
    Ok(found
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect())
}

fn run(program: &str, arguments: &[&OsStr]) -> Result<String> {
    let path = "/usr/sbin:/sbin:/usr/bin:/bin";
    let output = Command::new(program)
        .args(arguments)
        .env("PATH", path)
        .env("LC_ALL", "C")
        .output();
    let output = output.with_context(|| format!("start {program}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        said.trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[expect(
    clippy::print_stderr,
    reason = "a Drop has no other voice; tests print"
)]
fn warn(text: &str) {
    eprintln!("hygie-testkit: {text}");
}

const IMAGE: &str = "image";
const MOUNT: &str = "mnt";
