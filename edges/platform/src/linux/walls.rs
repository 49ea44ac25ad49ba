//! A process that strangers can reach shuts itself into what its work needs once it has started: these folders, these ports,
//! these system calls. Whatever somebody makes it do afterwards stays inside; there is no way back, and its children inherit it.
//!
//! The filter of system calls always holds: without it there is an error. Landlock holds as far as this kernel has it; what it
//! has not is told ([`Walls`]), for whoever looks after the machine to read.

mod calls;

use std::{
    io,
    path::{Path, PathBuf},
};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, LandlockStatus, NetPort,
    PathBeneath, PathFd, PathFdError, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr,
    RulesetError, Scope, path_beneath_rules,
};
use rustix::{
    fs::Mode,
    process::{Resource, umask},
};

use super::service;

/// What a process still needs once it has started. Whatever is not said here it has no more.
#[derive(Clone, Debug)]
pub struct Room {
    /// Folders in which it writes, and reads what is there.
    pub keeps: Vec<PathBuf>,
    /// Files and folders that it reads. One that is not there is none.
    pub reads: Vec<PathBuf>,
    /// What it starts.
    pub programs: Programs,
    /// Where others connect to it over TCP.
    pub listens: Ports,
    /// Where it connects to over TCP.
    pub connects: Ports,
    /// Bytes of memory of its own.
    pub memory: u64,
    /// So many files at once.
    pub files: u64,
}

/// What a process starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Programs {
    /// Nothing, not even a copy of itself.
    None,
    /// This program again: as a worker that shuts itself in further.
    Itself,
}

/// Ports of TCP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ports {
    /// None at all.
    None,
    /// These; 0 is any that the system chooses.
    These(Vec<u16>),
    /// Any: a person says which, later.
    Any,
}

/// What this kernel could not give of the walls; the filter of system calls is always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walls {
    /// Whether files outside the room are refused.
    pub files: Held,
    /// Whether other ports are.
    pub ports: Held,
    /// Whether other processes' abstract sockets are, and signals to them.
    pub others: Held,
}

/// Whether something is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// By the kernel.
    Yes,
    /// This kernel has nothing for it.
    NotHere,
}

/// Why a process could not be shut in. It must not go on.
#[derive(Debug, thiserror::Error)]
pub enum NotWalled {
    /// A right could not be given up, or a limit not be set.
    #[error("giving up rights: {0}")]
    Rights(#[from] io::Error),
    /// A folder of its own cannot be opened.
    #[error("its folder: {0}")]
    Folder(#[from] PathFdError),
    /// Landlock.
    #[error("Landlock: {0}")]
    Landlock(#[from] RulesetError),
    /// The filter of system calls: this kernel or this processor has none.
    #[error("the filter of system calls: {0}")]
    Filter(io::Error),
}

/// Shuts the calling thread in, and whatever it starts from here on: to be called while it is the only one.
///
/// # Errors
/// Something could not be given up; then the process must end.
pub fn shut_in(room: &Room) -> Result<Walls, NotWalled> {
    umask(Mode::RWXG | Mode::RWXO);
    service::give_up_rights(room.files)?;
    for (resource, most) in [(Resource::Data, room.memory), (Resource::Msgqueue, 0)] {
        service::at_most(resource, most).map_err(io::Error::from)?;
    }
    let walls = landlock(room)?;
    calls::filter(room)?;
    Ok(walls)
}

impl Walls {
    /// What this kernel could give: tried in a thread of its own, and nothing is left of it.
    ///
    /// # Errors
    /// The system gives no thread, or Landlock refuses what it has.
    pub fn here() -> Result<Self, NotWalled> {
        let tried = std::thread::Builder::new().spawn(|| {
            rustix::thread::set_no_new_privs(true).map_err(io::Error::from)?;
            landlock(&Room::bare())
        })?;
        tried
            .join()
            .map_err(|_| NotWalled::Rights(io::Error::other("the trial's thread ended")))?
    }

    /// Whether all of it holds.
    #[must_use]
    pub const fn whole(self) -> bool {
        matches!(
            (self.files, self.ports, self.others),
            (Held::Yes, Held::Yes, Held::Yes)
        )
    }

    /// What a log says of it; nothing where all of it holds.
    #[must_use]
    pub fn missing(self) -> Option<String> {
        let parts = [
            (self.files, "other files"),
            (self.ports, "other ports"),
            (self.others, "other processes"),
        ];
        let open: Vec<&str> = parts
            .into_iter()
            .filter(|(held, _)| *held == Held::NotHere)
            .map(|(_, what)| what)
            .collect();
        (!open.is_empty()).then(|| {
            let open = open.join(", ");
            format!("this kernel's Landlock does not shut it off from {open}; `hygie doctor` says what it needs")
        })
    }

    fn of(status: LandlockStatus) -> Self {
        let LandlockStatus::Available { effective_abi, .. } = status else {
            return Self {
                files: Held::NotHere,
                ports: Held::NotHere,
                others: Held::NotHere,
            };
        };
        let since = |version: ABI| {
            if effective_abi as i32 >= version as i32 {
                Held::Yes
            } else {
                Held::NotHere
            }
        };
        Self {
            files: since(ABI::V1),
            ports: since(ABI::V4),
            others: since(ABI::V6),
        }
    }
}

impl Room {
    /// Nothing at all.
    #[must_use]
    pub const fn bare() -> Self {
        Self {
            keeps: Vec::new(),
            reads: Vec::new(),
            programs: Programs::None,
            listens: Ports::None,
            connects: Ports::None,
            memory: 256 * 1024 * 1024,
            files: 64,
        }
    }

    /// With what the system opens to find the address of a name. These files are put in place anew while it runs, so that a rule
    /// for one alone would end with the next network: their folders are read.
    #[must_use]
    pub fn and_names(mut self) -> Self {
        self.reads.extend(NAMES.map(PathBuf::from));
        self.reads.extend(LIBRARIES.map(PathBuf::from));
        self
    }

    fn needs_network(&self) -> bool {
        self.listens != Ports::None || self.connects != Ports::None
    }
}

fn landlock(room: &Room) -> Result<Walls, NotWalled> {
    let mut ports = BitFlags::<AccessNet>::empty();
    for (wanted, access) in [
        (&room.listens, AccessNet::BindTcp),
        (&room.connects, AccessNet::ConnectTcp),
    ] {
        if *wanted != Ports::Any {
            ports |= access;
        }
    }
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?;
    if !ports.is_empty() {
        ruleset = ruleset.handle_access(ports)?;
    }
    let mut rules = ruleset.create()?;
    for folder in &room.keeps {
        rules = rules.add_rule(PathBeneath::new(PathFd::new(folder)?, keeping()))?;
    }
    rules = rules.add_rules(path_beneath_rules(&room.reads, READING))?;
    rules = match room.programs {
        Programs::None => rules,
        Programs::Itself => itself(rules)?,
    };
    for (wanted, access) in [
        (&room.listens, AccessNet::BindTcp),
        (&room.connects, AccessNet::ConnectTcp),
    ] {
        if let Ports::These(these) = wanted {
            for port in these {
                rules = rules.add_rule(NetPort::new(*port, access))?;
            }
        }
    }
    Ok(Walls::of(rules.restrict_self()?.landlock))
}

/// What it is, and what the system needs to start it: its loader, the libraries, and what a child has in place of the streams
/// that it is not given.
fn itself(rules: RulesetCreated) -> Result<RulesetCreated, RulesetError> {
    let runs = READING | AccessFs::Execute;
    let loaders = LOADERS.iter().map(Path::new);
    rules
        .add_rules(path_beneath_rules([Path::new("/proc/self/exe")], runs))?
        .add_rules(path_beneath_rules(loaders, runs))?
        .add_rules(path_beneath_rules(LIBRARIES, READING))?
        .add_rules(path_beneath_rules(
            ["/dev/null"],
            AccessFs::ReadFile | AccessFs::WriteFile,
        ))
}

fn keeping() -> BitFlags<AccessFs> {
    READING
        | AccessFs::WriteFile
        | AccessFs::Truncate
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::RemoveFile
        | AccessFs::RemoveDir
        | AccessFs::Refer
}

/// What this program knows of Landlock; a kernel that knows less enforces what it has.
const NEWEST: ABI = ABI::V6;
const READING: BitFlags<AccessFs> = landlock::make_bitflags!(AccessFs::{ReadFile | ReadDir});
const LOADERS: [&str; 4] = [
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib/ld-musl-x86_64.so.1",
    "/lib/ld-musl-aarch64.so.1",
];
const LIBRARIES: [&str; 4] = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"];
const NAMES: [&str; 5] = [
    "/etc",
    "/run/systemd/resolve",
    "/run/resolvconf",
    "/run/NetworkManager",
    "/run/connman",
];

#[cfg(test)]
mod tests;
