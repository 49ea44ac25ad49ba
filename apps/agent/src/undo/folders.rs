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
    run::{Keep, Run, Tried, fresh, parked},
    step::{Done, Look, Step, Trouble},
};

impl Run<'_> {
    /// What somebody has in it by now stays, and the folder with it.
    pub(super) fn unmake_folder(&mut self, nth: usize, at: &Place) -> Result<Emptied, Trouble> {
        let (_, dir) = self.dir(at.dir)?;
        let made = self.steps[nth].1.made.as_deref();
        let made = made.and_then(Handle::from_stored);
        let parked = parked(self.steps[nth].0.node());
        for name in [&at.name, &parked] {
            if made.is_none() || here(&dir, name)? != made {
                continue;
            }
            match rustix::fs::unlinkat(&dir, &name[..], AtFlags::REMOVEDIR) {
                Err(Errno::NOTEMPTY | Errno::EXIST) if *name == parked => {
                    self.give_second(&dir, name, at)?;
                }
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
        keep: &mut Keep<'_>,
    ) -> anyhow::Result<Result<Tried, Trouble>> {
        match self.standing_folder(nth, at) {
            // Somebody made it again already.
            Ok(Some(there)) => {
                self.steps[nth].1.made = Some(there.to_stored());
                Ok(Ok(Tried::Done(Done::Nothing)))
            }
            Ok(None) => self.new_folder(nth, at, look, keep),
            Err(why) => Ok(Err(why)),
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
        Ok(there.filter(|there| made.as_ref() != Some(there) && self.waits(nth, there).is_none()))
    }

    /// Made under a name of the undo's own and known before it gets the right one: whoever is killed now knows it again.
    pub(super) fn new_folder(
        &mut self,
        nth: usize,
        at: &Place,
        look: Option<&Look>,
        keep: &mut Keep<'_>,
    ) -> anyhow::Result<Result<Tried, Trouble>> {
        let name = fresh(self.steps[nth].0.node());
        let (dir, whole) = match self.draft_folder(nth, at, look, &name) {
            Ok(Some(ready)) => ready,
            Ok(None) => return Ok(Ok(Tried::Done(Done::Yes))),
            Err(why) => return Ok(Err(why)),
        };
        keep(nth, &self.steps[nth].1)?;
        let placed = self
            .clear(nth, &dir, at)
            .and_then(|()| Ok(rename_free((&dir, &name), (&dir, &at.name))?));
        Ok(placed.and_then(|()| match whole {
            Whole::Yes => Ok(Tried::Done(Done::Yes)),
            Whole::No => {
                self.steps[nth].1.done = Done::Yes;
                Err(Trouble::NotSet)
            }
        }))
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
        keep: &mut Keep<'_>,
    ) -> anyhow::Result<Result<Tried, Trouble>> {
        let found = match self.find_folder(nth, node, at) {
            Ok(Some(found)) => found,
            // Gone: by an earlier run of this undo, if that knew how it looked.
            Ok(None) if self.steps[nth].1.was.is_some() => {
                return Ok(Ok(Tried::Done(Done::Yes)));
            }
            Ok(None) => return Ok(Ok(Tried::Done(Done::Nothing))),
            Err(why) => return Ok(Err(why)),
        };
        if self.steps[nth].1.was.is_none() {
            let was = self
                .open(node)
                .and_then(|folder| Ok(read_metadata(&folder)?));
            self.steps[nth].1.was = was.ok().map(Look::from);
            keep(nth, &self.steps[nth].1)?;
        }
        let (dir, name) = found;
        Ok(
            match rustix::fs::unlinkat(&dir, &name[..], AtFlags::REMOVEDIR) {
                Ok(()) => {
                    self.steps[nth].1.kept = None;
                    Ok(Tried::Done(Done::Yes))
                }
                Err(Errno::NOTEMPTY | Errno::EXIST) if name == parked(node) => {
                    self.give_second(&dir, &name, at).map(|kept| {
                        self.steps[nth].1.kept = Some(kept);
                        Tried::Later(Trouble::NotEmpty)
                    })
                }
                Err(Errno::NOTEMPTY | Errno::EXIST) => Ok(Tried::Later(Trouble::NotEmpty)),
                Err(error) => Err(error.into()),
            },
        )
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
        for name in [Some(at.name.clone()), Some(parked(node)), kept]
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
