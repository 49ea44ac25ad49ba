//! The live status: asks the guard for its news, and shows each once.

use std::time::Duration;

use hygie_agent::{
    StateDir,
    door::{Caller, Question, Reply},
    guard::Status,
};
use hygie_model::{Cause, CopyCounts, IncidentState, Protection, UpEvent, Wall};
use hygie_platform::clock;
use hygie_text::{Args, Id};

use crate::commands::Context;

/// What was shown so far.
pub(crate) struct Shown {
    begun: bool,
    caller: Option<Caller>,
    next: usize,
    began: Wall,
    copied: Option<CopyCounts>,
    ready: Option<Wall>,
}

impl Shown {
    pub(crate) fn new() -> Self {
        Self {
            begun: false,
            caller: None,
            next: 0,
            began: clock::wall(),
            copied: None,
            ready: None,
        }
    }

    /// Whether a guard has answered.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Whether the first copies are done.
    pub(crate) fn is_copied(&self) -> bool {
        self.copied.is_some()
    }

    /// Tells a state that the guard cannot tell any more.
    pub(crate) fn tell_state(context: &Context<'_>, cause: Cause) {
        let at = clock::wall();
        let protection = Protection::NotProtected { since: at, cause };
        tell(context, &UpEvent::State { at, protection });
    }

    /// Shows what is new; waits a little for it.
    pub(crate) fn follow(&mut self, context: &Context<'_>, state: &StateDir) {
        let Some(caller) = &mut self.caller else {
            match Caller::knock(&state.socket()) {
                Ok(caller) => {
                    self.caller = Some(caller);
                    self.next = 0;
                }
                Err(_) => std::thread::sleep(KNOCK_AGAIN),
            }
            return;
        };
        match caller.ask(&Question::Events { from: self.next }) {
            Ok(Reply::Events { events, next }) => {
                self.next = next;
                self.begun = true;
                for event in events {
                    self.show(context, &event);
                }
            }
            _ => {
                if self.has_begun() {
                    Self::tell_state(context, Cause::GuardGone);
                }
                self.caller = None;
                return;
            }
        }
        if let Some(caller) = &mut self.caller
            && let Ok(Reply::Status(status)) = caller.ask(&Question::Status)
        {
            if self.is_copied() {
                watching(context, &status);
            } else {
                self.progress(context, status.counts);
            }
        }
    }

    fn show(&mut self, context: &Context<'_>, event: &UpEvent) {
        let screen = context.screen;
        let since = |from: Wall, at: Wall| {
            Duration::from_nanos(u64::try_from(at.0.saturating_sub(from.0)).unwrap_or(0))
        };
        match event {
            UpEvent::Ready { at, files } => {
                screen.wipe();
                self.ready = Some(*at);
                let spent = since(self.began, *at);
                screen.say(
                    Id::UpLinked,
                    &Args::new().count("files", *files).spent("spent", spent),
                );
            }
            UpEvent::Copied { at, counts } => {
                screen.wipe();
                self.copied = Some(*counts);
                let spent = since(self.ready.unwrap_or(self.began), *at);
                let args = Args::new()
                    .count("files", counts.files)
                    .bytes("bytes", counts.bytes);
                screen.say(Id::UpCopied, &args.spent("spent", spent));
                screen.say(Id::UpHowToStop, &Args::new());
            }
            UpEvent::Incident { id, state, .. } => {
                screen.wipe();
                let said = match state {
                    IncidentState::Stopped => Id::UpIncidentStopped,
                    IncidentState::EndedEvidenceKept => Id::UpIncidentEnded,
                    IncidentState::Undone => Id::UpIncidentUndone,
                    IncidentState::Allowed => Id::UpIncidentAllowed,
                };
                screen.say(said, &Args::new().count("incident", *id));
            }
            UpEvent::Progress { .. } | UpEvent::State { .. } => {}
        }
        tell(context, event);
    }

    fn progress(&self, context: &Context<'_>, counts: CopyCounts) {
        let screen = context.screen;
        let Some(ready) = self.ready else {
            let args = Args::new()
                .count("done", counts.files)
                .count("files", counts.files);
            return screen.passing(Id::UpLinking, &args);
        };
        let args = Args::new()
            .count("copied", counts.copied)
            .count("files", counts.files);
        let args = args
            .bytes("copied_bytes", counts.copied_bytes)
            .bytes("bytes", counts.bytes);
        match left(ready, counts) {
            Some(left) => screen.passing(Id::UpCopying, &args.left("left", left)),
            None => screen.passing(Id::UpCopyingUntimed, &args),
        }
        let event = UpEvent::Progress {
            at: clock::wall(),
            counts,
        };
        if let Ok(value) = serde_json::to_value(event) {
            screen.json("up", value);
        }
    }
}

/// The calm line of the watch.
fn watching(context: &Context<'_>, status: &Status) {
    let args = Args::new()
        .count("files", status.counts.files)
        .count("versions", status.versions);
    match status.last_event {
        Some(last) => context
            .screen
            .passing(Id::UpWatching, &args.moment("last", last)),
        None => context.screen.passing(Id::UpWatchingQuiet, &args),
    }
}

/// Time left at the pace so far, once there is a pace.
fn left(ready: Wall, counts: CopyCounts) -> Option<Duration> {
    let spent = u64::try_from(clock::wall().0.saturating_sub(ready.0)).ok()?;
    let rest = counts.bytes.checked_sub(counts.copied_bytes)?;
    let nanos = u128::from(spent) * u128::from(rest) / u128::from(counts.copied_bytes).max(1);
    (counts.copied_bytes > 0)
        .then(|| Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)))
}

fn tell(context: &Context<'_>, event: &UpEvent) {
    if let UpEvent::State { protection, .. } = event {
        context.screen.wipe();
        for line in context.screen.catalog().protection(protection) {
            context.screen.explained(&line);
        }
    }
    if let Ok(value) = serde_json::to_value(event) {
        context.screen.json("up", value);
    }
}

const KNOCK_AGAIN: Duration = Duration::from_millis(50);
