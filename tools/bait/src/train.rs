//! From samples to a model: how messages read is learnt first, then how much each reason counts.
//! The layer sees of each source only what a reader says that was taught without it, so that it trusts words no more
//! than they deserve on mail of strangers.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
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
    let words = read(samples);
    let mail = layer(samples, Kind::Mail)?;
    let sms = layer(samples, Kind::Sms)?;
    Ok(Model { words, mail, sms })
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
    let leaning = strength(model.words.leaning(&seen.shares));
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

fn layer(samples: &[&Seen], kind: Kind) -> Result<Layer> {
    let priors = layer::priors()?;
    let worth = Worth::of(samples);
    let mut rows: Vec<(Row, &Seen)> = Vec::new();
    let mut groups: Vec<Group> = samples
        .iter()
        .filter(|seen| Kind::of(seen) == kind)
        .map(|seen| Group::of(seen))
        .collect();
    groups.sort_unstable();
    groups.dedup();
    for group in &groups {
        let others: Vec<&Seen> = samples
            .iter()
            .copied()
            .filter(|seen| Group::of(seen) != *group)
            .collect();
        let reader = read(&others);
        for seen in samples
            .iter()
            .copied()
            .filter(|seen| Kind::of(seen) == kind && Group::of(seen) == *group)
        {
            let row = Row {
                clues: numbers(&reader, seen),
                trap: seen.sample.class != Class::Ordinary,
                weight: worth.weight(seen),
            };
            rows.push((row, seen));
        }
    }
    if rows.is_empty() {
        bail!("there are no samples of {kind:?} to learn from");
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
    let (steep, even) = layer::calibrate(&sums);
    let ordinary: Vec<f64> = rows
        .iter()
        .filter(|(row, seen)| !row.trap && seen.sample.source != Source::Written)
        .map(|(row, _)| fit.sum(&row.clues))
        .collect();
    let probable = threshold(&ordinary, 1000);
    let mut layer = fit.layer();
    layer.even = hundredths(even);
    layer.steepness = hundredths(steep);
    layer.doubtful = hundredths(threshold(&ordinary, 100));
    layer.probable = hundredths(probable).max(layer.doubtful);
    layer.very_probable = layer.probable + MARGIN;
    Ok(layer)
}

fn numbers(reader: &Words, seen: &Seen) -> Vec<(usize, f64)> {
    let number = |clue: Clue| {
        Clue::ALL
            .iter()
            .position(|one| *one == clue)
            .unwrap_or_default()
    };
    let mut clues: Vec<(usize, f64)> = seen.clues.iter().map(|clue| (number(*clue), 1.0)).collect();
    let leaning = strength(reader.leaning(&seen.shares));
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
            // One list of 2002 is most of what is there: in halves, or nothing ordinary would be left to read.
            Source::SpamAssassin | Source::Uci => seen.sample.cluster % 2,
            Source::Mailbox
            | Source::KernelList
            | Source::Shop
            | Source::HoneyPot
            | Source::Mendeley
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

fn total(source: Source, class: Class) -> f64 {
    match (source, class) {
        (Source::SpamAssassin, Class::Ordinary) => 1500.0,
        // Adverts of 2002: some deceive, all are unwanted.
        (Source::SpamAssassin, Class::Advert | Class::Trap) => 150.0,
        (Source::Mailbox, Class::Ordinary) => 700.0,
        (Source::Mailbox, Class::Trap) => 300.0,
        (Source::Mailbox, Class::Advert) => 80.0,
        (Source::HoneyPot, _) => 1500.0,
        (Source::KernelList, _) => 500.0,
        (Source::Shop, _) => 150.0,
        (Source::Uci, Class::Ordinary) => 1500.0,
        (Source::Uci, Class::Advert | Class::Trap) => 200.0,
        (Source::Mendeley, _) => 200.0,
        (Source::FrenchChat, _) => 300.0,
        (Source::Written, _) => 500.0,
    }
}

/// Between probable and very probable, in hundredths.
const MARGIN: i32 = 200;
