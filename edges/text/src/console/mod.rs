//! What the pages of the console say: one list a page, and one that all pages share.
//! A page's words stand in the files of its name, so that whoever works on a page touches one pair of files.

mod alerts;
mod ask;
mod devices;
mod files;
mod incidents;
mod journal;
mod me;
mod messages;
mod people;
mod phish;
mod roads;
mod settings;
mod setup;
mod shared;
mod sign_in;
mod signed;
mod today;

pub use alerts::Alerts;
pub use ask::Ask;
pub use devices::Devices;
pub use files::Files;
pub use incidents::Incidents;
pub use journal::Journal;
pub use me::Me;
pub use messages::Messages;
pub use people::People;
pub use phish::Phish;
pub use roads::Roads;
pub use settings::Settings;
pub use setup::Setup;
pub use shared::Shared;
pub use sign_in::SignIn;
pub use signed::Signed;
pub use today::Today;
