//! The sheet of first gestures: opens without signing in, prints on one page. The full crisis mode is another issue's.

use askama::Template;
use axum::response::Response;
use hygie_identity::Act;
use hygie_text::console::{Shared, Today};

use super::call::{Call, call};
use crate::web::{
    fault::Fault,
    frame::{Frame, page},
    icon::Icon,
    route::Route,
    visitor::Visitor,
};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/first-gestures", Act::FirstGestures, show)]
}

#[derive(Template)]
#[template(path = "pages/first_gestures/page.html")]
struct Page {
    frame: Frame,
    /// For who is signed in: a stranger learns no number of the practice.
    call: Option<Call>,
}

async fn show(visitor: Visitor) -> Result<Response, Fault> {
    page(&Page {
        call: match visitor.signed {
            Some(_) => call(&visitor).await?,
            None => None,
        },
        frame: visitor.frame(None, Today::GesturesTitle),
    })
}
