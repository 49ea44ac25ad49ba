//! Changing what stands about a file, not in it.

use std::path::Path;

use rustix::fs::{AtFlags, Gid, Mode, OFlags, Timespec, Timestamps, Uid, XattrFlags};
use rustix::io::Errno;

use super::{Harm, Way};
use crate::report::Failure;
use crate::run::{Run, Victim};

pub(super) const WAYS: &[Way] = &[
    Way::each("change-mode", "chmod 000: nobody may read it", 0, mode).takes(Harm::Attributes),
    Way::each(
        "change-owner",
        "chown to another user, and where that is refused to a group of one's own",
        0,
        owner,
    )
    .takes(Harm::Attributes),
    Way::each(
        "change-xattr",
        "takes the extended attributes away and sets another one",
        0,
        xattr,
    )
    .takes(Harm::Attributes),
    Way::each("change-times", "utimes: all files are from 1980", 0, times).takes(Harm::Attributes),
];

fn mode(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let (folder, name) = run.arena.parent(&victim.path)?;
    Ok(rustix::fs::chmodat(
        &folder,
        name,
        Mode::empty(),
        AtFlags::empty(),
    )?)
}

/// An ordinary user may only change the group, to one of his own: usually a refusal.
fn owner(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let (folder, name) = run.arena.parent(&victim.path)?;
    let stat = run.arena.stat(&victim.path)?;
    let other = Uid::from_raw(if stat.st_uid == OTHER {
        OTHER - 1
    } else {
        OTHER
    });
    let chown =
        |user, group| rustix::fs::chownat(&folder, name, user, group, AtFlags::SYMLINK_NOFOLLOW);
    match chown(Some(other), None) {
        Err(Errno::PERM) => {}
        outcome => return Ok(outcome?),
    }
    let groups = rustix::process::getgroups()?;
    let other = groups
        .into_iter()
        .find(|group| group.as_raw() != stat.st_gid);
    Ok(chown(None, Some(other.unwrap_or(Gid::from_raw(OTHER))))?)
}

fn xattr(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let file = run.open(&victim.path, OFlags::RDONLY)?;
    let mut names = vec![0_u8; 65_536];
    let length = rustix::fs::flistxattr(&file, &mut names)?;
    for name in names
        .get(..length)
        .unwrap_or_default()
        .split(|&byte| byte == 0)
    {
        if name.starts_with(b"user.") {
            rustix::fs::fremovexattr(&file, name)?;
        }
    }
    Ok(rustix::fs::fsetxattr(
        &file,
        "user.hygie-attack",
        b"changed",
        XattrFlags::empty(),
    )?)
}

fn times(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let (folder, name) = run.arena.parent(&victim.path)?;
    let then = Timespec {
        tv_sec: YEAR_1980,
        tv_nsec: 0,
    };
    let times = Timestamps {
        last_access: then,
        last_modification: then,
    };
    Ok(rustix::fs::utimensat(
        &folder,
        Path::new(name),
        &times,
        AtFlags::SYMLINK_NOFOLLOW,
    )?)
}

const OTHER: u32 = 65_533;
const YEAR_1980: i64 = 315_532_800;
