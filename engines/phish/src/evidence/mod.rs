//! What a message shows against itself, and for it: one file a family, each adds reasons to one sheet.
//! Never weighs anything: a reason is there or not, and how much it counts is learnt.

mod files;
mod forward;
mod links;
mod page;
mod sender;
mod sms;
mod words;

use std::ops::Range;

use crate::Authenticated;
use crate::fold::Folded;
use crate::intel::Intel;
use crate::memory::Memory;
use crate::message::{Mail, Message};
use crate::reason::{Clue, Reason};

/// Reasons of one message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    found: Vec<Found>,
}

/// A reason and where it stands in the shown text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) reason: Reason,
    pub(crate) places: Vec<Range<usize>>,
}

impl Sheet {
    /// Adds a reason; the first of its kind is the one that is told.
    pub(crate) fn add(&mut self, reason: Reason) {
        self.add_at(reason, None);
    }

    /// Adds a reason that stands somewhere.
    pub(crate) fn add_at(&mut self, reason: Reason, place: Option<Range<usize>>) {
        let clue = reason.clue();
        let at = self.found.iter().position(|one| one.reason.clue() == clue);
        let at = at.unwrap_or_else(|| {
            self.found.push(Found {
                reason,
                places: Vec::new(),
            });
            self.found.len() - 1
        });
        let places = &mut self.found[at].places;
        if let Some(place) = place.filter(|place| !place.is_empty())
            && places.len() < MOST_PLACES
            && !places.contains(&place)
        {
            places.push(place);
        }
    }

    pub(crate) fn has(&self, clue: Clue) -> bool {
        self.found.iter().any(|one| one.reason.clue() == clue)
    }

    pub(crate) fn into_found(self) -> Vec<Found> {
        self.found
    }
}

/// What the families look at.
pub(crate) struct Sight<'a> {
    pub(crate) intel: &'a Intel,
    pub(crate) memory: &'a Memory,
    pub(crate) authenticated: Authenticated,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

/// Everything that a message shows.
pub(crate) fn gather(message: &Message, sight: &Sight<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    match message {
        Message::Mail(mail) => of_mail(mail, sight, &mut sheet),
        Message::Sms(text) => {
            let folded = Folded::of(&text.body.text);
            words::look(&folded, &text.body.text, sight, &mut sheet);
            links::of_sms(&text.body, &folded, sight, &mut sheet);
            sms::look(text, &folded, sight, &mut sheet);
        }
    }
    sheet
}

fn of_mail(mail: &Mail, sight: &Sight<'_>, sheet: &mut Sheet) {
    let shown = mail.shown();
    let folded = Folded::of(shown);
    sender::look(mail, sight, sheet);
    words::look(&folded, shown, sight, sheet);
    words::look_subject(mail, sight, sheet);
    for body in mail.bodies.iter().skip(1) {
        words::look_unseen(&Folded::of(&body.text), sight, sheet);
    }
    links::look(mail, sight, sheet);
    page::look(mail, &folded, sheet);
    files::look(mail, &folded, sight, sheet);
    sender::look_again(mail, sight, sheet);
}

const MOST_PLACES: usize = 10;

#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use crate::intel::Practice;
    use crate::parse;

    /// Words of the clues of a mail that is written as text.
    pub(crate) fn clues(raw: &str) -> Vec<&'static str> {
        clues_with(raw, &Memory::new(), Practice::default())
    }

    pub(crate) fn clues_with(raw: &str, memory: &Memory, practice: Practice) -> Vec<&'static str> {
        of(
            &parse::mail(raw.replace('\n', "\r\n").as_bytes()),
            memory,
            practice,
        )
    }

    pub(crate) fn clues_of_sms(text: &str, sender: Option<&str>) -> Vec<&'static str> {
        of(
            &parse::sms(text, sender),
            &Memory::new(),
            Practice::default(),
        )
    }

    fn of(message: &Message, memory: &Memory, practice: Practice) -> Vec<&'static str> {
        let intel = Intel::new(practice);
        let sight = Sight {
            intel: &intel,
            memory,
            authenticated: Authenticated::Unknown,
            now: 100,
        };
        let found = gather(message, &sight).into_found();
        for one in &found {
            for place in &one.places {
                assert!(message.shown().get(place.clone()).is_some(), "{one:?}");
            }
        }
        found
            .into_iter()
            .map(|one| one.reason.clue().word())
            .collect()
    }
}
