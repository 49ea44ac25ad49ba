//! `hygie journal show|verify`.

use anyhow::Result;

use super::Context;
use crate::{cli::Journal, screen::Exit};

pub(crate) fn run(_context: &Context<'_>, _verb: &Journal) -> Result<Exit> {
    Ok(Exit::Good)
}
