//! Owner, mode, times and attributes of open files.

use std::{fs::File, io};

use hygie_model::Metadata;

use crate::sys;

/// A part of the metadata that the system refused to set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSet {
    /// Owner or group.
    Owner,
    /// Permission bits.
    Mode,
    /// Time of change or access.
    Times,
    /// The extended attribute of this name.
    Attribute(Vec<u8>),
}

/// Reads what a restore gives back beside the content: all attributes that this process may see.
/// Also of a symbolic link that was opened as a path (`O_PATH | O_NOFOLLOW`).
///
/// # Errors
/// What the system refused.
pub fn read_metadata(file: &File) -> io::Result<Metadata> {
    sys::read_metadata(file)
}

/// Gives an open file its metadata back, attributes that it should not have taken away.
/// What is refused is returned; the rest is set.
#[must_use]
pub fn apply_metadata(file: &File, meta: &Metadata) -> Vec<NotSet> {
    sys::apply_metadata(file, meta)
}
