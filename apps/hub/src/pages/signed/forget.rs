//! A file, or all of a folder, forgotten for good.

use axum::{extract::Query, response::Response};

use super::signing::{Asked, Of, On, Why, finish as done, show as shown, start as begun};
use crate::web::{fault::Fault, form::Answered, visitor::Visitor};

pub(super) async fn show(
    visitor: Visitor,
    Query(of): Query<Of>,
    Query(why): Query<Why>,
) -> Result<Response, Fault> {
    shown(&visitor, (On::Here, Asked::Forget(of.path()?)), &why).await
}

pub(super) async fn start(
    visitor: Visitor,
    Query(of): Query<Of>,
    _: Answered,
) -> Result<Response, Fault> {
    begun(&visitor, (On::Here, Asked::Forget(of.path()?))).await
}

pub(super) async fn finish(
    visitor: Visitor,
    Query(of): Query<Of>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    done(&visitor, (On::Here, Asked::Forget(of.path()?)), &body).await
}
