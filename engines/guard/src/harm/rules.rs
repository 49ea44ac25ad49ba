//! What people allowed: scoped to person, program, folder and kind of act, with an end.
//! A rule takes evidence away before it is counted; it gives no standing for anything else.

use std::collections::BTreeMap;

use hygie_model::{DirId, Mono};

use super::{
    judge::Marks,
    signal::Signal,
    words::{Class, Doing, Process, Rule, RuleId, RuleRefusal},
};

/// The rules in force.
#[derive(Debug, Default)]
pub(super) struct Rules {
    rules: BTreeMap<RuleId, Rule>,
    numbered: u64,
}

impl Rules {
    pub(super) fn add(&mut self, rule: Rule, now: Mono) -> Result<RuleId, RuleRefusal> {
        match (rule.program.class, rule.program.script) {
            (Class::Archiver, _) => return Err(RuleRefusal::Archiver),
            (Class::Interpreter, None) => return Err(RuleRefusal::InterpreterWithoutScript),
            _ if rule.until <= now => return Err(RuleRefusal::Ended),
            _ => {}
        }
        self.numbered += 1;
        let id = RuleId(self.numbered);
        self.rules.insert(id, rule);
        Ok(id)
    }

    pub(super) fn remove(&mut self, id: RuleId) {
        self.rules.remove(&id);
    }

    pub(super) fn expire(&mut self, now: Mono) {
        self.rules.retain(|_, rule| now < rule.until);
    }

    /// Whether this act needs no excuse.
    pub(super) fn allow(
        &self,
        process: Option<Process>,
        folders: &[DirId],
        doing: Doing,
        now: Mono,
    ) -> bool {
        let Some(process) = process else {
            return false;
        };
        self.rules.values().any(|rule| {
            rule.doing == doing
                && now < rule.until
                && rule.person == process.person
                && rule.program == process.program
                && folders.contains(&rule.folder)
        })
    }

    /// What is left of the marks.
    pub(super) fn sieve(
        &self,
        marks: Marks,
        process: Option<Process>,
        folders: &[DirId],
        now: Mono,
    ) -> Marks {
        if self.rules.is_empty() {
            return marks;
        }
        Signal::ALL.into_iter().fold(marks, |marks, signal| {
            if marks.get(signal) > 0 && self.allow(process, folders, doing(signal), now) {
                marks.without(signal)
            } else {
                marks
            }
        })
    }
}

/// To which kind of act a signal of one file belongs.
fn doing(signal: Signal) -> Doing {
    match signal {
        Signal::KindLost
        | Signal::KindChanged
        | Signal::EntropyRose
        | Signal::Unlike
        | Signal::Stirred
        | Signal::Torn
        | Signal::Emptied => Doing::Change,
        Signal::Deleted
        | Signal::DeletedByTool
        | Signal::BackupsDeleted
        | Signal::Displaced
        | Signal::Swallowed => Doing::Delete,
        Signal::NameLost | Signal::ExtensionLost => Doing::Rename,
        Signal::SealedMade
        | Signal::Notes
        | Signal::Folders
        | Signal::Kinds
        | Signal::KindsRead
        | Signal::Pace => Doing::Make,
    }
}
