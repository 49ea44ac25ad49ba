//! What a simulator did, as lines of JSON on its standard output.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::io::Errno;
use serde::Serialize;

/// Why one step on one file did not happen. Never fatal: an attack goes on with the next file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The system said no: a guard's answer, a missing feature, a full disk.
    System(Errno),
    /// The simulator itself would not.
    Refused(&'static str),
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Self::System(errno)
    }
}

impl Failure {
    /// The errno's name, or why the simulator refused.
    pub fn name(self) -> String {
        match self {
            Self::System(errno) => errno_name(errno),
            Self::Refused(why) => format!("refused: {why}"),
        }
    }
}

/// The moment at which a state existed: what a store must be able to give back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    /// After a writer's close (for a mapping: its last unmap).
    Close,
    /// At a write-open, of what was there before.
    Open,
}

/// What was done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Written over where it lay.
    Overwrite,
    /// Another file stands under its name, or under `to` in its place.
    Replace,
    /// Something was written behind its end.
    Append,
    /// It has another name.
    Rename,
    /// Its name is gone.
    Delete,
    /// It lies in an archive, `to`, and nowhere else.
    Archive,
    /// It is new.
    Create,
}

/// One act on one file, for the table of a drill.
#[derive(Debug, Clone)]
pub struct Acted {
    /// What was done.
    pub how: How,
    /// Where the outcome lies, when not under the old name.
    pub to: Option<PathBuf>,
    /// What it held before.
    pub before: Option<blake3::Hash>,
    /// What the outcome holds.
    pub after: Option<blake3::Hash>,
}

/// Counts and prints. Shared by the threads of a run.
pub struct Report {
    out: Mutex<Box<dyn Write + Send>>,
    touched: AtomicU64,
    states: AtomicU64,
    errors: Mutex<BTreeMap<String, u64>>,
}

#[derive(Serialize)]
struct StateLine<'a> {
    schema: &'static str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_b64: Option<String>,
    state_no: u32,
    at: Moment,
    blake3: &'a str,
    at_ns: i128,
}

#[derive(Serialize)]
struct ActLine<'a> {
    schema: &'static str,
    acted: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    acted_b64: Option<String>,
    how: How,
    class: &'static str,
    at_ms: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_b64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

#[derive(Serialize)]
struct EndLine<'a> {
    schema: &'static str,
    way: &'a str,
    files_touched: u64,
    states: u64,
    errors: &'a BTreeMap<String, u64>,
}

impl Report {
    /// A report that prints on `out`; each line in one write.
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self {
            out: Mutex::new(out),
            touched: AtomicU64::new(0),
            states: AtomicU64::new(0),
            errors: Mutex::new(BTreeMap::new()),
        }
    }

    /// Counts the outcome of one step on one file.
    pub fn outcome(&self, outcome: Result<(), Failure>) {
        match outcome {
            Ok(()) => {
                self.touched.fetch_add(1, Ordering::Relaxed);
            }
            Err(failure) => self.failed(&failure.name(), 1),
        }
    }

    /// Counts `times` errors of one name.
    pub fn failed(&self, name: &str, times: u64) {
        if let Ok(mut errors) = self.errors.lock() {
            *errors.entry(name.to_owned()).or_default() += times;
        }
    }

    /// Tells of a state that existed at this very moment; call it right after the close. `content` is its hash.
    pub fn state(&self, path: &Path, state_no: u32, at: Moment, content: blake3::Hash) {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Realtime);
        let at_ns = i128::from(now.tv_sec) * 1_000_000_000 + i128::from(now.tv_nsec);
        self.states.fetch_add(1, Ordering::Relaxed);
        let path_b64 = path
            .to_str()
            .is_none()
            .then(|| base64(path.as_os_str().as_bytes()));
        let path = path.to_string_lossy();
        let schema = "hygie.attack-state/1";
        self.line(&StateLine {
            schema,
            path: &path,
            path_b64,
            state_no,
            at,
            blake3: &content.to_hex(),
            at_ns,
        });
    }

    /// Tells of an act right after it; the line is out before the next act begins. `at_ms` counts from 1970.
    pub fn acted(&self, path: &Path, class: &'static str, acted: &Acted) {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Realtime);
        let encoded = |path: &Path| {
            let odd = path.to_str().is_none();
            odd.then(|| base64(path.as_os_str().as_bytes()))
        };
        let hex = |hash: blake3::Hash| hash.to_hex().to_string();
        let to = acted.to.as_deref();
        self.line(&ActLine {
            schema: "hygie.attack-act/1",
            acted: &path.to_string_lossy(),
            acted_b64: encoded(path),
            how: acted.how,
            class,
            at_ms: now.tv_sec * 1000 + now.tv_nsec / 1_000_000,
            to: to.map(|to| to.to_string_lossy().into_owned()),
            to_b64: to.and_then(encoded),
            before: acted.before.map(hex),
            after: acted.after.map(hex),
        });
    }

    /// How many steps on files went well so far.
    pub fn touched(&self) -> u64 {
        self.touched.load(Ordering::Relaxed)
    }

    /// Tells that the simulator stands ready and waits for a byte on its standard input.
    pub fn ready(&self) {
        self.line(&BTreeMap::from([("schema", "hygie.attack-ready/1")]));
    }

    /// Prints the closing line.
    pub fn end(&self, way: &str) {
        let Ok(errors) = self.errors.lock() else {
            return;
        };
        let files_touched = self.touched.load(Ordering::Relaxed);
        let states = self.states.load(Ordering::Relaxed);
        self.line(&EndLine {
            schema: "hygie.attack/1",
            way,
            files_touched,
            states,
            errors: &errors,
        });
    }

    /// Prints one object on one line.
    pub fn line(&self, object: &impl Serialize) {
        let Ok(mut line) = serde_json::to_vec(object) else {
            return;
        };
        line.push(b'\n');
        self.write(&line);
    }

    /// Prints a line for people.
    pub fn text(&self, text: &str) {
        self.write(format!("{text}\n").as_bytes());
    }

    fn write(&self, line: &[u8]) {
        if let Ok(mut out) = self.out.lock() {
            // A reader that went away must not stop an attack half-way.
            let _gone = out.write_all(line).and_then(|()| out.flush());
        }
    }
}

/// The name of an errno, as in the manual pages.
pub fn errno_name(errno: Errno) -> String {
    let known = ERRNOS.iter().find(|(known, _)| *known == errno);
    known.map_or_else(
        || format!("E{}", errno.raw_os_error()),
        |(_, name)| (*name).to_owned(),
    )
}

/// Base64 with padding, without line ends.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0_u32, |word, &byte| word << 8 | u32::from(byte))
            << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let digit = (word >> (18 - 6 * position)) & 63;
            let byte = BASE64
                .as_bytes()
                .get(digit as usize)
                .copied()
                .unwrap_or(b'=');
            text.push(if position <= chunk.len() {
                char::from(byte)
            } else {
                '='
            });
        }
    }
    text
}

const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const ERRNOS: &[(Errno, &str)] = &[
    (Errno::PERM, "EPERM"),
    (Errno::NOENT, "ENOENT"),
    (Errno::SRCH, "ESRCH"),
    (Errno::INTR, "EINTR"),
    (Errno::IO, "EIO"),
    (Errno::BADF, "EBADF"),
    (Errno::AGAIN, "EAGAIN"),
    (Errno::NOMEM, "ENOMEM"),
    (Errno::ACCESS, "EACCES"),
    (Errno::BUSY, "EBUSY"),
    (Errno::EXIST, "EEXIST"),
    (Errno::XDEV, "EXDEV"),
    (Errno::NOTDIR, "ENOTDIR"),
    (Errno::ISDIR, "EISDIR"),
    (Errno::INVAL, "EINVAL"),
    (Errno::MFILE, "EMFILE"),
    (Errno::TXTBSY, "ETXTBSY"),
    (Errno::FBIG, "EFBIG"),
    (Errno::NOSPC, "ENOSPC"),
    (Errno::ROFS, "EROFS"),
    (Errno::MLINK, "EMLINK"),
    (Errno::NOSYS, "ENOSYS"),
    (Errno::NOTEMPTY, "ENOTEMPTY"),
    (Errno::LOOP, "ELOOP"),
    (Errno::NODATA, "ENODATA"),
    (Errno::OPNOTSUPP, "EOPNOTSUPP"),
    (Errno::DQUOT, "EDQUOT"),
    (Errno::STALE, "ESTALE"),
    (Errno::CONNREFUSED, "ECONNREFUSED"),
    (Errno::PIPE, "EPIPE"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(b"\xff\xe9"), "/+k=");
    }

    #[test]
    fn errno_has_its_name() {
        assert_eq!(errno_name(Errno::PERM), "EPERM");
        assert_eq!(errno_name(Errno::from_raw_os_error(4000)), "E4000");
    }
}
