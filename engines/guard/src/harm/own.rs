//! What is whose: files that a group made itself, contents that stand in them, and copies that are all that is left.

use std::collections::{HashMap, HashSet};

use hygie_model::{FileId, Mono};

use super::{DAY, words::Facts};

/// What a group made itself.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Each with the content that it was made with, as long as it holds it.
    made: [HashMap<FileId, Option<u64>>; 2],
    /// In how many of these files a content stands.
    standing: HashMap<u64, u32>,
    /// Contents whose original went because they stand here: these copies are no longer the group's own.
    moved: [HashSet<u64>; 2],
}

impl Own {
    /// A new file of the group's.
    pub(super) fn made(&mut self, file: FileId, content: &Facts) {
        if self.made[0].len() >= MOST_OWN {
            self.age();
        }
        self.lost(file);
        let content = (content.len >= SHORTEST).then_some(content.gist);
        if let Some(content) = content {
            *self.standing.entry(content).or_default() += 1;
        }
        self.made[0].insert(file, content);
    }

    /// A file no longer holds what it was made with.
    pub(super) fn lost(&mut self, file: FileId) {
        let made = self.made.iter_mut().filter_map(|made| made.get_mut(&file));
        for content in made.filter_map(Option::take) {
            lower(&mut self.standing, content);
        }
    }

    /// Whether a file is the group's to do with as it likes: it made it, and it is not all that is left of another one.
    pub(super) fn has(&self, file: FileId, content: &Facts, twins: &Twins) -> bool {
        self.made.iter().any(|made| made.contains_key(&file))
            && !self.moved.iter().any(|moved| moved.contains(&content.gist))
            && !twins.have(content)
    }

    /// Whether this content stands elsewhere by the group's own hand: a move by copy, a log that is rotated.
    pub(super) fn has_copied(&mut self, file: FileId, content: &Facts, twins: &Twins) -> bool {
        let standing = self.standing.get(&content.gist).copied().unwrap_or(0);
        let here = self
            .made
            .iter()
            .any(|made| made.get(&file) == Some(&Some(content.gist)));
        let copied =
            standing > u32::from(here) && self.moved[0].len() < MOST_OWN && !twins.have(content);
        if copied {
            self.moved[0].insert(content.gist);
        }
        copied
    }

    /// Once a week. What a copy became outlives whose it was.
    pub(super) fn sweep(&mut self) {
        self.age();
        self.moved.swap(0, 1);
        self.moved[0].clear();
    }

    /// What was made before last is forgotten.
    fn age(&mut self) {
        self.made.swap(0, 1);
        for content in std::mem::take(&mut self.made[0]).into_values().flatten() {
            lower(&mut self.standing, content);
        }
    }
}

fn lower(standing: &mut HashMap<u64, u32>, content: u64) {
    if let Some(many) = standing.get_mut(&content) {
        *many -= 1;
        if *many == 0 {
            standing.remove(&content);
        }
    }
}

/// Contents of which a file could go because they stand in another one. Whoever made that one, it is nobody's to do with
/// as he likes from then on: one program copies, another deletes, and the first would encrypt what is left.
#[derive(Debug, Default)]
pub(super) struct Twins {
    contents: [HashSet<u64>; 2],
    swept: Mono,
}

impl Twins {
    /// Notes it; `false`: too many are known, and this one must not excuse anybody.
    pub(super) fn note(&mut self, content: &Facts) -> bool {
        let known = self.have(content);
        let room = self.contents[0].len() < MOST_TWINS;
        if room && !known {
            self.contents[0].insert(content.gist);
        }
        room || known
    }

    pub(super) fn have(&self, content: &Facts) -> bool {
        self.contents
            .iter()
            .any(|contents| contents.contains(&content.gist))
    }

    /// They outlive what any group remembers as its own.
    pub(super) fn sweep(&mut self, now: Mono) {
        if now.since(self.swept) >= 14 * DAY {
            self.swept = now;
            self.contents.swap(0, 1);
            self.contents[0].clear();
        }
    }
}

/// Shorter contents are no loss, and many files share them.
const SHORTEST: u64 = 64;
/// Files remembered as made by the group itself, twice.
const MOST_OWN: usize = 8192;
/// Some megabytes at most.
const MOST_TWINS: usize = 1 << 18;
