//! The texts of `/proc/PID` as values. What a process chose itself (its name, its arguments) cannot lead astray what
//! stands behind it.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

/// What `/proc/PID/stat` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// `R`, `S`, `D`, `T`, `Z`, …, of its first thread.
    pub state: u8,
    /// Its parent now.
    pub parent: u32,
    /// Its process group.
    pub group: u32,
    /// The leader of its session.
    pub session: u32,
    /// Its terminal's number; 0 for none.
    pub terminal: i32,
    /// The kernel's flags.
    pub flags: u32,
    /// How many threads it has.
    pub threads: u32,
    /// When it was started, in ticks since boot.
    pub started: u64,
}

impl Stat {
    /// Whether it is the kernel's own (`PF_KTHREAD`).
    #[must_use]
    pub fn is_kernel(&self) -> bool {
        self.flags & 0x0020_0000 != 0
    }

    /// Whether all of it ended: a first thread that ended is a zombie while others run.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state, b'Z' | b'X' | b'x') && self.threads <= 1
    }
}

/// Reads `/proc/PID/stat`.
#[must_use]
pub fn stat(bytes: &[u8]) -> Option<Stat> {
    // The name may hold anything, also brackets and blanks; none comes after it.
    let behind = bytes.iter().rposition(|byte| *byte == b')')? + 1;
    let text = std::str::from_utf8(bytes.get(behind..)?).ok()?;
    let mut words = text.split_ascii_whitespace();
    let state = *words.next()?.as_bytes().first()?;
    let parent = words.next()?.parse().ok()?;
    let group = words.next()?.parse().ok()?;
    let session = words.next()?.parse().ok()?;
    let terminal = words.next()?.parse().ok()?;
    let flags = words.nth(1)?.parse().ok()?;
    let threads = words.nth(10)?.parse().ok()?;
    let started = words.nth(1)?.parse().ok()?;
    Some(Stat {
        state,
        parent,
        group,
        session,
        terminal,
        flags,
        threads,
        started,
    })
}

/// What `/proc/TID/status` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The process that the thread belongs to.
    pub process: u32,
    /// The real user.
    pub uid: u32,
}

/// Reads `/proc/TID/status`.
#[must_use]
pub fn status(bytes: &[u8]) -> Option<Status> {
    // The name is the first line, with line ends and backslashes escaped.
    let field = |name: &[u8]| {
        let line = bytes
            .split(|byte| *byte == b'\n')
            .find_map(|line| line.strip_prefix(name))?;
        let text = std::str::from_utf8(line).ok()?;
        text.split_ascii_whitespace().next()?.parse().ok()
    };
    Some(Status {
        process: field(b"Tgid:")?,
        uid: field(b"Uid:")?,
    })
}

/// The group of `/proc/PID/cgroup` that the service manager made: a log-in or a service; none where all is in one.
/// What a person's own service manager makes below belongs to his log-in.
#[must_use]
pub fn cgroup(bytes: &[u8]) -> Option<&[u8]> {
    let lines = || bytes.split(|byte| *byte == b'\n');
    let unified = lines().find_map(|line| line.strip_prefix(b"0::"));
    let named = lines().find_map(|line| {
        let at = line.iter().position(|byte| *byte == b':')?;
        line[at + 1..].strip_prefix(b"name=systemd:")
    });
    let path = [unified, named]
        .into_iter()
        .flatten()
        .find(|path| path.len() > 1)?;
    let mut end = 0;
    for part in path.split_inclusive(|byte| *byte == b'/') {
        end += part.len();
        let name = part.strip_suffix(b"/").unwrap_or(part);
        if name.starts_with(b"user@") && name.ends_with(b".service") {
            return Some(&path[..end - (part.len() - name.len())]);
        }
    }
    Some(path)
}

/// The script that an interpreter was told to run by its arguments; none for code in the arguments, for standard
/// input, and where an option is not known well enough to tell what comes after it.
#[must_use]
pub fn script(arguments: &[u8]) -> Option<&Path> {
    let arguments = arguments.strip_suffix(b"\0").unwrap_or(arguments);
    let mut words = arguments.split(|byte| *byte == 0);
    let name = words.next()?;
    let name = name.rsplit(|byte| *byte == b'/').next()?;
    let name = name.strip_prefix(b"-").unwrap_or(name);
    let options = options_of(std::str::from_utf8(name).ok()?)?;
    loop {
        let word = words.next()?;
        let script = match word {
            b"-" | b"" => return None,
            b"--" => words.next()?,
            [b'-', letters @ ..] => {
                if letters.iter().all(|letter| options.contains(letter)) {
                    continue;
                }
                return None;
            }
            _ => word,
        };
        return (!script.is_empty()).then(|| Path::new(OsStr::from_bytes(script)));
    }
}

/// Options of one letter that take no value and bring no code, by interpreter.
fn options_of(name: &str) -> Option<&'static [u8]> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-');
    Some(match stem {
        "sh" | "bash" | "dash" | "ash" | "ksh" | "zsh" | "rbash" | "mksh" => b"abefhmnuvxlp",
        "python" | "pypy" => b"bBdEhIOPqsSuvVx",
        "perl" => b"wWtTUuX",
        "ruby" => b"wW",
        "php" => b"q",
        "node" | "nodejs" | "tclsh" | "wish" | "lua" | "luajit" | "guile" | "expect" => b"",
        _ => return None,
    })
}

/// Whether what `/proc/PID/environ` says brings other code into an interpreter or any program.
#[must_use]
pub fn brings_code(environment: &[u8]) -> bool {
    environment.split(|byte| *byte == 0).any(|variable| {
        let name = variable.split(|byte| *byte == b'=').next();
        let empty = variable.ends_with(b"=");
        !empty && name.is_some_and(|name| CODE.contains(&name))
    })
}

const CODE: [&[u8]; 16] = [
    b"LD_PRELOAD",
    b"LD_AUDIT",
    b"LD_LIBRARY_PATH",
    b"BASH_ENV",
    b"ENV",
    b"ZDOTDIR",
    b"PYTHONPATH",
    b"PYTHONHOME",
    b"PYTHONSTARTUP",
    b"PERL5OPT",
    b"PERL5LIB",
    b"PERLLIB",
    b"RUBYOPT",
    b"RUBYLIB",
    b"NODE_OPTIONS",
    b"NODE_PATH",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STAT: &str = "S 12 34 56 34816 60 4194560 1 2 3 4 5 6 7 8 20 0 3 0 98765 1000 200 184467";

    #[test]
    fn a_process_that_calls_itself_names_is_read_right() {
        for name in ["sh", "a) R 1 1 1 (b", "", ") ", "(((", "x\ny"] {
            let found = stat(format!("7 ({name}) {STAT}").as_bytes()).unwrap();
            assert_eq!(
                (found.state, found.parent, found.group, found.session),
                (b'S', 12, 34, 56),
                "{name}"
            );
            assert_eq!((found.terminal, found.flags), (34816, 4_194_560), "{name}");
            assert_eq!((found.threads, found.started), (3, 98765), "{name}");
        }
        for text in [
            "",
            "7 (sh",
            "7 (sh) S",
            "7 (sh) S x 1 1 1 1 1",
            "7 (sh) S 1 1 1 0 -1 0 0",
        ] {
            assert_eq!(stat(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn this_process_is_read_from_the_kernel() {
        let found = stat(&std::fs::read("/proc/self/stat").unwrap()).unwrap();
        let of_crate = procfs::process::Process::myself().unwrap().stat().unwrap();
        assert_eq!(found.started, of_crate.starttime);
        assert_eq!(found.flags, of_crate.flags);
        assert_eq!(found.terminal, of_crate.tty_nr);
        assert_eq!(i64::from(found.threads), of_crate.num_threads);
        let found = status(&std::fs::read("/proc/thread-self/status").unwrap()).unwrap();
        assert_eq!(found.process, std::process::id());
        assert_eq!(found.uid, rustix::process::getuid().as_raw());
    }

    #[test]
    fn a_log_in_is_one_session_whatever_it_makes_below() {
        let cases: [(&str, Option<&str>); 8] = [
            (
                "0::/user.slice/user-1000.slice/session-3.scope\n",
                Some("/user.slice/user-1000.slice/session-3.scope"),
            ),
            (
                "0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-7.scope\n",
                Some("/user.slice/user-1000.slice/user@1000.service"),
            ),
            (
                "0::/user.slice/user-1000.slice/user@1000.service\n",
                Some("/user.slice/user-1000.slice/user@1000.service"),
            ),
            (
                "0::/system.slice/smbd.service\n",
                Some("/system.slice/smbd.service"),
            ),
            (
                "9:name=systemd:/user.slice/a\n4:memory:/b\n0::/\n",
                Some("/user.slice/a"),
            ),
            ("9:name=systemd:/\n4:memory:/b\n0::/\n", None),
            ("0::\n", None),
            ("", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(cgroup(text.as_bytes()), wanted.map(str::as_bytes), "{text}");
        }
    }

    #[test]
    fn a_script_is_told_only_where_it_is_certain() {
        let cases: [(&[&str], Option<&str>); 22] = [
            (&["sh", "tri.sh", "x"], Some("tri.sh")),
            (&["/bin/bash", "-eu", "/srv/tri.sh"], Some("/srv/tri.sh")),
            (&["python3.11", "-u", "-B", "tri.py", "-c"], Some("tri.py")),
            (&["perl", "-wT", "--", "-x.pl"], Some("-x.pl")),
            (&["node", "tri.js"], Some("tri.js")),
            (&["-bash"], None),
            (&["bash"], None),
            (&["sh", "-c", "rm x", "tri.sh"], None),
            (&["sh", "-ec", "rm x", "tri.sh"], None),
            (&["bash", "-o", "posix", "tri.sh"], None),
            (&["bash", "--rcfile", "tri.sh"], None),
            (&["bash", "-s", "tri.sh"], None),
            (&["python3", "-m", "zipfile"], None),
            (&["python3", "-W", "ours.py", "theirs.py"], None),
            (&["python3", "-", "tri.py"], None),
            (&["perl", "-Ilib", "tri.pl"], None),
            (&["perl", "-ne", "print", "tri.pl"], None),
            (&["node", "-r", "x.js", "tri.js"], None),
            (&["find", ".", "-exec", "gpg"], None),
            (&["sh", "--"], None),
            (&["sh", ""], None),
            (&[], None),
        ];
        for (words, wanted) in cases {
            for end in ["", "\0"] {
                let text = words.join("\0") + end;
                assert_eq!(script(text.as_bytes()), wanted.map(Path::new), "{words:?}");
            }
        }
    }

    #[test]
    fn an_environment_that_brings_code_is_told() {
        for (text, wanted) in [
            ("PATH=/bin\0LD_PRELOAD=/tmp/x.so\0", true),
            ("BASH_ENV=/tmp/x", true),
            ("PATH=/bin\0LD_PRELOAD=\0", false),
            ("LD_PRELOADED=1\0XLD_PRELOAD=1", false),
            ("", false),
        ] {
            assert_eq!(brings_code(text.as_bytes()), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_does_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (stat(&bytes), status(&bytes), brings_code(&bytes));
            if let Some(part) = cgroup(&bytes) {
                prop_assert!(part.len() > 1);
            }
            if let Some(path) = script(&bytes) {
                prop_assert!(!path.as_os_str().is_empty());
            }
        }

        #[test]
        fn a_name_moves_no_field(name in prop::collection::vec(any::<u8>(), 0..16)) {
            let text = [b"7 (", &name[..], b") ", STAT.as_bytes()].concat();
            prop_assert_eq!(stat(&text), stat(format!("7 (sh) {STAT}").as_bytes()));
        }
    }
}
