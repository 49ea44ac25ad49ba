//! How many files were touched second by second, up to the stop: a drawing of at most six bars and the bowl that holds the
//! program. Pure; sizes are attributes, so that the strict content policy holds.

use hygie_model::Wall;

/// A bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    /// Its left edge.
    pub(super) x: u64,
    /// Its top.
    pub(super) y: u64,
    /// Its height.
    pub(super) height: u64,
    /// Where words about it stand.
    pub(super) middle: u64,
    /// Where its number stands.
    pub(super) above: u64,
    /// How many files.
    pub(super) count: u64,
    /// When it begins.
    pub(super) at: Wall,
}

/// The drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bars {
    /// How long each bar is.
    pub(super) seconds: u64,
    /// From left to right.
    pub(super) bars: Vec<Bar>,
}

/// Draws; nothing where no file is known.
#[must_use]
pub(super) fn bars(files: &[Wall], stopped: Wall) -> Option<Bars> {
    let first = files.iter().min()?.0.div_euclid(SECOND);
    let last = files.iter().max()?.0.max(stopped.0).div_euclid(SECOND);
    let span = u64::try_from(last - first).unwrap_or(0);
    let seconds = span / SLOTS + 1;
    let slots = span / seconds + 1;
    let mut counts = vec![0_u64; usize::try_from(slots).ok()?];
    for file in files {
        let after = u64::try_from(file.0.div_euclid(SECOND) - first).unwrap_or(0);
        if let Some(count) = usize::try_from(after / seconds)
            .ok()
            .and_then(|at| counts.get_mut(at))
        {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    let empty = SLOTS - slots;
    let bars = (0_u64..).zip(counts).map(|(at, count)| {
        let height = (HIGH * count).div_ceil(most);
        let middle = 22 + 52 * (at + empty);
        let begins = first + i64::try_from(at * seconds).unwrap_or(0);
        Bar {
            x: middle - 18,
            y: GROUND - height,
            height,
            middle,
            above: GROUND - height - 8,
            count,
            at: Wall(begins.saturating_mul(SECOND)),
        }
    });
    Some(Bars {
        seconds,
        bars: bars.collect(),
    })
}

const SECOND: i64 = 1_000_000_000;
const SLOTS: u64 = 6;
const GROUND: u64 = 112;
const HIGH: u64 = 88;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Wall {
        Wall(1_795_507_920 * SECOND + seconds * SECOND + 7)
    }

    fn counts(files: &[i64], stopped: i64) -> (u64, Vec<u64>) {
        let files: Vec<Wall> = files.iter().map(|second| at(*second)).collect();
        let drawn = bars(&files, at(stopped)).unwrap();
        (
            drawn.seconds,
            drawn.bars.iter().map(|bar| bar.count).collect(),
        )
    }

    #[test]
    fn each_file_is_counted_once_in_its_time() {
        for (files, stopped, seconds, seen) in [
            (vec![0], 0, 1, vec![1]),
            (vec![0, 1, 1, 3, 3, 3], 3, 1, vec![1, 2, 0, 3]),
            (vec![0, 5], 5, 1, vec![1, 0, 0, 0, 0, 1]),
            (vec![0, 6], 6, 2, vec![1, 0, 0, 1]),
            (vec![0, 3600], 3600, 601, vec![1, 0, 0, 0, 0, 1]),
            // Told after the stop: a close that came late.
            (vec![0, 2], 1, 1, vec![1, 0, 1]),
        ] {
            assert_eq!(counts(&files, stopped), (seconds, seen), "{files:?}");
        }
        assert_eq!(bars(&[], at(0)), None);
    }

    #[test]
    fn nothing_leaves_the_drawing() {
        for files in [vec![0_i64; 5_000], (0..5_000).collect(), vec![-3, 0, 7]] {
            let files: Vec<Wall> = files.into_iter().map(at).collect();
            let drawn = bars(&files, at(3)).unwrap();
            assert!((1..=6).contains(&drawn.bars.len()));
            for bar in &drawn.bars {
                assert!(
                    bar.y >= 24 && bar.y + bar.height == 112 && bar.x + 36 <= 300,
                    "{bar:?}"
                );
            }
        }
    }
}
