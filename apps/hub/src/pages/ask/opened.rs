//! What to do now, for who opened the link, answered or paid already: steps in order and whom to call, until the crisis mode
//! exists.

use askama::Template;
use axum::response::Response;
use hygie_text::console::{Ask, Shared};

use crate::{
    pages::call::{Call, call},
    web::{
        fault::Fault,
        frame::{Frame, Place, page},
        icon::Icon,
        visitor::Visitor,
    },
};

#[derive(Template)]
#[template(path = "pages/ask/opened.html")]
struct Page {
    frame: Frame,
    steps: [(String, String); 5],
    call: Option<Call>,
}

/// The steps.
pub(super) async fn show(visitor: Visitor) -> Result<Response, Fault> {
    page(&Page {
        call: call(&visitor).await?,
        steps: [
            (Ask::Step2, Ask::Step2Why),
            (Ask::Step3, Ask::Step3Why),
            (Ask::Step4, Ask::Step4Why),
            (Ask::Step5, Ask::Step5Why),
            (Ask::Step6, Ask::Step6Why),
        ]
        .map(|(step, why)| (visitor.speech.word(step), visitor.speech.word(why))),
        frame: visitor.frame(Some(Place::Ask), Ask::OpenedTitle),
    })
}
