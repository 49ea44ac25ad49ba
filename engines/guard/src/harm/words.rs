//! What goes in and out of the judgement of harm.
//! Everything a shell must find out about processes and contents stands here, so that the rest needs no machine.

use hygie_entropy::{Likeness, Sketch, Spread};
use hygie_kind::{Form, Kind, Name, look};
use hygie_model::{DirId, FileId};

use super::signal::Reason;

/// A process for as long as the machine runs: numbers come back, start times do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId {
    /// Its number (the thread group's).
    pub pid: u32,
    /// When it was started, in the kernel's ticks since boot (`/proc/PID/stat`, field 22).
    pub started: u64,
}

/// A client of a shared folder, behind a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u64);

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// A process of this machine.
    Process(ProcessId),
    /// Another machine, through a file server.
    Client(ClientId),
}

/// The first half of the digest of an executable's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProgramId(pub u128);

/// The first half of the digest of the script that an interpreter runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScriptId(pub u128);

/// A user of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person(pub u32);

/// A log-in or a service: what the service manager groups (its cgroup).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Session(pub u64);

/// What sort of program an executable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// From the system's packages, unchanged, and neither of the next two.
    Packaged,
    /// Does what a script says: a shell, Python, Perl, `find`, `xargs`, `env`.
    Interpreter,
    /// Packs or encrypts what it is told to: zip, 7z, tar, gpg, openssl.
    Archiver,
    /// Anything else.
    Unknown,
}

/// What runs in a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// The executable.
    pub id: ProgramId,
    /// What sort it is.
    pub class: Class,
    /// The script, where it is an interpreter that runs one.
    pub script: Option<ScriptId>,
}

/// Where a process comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Birth {
    /// Its parent is a boundary: the service manager, a log-in, a desktop, a shell on a terminal.
    Root,
    /// Its parent is an ordinary process. A child whose parent is gone stays in the family that it was born into,
    /// so a shell tells the parent that it saw first.
    Child(ProcessId),
}

/// What is known of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// What runs in it.
    pub program: Program,
    /// Where it comes from.
    pub birth: Birth,
    /// For whom it runs.
    pub person: Person,
    /// Where it belongs.
    pub session: Session,
}

/// Processes that descend from one below a boundary, or one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FamilyId(pub u64);

/// Whose acts are added up: work split over many families still counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// One family.
    Family(FamilyId),
    /// All runs of one executable that is from no package, for one person.
    Program(ProgramId, Person),
    /// All runs of one packaged program, archiver or interpreter without a script, for one person.
    Tool(ProgramId, Person),
    /// All runs of one script for one person.
    Script(ScriptId, Person),
    /// All that one person runs in one session.
    Session(Session, Person),
}

/// What is known of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Length in bytes.
    pub len: u64,
    /// What it is.
    pub kind: Kind,
    /// How much of its frame stands.
    pub form: Form,
    /// How random it looks.
    pub spread: Spread,
    /// Equal for equal contents. A shell that knows the digest (BLAKE3) puts its first eight bytes here, which nobody
    /// can forge; else it is the sketch's.
    pub gist: u64,
}

impl Facts {
    /// From a content's first and last bytes (up to `hygie_kind::EDGE` each) and its sketch.
    #[must_use]
    pub fn of(head: &[u8], tail: &[u8], sketch: &Sketch) -> Self {
        let (kind, form) = look(head, tail);
        Self {
            len: sketch.len,
            kind,
            form,
            spread: sketch.spread,
            gist: sketch.gist,
        }
    }

    /// Whether somebody would miss it: of a kind that people work with, and not next to nothing.
    #[must_use]
    pub fn is_missed(&self) -> bool {
        self.kind.is_work() && self.len >= 16
    }
}

/// A content that took another one's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was there: the newest copy of before.
    pub before: Facts,
    /// What is there now.
    pub after: Facts,
    /// How much of the one is left in the other.
    pub likeness: Likeness,
}

/// What a file is for, as far as the shell can tell from where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Work.
    Work,
    /// A backup, a snapshot, a repository of one.
    Backup,
}

/// Whether what a deleted file held last stands in another file of the protected folders, at this moment and unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twin {
    /// It does: nothing is lost but a second copy.
    Stands,
    /// It does not, or the shell cannot be sure.
    None,
}

/// What was done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It was read whole, or nearly.
    Read(Kind),
    /// Its content was changed in place.
    Changed(Change),
    /// It was made and closed.
    Made(Facts),
    /// Its last name was taken away.
    Deleted(Facts, Purpose, Twin),
    /// It got another name.
    Renamed {
        /// The new name.
        to: Name,
        /// What is in it.
        what: Facts,
        /// The file that lost this name by it, and what stands there now.
        over: Option<(FileId, Change)>,
    },
}

/// One act on one file.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// Who.
    pub actor: Actor,
    /// To which file.
    pub file: FileId,
    /// Its folder, then the ones above, up to the protected folder.
    pub folders: &'a [DirId],
    /// Its name before the act.
    pub name: Name,
    /// What.
    pub deed: Deed,
}

/// Acts that a rule can allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doing {
    /// Changing contents.
    Change,
    /// Deleting files that it did not make.
    Delete,
    /// Renaming them.
    Rename,
    /// Making files that nobody else can read.
    Make,
}

/// A person said that this is honest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// For whom the program runs.
    pub person: Person,
    /// The program; an interpreter's needs its script.
    pub program: Program,
    /// In this folder and below.
    pub folder: DirId,
    /// What.
    pub doing: Doing,
    /// Until then.
    pub until: hygie_model::Mono,
}

/// The name of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u64);

/// Why a rule is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleRefusal {
    /// An interpreter does what its script says: name the script.
    InterpreterWithoutScript,
    /// An archiver does what anyone tells it.
    Archiver,
    /// Its end has passed.
    Ended,
}

/// What a group did, and what it weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// Whose acts were added up.
    pub group: Group,
    /// The families that took part and are not stopped yet.
    pub families: Vec<FamilyId>,
    /// The sum of the reasons' points.
    pub score: u32,
    /// Where it stops this group.
    pub bound: u32,
    /// Why; the weightiest first.
    pub reasons: Vec<Reason>,
}

/// What the shell has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Stop these families.
    Stop(Suspicion),
    /// Note it in the journal.
    Watch(Suspicion),
}
