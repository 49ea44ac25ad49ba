//! The sheet of first gestures: opens without signing in, prints on one page. The full crisis mode is another issue's.

use askama::Template;
use axum::response::Response;
use hygie_identity::Act;
use hygie_text::console::{Shared, Today};

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
}

async fn show(visitor: Visitor) -> Result<Response, Fault> {
    page(&Page {
        frame: visitor.frame(None, Today::GesturesTitle),
    })
}
