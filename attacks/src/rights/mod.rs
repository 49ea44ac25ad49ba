//! What a user's program may try against Hygie itself: every one of these must be denied.

mod process;

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::process::Pid;
use serde::Serialize;

use crate::report::{Report, errno_name};

/// Where Hygie keeps its things. Paths, since an ordinary user has nothing else; nothing here runs as root.
#[derive(Debug, clap::Args)]
pub struct Targets {
    /// Hygie's state folder
    #[arg(long)]
    pub state: PathBuf,
    /// The keep folder on the protected file system
    #[arg(long)]
    pub keep: Option<PathBuf>,
    /// The guard's socket
    #[arg(long)]
    pub socket: Option<PathBuf>,
    /// The guard's (or witness's) process number
    #[arg(long)]
    pub pid: i32,
}

/// What came of it all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As it must be.
    AllDenied,
    /// At least one got through: the lines say which.
    SomeSucceeded,
}

#[derive(Serialize)]
struct AttemptLine<'a> {
    schema: &'static str,
    attempt: &'a str,
    target: String,
    succeeded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    errno: Option<String>,
}

#[derive(Serialize)]
struct EndLine {
    schema: &'static str,
    attempts: u64,
    succeeded: u64,
}

/// Tries everything and prints a line for each attempt. Refuses as root, to whom all is allowed.
pub fn attack(targets: &Targets, report: &Report) -> Result<Outcome, &'static str> {
    if rustix::process::geteuid().is_root() || rustix::process::getuid().is_root() {
        return Err("attack-hygie must run as an ordinary user: root may do all of it");
    }
    let pid = Pid::from_raw(targets.pid).filter(|pid| pid.as_raw_nonzero().get() > 1);
    let pid = pid
        .filter(|&pid| pid != rustix::process::getpid() && Some(pid) != rustix::process::getppid());
    let pid = pid.ok_or("--pid must be the guard's, not init's, one's own or the parent's")?;
    let mut attempts = Attempts {
        report,
        made: 0,
        succeeded: 0,
    };
    for folder in [Some(&targets.state), targets.keep.as_ref()]
        .into_iter()
        .flatten()
    {
        attempts.folder(folder, DEEPEST);
    }
    if let Some(socket) = &targets.socket {
        attempts.junk_into(socket);
    }
    attempts.process(pid);
    let Attempts {
        made, succeeded, ..
    } = attempts;
    report.line(&EndLine {
        schema: "hygie.attack-hygie/1",
        attempts: made,
        succeeded,
    });
    Ok(if succeeded == 0 {
        Outcome::AllDenied
    } else {
        Outcome::SomeSucceeded
    })
}

struct Attempts<'a> {
    report: &'a Report,
    made: u64,
    succeeded: u64,
}

impl Attempts<'_> {
    fn note(&mut self, attempt: &str, target: &Path, outcome: Result<(), Errno>) {
        self.made += 1;
        self.succeeded += u64::from(outcome.is_ok());
        let errno = outcome.err().map(errno_name);
        let target = target.to_string_lossy().into_owned();
        let schema = "hygie.attack-attempt/1";
        self.report.line(&AttemptLine {
            schema,
            attempt,
            target,
            succeeded: errno.is_none(),
            errno,
        });
    }

    /// Lists a folder, puts something into it, moves it away, opens it to all; then tries each file that it
    /// can see, or the likely names where it sees none.
    fn folder(&mut self, folder: &Path, depth: u32) {
        let listed = std::fs::read_dir(folder).map(|entries| {
            entries
                .flatten()
                .map(|entry| entry.path())
                .take(MOST_FILES)
                .collect::<Vec<_>>()
        });
        let likely = || LIKELY.iter().map(|name| folder.join(name)).collect();
        let inside = listed
            .as_ref()
            .map_or_else(|_denied| likely(), Clone::clone);
        self.note("list", folder, errno(listed.map(drop)));
        let new = folder.join("hygie-attack");
        self.note("create", &new, errno(std::fs::write(&new, b"junk")));
        let away = folder.with_extension("hygie-attack");
        self.note(
            "rename-folder",
            folder,
            errno(std::fs::rename(folder, &away)),
        );
        let _undo_for_the_rest = std::fs::rename(&away, folder);
        self.note(
            "open-to-all",
            folder,
            errno(std::fs::set_permissions(
                folder,
                PermissionsExt::from_mode(0o777),
            )),
        );
        for path in inside {
            if depth > 0 && path.symlink_metadata().is_ok_and(|found| found.is_dir()) {
                self.folder(&path, depth - 1);
            } else {
                self.file(&path);
            }
        }
    }

    fn file(&mut self, path: &Path) {
        self.note("read", path, errno(std::fs::File::open(path).map(drop)));
        let write = std::fs::OpenOptions::new().append(true).open(path);
        self.note("write", path, errno(write.map(drop)));
        let truncate = std::fs::OpenOptions::new()
            .write(true)
            .truncate(true)
            .open(path);
        self.note("truncate", path, errno(truncate.map(drop)));
        let home = std::env::temp_dir().join(format!("hygie-attack-{}", std::process::id()));
        self.note("link-away", path, errno(std::fs::hard_link(path, &home)));
        let _ours = std::fs::remove_file(&home);
        let aside = path.with_extension("hygie-attack");
        self.note("rename", path, errno(std::fs::rename(path, &aside)));
        let _undo_for_the_rest = std::fs::rename(&aside, path);
        self.note(
            "chmod",
            path,
            errno(std::fs::set_permissions(
                path,
                PermissionsExt::from_mode(0o666),
            )),
        );
        self.note("unlink", path, errno(std::fs::remove_file(path)));
    }

    /// Connecting is allowed to some; being harmed by junk, or losing the socket, is not.
    fn junk_into(&mut self, socket: &Path) {
        use std::io::{Read, Write};
        let junk: [&[u8]; 5] = [
            b"\0\0\0\0",
            b"\xff\xff\xff\xff",
            b"{\"forget\":\"/\"}\n",
            &[0x41; 70_000],
            b"\n\n{[[[[[[",
        ];
        for bytes in junk {
            let Ok(mut stream) = UnixStream::connect(socket) else {
                break;
            };
            let patience = Some(std::time::Duration::from_millis(300));
            let _best_effort = stream
                .set_read_timeout(patience)
                .and_then(|()| stream.set_write_timeout(patience));
            let _refused = stream.write_all(bytes);
            let _answer = stream.read(&mut [0; 4096]);
        }
        let still = UnixStream::connect(socket).map(drop);
        let dead =
            matches!(&still, Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused);
        self.note(
            "kill-by-junk",
            socket,
            if dead { Ok(()) } else { Err(Errno::PERM) },
        );
        self.note("unlink-socket", socket, errno(std::fs::remove_file(socket)));
        self.note(
            "chmod-socket",
            socket,
            errno(std::fs::set_permissions(
                socket,
                PermissionsExt::from_mode(0o777),
            )),
        );
    }
}

fn errno(outcome: std::io::Result<()>) -> Result<(), Errno> {
    outcome.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
}

const LIKELY: &[&str] = &[
    "index.sqlite",
    "index.db",
    "versions",
    "journal",
    "keep",
    "config.toml",
    "guard.sock",
];
const DEEPEST: u32 = 4;
const MOST_FILES: usize = 200;
