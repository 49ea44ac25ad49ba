//! The cage: runs a simulator as an ordinary user, in a PID namespace and a cgroup of its own, with limits.

use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::cage::Cage;
use crate::{Arena, CageError, Outcome, Running};

/// Which processes the simulator sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Its own PID namespace; all of it dies with the first process.
    Own,
    /// The machine's, to try what must be denied: only for `attack-hygie`, which never runs as root.
    Machine,
}

/// What ends a simulator besides its own end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leash {
    /// Its clock.
    Clock,
    /// Its clock, and the death of the thread that started it.
    Starter,
}

/// How a simulator is run; each method narrows or widens it.
#[derive(Debug, Clone)]
pub struct Simulator {
    binary: PathBuf,
    uid: u32,
    wall: Duration,
    memory: u64,
    processes: u64,
    file_size: u64,
    sight: Sight,
    leash: Leash,
}

impl Simulator {
    /// For a binary, as uid 65534, for at most 60 seconds, 512 MB and 256 processes.
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        Self {
            binary: binary.into(),
            uid: 65_534,
            wall: Duration::from_secs(60),
            memory: 512 << 20,
            processes: 256,
            file_size: 256 << 20,
            sight: Sight::Own,
            leash: Leash::Clock,
        }
    }

    /// As another user: not root and no system user.
    ///
    /// # Panics
    /// Below 1000.
    #[must_use]
    pub fn as_user(mut self, uid: u32) -> Self {
        assert!(
            uid >= 1000,
            "a simulator runs as an ordinary user, not as {uid}"
        );
        self.uid = uid;
        self
    }

    /// For at most so long.
    #[must_use]
    pub fn within(mut self, wall: Duration) -> Self {
        self.wall = wall;
        self
    }

    /// With at most so many processes and bytes of memory.
    #[must_use]
    pub fn limits(mut self, processes: u64, memory: u64) -> Self {
        self.processes = processes;
        self.memory = memory;
        self
    }

    /// With another sight of processes.
    #[must_use]
    pub fn seeing(mut self, sight: Sight) -> Self {
        self.sight = sight;
        self
    }

    /// Ended by something else.
    #[must_use]
    pub fn on(mut self, leash: Leash) -> Self {
        self.leash = leash;
        self
    }

    /// Runs one way on an arena to its end.
    ///
    /// # Errors
    /// It could not be started; what it could not do is in the outcome.
    pub fn run(&self, way: &str, arena: &Arena, more: &[&str]) -> Result<Outcome, CageError> {
        self.start(way, arena, more)?.finish()
    }

    /// Starts one way on an arena; `Running::go` sends the byte that `held-descriptor` and `--wait` wait for.
    ///
    /// # Errors
    /// Not root, or the system refused.
    pub fn start(&self, way: &str, arena: &Arena, more: &[&str]) -> Result<Running, CageError> {
        let arguments = [
            &[way, "--arena-fd", ARENA_FD, "--nonce", arena.nonce()],
            more,
        ]
        .concat();
        self.launch(&arguments, Some(arena))
    }

    /// Starts the binary with other arguments and without an arena (`attack-hygie`, `list`).
    ///
    /// # Errors
    /// As `start`.
    pub fn start_bare(&self, arguments: &[&str]) -> Result<Running, CageError> {
        self.launch(arguments, None)
    }

    fn launch(&self, arguments: &[&str], arena: Option<&Arena>) -> Result<Running, CageError> {
        if !rustix::process::geteuid().is_root() {
            return Err(CageError::NotRoot);
        }
        let cage = Cage::make(self.memory, self.processes)?;
        let open = arena.map(|arena| {
            format!(
                "/proc/{}/fd/{}",
                std::process::id(),
                arena.descriptor().as_raw_fd()
            )
        });
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", ENTER, "sh"])
            .arg(cage.procs())
            .arg(open.unwrap_or_default());
        command
            .args(self.confinement())
            .arg(&self.binary)
            .args(arguments);
        command
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .current_dir("/");
        Running::start(command, cage, self.wall)
    }

    /// The words before the binary: a clock, a PID namespace with an init that dies with its parent, limits,
    /// another user without groups, capabilities or a way to gain any.
    fn confinement(&self) -> Vec<String> {
        let wall = (self.wall + GRACE).as_secs().max(1);
        let mut words: Vec<String> = Vec::new();
        let tied = ["setpriv", "--pdeathsig", "KILL"].map(String::from);
        if self.leash == Leash::Starter {
            words.extend(tied.clone());
        }
        words.extend(["timeout", "--foreground", "-s", "KILL"].map(String::from));
        words.push(wall.to_string());
        if self.leash == Leash::Starter {
            words.extend(tied);
        }
        if self.sight == Sight::Own {
            words.extend(
                [
                    "unshare",
                    "--pid",
                    "--fork",
                    "--kill-child=KILL",
                    "/bin/sh",
                    "-c",
                ]
                .map(String::from),
            );
            words.extend([INIT, "sh"].map(String::from));
        }
        words.push("prlimit".to_owned());
        words.push(format!("--as={0}:{0}", self.memory.saturating_mul(2)));
        words.push(format!("--fsize={0}:{0}", self.file_size));
        words.push(format!("--cpu={wall}:{wall}"));
        words.push(format!("--nproc={0}:{0}", self.processes));
        words.push("--core=0:0".to_owned());
        words.push("setpriv".to_owned());
        words.push(format!("--reuid={}", self.uid));
        words.push(format!("--regid={}", self.uid));
        words.extend(
            [
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
                "--no-new-privs",
            ]
            .map(String::from),
        );
        words
    }
}

/// Enters the cgroup, opens the arena from the test's own descriptor (not by its path), becomes the rest.
const ENTER: &str =
    r#"echo 0 > "$1" || exit 3; [ -z "$2" ] || exec 9<"$2" || exit 3; shift 2; exec "$@""#;
/// The namespace's first process: waits, so that orphans have a parent, and passes the exit code on.
const INIT: &str = r#""$@"; exit $?"#;
const ARENA_FD: &str = "9";
/// The parent's clock comes first; `timeout` is for a parent that was killed itself.
const GRACE: Duration = Duration::from_secs(3);
