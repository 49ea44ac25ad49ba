//! The hidden verbs by which Hygie starts its own parts.

use anyhow::Result;
use hygie_agent::{StateDir, door, guard, orders::Orders, self_test, supervise, witness::Witness};

use crate::{cli::Handed, screen::Exit};

pub(crate) fn guard(handed: &Handed) -> Result<Exit> {
    let shared = supervise::take_handed(&handed.handed)?;
    let orders = Orders::from_argument(&handed.orders)?;
    if let Some(file) = &orders.trial {
        self_test::play_hung_guard(&shared, file)?;
        return Ok(Exit::Good);
    }
    let socket = StateDir::at(&orders.state).socket();
    guard::run(shared, &orders, |inside| {
        // Without its door the guard still guards; whoever asks sees that nobody answers.
        let _ = door::open(&socket, inside);
    })?;
    Ok(Exit::Good)
}

pub(crate) fn witness(handed: &Handed) -> Result<Exit> {
    let shared = supervise::take_handed(&handed.handed)?;
    let orders = Orders::from_argument(&handed.orders)?;
    Witness::new(shared, orders).run()?;
    Ok(Exit::Good)
}
