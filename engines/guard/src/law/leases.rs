//! The leases that the law counts, and which of them may go when there are too many.

use std::collections::BTreeMap;

use hygie_model::FileId;

/// Leases by the order in which they were granted.
#[derive(Debug, Default)]
pub(super) struct Leases {
    held: usize,
    next: u64,
    /// Those of files at rest. The others stand for a state without a copy, or have somebody
    /// waiting: they stay.
    resting: BTreeMap<u64, FileId>,
}

impl Leases {
    pub(super) fn held(&self) -> usize {
        self.held
    }

    /// Whether `limit` can be kept with one more.
    pub(super) fn have_room(&self, limit: usize) -> bool {
        self.held < limit || !self.resting.is_empty()
    }

    pub(super) fn grant(&mut self) -> u64 {
        self.held += 1;
        self.next += 1;
        self.next
    }

    pub(super) fn rests(&mut self, lease: u64, file: FileId) {
        self.resting.insert(lease, file);
    }

    pub(super) fn moves(&mut self, lease: u64) {
        self.resting.remove(&lease);
    }

    pub(super) fn end(&mut self, lease: u64) {
        self.held -= 1;
        self.resting.remove(&lease);
    }

    /// The file at rest whose lease is the oldest, if there are more than `limit`.
    pub(super) fn excess(&self, limit: usize) -> Option<FileId> {
        (self.held > limit)
            .then(|| self.resting.first_key_value().map(|(_, file)| *file))
            .flatten()
    }
}
