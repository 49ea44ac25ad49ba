//! Carries the steps of an undo out, or takes them back.

use std::{
    collections::HashMap,
    fs::File,
    os::fd::{AsFd, OwnedFd},
};

use hygie_acts::Place;
use hygie_model::{DirId, Metadata, NodeKind, Wall};
use hygie_platform::linux::handle::Handle;
use hygie_vault::{Reader, apply_metadata, content_of, read_metadata};
use rustix::{
    fs::{AtFlags, Gid, Mode, OFlags, Timespec, Timestamps, Uid},
    io::Errno,
};

use super::{
    folders::Emptied,
    ground::{Ground, here, is_free, rename_free},
    plan::{numbered, second_name},
    step::{Done, Kept, Look, Note, Step, Times, Trouble},
};

/// Forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Undoes what the family did.
    Undo,
    /// Takes the undo back.
    Redo,
}

/// Does what is left to do, in order, and tells `keep` how each step went once that is on the medium.
pub(crate) fn go(
    (reader, ground): (&Reader, &Ground),
    steps: &mut [(Step, Note)],
    way: Way,
    (stamp, now): (&str, Wall),
    keep: &mut dyn FnMut(usize, &Note) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut phases: Vec<Vec<usize>> = vec![Vec::new(); 7];
    for (nth, (step, _)) in steps.iter().enumerate() {
        phases[phase(step)].push(nth);
    }
    if way == Way::Redo {
        // Folders that went are needed again by what goes back, and their names may have been given to what was put.
        let removed = phases.pop().unwrap_or_default();
        phases.insert(REMOVED_AFTER, removed);
        phases.reverse();
        phases.iter_mut().for_each(|phase| phase.reverse());
    }
    let mut run = Run {
        reader,
        ground,
        steps,
        way,
        stamp,
        now,
    };
    for phase in phases {
        run.phase(&phase, way, keep)?;
    }
    if way == Way::Undo {
        run.finish_folders();
    }
    Ok(())
}

fn phase(step: &Step) -> usize {
    match step {
        Step::Quarantine { .. } => 0,
        Step::Beside { .. } => 1,
        Step::Move { .. } | Step::MakeFolder { .. } => 2,
        Step::Put { .. } => 3,
        Step::Link { .. } | Step::Missing { .. } => 4,
        Step::Attributes { .. } => 5,
        Step::RemoveFolder { .. } => 6,
    }
}

pub(super) type Keep<'a> = dyn FnMut(usize, &Note) -> anyhow::Result<()> + 'a;

pub(super) struct Run<'a> {
    reader: &'a Reader,
    ground: &'a Ground,
    pub(super) steps: &'a mut [(Step, Note)],
    way: Way,
    stamp: &'a str,
    now: Wall,
}

/// What came of a try.
pub(super) enum Tried {
    Done(Done),
    /// Something else has to be done first.
    Later(Trouble),
}

impl Run<'_> {
    /// Steps of one phase may wait for each other, such as two names that were exchanged: they are tried in turn until
    /// nothing moves any more.
    fn phase(&mut self, phase: &[usize], way: Way, keep: &mut Keep<'_>) -> anyhow::Result<()> {
        let wanted = |note: &Note| match way {
            Way::Undo => note.done == Done::No,
            Way::Redo => note.done != Done::No || note.kept.is_some(),
        };
        let mut left: Vec<usize> = phase
            .iter()
            .copied()
            .filter(|nth| wanted(&self.steps[*nth].1))
            .collect();
        let mut changed = left.clone();
        loop {
            let before = left.len();
            let mut later = Vec::new();
            for nth in left {
                let tried = match way {
                    Way::Undo => self.forth(nth, keep)?,
                    Way::Redo => self.back(nth, keep)?,
                };
                let note = &mut self.steps[nth].1;
                match tried {
                    Ok(Tried::Done(done)) => {
                        note.done = match way {
                            Way::Undo => done,
                            Way::Redo => Done::No,
                        };
                        note.why = None;
                    }
                    Ok(Tried::Later(why)) | Err(why) => {
                        note.why = Some(why);
                        // Done, but for something that trying again does not mend.
                        if way == Way::Redo || note.done == Done::No {
                            later.push(nth);
                        }
                    }
                }
            }
            left = later;
            if left.is_empty() || left.len() == before {
                break;
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        if let Err(why) = self.ground.sync() {
            anyhow::bail!("writing out what was undone: {why:?}");
        }
        changed.sort_unstable();
        for nth in changed {
            keep(nth, &self.steps[nth].1)?;
        }
        Ok(())
    }

    fn forth(&mut self, nth: usize, keep: &mut Keep<'_>) -> anyhow::Result<Result<Tried, Trouble>> {
        let step = self.steps[nth].0.clone();
        Ok(match step {
            Step::Quarantine { node, at } => self.quarantine(nth, node, &at),
            Step::Beside { node, at, to } => self.beside(nth, node, &at, &to),
            Step::Move { node, from, to, .. } => self.rename(nth, node, &from, &to),
            Step::MakeFolder { at, look, .. } => {
                return self.make_folder(nth, &at, look.as_ref(), keep);
            }
            Step::Put {
                kind,
                at,
                version,
                look,
                ..
            } => return self.put(nth, (kind, &at), version, &look, keep),
            Step::Link { node, at } => self.link(nth, node, &at),
            Step::Attributes { node, look, times } => {
                return self.attributes(nth, node, (&look, times), keep);
            }
            Step::RemoveFolder { node, at } => return self.remove_folder(nth, node, &at, keep),
            Step::Missing { .. } => Err(Trouble::NotKept),
        })
    }

    fn back(&mut self, nth: usize, keep: &mut Keep<'_>) -> anyhow::Result<Result<Tried, Trouble>> {
        if let Step::RemoveFolder { node, at } = self.steps[nth].0.clone() {
            if let Some(Kept(kept)) = self.steps[nth].1.kept.take() {
                return Ok(self.rename(nth, node, &kept, &at));
            }
            if self.steps[nth].1.done == Done::Yes {
                let was = self.steps[nth].1.was.clone();
                return self.new_folder(nth, &at, was.as_ref(), keep);
            }
            return Ok(Ok(Tried::Done(Done::Nothing)));
        }
        Ok(self.step_back(nth))
    }

    fn step_back(&mut self, nth: usize) -> Result<Tried, Trouble> {
        let step = self.steps[nth].0.clone();
        match step {
            Step::Quarantine { node, at } => {
                let (fs, handle) = self.handle(node)?;
                let (_, dir) = self.dir(at.dir)?;
                let pen = self.ground.pen(fs)?;
                let inside = nth.to_string();
                if here(pen, inside.as_bytes())? != Some(handle) {
                    return Ok(Tried::Done(Done::Nothing));
                }
                self.clear(nth, &dir, &at)?;
                rename_free((pen, inside.as_bytes()), (&dir, &at.name))?;
                Ok(Tried::Done(Done::Yes))
            }
            Step::Beside { node, at, to } => {
                let kept = self.steps[nth].1.kept.take().map_or(to, |kept| kept.0);
                self.rename(nth, node, &kept, &at)
            }
            Step::Move { node, from, to, .. } => {
                let aside = self.steps[nth].1.aside.take();
                let renamed = self.rename(nth, node, &to, &from);
                self.steps[nth].1.aside = aside;
                match renamed? {
                    Tried::Done(_) => self.aside_back(nth, &to),
                    later @ Tried::Later(_) => Ok(later),
                }
            }
            Step::MakeFolder { at, .. } => {
                if self.steps[nth].1.done == Done::Yes
                    && let Emptied::No = self.unmake_folder(nth, &at)?
                {
                    return Ok(Tried::Later(Trouble::NotEmpty));
                }
                if self.steps[nth].1.done == Done::Nothing {
                    // Somebody else's, which stays as it is also when this is undone once more.
                    self.steps[nth].1.made = None;
                }
                self.aside_back(nth, &at)
            }
            Step::Put { at, version, .. } => self.take_back(nth, &at, version),
            Step::Link { node, at } => {
                let (_, dir) = self.dir(at.dir)?;
                let (_, handle) = self.handle(node)?;
                if self.steps[nth].1.done == Done::Yes && here(&dir, &at.name)? == Some(handle) {
                    rustix::fs::unlinkat(&dir, &at.name[..], AtFlags::empty())?;
                }
                self.aside_back(nth, &at)
            }
            Step::Attributes { node, .. } => {
                let Some(was) = self.steps[nth].1.was.take() else {
                    return Ok(Tried::Done(Done::Nothing));
                };
                let file = self.open(node)?;
                let refused = apply_metadata(&file, &was.into());
                refused
                    .is_empty()
                    .then_some(Tried::Done(Done::Yes))
                    .ok_or(Trouble::NotSet)
            }
            Step::RemoveFolder { .. } | Step::Missing { .. } => Ok(Tried::Done(Done::Yes)),
        }
    }

    fn quarantine(&mut self, nth: usize, node: i64, at: &Place) -> Result<Tried, Trouble> {
        let (fs, handle) = self.handle(node)?;
        let pen = self.ground.pen(fs)?;
        let inside = nth.to_string();
        if here(pen, inside.as_bytes())?.as_ref() == Some(&handle) {
            return Ok(Tried::Done(Done::Yes));
        }
        let (_, dir) = self.dir(at.dir)?;
        if here(&dir, &at.name)?.as_ref() != Some(&handle) {
            // It is gone, or an honest program gave it another name since.
            return Ok(Tried::Done(Done::Nothing));
        }
        self.ground
            .note(fs, &self.evidence(&inside, &dir, at, fs, &handle))?;
        rename_free((&dir, &at.name), (pen, inside.as_bytes()))?;
        Ok(Tried::Done(Done::Yes))
    }

    /// A line of the quarantine's list.
    fn evidence(
        &self,
        inside: &str,
        dir: &OwnedFd,
        at: &Place,
        fs: i64,
        handle: &Handle,
    ) -> serde_json::Value {
        use std::os::unix::fs::MetadataExt;
        let proc = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(dir));
        let folder = std::fs::read_link(proc).unwrap_or_default();
        let name = String::from_utf8_lossy(&at.name).into_owned();
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file = self.ground.open(fs, handle, flags).ok();
        let stat = file.as_ref().and_then(|file| file.metadata().ok());
        let hash = file.as_ref().and_then(|file| content_of(file).ok());
        serde_json::json!({
            "kept_as": inside,
            "path": folder.join(name).to_string_lossy(),
            "blake3": hash.map(|hash| hash.to_string()),
            "bytes": stat.as_ref().map(MetadataExt::size),
            "uid": stat.as_ref().map(MetadataExt::uid),
            "gid": stat.as_ref().map(MetadataExt::gid),
            "at": self.now.to_rfc3339(),
        })
    }

    fn beside(&mut self, nth: usize, node: i64, at: &Place, to: &Place) -> Result<Tried, Trouble> {
        let (_, handle) = self.handle(node)?;
        let (_, beside) = self.dir(to.dir)?;
        for name in numbered(&to.name) {
            if here(&beside, &name)?.as_ref() == Some(&handle) {
                let dir = to.dir;
                self.steps[nth].1.kept = Some(Kept(Place { dir, name }));
                return Ok(Tried::Done(Done::Yes));
            }
            let (_, from) = self.dir(at.dir)?;
            if here(&from, &at.name)?.as_ref() != Some(&handle) {
                return Ok(Tried::Done(Done::Nothing));
            }
            match rename_free((&from, &at.name), (&beside, &name)) {
                Ok(()) => {
                    let dir = to.dir;
                    self.steps[nth].1.kept = Some(Kept(Place { dir, name }));
                    return Ok(Tried::Done(Done::Yes));
                }
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Trouble::Elsewhere)
    }

    fn rename(
        &mut self,
        nth: usize,
        node: i64,
        from: &Place,
        to: &Place,
    ) -> Result<Tried, Trouble> {
        let (_, handle) = self.handle(node)?;
        let (_, target) = self.dir(to.dir)?;
        if here(&target, &to.name)?.as_ref() == Some(&handle) {
            return Ok(Tried::Done(Done::Yes));
        }
        let (_, source) = self.dir(from.dir)?;
        let parked = parked(node);
        let mut found = None;
        for name in [&from.name, &parked] {
            if here(&source, name)?.as_ref() == Some(&handle) {
                found = Some(name.clone());
            }
        }
        let name = found.ok_or(Trouble::Elsewhere)?;
        self.clear(nth, &target, to)?;
        match rename_free((&source, &name), (&target, &to.name)) {
            Ok(()) => Ok(Tried::Done(Done::Yes)),
            // Into itself, as long as the other folder has not moved out.
            Err(error @ Errno::INVAL) => Ok(Tried::Later(error.into())),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a name free: what will move anyway waits under a name of its own, anything else is honest and goes beside.
    pub(super) fn clear(&mut self, nth: usize, dir: &OwnedFd, at: &Place) -> Result<(), Trouble> {
        let Some(there) = here(dir, &at.name)? else {
            return Ok(());
        };
        if let Some(node) = self.waits(nth, &there) {
            return Ok(rename_free((dir, &at.name), (dir, &parked(node)))?);
        }
        let kept = self.give_second(dir, &at.name, at)?;
        let note = &mut self.steps[nth].1;
        note.aside = Some((there.to_stored(), kept.0.name.clone()));
        note.kept = Some(kept);
        Ok(())
    }

    /// Renames to the first free second name of a place.
    pub(super) fn give_second(
        &self,
        dir: &OwnedFd,
        from: &[u8],
        at: &Place,
    ) -> Result<Kept, Trouble> {
        for name in numbered(&second_name(&at.name, self.stamp)) {
            match rename_free((dir, from), (dir, &name)) {
                Ok(()) => return Ok(Kept(Place { dir: at.dir, name })),
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Trouble::Elsewhere)
    }

    /// What went beside for the sake of a step goes back, where its name is free.
    fn aside_back(&mut self, nth: usize, at: &Place) -> Result<Tried, Trouble> {
        if let Some((handle, name)) = self.steps[nth].1.aside.take() {
            let (_, dir) = self.dir(at.dir)?;
            let same = here(&dir, &name)?.is_some_and(|there| there.to_stored() == handle);
            if same && is_free(&dir, &at.name) {
                rename_free((&dir, &name), (&dir, &at.name))?;
                self.steps[nth].1.kept = None;
            }
        }
        Ok(Tried::Done(Done::Yes))
    }

    /// Something that is to move or to go by another step.
    pub(super) fn waits(&self, nth: usize, there: &Handle) -> Option<i64> {
        let others = self.steps.iter().enumerate();
        others
            .filter(|(other, (step, note))| {
                let waits = match self.way {
                    Way::Undo => note.done == Done::No,
                    Way::Redo => note.done != Done::No,
                };
                let moves = match step {
                    Step::Move { .. } | Step::RemoveFolder { .. } => true,
                    Step::MakeFolder { .. } => self.way == Way::Redo,
                    Step::Quarantine { .. }
                    | Step::Beside { .. }
                    | Step::Put { .. }
                    | Step::Link { .. }
                    | Step::Attributes { .. }
                    | Step::Missing { .. } => false,
                };
                waits && moves && *other != nth
            })
            .map(|(_, (step, _))| step.node())
            .find(|node| self.handle(*node).is_ok_and(|(_, handle)| handle == *there))
    }

    fn put(
        &mut self,
        nth: usize,
        (kind, at): (NodeKind, &Place),
        version: i64,
        look: &Look,
        keep: &mut Keep<'_>,
    ) -> anyhow::Result<Result<Tried, Trouble>> {
        let mut prepare = || -> Result<Option<(OwnedFd, Put)>, Trouble> {
            let (fs, dir) = self.dir(at.dir)?;
            let made = self.steps[nth].1.made.as_deref();
            let made = made.and_then(Handle::from_stored);
            if made.is_some() && here(&dir, &at.name)? == made {
                return Ok(None);
            }
            let inside = format!("put-{nth}");
            let pen = self.ground.pen(fs)?;
            if made.is_some() && here(pen, inside.as_bytes())? == made {
                self.clear(nth, &dir, at)?;
                rename_free((pen, inside.as_bytes()), (&dir, &at.name))?;
                return Ok(None);
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
            Ok(Some((dir, Put { file })))
        };
        let (dir, put) = match prepare() {
            Ok(Some(ready)) => ready,
            Ok(None) => return Ok(Ok(Tried::Done(Done::Yes))),
            Err(why) => return Ok(Err(why)),
        };
        if kind == NodeKind::Symlink {
            return self.put_symlink(nth, (&dir, at), &put, look, keep);
        }
        let meta: Metadata = look.clone().into();
        let refused = apply_metadata(&put.file, &meta);
        let handle = put
            .file
            .sync_all()
            .and_then(|()| Handle::of(put.file.as_fd()));
        match handle {
            Ok(handle) => self.steps[nth].1.made = Some(handle.to_stored()),
            Err(error) => return Ok(Err(error.into())),
        }
        // Known before it has a name: whoever is killed now knows it again.
        keep(nth, &self.steps[nth].1)?;
        let placed = self
            .clear(nth, &dir, at)
            .and_then(|()| Ok(link(&put.file, &dir, &at.name)?));
        Ok(placed.and_then(|()| {
            if refused.is_empty() {
                Ok(Tried::Done(Done::Yes))
            } else {
                self.steps[nth].1.done = Done::Yes;
                Err(Trouble::NotSet)
            }
        }))
    }

    fn put_symlink(
        &mut self,
        nth: usize,
        (dir, at): (&OwnedFd, &Place),
        put: &Put,
        look: &Look,
        keep: &mut Keep<'_>,
    ) -> anyhow::Result<Result<Tried, Trouble>> {
        let name = fresh(self.steps[nth].0.node());
        let meta: Metadata = look.clone().into();
        match draft_symlink(dir, &name, &put.file, &meta) {
            Ok(handle) => self.steps[nth].1.made = Some(handle.to_stored()),
            Err(why) => return Ok(Err(why)),
        }
        keep(nth, &self.steps[nth].1)?;
        let placed = self
            .clear(nth, dir, at)
            .and_then(|()| Ok(rename_free((dir, &name), (dir, &at.name))?));
        Ok(placed.map(|()| Tried::Done(Done::Yes)))
    }

    /// What was put goes to the quarantine, or beside where somebody has changed it since.
    fn take_back(&mut self, nth: usize, at: &Place, version: i64) -> Result<Tried, Trouble> {
        let (fs, dir) = self.dir(at.dir)?;
        let made = self.steps[nth].1.made.as_deref();
        let made = made.and_then(Handle::from_stored);
        if made.is_some() && here(&dir, &at.name)? == made {
            let pen = self.ground.pen(fs)?;
            let inside = format!("put-{nth}");
            if self.is_as_put(&dir, at, version) {
                rename_free((&dir, &at.name), (pen, inside.as_bytes()))?;
            } else {
                self.steps[nth].1.made = None;
                self.give_second(&dir, &at.name, at)?;
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

    fn link(&mut self, nth: usize, node: i64, at: &Place) -> Result<Tried, Trouble> {
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

    fn attributes(
        &mut self,
        nth: usize,
        node: i64,
        (look, times): (&Look, Times),
        keep: &mut Keep<'_>,
    ) -> anyhow::Result<Result<Tried, Trouble>> {
        let looked = self
            .open(node)
            .and_then(|file| Ok((read_metadata(&file)?, file)));
        let (was, file) = match looked {
            Ok(looked) => looked,
            Err(why) => return Ok(Err(why)),
        };
        let mut meta: Metadata = look.clone().into();
        if times == Times::Present {
            (meta.mtime_ns, meta.atime_ns) = (was.mtime_ns, was.atime_ns);
        }
        if self.steps[nth].1.was.is_none() {
            self.steps[nth].1.was = Some(was.into());
            // Known before it is changed: whoever is killed now can still take it back.
            keep(nth, &self.steps[nth].1)?;
        }
        Ok(if apply_metadata(&file, &meta).is_empty() {
            Ok(Tried::Done(Done::Yes))
        } else {
            Err(Trouble::NotSet)
        })
    }

    /// A folder by its number: the one of before, or the one that was made in its place.
    pub(super) fn dir(&self, dir: DirId) -> Result<(i64, OwnedFd), Trouble> {
        let (fs, handle) = self.handle(dir.0)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY;
        match self.ground.open(fs, &handle, flags) {
            Ok(folder) => Ok((fs, folder.into())),
            Err(Trouble::Elsewhere) => Err(Trouble::FolderGone),
            Err(why) => Err(why),
        }
    }

    pub(super) fn open(&self, node: i64) -> Result<File, Trouble> {
        let (fs, handle) = self.handle(node)?;
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW;
        self.ground.open(fs, &handle, flags)
    }

    pub(super) fn handle(&self, node: i64) -> Result<(i64, Handle), Trouble> {
        let facts = self
            .reader
            .node(node.abs())
            .map_err(std::io::Error::other)?;
        let facts = facts.ok_or(Trouble::Elsewhere)?;
        let made: HashMap<i64, &[u8]> = self
            .steps
            .iter()
            .filter(|(step, note)| match step {
                Step::MakeFolder { .. } | Step::RemoveFolder { .. } => note.made.is_some(),
                Step::Put { .. } => note.done != Done::No,
                Step::Quarantine { .. }
                | Step::Beside { .. }
                | Step::Move { .. }
                | Step::Link { .. }
                | Step::Attributes { .. }
                | Step::Missing { .. } => false,
            })
            .filter_map(|(step, note)| Some((step.node(), note.made.as_deref()?)))
            .collect();
        let bytes = made.get(&node).copied().unwrap_or(&facts.handle);
        let handle = Handle::from_stored(bytes).ok_or(Trouble::Elsewhere)?;
        Ok((facts.fs, handle))
    }
}

struct Put {
    file: File,
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

/// Where something waits whose name another thing needs.
pub(super) fn parked(node: i64) -> Vec<u8> {
    format!(".hygie-undo-{node}").into_bytes()
}

/// Under what name something is made before it gets its own.
pub(super) fn fresh(node: i64) -> Vec<u8> {
    format!(".hygie-undo-new-{node}").into_bytes()
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

/// Taken back between what was put and what was renamed.
const REMOVED_AFTER: usize = 3;
const LONGEST_TARGET: usize = 4096;
