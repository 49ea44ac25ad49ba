//! What goes in and out of the law.

use hygie_model::FileId;

/// A call that waits in the kernel for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask(pub u64);

/// The number of a file's present state, as far as is known; grows with each new state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct State(pub u64);

/// What a held call is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Only read.
    Read,
    /// Open for writing, or empty the file at the open.
    Write,
}

/// How far a program family is trusted when there is no time or room for a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its program comes from the system's packages and runs no foreign code.
    Known,
    /// Anything else.
    Unknown,
}

/// How a file is held at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// By a read lease: writers wait, readers pass.
    Leased,
    /// By a mark of its own: each open waits.
    Marked,
    /// By the mark on its file system only.
    Bare,
}

/// What is known of a file's content when it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Its present state has a copy.
    Kept,
    /// It has none.
    NotKept,
    /// It has none, and somebody had it open for writing before the guard came.
    Open,
    /// It is being made now; nothing is in it yet.
    New,
}

/// Whether a file looks as it did when its newest copy was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Size and times are those of the copy.
    Same,
    /// They are not.
    Differs,
}

/// Whether a lease came with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leased {
    /// It was granted: nobody can write now.
    Granted,
    /// It was refused or not asked for.
    Refused,
}

/// A held open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The call.
    pub ask: Ask,
    /// The file.
    pub file: FileId,
    /// What it will do.
    pub intent: Intent,
    /// Who asks.
    pub standing: Standing,
    /// Whether the file looks as its copy says.
    pub seen: Seen,
    /// Whether the trial lease was granted (which proves a reader).
    pub lease: Leased,
}

/// How urgent a copy is; the first is the most urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// A program waits for it.
    Held,
    /// The state has just been closed.
    Closed,
    /// A changing file may have come to rest: copy only if a lease is granted.
    Settle,
    /// A first copy.
    First,
}

/// What became of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyOutcome {
    /// It is safe on disk.
    Kept(Leased),
    /// Asked to copy only at rest, and somebody writes.
    Busy,
    /// No room on the disk or in the budget.
    NoRoom,
    /// The file could not be read.
    Unreadable,
    /// The file is gone, with every name.
    Vanished,
}

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No copy in time (`EBUSY`).
    Busy,
    /// No room for a copy (`ENOSPC`).
    NoRoom,
}

/// The answer to a held call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Allow,
    /// Fail.
    Deny(Refusal),
}

/// What a person must learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A known program, or one that the kernel let pass, went on though the state had no copy.
    StateWithoutCopy(FileId),
    /// A writer had this file open before protection began: what it writes is seen late.
    OpenBefore(FileId),
    /// A file's present state cannot be read.
    Unreadable(FileId),
    /// No room for copies.
    NoRoom,
    /// There is room again.
    RoomAgain,
    /// The file can be read again, or is copied now.
    Covered(FileId),
}

/// What the shell has to do, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Answer a held call.
    Answer(Ask, Verdict),
    /// Copy the present state; tried with a lease first.
    Copy(FileId, State, Urgency),
    /// The copy that is under way or queued has become this urgent.
    Hurry(FileId, Urgency),
    /// Hold each open of this file by a mark of its own, and see its closes.
    MarkNear(FileId),
    /// Take that mark away.
    UnmarkNear(FileId),
    /// Leave this file out of the mark on its file system.
    IgnoreWide(FileId),
    /// Take it in again.
    HeedWide(FileId),
    /// Give it a second name in the keep folder.
    Link(FileId),
    /// Take that name away.
    Unlink(FileId),
    /// Let the lease go.
    Release(FileId),
    /// Let the lease go unless somebody waits for it or writes; if so, keep it and report it as
    /// broken (`Law::handle_break`). The mark that holds opens from now on is set before.
    Yield(FileId),
    /// Nothing is left to do for this file: drop all that is held for it.
    Forget(FileId),
    /// Say it.
    Tell(Told),
}
