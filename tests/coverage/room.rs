//! Two loop images, one to protect and one that can be frozen under the store.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hygie_testkit::{Arena, Guarded, LoopFs, Outcome, Running, SealedTree, Simulator};

pub(crate) const USER: u32 = 4321;
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The file systems; not yet guarded.
pub(crate) struct Room {
    pub(crate) disk: LoopFs,
    store: LoopFs,
    _alone: MutexGuard<'static, ()>,
}

/// A frozen file system; thawed when dropped, also by a panic.
pub(crate) struct Frozen(PathBuf);

/// What one operation works on. The folders are its own.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// A protected file with some content.
    pub(crate) file: PathBuf,
    /// A protected folder.
    pub(crate) inside: PathBuf,
    /// A folder on the same file system that nobody protects.
    pub(crate) outside: PathBuf,
    /// The file system's device.
    pub(crate) device: PathBuf,
}

static ALONE: Mutex<()> = Mutex::new(());

pub(crate) fn hygie() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_hygie"))
}

impl Room {
    pub(crate) fn make() -> Option<Self> {
        if let Some(why) = hygie_testkit::not_root() {
            println!("{why}");
            return None;
        }
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let disk = LoopFs::ext4(512).expect("a loop image");
        let store = LoopFs::ext4(4096).expect("another loop image");
        for folder in ["dossier", "outside"] {
            std::fs::create_dir(disk.path().join(folder)).expect("a folder");
        }
        Some(Self {
            disk,
            store,
            _alone: alone,
        })
    }

    pub(crate) fn dossier(&self) -> PathBuf {
        self.disk.path().join("dossier")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.store.path().join("state")
    }

    /// A place with a file of 64 KB whose content nobody else has.
    pub(crate) fn place(&self, name: &str) -> Place {
        let (inside, outside) = (
            self.dossier().join(name),
            self.disk.path().join("outside").join(name),
        );
        for folder in [&inside, &outside] {
            std::fs::create_dir_all(folder).expect("a folder");
        }
        let file = inside.join("letter.txt");
        std::fs::write(&file, content(name, 1)).expect("write");
        Place {
            file,
            inside,
            outside,
            device: self.disk.device().to_owned(),
        }
    }

    /// An arena whose victims lie in the protected folder's stead.
    pub(crate) fn arena(&self, seed: u64) -> Arena {
        let tree = SealedTree::new(seed).files(6).largest(20_000);
        Arena::make(&self.disk.path(), USER, &tree).expect("an arena")
    }

    pub(crate) fn up(&self, more: &[PathBuf]) -> Guarded {
        let folders = [&[self.dossier()][..], more].concat();
        Guarded::up(hygie(), &self.state(), &folders).expect("hygie up")
    }

    /// Freezes the store's file system: nothing can be written there.
    pub(crate) fn freeze(&self) -> Frozen {
        let frozen = Frozen(self.store.path());
        fsfreeze("--freeze", &frozen.0);
        frozen
    }

    /// Waits until the guard has opened its store, which it does before it holds or copies anything.
    pub(crate) fn store_is_open(&self) {
        let socket = self.state().join("guard.sock");
        let until = Instant::now() + PATIENCE;
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            assert!(Instant::now() < until, "no guard came");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        fsfreeze("--unfreeze", &self.0);
    }
}

fn fsfreeze(verb: &str, at: &Path) {
    let status = Command::new("/usr/sbin/fsfreeze")
        .arg(verb)
        .arg(at)
        .status();
    let done = status.is_ok_and(|status| status.success());
    // No second panic out of a drop.
    assert!(
        done || std::thread::panicking(),
        "fsfreeze {verb} {}",
        at.display()
    );
}

/// 64 KB that belong to a name and a number.
pub(crate) fn content(name: &str, number: u32) -> Vec<u8> {
    let mut bytes = vec![0; 65_536];
    let mut hasher = blake3::Hasher::new();
    hasher.update(name.as_bytes()).update(&number.to_le_bytes());
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}

pub(crate) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

pub(crate) fn simulator() -> Simulator {
    Simulator::new(hygie().with_file_name("hygie-attacks")).as_user(USER)
}

pub(crate) fn poised(way: &str, arena: &Arena) -> Running {
    let running = simulator()
        .start(way, arena, &["--wait"])
        .expect("it starts");
    running.wait_ready().expect("ready");
    running
}

pub(crate) fn told(outcome: &Outcome) -> Vec<String> {
    outcome
        .states()
        .iter()
        .map(|state| (*state).to_owned())
        .collect()
}
