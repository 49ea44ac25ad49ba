//! Ctrl-C during a drill: everything ends in order.

use std::{cell::Cell, io};

use anyhow::Result;
use hygie_platform::linux::wake::{Signal, Signals};

/// Whether a person wants the end.
pub(crate) struct Interrupt {
    signals: Signals,
    came: Cell<Came>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    No,
    Yes,
}

/// A person wanted the end.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

impl Interrupt {
    /// From here on a Ctrl-C is a question, not the end. Call it before any other thread exists.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            signals: Signals::take_over()?,
            came: Cell::new(Came::No),
        })
    }

    /// Goes on, unless a person wants the end.
    pub(crate) fn check(&self) -> Result<()> {
        if self.signals.drain().contains(&Signal::End) {
            self.came.set(Came::Yes);
        }
        match self.came.get() {
            Came::No => Ok(()),
            Came::Yes => Err(Interrupted.into()),
        }
    }
}
