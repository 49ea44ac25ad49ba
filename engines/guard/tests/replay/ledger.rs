//! Keeps a trace honest: only a copy that was asked for may be done, and every held call is answered once.

use std::collections::{BTreeMap, BTreeSet};

use hygie_guard::{Action, Ask, CopyOutcome, State, Urgency};
use hygie_model::FileId;

/// What is under way between the law and the machine that the trace plays.
#[derive(Default)]
pub(crate) struct Ledger {
    copies: BTreeMap<FileId, (State, Urgency)>,
    held: BTreeSet<Ask>,
}

impl Ledger {
    /// A call is held from here on.
    pub(crate) fn hold(&mut self, ask: Ask) -> Result<(), String> {
        let new = self.held.insert(ask);
        new.then_some(())
            .ok_or_else(|| format!("a{} is held already", ask.0))
    }

    /// A copy came to its end.
    pub(crate) fn copied(
        &mut self,
        file: FileId,
        state: State,
        outcome: CopyOutcome,
    ) -> Result<(), String> {
        let asked = self.copies.remove(&file);
        let Some((_, urgency)) = asked.filter(|(asked, _)| *asked == state) else {
            return Err(format!(
                "no copy of f{} s{} was asked for: {asked:?}",
                file.0, state.0
            ));
        };
        if outcome == CopyOutcome::Busy && urgency != Urgency::Settle {
            return Err("only a copy that was asked to wait for rest finds it busy".into());
        }
        Ok(())
    }

    /// The law did this.
    pub(crate) fn did(&mut self, action: &Action) -> Result<(), String> {
        match action {
            Action::Answer(ask, _) if !self.held.remove(ask) => {
                return Err(format!("a{} is answered but not held", ask.0));
            }
            Action::Copy(file, state, urgency) => {
                self.copies.insert(*file, (*state, *urgency));
            }
            Action::Hurry(file, urgency) => {
                let copy = self.copies.get_mut(file);
                let (_, now) = copy.ok_or_else(|| format!("no copy of f{} to hurry", file.0))?;
                *now = *urgency;
            }
            Action::Answer(..)
            | Action::MarkNear(_)
            | Action::UnmarkNear(_)
            | Action::IgnoreWide(_)
            | Action::HeedWide(_)
            | Action::Link(_)
            | Action::Unlink(_)
            | Action::Release(_)
            | Action::Yield(_)
            | Action::Forget(_)
            | Action::Tell(_) => {}
        }
        Ok(())
    }

    /// The trace ends: nobody waits any more.
    pub(crate) fn close(self) -> Result<(), String> {
        let left: Vec<_> = self.held.iter().map(|ask| format!("a{}", ask.0)).collect();
        left.is_empty()
            .then_some(())
            .ok_or_else(|| format!("{} never got an answer", left.join(", ")))
    }
}
