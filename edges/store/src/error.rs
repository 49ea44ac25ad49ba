//! What can go wrong with the hub's database: what happened, then what to do.
//! The engines' own codes end here: whoever calls the store never asks which engine it is.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why the store could not do what it was asked. Clones, for one failed commit answers many callers.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk or the quota is full; nothing of the request was kept.
    #[error("no room left while {doing}; free space on the disk of the hub's database")]
    Full {
        /// What was under way.
        doing: &'static str,
    },
    /// The database has more to do than it can; nothing of the request was kept.
    #[error("the database was too busy while {doing}; try again in a few seconds")]
    Busy {
        /// What was under way.
        doing: &'static str,
    },
    /// Another hub has this folder open.
    #[error("another hub uses the database in {}; stop it, or choose another folder", dir.display())]
    InUse {
        /// The folder.
        dir: PathBuf,
    },
    /// The database was written by a later program.
    #[error("the database has format {found}, this program knows {known}; update Hygie")]
    Newer {
        /// Format of the database.
        found: u32,
        /// Newest format that this program knows.
        known: u32,
    },
    /// What stands in the database cannot have been written by Hygie, or no longer can be read.
    #[error(
        "the database is damaged ({told}); stop the hub, keep a copy of the folder, and put the last backup back"
    )]
    Damaged {
        /// What was seen.
        told: String,
    },
    /// The server does not answer, or the connection broke; whether the request was kept is not known.
    #[error(
        "the database did not answer while {doing}: {source}; look at the server and the network, then try again"
    )]
    Unreachable {
        /// What was under way.
        doing: &'static str,
        /// What the connection said.
        source: Arc<sqlx::Error>,
    },
    /// There is one of this key already.
    #[error(
        "{doing} failed: another one is there already; choose another name, or look at the one that is there"
    )]
    Taken {
        /// What was under way.
        doing: &'static str,
    },
    /// The practice, person or device is not known.
    #[error("{doing} failed: it names something that the database does not know; make that first")]
    Unknown {
        /// What was under way.
        doing: &'static str,
    },
    /// The device was retired.
    #[error("this device was retired; enrol it again")]
    Retired,
    /// The device counts from a number that it had used before for something else.
    #[error(
        "the device sent another signal under the number {seq} that is kept already (was it set back to an older image?); enrol it again"
    )]
    Forked {
        /// The number.
        seq: u64,
    },
    /// The database could not be brought to a newer format; the one before is as it was.
    #[error(
        "bringing the database to format {to} failed ({told}); the one before is untouched: start the former version of Hygie, and report this"
    )]
    Migration {
        /// The format wanted.
        to: u32,
        /// Why not.
        told: String,
    },
    /// A text that is no JSON.
    #[error("what was to be kept is no JSON ({told}); this is a fault of Hygie: report it")]
    NotJson {
        /// What the reader said.
        told: String,
    },
    /// The store was closed.
    #[error("the hub's database was closed; start the hub again")]
    Closed,
    /// This engine's operator does it otherwise.
    #[error(
        "{doing} is not done by Hygie on PostgreSQL; use the server's own tools (pg_basebackup, pg_dump)"
    )]
    ByOperator {
        /// What was asked.
        doing: &'static str,
    },
    /// The operating system refused.
    #[error("{doing} {} failed: {source}; look at the disk and the rights of the program", path.display())]
    Io {
        /// What was under way.
        doing: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// The system's answer.
        source: Arc<io::Error>,
    },
    /// The engine refused for another reason.
    #[error("{doing} failed in the database: {source}; report this")]
    Engine {
        /// What was under way.
        doing: &'static str,
        /// The engine's answer.
        source: Arc<sqlx::Error>,
    },
}

impl StoreError {
    /// Whether the same request may work later: the caller keeps what it has, and waits.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Full { .. } | Self::Busy { .. } | Self::Unreachable { .. }
        )
    }

    /// Names an answer of either engine.
    pub(crate) fn engine(doing: &'static str) -> impl Fn(sqlx::Error) -> Self + Copy {
        move |source| match Told::by(&source) {
            Told::Full => Self::Full { doing },
            Told::Busy => Self::Busy { doing },
            Told::Damaged => Self::Damaged {
                told: source.to_string(),
            },
            Told::Taken => Self::Taken { doing },
            Told::Unknown => Self::Unknown { doing },
            Told::Closed => Self::Closed,
            Told::Unreachable => Self::Unreachable {
                doing,
                source: Arc::new(source),
            },
            Told::Other => Self::Engine {
                doing,
                source: Arc::new(source),
            },
        }
    }

    /// Names an error of the system; a full disk or quota becomes [`StoreError::Full`].
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| {
            let kind = source.kind();
            if matches!(
                kind,
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
            ) {
                return Self::Full { doing };
            }
            Self::Io {
                doing,
                path,
                source: Arc::new(source),
            }
        }
    }

    /// Names what stopped a change of format; a full disk stays one.
    pub(crate) fn migration(self, to: u32) -> Self {
        if matches!(self, Self::Full { .. }) {
            return self;
        }
        Self::Migration {
            to,
            told: self.to_string(),
        }
    }
}

/// What an engine's code means for the caller.
enum Told {
    Full,
    Busy,
    Damaged,
    Taken,
    Unknown,
    Closed,
    Unreachable,
    Other,
}

impl Told {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is left is a fault of ours, and so is what sqlx adds"
    )]
    fn by(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(told) => Self::of(told.as_ref()),
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::PoolClosed => Self::Closed,
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => Self::Unreachable,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Damaged,
            _ => Self::Other,
        }
    }

    fn of(error: &dyn sqlx::error::DatabaseError) -> Self {
        if error.is_unique_violation() {
            return Self::Taken;
        }
        if error.is_foreign_key_violation() {
            return Self::Unknown;
        }
        let code = error.code().unwrap_or_default().into_owned();
        match code.parse::<i32>() {
            // PostgreSQL's codes have five characters, also where all are digits; SQLite's extended ones four at most.
            Ok(number) if code.len() < 5 => Self::of_sqlite(number & 0xff),
            _ => Self::of_postgres(&code),
        }
    }

    fn of_sqlite(code: i32) -> Self {
        match code {
            5 | 6 => Self::Busy,
            11 | 26 => Self::Damaged,
            13 => Self::Full,
            _ => Self::Other,
        }
    }

    fn of_postgres(code: &str) -> Self {
        match code {
            "53100" => Self::Full,
            "40001" | "40P01" | "55P03" | "57014" => Self::Busy,
            "XX001" | "XX002" => Self::Damaged,
            _ if code.starts_with("53") => Self::Busy,
            // Shut down, crashed, starting up; a standby that cannot write is no database for a hub either.
            "57P01" | "57P02" | "57P03" | "57P05" | "25006" => Self::Unreachable,
            _ if code.starts_with("08") => Self::Unreachable,
            _ => Self::Other,
        }
    }
}
