//! How to trust the console's certificate on a device: the authority's file, its fingerprint to compare, and the gestures.

use askama::Template;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use hygie_identity::Act;
use hygie_text::console::{Me, Shared};

use crate::web::{
    fault::Fault,
    frame::{Frame, page},
    icon::Icon,
    route::Route,
    visitor::Visitor,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/trust", Act::TrustConsole, show),
        Route::get("/trust/hygie-ca.crt", Act::TrustConsole, file),
    ]
}

#[derive(Template)]
#[template(path = "pages/trust/page.html")]
struct Page {
    frame: Frame,
    fingerprint: String,
    address: Option<String>,
}

async fn show(visitor: Visitor) -> Result<Response, Fault> {
    let authority = visitor.hub.authority().await?;
    let address = visitor
        .practice
        .as_ref()
        .map(|facts| format!("https://{}:{}/", facts.host, visitor.hub.port));
    page(&Page {
        frame: visitor.frame(None, Me::TrustTitle),
        fingerprint: authority.fingerprint.to_string(),
        address,
    })
}

async fn file(visitor: Visitor) -> Result<Response, Fault> {
    let authority = visitor.hub.authority().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"hygie-ca.crt\"",
        ),
    ];
    Ok((headers, authority.certificate).into_response())
}
