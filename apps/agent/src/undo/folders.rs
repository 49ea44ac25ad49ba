//! The steps of an undo that make folders and take them away.

use std::{
    fs::File,
    os::fd::{AsFd, OwnedFd},
};

use hygie_acts::Place;
use hygie_platform::linux::handle::Handle;
use hygie_vault::{apply_metadata, read_metadata};
use rustix::{
    fs::{AtFlags, FileType, Mode, OFlags},
    io::Errno,
};

use super::{
    ground::{here, rename_free},
    names::parked,
    put::fresh,
    run::{Run, Tried},
    step::{Done, Look, Note, Step, Trouble},
};

impl Run<'_> {
    /// What somebody has in it by now stays, and the folder with it.
    pub(super) fn unmake_folder(&mut self, nth: usize, at: &Place) -> Result<Emptied, Trouble> {
        let (_, dir) = self.dir(at.dir)?;
        let made = self.steps[nth].1.made.as_deref();
        let made = made.and_then(Handle::from_stored);
        for name in [&at.name, &parked(nth)] {
            if made.is_none() || here(&dir, name)? != made {
                continue;
            }
            match rustix::fs::unlinkat(&dir, &name[..], AtFlags::REMOVEDIR) {
                Ok(()) => {}
                Err(Errno::NOTEMPTY | Errno::EXIST) => return Ok(Emptied::No),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Emptied::Yes)
    }

    pub(super) fn make_folder(
        &mut self,
        nth: usize,
        at: &Place,
        look: Option<&Look>,
    ) -> Result<Tried, Trouble> {
        match self.standing_folder(nth, at)? {
            // Somebody made it again already.
            Some(there) => {
                self.steps[nth].1.made = Some(there.to_stored());
                Ok(Tried::Done(Done::Nothing))
            }
            None => self.new_folder(nth, at, look),
        }
    }

    pub(super) fn standing_folder(
        &self,
        nth: usize,
        at: &Place,
    ) -> Result<Option<Handle>, Trouble> {
        let (_, dir) = self.dir(at.dir)?;
        let is_folder = rustix::fs::statat(&dir, &at.name[..], AtFlags::SYMLINK_NOFOLLOW)
            .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Directory);
        let there = here(&dir, &at.name)?.filter(|_| is_folder);
        let made = self.steps[nth].1.made.as_deref();
        let made = made.and_then(Handle::from_stored);
        Ok(there
            .filter(|there| made.as_ref() != Some(there) && self.waits(nth, at, there).is_none()))
    }

    /// Made under a name of the undo's own and known before it gets the right one: whoever is killed now knows it again.
    pub(super) fn new_folder(
        &mut self,
        nth: usize,
        at: &Place,
        look: Option<&Look>,
    ) -> Result<Tried, Trouble> {
        let name = fresh(self.steps[nth].0.node());
        let Some((dir, whole)) = self.draft_folder(nth, at, look, &name)? else {
            return Ok(Tried::Done(Done::Yes));
        };
        self.note(nth)?;
        self.clear(nth, &dir, at)?;
        rename_free((&dir, &name), (&dir, &at.name))?;
        match whole {
            Whole::Yes => Ok(Tried::Done(Done::Yes)),
            Whole::No => {
                self.steps[nth].1.done = Done::Yes;
                Err(Trouble::NotSet)
            }
        }
    }

    /// `None`: it stands where it shall already.
    pub(super) fn draft_folder(
        &mut self,
        nth: usize,
        at: &Place,
        look: Option<&Look>,
        name: &[u8],
    ) -> Result<Option<(OwnedFd, Whole)>, Trouble> {
        let (_, dir) = self.dir(at.dir)?;
        let made = self.steps[nth].1.made.as_deref();
        let made = made.and_then(Handle::from_stored);
        if made.is_some() && here(&dir, &at.name)? == made {
            return Ok(None);
        }
        match rustix::fs::mkdirat(&dir, name, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = File::from(rustix::fs::openat(&dir, name, flags, Mode::empty())?);
        let meta = match look {
            Some(look) => look.clone().into(),
            None => read_metadata(&File::from(dir.try_clone()?))?,
        };
        let whole = if apply_metadata(&folder, &meta).is_empty() {
            Whole::Yes
        } else {
            Whole::No
        };
        self.steps[nth].1.made = Some(Handle::of(folder.as_fd())?.to_stored());
        Ok(Some((dir, whole)))
    }

    pub(super) fn remove_folder(
        &mut self,
        nth: usize,
        node: i64,
        at: &Place,
    ) -> Result<Tried, Trouble> {
        let Some((dir, name)) = self.find_folder(nth, node, at)? else {
            // Gone: by an earlier run of this undo, if that knew how it looked.
            let by_us = self.steps[nth].1.was.is_some();
            return Ok(Tried::Done(if by_us { Done::Yes } else { Done::Nothing }));
        };
        if self.steps[nth].1.was.is_none() {
            let was = self
                .open(node)
                .and_then(|folder| Ok(read_metadata(&folder)?));
            self.steps[nth].1.was = was.ok().map(Look::from);
            self.note(nth)?;
        }
        match rustix::fs::unlinkat(&dir, &name[..], AtFlags::REMOVEDIR) {
            Ok(()) => {
                self.steps[nth].1.kept = None;
                Ok(Tried::Done(Done::Yes))
            }
            Err(Errno::NOTEMPTY | Errno::EXIST) => {
                if name == parked(nth) {
                    let know = |note: &mut Note, kept| note.kept = Some(kept);
                    self.give_second(nth, &dir, (&name, at), know)?;
                }
                Ok(Tried::Later(Trouble::NotEmpty))
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn find_folder(
        &self,
        nth: usize,
        node: i64,
        at: &Place,
    ) -> Result<Option<(OwnedFd, Vec<u8>)>, Trouble> {
        let (_, handle) = self.handle(node)?;
        let (_, dir) = match self.dir(at.dir) {
            Ok(dir) => dir,
            // A folder of theirs in a folder of theirs that is gone.
            Err(Trouble::FolderGone) => return Ok(None),
            Err(why) => return Err(why),
        };
        let kept = self.steps[nth].1.kept.clone().map(|kept| kept.0.name);
        for name in [Some(at.name.clone()), Some(parked(nth)), kept]
            .into_iter()
            .flatten()
        {
            if here(&dir, &name)?.as_ref() == Some(&handle) {
                return Ok(Some((dir, name)));
            }
        }
        Ok(None)
    }

    /// Filling a folder changes its times.
    pub(super) fn finish_folders(&self) {
        for (step, note) in self.steps.iter().rev() {
            if let (
                Step::MakeFolder {
                    node,
                    look: Some(look),
                    ..
                },
                Done::Yes,
            ) = (step, note.done)
                && let Ok(folder) = self.open(*node)
            {
                let _ = apply_metadata(&folder, &look.clone().into());
            }
        }
    }
}

/// Whether a folder could go.
pub(super) enum Emptied {
    Yes,
    No,
}

/// Whether all attributes could be set.
pub(super) enum Whole {
    Yes,
    No,
}
