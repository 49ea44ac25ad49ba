//! The steps of an undo that give names back, and how a name is made free for them.

use std::os::fd::OwnedFd;

use hygie_acts::Place;
use hygie_platform::linux::handle::Handle;
use rustix::io::Errno;

use super::{
    ground::{here, is_free, rename_free},
    plan::{numbered, second_name},
    run::{Run, Tried, Way},
    step::{Done, Kept, Note, Step, Trouble},
};

impl Run<'_> {
    pub(super) fn beside(
        &mut self,
        nth: usize,
        node: i64,
        at: &Place,
        to: &Place,
    ) -> Result<Tried, Trouble> {
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

    pub(super) fn rename(
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
        let Some((source, name)) = self.wherever(nth, &handle, from)? else {
            return Err(Trouble::Elsewhere);
        };
        self.clear(nth, &target, to)?;
        match rename_free((&source, &name), (&target, &to.name)) {
            Ok(()) => {
                let note = &mut self.steps[nth].1;
                if note
                    .stray
                    .take()
                    .is_some_and(|stray| note.kept == Some(stray))
                {
                    note.kept = None;
                }
                Ok(Tried::Done(Done::Yes))
            }
            // Into itself, as long as the other folder has not moved out.
            Err(error @ Errno::INVAL) => Ok(Tried::Later(error.into())),
            Err(error) => Err(error.into()),
        }
    }

    /// Under its name, or where it waits.
    fn wherever(
        &self,
        nth: usize,
        handle: &Handle,
        at: &Place,
    ) -> Result<Option<(OwnedFd, Vec<u8>)>, Trouble> {
        let stray = self.steps[nth].1.stray.clone().map(|stray| stray.0);
        let parked = Place {
            dir: at.dir,
            name: parked(nth),
        };
        for place in [Some(at.clone()), Some(parked), stray]
            .into_iter()
            .flatten()
        {
            let (_, dir) = self.dir(place.dir)?;
            if here(&dir, &place.name)?.as_ref() == Some(handle) {
                return Ok(Some((dir, place.name)));
            }
        }
        Ok(None)
    }

    /// Makes a name free: what will move anyway waits under a name of its own, anything else is honest and goes beside.
    pub(super) fn clear(&mut self, nth: usize, dir: &OwnedFd, at: &Place) -> Result<(), Trouble> {
        let Some(there) = here(dir, &at.name)? else {
            return Ok(());
        };
        if let Some(other) = self.waits(nth, at, &there) {
            return Ok(rename_free((dir, &at.name), (dir, &parked(other)))?);
        }
        self.give_second(nth, dir, (&at.name, at), |note, kept| {
            note.aside = Some((there.to_stored(), kept.0.name.clone()));
            note.kept = Some(kept);
        })
    }

    /// What still waits under a name of the undo's own gets its last name back, or a second one beside whatever has that
    /// by now.
    pub(super) fn unpark(&mut self, nth: usize) -> Result<Moved, Trouble> {
        let (step, note) = &self.steps[nth];
        let (node, places) = match step {
            Step::Move { node, from, to, .. } => (*node, vec![from.clone(), to.clone()]),
            Step::MakeFolder { node, at, .. } | Step::RemoveFolder { node, at } => {
                (*node, vec![at.clone()])
            }
            Step::Quarantine { .. }
            | Step::Beside { .. }
            | Step::Put { .. }
            | Step::Link { .. }
            | Step::Attributes { .. }
            | Step::Missing { .. } => return Ok(Moved::No),
        };
        let makes = matches!(step, Step::MakeFolder { .. }) && note.done == Done::Yes;
        let (_, handle) = self.handle(node)?;
        let waiting = parked(nth);
        for at in places {
            let (_, dir) = self.dir(at.dir)?;
            if here(&dir, &waiting)?.as_ref() != Some(&handle) {
                continue;
            }
            match rename_free((&dir, &waiting), (&dir, &at.name)) {
                Ok(()) => {}
                Err(Errno::EXIST) => {
                    self.give_second(nth, &dir, (&waiting, &at), |note, kept| {
                        if makes {
                            // It is its user's by now: the next undo makes another one.
                            note.done = Done::No;
                        } else {
                            note.kept.get_or_insert_with(|| kept.clone());
                            note.stray = Some(kept);
                        }
                    })?;
                }
                Err(error) => return Err(error.into()),
            }
            return Ok(Moved::Yes);
        }
        Ok(Moved::No)
    }

    /// Renames to the first free second name of a place. It is known before: whoever is killed now can still tell it and
    /// find it there.
    pub(super) fn give_second(
        &mut self,
        nth: usize,
        dir: &OwnedFd,
        (from, at): (&[u8], &Place),
        know: impl Fn(&mut Note, Kept),
    ) -> Result<(), Trouble> {
        for name in numbered(&second_name(&at.name, self.stamp)) {
            if !is_free(dir, &name) {
                continue;
            }
            let kept = Place {
                dir: at.dir,
                name: name.clone(),
            };
            know(&mut self.steps[nth].1, Kept(kept));
            self.note(nth)?;
            match rename_free((dir, from), (dir, &name)) {
                Ok(()) => return Ok(()),
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Trouble::Elsewhere)
    }

    /// What went beside for the sake of a step goes back, where its name is free.
    pub(super) fn aside_back(&mut self, nth: usize, at: &Place) -> Result<Tried, Trouble> {
        if let Some((handle, name)) = self.steps[nth].1.aside.take() {
            let (_, dir) = self.dir(at.dir)?;
            let there = here(&dir, &name)?;
            let same = there
                .as_ref()
                .is_some_and(|there| there.to_stored() == handle);
            let second = Place {
                dir: at.dir,
                name: name.clone(),
            };
            if let Some(there) = there.filter(|_| !same)
                && self.waits(nth, &second, &there).is_some()
            {
                // What stands there made it go once more, and brings it back when it goes itself.
                self.steps[nth].1.aside = Some((handle, name));
                return Ok(Tried::Later(Trouble::Elsewhere));
            }
            if same && is_free(&dir, &at.name) {
                rename_free((&dir, &name), (&dir, &at.name))?;
                self.steps[nth].1.kept = None;
            }
        }
        Ok(Tried::Done(Done::Yes))
    }

    /// One folder may have two numbers: somebody made it again.
    fn is_same(&self, one: &Place, other: &Place) -> bool {
        let same_folder = || {
            let (one, other) = (self.handle(one.dir.0), self.handle(other.dir.0));
            matches!((one, other), (Ok(one), Ok(other)) if one == other)
        };
        one.name == other.name && (one.dir == other.dir || same_folder())
    }

    /// The step by which what stands at a place is to move or to go.
    pub(super) fn waits(&self, nth: usize, at: &Place, there: &Handle) -> Option<usize> {
        let waits = |other: usize, (step, note): &(Step, Note)| {
            let from = match (step, self.way) {
                (Step::Move { from, .. }, Way::Undo) => from,
                (Step::Move { to, .. }, Way::Redo) => to,
                (Step::RemoveFolder { at, .. }, Way::Undo)
                | (Step::MakeFolder { at, .. }, Way::Redo) => at,
                _ => return false,
            };
            let is_done = match self.way {
                Way::Undo => note.done != Done::No,
                Way::Redo => note.done == Done::No,
            };
            other != nth && !is_done && !self.over.contains(&other) && self.is_same(from, at)
        };
        self.steps
            .iter()
            .enumerate()
            .filter(|(other, step)| waits(*other, step))
            .find(|(_, (step, _))| {
                self.handle(step.node())
                    .is_ok_and(|(_, handle)| handle == *there)
            })
            .map(|(other, _)| other)
    }
}

/// Whether something was still waiting.
pub(super) enum Moved {
    Yes,
    No,
}

/// Where something waits whose name another thing needs.
pub(super) fn parked(nth: usize) -> Vec<u8> {
    format!(".hygie-undo-{nth}").into_bytes()
}
