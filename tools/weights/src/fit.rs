//! Finds the weights: a linear machine with non-negative weights and a fixed bound, by coordinate descent.
//! Squared hinges need only the four operations, so every machine finds the same numbers from the same traces.

use std::collections::BTreeMap;

use hygie_guard::harm::{Group, STOP, Signal, Weights};

use crate::{
    replay::{Moment, watch},
    trace::{Label, Trace},
};

/// What the traces ask of the weights.
pub struct Samples {
    rows: Vec<Row>,
}

/// One wish: the best of these groups' scores above, or each of them below.
struct Row {
    trace: usize,
    /// Scores wanted at least (harmful) or at most (honest).
    wish: Wish,
    /// How much it counts.
    heft: f64,
    points: Vec<[f64; 20]>,
}

#[derive(Clone, Copy, PartialEq)]
enum Wish {
    Above(f64),
    Below(f64),
}

impl Samples {
    /// From all traces.
    #[must_use]
    pub fn of(traces: &[Trace]) -> Self {
        let mut rows = Vec::new();
        for (number, trace) in traces.iter().enumerate() {
            let moments = watch(trace);
            match trace.label {
                Label::Harmful => harmful(number, &moments, &mut rows),
                Label::Honest => honest(number, &moments, &mut rows),
            }
        }
        rows.extend(caution().map(|points| Row {
            trace: usize::MAX,
            wish: Wish::Below(CAUTION),
            heft: 30.0,
            points: vec![points],
        }));
        Self { rows }
    }

    /// The weights that these wishes give, without those of one trace.
    #[must_use]
    pub fn fit(&self, without: Option<usize>) -> Weights {
        let rows: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| Some(row.trace) != without)
            .collect();
        let mut weights = PRIOR;
        for _ in 0..ROUNDS {
            let chosen = choose(&rows, &weights);
            for _ in 0..SWEEPS {
                (0..20).for_each(|index| step(&chosen, &mut weights, index));
            }
        }
        Weights(std::array::from_fn(|index| round(weights[index])))
    }
}

/// At some numbers of files an attack should be over the bound; the more files, the more it matters.
fn harmful(trace: usize, moments: &[Moment], rows: &mut Vec<Row>) {
    for (files, wish, heft) in AIMS {
        let Some(moment) = moments.iter().rev().find(|moment| moment.touched == files) else {
            continue;
        };
        rows.push(Row {
            trace,
            wish: Wish::Above(wish * f64::from(STOP)),
            heft,
            points: moment
                .groups
                .iter()
                .map(|(_, bound, figures)| point(*bound, &figures.0))
                .collect(),
        });
    }
}

/// At no moment should a look-alike come near the bound.
fn honest(trace: usize, moments: &[Moment], rows: &mut Vec<Row>) {
    let mut seen: BTreeMap<Group, Vec<[f64; 20]>> = BTreeMap::new();
    for (group, bound, figures) in moments.iter().rev().flat_map(|moment| &moment.groups) {
        let new = point(*bound, &figures.0);
        let kept = seen.entry(*group).or_default();
        if !kept
            .iter()
            .any(|old| old.iter().zip(new).all(|(old, new)| *old >= new))
        {
            kept.push(new);
        }
    }
    for points in seen.into_values() {
        rows.extend(points.into_iter().map(|one| Row {
            trace,
            wish: Wish::Below(HONEST),
            heft: 6.0,
            points: vec![one],
        }));
    }
}

/// Whatever three files show, it is not enough: the wish for honest work that nobody recorded.
fn caution() -> impl Iterator<Item = [f64; 20]> {
    let breadth = [
        Signal::Folders,
        Signal::Kinds,
        Signal::KindsRead,
        Signal::Pace,
    ];
    [
        &[Signal::KindLost, Signal::EntropyRose, Signal::Unlike][..],
        &[Signal::KindChanged, Signal::EntropyRose, Signal::Unlike],
        &[Signal::Torn, Signal::Stirred, Signal::EntropyRose],
        &[Signal::Displaced, Signal::SealedMade, Signal::DeletedByTool],
        &[Signal::Displaced, Signal::SealedMade, Signal::Deleted],
        &[
            Signal::KindLost,
            Signal::EntropyRose,
            Signal::Unlike,
            Signal::ExtensionLost,
            Signal::NameLost,
        ],
        &[Signal::Emptied, Signal::Displaced, Signal::SealedMade],
    ]
    .into_iter()
    .map(move |signals| {
        let mut point = [0.0; 20];
        for signal in signals.iter().chain(&breadth) {
            point[signal.index()] = 3.0;
        }
        point
    })
}

fn point(bound: u32, figures: &[u32; 20]) -> [f64; 20] {
    std::array::from_fn(|index| {
        let capped = figures[index].min(Signal::ALL[index].cap() * 100);
        f64::from(capped) / f64::from(bound)
    })
}

/// For each wish the group that comes nearest to it now.
fn choose<'a>(rows: &[&'a Row], weights: &[f64; 20]) -> Vec<(Wish, f64, &'a [f64; 20])> {
    rows.iter()
        .filter_map(|row| {
            let best = row
                .points
                .iter()
                .max_by(|one, two| score(one, weights).total_cmp(&score(two, weights)))?;
            Some((row.wish, row.heft, best))
        })
        .collect()
}

fn score(point: &[f64; 20], weights: &[f64; 20]) -> f64 {
    point
        .iter()
        .zip(weights)
        .map(|(one, weight)| one * weight)
        .sum()
}

/// One Newton step of the squared hinges along one weight, within its range.
fn step(rows: &[(Wish, f64, &[f64; 20])], weights: &mut [f64; 20], index: usize) {
    let (mut slope, mut bend) = (PULL * (weights[index] - PRIOR[index]), PULL);
    for (wish, heft, point) in rows {
        if point[index] == 0.0 {
            continue;
        }
        let score = score(point, weights);
        let miss = match wish {
            Wish::Above(wanted) if score < *wanted => score - wanted,
            Wish::Below(wanted) if score > *wanted => score - wanted,
            Wish::Above(_) | Wish::Below(_) => continue,
        };
        slope += heft * miss * point[index];
        bend += heft * point[index] * point[index];
    }
    let free = weights[index] - slope / bend;
    weights[index] = free.clamp(PRIOR[index] / RANGE, PRIOR[index] * RANGE);
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "weights are between zero and a few thousand"
)]
fn round(weight: f64) -> u32 {
    weight.round() as u32
}

/// The text of `weights.rs`.
#[must_use]
pub fn source(weights: Weights) -> String {
    let mut text = String::from(
        "//! The weights of the signals, made from `harm-traces/` by `cargo run -p hygie-weights -- fit`: do not edit.\n\
         //! They stand apart from the code so that a diff shows what a new trace changed.\n\n\
         /// Points for one file, folder or kind, in the order of `Signal::ALL`.\n\
         pub(super) const WEIGHTS: [u32; 20] = [\n",
    );
    // rustfmt aligns the comments.
    let width = weights
        .0
        .iter()
        .map(|weight| weight.to_string().len())
        .max()
        .unwrap_or(0)
        + 1;
    for (signal, weight) in Signal::ALL.iter().zip(weights.0) {
        let weight = format!("{weight},");
        text.push_str(&format!("    {weight:width$} // {signal:?}\n"));
    }
    text.push_str("];\n");
    text
}

/// After so many files, so much of the bound, and how much that counts.
const AIMS: [(usize, f64, f64); 7] = [
    (5, 1.0, 0.05),
    (6, 1.0, 0.2),
    (8, 1.1, 1.0),
    (10, 1.1, 2.0),
    (15, 1.1, 3.0),
    (25, 1.15, 5.0),
    (45, 1.15, 10.0),
];
/// Look-alikes should stay below this score.
const HONEST: f64 = 350.0;
/// Three files, whatever they show.
const CAUTION: f64 = 600.0;
/// How strongly the prior holds a weight that the traces do not ask for.
const PULL: f64 = 500.0;
/// The traces may halve or double what the prior says, no more.
const RANGE: f64 = 2.0;
/// What the literature suggests before any trace is seen, in the order of `Signal::ALL`: damage to contents and
/// displaced originals weigh most, what honest programs do all day least. Without it a signal that is never alone in
/// the traces would get nothing, and an attack that shows only that one would pass; and one that happens to part these
/// traces well would get all.
const PRIOR: [f64; 20] = [
    60.0, 40.0, 50.0, 10.0, 60.0, 70.0, 60.0, 10.0, 80.0, 20.0, 20.0, 2.0, 30.0, 40.0, 8.0, 20.0,
    15.0, 25.0, 4.0, 10.0,
];
const ROUNDS: usize = 8;
const SWEEPS: usize = 60;
