//! Carries the steps of an undo out, or takes them back.

use std::{
    collections::{BTreeSet, HashSet},
    fs::File,
    os::fd::OwnedFd,
};

use hygie_model::{DirId, Wall};
use hygie_platform::linux::handle::Handle;
use hygie_vault::Reader;
use rustix::fs::OFlags;

use super::{
    folders::Emptied,
    ground::Ground,
    makers::Makers,
    names::Moved,
    step::{Done, Kept, Naming, Note, Step, Trouble},
};

/// Forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Undoes what the family did.
    Undo,
    /// Takes the undo back.
    Redo,
}

/// Notes on the medium how a step went.
type Keep<'a> = dyn FnMut(usize, &Note) -> anyhow::Result<()> + 'a;

/// Does what is left to do, in order, and tells `keep` how each step went once that is on the medium.
pub(crate) fn go(
    (reader, ground): (&Reader, &Ground),
    steps: &mut [(Step, Note)],
    way: Way,
    (stamp, now): (&str, Wall),
    keep: &mut Keep<'_>,
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
        makers: Makers::of(steps),
        steps,
        way,
        stamp,
        now,
        over: HashSet::new(),
        lent: Vec::new(),
        keep,
        failed: None,
    };
    for phase in phases {
        run.phase(&phase)?;
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

pub(super) struct Run<'a> {
    pub(super) reader: &'a Reader,
    pub(super) ground: &'a Ground,
    pub(super) steps: &'a mut [(Step, Note)],
    makers: Makers,
    pub(super) way: Way,
    pub(super) stamp: &'a str,
    pub(super) now: Wall,
    /// Steps whose phase is over: they wait for nothing any more.
    pub(super) over: HashSet<usize>,
    /// Folders of somebody else that stood for one that was to be made.
    lent: Vec<usize>,
    keep: &'a mut Keep<'a>,
    /// Why a step could not be noted: nothing goes on then.
    failed: Option<anyhow::Error>,
}

/// What came of a try.
pub(super) enum Tried {
    Done(Done),
    /// Something else has to be done first.
    Later(Trouble),
}

/// Whether a step is settled for this run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Done,
    Later,
}

impl Run<'_> {
    /// Tries the steps of one phase, and has on the medium what came of it before it is noted.
    fn phase(&mut self, phase: &[usize]) -> anyhow::Result<()> {
        let wanted = |note: &Note| match self.way {
            Way::Undo => note.done == Done::No,
            Way::Redo => note.done != Done::No || note.kept.is_some() || note.stray.is_some(),
        };
        let (tried, others): (Vec<usize>, Vec<usize>) =
            phase.iter().partition(|nth| wanted(&self.steps[**nth].1));
        let mut waiting = self.in_turn(&tried)?;
        for nth in std::mem::take(&mut self.lent) {
            self.steps[nth].1.made = None;
        }
        self.over.extend(phase);
        let mut changed: BTreeSet<usize> = tried.into_iter().collect();
        if self.way == Way::Redo {
            // An undo that was killed may have left them waiting.
            waiting.extend(others);
        }
        for nth in waiting {
            let moved = self.unpark(nth);
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            match moved {
                Ok(Moved::Yes) => drop(changed.insert(nth)),
                Ok(Moved::No) => {}
                Err(why) => {
                    self.steps[nth].1.why.get_or_insert(why);
                }
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        if let Err(why) = self.ground.sync() {
            anyhow::bail!("writing out what was undone: {why:?}");
        }
        for nth in changed {
            (self.keep)(nth, &self.steps[nth].1)?;
        }
        Ok(())
    }

    /// Steps of one phase may wait for each other, such as two names that were exchanged: they are tried in turn until
    /// nothing moves any more. Gives those that could not be done.
    fn in_turn(&mut self, phase: &[usize]) -> anyhow::Result<Vec<usize>> {
        let mut left = phase.to_vec();
        loop {
            let before = left.len();
            let mut later = Vec::new();
            for nth in left {
                let tried = match self.way {
                    Way::Undo => self.forth(nth),
                    Way::Redo => self.back(nth),
                };
                if let Some(error) = self.failed.take() {
                    return Err(error);
                }
                if self.came_of(nth, tried) == Came::Later {
                    later.push(nth);
                }
            }
            left = later;
            if left.is_empty() || left.len() == before {
                return Ok(left);
            }
        }
    }

    fn came_of(&mut self, nth: usize, tried: Result<Tried, Trouble>) -> Came {
        let (step, note) = &mut self.steps[nth];
        match (tried, self.way) {
            (Ok(Tried::Done(done)), way) => {
                note.why = None;
                let second = step.naming() == Naming::Second;
                match way {
                    Way::Undo => {
                        note.done = done;
                        if second && note.kept.is_none() {
                            note.kept = step.place().cloned().map(Kept);
                        }
                    }
                    Way::Redo => {
                        note.done = Done::No;
                        if second {
                            note.kept = None;
                        }
                    }
                }
                Came::Done
            }
            (Ok(Tried::Later(why)) | Err(why), way) => {
                note.why = Some(why);
                // Done, but for something that trying again does not mend.
                if way == Way::Redo || note.done == Done::No {
                    Came::Later
                } else {
                    Came::Done
                }
            }
        }
    }

    /// Notes in the middle of a step, before what whoever is killed now could not tell otherwise.
    pub(super) fn note(&mut self, nth: usize) -> Result<(), Trouble> {
        (self.keep)(nth, &self.steps[nth].1).map_err(|error| {
            let said = error.to_string();
            self.failed = Some(error);
            Trouble::System { said }
        })
    }

    fn forth(&mut self, nth: usize) -> Result<Tried, Trouble> {
        match self.steps[nth].0.clone() {
            Step::Quarantine { node, at } => self.quarantine(nth, node, &at),
            Step::Beside { node, at, to } => self.beside(nth, node, &at, &to),
            Step::Move { node, from, to, .. } => self.rename(nth, node, &from, &to),
            Step::MakeFolder { at, look, .. } => self.make_folder(nth, &at, look.as_ref()),
            Step::Put {
                kind,
                at,
                version,
                look,
                ..
            } => self.put(nth, (kind, &at), version, &look),
            Step::Link { node, at, .. } => self.link(nth, node, &at),
            Step::Attributes { node, look, times } => self.attributes(nth, node, (&look, times)),
            Step::RemoveFolder { node, at } => self.remove_folder(nth, node, &at),
            Step::Missing { .. } => Err(Trouble::NotKept),
        }
    }

    fn back(&mut self, nth: usize) -> Result<Tried, Trouble> {
        match self.steps[nth].0.clone() {
            Step::Quarantine { node, at } => self.release(nth, node, &at),
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
                    // Somebody else's, which stays as it is also when this is undone once more; what was made in it goes first.
                    self.lent.push(nth);
                }
                self.aside_back(nth, &at)
            }
            Step::Put { at, version, .. } => self.take_back(nth, &at, version),
            Step::Link { node, at, .. } => self.unlink(nth, node, &at),
            Step::Attributes { node, .. } => self.attributes_back(nth, node),
            Step::RemoveFolder { node, at } => {
                if let Some(Kept(kept)) = self.steps[nth].1.kept.take() {
                    return self.rename(nth, node, &kept, &at);
                }
                if self.steps[nth].1.done == Done::Yes {
                    let was = self.steps[nth].1.was.clone();
                    return self.new_folder(nth, &at, was.as_ref());
                }
                Ok(Tried::Done(Done::Nothing))
            }
            Step::Missing { .. } => Ok(Tried::Done(Done::Yes)),
        }
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
        let number = node.checked_abs().ok_or(Trouble::Elsewhere)?;
        let facts = self.reader.node(number).map_err(std::io::Error::other)?;
        let facts = facts.ok_or(Trouble::Elsewhere)?;
        let made = self.makers.made(node, self.steps);
        let bytes = made.unwrap_or(&facts.handle);
        let handle = Handle::from_stored(bytes).ok_or(Trouble::Elsewhere)?;
        Ok((facts.fs, handle))
    }
}

/// Taken back between what was put and what was renamed.
const REMOVED_AFTER: usize = 3;
