//! A route: an address, the act that it is in the table of rights, and who answers. There is no route without an act, and no
//! way to the handler but through the gate that asks for it.

use std::convert::Infallible;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    middleware::from_fn_with_state,
    routing::{MethodRouter, get, post},
};
use hygie_identity::Act;

use super::gate::{self, Gate};
use crate::core::Hub;

/// How it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Shows; changes nothing.
    Get,
    /// Changes something; brings a form of this browser.
    Post,
}

/// One route.
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) verb: Verb,
    pub(crate) act: Act,
    handler: MethodRouter<Hub>,
    longest: usize,
}

impl Route {
    /// A page, a part of one, a file.
    pub(crate) fn get<H, T>(path: &'static str, act: Act, handler: H) -> Self
    where
        H: Handler<T, Hub>,
        T: 'static,
    {
        Self {
            path,
            verb: Verb::Get,
            act,
            handler: get(handler),
            longest: LONGEST_BODY,
        }
    }

    /// A deed.
    pub(crate) fn post<H, T>(path: &'static str, act: Act, handler: H) -> Self
    where
        H: Handler<T, Hub>,
        T: 'static,
    {
        Self {
            path,
            verb: Verb::Post,
            act,
            handler: post(handler),
            longest: LONGEST_BODY,
        }
    }

    /// The same, with a body of so many bytes: a file comes with it.
    pub(crate) fn with_body(mut self, longest: usize) -> Self {
        self.longest = longest;
        self
    }
}

/// All routes behind their gates.
pub(crate) fn router(routes: Vec<Route>, hub: &Hub) -> Router<Hub> {
    routes.into_iter().fold(Router::new(), |router, route| {
        let gate = Gate {
            hub: hub.clone(),
            act: route.act,
            verb: route.verb,
        };
        let handler = route
            .handler
            .layer::<_, Infallible>(from_fn_with_state(gate, gate::pass))
            .layer::<_, Infallible>(DefaultBodyLimit::max(route.longest));
        router.route(route.path, handler)
    })
}

/// Forms of people, and answers of passkeys.
const LONGEST_BODY: usize = 64 * 1024;
