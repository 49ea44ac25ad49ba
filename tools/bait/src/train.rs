//! From samples to a model: how messages read is learnt first, then how much each reason counts.
//! The layer sees of each source only what a reader says that was taught without it, so that it trusts words no more
//! than they deserve on mail of strangers.

use std::collections::BTreeMap;

use anyhow::Result;
use hygie_phish::message::Message;
use hygie_phish::model::{Layer, Model};
use hygie_phish::text::Words;
use hygie_phish::{Clue, strength};

use crate::corpora::{Class, Source};
use crate::figures::threshold;
use crate::layer::{self, Row, hundredths};
use crate::seen::Seen;
use crate::words::{self, Example};

/// E-mail or SMS: they share how they read and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// E-mail.
    Mail,
    /// SMS.
    Sms,
}

impl Kind {
    /// Of a sample.
    #[must_use]
    pub fn of(seen: &Seen) -> Self {
        match seen.message {
            Message::Mail(_) => Self::Mail,
            Message::Sms(_) => Self::Sms,
        }
    }
}

/// Learns a model from samples.
pub fn train(samples: &[&Seen]) -> Result<Model> {
    let of = |kind| -> Vec<&Seen> {
        let all = samples.iter().copied();
        all.filter(|seen| Kind::of(seen) == kind).collect()
    };
    let (mails, texts) = (of(Kind::Mail), of(Kind::Sms));
    Ok(Model {
        mail_words: read(&mails),
        sms_words: read(&texts),
        mail: layer(&mails)?,
        sms: layer(&texts)?,
    })
}

/// Where a model puts a sample, in natural units.
#[must_use]
pub fn sum(model: &Model, seen: &Seen) -> f64 {
    sum_of(model, seen, &seen.clues)
}

/// The same with other clues, as a memory would change them.
#[must_use]
pub fn sum_of(model: &Model, seen: &Seen, clues: &[Clue]) -> f64 {
    let layer = match Kind::of(seen) {
        Kind::Mail => &model.mail,
        Kind::Sms => &model.sms,
    };
    let leaning = strength(
        model
            .words_of(&seen.message)
            .leaning_of(&seen.message, &seen.shares),
    );
    let words = if leaning > 0 {
        layer.weight(Clue::ReadsLikeTraps) * leaning / 100
    } else {
        layer.weight(Clue::ReadsOrdinary) * -leaning / 100
    };
    let clues: i32 = clues.iter().map(|clue| layer.weight(*clue)).sum();
    f64::from(layer.start + clues + words) / 100.0
}

fn read(samples: &[&Seen]) -> Words {
    let worth = Worth::of(samples);
    let examples: Vec<Example<'_>> = samples
        .iter()
        .map(|seen| Example {
            shares: &seen.shares,
            trap: seen.sample.class != Class::Ordinary,
            weight: worth.weight(seen),
        })
        .collect();
    words::learn(&examples)
}

/// How much each reason counts in messages of one kind.
fn layer(samples: &[&Seen]) -> Result<Layer> {
    let priors = layer::priors()?;
    let worth = Worth::of(samples);
    let mut rows: Vec<(Row, &Seen)> = Vec::new();
    let mut groups: Vec<Group> = samples.iter().map(|seen| Group::of(seen)).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in &groups {
        let (own, others): (Vec<&Seen>, Vec<&Seen>) = samples
            .iter()
            .copied()
            .partition(|seen| Group::of(seen) == *group);
        let reader = read(&others);
        for seen in own {
            let row = Row {
                clues: numbers(&reader, seen),
                trap: seen.sample.class != Class::Ordinary,
                weight: worth.weight(seen),
            };
            rows.push((row, seen));
        }
    }
    // Where SMS alone are measured there are no mails.
    if rows.is_empty() {
        return Ok(Layer::default());
    }
    let only: Vec<Row> = rows
        .iter()
        .map(|(row, _)| Row {
            clues: row.clues.clone(),
            ..*row
        })
        .collect();
    let fit = layer::fit(&only, &priors);
    let sums: Vec<(f64, bool, f64)> = rows
        .iter()
        .map(|(row, _)| (fit.sum(&row.clues), row.trap, row.weight))
        .collect();
    let (steep, even) = layer::calibrate(&balanced(sums));
    let ordinary = |written: bool| -> Vec<f64> {
        rows.iter()
            .filter(|(row, seen)| !row.trap && (seen.sample.source == Source::Written) == written)
            .map(|(row, _)| fit.sum(&row.clues))
            .collect()
    };
    // Notices of firms are scarce in what is real, and ours are hardly anything else: ten times as many of those may pass, each read
    // by a model that never saw its kind.
    let (real, ours) = (ordinary(false), ordinary(true));
    let at = |rate| hundredths(threshold(&real, rate).max(threshold(&ours, rate / 10)));
    let mut layer = fit.layer();
    layer.even = hundredths(even);
    layer.steepness = hundredths(steep);
    // What gives no reason at all is never to be checked.
    layer.doubtful = at(100).max(layer.start + 1);
    layer.probable = at(1000).max(layer.doubtful);
    layer.very_probable = layer.probable + MARGIN;
    Ok(layer)
}

/// As if traps and ordinary messages were equally many, which is what a score speaks of.
fn balanced(mut sums: Vec<(f64, bool, f64)>) -> Vec<(f64, bool, f64)> {
    let of = |wanted: bool, sums: &[(f64, bool, f64)]| -> f64 {
        let some = sums.iter().filter(|(_, trap, _)| *trap == wanted);
        some.map(|(_, _, weight)| weight).sum()
    };
    let (traps, ordinary) = (of(true, &sums), of(false, &sums));
    for (_, trap, weight) in &mut sums {
        *weight /= if *trap { traps } else { ordinary };
    }
    sums
}

fn numbers(reader: &Words, seen: &Seen) -> Vec<(usize, f64)> {
    let number = |clue: Clue| {
        Clue::ALL
            .iter()
            .position(|one| *one == clue)
            .unwrap_or_default()
    };
    let mut clues: Vec<(usize, f64)> = seen.clues.iter().map(|clue| (number(*clue), 1.0)).collect();
    let leaning = strength(reader.leaning_of(&seen.message, &seen.shares));
    let clue = if leaning > 0 {
        Clue::ReadsLikeTraps
    } else {
        Clue::ReadsOrdinary
    };
    clues.push((number(clue), f64::from(leaning.abs()) / 100.0));
    clues
}

/// What is left out together: a source, and of ours each hand of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group(Source, u64);

impl Group {
    fn of(seen: &Seen) -> Self {
        let part = match seen.sample.source {
            Source::Written => seen.sample.cluster % 4,
            // One list of 2002 is most of what is there: in halves, or nothing ordinary would be left to read. Measuring parts by the
            // lowest bit, which so must not part here: one half would be all there is.
            Source::SpamAssassin => seen.sample.cluster / 2 % 2,
            Source::Uci | Source::Mendeley => seen.sample.cluster / 2 % 4,
            Source::Mailbox
            | Source::KernelList
            | Source::Shop
            | Source::HoneyPot
            | Source::FrenchChat => 0,
        };
        Self(seen.sample.source, part)
    }
}

/// Each kind of sample counts together as much as is written in [`total`], however many there are of it.
struct Worth(BTreeMap<(Source, Class, bool), usize>);

impl Worth {
    fn of(samples: &[&Seen]) -> Self {
        let mut counts = BTreeMap::new();
        for seen in samples {
            *counts.entry(Self::key(seen)).or_default() += 1;
        }
        Self(counts)
    }

    fn weight(&self, seen: &Seen) -> f64 {
        let count = self.0.get(&Self::key(seen)).copied().unwrap_or(1);
        total(seen.sample.source, seen.sample.class) / count as f64
    }

    fn key(seen: &Seen) -> (Source, Class, bool) {
        (
            seen.sample.source,
            seen.sample.class,
            Kind::of(seen) == Kind::Sms,
        )
    }
}

/// Found by trying some forty sets and looking at the honey pot's months before December 2023 alone, and at the household's
/// traps: what is ordinary must count far more than what is not, or the few that decide the strict rate are not learnt.
fn total(source: Source, class: Class) -> f64 {
    match (source, class) {
        (Source::SpamAssassin, Class::Ordinary) => 12_000.0,
        // Adverts of 2002: some deceive, all are unwanted.
        (Source::SpamAssassin, Class::Advert | Class::Trap) => 75.0,
        (Source::Mailbox, Class::Ordinary) => 700.0,
        (Source::Mailbox, Class::Trap) => 2400.0,
        (Source::Mailbox, Class::Advert) => 80.0,
        (Source::HoneyPot, _) => 1500.0,
        (Source::KernelList, _) => 500.0,
        (Source::Shop, _) => 150.0,
        (Source::Uci, Class::Ordinary) => 4000.0,
        (Source::Uci, Class::Advert | Class::Trap) => 800.0,
        (Source::Mendeley, _) => 400.0,
        (Source::FrenchChat, _) => 300.0,
        (Source::Written, _) => 2000.0,
    }
}

/// Between probable and very probable, in hundredths.
const MARGIN: i32 = 200;
