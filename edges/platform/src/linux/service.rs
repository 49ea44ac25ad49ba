//! What a small process of Hygie's own does before it answers anybody: it opens its socket, and gives up what it has no
//! use for.

use std::{
    fs, io,
    os::unix::{
        fs::{FileTypeExt, PermissionsExt},
        net::UnixListener,
    },
    path::Path,
};

use rustix::{
    io::Errno,
    process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit},
    thread::{CapabilitySet, CapabilitySets, set_capabilities, set_no_new_privs},
};

/// Opens a socket, in place of one that an ended process left.
///
/// # Errors
/// The folder around it is missing or not to be written, or another kind of file is in the way.
pub fn listen(socket: &Path) -> io::Result<UnixListener> {
    match fs::symlink_metadata(socket) {
        Ok(found) if found.file_type().is_socket() => fs::remove_file(socket)?,
        // Another kind of file is not ours to remove: binding will say that it is in the way.
        Ok(_) | Err(_) => {}
    }
    let listener = UnixListener::bind(socket)?;
    // Anyone may knock, since a user cannot give another one alone a right; the kernel says who does.
    fs::set_permissions(socket, fs::Permissions::from_mode(0o666))?;
    Ok(listener)
}

/// From here on the process dumps nothing, opens so many files at once, and may nothing more than its user; nor may the
/// threads that this one starts.
///
/// # Errors
/// The kernel refuses: with the rights still there the process should not go on.
pub(super) fn give_up_rights(files: u64) -> io::Result<()> {
    no_rights()?;
    at_most(Resource::Core, 0)?;
    Ok(at_most(Resource::Nofile, files)?)
}

/// The process dumps nothing, and may nothing more than its user.
pub(super) fn no_rights() -> Result<(), Errno> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    set_no_new_privs(true)?;
    let none = CapabilitySet::empty();
    let sets = CapabilitySets {
        effective: none,
        permitted: none,
        inheritable: none,
    };
    set_capabilities(None, sets)
}

/// From here on the process starts no program and no thread, whatever somebody makes it do.
///
/// # Errors
/// The kernel refuses.
pub fn start_nothing() -> io::Result<()> {
    Ok(at_most(Resource::Nproc, 0)?)
}

/// Only ever downwards.
pub(super) fn at_most(resource: Resource, most: u64) -> Result<(), Errno> {
    let most = getrlimit(resource)
        .maximum
        .map_or(most, |now| now.min(most));
    let limit = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    setrlimit(resource, limit)
}
