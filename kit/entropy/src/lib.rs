//! Measures how random a content looks, and how much of a former content is left in a new one.
//! Never opens a file; is fed bytes in order, keeps at most about 10 KB of findings per content.

mod block;
mod likeness;
mod shingles;
mod sketch;

pub use block::BLOCK;
pub use likeness::Likeness;
pub use sketch::{Sketch, Sketcher, Spread};
