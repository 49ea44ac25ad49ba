//! What was asked of another device about an incident, and what came of it by the device's own word.

use hygie_model::Wall;
use hygie_store::Command;
use hygie_text::{Args, console::Incidents};
use hygie_wire::{Came, Count, Deed, Outcome};

use super::afar::There;
use crate::web::visitor::Visitor;

/// As it is read.
pub(super) struct Told {
    pub(super) class: &'static str,
    pub(super) title: String,
    pub(super) state: String,
    pub(super) more: Option<String>,
}

/// The last thing that was asked; none where nothing was.
pub(super) fn told(visitor: &Visitor, there: &There, now: Wall) -> Option<Told> {
    let speech = &visitor.speech;
    let (command, deed) = there.asked.first()?;
    let title = match deed {
        Deed::Undo { .. } => Incidents::AfarUndoAsked,
        Deed::Redo { .. } => Incidents::AfarRedoAsked,
        Deed::Freeze { .. } => Incidents::AfarFreezeAsked,
        Deed::RestoreSome { .. } => Incidents::AfarRestoreAsked,
        Deed::Confirm { .. } => Incidents::AfarAllowAsked,
        Deed::Restore { .. } => Incidents::AfarOtherAsked,
    };
    let (class, state) = match deed {
        Deed::RestoreSome { .. } => given_back(visitor, &there.asked, now),
        Deed::Undo { .. }
        | Deed::Redo { .. }
        | Deed::Freeze { .. }
        | Deed::Restore { .. }
        | Deed::Confirm { .. } => came(visitor, (command, deed), now),
    };
    // Whoever waits wants to know for whom.
    let is_open = there
        .asked
        .iter()
        .any(|(command, _)| command.done.is_none());
    let more = is_open.then(|| match there.device.seen {
        Some(seen) => speech.say(Incidents::AfarSeen, &Args::new().moment("seen", seen)),
        None => speech.word(Incidents::AfarNeverSeen),
    });
    Some(Told {
        class,
        title: speech.say(title, &Args::new().moment("made", command.made)),
        state,
        more,
    })
}

/// One command.
fn came(
    visitor: &Visitor,
    (command, deed): (&Command, &Deed),
    now: Wall,
) -> (&'static str, String) {
    let number = deed.about().unwrap_or(0);
    let is_signed = matches!(deed, Deed::Confirm { .. });
    let came = command.outcome.as_ref().map(|kept| kept.get::<Came>());
    let at = command.done.unwrap_or(command.command.expires);
    let args = Args::new().count("number", number).moment("at", at);
    let (class, state) = match came {
        None if command.command.expires > now => ("card--wait", Incidents::AfarWaits),
        None => ("card--wait", Incidents::AfarNoWord),
        Some(Ok(Came {
            outcome: Outcome::Done,
            count: Some(count),
        })) => {
            let args = counted(args, count);
            return ("", visitor.speech.say(Incidents::AfarDoneCount, &args));
        }
        Some(Ok(came)) => match came.outcome {
            Outcome::Done => ("", Incidents::AfarDone),
            Outcome::Partial => ("card--wait", Incidents::AfarPartial),
            Outcome::Failed => ("card--wait", Incidents::AfarNotDone),
            Outcome::Expired if is_signed => ("card--wait", Incidents::AfarSignedLate),
            Outcome::Refused if is_signed => ("card--wait", Incidents::AfarSignedNot),
            Outcome::Expired => ("card--wait", Incidents::AfarExpired),
            Outcome::Refused => ("card--wait", Incidents::AfarRefused),
        },
        Some(Err(_)) => ("card--wait", Incidents::AfarRefused),
    };
    (class, visitor.speech.say(state, &args))
}

/// Files of one click, which went in several commands: how far it is, or what came of all.
fn given_back(visitor: &Visitor, asked: &[(Command, Deed)], now: Wall) -> (&'static str, String) {
    let mut all = Count { done: 0, of: 0 };
    let (mut is_open, mut newest) = (false, None);
    for (command, deed) in asked {
        if let Deed::RestoreSome { versions, .. } = deed {
            all.of += versions.len() as u64;
        }
        is_open |= command.done.is_none() && command.command.expires > now;
        newest = newest.max(command.done);
        let came = command.outcome.as_ref().map(|kept| kept.get::<Came>());
        if let Some(Ok(Came {
            count: Some(count), ..
        })) = came
        {
            all.done += count.done;
        }
    }
    let (class, state) = match is_open {
        true => ("card--wait", Incidents::AfarRestoreGoesOn),
        false if all.done == all.of => ("", Incidents::AfarRestoreDone),
        false => ("card--wait", Incidents::AfarRestoreSome),
    };
    let args = Args::new().moment("at", newest.unwrap_or(now));
    (class, visitor.speech.say(state, &counted(args, all)))
}

fn counted(args: Args, count: Count) -> Args {
    args.count("done", count.done).count("of", count.of)
}
