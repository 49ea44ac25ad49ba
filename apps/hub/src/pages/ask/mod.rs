//! May I open, answer, pay? A message is pasted, judged on the spot and shown again with what is suspicious in it.
//! Nobody's text is kept: the journal gets the verdict and the kinds of its reasons, the answer's page has the rest.

mod answer;
mod opened;
mod report;
mod said;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_identity::Act;
use hygie_text::console::{Ask, Shared};
use serde::Deserialize;

use crate::web::{
    fault::Fault,
    frame::{Frame, Place, page},
    icon::Icon,
    route::Route,
    visitor::{Visitor, see},
};
use answer::Answer;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/ask", Act::Ask, show),
        // Of an answer nothing is kept: who loads its address again is asked again.
        Route::get("/ask/answer", Act::Ask, async || see("/ask")),
        Route::post("/ask/answer", Act::Ask, answer::give).with_body(LONGEST_BODY),
        Route::get("/ask/opened", Act::Ask, opened::show),
    ]
}

/// What is asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Sort {
    #[default]
    Sms,
    Mail,
}

/// The form, as it was filled in.
#[derive(Default)]
struct Form {
    sort: Sort,
    sender: String,
    text: String,
    wrong: Option<String>,
    wrong_file: Option<String>,
}

impl Form {
    fn is_mail(&self) -> bool {
        self.sort == Sort::Mail
    }
}

#[derive(Template)]
#[template(path = "pages/ask/page.html")]
struct Page {
    frame: Frame,
    form: Form,
    answer: Option<Answer>,
}

impl Page {
    fn new(visitor: &Visitor, form: Form, answer: Option<Answer>) -> Self {
        Self {
            frame: visitor.frame(Some(Place::Ask), Ask::Title),
            form,
            answer,
        }
    }
}

/// What a telephone's share sheet hands over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Handed {
    title: String,
    text: String,
    url: String,
}

impl Handed {
    fn whole(self) -> String {
        let parts = [self.title, self.text, self.url];
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        said.join("\n")
    }
}

/// The form. What a telephone shares stands in it already, and is asked by a press: an address alone has nothing done.
async fn show(visitor: Visitor, Query(shared): Query<Handed>) -> Result<Response, Fault> {
    let form = Form {
        text: shared.whole(),
        ..Form::default()
    };
    page(&Page::new(&visitor, form, None))
}

/// A message's text is no longer.
const LONGEST_TEXT: usize = 64 * 1024;
/// The source of an e-mail is longer.
const LONGEST_SOURCE: usize = 1024 * 1024;
/// An e-mail with what is attached to it.
const LONGEST_BODY: usize = 8 * 1024 * 1024;
