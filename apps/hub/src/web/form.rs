//! What a browser sends to have something done. There is no other way to read it than with the check that the form came from a
//! page of ours in this browser.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName},
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    fault::Fault,
    gate::{self, FORM},
    visitor::Visitor,
};

/// A form, read and known as ours.
pub(crate) struct Sent<T>(pub(crate) T);

/// An answer of a script of ours, as bytes of JSON.
pub(crate) struct Answered(pub(crate) Bytes);

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    form: String,
}

impl<T, S> FromRequest<S> for Sent<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let (visitor, headers, body) = taken(request, state).await?;
        let token: Token = axum::Form::<Token>::from_bytes_checked(&body)?;
        own(&visitor, &headers, &token.form)?;
        Ok(Self(axum::Form::<T>::from_bytes_checked(&body)?))
    }
}

impl<S: Send + Sync> FromRequest<S> for Answered {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let (visitor, headers, body) = taken(request, state).await?;
        let token = headers
            .get(HEADER)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        own(&visitor, &headers, token)?;
        Ok(Self(body))
    }
}

async fn taken<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<(Visitor, HeaderMap, Bytes), Fault> {
    let visitor = request
        .extensions()
        .get::<Visitor>()
        .cloned()
        .ok_or(Fault::Broken("a form without a gate"))?;
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, state)
        .await
        .map_err(|_| Fault::Unreadable)?;
    Ok((visitor, headers, body))
}

/// Of a page of ours in this browser and this session. What the browser says of where it comes from is asked as well.
fn own(visitor: &Visitor, headers: &HeaderMap, token: &str) -> Result<(), Fault> {
    let site = headers
        .get(SITE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("same-origin");
    let jar = CookieJar::from_headers(headers);
    let browser = jar.get(FORM).map(Cookie::value).unwrap_or_default();
    let browser = gate::of_browser(browser, visitor.signed.as_ref());
    if site == "same-origin" && visitor.hub.seal.is_own_form(&browser, token) {
        Ok(())
    } else {
        Err(Fault::StaleForm)
    }
}

trait Checked: Sized {
    type Value;
    fn from_bytes_checked(body: &Bytes) -> Result<Self::Value, Fault>;
}

impl<T: DeserializeOwned> Checked for axum::Form<T> {
    type Value = T;

    fn from_bytes_checked(body: &Bytes) -> Result<T, Fault> {
        serde_urlencoded::from_bytes(body).map_err(|_| Fault::Unreadable)
    }
}

const HEADER: HeaderName = HeaderName::from_static("x-hygie-form");
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
