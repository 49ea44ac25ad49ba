//! Numbers and digests that only the hub's database has a use for.
//! Practice, person and device have theirs in the model.

use serde::{Deserialize, Serialize};

/// A device's own count of its signals: from 1, without a gap, for as long as it is enrolled.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

/// In which order the signals of one practice came in, of all devices; what live pages read on from.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Arrival(pub u64);

/// A digest of 32 bytes: of a session's token, a code, a certificate. What it is made of is never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

/// A day of the calendar that the caller counts in: any number that grows by one a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i64);

/// A part of a list, and where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C> {
    /// In the order of the list.
    pub items: Vec<T>,
    /// What to ask for the next part with; `None` at the end.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// From one more item than was asked for: its presence alone says that there is more.
    pub(crate) fn cut(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> C) -> Self {
        let limit = limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = more.then(|| items.last().map(cursor)).flatten();
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_it_is_the_last() {
        assert_eq!(Page::cut(vec![1, 2, 3], 2, |it| *it).next, Some(2));
        assert_eq!(Page::cut(vec![1, 2], 2, |it| *it).next, None);
        assert_eq!(Page::cut(vec![1, 2], 0, |it| *it).next, None);
    }
}
