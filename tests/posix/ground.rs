//! Two file systems of the same size, one of them guarded.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hygie_testkit::{Guarded, LoopFs};

/// Two folders, equal but for the guard over one.
pub(crate) struct Ground {
    /// Dropped before the file system that it guards.
    hygie: Guarded,
    guarded: LoopFs,
    bare: LoopFs,
    other: LoopFs,
    _alone: MutexGuard<'static, ()>,
}

/// The kernel has one bound for leases, so one guard runs at a time.
static ALONE: Mutex<()> = Mutex::new(());
const PATIENCE: Duration = Duration::from_secs(120);

impl Ground {
    /// `None` where it cannot be made (not root).
    pub(crate) fn make() -> Option<Self> {
        if let Some(why) = hygie_testkit::not_root() {
            println!("{why}");
            return None;
        }
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let [bare, guarded] = [(); 2].map(|()| LoopFs::ext4(256).expect("a loop image"));
        // A fifth of it is the budget: every state that fsx makes fits.
        let other = LoopFs::ext4(32_768).expect("another loop image");
        for (disk, name) in [
            (&bare, FOLDER),
            (&guarded, FOLDER),
            (&guarded, QUIET),
            (&other, FOLDER),
        ] {
            std::fs::create_dir(disk.path().join(name)).expect("a folder");
        }
        let hygie = Path::new(env!("CARGO_BIN_EXE_hygie"));
        let folders = [FOLDER, QUIET].map(|name| guarded.path().join(name));
        let state = other.path().join("state");
        let mut hygie = Guarded::up(hygie, &state, &folders).expect("hygie up");
        hygie.wait_for("copied", PATIENCE).expect("first copies");
        Some(Self {
            hygie,
            guarded,
            bare,
            other,
            _alone: alone,
        })
    }

    /// The folder that nobody guards.
    pub(crate) fn bare(&self) -> PathBuf {
        self.bare.path().join(FOLDER)
    }

    /// The folder under guard.
    pub(crate) fn guarded(&self) -> PathBuf {
        self.guarded.path().join(FOLDER)
    }

    /// A folder on a third file system.
    pub(crate) fn elsewhere(&self) -> PathBuf {
        self.other.path().join(FOLDER)
    }

    /// Whether the store holds this content, once all that happened is dealt with.
    pub(crate) fn keeps(&self, content: &[u8]) -> bool {
        self.settle();
        self.hygie.has(blake3::hash(content).to_hex().as_str())
    }

    /// Waits until all that happened is dealt with.
    pub(crate) fn settle(&self) {
        let quiet = self.guarded.path().join(QUIET);
        self.hygie
            .settle(&quiet, PATIENCE)
            .expect("it comes to rest");
    }

    /// Ends the guard as a person would; it must still say that all is protected.
    pub(crate) fn stop(mut self) {
        let status = self.hygie.status().expect("a status");
        let events = self.hygie.events().to_vec();
        println!("at the end: {status}");
        assert_eq!(
            status["protection"],
            "protected",
            "{:?}\n{:?}\n{}",
            self.hygie.parts(),
            events,
            self.hygie.log()
        );
        self.hygie.stop().expect("it ends well");
    }
}

const FOLDER: &str = "practice";
const QUIET: &str = "quiet";
