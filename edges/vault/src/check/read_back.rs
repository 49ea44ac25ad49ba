//! Reads contents back: each file, then what is built from parts of files.

use std::{
    collections::{HashMap, HashSet},
    io,
};

use hygie_model::ContentHash;

use super::{Kept, Report};
use crate::{
    copy,
    layout::Layout,
    pieces::{self, Link, PIECE},
    recipe::{Recipe, Sources},
};

/// A check under way.
pub(super) struct Checking<'a> {
    pub(super) report: Report,
    layout: &'a Layout,
    progress: &'a mut dyn FnMut(u64),
    missing: HashSet<ContentHash>,
    damaged: HashSet<ContentHash>,
    known: HashMap<Stretch, Link>,
}

/// Bytes that several contents may have at the same place.
#[derive(PartialEq, Eq, Hash)]
struct Stretch {
    /// Where they are taken from; `None`: zeros.
    from: Option<(ContentHash, u64)>,
    at: u64,
    len: u64,
}

/// What reading a content back gave.
enum Verdict {
    Sound,
    Missing,
    Damaged,
}

impl<'a> Checking<'a> {
    pub(super) fn new(layout: &'a Layout, progress: &'a mut dyn FnMut(u64)) -> Self {
        Self {
            report: Report::default(),
            layout,
            progress,
            missing: HashSet::new(),
            damaged: HashSet::new(),
            known: HashMap::new(),
        }
    }

    /// Of a content that is a file.
    pub(super) fn file(&mut self, kept: &Kept) {
        let content = kept.content;
        let verdict = match self.layout.open(content).and_then(|file| copy::hash(&file)) {
            Ok(found) => {
                self.report.bytes += found.len;
                if found.content == content {
                    if kept.used {
                        self.remember(content, found.len, &found.links);
                    }
                    Verdict::Sound
                } else {
                    Verdict::Damaged
                }
            }
            Err(error) => judge(&error),
        };
        match verdict {
            Verdict::Sound => {}
            Verdict::Missing => drop(self.missing.insert(content)),
            Verdict::Damaged => drop(self.damaged.insert(content)),
        }
        self.tell(kept, &verdict);
    }

    /// Of a content that is built from files, after those.
    pub(super) fn parts(&mut self, kept: &Kept, recipe: &Recipe) {
        let any = |set: &HashSet<ContentHash>| {
            let mut sources = recipe.sources.iter();
            sources.any(|source| set.contains(&source.content))
        };
        let verdict = if any(&self.missing) {
            Verdict::Missing
        } else if any(&self.damaged) {
            Verdict::Damaged
        } else {
            match self.digest(recipe) {
                Ok(digest) if digest == Some(kept.content) => Verdict::Sound,
                Ok(_) => Verdict::Damaged,
                Err(error) => judge(&error),
            }
        };
        self.tell(kept, &verdict);
    }

    fn tell(&mut self, kept: &Kept, verdict: &Verdict) {
        // What only parts are taken of is told by the contents that take them.
        if kept.named {
            self.report.objects += 1;
            match verdict {
                Verdict::Sound => {}
                Verdict::Missing => self.report.missing.push(kept.content),
                Verdict::Damaged => self.report.damaged.push(kept.content),
            }
        }
        (self.progress)(self.report.bytes);
    }

    /// A part is mostly taken to the place that it has in its own content.
    fn remember(&mut self, content: ContentHash, len: u64, links: &[Link]) {
        for (start, link) in (0..).step_by(STEP).zip(links) {
            let stretch = Stretch {
                from: Some((content, start)),
                at: start,
                len: PIECE.min(len - start),
            };
            self.note(stretch, *link);
        }
    }

    fn note(&mut self, stretch: Stretch, link: Link) {
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(stretch, link);
    }

    fn digest(&mut self, recipe: &Recipe) -> io::Result<Option<ContentHash>> {
        let layout = self.layout;
        let open = |content| layout.open(content);
        let mut sources = Sources::new(&open);
        let mut buffer = vec![0; STEP];
        let mut links = Vec::new();
        let mut start = 0;
        while start < recipe.len {
            let len = PIECE.min(recipe.len - start);
            let stretch = stretch(recipe, start, len);
            let known = stretch.as_ref().and_then(|stretch| self.known.get(stretch));
            let link = match known {
                Some(link) => *link,
                None => {
                    let bytes = &mut buffer[..usize::try_from(len).unwrap_or(STEP)];
                    recipe.read(&mut sources, bytes, start)?;
                    self.report.bytes += len;
                    let link = Link::of(bytes, start);
                    if let Some(stretch) = stretch {
                        self.note(stretch, link);
                    }
                    link
                }
            };
            links.push(link);
            start += len;
        }
        Ok(pieces::root(&links))
    }
}

/// What a piece consists of, where it is of one thing.
fn stretch(recipe: &Recipe, at: u64, len: u64) -> Option<Stretch> {
    let mut parts = recipe.between(at, at + len);
    let from = match (parts.next(), parts.next()) {
        (None, _) => None,
        (Some(part), None) if part.len == len => {
            Some((recipe.sources[part.source].content, part.offset))
        }
        _ => return None,
    };
    Some(Stretch { from, at, len })
}

/// A sector that cannot be read is damage, too.
fn judge(error: &io::Error) -> Verdict {
    if error.kind() == io::ErrorKind::NotFound {
        Verdict::Missing
    } else {
        Verdict::Damaged
    }
}

const STEP: usize = 128 << 10;
/// Some 30 MB of memory, for 32 GB of contents.
const REMEMBERED: usize = 1 << 18;
