//! `hygie vault check|forget`.

use anyhow::Result;

use super::Context;
use crate::{cli::Vault, screen::Exit};

pub(crate) fn run(_context: &Context<'_>, _verb: Vault) -> Result<Exit> {
    Ok(Exit::Good)
}
