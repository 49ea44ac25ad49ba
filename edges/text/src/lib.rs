//! Sentences in French and English, and how numbers, sizes, times and dates are written in each.
//! Never decides anything and never reads a setting of the system: language and zone are given.
//!
//! ```
//! use hygie_text::{Args, Catalog, Id, Language, TimeZone};
//! let catalog = Catalog::new(Language::Fr, TimeZone::UTC);
//! let said = catalog.say(Id::UpLinking, &Args::new().count("done", 3).count("files", 1204));
//! assert_eq!(said, "Mise à l'abri\u{a0}: 3 sur 1\u{202f}204 fichiers");
//! ```

mod args;
mod catalog;
pub mod console;
mod format;
mod ids;
mod language;
mod protection;
mod typography;

pub use args::{Args, shown};
pub use catalog::{Catalog, Explained};
pub use format::{bytes, count, day, hour, left, moment, spent};
pub use ids::{Id, Message, Need};
pub use jiff::tz::TimeZone;
pub use language::{Environment, Language, UnknownLanguage};
pub use typography::typeset;

#[cfg(test)]
mod tests;
