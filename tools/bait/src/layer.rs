//! Learns how much each reason counts: a logistic layer that what speaks against a message can only raise.
//! Where samples say nothing a weight stays at what a person would give it (`written/priors.toml`).

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use hygie_phish::model::Layer;
use hygie_phish::{Clue, Side};

/// A sample in numbers: which clues, how strongly in hundredths, whether it is a trap, how much it counts.
pub struct Row {
    /// Number of the clue and its strength, 0 to 1.
    pub clues: Vec<(usize, f64)>,
    /// It is a trap.
    pub trap: bool,
    /// How much it counts.
    pub weight: f64,
}

/// Weights before they are made whole numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Where a message without any reason stands.
    pub start: f64,
    /// By the clue's number.
    pub weights: Vec<f64>,
}

/// What a person would give, by the clue's number, in natural units.
pub fn priors() -> Result<Vec<f64>> {
    let table: BTreeMap<String, i32> =
        toml::from_str(include_str!("../written/priors.toml")).context("written/priors.toml")?;
    if let Some(unknown) = table
        .keys()
        .find(|word| !Clue::ALL.iter().any(|clue| clue.word() == *word))
    {
        bail!("written/priors.toml names {unknown}, which is no clue");
    }
    Clue::ALL
        .iter()
        .map(|clue| match (table.get(clue.word()), clue.side()) {
            (Some(points), Side::Against) if *points >= 0 => Ok(f64::from(*points) / 100.0),
            (Some(points), Side::For) if *points <= 0 => Ok(f64::from(*points) / 100.0),
            (Some(points), _) => bail!("{} has {points} on the wrong side", clue.word()),
            (None, _) => bail!("written/priors.toml lacks {}", clue.word()),
        })
        .collect()
}

/// Learns.
#[must_use]
pub fn fit(rows: &[Row], priors: &[f64]) -> Fit {
    let mut fit = Fit {
        start: START,
        weights: priors.to_vec(),
    };
    let total: f64 = rows.iter().map(|row| row.weight).sum();
    for step in 0..STEPS {
        let mut slopes = vec![0.0; priors.len()];
        let mut start_slope = 0.0;
        for row in rows {
            let error = (likely(fit.sum(&row.clues)) - f64::from(u8::from(row.trap))) * row.weight;
            start_slope += error;
            for (clue, strength) in &row.clues {
                slopes[*clue] += error * strength;
            }
        }
        let rate = RATE / (1.0 + step as f64 / 400.0);
        fit.start -= rate * start_slope / total;
        for (at, clue) in Clue::ALL.iter().enumerate() {
            let pull = PULL * (fit.weights[at] - priors[at]) / total;
            let moved = fit.weights[at] - rate * (slopes[at] / total + pull);
            fit.weights[at] = match clue.side() {
                Side::Against => moved.clamp(0.0, MOST),
                Side::For => moved.clamp(-MOST, 0.0),
            };
        }
    }
    fit
}

impl Fit {
    /// Where a message stands.
    #[must_use]
    pub fn sum(&self, clues: &[(usize, f64)]) -> f64 {
        clues.iter().fold(self.start, |sum, (clue, strength)| {
            sum + self.weights[*clue] * strength
        })
    }

    /// As the engine reads it, without its thresholds.
    #[must_use]
    pub fn layer(&self) -> Layer {
        let weights = Clue::ALL
            .iter()
            .zip(&self.weights)
            .map(|(clue, weight)| (clue.word().to_owned(), hundredths(*weight)))
            .filter(|(_, weight)| *weight != 0)
            .collect();
        Layer {
            start: hundredths(self.start),
            steepness: 100,
            weights,
            ..Layer::default()
        }
    }
}

/// A slope and a place that turn sums into how likely: Platt's method, on sums of samples that were not learnt from.
#[must_use]
pub fn calibrate(sums: &[(f64, bool, f64)]) -> (f64, f64) {
    let (mut steep, mut even) = (1.0_f64, 0.0_f64);
    let total: f64 = sums.iter().map(|(_, _, weight)| weight).sum();
    for _ in 0..4000 {
        let (mut steep_slope, mut even_slope) = (0.0, 0.0);
        for (sum, trap, weight) in sums {
            let error = (likely(steep * (sum - even)) - f64::from(u8::from(*trap))) * weight;
            steep_slope += error * (sum - even);
            even_slope -= error * steep;
        }
        steep = (steep - 0.1 * steep_slope / total).clamp(0.2, 3.0);
        even -= 0.5 * even_slope / total;
    }
    (steep, even)
}

/// In whole hundredths.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "weights are clamped far below"
)]
pub fn hundredths(value: f64) -> i32 {
    (value * 100.0).round() as i32
}

fn likely(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum).exp())
}

const START: f64 = -4.0;
const STEPS: usize = 1500;
const RATE: f64 = 2.0;
/// How many samples a prior is worth.
const PULL: f64 = 4.0;
/// No single reason decides more than this.
const MOST: f64 = 6.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_clue_has_a_prior() {
        assert_eq!(priors().unwrap().len(), Clue::ALL.len());
    }

    #[test]
    fn weights_follow_samples_and_never_cross_zero() {
        let priors = priors().unwrap();
        let row = |clue: usize, trap: bool| Row {
            clues: vec![(clue, 1.0)],
            trap,
            weight: 1.0,
        };
        // The first speaks for traps; the second, against its nature, for ordinary mail.
        let rows: Vec<Row> = (0..400)
            .map(|at| row(at % 2, at % 2 == 0))
            .chain((0..400).map(|_| Row {
                clues: Vec::new(),
                trap: false,
                weight: 1.0,
            }))
            .collect();
        let fit = fit(&rows, &priors);
        assert!(fit.weights[0] > 2.0, "{}", fit.weights[0]);
        assert!(
            fit.weights[1] < 0.5 && fit.weights[1] >= 0.0,
            "{}",
            fit.weights[1]
        );
        assert!(fit.start < -1.0);
    }

    #[test]
    fn calibration_finds_the_middle() {
        let sums: Vec<(f64, bool, f64)> = (0..200)
            .map(|at| (f64::from(at) / 10.0, at > 100, 1.0))
            .collect();
        let (steep, even) = calibrate(&sums);
        assert!((even - 10.0).abs() < 0.5, "{even}");
        assert!(steep > 1.0);
    }
}
