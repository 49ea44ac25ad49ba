//! Why a device is not served, as it reads it: one word, and a code that says whether to come again.

use axum::{
    Json,
    extract::rejection::JsonRejection,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use hygie_store::StoreError;
use hygie_wire::{Refusal, Refused};

use crate::web::{fault::Fault, frame::log};

/// Not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Denied(pub(super) Refusal);

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        let status = match self.0 {
            Refusal::Code | Refusal::Unknown => StatusCode::FORBIDDEN,
            Refusal::Unreadable => StatusCode::BAD_REQUEST,
            Refusal::Forked => StatusCode::CONFLICT,
            Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Full => StatusCode::INSUFFICIENT_STORAGE,
            Refusal::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(Refused { refused: self.0 })).into_response()
    }
}

impl From<JsonRejection> for Denied {
    fn from(_: JsonRejection) -> Self {
        Self(Refusal::Unreadable)
    }
}

impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        let refusal = match &error {
            StoreError::Full { .. } => Refusal::Full,
            StoreError::Busy { .. } | StoreError::Unreachable { .. } | StoreError::Closed => {
                Refusal::Busy
            }
            StoreError::Retired => Refusal::Unknown,
            StoreError::Forked { .. } => Refusal::Forked,
            StoreError::InUse { .. }
            | StoreError::Newer { .. }
            | StoreError::Damaged { .. }
            | StoreError::Taken { .. }
            | StoreError::Unknown { .. }
            | StoreError::Migration { .. }
            | StoreError::NotJson { .. }
            | StoreError::ByOperator { .. }
            | StoreError::Io { .. }
            | StoreError::Engine { .. } => Refusal::Broken,
        };
        if matches!(refusal, Refusal::Full | Refusal::Broken) {
            log(&Fault::Store(error));
        }
        Self(refusal)
    }
}

impl From<Fault> for Denied {
    fn from(fault: Fault) -> Self {
        if let Fault::Store(error) = fault {
            return error.into();
        }
        log(&fault);
        Self(Refusal::Broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_or_busy_hub_says_come_again() {
        for (error, refusal, code) in [
            (StoreError::Full { doing: "x" }, Refusal::Full, 507),
            (StoreError::Busy { doing: "x" }, Refusal::Busy, 503),
            (StoreError::Closed, Refusal::Busy, 503),
            (StoreError::Retired, Refusal::Unknown, 403),
            (StoreError::Forked { seq: 3 }, Refusal::Forked, 409),
            (StoreError::Unknown { doing: "x" }, Refusal::Broken, 500),
        ] {
            let denied = Denied::from(error);
            assert_eq!(denied, Denied(refusal));
            assert_eq!(denied.into_response().status().as_u16(), code);
        }
    }
}
