//! What a file holds, drawn small: a picture, or the beginning of a text. Nothing else of it comes out: no metadata, no script,
//! no name.

mod picture;
mod png;
mod text;

use serde::{Deserialize, Serialize};

use crate::{Job, Part, Work};

pub use png::{NotAPng, Png};

/// Draws what a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {}

impl From<Preview> for Work {
    fn from(job: Preview) -> Self {
        Self::Preview(job)
    }
}

/// What is to be seen of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "shown", rename_all = "kebab-case")]
pub enum Shown {
    /// A picture, upright.
    Picture {
        /// Drawn anew.
        png: Png,
        /// Points of the file's own picture, from left to right.
        width: u32,
        /// And from top to bottom.
        height: u32,
        /// Whether the file may have further ones, which are not shown.
        pages: Pages,
    },
    /// A text.
    Text {
        /// Its first lines.
        text: String,
        /// Whether that is all.
        all: bool,
        /// How its letters are written, by its usual name.
        letters: String,
    },
    /// Nothing.
    Nothing {
        /// Why.
        why: Why,
    },
}

/// Whether a picture's kind has room for several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pages {
    /// One.
    One,
    /// The first of one or several.
    First,
}

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It is empty.
    Empty,
    /// It is no picture and no text that is known here.
    Kind,
    /// It is longer, or drawn larger, than what is looked at.
    TooLarge,
    /// It says that it is a picture, but cannot be read as one.
    Unreadable,
    /// Reading it took too long.
    TooLong,
    /// The store does not hold what it kept.
    Damaged,
    /// No sandbox runs, and nothing is read outside it.
    NoSandbox,
}

impl Job for Preview {
    type Answer = Shown;

    fn run(&self, part: Part<'_>) -> Shown {
        if part.bytes.is_empty() {
            return Shown::Nothing { why: Why::Empty };
        }
        picture::draw(part)
            .or_else(|| text::read(part))
            .unwrap_or(Shown::Nothing { why: Why::Kind })
    }
}

#[cfg(test)]
mod tests;
