//! Metadata of open files, attributes and ACLs among it.

use std::{
    ffi::OsStr,
    fs::File,
    io,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
};

use hygie_model::Metadata;
use rustix::{
    fs::{self, AtFlags, Gid, Mode, OFlags, Timespec, Timestamps, Uid, XattrFlags},
    io::Errno,
};

use super::proc_path;
use crate::NotSet;

pub(crate) fn read_metadata(file: &File) -> io::Result<Metadata> {
    let stat = file.metadata()?;
    let mut xattrs = Vec::new();
    for name in attribute_names(file)? {
        // Gone since the list was made, or not ours to read.
        if let Ok(value) = attribute(file, &name) {
            xattrs.push((name, value));
        }
    }
    xattrs.sort();
    Ok(Metadata {
        mode: stat.mode() & 0o7777,
        uid: stat.uid(),
        gid: stat.gid(),
        mtime_ns: nanos(stat.mtime(), stat.mtime_nsec()),
        atime_ns: nanos(stat.atime(), stat.atime_nsec()),
        xattrs,
    })
}

pub(crate) fn apply_metadata(file: &File, meta: &Metadata) -> Vec<NotSet> {
    let mut refused = Vec::new();
    // A change of owner clears set-uid bits and capabilities, so it comes first.
    apply_owner(file, meta, &mut refused);
    apply_attributes(file, meta, &mut refused);
    let mode = fitting_mode(file, meta);
    let set = fs::fchmod(file, Mode::from_raw_mode(mode));
    if mode != meta.mode {
        refused.push(NotSet::Mode);
    } else {
        note(&mut refused, NotSet::Mode, set);
    }
    note(
        &mut refused,
        NotSet::Times,
        fs::futimens(file, &times(meta)),
    );
    refused
}

fn apply_owner(file: &File, meta: &Metadata, refused: &mut Vec<NotSet>) {
    if owner(file) == Some((meta.uid, meta.gid)) {
        return;
    }
    let (uid, gid) = (Uid::from_raw(meta.uid), Gid::from_raw(meta.gid));
    if fs::fchown(file, Some(uid), Some(gid)).is_err() {
        // Who may not give a file away may still share it with a group of his.
        let _ = fs::fchown(file, None, Some(gid));
        refused.push(NotSet::Owner);
    }
}

/// The mode, less what it would give to an owner or a group that it was not meant for.
fn fitting_mode(file: &File, meta: &Metadata) -> u32 {
    let mut mode = meta.mode;
    let (uid, gid) = owner(file).unwrap_or((meta.uid, meta.gid));
    if uid != meta.uid {
        mode &= !0o4000;
    }
    if gid != meta.gid {
        mode &= !0o2070 | (mode & 0o007) << 3;
    }
    mode
}

fn owner(file: &File) -> Option<(u32, u32)> {
    let stat = file.metadata().ok()?;
    Some((stat.uid(), stat.gid()))
}

/// The same for a symbolic link, which is opened as a path only.
pub(crate) fn apply_link_metadata(folder: &File, name: &OsStr, meta: &Metadata) -> Vec<NotSet> {
    let mut refused = Vec::new();
    let (uid, gid) = (Uid::from_raw(meta.uid), Gid::from_raw(meta.gid));
    let nofollow = AtFlags::SYMLINK_NOFOLLOW;
    if let Err(error) = fs::chownat(folder, name, Some(uid), Some(gid), nofollow) {
        let same = fs::statat(folder, name, nofollow)
            .is_ok_and(|stat| (stat.st_uid, stat.st_gid) == (meta.uid, meta.gid));
        if !same {
            note(&mut refused, NotSet::Owner, Err(error));
        }
    }
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match fs::openat(folder, name, flags, Mode::empty()) {
        Ok(link) => apply_attributes(&link.into(), meta, &mut refused),
        Err(_) => refused.extend(
            meta.xattrs
                .iter()
                .map(|(name, _)| NotSet::Attribute(name.clone())),
        ),
    }
    let set = fs::utimensat(folder, name, &times(meta), nofollow);
    note(&mut refused, NotSet::Times, set);
    refused
}

fn apply_attributes(file: &File, meta: &Metadata, refused: &mut Vec<NotSet>) {
    for name in attribute_names(file).unwrap_or_default() {
        let wanted = meta.xattrs.iter().any(|(known, _)| *known == name);
        // Labels of security modules are theirs to take away.
        if !wanted && !name.starts_with(b"security.") {
            let gone = with_attributes(
                file,
                || fs::fremovexattr(file, OsStr::from_bytes(&name)),
                |path| fs::removexattr(path, OsStr::from_bytes(&name)),
            );
            note(refused, NotSet::Attribute(name.clone()), gone);
        }
    }
    for (name, value) in &meta.xattrs {
        if attribute(file, name).is_ok_and(|present| present == *value) {
            continue;
        }
        let set = with_attributes(
            file,
            || fs::fsetxattr(file, OsStr::from_bytes(name), value, XattrFlags::empty()),
            |path| fs::setxattr(path, OsStr::from_bytes(name), value, XattrFlags::empty()),
        );
        note(refused, NotSet::Attribute(name.clone()), set);
    }
}

fn attribute_names(file: &File) -> io::Result<Vec<Vec<u8>>> {
    let list = read_growing(|buffer| {
        with_attributes_into(
            file,
            buffer,
            |buffer| fs::flistxattr(file, buffer),
            |path, buffer| fs::listxattr(path, buffer),
        )
    });
    match list {
        Err(Errno::OPNOTSUPP) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
        Ok(list) => Ok(list
            .split(|byte| *byte == 0)
            .filter(|name| !name.is_empty())
            .map(<[u8]>::to_vec)
            .collect()),
    }
}

fn attribute(file: &File, name: &[u8]) -> Result<Vec<u8>, Errno> {
    let name = OsStr::from_bytes(name);
    read_growing(|buffer| {
        with_attributes_into(
            file,
            buffer,
            |buffer| fs::fgetxattr(file, name, buffer),
            |path, buffer| fs::getxattr(path, name, buffer),
        )
    })
}

/// Attributes of a file that was opened as a path only are reached through its name in `/proc`.
fn with_attributes<T>(
    file: &File,
    open: impl FnOnce() -> Result<T, Errno>,
    path: impl FnOnce(&str) -> Result<T, Errno>,
) -> Result<T, Errno> {
    match open() {
        Err(Errno::BADF) => path(&proc_path(file)),
        done => done,
    }
}

fn with_attributes_into(
    file: &File,
    buffer: &mut [u8],
    open: impl FnOnce(&mut [u8]) -> Result<usize, Errno>,
    path: impl FnOnce(&str, &mut [u8]) -> Result<usize, Errno>,
) -> Result<usize, Errno> {
    match open(buffer) {
        Err(Errno::BADF) => path(&proc_path(file), buffer),
        done => done,
    }
}

/// Reads into a buffer that grows up to the kernel's limit.
fn read_growing(mut read: impl FnMut(&mut [u8]) -> Result<usize, Errno>) -> Result<Vec<u8>, Errno> {
    let mut buffer = vec![0; 256];
    loop {
        match read(&mut buffer) {
            Ok(len) => {
                buffer.truncate(len);
                return Ok(buffer);
            }
            Err(Errno::RANGE) if buffer.len() < LARGEST => buffer.resize(LARGEST, 0),
            Err(error) => return Err(error),
        }
    }
}

fn note(refused: &mut Vec<NotSet>, part: NotSet, done: Result<(), Errno>) {
    if done.is_err() {
        refused.push(part);
    }
}

fn times(meta: &Metadata) -> Timestamps {
    let time = |nanos: i64| Timespec {
        tv_sec: nanos.div_euclid(SECOND),
        tv_nsec: nanos.rem_euclid(SECOND),
    };
    Timestamps {
        last_access: time(meta.atime_ns),
        last_modification: time(meta.mtime_ns),
    }
}

fn nanos(seconds: i64, nanos: i64) -> i64 {
    seconds.saturating_mul(SECOND).saturating_add(nanos)
}

const SECOND: i64 = 1_000_000_000;
/// XATTR_SIZE_MAX and XATTR_LIST_MAX.
const LARGEST: usize = 1 << 16;
