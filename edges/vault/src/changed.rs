//! Takes the next state of a large file in: reads what changed, keeps what differs.

use std::{fs::File, io, iter::once, ops::Range};

use hygie_model::ContentHash;

use crate::{
    Base, Objects, Pending, Touched, VaultError, copy,
    objects::{Body, Fresh},
    pieces::{self, Link, PIECE},
    recipe::{Extent, Recipe, Source},
    sys,
};

impl Objects {
    /// Copies of `source` what may differ from `base`, and takes the rest from there unread: all
    /// that `touched` leaves out must be the same. Where that cannot be done or does not pay (all
    /// is touched, the file was cut meanwhile, too much of the store would be held for too
    /// little), this is [`Objects::take_large`].
    ///
    /// # Errors
    /// As [`Objects::take`].
    pub fn take_changed(
        &self,
        source: &File,
        base: &Base,
        touched: &Touched,
    ) -> Result<Pending, VaultError> {
        if touched.is_everything() {
            return self.take_large(source);
        }
        self.take_built(source, |target| {
            build(source, base, touched, target, u64::MAX)
        })
    }

    /// Reads all of `source` and keeps the pieces that differ from `base`: for a file of which
    /// nobody knows what was touched. It reads as much as [`Objects::take_large`] and writes less
    /// where little changed; where more than half did, this is [`Objects::take_large`].
    ///
    /// # Errors
    /// As [`Objects::take`].
    pub fn take_compared(&self, source: &File, base: &Base) -> Result<Pending, VaultError> {
        self.take_built(source, |target| {
            let half = source.metadata()?.len() / 2;
            build(source, base, &Touched::everything(), target, half)
        })
    }

    fn take_built(
        &self,
        source: &File,
        build: impl FnOnce(&File) -> io::Result<Option<Built>>,
    ) -> Result<Pending, VaultError> {
        let (draft, built) = self.fill(build)?;
        match built {
            Some(built) if built.pays => Ok(built.pending(draft)),
            // Better a state that holds too much of the store than none.
            Some(built) => match self.take_large(source) {
                Err(error) if error.is_no_space() => Ok(built.pending(draft)),
                taken => taken,
            },
            None => {
                drop(draft);
                self.take_large(source)
            }
        }
    }
}

/// A next state, read.
struct Built {
    content: ContentHash,
    recipe: Recipe,
    links: Vec<Link>,
    patch: Option<Patch>,
    /// Whether it holds little of the store that it does not use.
    pays: bool,
}

/// What the pieces that differ make, one after another.
struct Patch {
    content: ContentHash,
    len: u64,
}

impl Built {
    fn pending(self, draft: sys::Draft) -> Pending {
        let patch = self.patch.map(|patch| Fresh {
            draft,
            content: patch.content,
            len: patch.len,
            stored: patch.len,
        });
        Pending {
            content: self.content,
            len: self.recipe.len,
            links: Some(self.links),
            body: Body::Built {
                recipe: self.recipe,
                patch,
            },
        }
    }
}

/// `None`: to be copied whole, be it that more than `most` bytes differ.
fn build(
    source: &File,
    base: &Base,
    touched: &Touched,
    target: &File,
    most: u64,
) -> io::Result<Option<Built>> {
    let len = source.metadata()?.len();
    let count = pieces::count(len);
    // The pieces that are as long as they were.
    let alike = if len == base.len() {
        count
    } else {
        len.min(base.len()) / PIECE
    };
    let mut building = Building::new(source, base, alike, len, target);
    building.most = most;
    let mut at = 0;
    for range in touched.pieces(alike).chain(once(alike..count)) {
        building.keep(at..range.start);
        at = range.end;
        if building.take(range)? == Took::Less {
            return Ok(None);
        }
    }
    building.keep(at..count);
    if source.metadata()?.len() < len {
        return Ok(None);
    }
    Ok(building.finish())
}

struct Building<'a> {
    source: &'a File,
    base: &'a Base,
    alike: u64,
    target: &'a File,
    /// The sources are those of the base, and the patch as the last one.
    recipe: Recipe,
    links: Vec<Link>,
    kept: u64,
    patch: blake3::Hasher,
    patch_len: u64,
    most: u64,
    buffer: Vec<u8>,
}

/// Whether all was there to read, and is worth keeping.
#[derive(PartialEq, Eq)]
enum Took {
    All,
    Less,
}

impl<'a> Building<'a> {
    fn new(source: &'a File, base: &'a Base, alike: u64, len: u64, target: &'a File) -> Self {
        Self {
            source,
            base,
            alike,
            target,
            recipe: Recipe {
                len,
                sources: base.recipe.sources.clone(),
                extents: Vec::new(),
            },
            links: Vec::new(),
            kept: 0,
            patch: blake3::Hasher::new(),
            patch_len: 0,
            most: u64::MAX,
            buffer: vec![0; usize::try_from(PIECE).unwrap_or_default()],
        }
    }

    /// Takes pieces over from the base.
    fn keep(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        let (start, end) = (range.start * PIECE, range.end * PIECE);
        for extent in self.base.recipe.between(start, end) {
            self.recipe.push(extent);
        }
        let links = |piece| usize::try_from(piece).unwrap_or(usize::MAX);
        self.links
            .extend_from_slice(&self.base.links[links(range.start)..links(range.end)]);
        self.kept += range.end - range.start;
    }

    /// Reads pieces, and keeps those that differ.
    fn take(&mut self, range: Range<u64>) -> io::Result<Took> {
        for piece in range {
            let start = piece * PIECE;
            let want = usize::try_from(PIECE.min(self.recipe.len - start)).unwrap_or_default();
            let mut buffer = std::mem::take(&mut self.buffer);
            let got = copy::fill(self.source, &mut buffer[..want], start)?;
            if got < want {
                return Ok(Took::Less);
            }
            self.taken(piece, &buffer[..want])?;
            self.buffer = buffer;
            if self.patch_len > self.most {
                return Ok(Took::Less);
            }
        }
        Ok(Took::All)
    }

    fn taken(&mut self, piece: u64, bytes: &[u8]) -> io::Result<()> {
        let start = piece * PIECE;
        let link = Link::of(bytes, start);
        let was = usize::try_from(piece)
            .ok()
            .and_then(|piece| self.base.links.get(piece));
        if piece < self.alike && was == Some(&link) {
            self.keep(piece..piece + 1);
            return Ok(());
        }
        self.links.push(link);
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        sys::write_all_at(self.target, bytes, self.patch_len)?;
        self.patch.update(bytes);
        self.recipe.push(Extent {
            at: start,
            len: bytes.len() as u64,
            source: self.recipe.sources.len(),
            offset: self.patch_len,
        });
        self.patch_len += bytes.len() as u64;
        Ok(())
    }

    fn finish(self) -> Option<Built> {
        let content = pieces::root(&self.links).filter(|_| self.kept > 0)?;
        let (mut recipe, mut patch) = (self.recipe, None);
        if content == self.base.content {
            recipe = self.base.recipe.clone();
        } else if self.patch_len > 0 {
            let new = Patch {
                content: ContentHash(*self.patch.finalize().as_bytes()),
                len: self.patch_len,
            };
            recipe.sources.push(Source {
                content: new.content,
                stored: new.len,
            });
            patch = Some(new);
        }
        recipe.tidy();
        let pays = recipe.unused() <= recipe.len && recipe.extents.len() <= MOST_EXTENTS;
        Some(Built {
            pays,
            content,
            recipe,
            links: self.links,
            patch,
        })
    }
}

/// More would make the index large and a restore slow.
const MOST_EXTENTS: usize = 1 << 14;
