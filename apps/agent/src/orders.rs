//! What the supervisor tells witness and guard: one JSON argument, the same for both.

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::config::Attackers;

/// How guard and witness run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// Hygie's own folder.
    pub state: PathBuf,
    /// The protected folders, absolute and without symbolic links.
    pub folders: Vec<PathBuf>,
    /// Where those were named.
    pub named: Named,
    /// Every hold is answered within this many milliseconds.
    pub bound_ms: u64,
    /// How many leases at most; none: as many as descriptors allow.
    pub leases: Option<usize>,
    /// How many bytes the versions may take.
    pub budget: u64,
    /// How many bytes more they may take for the sake of known programs.
    pub reserve: u64,
    /// A version younger than this many seconds is never dropped.
    pub min_age_s: u64,
    /// A file of so many bytes is kept by its changes, where they can be followed.
    pub large_from: u64,
    /// Copying threads.
    pub threads: usize,
    /// What becomes of a program that harms.
    pub attackers: Attackers,
    /// What the start-up trial said of PRE_ACCESS.
    pub changes: Changes,
    /// Play a guard that hangs while it holds this file: the self-test.
    pub trial: Option<PathBuf>,
}

/// Whether this kernel holds truncation by path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Changes {
    /// It does.
    Held,
    /// It only shows them after.
    Seen,
}

/// Where the protected folders were named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Named {
    /// In the configuration, where one may be left out.
    Configuration,
    /// Where Hygie was started.
    Start,
}

/// How much room versions have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes.
    pub budget: u64,
    /// Bytes more, while a known program waits.
    pub reserve: u64,
    /// A younger version is never dropped.
    pub min_age: Duration,
}

impl Orders {
    /// How much room versions have.
    #[must_use]
    pub fn room(&self) -> Room {
        Room {
            budget: self.budget,
            reserve: self.reserve,
            min_age: Duration::from_secs(self.min_age_s),
        }
    }

    /// The bound as a time.
    #[must_use]
    pub fn bound(&self) -> Duration {
        Duration::from_millis(self.bound_ms)
    }

    /// The form of a command line.
    ///
    /// # Errors
    /// When a path is not UTF-8, which the configuration refuses before.
    pub fn to_argument(&self) -> Result<String> {
        serde_json::to_string(self).context("writing the orders")
    }

    /// Reads the form of a command line.
    ///
    /// # Errors
    /// When it is not what [`Orders::to_argument`] writes.
    pub fn from_argument(text: &str) -> Result<Self> {
        serde_json::from_str(text).context("reading the orders")
    }
}
