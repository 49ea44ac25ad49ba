//! How much of a former content is left in a new one, and what came in its place.
//! Blocks at the same place tell partial encryption; shingles tell an edit that moved everything.

use crate::{
    block::BLOCK,
    sketch::{Block, Sketch},
};

/// From which share of chance's entropy on a block looks random.
const RANDOM: u16 = 985;

/// How much a block's share must have grown to count as turned random.
const TURN: u16 = 50;

/// A new content beside its former one. Shares are in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    /// Blocks of the longer one that are the same at the same place.
    pub kept: u16,
    /// Short runs of bytes that both have, wherever they stand.
    pub resemblance: u16,
    /// How far apart the shapes of the byte counts are.
    pub shift: u16,
    /// Blocks that were not random and are now, at the same place; a count.
    pub turned: u16,
    /// Blocks that are others now and random; a count.
    pub replaced: u16,
    /// Stretches of changed blocks between unchanged ones; a count.
    pub stretches: u16,
}

impl Likeness {
    /// `after` beside `before`.
    #[must_use]
    pub fn between(before: &Sketch, after: &Sketch) -> Self {
        let stride = before.stride.max(after.stride);
        let (old, new) = (every(before, stride), every(after, stride));
        let longer = old.len().max(new.len());
        let same = |index: usize| match (old.get(index), new.get(index)) {
            (Some(one), Some(two)) => one.hash == two.hash,
            _ => false,
        };
        let kept = (0..longer).filter(|&index| same(index)).count();
        // What is appended to a block that was not full is no change of it.
        let full = old.len() - usize::from(grows_in_a_block(before, after) && !old.is_empty());
        let changed = old
            .iter()
            .zip(&new)
            .take(full)
            .filter(|(one, two)| one.hash != two.hash);
        let random = changed.filter(|(_, two)| two.fill >= RANDOM);
        let (replaced, turned) = random.fold((0_usize, 0_usize), |(all, turned), (one, two)| {
            (all + 1, turned + usize::from(one.fill + TURN < two.fill))
        });
        let both = old.len().min(new.len());
        let stretches = (0..both)
            .filter(|&index| !same(index) && (index == 0 || same(index - 1)))
            .count();
        Self {
            kept: share(kept, longer),
            resemblance: before.shingles.resemblance(&after.shingles),
            shift: shift(before, after),
            turned: count(turned),
            replaced: count(replaced),
            stretches: count(stretches),
        }
    }
}

/// Strides are powers of two, so the coarser set of blocks is part of the finer one.
fn every(sketch: &Sketch, stride: u64) -> Vec<Block> {
    let step = usize::try_from(stride / sketch.stride).expect("strides are small");
    sketch.blocks.iter().step_by(step).copied().collect()
}

fn grows_in_a_block(before: &Sketch, after: &Sketch) -> bool {
    after.len > before.len && !before.len.is_multiple_of(BLOCK as u64)
}

/// Half the sum of differences: 0 for equal shapes, 1000 for disjoint ones.
fn shift(before: &Sketch, after: &Sketch) -> u16 {
    let sum: u16 = before
        .shape
        .iter()
        .zip(after.shape)
        .map(|(one, two)| one.abs_diff(two))
        .sum();
    (sum / 2).min(1000)
}

fn share(part: usize, whole: usize) -> u16 {
    (part * 1000).checked_div(whole).map_or(1000, count)
}

fn count(many: usize) -> u16 {
    u16::try_from(many).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(len: usize, seed: u32) -> Vec<u8> {
        let mut state = seed;
        (0..len)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                state.to_le_bytes()[1]
            })
            .collect()
    }

    /// Numbered lines: no two stretches are the same.
    fn letter(lines: usize) -> Vec<u8> {
        (0..lines)
            .flat_map(|line| format!("Ligne {line} du compte rendu.\n").into_bytes())
            .collect()
    }

    #[test]
    fn a_content_is_like_itself() {
        let one = Sketch::of(&letter(900));
        let found = Likeness::between(&one, &one);
        assert_eq!(
            (found.kept, found.resemblance, found.shift, found.stretches),
            (1000, 1000, 0, 0)
        );
    }

    #[test]
    fn an_insertion_at_the_start_moves_blocks_and_keeps_runs() {
        let (one, mut two) = (letter(900), b"Copie. ".to_vec());
        two.extend(&one);
        let found = Likeness::between(&Sketch::of(&one), &Sketch::of(&two));
        assert!(found.kept == 0 && found.resemblance > 900, "{found:?}");
    }

    #[test]
    fn encryption_in_stretches_is_counted() {
        let one = letter(3000);
        let mut two = one.clone();
        for start in (8192..60_000).step_by(16_384) {
            two[start..start + 4096].copy_from_slice(&noise(4096, 7));
        }
        let found = Likeness::between(&Sketch::of(&one), &Sketch::of(&two));
        assert_eq!(
            (found.turned, found.replaced, found.stretches),
            (4, 4, 4),
            "{found:?}"
        );
        assert!(found.kept > 700, "{found:?}");
    }

    #[test]
    fn an_appended_signature_turns_no_block() {
        let (one, mut two) = (letter(900), letter(900));
        two.extend(noise(9000, 5));
        let found = Likeness::between(&Sketch::of(&one), &Sketch::of(&two));
        assert_eq!((found.turned, found.replaced), (0, 0), "{found:?}");
    }

    #[test]
    fn chance_is_like_nothing() {
        let found = Likeness::between(&Sketch::of(&letter(900)), &Sketch::of(&noise(27_000, 9)));
        assert!(
            found.kept == 0 && found.resemblance < 20 && found.shift > 300,
            "{found:?}"
        );
    }
}
