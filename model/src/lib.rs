//! The words of Hygie as types, one module a word.
//! Never holds behaviour of a trade, input, output or a clock.

pub mod content;
pub mod event;
pub mod letter;
pub mod node;
pub mod people;
pub mod protection;
pub mod time;
pub mod version;

pub use content::ContentHash;
pub use event::{CopyCounts, IncidentState, UpEvent};
pub use node::{DirId, FileId, Metadata, NodeKind};
pub use people::{DeviceId, PersonId, PracticeId, Role};
pub use protection::{Cause, Exception, Protection};
pub use time::{Mono, Wall};
pub use version::{Version, VersionName};
