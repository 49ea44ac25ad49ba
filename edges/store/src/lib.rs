//! The hub's database: people, devices, signals and what pages show of them, on SQLite files or PostgreSQL.
//! It never decides, reads no clock, draws no chance, keeps no secret in clear, and tells nothing as kept that is
//! not durable.
//!
//! Everything of a practice hangs on a [`Practice`], and every statement of one names it: no verb can reach another
//! practice's rows. Before all practices there are only their list and the set-up, on [`Store`].
//!
//! ```no_run
//! # async fn f(id: hygie_model::PracticeId) -> Result<(), hygie_store::StoreError> {
//! let store = hygie_store::Store::open_sqlite("/var/lib/hygie/hub".as_ref()).await?;
//! for device in store.practice(id).devices().await? {
//!     assert!(device.seq >= hygie_store::Seq(0));
//! }
//! # Ok(()) }
//! ```

mod append;
mod db;
mod error;
mod ids;
mod json;
mod lite;
mod migrations;
mod pg;
mod practice;
mod store;
mod value;
mod verbs;

pub use append::{Batch, Change, Effect, NewSignal, Stored};
pub use error::StoreError;
pub use ids::{Arrival, Day, Digest, Page, Seq};
pub use json::Json;
pub use practice::{Practice, PracticeFacts};
pub use store::{Backup, Store};
pub use verbs::{
    Alert, AlertCursor, Certificate, Command, Credential, CredentialKind, Device, Duty, Enrolment,
    Gauge, HUB, HourCount, Incident, IncidentCursor, Invitation, JournalCursor, JournalFilter,
    JournalLine, Loss, NewCommand, NewDevice, NewInvitation, NewSession, Person, Reach, Session,
    Setting, Setup, Signal,
};

#[cfg(test)]
mod tests;
