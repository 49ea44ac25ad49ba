//! A verdict in sentences: the judge's kinds of reasons and advice have the same words as the catalogue. What they hold comes
//! from a stranger: it is shown as text, and what would turn or hide it is shown as well.

use hygie_phish::{Advice, Fact, Level, Reason, Verdict};
use hygie_text::{
    Args,
    console::{Ask, Phish},
    shown,
};

use crate::web::speech::Speech;

/// A part of the text; a marked one with the numbers of the reasons that it is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) is_strong: bool,
    pub(super) clues: Vec<Clue>,
}

/// The number of a reason, and how it is read aloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clue {
    pub(super) number: usize,
    pub(super) said: String,
}

/// A reason.
pub(super) struct Why {
    pub(super) said: String,
    pub(super) is_strong: bool,
    /// Its place among all of the verdict's.
    at: usize,
}

/// Why it is believed or not, each side with the weightiest first.
pub(super) struct Reasons {
    pub(super) against: Vec<Why>,
    pub(super) for_it: Vec<String>,
    /// The one that is about who sent it, where there is one.
    of_sender: Option<usize>,
}

impl Reasons {
    /// The number under which the page has a reason of the verdict.
    fn numbered(&self, at: usize) -> Option<(usize, bool)> {
        let mut numbers = self.against.iter().zip(1..);
        numbers
            .find(|(why, _)| why.at == at)
            .map(|(why, number)| (number, why.is_strong))
    }
}

/// How dangerous, in words.
pub(super) const fn level(level: Level) -> Phish {
    match level {
        Level::Safe => Phish::LevelSafe,
        Level::Doubtful => Phish::LevelDoubtful,
        Level::DangerousProbable => Phish::LevelDangerousProbable,
        Level::DangerousVeryProbable => Phish::LevelDangerousVeryProbable,
    }
}

/// What to do, the most pressing first, but for what is said elsewhere. Reporting has a button of its own.
pub(super) fn steps(speech: &Speech, verdict: &Verdict, said: Option<Advice>) -> Vec<String> {
    verdict
        .advice
        .iter()
        .filter(|advice| **advice != Advice::Report && Some(**advice) != said)
        .filter_map(|advice| Phish::of_advice(advice.word()))
        .map(|words| speech.word(words))
        .collect()
}

/// The reasons as sentences.
pub(super) fn reasons(speech: &Speech, verdict: &Verdict) -> Reasons {
    let mut reasons = Reasons {
        against: Vec::new(),
        for_it: Vec::new(),
        of_sender: None,
    };
    for (at, one) in verdict.reasons.iter().enumerate() {
        let Some(said) = sentence(speech, &one.reason) else {
            continue;
        };
        if one.points < 0 {
            reasons.for_it.push(said);
        } else if reasons.against.len() < MOST {
            if is_of_sender(&one.reason) {
                reasons.of_sender.get_or_insert(at);
            }
            reasons.against.push(Why {
                said,
                is_strong: false,
                at,
            });
        }
    }
    // Strong are the few that weigh as much as all others together; where nothing is to be feared none is.
    let points = |why: &Why| verdict.reasons.get(why.at).map_or(0, |one| one.points);
    let mut rest: i32 = reasons.against.iter().map(points).sum::<i32>() / 2;
    if verdict.level == Level::Safe {
        rest = 0;
    }
    for why in &mut reasons.against {
        why.is_strong = rest > 0;
        rest -= points(why);
    }
    reasons.for_it.truncate(MOST);
    reasons
}

/// One reason.
fn sentence(speech: &Speech, reason: &Reason) -> Option<String> {
    let words = Phish::of_reason(reason.clue().word())?;
    let args = reason
        .facts()
        .into_iter()
        .fold(Args::new(), |args, (name, fact)| match fact {
            Fact::Words(words) => args.text(name, &bounded(&words)),
            Fact::Number(number) => args.count(name, number.into()),
        });
    Some(speech.say(words, &args))
}

/// What it says of the number or name that a telephone shows, or of an address.
fn is_of_sender(reason: &Reason) -> bool {
    reason.facts().iter().any(|(name, _)| {
        let names_host = matches!(reason, Reason::WantsCall { .. });
        !names_host && ["number", "address", "domain", "real"].contains(name)
    })
}

/// The sender's line, marked where a reason is about it.
pub(super) fn sender(speech: &Speech, sender: &str, reasons: &Reasons) -> Vec<Piece> {
    if sender.is_empty() {
        return Vec::new();
    }
    let about = reasons.of_sender.and_then(|at| reasons.numbered(at));
    vec![Piece {
        text: shown(&bounded(sender)),
        is_strong: about.is_some_and(|(_, is_strong)| is_strong),
        clues: about
            .map(|(number, _)| clue(speech, number))
            .into_iter()
            .collect(),
    }]
}

/// The text cut at the marks, and whether more of it follows. Where marks overlap, the first one has the numbers of all.
pub(super) fn pieces(
    speech: &Speech,
    text: &str,
    verdict: &Verdict,
    reasons: &Reasons,
) -> (Vec<Piece>, bool) {
    let end = text.floor_char_boundary(LONGEST);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = 0;
    for mark in &verdict.marks {
        let Some((number, is_strong)) = reasons.numbered(mark.reason) else {
            continue;
        };
        let (from, to) = (mark.place.start, mark.place.end.min(end));
        if from < at
            && let Some(last) = pieces.last_mut()
        {
            last.is_strong |= is_strong;
            if last.clues.iter().all(|one| one.number != number) {
                last.clues.push(clue(speech, number));
            }
            continue;
        }
        let (Some(plain), Some(marked)) = (text.get(at..from), text.get(from..to)) else {
            continue;
        };
        if marked.chars().count() < SHORTEST {
            continue;
        }
        pieces.push(piece(plain, false, Vec::new()));
        pieces.push(piece(marked, is_strong, vec![clue(speech, number)]));
        at = to;
    }
    pieces.push(piece(
        text.get(at..end).unwrap_or_default(),
        false,
        Vec::new(),
    ));
    pieces.retain(|piece| !piece.text.is_empty());
    (pieces, end < text.len())
}

fn piece(text: &str, is_strong: bool, clues: Vec<Clue>) -> Piece {
    Piece {
        text: as_came(text),
        is_strong,
        clues,
    }
}

fn clue(speech: &Speech, number: usize) -> Clue {
    let args = Args::new().count("number", number as u64);
    Clue {
        number,
        said: speech.say(Ask::Clue, &args),
    }
}

/// With its line ends, and nothing else that moves what is read.
pub(super) fn as_came(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(shown).collect();
    lines.join("\n")
}

/// No address is longer that somebody reads.
fn bounded(words: &str) -> String {
    words.chars().take(LONGEST_WORD).collect()
}

/// Reasons that are told.
const MOST: usize = 7;
/// A letter or two that read like a trap tell nobody anything.
const SHORTEST: usize = 3;
/// How much of a text is shown again.
const LONGEST: usize = 6000;
const LONGEST_WORD: usize = 120;
