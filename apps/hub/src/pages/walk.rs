//! Every route as every role and as nobody: what the table of rights says is what happens.

use axum::http::StatusCode;
use hygie_identity::{Who, rights};
use hygie_model::Role;

use super::routes;
use crate::web::{
    route::{Route, Verb},
    testing::{Browser, Console, Shown},
};

async fn ask(browser: &mut Browser, route: &Route) -> Shown {
    let path = route
        .path
        .replace("{id}", "1")
        .replace("{mark}", "0000000000000000")
        .replace("{*name}", "hygie.css")
        .replace("{token}", "none");
    match route.verb {
        Verb::Get => browser.get(&path).await,
        Verb::Post => browser.post(&path, &[]).await,
    }
}

#[tokio::test]
async fn what_a_role_may_not_is_refused_and_what_it_may_is_not() {
    let console = Console::new().await;
    for who in Who::ALL {
        for route in routes() {
            let mut browser = match who {
                Who::Nobody => console.browser(),
                Who::Person(role) => console.signed_in(role).await,
            };
            let shown = ask(&mut browser, &route).await;
            let told = format!(
                "{:?} {} as {}: {}",
                route.verb,
                route.path,
                who.name(),
                shown.status
            );
            let may = route.act.row().allows(who);
            let refused = match who {
                Who::Nobody => {
                    shown.leads().starts_with("/signin") && shown.leads() != "/signin"
                        || shown.status == StatusCode::UNAUTHORIZED
                }
                Who::Person(_) => {
                    shown.status == StatusCode::FORBIDDEN
                        && REFUSED.iter().any(|said| shown.body.contains(said))
                }
            };
            // A passkey's answer that is none is refused with the same code, to whoever sends it.
            let is_answer = route.path.contains("/passkey/");
            assert!(refused != may || (is_answer && may), "{told}");
        }
    }
}

#[tokio::test]
async fn a_form_of_another_site_or_session_does_nothing() {
    let console = Console::new().await;
    for route in routes()
        .into_iter()
        .filter(|route| route.verb == Verb::Post)
    {
        let who = route.act.row().allowed().next().unwrap();
        let mut browser = match who {
            Who::Nobody => console.browser(),
            Who::Person(role) => console.signed_in(role).await,
        };
        let path = route
            .path
            .replace("{id}", "1")
            .replace("{mark}", "00")
            .replace("{token}", "none");
        let bare = browser.send(&path, &[]).await;
        assert_eq!(bare.status, StatusCode::FORBIDDEN, "{path}");
        // The form of a page that was shown before the sign-in, or to somebody else.
        let mut other = console.signed_in(Role::Practitioner).await;
        let token = other.get("/first-gestures").await.hidden("form");
        browser.forget_forms();
        let foreign = browser.send(&path, &[("form", &token)]).await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[test]
fn each_route_has_a_row_and_stands_once() {
    let rows = rights::export();
    let mut seen = std::collections::BTreeSet::new();
    for route in routes() {
        assert!(
            rows.iter().any(|row| row.act == route.act.row().name),
            "{}",
            route.path
        );
        assert!(
            seen.insert((route.path, format!("{:?}", route.verb))),
            "{} twice",
            route.path
        );
    }
}

#[tokio::test]
async fn before_the_set_up_everything_leads_to_it() {
    let console = Console::bare().await;
    for path in ["/", "/me", "/signin/again"] {
        assert_eq!(
            console.browser().get(path).await.leads(),
            "/setup",
            "{path}"
        );
    }
}

/// How a page says that this role may not, or that it is for whoever is not signed in.
const REFUSED: [&str; 2] = ["Votre rôle", "vous êtes déjà connecté"];
