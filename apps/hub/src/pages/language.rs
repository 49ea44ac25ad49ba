//! The other language, chosen by a link: a cookie of this browser, no script.

use axum::{extract::Query, response::Response};
use axum_extra::extract::cookie::Cookie;
use hygie_identity::Act;
use hygie_text::Language;
use serde::Deserialize;

use crate::web::{route::Route, session, speech::COOKIE, visitor::see_with};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/language", Act::SeeAssets, choose)]
}

#[derive(Deserialize)]
struct Choice {
    to: String,
    #[serde(default)]
    back: String,
}

async fn choose(Query(choice): Query<Choice>) -> Response {
    let language: Language = choice.to.parse().unwrap_or_default();
    let cookie = session::own(Cookie::new(COOKIE, language.code()));
    let mut cookie = cookie;
    cookie.make_permanent();
    see_with(own_path(&choice.back), &[cookie])
}

/// A path of this console; anything else leads home, for a link must not lead out of it.
pub(crate) fn own_path(path: &str) -> &str {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control);
    if own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_back_never_leads_out() {
        for path in ["/", "/files?q=a", "/people#x"] {
            assert_eq!(own_path(path), path);
        }
        for path in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "\\",
            "javascript:x",
            "/\n//a",
        ] {
            assert_eq!(own_path(path), "/", "{path:?}");
        }
    }
}
