//! What a signal changes in the tables that pages read: carried out in the signal's own commit, so once.
//! The hub reads it out of the signal's body; the store knows no body.

use hygie_model::{DeviceId, Wall};

use crate::{
    Day, Json, Seq, StoreError,
    db::Tx,
    practice::first,
    value::{Value, args},
};

/// A change that comes with a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The signal that it comes with.
    pub seq: Seq,
    /// What changes.
    pub change: Change,
}

/// What can change with a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An incident of the device began or went on.
    Incident {
        /// The device's number of it.
        number: u64,
        /// Where it stands.
        state: String,
        /// When that was.
        at: Wall,
        /// All that is known of it.
        body: Json,
    },
    /// The device's protection changed.
    State {
        /// The program's version.
        version: String,
        /// The state, as the device tells it.
        state: Json,
    },
    /// How much of something the device holds; the newest of a day counts.
    Gauge {
        /// What is counted.
        name: String,
        /// The day.
        day: Day,
        /// How much.
        value: i64,
    },
}

impl Change {
    pub(super) async fn carry_out(
        &self,
        tx: &mut Tx,
        practice: hygie_model::PracticeId,
        device: DeviceId,
        seq: Seq,
    ) -> Result<(), StoreError> {
        let (sql, args): (_, Vec<Value>) = match self {
            Self::Incident {
                number,
                state,
                at,
                body,
            } => (INCIDENT, args![device, *number, state, *at, seq, body]),
            Self::State { version, state } => (STATE, args![device, version, state]),
            Self::Gauge { name, day, value } => (GAUGE, args![name, day.0, device, *value]),
        };
        tx.change("keeping signals", sql, first(practice, args))
            .await
            .map(drop)
    }
}

const INCIDENT: &str = "
    INSERT INTO incident (practice, device, number, state, began, changed, seq, body)
    VALUES ($1, $2, $3, $4, $5, $5, $6, $7)
    ON CONFLICT (practice, device, number) DO UPDATE
    SET state = excluded.state, changed = excluded.changed, seq = excluded.seq, body = excluded.body
    WHERE incident.seq < excluded.seq";
const STATE: &str =
    "UPDATE device SET version = $3, state = $4 WHERE practice = $1 AND device = $2";
const GAUGE: &str = "
    INSERT INTO gauge (practice, name, day, device, value) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (practice, name, day, device) DO UPDATE SET value = excluded.value";
