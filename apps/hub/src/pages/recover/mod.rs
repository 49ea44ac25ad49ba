//! Coming back: with a code of the recovery sheet, or through a second person where keys and sheet are lost.
//! The page answers alike whoever exists: a stranger learns no name from it.

mod code;
mod rung;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::{extract::Query, http::HeaderMap, response::Response};
use hygie_identity::Act;
use hygie_text::console::{People, Shared};
use serde::Deserialize;

use rung::Waits;

use crate::web::{
    fault::Fault,
    frame::{Frame, page},
    icon::Icon,
    route::Route,
    visitor::Visitor,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/signin/recover", Act::Recover, show),
        Route::post("/signin/recover", Act::Recover, code::come_in),
        Route::post("/signin/recover/ask", Act::Recover, rung::ask),
        Route::post("/signin/recover/finish", Act::Recover, rung::finish),
    ]
}

#[derive(Template)]
#[template(path = "pages/recover/page.html")]
struct Page {
    frame: Frame,
    /// What was asked for in this browser.
    waits: Option<Waits>,
    login: String,
    /// Why the code was not taken.
    wrong_code: Option<String>,
    /// Why nothing was asked for.
    wrong_ask: Option<String>,
}

#[derive(Default, Deserialize)]
struct Asked {
    /// The form anew, though something was asked for.
    #[serde(default)]
    anew: String,
}

async fn show(
    visitor: Visitor,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    if asked.anew == "1" {
        return draw(&visitor, String::new(), Wrong::default());
    }
    standing(&visitor, &headers).await
}

/// How it stands in this browser.
async fn standing(visitor: &Visitor, headers: &HeaderMap) -> Result<Response, Fault> {
    let waits = rung::waits(visitor, headers).await?;
    page(&Page {
        frame: visitor.frame(None, People::RecoverTitle),
        waits,
        login: String::new(),
        wrong_code: None,
        wrong_ask: None,
    })
}

#[derive(Default)]
struct Wrong {
    code: Option<String>,
    ask: Option<String>,
}

fn draw(visitor: &Visitor, login: String, wrong: Wrong) -> Result<Response, Fault> {
    page(&Page {
        frame: visitor.frame(None, People::RecoverTitle),
        waits: None,
        login,
        wrong_code: wrong.code,
        wrong_ask: wrong.ask,
    })
}
