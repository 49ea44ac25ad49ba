//! Why a page cannot be shown: what happened and what to do, as the person who asked reads it.
//! What a machine must know of it goes to the log, without names.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hygie_identity::{Who, rights::Row};
use hygie_store::StoreError;
use hygie_text::console::Shared;

use crate::core::{guard::NoAnswer, post::NoPost};

/// Why not.
#[derive(Debug)]
pub(crate) enum Fault {
    /// There is no such thing, or not any more.
    NotFound,
    /// Sign in first, then come back here.
    SignIn {
        /// The page that was asked for.
        next: String,
    },
    /// Sign in once more: it was too long ago.
    SignInAgain {
        /// The page that was asked for.
        next: String,
    },
    /// Others may.
    AskOther(Row),
    /// It was asked for under a name that is not the console's.
    OtherName,
    /// The form was of another page or browser: load it anew.
    StaleForm,
    /// What was sent cannot be read.
    Unreadable,
    /// The guard does not answer.
    Guard(NoAnswer),
    /// The guard answered what this page did not ask.
    GuardSaid(&'static str),
    /// The database.
    Store(StoreError),
    /// The journal.
    Journal(String),
    /// The certificate authority's process.
    Signer(String),
    /// The post does not answer, or not to this.
    Post(NoPost),
    /// A fault of Hygie's own.
    Broken(&'static str),
}

impl Fault {
    /// A fault of Hygie's own.
    pub(crate) const fn broken(what: &'static str) -> Self {
        Self::Broken(what)
    }

    /// What the person reads.
    pub(crate) fn sentence(&self) -> Shared {
        match self {
            Self::NotFound => Shared::FaultNotFound,
            Self::SignIn { .. } => Shared::FaultSignIn,
            Self::SignInAgain { .. } => Shared::FaultSignInAgain,
            // What is for strangers alone: a link to join, a way back in.
            Self::AskOther(row) if row.allowed().all(|who| who == Who::Nobody) => {
                Shared::FaultSignedIn
            }
            Self::AskOther(_) => Shared::FaultAskOther,
            Self::OtherName => Shared::FaultOtherName,
            Self::StaleForm => Shared::FaultStaleForm,
            Self::Unreadable => Shared::FaultUnreadable,
            Self::Guard(_) | Self::GuardSaid(_) => Shared::FaultGuard,
            Self::Store(StoreError::Full { .. }) => Shared::FaultFull,
            Self::Store(error) if error.may_pass() => Shared::FaultBusy,
            Self::Store(_) => Shared::FaultStore,
            Self::Journal(_) => Shared::FaultJournal,
            Self::Signer(_) => Shared::FaultSigner,
            Self::Post(_) => Shared::FaultPost,
            Self::Broken(_) => Shared::FaultBroken,
        }
    }

    /// Its code for machines.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn { .. } | Self::SignInAgain { .. } => StatusCode::UNAUTHORIZED,
            Self::AskOther(_) | Self::StaleForm => StatusCode::FORBIDDEN,
            Self::OtherName => StatusCode::MISDIRECTED_REQUEST,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Guard(_) | Self::GuardSaid(_) | Self::Signer(_) | Self::Post(_) => {
                StatusCode::BAD_GATEWAY
            }
            Self::Store(error) if error.may_pass() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::Journal(_) | Self::Broken(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// What the log says; nothing where it is no fault.
    pub(crate) fn log(&self) -> Option<String> {
        match self {
            Self::NotFound
            | Self::SignIn { .. }
            | Self::SignInAgain { .. }
            | Self::AskOther(_)
            | Self::OtherName
            | Self::StaleForm
            | Self::Unreadable => None,
            Self::Guard(error) => Some(error.to_string()),
            Self::GuardSaid(what) => Some(format!("the guard answered otherwise: {what}")),
            Self::Store(error) => Some(error.to_string()),
            Self::Journal(error) => Some(format!("the journal: {error}")),
            Self::Signer(error) => Some(format!("the signer: {error}")),
            Self::Post(error) => Some(error.to_string()),
            Self::Broken(what) => Some(format!("broken: {what}")),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NoAnswer> for Fault {
    fn from(error: NoAnswer) -> Self {
        Self::Guard(error)
    }
}

impl From<NoPost> for Fault {
    fn from(error: NoPost) -> Self {
        Self::Post(error)
    }
}

impl From<askama::Error> for Fault {
    fn from(_: askama::Error) -> Self {
        Self::Broken("a template")
    }
}

/// Bare, with the fault beside it: the gate knows who asked, and puts the page around it.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::SignIn { next } | Self::SignInAgain { next } = &self
            && let Ok(next) = HeaderValue::from_str(next)
        {
            response
                .headers_mut()
                .insert(header::CONTENT_LOCATION, next);
        }
        response.extensions_mut().insert(std::sync::Arc::new(self));
        response
    }
}
