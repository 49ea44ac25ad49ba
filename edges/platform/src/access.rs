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

/// How the fact came to be known, as recorded streams keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whence {
    /// The caller waits in the kernel for an answer.
    Held,
    /// It has already happened.
    Seen,
}
