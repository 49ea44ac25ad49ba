//! What pages stand on: the practice's database, the doors of guard and post, the journal, and what the hub keeps sealed.
//! Nothing here knows how a page looks.

pub(crate) mod alerts;
pub(crate) mod announce;
pub(crate) mod browsers;
pub(crate) mod chain;
pub(crate) mod chance;
pub(crate) mod copies;
pub(crate) mod guard;
pub(crate) mod heard;
mod hub;
pub(crate) mod jobs;
pub(crate) mod journal;
pub(crate) mod lane;
pub(crate) mod leavers;
pub(crate) mod once;
pub(crate) mod openings;
pub(crate) mod places;
pub(crate) mod post;
pub(crate) mod proposals;
pub(crate) mod root;
pub(crate) mod rungs;
pub(crate) mod seal;
pub(crate) mod senders;
pub(crate) mod tls;
pub(crate) mod walls;
pub(crate) mod withdrawals;

pub(crate) use hub::{CLOCK, Hub, Parts};
