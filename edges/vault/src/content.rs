//! Reads what a version holds, whether it has a file of its own or is assembled from parts of others.

use std::{fs::File, io, sync::Arc};

use hygie_model::ContentHash;

use crate::{
    Reader, VaultError, copy,
    layout::Layout,
    recipe::{self, Recipe, Sources},
};

/// A content of the store, open for reading.
#[derive(Debug)]
pub struct Content {
    body: Body,
    layout: Arc<Layout>,
}

#[derive(Debug)]
enum Body {
    Whole(File, u64),
    Built(Recipe),
}

impl Reader {
    /// Opens a content.
    ///
    /// # Errors
    /// When the store does not have it, or what the system or SQLite refused.
    pub fn open_content(&self, content: ContentHash) -> Result<Content, VaultError> {
        let layout = Arc::new(self.layout.clone());
        let body = match self.read(|db| recipe::of(db, content))? {
            Some(recipe) => Body::Built(recipe),
            None => {
                let path = layout.object(content);
                let named = || VaultError::io("reading a copy", &path);
                let file = File::open(&path).map_err(named())?;
                let len = file.metadata().map_err(named())?.len();
                Body::Whole(file, len)
            }
        };
        Ok(Content { body, layout })
    }
}

impl Content {
    /// Its length in bytes.
    #[must_use]
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, no collection"
    )]
    pub fn len(&self) -> u64 {
        match &self.body {
            Body::Whole(_, len) => *len,
            Body::Built(recipe) => recipe.len,
        }
    }

    /// Fills the buffer from byte `at` on, as far as the content goes; returns how much that was.
    ///
    /// # Errors
    /// What the system refused; a part that is not there.
    pub fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let left = usize::try_from(self.len().saturating_sub(at)).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        let buffer = &mut buffer[..most];
        match &self.body {
            Body::Whole(file, _) => copy::fill(file, buffer, at),
            Body::Built(recipe) => {
                let open = |content| File::open(self.layout.object(content));
                recipe.read(&mut Sources::new(&open), buffer, at)?;
                Ok(most)
            }
        }
    }
}
