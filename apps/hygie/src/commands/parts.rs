//! The hidden verbs by which Hygie starts its own parts.

use anyhow::Result;
use hygie_agent::{
    StateDir, door, guard,
    incidents::{self, Incidents},
    orders::Orders,
    self_test,
    supervise::{self, Ended},
    witness::Witness,
};
use hygie_platform::{clock, linux::pulse::Word};

use crate::{cli::Handed, screen::Exit};

pub(crate) fn guard(handed: &Handed) -> Result<Exit> {
    let shared = supervise::take_handed(&handed.handed)?;
    if supervise::enter(&shared.pulse, Word::GuardProcess) == Ended::Yes {
        return Ok(Exit::Good);
    }
    let orders = Orders::from_argument(&handed.orders)?;
    if let Some(file) = &orders.trial {
        self_test::play_hung_guard(shared, file)?;
        return Ok(Exit::Good);
    }
    let state = StateDir::at(&orders.state);
    let incidents = Incidents::open(&state, clock::wall())?;
    let asked = incidents.clone();
    guard::run(shared, &orders, &incidents, |inside| {
        // Without its door the guard still guards; whoever asks sees that nobody answers.
        let _ = door::open(&orders, inside, asked);
    })?;
    Ok(Exit::Good)
}

pub(crate) fn witness(handed: &Handed) -> Result<Exit> {
    let shared = supervise::take_handed(&handed.handed)?;
    if supervise::enter(&shared.pulse, Word::WitnessProcess) == Ended::Yes {
        return Ok(Exit::Good);
    }
    let orders = Orders::from_argument(&handed.orders)?;
    Witness::new(shared, orders).run()?;
    Ok(Exit::Good)
}

/// Run with the rights of the person concerned; nothing of it is printed.
pub(crate) fn notice(handed: &str) -> Result<Exit> {
    incidents::show(&serde_json::from_str(handed)?)?;
    Ok(Exit::Good)
}
