//! A folder that is protected no more.

use axum::{
    extract::{Path, Query},
    response::Response,
};

use super::signing::{Asked, Of, On, Why, finish as done, show as shown, start as begun};
use crate::web::{fault::Fault, form::Answered, visitor::Visitor};

pub(super) async fn show(
    visitor: Visitor,
    Query(of): Query<Of>,
    Query(why): Query<Why>,
) -> Result<Response, Fault> {
    shown(&visitor, (On::Here, Asked::Unprotect(of.path()?)), &why).await
}

pub(super) async fn start(
    visitor: Visitor,
    Query(of): Query<Of>,
    _: Answered,
) -> Result<Response, Fault> {
    begun(&visitor, (On::Here, Asked::Unprotect(of.path()?))).await
}

pub(super) async fn finish(
    visitor: Visitor,
    Query(of): Query<Of>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    done(&visitor, (On::Here, Asked::Unprotect(of.path()?)), &body).await
}

pub(super) async fn show_there(
    visitor: Visitor,
    Path(device): Path<String>,
    Query(of): Query<Of>,
    Query(why): Query<Why>,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &device).await?;
    shown(&visitor, (on, Asked::Unprotect(of.path()?)), &why).await
}

pub(super) async fn start_there(
    visitor: Visitor,
    Path(device): Path<String>,
    Query(of): Query<Of>,
    _: Answered,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &device).await?;
    begun(&visitor, (on, Asked::Unprotect(of.path()?))).await
}

pub(super) async fn finish_there(
    visitor: Visitor,
    Path(device): Path<String>,
    Query(of): Query<Of>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &device).await?;
    done(&visitor, (on, Asked::Unprotect(of.path()?)), &body).await
}
