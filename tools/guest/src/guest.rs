//! A guest to be: its kernel, what it takes along, and what it runs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cpio::Archive;
use crate::init::{self, Mounts};
use crate::payload::Payload;
use crate::{Disk, Folder, Kernel, Running, Store, modules};

/// Why there can be no guest here, or `None`. A test prints it and returns.
#[must_use]
pub fn why_not() -> Option<&'static str> {
    find(QEMU)
        .is_none()
        .then_some("skipped: needs qemu-system-x86_64 (Debian package qemu-system-x86)")
}

/// A guest that has not started.
#[derive(Debug, Clone)]
pub struct Guest {
    kernel: Kernel,
    payload: Payload,
    disks: Vec<Disk>,
    mounts: Mounts,
    modules: Vec<String>,
    environment: Vec<(String, String)>,
    memory_mb: u32,
    processors: u32,
    wall: Duration,
}

impl Guest {
    /// With 768 MB and two processors, for at most five minutes; busybox and nothing else in it.
    #[must_use]
    pub fn new(kernel: Kernel) -> Self {
        Self {
            kernel,
            payload: Payload::default(),
            disks: Vec::new(),
            mounts: Mounts::None,
            modules: Vec::new(),
            environment: Vec::new(),
            memory_mb: 768,
            processors: 2,
            wall: Duration::from_secs(300),
        }
    }

    /// Takes a program of this machine along, with its libraries, as `/usr/bin/NAME` or under an absolute path.
    /// (busybox runs an applet of its own rather than a program of that name; another shell does not.)
    #[must_use]
    pub fn program(mut self, name: &str, path: &Path) -> Self {
        let place = Path::new("/usr/bin").join(name);
        self.payload.program(path, &place.to_string_lossy());
        self
    }

    /// Takes the programs of these names along from where `PATH` has them; what is not there is left out.
    #[must_use]
    pub fn tools(mut self, names: &[&str]) -> Self {
        for name in names {
            if let Some(path) = find(name) {
                self.payload.program(&path, &format!("/usr/sbin/{name}"));
            }
        }
        self
    }

    /// Puts a text at an absolute path.
    #[must_use]
    pub fn text(mut self, path: &str, text: &str) -> Self {
        self.payload.text(path, text);
        self
    }

    /// Adds a disk: the first is `/dev/vda`.
    #[must_use]
    pub fn disk(mut self, disk: &Disk) -> Self {
        self.disks.push(disk.clone());
        self
    }

    /// Mounts the first disk at `/disk` before the command runs.
    #[must_use]
    pub fn mounted(mut self) -> Self {
        self.mounts = Mounts::FirstDisk;
        self
    }

    /// Loads more modules of the kernel, with what they need.
    #[must_use]
    pub fn modules(mut self, names: &[&str]) -> Self {
        self.modules
            .extend(names.iter().map(|&name| name.to_owned()));
        self
    }

    /// Sets a variable for the command.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With other memory, at most 1 GB.
    ///
    /// # Panics
    /// Above 1 GB.
    #[must_use]
    pub fn memory_mb(mut self, memory_mb: u32) -> Self {
        assert!(memory_mb <= 1024, "a guest has at most 1 GB");
        self.memory_mb = memory_mb;
        self
    }

    /// Ends after so long, done or not.
    #[must_use]
    pub fn within(mut self, wall: Duration) -> Self {
        self.wall = wall;
        self
    }

    /// Boots it; the command runs as root, and the guest ends with it.
    ///
    /// # Errors
    /// QEMU, a program or the kernel is missing.
    pub fn start(&self, command: &[&str]) -> Result<Running> {
        let store = Store::ready(self.kernel, &Store::cache()?)?;
        let folder = Folder::new()?;
        let initrd = folder.path().join("initrd");
        std::fs::write(&initrd, self.pack(&store, folder.path(), command)?)?;
        let mut qemu = Command::new("setpriv");
        // QEMU ends with the thread that started it, however that ends.
        qemu.args(["--pdeathsig", "KILL"])
            .arg(find(QEMU).context("qemu-system-x86_64 is not installed")?);
        qemu.args(self.words(&store.image(), &initrd))
            .current_dir(folder.path());
        Running::start(qemu, folder, self.wall)
    }

    fn pack(&self, store: &Store, scratch: &Path, command: &[&str]) -> Result<Vec<u8>> {
        let mut archive = Archive::default();
        archive.file("/busybox", 0o755, &std::fs::read(store.busybox())?);
        let own = MODULES.into_iter();
        let names: Vec<&str> = own.chain(self.modules.iter().map(String::as_str)).collect();
        let loaded = modules::with_needs(&store.modules(), &store.busybox(), &names)?;
        for (name, bytes) in &loaded {
            archive.file(&format!("/modules/{name}"), 0o644, bytes);
        }
        self.payload.pack(&mut archive, scratch)?;
        let names: Vec<String> = loaded.into_iter().map(|(name, _)| name).collect();
        let command: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
        let script = init::script(&names, self.mounts, &self.environment, &command);
        archive.file("/init", 0o755, script.as_bytes());
        Ok(archive.finish())
    }

    fn words(&self, kernel: &Path, initrd: &Path) -> Vec<String> {
        // One thread emulates all processors in turn: with a thread each, QEMU runs code that the kernel has
        // just patched on another processor (seen as "Oops: int3" at boot).
        let mut words: Vec<String> = [
            "-nodefaults -no-user-config -display none -monitor none -nic none -no-reboot",
            "-machine pc -accel tcg,thread=single -cpu max",
            "-chardev stdio,id=talk,signal=off,mux=off -chardev file,id=end,path=end",
            "-chardev file,id=console,path=console -serial chardev:console",
            "-device virtio-serial-pci",
            "-device virtserialport,nr=1,chardev=talk -device virtserialport,nr=2,chardev=end",
        ]
        .iter()
        .flat_map(|line| line.split(' '))
        .map(str::to_owned)
        .collect();
        let pairs = [
            ("-m", self.memory_mb.to_string()),
            ("-smp", self.processors.to_string()),
            ("-kernel", kernel.display().to_string()),
            ("-initrd", initrd.display().to_string()),
            ("-append", APPEND.to_owned()),
        ];
        words.extend(
            pairs
                .into_iter()
                .flat_map(|(name, value)| [name.to_owned(), value]),
        );
        let disks = self.disks.iter().enumerate();
        words.extend(disks.flat_map(|(number, disk)| disk.words(number)));
        words
    }
}

fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    folders
        .map(|folder| folder.join(OsStr::new(program)))
        .find(|path| path.is_file())
}

const QEMU: &str = "qemu-system-x86_64";
/// What every guest loads: ports to talk through, disks, ext4, loop images.
const MODULES: [&str; 6] = [
    "virtio_pci",
    "virtio_console",
    "virtio_blk",
    "crc32c_generic",
    "ext4",
    "loop",
];
/// A panic ends the guest; the mitigations only cost time where every instruction is emulated.
const APPEND: &str =
    "console=ttyS0 loglevel=5 panic=-1 mitigations=off random.trust_cpu=on oops=panic rdinit=/init";
