//! Learns how traps read: a logistic model over hashed words, one pass after another in a fixed order.
//! The same samples in the same order give the same weights.

use hygie_phish::text::{BUCKETS, Share, Words};

/// What is learnt from: words, whether it is a trap, how much it counts.
pub struct Example<'a> {
    /// Its words.
    pub shares: &'a [Share],
    /// It is a trap.
    pub trap: bool,
    /// How much it counts.
    pub weight: f64,
}

/// Learns.
#[must_use]
pub fn learn(examples: &[Example<'_>]) -> Words {
    let mut weights = vec![0.0_f64; BUCKETS];
    let mut squares = vec![1e-6_f64; BUCKETS];
    let (mut bias, mut bias_square) = (0.0_f64, 1e-6_f64);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..PASSES {
        dice.shuffle(&mut order);
        for &at in &order {
            let example = &examples[at];
            let sum: f64 = example
                .shares
                .iter()
                .map(|(bucket, share)| weights[*bucket as usize] * f64::from(*share))
                .sum();
            let likely = 1.0 / (1.0 + (-(sum + bias)).exp());
            let error = (likely - f64::from(u8::from(example.trap))) * example.weight;
            for (bucket, share) in example.shares {
                let bucket = *bucket as usize;
                let slope = error * f64::from(*share) + DECAY * weights[bucket];
                squares[bucket] += slope * slope;
                weights[bucket] -= RATE * slope / squares[bucket].sqrt();
            }
            bias_square += error * error;
            bias -= RATE * error / bias_square.sqrt();
        }
    }
    Words::of(bias, &weights)
}

/// Chance that is the same each time (a linear congruence of Knuth's).
pub struct Dice(pub u64);

impl Dice {
    /// A number below the bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = self.0 >> 33;
        usize::try_from(high).unwrap_or_default() % bound.max(1)
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let other = self.below(at + 1);
            list.swap(at, other);
        }
    }
}

const PASSES: usize = 8;
const RATE: f64 = 0.3;
/// Keeps a word that one campaign alone uses from deciding.
const DECAY: f64 = 2e-5;

#[cfg(test)]
mod tests {
    use hygie_phish::{parse, text::shares};

    use super::*;

    #[test]
    fn what_is_learnt_tells_both_apart_and_is_the_same_again() {
        let texts = [
            ("votre colis est bloqué cliquez", true),
            ("la réunion est à midi jeudi", false),
        ];
        let shares: Vec<_> = texts
            .iter()
            .map(|(text, _)| shares(&parse::sms(text, None)))
            .collect();
        let examples: Vec<Example<'_>> = shares
            .iter()
            .zip(texts)
            .cycle()
            .take(40)
            .map(|(shares, (_, trap))| Example {
                shares,
                trap,
                weight: 1.0,
            })
            .collect();
        let words = learn(&examples);
        assert!(
            words.leaning(&shares[0]) > 1.0,
            "{}",
            words.leaning(&shares[0])
        );
        assert!(
            words.leaning(&shares[1]) < -1.0,
            "{}",
            words.leaning(&shares[1])
        );
        assert_eq!(learn(&examples), words);
    }
}
