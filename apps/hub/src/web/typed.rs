//! What somebody typed when her last sign-in turned out too old: kept while she signs in once more, for her alone, for some minutes
//! and for one time. What is secret is not kept.

use std::time::Duration;

use axum::{body::to_bytes, extract::Request, http::header};
use hygie_model::PersonId;
use serde::{Deserialize, Serialize};

use super::{fault::Fault, form, visitor::Visitor};
use crate::core::once;

/// A form that was not taken yet.
#[derive(Serialize, Deserialize)]
pub(crate) struct Typed {
    person: PersonId,
    /// Where it goes.
    pub(crate) to: String,
    /// The page that it stood on.
    pub(crate) back: String,
    /// What was typed.
    pub(crate) fields: Vec<(String, String)>,
    /// What is to be typed anew.
    pub(crate) secrets: Vec<String>,
}

/// Keeps a form of a page of ours. Where to go after the sign-in; none where there is nothing to keep.
pub(super) async fn keep(visitor: &Visitor, back: &str, request: Request) -> Option<String> {
    let headers = request.headers().clone();
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return None;
    }
    let body = form::in_time(to_bytes(request.into_body(), LONGEST));
    let body = body.await.ok()?;
    let sent: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).ok()?;
    // Another site could else have her send what it typed.
    let (_, token) = sent.iter().find(|(name, _)| name == FORM)?;
    form::own(visitor, &headers, token).ok()?;
    let typed = sent.into_iter().filter(|(name, _)| name != FORM);
    let (secret, fields): (Vec<_>, Vec<_>) = typed.partition(|(name, _)| is_secret(name));
    if fields.is_empty() && secret.is_empty() {
        return None;
    }
    let typed = Typed {
        person: visitor.person().ok()?,
        to: visitor.path.clone(),
        back: back.to_owned(),
        fields,
        secrets: secret.into_iter().map(|(name, _)| name).collect(),
    };
    let bytes = serde_json::to_vec(&typed).ok()?;
    let practice = visitor.practice().ok()?;
    let id = once::keep(practice, &bytes, KEPT, visitor.now).await.ok()?;
    Some(format!("/signin/typed?id={id}"))
}

/// Gives it back, once, to whoever typed it.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn take(visitor: &Visitor, id: &str) -> Result<Option<Typed>, Fault> {
    let kept = once::take(visitor.practice()?, id, visitor.now).await?;
    let typed: Option<Typed> = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let person = visitor.person()?;
    Ok(typed.filter(|typed| typed.person == person))
}

/// A password, a code, a key to something: never on the disk as it was typed.
fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET.iter().any(|part| name.contains(part))
}

const FORM: &str = "form";
const SECRET: [&str; 6] = ["pass", "secret", "code", "key", "token", "again"];
/// No form of ours is longer.
const LONGEST: usize = 64 * 1024;
/// As long as a sign-in may take.
const KEPT: Duration = Duration::from_secs(15 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_is_known_by_its_name() {
        for name in [
            "password",
            "passphrase",
            "code",
            "api_key",
            "Secret",
            "again",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["name", "phone", "host", "user", "role", "to"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
