//! Believing one more passkey, and believing one no more.

use axum::{
    extract::{Path, Query},
    response::Response,
};

use super::signing::{Asked, Why, finish, show, start};
use crate::web::{fault::Fault, form::Answered, visitor::Visitor};

pub(super) async fn trust(
    visitor: Visitor,
    Path(mark): Path<String>,
    Query(why): Query<Why>,
) -> Result<Response, Fault> {
    show(&visitor, Asked::Trust(mark), &why).await
}

pub(super) async fn start_trust(
    visitor: Visitor,
    Path(mark): Path<String>,
    _: Answered,
) -> Result<Response, Fault> {
    start(&visitor, Asked::Trust(mark)).await
}

pub(super) async fn finish_trust(
    visitor: Visitor,
    Path(mark): Path<String>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    finish(&visitor, Asked::Trust(mark), &body).await
}

pub(super) async fn distrust(
    visitor: Visitor,
    Path(mark): Path<String>,
    Query(why): Query<Why>,
) -> Result<Response, Fault> {
    show(&visitor, Asked::Distrust(mark), &why).await
}

pub(super) async fn start_distrust(
    visitor: Visitor,
    Path(mark): Path<String>,
    _: Answered,
) -> Result<Response, Fault> {
    start(&visitor, Asked::Distrust(mark)).await
}

pub(super) async fn finish_distrust(
    visitor: Visitor,
    Path(mark): Path<String>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    finish(&visitor, Asked::Distrust(mark), &body).await
}
