//! What stands before each handler: who asks, whether her role has the row, whether she signed in lately enough, and the
//! page that says why not.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar};
use data_encoding::BASE64URL_NOPAD;
use hygie_identity::{
    Act,
    rights::{Answer, Refusal, judge},
};

use super::{
    fault::Fault,
    frame,
    route::Verb,
    session::{self, Gesture},
    speech,
    visitor::{Visit, Visitor, see},
};
use crate::core::{Hub, alerts, browsers, chance};

/// What a route's gate knows.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) hub: Hub,
    pub(crate) act: Act,
    pub(crate) verb: Verb,
}

/// Lets a request through, or says why not.
pub(crate) async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (visitor, planted) = match meet(&gate, &parts).await {
        Ok(met) => met,
        // Without a database there is neither a language nor a frame to be had from it.
        Err(fault) => {
            frame::log(&fault);
            return frame::bare(&gate.hub, &parts.headers, &fault);
        }
    };
    let response = match judged(&gate, &visitor) {
        Ok(()) => {
            parts.extensions.insert(visitor.clone());
            next.run(Request::from_parts(parts, body)).await
        }
        Err(fault) => fault.into_response(),
    };
    let mut response = told(&visitor, gate.verb, response);
    if let Some(cookie) = planted
        && let Ok(value) = cookie.to_string().parse()
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Puts a page around a fault; leads to the sign-in where that is what is missing.
fn told(visitor: &Visitor, verb: Verb, response: Response) -> Response {
    let Some(fault) = response.extensions().get::<Arc<Fault>>().cloned() else {
        return response;
    };
    frame::log(&fault);
    match (&*fault, verb) {
        (Fault::SignIn { .. }, Verb::Get) if visitor.practice.is_none() => see("/setup"),
        (Fault::SignIn { next }, Verb::Get) => see(&format!("/signin?next={}", encoded(next))),
        (Fault::SignInAgain { next }, _) => see(&format!("/signin/again?next={}", encoded(next))),
        _ => frame::fault(visitor, &fault),
    }
}

fn judged(gate: &Gate, visitor: &Visitor) -> Result<(), Fault> {
    let proved = visitor
        .signed
        .as_ref()
        .map(|signed| signed.session.proved());
    match judge(visitor.who(), proved, gate.act, visitor.now) {
        // What needs the guard's own challenge begins as any page does; the guard decides.
        Answer::Go | Answer::Confirm => Ok(()),
        Answer::Refused(Refusal::SignIn) => Err(Fault::SignIn {
            next: back_to(gate.verb, visitor),
        }),
        Answer::Refused(Refusal::SignInAgain) => Err(Fault::SignInAgain {
            next: back_to(gate.verb, visitor),
        }),
        Answer::Refused(Refusal::AskOther(row)) => Err(Fault::AskOther(row)),
    }
}

/// The page to come back to: for a deed the page that its form stood on.
fn back_to(verb: Verb, visitor: &Visitor) -> String {
    match verb {
        Verb::Get => visitor.path.clone(),
        Verb::Post => {
            let path = visitor.path.split('?').next().unwrap_or_default();
            path.rsplit_once('/')
                .map_or("/", |(page, _)| if page.is_empty() { "/" } else { page })
                .to_owned()
        }
    }
}

/// Who asks; with the cookie that her forms will be known by, where she has none.
async fn meet(gate: &Gate, request: &Parts) -> Result<(Visitor, Option<Cookie<'static>>), Fault> {
    let hub = &gate.hub;
    let now = hub.now();
    let headers = &request.headers;
    let practice = hub.practice().await?;
    let gesture = if is_live(&request.uri) {
        Gesture::No
    } else {
        Gesture::Yes
    };
    let signed = match &practice {
        Some(facts) => session::find(hub.of(facts), headers, gesture, now).await?,
        None => None,
    };
    let strip = match (&practice, &signed) {
        (Some(facts), Some(_)) => alerts::strip(hub.of(facts), now).await?,
        _ => None,
    };
    let jar = CookieJar::from_headers(headers);
    let (browser, planted) = match jar.get(FORM).map(Cookie::value) {
        Some(value) if (20..=64).contains(&value.len()) => (value.to_owned(), None),
        Some(_) | None => {
            let value = BASE64URL_NOPAD.encode(&chance::bytes::<32>()?);
            let cookie = session::own(Cookie::new(FORM, value.clone()));
            (value, Some(cookie))
        }
    };
    let visit = Visit {
        form: hub.seal.form_token(&of_browser(&browser, signed.as_ref())),
        speech: hub.catalogs.speech(speech::wanted(headers)),
        address: address(request),
        agent: text(headers, &header::USER_AGENT),
        browser: jar
            .get(browsers::COOKIE)
            .and_then(|cookie| browsers::digest(cookie.value())),
        host: host(request),
        path: request
            .uri
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string),
        hub: hub.clone(),
        practice,
        signed,
        now,
        strip,
    };
    Ok((Visitor::new(visit), planted))
}

/// A form of before a sign-in is none of after it.
pub(crate) fn of_browser(browser: &str, signed: Option<&session::Signed>) -> String {
    let session = signed.map(|signed| signed.session.id.0.to_string());
    format!("{browser} {}", session.unwrap_or_default())
}

/// The address of the connection, never a header's.
fn address(request: &Parts) -> IpAddr {
    request
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// HTTP/2 has it in the address, HTTP/1 in a header.
fn host(request: &Parts) -> String {
    let whole = request
        .uri
        .authority()
        .map(ToString::to_string)
        .unwrap_or_else(|| text(&request.headers, &header::HOST));
    whole
        .parse::<axum::http::uri::Authority>()
        .map(|authority| authority.host().to_lowercase())
        .unwrap_or_default()
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// A page that updates itself keeps nobody signed in.
fn is_live(uri: &Uri) -> bool {
    uri.path().ends_with("/live")
}

/// For a query of an address.
pub(crate) fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What a browser's forms are known by, before a sign-in as well.
pub(crate) const FORM: &str = "__Host-hygie-form";
