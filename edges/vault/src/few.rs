//! The first few of many, in the memory of the few.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

/// The smallest keys that came, each path once, by its smallest key.
#[derive(Debug)]
pub(crate) struct Few<K, V> {
    most: usize,
    first: BTreeMap<(K, PathBuf), V>,
    keys: HashMap<PathBuf, K>,
    more: bool,
}

/// What becomes of one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is among the first.
    Wanted,
    /// Its path is there already, by a smaller key.
    Known,
    /// Others come first.
    Beyond,
}

impl<K: Ord + Clone, V> Few<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            first: BTreeMap::new(),
            keys: HashMap::new(),
            more: false,
        }
    }

    pub(crate) fn place(&self, key: &K, path: &Path) -> Place {
        match self.keys.get(path) {
            Some(known) if known <= key => return Place::Known,
            Some(_) => return Place::Wanted,
            None => {}
        }
        let last = self.first.last_key_value();
        let before_last = last.is_some_and(|((last, named), _)| (key, path) < (last, named));
        if self.first.len() < self.most || before_last {
            Place::Wanted
        } else {
            Place::Beyond
        }
    }

    /// Takes one in that is wanted.
    pub(crate) fn put(&mut self, key: K, path: PathBuf, value: V) {
        if let Some(known) = self.keys.insert(path.clone(), key.clone()) {
            self.first.remove(&(known, path.clone()));
        }
        self.first.insert((key, path), value);
        if self.first.len() > self.most
            && let Some(((_, last), _)) = self.first.pop_last()
        {
            self.keys.remove(&last);
            self.more = true;
        }
    }

    pub(crate) fn has_more(&self) -> bool {
        self.more
    }

    /// There are some that never came, or came and were not among the first.
    pub(crate) fn leave_some(&mut self) {
        self.more = true;
    }

    pub(crate) fn into_first(self) -> impl Iterator<Item = (K, PathBuf, V)> {
        self.first
            .into_iter()
            .map(|((key, path), value)| (key, path, value))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_the_first_of_all(
            all in prop::collection::vec((0_u8..9, 0_u8..12), 0..60), most in 0_usize..6,
        ) {
            let mut few = Few::new(most);
            let mut by_path: BTreeMap<u8, u8> = BTreeMap::new();
            for (key, name) in &all {
                let path = PathBuf::from(format!("{name:02}"));
                match few.place(key, &path) {
                    Place::Wanted => few.put(*key, path, ()),
                    Place::Known => {}
                    Place::Beyond => few.leave_some(),
                }
                let smallest = by_path.entry(*name).or_insert(*key);
                *smallest = (*smallest).min(*key);
            }
            let more = few.has_more();
            let mut expected: Vec<_> = by_path.iter().map(|(name, key)| (*key, *name)).collect();
            expected.sort_unstable();
            prop_assert_eq!(more, expected.len() > most);
            expected.truncate(most);
            let found: Vec<_> = few
                .into_first()
                .map(|(key, path, ())| (key, path.to_str().unwrap().parse().unwrap()))
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
