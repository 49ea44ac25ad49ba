//! The system's resolver for one run: set up with the first question, and left alone once it is silent, so that whoever is
//! without a network does not wait at each message.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

use hygie_post::sender::{Names, Question, Reply, System};

/// Asks where somebody answers.
#[derive(Default)]
pub(crate) struct Resolver {
    system: OnceLock<Option<System>>,
    silences: AtomicU32,
}

impl Resolver {
    /// It was asked, and did not answer.
    pub(crate) fn is_silent(&self) -> bool {
        self.silences.load(Ordering::Relaxed) >= PATIENCE
    }
}

impl Names for Resolver {
    fn ask(&self, question: &Question) -> Reply {
        if self.is_silent() {
            return Reply::Silent;
        }
        let system = self.system.get_or_init(|| System::new().ok());
        let reply = match system {
            Some(system) => system.ask(question),
            None => Reply::Silent,
        };
        // One domain's servers may be down: several in a row, with no answer between, are no network.
        match &reply {
            Reply::Silent => self.silences.fetch_add(1, Ordering::Relaxed),
            Reply::Found(_) | Reply::Nothing => self.silences.swap(0, Ordering::Relaxed),
        };
        reply
    }
}

const PATIENCE: u32 = 4;
