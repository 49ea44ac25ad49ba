//! What the judge sees in a sample, once: training and measuring weigh it many times.
//! Counts no work of the weights: only the engine's own eyes.

use hygie_phish::message::Message;
use hygie_phish::text::{Share, shares};
use hygie_phish::{Authenticated, Clue, Intel, Memory, clues, parse};

use crate::corpora::{Raw, Sample};
use crate::{mask, vouched};

/// A sample as the judge sees it.
pub struct Seen {
    /// The sample, without its bytes.
    pub sample: Sample,
    /// The message.
    pub message: Message,
    /// What the server that received it found out.
    pub authenticated: Authenticated,
    /// What speaks against it or for it.
    pub clues: Vec<Clue>,
    /// Its words.
    pub shares: Vec<Share>,
}

/// Looks at samples.
#[must_use]
pub fn look(samples: Vec<Sample>, intel: &Intel) -> Vec<Seen> {
    let nobody = Memory::new();
    samples
        .into_iter()
        .map(|mut sample| {
            let (message, authenticated) =
                match std::mem::replace(&mut sample.raw, Raw::Sms(String::new())) {
                    Raw::Mail(raw) => (parse::mail(&mask::mask(&raw)), vouched::vouched(&raw)),
                    Raw::Sms(text) => (parse::sms(&text, None), Authenticated::Unknown),
                };
            Seen {
                clues: clues(&message, authenticated, intel, &nobody, 0),
                authenticated,
                shares: shares(&message),
                sample,
                message,
            }
        })
        .collect()
}
