//! What a browser sends to have something done. There is no other way to read it than with the check that the form came from a
//! page of ours in this browser.

use std::{collections::BTreeMap, future::Future, time::Duration};

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header, uri::Scheme},
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

/// A form with a file, read and known as ours.
pub(crate) struct Brought {
    /// What each field holds.
    fields: BTreeMap<String, Bytes>,
    /// It was larger than the route takes: nothing of it is there, not even what says whose form it was.
    pub(crate) is_cut: bool,
}

impl Brought {
    /// What somebody wrote there.
    pub(crate) fn text(&self, name: &str) -> String {
        let bytes = self.fields.get(name).map_or(&[][..], |bytes| bytes);
        String::from_utf8_lossy(bytes).into_owned()
    }
}

impl Brought {
    /// A file, where one was chosen.
    pub(crate) fn file(&self, name: &str) -> Option<&Bytes> {
        self.fields.get(name).filter(|bytes| !bytes.is_empty())
    }
}

impl<S: Send + Sync> FromRequest<S> for Brought {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let visitor = request.extensions().get::<Visitor>().cloned();
        let visitor = visitor.ok_or(Fault::Broken("a form without a gate"))?;
        let headers = request.headers().clone();
        let kind = headers.get(header::CONTENT_TYPE);
        let has_parts = kind
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("multipart/form-data"));
        let brought = if has_parts {
            in_time(Self::in_parts(request, state)).await?
        } else {
            let body = in_time(Bytes::from_request(request, state)).await?;
            let fields: Vec<(String, String)> = axum::Form::from_bytes_checked(&body)?;
            Self {
                fields: fields
                    .into_iter()
                    .map(|(name, value)| (name, value.into()))
                    .collect(),
                is_cut: false,
            }
        };
        if !brought.is_cut {
            own(&visitor, &headers, &brought.text("form"))?;
        }
        Ok(brought)
    }
}

impl Brought {
    async fn in_parts<S: Send + Sync>(request: Request, state: &S) -> Result<Self, Fault> {
        let mut parts = Multipart::from_request(request, state)
            .await
            .map_err(|_| Fault::Unreadable)?;
        let mut brought = Self {
            fields: BTreeMap::new(),
            is_cut: false,
        };
        while brought.fields.len() < MOST_FIELDS {
            let read = match parts.next_field().await {
                Ok(None) => break,
                Ok(Some(field)) => {
                    let name = field.name().unwrap_or_default().to_owned();
                    field.bytes().await.map(|bytes| (name, bytes))
                }
                Err(error) => Err(error),
            };
            match read {
                Ok((name, bytes)) => {
                    brought.fields.insert(name, bytes);
                }
                Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                    return Ok(Self {
                        fields: BTreeMap::new(),
                        is_cut: true,
                    });
                }
                Err(_) => return Err(Fault::Unreadable),
            }
        }
        Ok(brought)
    }
}

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
    let body = in_time(Bytes::from_request(request, state)).await?;
    Ok((visitor, headers, body))
}

/// Whoever sends a letter now and then keeps nothing open for ever.
pub(super) async fn in_time<T, E>(read: impl Future<Output = Result<T, E>>) -> Result<T, Fault> {
    match tokio::time::timeout(PATIENCE, read).await {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(_)) | Err(_) => Err(Fault::Unreadable),
    }
}

/// Of a page of ours in this browser and this session. What the browser says of where it comes from is asked as well.
pub(crate) fn own(visitor: &Visitor, headers: &HeaderMap, token: &str) -> Result<(), Fault> {
    let site = headers
        .get(SITE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("same-origin");
    let from = headers.get(header::ORIGIN);
    let is_here = from.is_none_or(|from| is_origin(from, &visitor.host));
    let jar = CookieJar::from_headers(headers);
    let browser = jar.get(FORM).map(Cookie::value).unwrap_or_default();
    let browser = gate::of_browser(browser, visitor.signed.as_ref());
    if site == "same-origin" && is_here && visitor.hub.seal.is_own_form(&browser, token) {
        Ok(())
    } else {
        Err(Fault::StaleForm)
    }
}

/// Whether a form comes from the console under the name that it is sent to: older browsers say this alone.
fn is_origin(from: &HeaderValue, host: &str) -> bool {
    let from = from.to_str().ok().and_then(|text| text.parse::<Uri>().ok());
    let from = from.filter(|from| from.scheme() == Some(&Scheme::HTTPS));
    from.is_some_and(|from| {
        from.host()
            .is_some_and(|name| name.eq_ignore_ascii_case(host))
    })
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

/// For a file over a slow network.
const PATIENCE: Duration = Duration::from_secs(120);
/// More than any form of ours has.
const MOST_FIELDS: usize = 16;
const HEADER: HeaderName = HeaderName::from_static("x-hygie-form");
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
