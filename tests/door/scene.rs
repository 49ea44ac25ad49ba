//! A guarded practice of two people and a stranger, and ways to ask as any of them.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hygie_agent::door::{Caller, Pick, Question, Reply};
use hygie_platform::clock;
use hygie_testkit::{Guarded, LoopFs, Said};
use hygie_vault::User;

pub(crate) const ANNE: u32 = 4001;
pub(crate) const PAUL: u32 = 4002;
pub(crate) const STRANGER: u32 = 4003;
/// Anne and Paul are in it.
pub(crate) const TEAM: u32 = 5000;
const PATIENCE: Duration = Duration::from_secs(60);

/// The kernel has one bound for leases, so one guard runs at a time.
static ALONE: Mutex<()> = Mutex::new(());

pub(crate) struct Scene {
    pub(crate) hygie: Guarded,
    other: LoopFs,
    disk: LoopFs,
    _alone: MutexGuard<'static, ()>,
}

impl Scene {
    /// `None` where a test cannot be made (not root).
    ///
    /// `anne/` is Anne's alone, `paul/` is Paul's and readable, `team/` is the group's, and
    /// `common/` is open to all.
    pub(crate) fn open() -> Option<Self> {
        if let Some(why) = hygie_testkit::not_root() {
            println!("{why}");
            return None;
        }
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let (disk, other) = (LoopFs::ext4(128).unwrap(), LoopFs::ext4(256).unwrap());
        let practice = disk.path().join("practice");
        for (name, uid, gid, mode) in [
            ("", 0, 0, 0o755),
            ("quiet", 0, 0, 0o755),
            ("anne", ANNE, ANNE, 0o700),
            ("anne/sub", ANNE, ANNE, 0o755),
            ("paul", PAUL, PAUL, 0o755),
            ("team", 0, TEAM, 0o770),
            ("common", 0, 0, 0o777),
            ("common/closed", PAUL, PAUL, 0o700),
        ] {
            let folder = practice.join(name);
            fs::create_dir_all(&folder).unwrap();
            give(&folder, uid, gid, mode);
        }
        for (name, uid, gid, mode) in [
            ("anne/a.txt", ANNE, ANNE, 0o640),
            ("anne/gone.txt", ANNE, ANNE, 0o600),
            ("anne/sub/f.txt", ANNE, ANNE, 0o600),
            ("paul/b.txt", PAUL, PAUL, 0o644),
            ("team/t.txt", PAUL, TEAM, 0o660),
            ("team/read.txt", PAUL, TEAM, 0o640),
            ("common/a.txt", ANNE, ANNE, 0o600),
            ("common/b.txt", PAUL, PAUL, 0o600),
            ("common/closed/secret.txt", PAUL, PAUL, 0o666),
        ] {
            let file = practice.join(name);
            fs::write(&file, format!("well: {name}")).unwrap();
            give(&file, uid, gid, mode);
        }
        let binary = other.path().join("hygie");
        fs::copy(env!("CARGO_BIN_EXE_hygie"), &binary).unwrap();
        give(&binary, 0, 0, 0o755);
        let mut hygie = Guarded::up(
            Path::new(env!("CARGO_BIN_EXE_hygie")),
            &other.path().join("state"),
            &[practice],
        )
        .unwrap();
        hygie.wait_for("copied", PATIENCE).unwrap();
        Some(Self {
            hygie,
            other,
            disk,
            _alone: alone,
        })
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.disk.path().join("practice").join(below)
    }

    /// The program, where every user may start it.
    pub(crate) fn binary(&self) -> PathBuf {
        self.other.path().join("hygie")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.hygie.state().join("guard.sock")
    }

    /// Waits until the guard has dealt with all that happened.
    pub(crate) fn settle(&self) {
        self.hygie.settle(&self.path("quiet"), PATIENCE).unwrap();
    }

    /// A moment to come back to, then something else in the file.
    pub(crate) fn damage(&self, below: &str) -> String {
        let at = moment();
        fs::write(self.path(below), "encrypted").unwrap();
        self.settle();
        at
    }

    /// `hygie --json --yes WORDS...` as a user.
    pub(crate) fn run(&self, uid: u32, words: &[&dyn AsRef<OsStr>]) -> Said {
        let user = user(uid);
        let groups = match user.groups.first() {
            Some(group) => format!("--groups={group}"),
            None => "--clear-groups".into(),
        };
        let output = Command::new("setpriv")
            .args([format!("--reuid={uid}"), format!("--regid={uid}"), groups])
            .arg(self.binary())
            .arg("--state")
            .arg(self.hygie.state())
            .args(["--json", "--yes", "--lang", "en"])
            .args(words.iter().map(AsRef::as_ref))
            .output()
            .unwrap();
        let lines = String::from_utf8_lossy(&output.stdout);
        Said {
            code: output.status.code(),
            lines: lines
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// One question, in words that no honest program need send.
    pub(crate) fn ask(&self, uid: u32, question: &Question) -> Reply {
        let socket = self.socket();
        let ask = || {
            let mut caller = Caller::knock(&socket).unwrap();
            caller.waits(PATIENCE).unwrap();
            caller.ask(question).unwrap()
        };
        user(uid).act(ask).unwrap()
    }

    pub(crate) fn versions(&self, uid: u32, below: &str) -> Reply {
        let path = self.path(below);
        self.ask(uid, &Question::Versions { path })
    }

    /// Plan and act must be of one mind about who may.
    pub(crate) fn restore(&self, uid: u32, below: &str, pick: Pick) -> Reply {
        let path = self.path(below);
        let plan = Question::Plan {
            path: path.clone(),
            pick,
        };
        let planned = self.ask(uid, &plan);
        let done = self.ask(uid, &Question::Restore { path, pick });
        match (&planned, &done) {
            (Reply::Plan(plan), Reply::Restored(done)) => assert_eq!(plan.refused, done.refused),
            (planned, done) => assert_eq!(planned, done),
        }
        done
    }

    /// Kills the guard for good; what it leaves at the door answers nobody.
    pub(crate) fn end_guard(&mut self) {
        self.hygie.kill();
    }

    pub(crate) fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap()
    }

    /// Owner, group and mode.
    pub(crate) fn look(&self, below: &str) -> (u32, u32, u32) {
        let found = fs::symlink_metadata(self.path(below)).unwrap();
        (found.uid(), found.gid(), found.mode() & 0o7777)
    }
}

pub(crate) fn user(uid: u32) -> User {
    let groups = if [ANNE, PAUL].contains(&uid) {
        vec![TEAM]
    } else {
        Vec::new()
    };
    User {
        uid,
        gid: uid,
        groups,
    }
}

pub(crate) fn give(path: &Path, uid: u32, gid: u32, mode: u32) {
    chown(path, Some(uid), Some(gid)).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The kernel stamps files with a clock that ticks every few milliseconds.
pub(crate) fn moment() -> String {
    let at = clock::wall();
    std::thread::sleep(Duration::from_millis(25));
    at.to_rfc3339()
}
