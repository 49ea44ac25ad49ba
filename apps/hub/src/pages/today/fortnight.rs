//! The last fourteen days in words and on the line.

use hygie_text::{Args, console::Today};

use super::over::{Drawing, NARROW, Tick, WIDE, drawing};
use crate::{
    pages::{
        incidents::{self, Known, Look},
        when::{self, Day},
    },
    web::{speech::Speech, visitor::Visitor},
};

/// The fortnight.
pub(super) struct Fortnight {
    pub(super) label: String,
    pub(super) lines: Vec<Line>,
    pub(super) events: Vec<Event>,
    /// The guard did not answer: it may be a part only.
    pub(super) is_part: bool,
}

/// One drawing with the names of its days.
pub(super) struct Line {
    pub(super) class: &'static str,
    pub(super) drawing: Drawing,
    pub(super) ticks: Vec<(Tick, String)>,
}

/// Something that was held.
pub(super) struct Event {
    pub(super) stamp: String,
    pub(super) day: String,
    pub(super) what: String,
    /// What became of it.
    pub(super) then: String,
    pub(super) link: Option<(String, String)>,
}

/// Puts it together.
pub(super) fn fortnight(visitor: &Visitor, look: &Look) -> Fortnight {
    let speech = &visitor.speech;
    let days = when::days(&visitor.hub.zone, visitor.hub.now(), DAYS);
    let held = look.incidents.iter().filter_map(|known| {
        let day = days.iter().find(|day| day.has(known.at))?;
        Some((known, speech.say(Today::Day, &named(day))))
    });
    let held: Vec<(&Known, String)> = held.take(EVENTS).collect();
    let told = held
        .iter()
        .rev()
        .map(|(_, day)| speech.say(Today::OverOne, &Args::new().nested("day", day.clone())));
    let told: Vec<String> = told.collect();
    // Silence is never calm.
    let is_known = look.answers || !held.is_empty();
    let label = match (told.is_empty(), is_known) {
        (true, true) => speech.word(Today::OverCalm),
        (true, false) => speech.word(Today::OverUnknown),
        (false, _) => speech.say(
            Today::OverLabel,
            &Args::new().nested("held", told.join("; ")),
        ),
    };
    let week = days.get(days.len().saturating_sub(7)..).unwrap_or_default();
    let drawn = [
        ("wide-only", days.as_slice(), WIDE),
        ("narrow-only", week, NARROW),
    ];
    Fortnight {
        label,
        lines: drawn
            .into_iter()
            .filter(|_| is_known)
            .map(|(class, days, measure)| {
                line(speech, class, drawing(days, &look.incidents, measure))
            })
            .collect(),
        events: held
            .into_iter()
            .map(|(known, day)| event(speech, known, day))
            .collect(),
        is_part: !look.answers && is_known,
    }
}

fn line(speech: &Speech, class: &'static str, drawing: Drawing) -> Line {
    let ticks = drawing
        .ticks
        .iter()
        .map(|tick| (tick.clone(), tick_word(speech, tick)));
    Line {
        class,
        ticks: ticks.collect(),
        drawing,
    }
}

fn event(speech: &Speech, known: &Known, day: String) -> Event {
    let what = match &known.program {
        Some(program) => speech.say(
            Today::OverStoppedNamed,
            &Args::new().text("program", program),
        ),
        None => speech.word(Today::OverStopped),
    };
    let see = speech.say(Today::OverSee, &Args::new().count("number", known.number));
    Event {
        stamp: when::stamp(known.at),
        day,
        what,
        then: speech.word(incidents::becomes(known.state)),
        link: Some((known.page.clone(), see)),
    }
}

fn tick_word(speech: &Speech, tick: &Tick) -> String {
    if tick.is_today {
        speech.word(Today::DayToday)
    } else {
        speech.say(Today::DayShort, &named(&tick.day))
    }
}

fn named(day: &Day) -> Args {
    Args::new()
        .count("weekday", day.weekday)
        .count("day", day.number)
}

const DAYS: i32 = 14;
/// So many are told as text; the list of incidents has them all.
const EVENTS: usize = 14;
