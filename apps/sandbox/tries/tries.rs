//! What a worker that was taken over might try.

use std::{
    fs::File,
    io::{self, Write},
    net::{TcpStream, UdpSocket},
    os::unix::net::UnixStream,
    process::{Command, ExitCode},
};

use hygie_platform::linux::confine::{Bounds, confine};
use hygie_sandbox::{BOUNDS, KeeperOptions, Sandbox, WORK_VERB, keep, message::Received, work};
use rustix::process::{Pid, Signal, getppid, kill_process};

/// `keep SOCKET UID`, `try NAME`, `own TEXT`, or the worker's verb.
pub(crate) fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (verb, first, second) = (args.next(), args.next(), args.next());
    let done = match (verb.as_deref(), first, second) {
        (Some("keep"), Some(socket), Some(uid)) => {
            let options = KeeperOptions {
                socket: socket.into(),
                asker: uid.parse().unwrap_or(0),
            };
            keep(&options).map_err(io::Error::other)
        }
        (Some("try"), Some(name), None) => tried(&name),
        (Some("own"), Some(text), None) => own(&text),
        (Some(verb), None, None) if verb == WORK_VERB => worker(),
        _ => Err(io::Error::other("keep, try, own or work")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// The real one, or what this program is called.
fn worker() -> io::Result<()> {
    let own = std::env::current_exe()?;
    match own.file_name().and_then(|name| name.to_str()) {
        Some("aborts") => std::process::abort(),
        Some("sleeps") => loop {
            std::thread::park();
        },
        Some("loops") => {
            confine(SHORT).map_err(io::Error::other)?;
            loop {
                std::hint::spin_loop();
            }
        }
        Some(_) | None => work().map_err(io::Error::other),
    }
}

/// Has an SMS read by a worker of this process's own, and says what came of it.
fn own(text: &str) -> io::Result<()> {
    let content = (text.as_bytes(), text.len() as u64);
    match Sandbox::own().ask(Received::sms(None), content) {
        Ok(message) => say(&format!("read: {}", message.shown())),
        Err(none) => say(&format!("{none:?}")),
    }
}

fn tried(name: &str) -> io::Result<()> {
    let walls = confine(SHORT).map_err(io::Error::other)?;
    say(&format!("{walls:?}"))?;
    match name {
        "nothing" => return Ok(()),
        "open" => drop(File::open("/etc/passwd")?),
        "make" => drop(File::create("/tmp/hygie-out")?),
        "connect" => drop(TcpStream::connect("127.0.0.1:9")?),
        "bind" => drop(UdpSocket::bind("127.0.0.1:0")?),
        "pair" => drop(UnixStream::pair()?),
        "fork" => drop(Command::new("/bin/true").spawn()?),
        "thread" => drop(std::thread::Builder::new().spawn(|| {})?),
        "kill" => kill_process(getppid().unwrap_or(Pid::INIT), Signal::TERM)?,
        "memory" => {
            let mut much: Vec<u8> = Vec::new();
            if much.try_reserve_exact(1 << 30).is_err() {
                return say("refused");
            }
            much.resize(1 << 30, 1);
        }
        "little memory" => {
            // As much as a picture may take.
            let much = vec![1_u8; 256 << 20];
            return say(if much.iter().all(|one| *one == 1) {
                "given"
            } else {
                "lost"
            });
        }
        "loop" => loop {
            std::hint::spin_loop();
        },
        _ => return Err(io::Error::other("unknown")),
    }
    say("OUT")
}

fn say(what: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{what}")?;
    out.flush()
}

const SHORT: Bounds = Bounds {
    seconds: 1,
    ..BOUNDS
};
