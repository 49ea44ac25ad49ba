//! The steps of an undo that give attributes back.

use hygie_model::Metadata;
use hygie_vault::{apply_metadata, read_metadata};

use super::{
    run::{Run, Tried},
    step::{Done, Look, Times, Trouble},
};

impl Run<'_> {
    pub(super) fn attributes(
        &mut self,
        nth: usize,
        node: i64,
        (look, times): (&Look, Times),
    ) -> Result<Tried, Trouble> {
        let file = self.open(node)?;
        let was = read_metadata(&file)?;
        let mut meta: Metadata = look.clone().into();
        if times == Times::Present {
            (meta.mtime_ns, meta.atime_ns) = (was.mtime_ns, was.atime_ns);
        }
        if self.steps[nth].1.was.is_none() {
            self.steps[nth].1.was = Some(was.into());
            // Known before it is changed: whoever is killed now can still take it back.
            self.note(nth)?;
        }
        let refused = apply_metadata(&file, &meta);
        refused
            .is_empty()
            .then_some(Tried::Done(Done::Yes))
            .ok_or(Trouble::NotSet)
    }

    pub(super) fn attributes_back(&mut self, nth: usize, node: i64) -> Result<Tried, Trouble> {
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
}
