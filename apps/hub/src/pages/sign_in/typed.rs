//! After signing in once more: what was typed before it is there, and goes where it was to go by one button.

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_text::console::{Shared, SignIn};
use serde::Deserialize;

use crate::web::{
    fault::Fault,
    frame::{Frame, page},
    icon::Icon,
    typed::{self, Typed},
    visitor::{Visitor, see},
};

#[derive(Template)]
#[template(path = "pages/sign_in/typed.html")]
struct Page {
    frame: Frame,
    typed: Typed,
}

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    id: String,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    match typed::take(&visitor, &asked.id).await? {
        Some(typed) => page(&Page {
            frame: visitor.frame(None, SignIn::TypedTitle),
            typed,
        }),
        // It was sent, or is too old.
        None => Ok(see("/")),
    }
}
