//! Tries each feature on the machine itself: a version number proves nothing.
//! The trials touch one folder of the caller's own and mark only inodes in it.

use std::{
    fs::{self, File},
    io,
    os::fd::{AsFd, OwnedFd},
    path::Path,
};

use super::{
    fanotify::{Class, Effect, Group, Mask, Scope},
    handle::Handle,
    lease::{Asked, Lease},
    mounts::{PrivateMount, place},
    process,
    walls::{Held, Walls},
};
use crate::{
    Feature, Presence, Probe,
    event::{Answer, Event, EventBuffer, Events, FileKey},
};

/// Tries all of them on the file system of `scratch`.
#[must_use]
pub fn all(scratch: &Path) -> Vec<Probe> {
    Feature::ALL
        .into_iter()
        .map(|feature| Probe {
            feature,
            presence: one(feature, scratch),
        })
        .collect()
}

fn one(feature: Feature, scratch: &Path) -> Presence {
    let tried = match feature {
        Feature::HoldOpen => hold_open(scratch),
        Feature::HoldChange => hold_change(scratch),
        Feature::AnswerWithErrno => answer_with_errno(scratch),
        Feature::ReadLease => read_lease(scratch),
        Feature::NameEvents => name_events(scratch),
        Feature::KeepLink => keep_link(scratch),
        Feature::PrivateMount => private_mount(scratch),
        Feature::ManyDescriptors => Ok(Presence::Limited(process::raise_descriptors(1 << 20))),
        Feature::LockedMemory => process::lock_memory().map(|()| Presence::Works),
        // Only opened: what is written to it by a look may undo what a guard has just set.
        Feature::LeaseBound => fs::OpenOptions::new()
            .write(true)
            .open(process::LEASE_BREAK_TIME)
            .map(|_| Presence::Works),
        Feature::ShutFiles => Ok(shut(|walls| walls.files)),
        Feature::ShutPorts => Ok(shut(|walls| walls.ports)),
        Feature::ShutOthers => Ok(shut(|walls| walls.others)),
    };
    tried.unwrap_or_else(|error| Presence::Refused(error.raw_os_error().unwrap_or(0)))
}

/// What a process that shuts itself in gets of this kernel.
fn shut(which: impl FnOnce(Walls) -> Held) -> Presence {
    match Walls::here().map(which) {
        Ok(Held::Yes) => Presence::Works,
        Ok(Held::NotHere) | Err(_) => Presence::NoEffect,
    }
}

fn sample(scratch: &Path, name: &str) -> io::Result<std::path::PathBuf> {
    let path = scratch.join(name);
    fs::write(&path, b"hygie doctor")?;
    Ok(path)
}

/// Runs `act` in a thread while this one answers the holds on `path`, and tells which errors
/// `act` met. The mark is on this one inode.
fn held<T: Send>(
    path: &Path,
    mask: Mask,
    answer: Answer,
    act: impl FnOnce() -> T + Send,
) -> io::Result<(usize, T)> {
    let group = Group::new(Class::PreContent)?;
    group.mark(
        Scope::Inode,
        Effect::Report,
        mask,
        File::open(path)?.as_fd(),
    )?;
    std::thread::scope(|scope| {
        let acting = scope.spawn(act);
        let mut buffer = EventBuffer::new();
        let mut holds = 0;
        while !acting.is_finished() {
            for event in group.take(&mut buffer)? {
                if let Event::Held(held) = event {
                    holds += 1;
                    group.answer(held.call, answer)?;
                }
            }
            std::thread::yield_now();
        }
        let told = acting
            .join()
            .map_err(|_| io::Error::other("the trial's thread ended"))?;
        Ok((holds, told))
    })
}

fn hold_open(scratch: &Path) -> io::Result<Presence> {
    let path = sample(scratch, "open")?;
    let (holds, opened) = held(&path, Mask::OPEN_PERM, Answer::Deny, || File::open(&path))?;
    Ok(if holds > 0 && opened.is_err() {
        Presence::Works
    } else {
        Presence::NoEffect
    })
}

fn hold_change(scratch: &Path) -> io::Result<Presence> {
    let path = sample(scratch, "truncate")?;
    let (holds, done) = held(&path, Mask::PRE_ACCESS, Answer::Deny, || truncate(&path))?;
    Ok(if holds > 0 && done.is_err() {
        Presence::Works
    } else {
        Presence::NoEffect
    })
}

fn truncate(path: &Path) -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: `name` ends with NUL and outlives the call.
    if unsafe { libc::truncate(name.as_ptr(), 1) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

fn answer_with_errno(scratch: &Path) -> io::Result<Presence> {
    let path = sample(scratch, "errno")?;
    let (_, opened) = held(&path, Mask::OPEN_PERM, Answer::DenyBusy, || {
        File::open(&path)
    })?;
    let said = opened.err().and_then(|error| error.raw_os_error());
    Ok(if said == Some(libc::EBUSY) {
        Presence::Works
    } else {
        Presence::NoEffect
    })
}

fn read_lease(scratch: &Path) -> io::Result<Presence> {
    // The kernel's notice would end a process that does not expect it. The guard, which does,
    // never tries features itself.
    // SAFETY: ignoring a signal installs no handler.
    unsafe { libc::signal(super::lease::BREAK_SIGNAL, libc::SIG_IGN) };
    let path = sample(scratch, "lease")?;
    let reader: OwnedFd = File::open(&path)?.into();
    let Asked::Granted(lease) = Lease::ask(reader)? else {
        return Ok(Presence::NoEffect);
    };
    let broken = File::options()
        .write(true)
        .custom_flags_nonblock()
        .open(&path)
        .err()
        .and_then(|error| error.raw_os_error());
    let noticed = lease.is_broken();
    let _ = lease.release();
    Ok(if broken == Some(libc::EAGAIN) && noticed {
        Presence::Works
    } else {
        Presence::NoEffect
    })
}

trait Nonblock {
    fn custom_flags_nonblock(&mut self) -> &mut Self;
}

impl Nonblock for fs::OpenOptions {
    fn custom_flags_nonblock(&mut self) -> &mut Self {
        std::os::unix::fs::OpenOptionsExt::custom_flags(self, libc::O_NONBLOCK)
    }
}

fn name_events(scratch: &Path) -> io::Result<Presence> {
    let group = Group::new(Class::Names)?;
    let folder = File::open(scratch)?;
    let mask = Mask::CREATE
        .and(Mask::DELETE)
        .and(Mask::RENAME)
        .and(Mask::ON_CHILD);
    group.mark(Scope::Inode, Effect::Report, mask, folder.as_fd())?;
    let path = sample(scratch, "name-a")?;
    let wanted = FileKey::new(Handle::of(File::open(&path)?.as_fd())?.to_stored());
    fs::rename(&path, scratch.join("name-b"))?;
    let mut buffer = EventBuffer::new();
    let seen = group
        .take(&mut buffer)?
        .iter()
        .any(|event| matches!(event, Event::Name(name) if name.target.as_ref() == Some(&wanted)));
    Ok(if seen {
        Presence::Works
    } else {
        Presence::NoEffect
    })
}

fn keep_link(scratch: &Path) -> io::Result<Presence> {
    let path = sample(scratch, "link")?;
    fs::hard_link(&path, scratch.join("link-kept"))?;
    fs::remove_file(&path)?;
    let kept = fs::read(scratch.join("link-kept"))?;
    Ok(if kept == b"hygie doctor" {
        Presence::Works
    } else {
        Presence::NoEffect
    })
}

fn private_mount(scratch: &Path) -> io::Result<Presence> {
    let place = place(&scratch.canonicalize()?)?;
    let mount = PrivateMount::of(&place.mount)?;
    let path = sample(scratch, "mount")?;
    let handle = Handle::of(File::open(&path)?.as_fd())?;
    let group = Group::new(Class::PreContent)?;
    group.mark(Scope::Mount, Effect::Ignore, Mask::OPEN_PERM, mount.as_fd())?;
    group.mark(
        Scope::Inode,
        Effect::Report,
        Mask::OPEN_PERM,
        File::open(&path)?.as_fd(),
    )?;
    // If the mount were not left out, this open would wait for an answer: so it runs aside.
    let (done, opened) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| done.send(handle.open(mount.as_fd(), rustix::fs::OFlags::RDONLY)));
        let wait = std::time::Duration::from_secs(1);
        let outcome = opened.recv_timeout(wait);
        drop(group);
        match outcome {
            Ok(Ok(_)) => Ok(Presence::Works),
            Ok(Err(error)) => Err(error),
            Err(_) => Ok(Presence::NoEffect),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_gets_an_answer_and_nothing_hangs() {
        let scratch = tempfile::tempdir().unwrap();
        let probes = all(scratch.path());
        assert_eq!(probes.len(), Feature::ALL.len());
        let lease = probes
            .iter()
            .find(|probe| probe.feature == Feature::ReadLease);
        assert_eq!(lease.map(|probe| &probe.presence), Some(&Presence::Works));
    }
}
