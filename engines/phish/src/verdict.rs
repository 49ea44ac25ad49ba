//! What is answered: how dangerous, why, what to do, and which parts of the text it is about.
//! Holds no sentence: the catalogues have them, in each language.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Authenticated;
use crate::evidence::{Found, Sight, gather};
use crate::intel::Intel;
use crate::memory::Memory;
use crate::message::Message;
use crate::model::Layer;
use crate::place;
use crate::reason::{Clue, Reason};
use crate::text;

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// How dangerous.
    pub level: Level,
    /// How likely it is a trap, 0 to 1: for machines, never shown to people.
    pub score: f64,
    /// Why, the weightiest first.
    pub reasons: Vec<Weighed>,
    /// What to do, the most pressing first.
    pub advice: Vec<Advice>,
    /// Parts of the shown text that reasons are about, in its order; each with the number of its reason.
    pub marks: Vec<Mark>,
}

/// How dangerous a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing to worry about.
    Safe,
    /// To be checked.
    Doubtful,
    /// Probably a trap.
    DangerousProbable,
    /// Very probably a trap.
    DangerousVeryProbable,
}

/// A reason and what it adds to the sum, in hundredths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// Why.
    pub reason: Reason,
    /// What it adds; below zero it speaks for the message.
    pub points: i32,
}

/// A part of the shown text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Where, in bytes.
    pub place: Range<usize>,
    /// The number of its reason in [`Verdict::reasons`].
    pub reason: usize,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advice {
    /// Do not open the links.
    LeaveLinks,
    /// Do not open what is attached.
    LeaveFiles,
    /// Do not call the number.
    LeaveNumber,
    /// Pay nothing and change no account number before calling a known number.
    PayNothing,
    /// Do not answer.
    LeaveUnanswered,
    /// Do not pay the blackmailer; nothing was filmed.
    IgnoreBlackmail,
    /// Call the person who seems to have written: their mailbox may be somebody else's.
    CallSender,
    /// Go to the institution's site by yourself.
    GoYourself,
    /// Report it.
    Report,
    /// Delete it.
    Delete,
}

impl Level {
    /// All of them, the mildest first.
    pub const ALL: [Self; 4] = [
        Self::Safe,
        Self::Doubtful,
        Self::DangerousProbable,
        Self::DangerousVeryProbable,
    ];

    /// Its word in the catalogues.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Doubtful => "doubtful",
            Self::DangerousProbable => "dangerous-probable",
            Self::DangerousVeryProbable => "dangerous-very-probable",
        }
    }

    /// Its word in contracts: `safe`, `doubtful`, `dangerous`.
    #[must_use]
    pub fn verdict(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Doubtful => "doubtful",
            Self::DangerousProbable | Self::DangerousVeryProbable => "dangerous",
        }
    }
}

impl Advice {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::LeaveLinks,
        Self::LeaveFiles,
        Self::LeaveNumber,
        Self::PayNothing,
        Self::LeaveUnanswered,
        Self::IgnoreBlackmail,
        Self::CallSender,
        Self::GoYourself,
        Self::Report,
        Self::Delete,
    ];

    /// Its word in the catalogues.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LeaveLinks => "leave-links",
            Self::LeaveFiles => "leave-files",
            Self::LeaveNumber => "leave-number",
            Self::PayNothing => "pay-nothing",
            Self::LeaveUnanswered => "leave-unanswered",
            Self::IgnoreBlackmail => "ignore-blackmail",
            Self::CallSender => "call-sender",
            Self::GoYourself => "go-yourself",
            Self::Report => "report",
            Self::Delete => "delete",
        }
    }
}

/// Judges a message.
#[must_use]
pub fn judge(
    message: &Message,
    authenticated: Authenticated,
    intel: &Intel,
    memory: &Memory,
    now: i64,
) -> Verdict {
    let sight = Sight {
        intel,
        memory,
        authenticated,
        now,
    };
    let model = intel.model();
    let layer = match message {
        Message::Mail(_) => &model.mail,
        Message::Sms(_) => &model.sms,
    };
    let mut weighed: Vec<(Found, i32)> = observe(message, &sight)
        .into_iter()
        .map(|(found, strength)| {
            let points = layer.weight(found.reason.clue()) * strength / WHOLE;
            (found, points)
        })
        .filter(|(_, points)| *points != 0)
        .collect();
    weighed.sort_by_key(|(found, points)| (std::cmp::Reverse(points.abs()), found.reason.clue()));
    let sum = weighed
        .iter()
        .fold(layer.start, |sum, (_, points)| sum.saturating_add(*points));
    let level = level(layer, sum);
    let mut marks: Vec<Mark> = weighed
        .iter()
        .enumerate()
        .flat_map(|(reason, (found, _))| {
            found.places.iter().map(move |place| Mark {
                place: place.clone(),
                reason,
            })
        })
        .collect();
    marks.sort_by_key(|mark| (mark.place.start, mark.place.end));
    let reasons: Vec<Weighed> = weighed
        .into_iter()
        .map(|(found, points)| Weighed {
            reason: found.reason,
            points,
        })
        .collect();
    Verdict {
        level,
        score: layer.likely(sum),
        advice: advice(level, message, &reasons, &sight),
        reasons,
        marks,
    }
}

/// Everything that is seen, with how strongly, in hundredths: what training weighs.
#[must_use]
pub fn clues(
    message: &Message,
    authenticated: Authenticated,
    intel: &Intel,
    memory: &Memory,
    now: i64,
) -> Vec<Clue> {
    let sight = Sight {
        intel,
        memory,
        authenticated,
        now,
    };
    let found = gather(message, &sight).into_found();
    found.into_iter().map(|one| one.reason.clue()).collect()
}

fn observe(message: &Message, sight: &Sight<'_>) -> Vec<(Found, i32)> {
    let mut all: Vec<(Found, i32)> = gather(message, sight)
        .into_found()
        .into_iter()
        .map(|found| (found, WHOLE))
        .collect();
    let words = sight.intel.model().words_of(message);
    let leaning = words.leaning_of(message, &text::shares(message));
    let strength = strength(leaning);
    if strength > 0 {
        let places = words.telling(message);
        all.push((
            Found {
                reason: Reason::ReadsLikeTraps {},
                places,
            },
            strength,
        ));
    } else if strength < 0 {
        let reason = Reason::ReadsOrdinary {};
        all.push((
            Found {
                reason,
                places: Vec::new(),
            },
            -strength,
        ));
    }
    all
}

/// How strongly a message reads like a trap, in hundredths; below zero like an ordinary one.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "clamped")]
pub fn strength(leaning: f32) -> i32 {
    (leaning.clamp(-MOST, MOST) / MOST * WHOLE as f32).round() as i32
}

fn level(layer: &Layer, sum: i32) -> Level {
    if sum >= layer.very_probable {
        Level::DangerousVeryProbable
    } else if sum >= layer.probable {
        Level::DangerousProbable
    } else if sum >= layer.doubtful {
        Level::Doubtful
    } else {
        Level::Safe
    }
}

/// It came from an address of the practice's own, and nobody says that it did not.
fn is_from_within(message: &Message, sight: &Sight<'_>) -> bool {
    let Message::Mail(mail) = message else {
        return false;
    };
    let [from] = &mail.from[..] else {
        return false;
    };
    let address = from.address.trim();
    let practice = &sight.intel.practice;
    let host = place::host_of(address);
    sight.authenticated != Authenticated::Refused
        && (practice
            .people
            .iter()
            .any(|(_, one)| !one.is_empty() && one.trim().eq_ignore_ascii_case(address))
            || host.is_some_and(|host| {
                practice
                    .domains
                    .iter()
                    .any(|own| place::is_below(&host, own))
            }))
}

fn advice(level: Level, message: &Message, reasons: &[Weighed], sight: &Sight<'_>) -> Vec<Advice> {
    if level == Level::Safe {
        return Vec::new();
    }
    let has = |clues: &[Clue]| {
        reasons
            .iter()
            .any(|one| one.points > 0 && clues.contains(&one.reason.clue()))
    };
    let links = match message {
        Message::Mail(mail) => mail.bodies.iter().any(|body| !body.links.is_empty()),
        Message::Sms(sms) => !sms.body.links.is_empty(),
    };
    let files = matches!(message, Message::Mail(mail) if !mail.files.is_empty());
    // A mailbox that somebody else has by now sends what its owner never would.
    let known = is_from_within(message, sight)
        || reasons
            .iter()
            .any(|one| matches!(one.reason.clue(), Clue::KnownSender | Clue::AnsweredBefore));
    let mut advice = Vec::new();
    let mut say = |when: bool, what: Advice| {
        if when {
            advice.push(what);
        }
    };
    say(has(&[Clue::Blackmails]), Advice::IgnoreBlackmail);
    say(links, Advice::LeaveLinks);
    say(files, Advice::LeaveFiles);
    say(
        has(&[Clue::WantsCall, Clue::DearNumber]),
        Advice::LeaveNumber,
    );
    say(
        has(&[
            Clue::ChangesBank,
            Clue::HasIban,
            Clue::SmallSum,
            Clue::WantsErrand,
            Clue::PromisesFortune,
        ]),
        Advice::PayNothing,
    );
    say(
        known
            || has(&[
                Clue::PretendsColleague,
                Clue::KnownNameNewAddress,
                Clue::NewNumber,
            ]),
        Advice::CallSender,
    );
    // Whom a blackmailer pretends to be has no site that would help.
    say(
        !has(&[Clue::Blackmails])
            && has(&[
                Clue::Impersonates,
                Clue::LeadsElsewhere,
                Clue::LinkBorrows,
                Clue::LinkLooksLike,
                Clue::SenderBorrows,
                Clue::SenderLooksLike,
            ]),
        Advice::GoYourself,
    );
    if level >= Level::DangerousProbable {
        say(!links && !files, Advice::LeaveUnanswered);
        say(true, Advice::Report);
        say(!known, Advice::Delete);
    }
    advice
}

/// A whole reason.
const WHOLE: i32 = 100;
/// The leaning from which on a message reads wholly like a trap.
const MOST: f32 = 6.0;
