//! Who asks, as a handler gets it: the gate has judged that she may.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::Cookie;
use hygie_identity::{Act, Who, secret::Digest};
use hygie_model::{PersonId, Wall};
use hygie_store::{Practice, PracticeFacts};

use super::{
    fault::Fault,
    session::{self, Signed},
    speech::Speech,
};
use crate::core::{Hub, alerts::Strip, journal::Note};

/// One request's sender.
#[derive(Clone)]
pub(crate) struct Visitor(Arc<Visit>);

/// What is known of her.
pub(crate) struct Visit {
    /// The hub.
    pub(crate) hub: Hub,
    /// The practice; none before the set-up.
    pub(crate) practice: Option<PracticeFacts>,
    /// Who is signed in.
    pub(crate) signed: Option<Signed>,
    /// What language she reads.
    pub(crate) speech: Speech,
    /// When the request came.
    pub(crate) now: Wall,
    /// From where.
    pub(crate) address: IpAddr,
    /// What the browser says of itself.
    pub(crate) agent: String,
    /// The cookie by which this browser is known where somebody signed in with it before.
    pub(crate) browser: Option<Digest>,
    /// Under which name the browser asked, without the port.
    pub(crate) host: String,
    /// The path and query that were asked for.
    pub(crate) path: String,
    /// What forms of this browser bring back.
    pub(crate) form: String,
    /// What every page says above all else.
    pub(crate) strip: Option<Strip>,
}

impl std::ops::Deref for Visitor {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.0
    }
}

impl Visitor {
    /// Puts it together.
    pub(crate) fn new(visit: Visit) -> Self {
        Self(Arc::new(visit))
    }

    /// The practice's part of the database.
    ///
    /// # Errors
    /// Before the set-up there is none.
    pub(crate) fn practice(&self) -> Result<Practice<'_>, Fault> {
        Ok(self.hub.of(self.facts()?))
    }

    /// The practice.
    ///
    /// # Errors
    /// Before the set-up there is none.
    pub(crate) fn facts(&self) -> Result<&PracticeFacts, Fault> {
        self.practice
            .as_ref()
            .ok_or(Fault::Broken("no practice yet"))
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// Nobody is.
    pub(crate) fn signed(&self) -> Result<&Signed, Fault> {
        self.signed.as_ref().ok_or_else(|| Fault::SignIn {
            next: self.path.clone(),
        })
    }

    /// Her number.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub(crate) fn person(&self) -> Result<PersonId, Fault> {
        Ok(self.signed()?.person.id)
    }

    /// What she is.
    pub(crate) fn who(&self) -> Who {
        self.signed
            .as_ref()
            .map_or(Who::Nobody, |signed| Who::Person(signed.person.role))
    }

    /// Whether her role has a row for it, whatever else it needs: to show a button or not.
    pub(crate) fn may(&self, act: Act) -> bool {
        act.row().allows(self.who())
    }

    /// Tells the journal what she did.
    ///
    /// # Errors
    /// It cannot be told: then it must not be done.
    pub(crate) async fn tell(&self, kind: &'static str, note: Note) -> Result<(), Fault> {
        let practice = self.practice()?;
        self.hub.journal.tell(practice, kind, note, self.now).await
    }

    /// A note by her.
    ///
    /// # Errors
    /// Nobody is signed in.
    pub(crate) fn note(&self) -> Result<Note, Fault> {
        Ok(Note::by(self.person()?))
    }

    /// Where she signs in from.
    pub(crate) fn from<'a>(&'a self, address: &'a str) -> session::From<'a> {
        session::From {
            address,
            agent: &self.agent,
        }
    }

    /// Whether she sits at the hub's own machine.
    pub(crate) fn is_here(&self) -> bool {
        self.address.to_canonical().is_loopback()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(Fault::Broken("a handler without a gate"))
    }
}

/// Leads on after a deed, so that loading the page again does not do it again.
pub(crate) fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// The same, with cookies.
pub(crate) fn see_with(path: &str, cookies: &[Cookie<'_>]) -> Response {
    let mut response = see(path);
    for cookie in cookies {
        if let Ok(value) = cookie.to_string().parse() {
            response
                .headers_mut()
                .append(axum::http::header::SET_COOKIE, value);
        }
    }
    response
}
