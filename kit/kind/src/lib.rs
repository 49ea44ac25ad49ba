//! Tells what a file is from its first and last bytes, and what its name says of it.
//! Never opens a file, and never trusts a name where the bytes can be asked.

mod content;
mod look;
mod name;

pub use content::{Form, Kind};
pub use look::{EDGE, look};
pub use name::{Extension, Name, Stem};
