//! Medians and quartiles: on a machine that others use at the same time, means say little.

use serde::Serialize;

/// How measured values are spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) samples: usize,
    pub(crate) q1: f64,
    pub(crate) median: f64,
    pub(crate) q3: f64,
    pub(crate) p99: f64,
}

impl Spread {
    /// `None` of nothing.
    pub(crate) fn of(values: &[f64]) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |part| quantile(&sorted, part);
        Some(Self {
            samples: sorted.len(),
            q1: at(0.25),
            median: at(0.5),
            q3: at(0.75),
            p99: at(0.99),
        })
    }

    /// The differences of the rounds' medians, this round's against this round's: what slows a whole round
    /// down falls out.
    pub(crate) fn of_differences(rounds: &[Vec<f64>], against: &[Vec<f64>]) -> Option<Self> {
        let medians = |rounds: &[Vec<f64>]| -> Vec<Option<f64>> {
            rounds
                .iter()
                .map(|round| Some(Self::of(round)?.median))
                .collect()
        };
        let differences: Vec<f64> = medians(rounds)
            .into_iter()
            .zip(medians(against))
            .filter_map(|(this, that)| Some(this? - that?))
            .collect();
        Self::of(&differences)
    }
}

/// Between two neighbours it is where it lies between them (type 7 of Hyndman and Fan, R's and NumPy's own).
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let below = place.floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index of the slice"
    )]
    let index = below as usize;
    let low = sorted[index];
    let high = sorted[(index + 1).min(sorted.len() - 1)];
    low + (high - low) * (place - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_those_of_r() {
        // quantile(c(7, 15, 36, 39, 40, 41)) gives 20.25, 37.5 and 39.75.
        let spread = Spread::of(&[41.0, 7.0, 40.0, 15.0, 39.0, 36.0]).unwrap();
        assert_eq!(
            (spread.samples, spread.q1, spread.median, spread.q3),
            (6, 20.25, 37.5, 39.75)
        );
        assert!((spread.p99 - 40.95).abs() < 1e-9);
    }

    #[test]
    fn one_value_is_all_of_them_and_none_is_nothing() {
        let spread = Spread::of(&[3.0]).unwrap();
        assert_eq!(
            (spread.q1, spread.median, spread.q3, spread.p99),
            (3.0, 3.0, 3.0, 3.0)
        );
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn a_slow_round_falls_out_of_differences() {
        let guarded = [vec![3.0, 3.0, 9.0], vec![103.0; 3], vec![3.5; 2], vec![]];
        let bare = [vec![2.0; 3], vec![102.0; 3], vec![2.5; 2], vec![1.0]];
        let spread = Spread::of_differences(&guarded, &bare).unwrap();
        assert_eq!(
            (spread.samples, spread.q1, spread.median, spread.q3),
            (3, 1.0, 1.0, 1.0)
        );
    }
}
