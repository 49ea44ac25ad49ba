//! Which bytes of a file may differ from its newest version.

use std::{collections::BTreeMap, ops::Range};

use crate::pieces::{PIECE, count};

/// The bytes of a file that may differ from its newest version, rounded out to whole pieces.
/// What it leaves out is taken from that version unread, so it must never say too little: what is
/// written or cut while a copy is read belongs to the next copy as well. That a file grew needs no
/// word, for its length tells; that it was cut does, for it may have grown again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Start and end of each stretch; they neither overlap nor meet, and end before `from`.
    ranges: BTreeMap<u64, u64>,
    /// From here to the end of the file, wherever that is.
    from: Option<u64>,
}

impl Touched {
    /// Nothing is known to be the same.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            ranges: BTreeMap::new(),
            from: Some(0),
        }
    }

    /// All is as in the newest version.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Adds `len` bytes from `start` on.
    pub fn add(&mut self, start: u64, len: u64) {
        if len == 0 {
            return;
        }
        let Some(end) = start
            .checked_add(len)
            .and_then(|end| end.checked_next_multiple_of(PIECE))
        else {
            return self.add_from(start);
        };
        let (mut start, mut end) = (start - start % PIECE, end);
        if let Some(from) = self.from
            && end >= from
        {
            return self.add_from(start.min(from));
        }
        while let Some((&near, &until)) = self.ranges.range(..=end).next_back() {
            if until < start {
                break;
            }
            self.ranges.remove(&near);
            (start, end) = (start.min(near), end.max(until));
        }
        self.ranges.insert(start, end);
        if self.ranges.len() > MOST {
            *self = Self::everything();
        }
    }

    /// Adds all bytes from `start` to the end of the file, wherever that is: what a cut or a write
    /// at the end may change.
    pub fn add_from(&mut self, start: u64) {
        let start = start - start % PIECE;
        let mut from = self.from.map_or(start, |from| from.min(start));
        while let Some((&near, &until)) = self.ranges.last_key_value() {
            if until < from {
                break;
            }
            self.ranges.remove(&near);
            from = from.min(near);
        }
        self.from = Some(from);
    }

    /// Adds what another one holds: when the copy that it was for has failed.
    pub fn merge(&mut self, other: &Self) {
        for (start, end) in &other.ranges {
            self.add(*start, end - start);
        }
        if let Some(from) = other.from {
            self.add_from(from);
        }
    }

    /// Whether no byte is known to be the same.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.from == Some(0)
    }

    /// Whether all bytes are the same, and the length too.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.ranges.is_empty() && self.from.is_none()
    }

    /// The touched ones of the first `pieces` pieces, in order.
    pub(crate) fn pieces(&self, pieces: u64) -> impl Iterator<Item = Range<u64>> {
        let ends = self.from.map(|from| (from, u64::MAX));
        self.ranges
            .iter()
            .map(|(start, end)| (*start, *end))
            .chain(ends)
            .map(move |(start, end)| (start / PIECE).min(pieces)..count(end).min(pieces))
            .filter(|range| !range.is_empty())
    }
}

/// More stretches than this are not worth telling apart.
const MOST: usize = 1 << 16;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces(touched: &Touched, count: u64) -> Vec<u64> {
        touched.pieces(count).flatten().collect()
    }

    #[test]
    fn stretches_are_rounded_out_and_joined() {
        let mut touched = Touched::nothing();
        assert!(touched.is_nothing());
        touched.add(5, 0);
        assert!(touched.is_nothing());
        touched.add(PIECE * 3 + 1, 1);
        touched.add(PIECE * 5 - 1, 2);
        assert_eq!(pieces(&touched, 10), [3, 4, 5]);
        assert_eq!(touched.pieces(10).count(), 1);
        assert_eq!(pieces(&touched, 4), [3]);
        touched.add_from(PIECE * 6 + 7);
        assert_eq!(pieces(&touched, 9), [3, 4, 5, 6, 7, 8]);
        assert!(!touched.is_everything());
        touched.add(u64::MAX - 1, 9);
        touched.add(0, PIECE * 3);
        assert!(touched.is_everything());
        assert_eq!(touched, Touched::everything());
    }

    #[test]
    fn too_many_stretches_are_everything() {
        let mut touched = Touched::nothing();
        let most = u64::try_from(MOST).unwrap();
        for i in 0..most {
            touched.add(i * 2 * PIECE + PIECE, 1);
        }
        assert!(!touched.is_everything());
        touched.add(most * 2 * PIECE + PIECE, 1);
        assert!(touched.is_everything());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_holds_just_what_was_added(adds in prop::collection::vec((0_u64..64, 0_u64..9, any::<bool>()), 0..20)) {
            let (mut touched, mut halves) = (Touched::nothing(), [Touched::nothing(), Touched::nothing()]);
            let mut model = [false; 64];
            for (i, (start, len, to_end)) in adds.into_iter().enumerate() {
                // In halves of pieces, so that the rounding counts.
                let (at, bytes) = (start * PIECE / 2, len * PIECE / 2);
                let last = if to_end && len == 8 { u64::MAX } else { at + bytes };
                for which in [&mut touched, &mut halves[i % 2]] {
                    if last == u64::MAX { which.add_from(at) } else { which.add(at, bytes) }
                }
                for (piece, is) in (0_u64..).zip(&mut model) {
                    *is |= at < last && piece * PIECE < last && (piece + 1) * PIECE > at;
                }
            }
            let expected: Vec<u64> = (0_u64..).zip(model).filter(|(_, is)| *is).map(|(piece, _)| piece).collect();
            prop_assert_eq!(pieces(&touched, 64), expected);
            let [mut one, two] = halves;
            one.merge(&two);
            prop_assert_eq!(one, touched);
        }
    }
}
