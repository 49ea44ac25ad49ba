//! What a worker that was taken over might try.

use std::{
    fs::File,
    io::{self, BufRead, Read, Write},
    net::{TcpStream, UdpSocket},
    os::unix::net::UnixStream,
    process::{Command, ExitCode},
    sync::atomic::{AtomicU32, Ordering},
};

use hygie_platform::linux::{
    confine::{Bounds, confine},
    nursery,
};
use hygie_sandbox::{
    BOUNDS, Job, KeeperOptions, NURSE_VERB, Nursery, Part, Sandbox, WORK_VERB, keep,
    message::Received, nurse, work,
};
use rustix::process::{Pid, Signal, getppid, kill_process};

/// `keep SOCKET UID`, `try NAME`, `own TEXT`, `nursed NAME`, `many COUNT`, or a verb of a process.
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
        (Some("nursed"), Some(name), None) => nursed(&name),
        (Some("many"), Some(count), None) => many(&count),
        (Some(verb), None, None) if verb == NURSE_VERB => nursing(),
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

/// The real one, or what this program is called.
fn nursing() -> io::Result<()> {
    let own = std::env::current_exe()?;
    match own.file_name().and_then(|name| name.to_str()) {
        Some("aborts") => std::process::abort(),
        Some("tries") => trying(),
        Some(_) | None => nurse().map_err(io::Error::other),
    }
}

/// A real nursery, whose children try what the SMS that they are handed says; whoever gets through answers.
fn trying() -> io::Result<()> {
    let attend = |mut stream: &File| {
        let mut asked = io::BufReader::new(stream);
        let mut request = String::new();
        asked.read_line(&mut request)?;
        let mut text = [0; 64];
        let read = asked.read(&mut text)?;
        let name = String::from_utf8_lossy(&text[..read]).into_owned();
        match name.as_str() {
            "meddle" => meddle(),
            "nothing" => {}
            _ => attempt(&name)?,
        }
        let seen = SEEN.fetch_add(1, Ordering::Relaxed);
        let text = format!("{name} {seen}");
        let (bytes, of) = (text.as_bytes(), text.len() as u64);
        let message = Received::sms(None).run(Part { bytes, of });
        let answer = serde_json::to_string(&message)?;
        writeln!(stream, r#"{{"answer":{answer}}}"#)
    };
    nursery::nurse(SHORT, || (), attend).map_err(io::Error::other)
}

/// Says on whatever else is open, where there is anything, what a nursery and a child would say; and breaks.
fn meddle() -> ! {
    let _ = rustix::io::write(io::stdin(), FORGED);
    let _ = rustix::io::write(io::stdout(), FORGED);
    let _ = rustix::io::write(io::stderr(), FORGED);
    std::process::abort()
}

/// Hands a nursery one thing to try, then another, and says what came of both.
fn nursed(name: &str) -> io::Result<()> {
    let mut nursery = Nursery::new();
    for text in [name, "nothing"] {
        match nursery.ask(Received::sms(None), (text.as_bytes(), text.len() as u64)) {
            Ok(message) => say(&format!("read: {}", message.shown()))?,
            Err(none) => say(&format!("{none:?}"))?,
        }
    }
    say(&format!("{}", nursery.started()))
}

/// Has so many SMS read, one after the other, and says how many nurseries that took, and processes.
fn many(count: &str) -> io::Result<()> {
    let mut nursery = Nursery::new();
    for number in 0..count.parse().unwrap_or(0) {
        let text = format!("SMS {number}");
        let read = nursery.ask(Received::sms(None), (text.as_bytes(), text.len() as u64));
        let read = read.map_err(io::Error::other)?;
        if read.shown() != text {
            return Err(io::Error::other("another one's answer"));
        }
    }
    say(&format!("{}", nursery.started()))
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
        _ => attempt(name)?,
    }
    say("OUT")
}

/// What is not for a worker to do.
fn attempt(name: &str) -> io::Result<()> {
    match name {
        "open" => drop(File::open("/etc/passwd")?),
        "make" => drop(File::create("/tmp/hygie-out")?),
        "connect" => drop(TcpStream::connect("127.0.0.1:9")?),
        "bind" => drop(UdpSocket::bind("127.0.0.1:0")?),
        "pair" => drop(UnixStream::pair()?),
        "fork" => drop(Command::new("/bin/true").spawn()?),
        "thread" => drop(std::thread::Builder::new().spawn(|| {})?),
        "kill" => kill_process(getppid().unwrap_or(Pid::INIT), Signal::TERM)?,
        "loop" => loop {
            std::hint::spin_loop();
        },
        _ => return Err(io::Error::other("unknown")),
    }
    Ok(())
}

fn say(what: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{what}")?;
    out.flush()
}

/// What the children before wrote into memory: each is the first.
static SEEN: AtomicU32 = AtomicU32::new(0);
/// "Ended, ended", and an answer.
const FORGED: &[u8] =
    br#"ee{"answer":{"Sms":{"sender":null,"body":{"text":"forged","hidden":"","links":[],"page":{}}}}}"#;
const SHORT: Bounds = Bounds {
    seconds: 1,
    ..BOUNDS
};
