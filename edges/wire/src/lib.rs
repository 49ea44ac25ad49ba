//! What a device and its hub say to each other, the outbox on disk that keeps it until the hub has it; what a hub asks its post.
//! Never opens a connection, never decides, keeps no file's name: one passes in an answer to a person, and nowhere else.

mod asked;
mod code;
mod commands;
mod facts;
mod judged;
mod outbox;
pub mod post;
mod words;

pub use asked::{Asked, Questions, Said, Wish};
pub use code::{Authority, CodeError, EnrolmentCode, Host, Secret};
pub use commands::{Came, Command, Commands, Count, Deed, Outcome, Told};
pub use facts::{Fact, Numbers, Reason, Signal, masked};
pub use judged::{Danger, Judged, MessageSort, Waiting};
pub use outbox::{
    Batch as OutboxBatch, Cursor, Known as KnownCommand, Outbox, OutboxError, Put, Room, State,
};
pub use words::{
    Batch, Beat, Enrol, Enrolled, Guard, Heard, Leave, Leaves, Refusal, Refused, Renew, Renewed,
    Stored,
};

/// Where a device asks for its certificate.
pub const ENROL: &str = "/v1/enrol";
/// Where it asks for the next one, with the present one.
pub const RENEW: &str = "/v1/renew";
/// Where its signals go.
pub const SIGNALS: &str = "/v1/signals";
/// Where it says that it lives.
pub const BEAT: &str = "/v1/beat";
/// Where it says that it will not be heard for a while.
pub const LEAVE: &str = "/v1/leave";
/// Where it asks what to do, and tells what came of it.
pub const COMMANDS: &str = "/v1/commands";
/// Where it asks what a person wants to know of it just now, and answers.
pub const QUESTIONS: &str = "/v1/questions";
/// Signals of one batch at most.
pub const MOST_SIGNALS: usize = 500;
/// Bytes of one signal's fact at most; what is longer does not come into the outbox.
pub const LONGEST_FACT: usize = 64 * 1024;
/// Bytes of one batch at most.
pub const LONGEST_BATCH: usize = 1024 * 1024;
