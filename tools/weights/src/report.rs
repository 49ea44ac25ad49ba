//! The report that stands beside the weights: what they do on each trace, and on each trace they never saw.
//! Written by the same command, so that it cannot say something else.

use std::fmt::Write as _;

use hygie_guard::harm::{Reason, Signal, Weights};

use crate::{
    fit::Samples,
    replay::{Outcome, play},
    trace::{Label, Trace},
};

/// One trace with all weights, and with those found without it.
pub struct Line<'a> {
    /// The trace.
    pub trace: &'a Trace,
    /// With the weights of the repository.
    pub with: Outcome,
    /// With weights that were found without this trace.
    pub without: Outcome,
}

/// Plays all traces.
#[must_use]
pub fn lines<'a>(traces: &'a [Trace], samples: &Samples, weights: Weights) -> Vec<Line<'a>> {
    traces
        .iter()
        .enumerate()
        .map(|(number, trace)| Line {
            trace,
            with: play(trace, weights),
            without: play(trace, samples.fit(Some(number))),
        })
        .collect()
}

/// The report in Markdown.
#[must_use]
pub fn markdown(lines: &[Line<'_>], weights: Weights) -> String {
    let (harmful, honest): (Vec<_>, Vec<_>) = lines
        .iter()
        .partition(|line| line.trace.label == Label::Harmful);
    let mut text = String::from(HEAD);
    summary(&mut text, &harmful, &honest);
    text.push_str(
        "\n## Weights\nA family is stopped at 1000 points. Counts beyond the cap add nothing.\n\n",
    );
    text.push_str("| signal | points each | counts up to | most points |\n|---|---|---|---|\n");
    for (signal, weight) in Signal::ALL.iter().zip(weights.0) {
        let _ = writeln!(
            text,
            "| {signal:?} | {weight} | {} | {} |",
            signal.cap(),
            weight * signal.cap()
        );
    }
    text.push_str("\n## Attacks\nFiles that had lost a state or a name at the stop, the last one included (one that was copied and then deleted was moved, not lost); *unseen*: with weights found without this trace.\n\n");
    text.push_str("| scenario | stopped after | unseen | what it does |\n|---|---|---|---|\n");
    let mut sorted = harmful.clone();
    sorted.sort_by_key(|line| {
        (
            std::cmp::Reverse(line.with.stopped_after.unwrap_or(usize::MAX)),
            &line.trace.name,
        )
    });
    for line in sorted {
        let (name, what) = (&line.trace.name, &line.trace.what);
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {what} |",
            files(&line.with),
            files(&line.without)
        );
    }
    text.push_str("\n## Look-alikes\nThe highest score of any of its groups in hundredths of that group's bound: 100 would be a stop.\n\n");
    text.push_str("| scenario | highest | unseen | weightiest reasons | what it does |\n|---|---|---|---|---|\n");
    let mut sorted = honest.clone();
    sorted.sort_by_key(|line| (std::cmp::Reverse(line.with.highest), &line.trace.name));
    for line in sorted {
        let (name, what) = (&line.trace.name, &line.trace.what);
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {what} |",
            share(&line.with),
            share(&line.without),
            reasons(&line.with.reasons)
        );
    }
    text
}

fn summary(text: &mut String, harmful: &[&Line<'_>], honest: &[&Line<'_>]) {
    text.push_str("\n## In short\n| | all traces | each unseen |\n|---|---|---|\n");
    let both = |pick: fn(&Line<'_>) -> Outcome, lines: &[&Line<'_>]| -> Vec<Outcome> {
        lines.iter().map(|line| pick(line)).collect()
    };
    let (with, without) = (
        both(|line| line.with.clone(), harmful),
        both(|line| line.without.clone(), harmful),
    );
    let _ = writeln!(
        text,
        "| attacks stopped | {} of {} | {} of {} |",
        stopped(&with),
        with.len(),
        stopped(&without),
        without.len()
    );
    let _ = writeln!(
        text,
        "| files before a stop, median | {} | {} |",
        median(&with),
        median(&without)
    );
    let _ = writeln!(
        text,
        "| files before a stop, worst | {} | {} |",
        worst(&with),
        worst(&without)
    );
    let (with, without) = (
        both(|line| line.with.clone(), honest),
        both(|line| line.without.clone(), honest),
    );
    let _ = writeln!(
        text,
        "| look-alikes stopped | {} of {} | {} of {} |",
        stopped(&with),
        with.len(),
        stopped(&without),
        without.len()
    );
    let highest = |all: &[Outcome]| all.iter().map(|one| one.highest).max().unwrap_or(0) / 10;
    let _ = writeln!(
        text,
        "| nearest look-alike, of 100 | {} | {} |",
        highest(&with),
        highest(&without)
    );
}

fn stopped(all: &[Outcome]) -> usize {
    all.iter().filter(|one| one.stopped_after.is_some()).count()
}

/// The middle one; who is not stopped counts as the worst.
#[must_use]
pub fn median(all: &[Outcome]) -> String {
    let mut sorted: Vec<usize> = all
        .iter()
        .map(|one| one.stopped_after.unwrap_or(usize::MAX))
        .collect();
    sorted.sort_unstable();
    sorted
        .get(sorted.len() / 2)
        .map_or("-".to_owned(), |one| told(*one))
}

fn worst(all: &[Outcome]) -> String {
    let worst = all
        .iter()
        .map(|one| one.stopped_after.unwrap_or(usize::MAX))
        .max();
    worst.map_or("-".to_owned(), told)
}

fn told(files: usize) -> String {
    if files == usize::MAX {
        "never".to_owned()
    } else {
        files.to_string()
    }
}

fn files(outcome: &Outcome) -> String {
    told(outcome.stopped_after.unwrap_or(usize::MAX))
}

fn share(outcome: &Outcome) -> String {
    match outcome.stopped_after {
        Some(files) => format!("**stopped after {files}**"),
        None => (outcome.highest / 10).to_string(),
    }
}

fn reasons(reasons: &[Reason]) -> String {
    let told: Vec<String> = reasons
        .iter()
        .take(3)
        .map(|one| format!("{:?} {}", one.signal, one.points))
        .collect();
    told.join(", ")
}

const HEAD: &str = "\
# The weights of harm
Made by `cargo run --release -p hygie-weights -- fit`; do not edit. The same command writes
`engines/guard/src/harm/weights.rs`, and a test checks that both follow from the traces byte for byte.

## How they were found
`hygie-weights -- record` makes a tree of 150 practice files of 13 formats in 22 folders, lets each scenario really
change it (ChaCha20; the real gpg, openssl, zip, tar, git, sqlite3, rsync and gzip; images that are decoded and encoded
again), and writes down what the engine is told: `engines/guard/harm-traces/`. `fit` replays them and looks for
non-negative weights under which attacks pass 1000 points early (6 to 10 files where that is possible) and look-alikes
stay below 400, with a further wish: *whatever three files show is not enough* (600), for the honest work that nobody
recorded. The loss is a sum of squared hinges, minimised by coordinate descent with the four operations only.
*Unseen* columns repeat all this without the trace in question.

Where honest and harmful look the same to any onlooker, the choice is this: a packaged tool that only deletes (`rm -r`)
is left alone, an unknown program that does it is stopped late; who only renames is stopped only when the new names mean
nothing; who encrypts copies and deletes no original is left alone. A deletion of what still stands, unchanged, in another
file of the protected folders loses nothing and weighs nothing; from then on that copy is nobody's own, not even its maker's.

Sources of the signals: CryptoDrop (Scaife et al., ICDCS 2016; median 10 files lost; gpg and compression as its false
positives), UNVEIL (Kharraz et al., USENIX Security 2016), ShieldFS (Continella et al., ACSAC 2016), Redemption (Kharraz
and Kirda, RAID 2017), RWGuard (Mehnaz et al., RAID 2018); why entropy alone fails on JPEG and ZIP: Pont et al., Davies
et al. (Entropy 2022, 24(10), 1503); partial encryption of 3 to 5 %: Han, Lin and Porter (SecureComm 2020); splitting
over 18 processes blinds detectors that look at one: De Gaspari et al., The Naked Sun (ACNS 2020).
";
