//! Takes contents in: copies them into unnamed files, which a commit gives their names.

use std::{fs::File, path::Path, sync::Arc};

use hygie_model::ContentHash;

use crate::{
    VaultError,
    copy::{self, Copied},
    layout::Layout,
    sys,
};

/// The door by which contents enter the store; clone it for each copying thread.
#[derive(Clone, Debug)]
pub struct Objects {
    layout: Arc<Layout>,
}

/// A content that was copied and waits for a commit; dropped, it leaves nothing.
#[derive(Debug)]
pub struct Pending {
    pub(crate) draft: sys::Draft,
    pub(crate) copied: Copied,
}

impl Pending {
    /// Digest of the content.
    #[must_use]
    pub fn content(&self) -> ContentHash {
        self.copied.content
    }

    /// Length of the content in bytes; less than the file had when it was cut during the copy.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, no collection"
    )]
    pub fn len(&self) -> u64 {
        self.copied.len
    }
}

impl Objects {
    pub(crate) fn new(layout: Arc<Layout>) -> Self {
        Self { layout }
    }

    /// Copies what `source` holds, up to the length that it has now. Reads at offsets; where the
    /// file has holes its cursor is moved to find them, and put back.
    ///
    /// # Errors
    /// [`VaultError::NoSpace`] when the copy does not fit, [`VaultError::Io`] else. Nothing stays.
    pub fn take(&self, source: &File) -> Result<Pending, VaultError> {
        self.draft(|target| copy::copy(source, target))
    }

    /// Keeps a few bytes, such as the target of a symbolic link.
    ///
    /// # Errors
    /// As [`Objects::take`].
    pub fn take_bytes(&self, bytes: &[u8]) -> Result<Pending, VaultError> {
        self.draft(|target| {
            sys::write_all_at(target, bytes, 0)?;
            Ok(Copied {
                content: ContentHash(*blake3::hash(bytes).as_bytes()),
                len: bytes.len() as u64,
                stored: bytes.len() as u64,
            })
        })
    }

    fn draft(
        &self,
        fill: impl FnOnce(&File) -> std::io::Result<Copied>,
    ) -> Result<Pending, VaultError> {
        let tmp = self.layout.tmp();
        let named = |path: &Path| VaultError::io("copying a file into", path);
        let draft = sys::Draft::begin(&tmp).map_err(named(&tmp))?;
        let copied = fill(&draft.file).map_err(named(&tmp))?;
        Ok(Pending { draft, copied })
    }
}

/// Gives the copies of one batch their names and makes them safe on disk; unless it is kept,
/// takes the names away again when dropped.
pub(crate) struct Placing<'a> {
    layout: &'a Layout,
    placed: Vec<(ContentHash, File)>,
}

impl<'a> Placing<'a> {
    pub(crate) fn new(layout: &'a Layout) -> Self {
        Self {
            layout,
            placed: Vec::new(),
        }
    }

    pub(crate) fn place(&mut self, pending: Pending) -> Result<(), VaultError> {
        let content = pending.content();
        let path = self.layout.object(content);
        let file = pending
            .draft
            .place(&path, &self.layout.tmp())
            .map_err(VaultError::io("naming a copy", &path))?;
        self.placed.push((content, file));
        Ok(())
    }

    /// One sync a file, or one for the file system where that is cheaper.
    pub(crate) fn sync(&self, root: &File) -> Result<(), VaultError> {
        if sys::SYNCS_WHOLE && self.placed.len() > SYNC_ALL_ABOVE {
            let dir = self.layout.dir();
            return sys::sync_file_system(root)
                .map_err(VaultError::io("writing copies out to", dir));
        }
        for (content, file) in &self.placed {
            let path = self.layout.object(*content);
            let named = || VaultError::io("writing a copy out to", &path);
            file.sync_all().map_err(named())?;
            sys::sync_name(path.parent().unwrap_or(&path)).map_err(named())?;
        }
        Ok(())
    }

    pub(crate) fn keep(mut self) {
        self.placed.clear();
    }
}

impl Drop for Placing<'_> {
    fn drop(&mut self) {
        for (content, _) in &self.placed {
            // What cannot be removed is an orphan: no index row names it, and the next copy of
            // this content replaces it.
            let _ = std::fs::remove_file(self.layout.object(*content));
        }
    }
}

/// Up to here each copy is synced by itself: a held open must not wait for what other programs
/// have yet to write.
const SYNC_ALL_ABOVE: usize = 8;
