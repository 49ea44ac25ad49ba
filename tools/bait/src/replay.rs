//! One mailbox in the order of time, with a memory of senders that grows as it would: how people will use the judge.
//! What is judged dangerous at the strict threshold is not remembered, nor is what a server refuses.

use hygie_phish::message::{Mail, Message};
use hygie_phish::model::Model;
use hygie_phish::{Intel, Memory, clues};

use crate::seen::Seen;
use crate::train::sum_of;

/// Where each mail is put when it comes, without and with the memory.
pub struct Replayed<'a> {
    /// The mail.
    pub seen: &'a Seen,
    /// Without.
    pub without: f64,
    /// With.
    pub with: f64,
}

/// Plays a mailbox.
#[must_use]
pub fn replay<'a>(
    mails: &[&'a Seen],
    model: &Model,
    intel: &Intel,
    strict: f64,
) -> Vec<Replayed<'a>> {
    let mut order: Vec<(i64, &'a Seen, &'a Mail)> = mails
        .iter()
        .filter_map(|seen| match &seen.message {
            Message::Mail(mail) => Some((mail.date.unwrap_or_default(), *seen, &**mail)),
            Message::Sms(_) => None,
        })
        .collect();
    order.sort_by_key(|(date, seen, _)| (*date, seen.sample.name.clone()));
    let mut memory = Memory::new();
    let mut replayed = Vec::new();
    for (date, seen, mail) in order {
        let known = clues(&seen.message, seen.authenticated, intel, &memory, date);
        let with = sum_of(model, seen, &known);
        let without = sum_of(model, seen, &seen.clues);
        replayed.push(Replayed {
            seen,
            without,
            with,
        });
        if with < strict {
            memory.received(mail, seen.authenticated, date);
        }
    }
    replayed
}
