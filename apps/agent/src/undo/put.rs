//! The steps of an undo that put files out of the vault, and give further names to what is there.

use std::{
    fs::File,
    os::fd::{AsFd, OwnedFd},
};

use hygie_acts::Place;
use hygie_model::{Metadata, NodeKind};
use hygie_platform::linux::handle::Handle;
use hygie_vault::{apply_metadata, content_of};
use rustix::{
    fs::{AtFlags, Gid, Mode, OFlags, Timespec, Timestamps, Uid},
    io::Errno,
};

use super::{
    ground::{here, rename_free},
    run::{Run, Tried},
    step::{Done, Look, Trouble},
};

impl Run<'_> {
    pub(super) fn put(
        &mut self,
        nth: usize,
        (kind, at): (NodeKind, &Place),
        version: i64,
        look: &Look,
    ) -> Result<Tried, Trouble> {
        let (fs, dir) = self.dir(at.dir)?;
        let made = self.steps[nth].1.made.as_deref();
        let made = made.and_then(Handle::from_stored);
        if made.is_some() && here(&dir, &at.name)? == made {
            return Ok(Tried::Done(Done::Yes));
        }
        let inside = format!("put-{nth}");
        let pen = self.ground.pen(fs)?;
        if made.is_some() && here(pen, inside.as_bytes())? == made {
            self.clear(nth, &dir, at)?;
            rename_free((pen, inside.as_bytes()), (&dir, &at.name))?;
            return Ok(Tried::Done(Done::Yes));
        }
        let stored = self
            .reader
            .numbered(version)
            .map_err(std::io::Error::other)?;
        let version = stored.ok_or(Trouble::NotKept)?.version;
        let file = draft(&dir)?;
        self.reader
            .write_out(&version, &file)
            .map_err(vault_trouble)?;
        let meta: Metadata = look.clone().into();
        if kind == NodeKind::Symlink {
            return self.put_symlink(nth, (&dir, at), &file, &meta);
        }
        let refused = apply_metadata(&file, &meta);
        file.sync_all()?;
        self.steps[nth].1.made = Some(Handle::of(file.as_fd())?.to_stored());
        // Known before it has a name: whoever is killed now knows it again.
        self.note(nth)?;
        self.clear(nth, &dir, at)?;
        link(&file, &dir, &at.name)?;
        if refused.is_empty() {
            Ok(Tried::Done(Done::Yes))
        } else {
            self.steps[nth].1.done = Done::Yes;
            Err(Trouble::NotSet)
        }
    }

    fn put_symlink(
        &mut self,
        nth: usize,
        (dir, at): (&OwnedFd, &Place),
        content: &File,
        meta: &Metadata,
    ) -> Result<Tried, Trouble> {
        let name = fresh(self.steps[nth].0.node());
        let handle = draft_symlink(dir, &name, content, meta)?;
        self.steps[nth].1.made = Some(handle.to_stored());
        self.note(nth)?;
        self.clear(nth, dir, at)?;
        rename_free((dir, &name), (dir, &at.name))?;
        Ok(Tried::Done(Done::Yes))
    }

    /// What was put goes to the quarantine, or beside where somebody has changed it since.
    pub(super) fn take_back(
        &mut self,
        nth: usize,
        at: &Place,
        version: i64,
    ) -> Result<Tried, Trouble> {
        let (fs, dir) = self.dir(at.dir)?;
        let made = self.steps[nth].1.made.as_deref();
        let made = made.and_then(Handle::from_stored);
        if made.is_some() && here(&dir, &at.name)? == made {
            let pen = self.ground.pen(fs)?;
            let inside = format!("put-{nth}");
            if self.is_as_put(&dir, at, version) {
                rename_free((&dir, &at.name), (pen, inside.as_bytes()))?;
            } else {
                self.give_second(nth, &dir, (&at.name, at), |note, _| note.made = None)?;
            }
        }
        self.aside_back(nth, at)
    }

    fn is_as_put(&self, dir: &OwnedFd, at: &Place, version: i64) -> bool {
        let Ok(Some(stored)) = self.reader.numbered(version) else {
            return false;
        };
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        match rustix::fs::openat(dir, &at.name[..], flags, Mode::empty()) {
            Ok(file) => {
                content_of(&file.into()).is_ok_and(|content| content == stored.version.name.content)
            }
            // A symbolic link is never changed, only replaced.
            Err(Errno::LOOP) => true,
            Err(_) => false,
        }
    }

    pub(super) fn link(&mut self, nth: usize, node: i64, at: &Place) -> Result<Tried, Trouble> {
        let (fs, handle) = self.handle(node)?;
        let (_, dir) = self.dir(at.dir)?;
        if here(&dir, &at.name)?.as_ref() == Some(&handle) {
            return Ok(Tried::Done(Done::Yes));
        }
        let file = self.ground.open(fs, &handle, OFlags::PATH)?;
        self.clear(nth, &dir, at)?;
        link(&file, &dir, &at.name)?;
        Ok(Tried::Done(Done::Yes))
    }

    pub(super) fn unlink(&mut self, nth: usize, node: i64, at: &Place) -> Result<Tried, Trouble> {
        let (_, dir) = self.dir(at.dir)?;
        let (_, handle) = self.handle(node)?;
        if self.steps[nth].1.done == Done::Yes && here(&dir, &at.name)? == Some(handle) {
            rustix::fs::unlinkat(&dir, &at.name[..], AtFlags::empty())?;
        }
        self.aside_back(nth, at)
    }
}

/// A symbolic link under a name of the undo's own.
fn draft_symlink(
    dir: &OwnedFd,
    name: &[u8],
    content: &File,
    meta: &Metadata,
) -> Result<Handle, Trouble> {
    use std::os::unix::fs::FileExt;
    let length = usize::try_from(content.metadata()?.len()).unwrap_or(0);
    let mut target = vec![0; length.min(LONGEST_TARGET)];
    content.read_exact_at(&mut target, 0)?;
    match rustix::fs::unlinkat(dir, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => {}
        Err(error) => return Err(error.into()),
    }
    rustix::fs::symlinkat(&target[..], dir, name)?;
    let nofollow = AtFlags::SYMLINK_NOFOLLOW;
    let (user, group) = (Uid::from_raw(meta.uid), Gid::from_raw(meta.gid));
    rustix::fs::chownat(dir, name, Some(user), Some(group), nofollow)?;
    rustix::fs::utimensat(dir, name, &times(meta), nofollow)?;
    here(dir, name)?.ok_or(Trouble::Elsewhere)
}

/// A new file without a name, or with one that only a killed undo leaves.
fn draft(dir: &OwnedFd) -> Result<File, Trouble> {
    let mode = Mode::RUSR | Mode::WUSR;
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(dir, ".", flags, mode)?.into())
}

fn link(file: &File, dir: &OwnedFd, name: &[u8]) -> Result<(), Errno> {
    rustix::fs::linkat(file, "", dir, name, AtFlags::EMPTY_PATH)
}

fn times(meta: &Metadata) -> Timestamps {
    let time = |nanos: i64| Timespec {
        tv_sec: nanos.div_euclid(1_000_000_000),
        tv_nsec: nanos.rem_euclid(1_000_000_000),
    };
    Timestamps {
        last_access: time(meta.atime_ns),
        last_modification: time(meta.mtime_ns),
    }
}

fn vault_trouble(trouble: hygie_vault::Trouble) -> Trouble {
    match trouble {
        hygie_vault::Trouble::NoSpace => Trouble::NoRoom,
        hygie_vault::Trouble::Gone => Trouble::NotKept,
        hygie_vault::Trouble::Damaged => Trouble::Damaged,
        hygie_vault::Trouble::NotSet(_) => Trouble::NotSet,
        hygie_vault::Trouble::System(error) => error.into(),
    }
}

/// Under what name something is made before it gets its own.
pub(super) fn fresh(node: i64) -> Vec<u8> {
    format!(".hygie-undo-new-{node}").into_bytes()
}

const LONGEST_TARGET: usize = 4096;
