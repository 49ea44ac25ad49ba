//! What a program wants of a file, in words that hold on every system.

/// What a held call is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Only read: the content stays.
    Read,
    /// Open for writing; nothing is changed yet.
    Write,
    /// Change the content at once (truncate by path, a write through a descriptor).
    Change,
}

/// How much of a file's content a held call may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing: it reads.
    Nothing,
    /// The range that came with the event, and what lies behind the end of the file.
    Range,
    /// All from this byte on, and the length.
    From(u64),
    /// Any of it, now or later.
    Everything,
}

/// How a change comes to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence {
    /// The caller waits in the kernel for an answer.
    Held,
    /// It has already happened.
    Seen,
}
