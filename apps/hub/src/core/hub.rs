//! Everything that a request may need, in one handle: clones share it.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use hygie_identity::passkey::Site;
use hygie_model::Wall;
use hygie_platform::clock;
use hygie_post::sender::Names;
use hygie_sandbox::Sandbox;
use hygie_store::{Practice, PracticeFacts, Store};
use hygie_text::TimeZone;

use super::{
    announce::Board, guard::Door, journal::Journal, lane::Lane, post::PostDoor, seal::Seal,
    tls::Tls,
};
use crate::{
    authority::{AskError, AuthorityTold, Rename},
    web::{fault::Fault, speech::Catalogs},
};

/// The hub of a practice.
#[derive(Clone)]
pub(crate) struct Hub(Arc<Parts>);

/// What it is made of.
pub(crate) struct Parts {
    /// The hub's own folder.
    pub(crate) dir: PathBuf,
    /// The database.
    pub(crate) store: Store,
    /// Both languages.
    pub(crate) catalogs: Catalogs,
    /// In which moments are told.
    pub(crate) zone: TimeZone,
    /// The guard of this machine.
    pub(crate) guard: Door,
    /// The guards of other devices, while people wait for their answers.
    pub(crate) lane: Lane,
    /// What sends letters.
    pub(crate) post: PostDoor,
    /// Where what strangers wrote is read: in processes of the hub's own, for the keeper's are the guard's alone to ask.
    pub(crate) sandbox: Sandbox,
    /// What root left for who lost everything.
    pub(crate) recovery: PathBuf,
    /// What root's command remembers of who wrote to the practice; the hub reads it, where root let it.
    pub(crate) senders: PathBuf,
    /// What asks the domain name system, where the practice wants it asked.
    pub(crate) names: Option<Arc<dyn Names + Send + Sync>>,
    /// Who did what.
    pub(crate) journal: Journal,
    /// What is sealed.
    pub(crate) seal: Seal,
    /// The certificate.
    pub(crate) tls: Tls,
    /// The port that browsers use.
    pub(crate) port: u16,
    /// Where devices report.
    pub(crate) devices: SocketAddr,
    /// How the console's name stands on the network.
    pub(crate) announced: Board,
    /// What the time is: a test has its own.
    pub(crate) clock: fn() -> Wall,
}

impl std::ops::Deref for Hub {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Parts {
    /// A hub on the port that it got.
    pub(crate) fn on_port(mut self, port: u16) -> Hub {
        self.port = port;
        Hub(Arc::new(self))
    }
}

impl Hub {
    /// The authority that browsers are asked to trust.
    ///
    /// # Errors
    /// The signer does not answer.
    pub(crate) async fn authority(&self) -> Result<AuthorityTold, Fault> {
        let told = self.tls.authority().await.map_err(silent)?;
        told.ok_or(Fault::NotFound)
    }

    /// Now.
    pub(crate) fn now(&self) -> Wall {
        (self.clock)()
    }

    /// The practice that this hub serves; `None` before the set-up.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn practice(&self) -> Result<Option<PracticeFacts>, Fault> {
        Ok(self.store.practices().await?.into_iter().next())
    }

    /// Its part of the database.
    pub(crate) fn of(&self, practice: &PracticeFacts) -> Practice<'_> {
        self.store.practice(practice.id)
    }

    /// Has the signer make the authority of the console's name; from then on its certificate names it.
    ///
    /// # Errors
    /// The signer does not answer or refuses.
    pub(crate) async fn name_console(&self, facts: &PracticeFacts) -> Result<(), Fault> {
        self.tls
            .name(Some(facts), Rename::Refused)
            .await
            .map_err(silent)?;
        self.tls.renew(self.now()).await.map_err(silent)
    }

    /// The console as passkeys know it.
    ///
    /// # Errors
    /// The name that was chosen cannot be one.
    pub(crate) fn site(&self, practice: &PracticeFacts) -> Result<Site, Fault> {
        Site::new(&practice.host, self.port, &practice.name)
            .map_err(|_| Fault::broken("the console's name"))
    }
}

fn silent(error: AskError) -> Fault {
    Fault::Signer(error.to_string())
}

/// The system's clock.
pub(crate) const CLOCK: fn() -> Wall = clock::wall;
