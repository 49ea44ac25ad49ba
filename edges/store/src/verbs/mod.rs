//! What can be asked of one practice: one file for each thing that the hub keeps.
//! Each statement stands beside its verb; each names the practice as `$1`.

mod alerts;
mod charts;
mod commands;
mod credentials;
mod devices;
mod duties;
mod enrolment;
mod incidents;
mod invitations;
mod journal;
mod own;
mod passing;
mod people;
mod sessions;
mod settings;
mod setup;
mod signals;

pub use alerts::{Alert, AlertCursor};
pub use charts::{Gauge, HourCount};
pub use commands::{Command, NewCommand};
pub use credentials::{Credential, CredentialKind};
pub use devices::{Certificate, Device, NewDevice};
pub use duties::Duty;
pub use enrolment::Enrolment;
pub use incidents::{Incident, IncidentCursor};
pub use invitations::{Invitation, NewInvitation};
pub use journal::{JournalCursor, JournalFilter, JournalLine};
pub use own::HUB;
pub use people::{Person, Reach};
pub use sessions::{NewSession, Session};
pub use settings::Setting;
pub use setup::Setup;
pub use signals::{Loss, Signal};
