//! What a system tells a guard of files, in words that hold on every system, and how it is asked.
//! Linux tells it by fanotify (`linux::fanotify::Group`), a recording by [`crate::stream::Recorded`].

use std::{fmt, io};

use crate::{Access, Reach};

/// A source of events, which several may share: each event goes to one of them, and any may answer. What is asked of
/// it besides is asked only where it matters, since it costs a call of the system.
pub trait Events {
    /// What comes with an event about a file, and keeps that file at hand; on Linux a descriptor.
    type File;

    /// Takes what waits, oldest first; nothing when nothing does.
    ///
    /// # Errors
    /// The system's: what waited may still wait.
    fn take(&self, room: &mut EventBuffer) -> io::Result<Vec<Event<Self::File>>>;

    /// Looks at a regular file; `None` for anything else, and where the system gives no lasting name.
    fn look(&self, file: &Self::File) -> Option<FileSight>;

    /// What a held open is about to do.
    fn access(&self, caller: Caller) -> Access;

    /// How much of the file a held change may change.
    fn reach(&self, caller: Caller) -> Reach;

    /// Lets a held call go on, or fail.
    ///
    /// # Errors
    /// When no such call waits (any more).
    fn answer(&self, call: Call, answer: Answer) -> io::Result<()>;
}

/// Something that a system tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<F> {
    /// A call waits for an answer.
    Held(Held<F>),
    /// A file that somebody could write was closed; by whom, where that is told. The closer does not wait.
    Closed(F, Option<Caller>),
    /// Something happened to a name.
    Name(NameEvent),
    /// Events were lost: everything must be looked at again.
    Lost,
}

/// A call that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held<F> {
    /// By what it is answered.
    pub call: Call,
    /// Who waits.
    pub caller: Caller,
    /// What for.
    pub want: Want,
    /// The file.
    pub file: F,
}

/// What a held call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Opening the file; [`Events::access`] tells more.
    Open,
    /// Changing its content, or reading it ([`Events::reach`] tells which): the first byte and the length where the
    /// system tells them, a length of 0 meaning "to the end".
    Content(Option<(u64, u64)>),
}

/// The number of a held call, as the process that took it counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Call(pub i32);

/// The thread that waits in a held call, or did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Caller(pub i32);

/// The answer to a held call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Go on.
    Allow,
    /// Fail as not permitted.
    Deny,
    /// Fail as busy where the system can say so, else as not permitted.
    DenyBusy,
    /// Fail for want of room where the system can say so, else as not permitted.
    DenyNoRoom,
}

/// A file system, while it is mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Volume(pub u64);

/// The system's own name of a file or folder within its file system, which is never used twice. On Linux these are
/// the bytes of a handle as the index keeps them; nobody else reads anything in them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileKey(Box<[u8]>);

impl FileKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileKey({self})")
    }
}

/// What a look at a regular file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSight {
    /// Where it lies.
    pub volume: Volume,
    /// Its own name there.
    pub key: FileKey,
    /// How many bytes it has.
    pub size: u64,
    /// Whether a name leads to it: not yet, or no more, where none does.
    pub linked: Linked,
}

/// Whether a file has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// One at least.
    Yes,
    /// None.
    No,
}

/// A folder and a name in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The folder.
    pub folder: FileKey,
    /// The name in it, as the system's bytes.
    pub name: Vec<u8>,
}

/// Something happened to a name or to what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameEvent {
    /// What happened.
    pub kind: NameKind,
    /// The file or folder that the name led to, where the system tells.
    pub target: Option<FileKey>,
    /// Whether the target is a folder.
    pub on_folder: OnFolder,
    /// Whether the target's attributes changed.
    pub attributes: Attributes,
    /// Who did it, where that is told (a process, not a thread). He does not wait.
    pub by: Option<Caller>,
}

/// What happened to a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// It appeared.
    Created(Place),
    /// It went.
    Deleted(Place),
    /// It moved within the file system.
    Renamed {
        /// Where it was.
        from: Place,
        /// Where it is.
        to: Place,
    },
    /// It appeared and went, in an order that the system does not tell.
    Unclear(Place),
    /// Nothing happened to it.
    Stays,
}

/// Whether owner, mode, times or attributes changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attributes {
    /// They may have.
    Changed,
    /// Not that anybody knows.
    Same,
}

/// Whether a name event is about a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFolder {
    /// About a folder.
    Folder,
    /// About anything else.
    Other,
}

/// Room for what a system hands over at once.
pub struct EventBuffer {
    room: Box<[u8; ROOM]>,
    filled: usize,
}

impl EventBuffer {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            room: Box::new([0; ROOM]),
            filled: 0,
        }
    }

    /// What the system handed over last, as it wrote it. Whatever these bytes name belongs to the events that were
    /// taken with them.
    #[must_use]
    pub fn last(&self) -> &[u8] {
        &self.room[..self.filled]
    }

    /// Lets `read` fill the room and say how far it got.
    #[cfg(target_os = "linux")]
    pub(crate) fn fill<E>(
        &mut self,
        read: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<(), E> {
        self.filled = 0;
        self.filled = read(&mut self.room[..])?.min(ROOM);
        Ok(())
    }
}

impl Default for EventBuffer {
    fn default() -> Self {
        Self::new()
    }
}

const ROOM: usize = 64 * 1024;
