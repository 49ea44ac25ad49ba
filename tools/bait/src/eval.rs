//! Measures on sources that the model never saw: each sample is judged by a model that was taught without its source.
//! One threshold for all sources and languages; says how few samples stand behind a figure.

use std::fmt::Write as _;

use anyhow::Result;
use hygie_phish::Intel;
use hygie_phish::model::Model;

use crate::corpora::{Class, Source, Tongue};
use crate::figures::{Rate, above, threshold};
use crate::replay::replay;
use crate::seen::Seen;
use crate::train::{Kind, sum, train};

/// What may be learnt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Licence {
    /// What ships: sources that may be sold.
    Product,
    /// All of them, split by date where a source is on both sides.
    Research,
}

/// A sample and where a model that never saw its source puts it.
pub struct Judged<'a> {
    /// The sample.
    pub seen: &'a Seen,
    /// Where it is put.
    pub sum: f64,
}

/// Judges each real sample once, by a model of its own fold.
pub fn judge<'a>(all: &'a [Seen], licence: Licence) -> Result<Vec<Judged<'a>>> {
    let mut judged = Vec::new();
    for fold in FOLDS {
        let tested: Vec<&Seen> = all
            .iter()
            .filter(|seen| fold.tests(seen, licence))
            .collect();
        if tested.is_empty() {
            continue;
        }
        let taught: Vec<&Seen> = all
            .iter()
            .filter(|seen| fold.teaches(seen, licence))
            .collect();
        let model = train(&taught)?;
        judged.extend(tested.into_iter().map(|seen| Judged {
            seen,
            sum: sum(&model, seen),
        }));
    }
    Ok(judged)
}

/// Which samples are judged by one model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    /// Sources that the product never learns from; in research the later half of each.
    Strangers,
    /// The household's mailbox, taught without it.
    Mailbox,
    /// The lists of 2002, each half taught with the other: their clusters stay apart, their source does not.
    OldLists(u64),
    /// SMS, in halves by cluster over all their sources.
    Texts(u64),
}

const FOLDS: [Fold; 6] = [
    Fold::Strangers,
    Fold::Mailbox,
    Fold::OldLists(0),
    Fold::OldLists(1),
    Fold::Texts(0),
    Fold::Texts(1),
];

impl Fold {
    fn tests(self, seen: &Seen, licence: Licence) -> bool {
        let sample = &seen.sample;
        match (self, sample.source) {
            (Self::Strangers, Source::HoneyPot | Source::KernelList) => {
                licence == Licence::Product || is_late(seen)
            }
            (Self::Strangers, Source::Shop | Source::FrenchChat)
            | (Self::Mailbox, Source::Mailbox) => true,
            (Self::OldLists(half), Source::SpamAssassin) => sample.cluster % 2 == half,
            (Self::Texts(half), Source::Uci | Source::Mendeley) => sample.cluster % 2 == half,
            _ => false,
        }
    }

    fn teaches(self, seen: &Seen, licence: Licence) -> bool {
        let sample = &seen.sample;
        let allowed = sample.source.is_free() || licence == Licence::Research && may_teach(seen);
        let apart = match self {
            Self::Strangers => true,
            Self::Mailbox => sample.source != Source::Mailbox,
            Self::OldLists(half) => {
                sample.source != Source::SpamAssassin || sample.cluster % 2 != half
            }
            Self::Texts(half) => {
                Kind::of(seen) == Kind::Mail
                    || sample.source == Source::Written
                    || sample.cluster % 2 != half
            }
        };
        allowed && apart
    }
}

/// The honey pot and the developers' list teach with their early months and are measured on the late ones.
pub(crate) fn is_late(seen: &Seen) -> bool {
    match seen.sample.source {
        Source::HoneyPot => seen.sample.month.as_str() >= "2023-12",
        Source::KernelList => seen.sample.month.as_str() >= "2021-07",
        Source::SpamAssassin
        | Source::Mailbox
        | Source::Shop
        | Source::Uci
        | Source::Mendeley
        | Source::FrenchChat
        | Source::Written => true,
    }
}

fn may_teach(seen: &Seen) -> bool {
    match seen.sample.source {
        Source::HoneyPot | Source::KernelList => !is_late(seen),
        // Too few to be split: measured, never taught.
        Source::Shop | Source::FrenchChat => false,
        Source::SpamAssassin
        | Source::Mailbox
        | Source::Uci
        | Source::Mendeley
        | Source::Written => true,
    }
}

/// The figures as a page.
pub fn report(all: &[Seen], shipped: &Model, intel: &Intel) -> Result<String> {
    let mut page = String::new();
    for (licence, title) in [
        (Licence::Product, "What ships"),
        (
            Licence::Research,
            "Research: with the honey pot's early months (CC BY-NC)",
        ),
    ] {
        let judged = judge(all, licence)?;
        writeln!(page, "\n## {title}\n")?;
        mails(&mut page, &judged)?;
        texts(&mut page, &judged)?;
        with_memory(&mut page, all, &judged, licence, intel)?;
        if licence == Licence::Product {
            furthest(&mut page, &judged)?;
        }
    }
    levels(&mut page, all, shipped)?;
    Ok(page)
}

/// The figures of SMS alone.
pub fn report_sms(all: &[Seen]) -> Result<String> {
    let mut page = String::new();
    texts(&mut page, &judge(all, Licence::Product)?)?;
    Ok(page)
}

fn mails(page: &mut String, judged: &[Judged<'_>]) -> Result<()> {
    let of = |wanted: &dyn Fn(&Seen) -> bool| -> Vec<f64> {
        judged
            .iter()
            .filter(|one| Kind::of(one.seen) == Kind::Mail && wanted(one.seen))
            .map(|one| one.sum)
            .collect()
    };
    let ordinary = of(&|seen| seen.sample.class == Class::Ordinary);
    let (strict, loose) = (threshold(&ordinary, 1000), threshold(&ordinary, 100));
    writeln!(
        page,
        "Thresholds over {} ordinary mails of all sources, one for all: {strict:.2} lets 1 in 1,000 pass, {loose:.2} 1 in 100.\n",
        ordinary.len()
    )?;
    writeln!(
        page,
        "| mails | at 1 in 1,000 | at 1 in 100 |\n|---|---|---|"
    )?;
    let pot = |tongue: Tongue, late: bool| {
        of(&|seen| is(seen, Source::HoneyPot, Class::Trap, Some(tongue)) && is_late(seen) == late)
    };
    for (name, sums) in [
        (
            "traps, English, honey pot, from December 2023".to_owned(),
            pot(Tongue::En, true),
        ),
        (
            "traps, English, honey pot, before (looked at)".to_owned(),
            pot(Tongue::En, false),
        ),
        (
            "traps, French, honey pot, from December 2023".to_owned(),
            pot(Tongue::Fr, true),
        ),
        (
            "traps, French, honey pot, before (looked at)".to_owned(),
            pot(Tongue::Fr, false),
        ),
        (
            "traps, other languages, honey pot, from December 2023".to_owned(),
            pot(Tongue::Other, true),
        ),
        (
            "traps, other languages, honey pot, before (looked at)".to_owned(),
            pot(Tongue::Other, false),
        ),
        (
            "traps, household's mailbox".to_owned(),
            of(&|seen| is(seen, Source::Mailbox, Class::Trap, None)),
        ),
        (
            "adverts, household's mailbox".to_owned(),
            of(&|seen| is(seen, Source::Mailbox, Class::Advert, None)),
        ),
        (
            "adverts of 2002".to_owned(),
            of(&|seen| is(seen, Source::SpamAssassin, Class::Advert, None)),
        ),
        (
            "*ordinary*, household's mailbox (hard)".to_owned(),
            of(&|seen| is(seen, Source::Mailbox, Class::Ordinary, None)),
        ),
        (
            "*ordinary*, shop templates, French".to_owned(),
            of(&|seen| is(seen, Source::Shop, Class::Ordinary, None)),
        ),
        (
            "*ordinary*, developers' list".to_owned(),
            of(&|seen| is(seen, Source::KernelList, Class::Ordinary, None)),
        ),
        (
            "*ordinary*, lists of 2002".to_owned(),
            of(&|seen| is(seen, Source::SpamAssassin, Class::Ordinary, None)),
        ),
    ] {
        // Research was taught with the months before.
        if sums.is_empty() {
            continue;
        }
        writeln!(
            page,
            "| {name} | {} | {} |",
            told(&sums, strict),
            told(&sums, loose)
        )?;
    }
    Ok(())
}

/// The household's mailbox in the order of time, without and with the memory of senders.
fn with_memory(
    page: &mut String,
    all: &[Seen],
    judged: &[Judged<'_>],
    licence: Licence,
    intel: &Intel,
) -> Result<()> {
    let ordinary: Vec<f64> = judged
        .iter()
        .filter(|one| Kind::of(one.seen) == Kind::Mail && one.seen.sample.class == Class::Ordinary)
        .map(|one| one.sum)
        .collect();
    let (strict, loose) = (threshold(&ordinary, 1000), threshold(&ordinary, 100));
    let taught: Vec<&Seen> = all
        .iter()
        .filter(|seen| Fold::Mailbox.teaches(seen, licence))
        .collect();
    let mailbox: Vec<&Seen> = all
        .iter()
        .filter(|seen| Fold::Mailbox.tests(seen, licence))
        .collect();
    let played = replay(&mailbox, &train(&taught)?, intel, strict);
    writeln!(
        page,
        "\nThe household's mailbox in the order of time, at the same thresholds:\n"
    )?;
    writeln!(
        page,
        "| mails | without memory, 1 in 100 | with memory, 1 in 100 | with memory, 1 in 1,000 |\n|---|---|---|---|"
    )?;
    for (name, class) in [
        ("traps", Class::Trap),
        ("adverts", Class::Advert),
        ("*ordinary* (hard)", Class::Ordinary),
    ] {
        let some: Vec<&crate::replay::Replayed<'_>> = played
            .iter()
            .filter(|one| one.seen.sample.class == class)
            .collect();
        let without: Vec<f64> = some.iter().map(|one| one.without).collect();
        let with: Vec<f64> = some.iter().map(|one| one.with).collect();
        writeln!(
            page,
            "| {name} | {} | {} | {} |",
            told(&without, loose),
            told(&with, loose),
            told(&with, strict)
        )?;
    }
    Ok(())
}

/// Where it fails: the ordinary messages that look most like traps, and the traps that look least like one, by the names that
/// the corpora give them. Traps of the months that are measured stay unseen.
fn furthest(page: &mut String, judged: &[Judged<'_>]) -> Result<()> {
    writeln!(
        page,
        "\n### Where it fails\n\nThe furthest off, with what the judge saw besides how each reads.\n"
    )?;
    writeln!(
        page,
        "| sample | it is | stands at | clues |\n|---|---|---|---|"
    )?;
    for kind in [Kind::Mail, Kind::Sms] {
        let mut some: Vec<&Judged<'_>> = judged
            .iter()
            .filter(|one| Kind::of(one.seen) == kind)
            .collect();
        some.sort_by(|one, two| two.sum.total_cmp(&one.sum));
        let ordinary = some
            .iter()
            .filter(|one| one.seen.sample.class == Class::Ordinary);
        let traps = some.iter().rev().filter(|one| {
            one.seen.sample.class == Class::Trap
                && (one.seen.sample.source != Source::HoneyPot || !is_late(one.seen))
        });
        for one in ordinary.take(SHOWN).chain(traps.take(SHOWN)) {
            let clues: Vec<&str> = one.seen.clues.iter().map(|clue| clue.word()).collect();
            let what = match one.seen.sample.class {
                Class::Ordinary => "ordinary",
                Class::Trap | Class::Advert => "a trap",
            };
            writeln!(
                page,
                "| {} | {what} | {:.2} | {} |",
                one.seen.sample.name,
                one.sum,
                clues.join(" ")
            )?;
        }
    }
    Ok(())
}

/// Of each kind, that are shown.
const SHOWN: usize = 6;

fn texts(page: &mut String, judged: &[Judged<'_>]) -> Result<()> {
    let of = |wanted: &dyn Fn(&Seen) -> bool| -> Vec<f64> {
        judged
            .iter()
            .filter(|one| Kind::of(one.seen) == Kind::Sms && wanted(one.seen))
            .map(|one| one.sum)
            .collect()
    };
    let private = of(&|seen| seen.sample.class == Class::Ordinary);
    let (strict, loose) = (threshold(&private, 1400), threshold(&private, 100));
    writeln!(
        page,
        "\nThresholds over {} private SMS: {strict:.2} lets 1 in 1,400 pass, {loose:.2} 1 in 100.\n",
        private.len()
    )?;
    writeln!(page, "| SMS | at 1 in 1,400 | at 1 in 100 |\n|---|---|---|")?;
    for (name, sums) in [
        (
            "traps, English",
            of(&|seen| is(seen, Source::Mendeley, Class::Trap, None)),
        ),
        (
            "adverts, English",
            of(&|seen| seen.sample.class == Class::Advert),
        ),
        (
            "*ordinary*, English",
            of(&|seen| is(seen, Source::Uci, Class::Ordinary, None)),
        ),
        (
            "*ordinary*, French",
            of(&|seen| is(seen, Source::FrenchChat, Class::Ordinary, None)),
        ),
    ] {
        writeln!(
            page,
            "| {name} | {} | {} |",
            told(&sums, strict),
            told(&sums, loose)
        )?;
    }
    Ok(())
}

/// What the thresholds that ship would have said.
fn levels(page: &mut String, all: &[Seen], shipped: &Model) -> Result<()> {
    writeln!(
        page,
        "\n## At the thresholds that ship\n\nOnly sources that the model was not taught with.\n"
    )?;
    writeln!(
        page,
        "| messages | to be checked or worse | dangerous |\n|---|---|---|"
    )?;
    for (source, class, tongue) in [
        (Source::HoneyPot, Class::Trap, Tongue::En),
        (Source::HoneyPot, Class::Trap, Tongue::Fr),
        (Source::Shop, Class::Ordinary, Tongue::Fr),
        (Source::KernelList, Class::Ordinary, Tongue::En),
        (Source::FrenchChat, Class::Ordinary, Tongue::Fr),
    ] {
        let some: Vec<&Seen> = all
            .iter()
            .filter(|seen| is(seen, source, class, Some(tongue)))
            .collect();
        let Some(first) = some.first() else { continue };
        let layer = match Kind::of(first) {
            Kind::Mail => &shipped.mail,
            Kind::Sms => &shipped.sms,
        };
        let sums: Vec<f64> = some.iter().map(|seen| sum(shipped, seen)).collect();
        let (doubtful, probable) = (
            f64::from(layer.doubtful) / 100.0,
            f64::from(layer.probable) / 100.0,
        );
        writeln!(
            page,
            "| {source:?}, {class:?}, {tongue:?} | {} | {} |",
            told(&sums, doubtful),
            told(&sums, probable)
        )?;
    }
    Ok(())
}

fn told(sums: &[f64], threshold: f64) -> String {
    let rate: Rate = above(sums.iter().copied(), threshold);
    rate.told()
}

fn is(seen: &Seen, source: Source, class: Class, tongue: Option<Tongue>) -> bool {
    let sample = &seen.sample;
    sample.source == source
        && sample.class == class
        && tongue.is_none_or(|tongue| sample.tongue == tongue)
}
