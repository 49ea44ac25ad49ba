//! Takes contents in: copies them into unnamed files, which a commit gives their names.

use std::{fs::File, path::Path, sync::Arc};

use hygie_model::ContentHash;

use crate::{
    VaultError,
    copy::{self, Copied},
    layout::Layout,
    pieces::Link,
    recipe::Recipe,
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
    pub(crate) content: ContentHash,
    pub(crate) len: u64,
    /// Of a large content.
    pub(crate) links: Option<Vec<Link>>,
    pub(crate) body: Body,
}

/// Where the bytes of a pending content are.
#[derive(Debug)]
pub(crate) enum Body {
    /// In a copy of its own.
    Whole(Fresh),
    /// In parts of contents that the store has, and of what is new.
    Built {
        recipe: Recipe,
        patch: Option<Fresh>,
    },
}

/// A file that the store does not have yet.
#[derive(Debug)]
pub(crate) struct Fresh {
    pub(crate) draft: sys::Draft,
    pub(crate) content: ContentHash,
    pub(crate) len: u64,
    /// Its bytes, holes not counted.
    pub(crate) stored: u64,
}

impl Pending {
    /// Digest of the content.
    #[must_use]
    pub fn content(&self) -> ContentHash {
        self.content
    }

    /// Length of the content in bytes; less than the file had when it was cut during the copy.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, no collection"
    )]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether only changes were read, and the rest is taken from what the store has.
    #[must_use]
    pub fn is_by_changes(&self) -> bool {
        matches!(self.body, Body::Built { .. })
    }

    /// Bytes that it adds to the store, holes not counted; none where the store has the content.
    #[must_use]
    pub fn stored(&self) -> u64 {
        match &self.body {
            Body::Whole(fresh) => fresh.stored,
            Body::Built { patch, .. } => patch.as_ref().map_or(0, |patch| patch.stored),
        }
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
        let mut pending = self.take_large(source)?;
        pending.links = None;
        Ok(pending)
    }

    /// The same for a file of which the next state shall be taken by [`Objects::take_changed`]:
    /// a [`Base`](crate::Base) can be had of it once it is committed.
    ///
    /// # Errors
    /// As [`Objects::take`].
    pub fn take_large(&self, source: &File) -> Result<Pending, VaultError> {
        let (draft, copied) = self.fill(|target| copy::copy(source, target))?;
        Ok(pending(draft, copied))
    }

    /// Keeps a few bytes, such as the target of a symbolic link.
    ///
    /// # Errors
    /// As [`Objects::take`].
    pub fn take_bytes(&self, bytes: &[u8]) -> Result<Pending, VaultError> {
        let (draft, ()) = self.fill(|target| sys::write_all_at(target, bytes, 0))?;
        Ok(Pending {
            links: None,
            ..pending(
                draft,
                Copied {
                    content: ContentHash(*blake3::hash(bytes).as_bytes()),
                    len: bytes.len() as u64,
                    stored: bytes.len() as u64,
                    links: Vec::new(),
                },
            )
        })
    }

    /// A draft and what filling it gave.
    pub(crate) fn fill<T>(
        &self,
        fill: impl FnOnce(&File) -> std::io::Result<T>,
    ) -> Result<(sys::Draft, T), VaultError> {
        let tmp = self.layout.tmp();
        let named = |path: &Path| VaultError::io("copying a file into", path);
        let draft = sys::Draft::begin(&tmp).map_err(named(&tmp))?;
        let filled = fill(&draft.file).map_err(named(&tmp))?;
        Ok((draft, filled))
    }
}

fn pending(draft: sys::Draft, copied: Copied) -> Pending {
    Pending {
        content: copied.content,
        len: copied.len,
        links: Some(copied.links),
        body: Body::Whole(Fresh {
            draft,
            content: copied.content,
            len: copied.len,
            stored: copied.stored,
        }),
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

    pub(crate) fn place(&mut self, fresh: Fresh) -> Result<(), VaultError> {
        let content = fresh.content;
        let path = self.layout.object(content);
        let file = fresh
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
