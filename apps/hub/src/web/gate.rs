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
    speech, typed,
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
    if !is_ours(&visitor) {
        return frame::bare(&gate.hub, &parts.headers, &Fault::OtherName);
    }
    let response = match judged(&gate, &visitor) {
        Ok(()) => {
            parts.extensions.insert(visitor.clone());
            next.run(Request::from_parts(parts, body)).await
        }
        Err(Fault::SignInAgain { next }) if gate.verb == Verb::Post => {
            let request = Request::from_parts(parts, body);
            let kept = typed::keep(&visitor, &next, request).await;
            let next = kept.unwrap_or(next);
            Fault::SignInAgain { next }.into_response()
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

/// Whether whoever looks on at a live part still may. As something else than before she asks anew: what is drawn for her is drawn
/// for what she was.
///
/// # Errors
/// Her session ended, or the database does not answer.
pub(crate) async fn still(visitor: &Visitor) -> Result<(), Fault> {
    let before = visitor.signed()?;
    let now = visitor.hub.now();
    let found = session::of(visitor.practice()?, before.digest, Gesture::No, now).await?;
    match found {
        Some(signed) if signed.person.role == before.person.role => Ok(()),
        Some(_) | None => Err(Fault::SignIn {
            next: visitor.path.clone(),
        }),
    }
}

/// Whether the console is asked under a name of its own. Another one leads to this address too, but a page of that name could read
/// what is answered (rebinding): browsers keep pages apart by their names. An address is no name, and before the set-up there is
/// none yet.
fn is_ours(visitor: &Visitor) -> bool {
    let host = visitor.host.trim_end_matches('.');
    let Some(facts) = &visitor.practice else {
        return true;
    };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == LOCALHOST || host.eq_ignore_ascii_case(&facts.host) || address.parse::<IpAddr>().is_ok()
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

const LOCALHOST: &str = "localhost";
/// What a browser's forms are known by, before a sign-in as well.
pub(crate) const FORM: &str = "__Host-hygie-form";

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use hygie_model::Role;

    use crate::web::testing::{Console, HOST};

    /// A page of another name that leads to this address (rebinding) reads nothing, whoever is signed in.
    #[tokio::test]
    async fn under_another_name_nothing_is_answered() {
        let console = Console::new().await;
        let mut browser = console.signed_in(Role::Practitioner).await;
        for other in [
            "evil.example",
            "hygie-cabinet.local.evil.example",
            "evil-hygie-cabinet.local",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "1.2.3",
            "",
        ] {
            browser.host = other;
            for path in ["/", "/signin", "/people", "/trust"] {
                let shown = browser.get(path).await;
                assert_eq!(
                    shown.status,
                    StatusCode::MISDIRECTED_REQUEST,
                    "{other} {path}"
                );
                assert!(!shown.body.contains("Tilleuls"), "{other} {path}");
            }
        }
        for own in [
            HOST,
            "Hygie-Cabinet.LOCAL",
            "hygie-cabinet.local.",
            "localhost",
            "127.0.0.1",
            "[::1]",
        ] {
            browser.host = own;
            assert_eq!(browser.get("/people").await.status, StatusCode::OK, "{own}");
        }
        // Before the set-up there is no name yet.
        let mut first = Console::bare().await.browser();
        first.host = "poste-3.lan";
        let shown = first.get("/signin").await;
        assert_ne!(shown.status, StatusCode::MISDIRECTED_REQUEST);
    }

    #[tokio::test]
    async fn a_form_of_another_site_does_nothing() {
        let console = Console::new().await;
        for (origin, status) in [
            (Some("https://evil.example"), StatusCode::FORBIDDEN),
            (
                Some("https://hygie-cabinet.local.evil.example:8443"),
                StatusCode::FORBIDDEN,
            ),
            (
                Some("http://hygie-cabinet.local:8443"),
                StatusCode::FORBIDDEN,
            ),
            (Some("null"), StatusCode::FORBIDDEN),
            (
                Some("https://hygie-cabinet.local:8443"),
                StatusCode::SEE_OTHER,
            ),
            (None, StatusCode::SEE_OTHER),
        ] {
            let mut browser = console.signed_in(Role::Practitioner).await;
            browser.get("/").await;
            browser.origin = origin;
            let shown = browser.post("/signout", &[]).await;
            assert_eq!(shown.status, status, "{origin:?}");
        }
    }
}
