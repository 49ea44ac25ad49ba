//! Decides what somebody has to be told: when a duty is silent, what lasts long enough to be an alert, by which road it goes, and
//! when that is enough. Never sends anything, reads a clock, writes a sentence or keeps a name: it is fed words of duties, things that
//! happened and answers of the post, each with `now`, and asked what to do. Its state is plain data, so that a restart loses nothing.

mod alert;
mod alerts;
mod course;
mod duty;
mod letters;
mod quiet;
mod roads;
mod span;
mod thing;
mod urgency;

pub use alert::{Alert, Leg, Number, Read};
pub use alerts::{Action, Alerts, Gap, State};
pub use duty::{Farewell, Heard, Rhythm, Standing, Word};
pub use letters::{Answer, LetterId, Why};
pub use quiet::{Quiet, Rules};
pub use thing::{Bad, Thing, What, Who};
pub use urgency::{Row, Weight, row};

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
