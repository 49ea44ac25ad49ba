//! SpamAssassin and rspamd on the mails that Hygie is measured on, as they came, in the same run.
//! Each at its own threshold over the same ordinary mails.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};

use crate::corpora::{Class, Raw, Sample, Source, Tongue};
use crate::eval::{Judged, Licence, is_late, judge};
use crate::figures::{above, threshold};
use crate::rivals::Rival;
use crate::seen::Seen;
use crate::train::Kind;

/// The comparison as a part of a page. `samples` are the mails with their bytes, `all` what the judge saw of them.
///
/// # Errors
/// Neither of the two is installed, or one stops answering.
pub fn report(samples: &[Sample], all: &[Seen]) -> Result<String> {
    let judged = judge(all, Licence::Product)?;
    let hygie: BTreeMap<&str, f64> = judged
        .iter()
        .filter(|one| Kind::of(one.seen) == Kind::Mail && takes_part(one))
        .map(|one| (one.seen.sample.name.as_str(), one.sum))
        .collect();
    let some: Vec<&Sample> = samples
        .iter()
        .filter(|sample| hygie.contains_key(sample.name.as_str()))
        .collect();
    let mut columns = vec![(
        "Hygie, offline".to_owned(),
        some.iter()
            .map(|sample| hygie.get(sample.name.as_str()).copied().unwrap_or_default())
            .collect(),
    )];
    let folder = tempfile::tempdir()?;
    for start in [Rival::spamassassin, Rival::rspamd] {
        columns.push(column(&start(folder.path())?, &some)?);
    }
    table(&some, &columns)
}

fn column(rival: &Rival, some: &[&Sample]) -> Result<(String, Vec<f64>)> {
    let points: Result<Vec<f64>> = some
        .iter()
        .map(|sample| match &sample.raw {
            Raw::Mail(raw) => rival.ask(raw).with_context(|| sample.name.clone()),
            Raw::Sms(_) => anyhow::bail!("{} is no mail", sample.name),
        })
        .collect();
    Ok((rival.name().to_owned(), points?))
}

/// What the product never learnt from, and the household's mailbox by a model that was taught without it.
fn takes_part(one: &Judged<'_>) -> bool {
    let sample = &one.seen.sample;
    match sample.source {
        Source::HoneyPot => is_late(one.seen) && sample.tongue != Tongue::Other,
        Source::KernelList => is_late(one.seen),
        Source::Mailbox => sample.class != Class::Advert,
        Source::Shop => true,
        Source::SpamAssassin
        | Source::Uci
        | Source::Mendeley
        | Source::FrenchChat
        | Source::Written => false,
    }
}

fn table(some: &[&Sample], columns: &[(String, Vec<f64>)]) -> Result<String> {
    let mut page = String::new();
    let ordinary = some
        .iter()
        .filter(|sample| sample.class == Class::Ordinary)
        .count();
    writeln!(
        page,
        "\n## Beside SpamAssassin and rspamd\n\n{} mails as they came, each at its own threshold over the same {ordinary} ordinary ones (so 1 in 1,000 lets \
         none pass).\n",
        some.len()
    )?;
    write!(page, "| mails |")?;
    for (name, _) in columns {
        write!(page, " {name}, 1 in 1,000 | 1 in 100 |")?;
    }
    writeln!(page, "\n|---|{}", "---|---|".repeat(columns.len()))?;
    for (name, source, class, tongue) in ROWS {
        write!(page, "| {name} |")?;
        for (_, points) in columns {
            let of = |wanted: &dyn Fn(&Sample) -> bool| -> Vec<f64> {
                let both = some.iter().zip(points);
                both.filter(|(sample, _)| wanted(sample))
                    .map(|(_, points)| *points)
                    .collect()
            };
            let ordinary = of(&|sample| sample.class == Class::Ordinary);
            let row = of(&|sample| {
                sample.source == source
                    && sample.class == class
                    && tongue.is_none_or(|tongue| sample.tongue == tongue)
            });
            for one_in in [1000, 100] {
                let rate = above(row.iter().copied(), threshold(&ordinary, one_in));
                write!(page, " {} |", rate.told())?;
            }
        }
        writeln!(page)?;
    }
    Ok(page)
}

/// A row: its name, and which samples it is about.
type Of = (&'static str, Source, Class, Option<Tongue>);

const ROWS: [Of; 6] = [
    (
        "traps, honey pot, English",
        Source::HoneyPot,
        Class::Trap,
        Some(Tongue::En),
    ),
    (
        "traps, honey pot, French",
        Source::HoneyPot,
        Class::Trap,
        Some(Tongue::Fr),
    ),
    (
        "traps, household's mailbox",
        Source::Mailbox,
        Class::Trap,
        None,
    ),
    (
        "*ordinary*, household's mailbox (hard)",
        Source::Mailbox,
        Class::Ordinary,
        None,
    ),
    (
        "*ordinary*, shop templates, French",
        Source::Shop,
        Class::Ordinary,
        None,
    ),
    (
        "*ordinary*, developers' list",
        Source::KernelList,
        Class::Ordinary,
        None,
    ),
];
