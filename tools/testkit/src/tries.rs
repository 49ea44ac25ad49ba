//! What somebody would try who has taken over one of Hygie's own processes, tried in one that shuts itself in as the real one does.

use std::{
    fs::{self, File},
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use hygie_platform::linux::walls::{Held, Room, Walls, shut_in};
use rustix::net::{AddressFamily, SocketType, ipproto, socket};

/// What got through, by name.
#[derive(Debug)]
pub struct Through {
    /// What this kernel holds.
    pub walls: Walls,
    /// In the order in which it was tried.
    pub names: Vec<String>,
}

/// Starts this test's program again with the one test `inner`, which calls [`taken_over`] and nothing else, and says what got
/// through there. As root, as whoever starts all by hand may be: the rights of a user are not what is tried here.
///
/// # Errors
/// It did not start or ended early: with what it said.
pub fn tried(inner: &str) -> anyhow::Result<Through> {
    let place = tempfile::tempdir()?;
    for name in ["patient", "secret"] {
        fs::write(place.path().join(name), "somebody's")?;
    }
    fs::create_dir(place.path().join("own"))?;
    let server = TcpListener::bind("127.0.0.1:0")?;
    let ran = Command::new("/proc/self/exe")
        .args(["--exact", inner, "--nocapture"])
        .env(PLACE, place.path())
        .env(SERVER, server.local_addr()?.to_string())
        .output()?;
    let said = fs::read_to_string(place.path().join("own/through"));
    let said = said.map_err(|error| anyhow::anyhow!("{error}: {ran:?}"))?;
    let names = said.lines().map(str::to_owned).collect();
    let walls = Walls::here()?;
    Ok(Through { walls, names })
}

/// In the process that [`tried`] starts; elsewhere nothing. `room` is given the folder that the process has.
///
/// # Panics
/// The process could not be shut in, or not work in its own folder any more.
pub fn taken_over(room: impl FnOnce(&Path) -> Room) {
    let Some(place) = std::env::var_os(PLACE).map(PathBuf::from) else {
        return;
    };
    let server = std::env::var(SERVER)
        .ok()
        .and_then(|text| text.parse().ok());
    let tries = Tries {
        files: ["patient", "secret"].map(|name| place.join(name)).to_vec(),
        server: server.expect("the server's address"),
    };
    let own = place.join("own");
    let room = room(&own);
    let tried = std::thread::spawn(move || {
        shut_in(&room).expect("shut in");
        let kept = own.join("through");
        fs::write(&kept, tries.got_through().join("\n")).expect("its own folder is its own");
    });
    tried.join().expect("it tried everything");
}

impl Through {
    /// Asserts that just these got through; where this kernel does not hold files or ports, that nothing did which the filter of
    /// system calls refuses by itself.
    ///
    /// # Panics
    /// Something else got through.
    pub fn are(&self, allowed: &[&str]) {
        let by_landlock = |name: &str| match name {
            "connect" | "listen" => self.walls.ports == Held::NotHere,
            "open a raw socket" | "hear packets" => false,
            _ => self.walls.files == Held::NotHere,
        };
        let more: Vec<&String> = self
            .names
            .iter()
            .filter(|name| !allowed.contains(&name.as_str()) && !by_landlock(name))
            .collect();
        assert!(more.is_empty(), "{more:?} got through");
        for name in allowed {
            assert!(
                self.names.iter().any(|found| found == name),
                "{name} did not get through"
            );
        }
    }
}

/// What is there to be had.
struct Tries {
    files: Vec<PathBuf>,
    server: SocketAddr,
}

impl Tries {
    fn got_through(&self) -> Vec<String> {
        let mut through = Vec::new();
        let mut tried = |name: &str, done: io::Result<()>| {
            if done.is_ok() {
                through.push(name.to_owned());
            }
        };
        for file in &self.files {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            tried(&format!("read {name}"), File::open(file).map(drop));
            let beside = file.with_extension("made");
            tried(
                &format!("write beside {name}"),
                File::create(beside).map(drop),
            );
        }
        // Of the process that started it, and of the first one.
        let parent = rustix::process::getppid().map_or(1, |parent| parent.as_raw_nonzero().get());
        let memory = format!("/proc/{parent}/mem");
        tried("read another's memory", File::open(memory).map(drop));
        tried(
            "read another's environment",
            std::fs::read("/proc/1/environ").map(drop),
        );
        tried("list the root", std::fs::read_dir("/").map(drop));
        tried(
            "start a shell",
            quiet("/bin/sh").arg("-c").arg(":").status().map(drop),
        );
        tried("start a program", quiet("/bin/true").status().map(drop));
        tried("connect", TcpStream::connect(self.server).map(drop));
        tried("listen", TcpListener::bind("127.0.0.1:0").map(drop));
        let raw = socket(AddressFamily::INET, SocketType::RAW, Some(ipproto::ICMP));
        tried("open a raw socket", raw.map(drop).map_err(Into::into));
        let packets = socket(AddressFamily::PACKET, SocketType::DGRAM, None);
        tried("hear packets", packets.map(drop).map_err(Into::into));
        through
    }
}

fn quiet(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

const PLACE: &str = "HYGIE_TEST_TAKEN_OVER";
const SERVER: &str = "HYGIE_TEST_TAKEN_OVER_SERVER";
