//! Rates with their uncertainty, and thresholds for a rate of false alarms.
//! Says how many samples stand behind each figure: a rate of few is no rate.

/// A count of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
}

impl Rate {
    /// In per cent.
    #[must_use]
    pub fn percent(self) -> f64 {
        if self.of == 0 {
            return f64::NAN;
        }
        100.0 * self.hits as f64 / self.of as f64
    }

    /// Wilson's interval that holds the true rate in 95 of 100 cases, in per cent.
    #[must_use]
    pub fn interval(self) -> (f64, f64) {
        if self.of == 0 {
            return (0.0, 100.0);
        }
        let (n, z) = (self.of as f64, 1.96_f64);
        let rate = self.hits as f64 / n;
        let middle = (rate + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (rate * (1.0 - rate) / n + z * z / (4.0 * n * n)).sqrt();
        (
            100.0 * (middle - half).max(0.0),
            100.0 * (middle + half).min(1.0),
        )
    }

    /// As it stands in a table.
    #[must_use]
    pub fn told(self) -> String {
        if self.of == 0 {
            return "none".to_owned();
        }
        let (low, high) = self.interval();
        format!(
            "{:.1} % ({low:.1} to {high:.1}), {} of {}",
            self.percent(),
            self.hits,
            self.of
        )
    }
}

/// The lowest sum above which no more than one in `one_in` of the ordinary lie.
#[must_use]
pub fn threshold(ordinary: &[f64], one_in: usize) -> f64 {
    let mut sums = ordinary.to_vec();
    sums.sort_by(|one, two| two.total_cmp(one));
    let allowed = sums.len() / one_in.max(1);
    sums.get(allowed).map_or(f64::INFINITY, |sum| sum + 1e-6)
}

/// How many lie at or above.
#[must_use]
pub fn above(sums: impl IntoIterator<Item = f64>, threshold: f64) -> Rate {
    let mut rate = Rate { hits: 0, of: 0 };
    for sum in sums {
        rate.of += 1;
        rate.hits += usize::from(sum >= threshold);
    }
    rate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_wilsons() {
        let (low, high) = Rate { hits: 8, of: 10 }.interval();
        assert!(
            (low - 49.0).abs() < 0.2 && (high - 94.3).abs() < 0.2,
            "{low} {high}"
        );
        assert_eq!(Rate { hits: 0, of: 0 }.told(), "none");
    }

    #[test]
    fn a_threshold_lets_one_in_so_many_pass() {
        let ordinary: Vec<f64> = (0..1000).map(f64::from).collect();
        for (one_in, wanted) in [(1000, 1), (100, 10), (10, 100), (10_000, 0)] {
            let threshold = threshold(&ordinary, one_in);
            assert_eq!(
                above(ordinary.iter().copied(), threshold).hits,
                wanted,
                "{one_in}"
            );
        }
        assert_eq!(above([1.0, 1.0], threshold(&[1.0, 1.0, 1.0], 100)).hits, 0);
    }
}
