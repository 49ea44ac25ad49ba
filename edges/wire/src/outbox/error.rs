//! Why the outbox cannot do it: what happened, then what to do.

use rusqlite::ErrorCode;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The disk is full: nothing of it was taken in.
    #[error("no room on the disk for what waits for the hub; free space on this device")]
    Full,
    /// Another process has it.
    #[error("another process has the outbox; stop it")]
    InUse,
    /// What is there is no outbox, or not one any more.
    #[error("the outbox is damaged ({0}); it is put aside, and what was in it is lost")]
    Damaged(String),
    /// Of a later program.
    #[error("the outbox is of a newer Hygie; update Hygie on this device")]
    Newer,
    /// The hub has more than this outbox ever gave.
    #[error(
        "the hub has signals up to {upto}, and this device counted to {newest}: it was set back to an older image"
    )]
    Ahead {
        /// What the hub has.
        upto: u64,
        /// What was given.
        newest: u64,
    },
    /// Something else.
    #[error("the outbox cannot be used: {0}; look at the disk and the folder's owner")]
    Engine(rusqlite::Error),
}

impl OutboxError {
    pub(super) fn unreadable(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<rusqlite::Error> for OutboxError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Engine(error),
        }
    }
}
