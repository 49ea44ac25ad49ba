//! Believing one more passkey, and believing one no more.

use axum::{
    extract::{Path, Query},
    response::Response,
};

use super::signing::{Asked, On, Why, finish, show, start};
use crate::web::{fault::Fault, form::Answered, visitor::Visitor};

pub(super) async fn trust(
    visitor: Visitor,
    Path(mark): Path<String>,
    Query(why): Query<Why>,
) -> Result<Response, Fault> {
    show(&visitor, (On::Here, Asked::Trust(mark)), &why).await
}

pub(super) async fn start_trust(
    visitor: Visitor,
    Path(mark): Path<String>,
    _: Answered,
) -> Result<Response, Fault> {
    start(&visitor, (On::Here, Asked::Trust(mark))).await
}

pub(super) async fn finish_trust(
    visitor: Visitor,
    Path(mark): Path<String>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    finish(&visitor, (On::Here, Asked::Trust(mark)), &body).await
}

pub(super) async fn distrust(
    visitor: Visitor,
    Path(mark): Path<String>,
    Query(why): Query<Why>,
) -> Result<Response, Fault> {
    show(&visitor, (On::Here, Asked::Distrust(mark)), &why).await
}

pub(super) async fn start_distrust(
    visitor: Visitor,
    Path(mark): Path<String>,
    _: Answered,
) -> Result<Response, Fault> {
    start(&visitor, (On::Here, Asked::Distrust(mark))).await
}

pub(super) async fn finish_distrust(
    visitor: Visitor,
    Path(mark): Path<String>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    finish(&visitor, (On::Here, Asked::Distrust(mark)), &body).await
}

pub(super) async fn trust_there(
    visitor: Visitor,
    Path((device, mark)): Path<(String, String)>,
    Query(why): Query<Why>,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &device).await?;
    show(&visitor, (on, Asked::Trust(mark)), &why).await
}

pub(super) async fn start_trust_there(
    visitor: Visitor,
    Path((device, mark)): Path<(String, String)>,
    _: Answered,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &device).await?;
    start(&visitor, (on, Asked::Trust(mark))).await
}

pub(super) async fn finish_trust_there(
    visitor: Visitor,
    Path((device, mark)): Path<(String, String)>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &device).await?;
    finish(&visitor, (on, Asked::Trust(mark)), &body).await
}

pub(super) async fn distrust_there(
    visitor: Visitor,
    Path((device, mark)): Path<(String, String)>,
    Query(why): Query<Why>,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &device).await?;
    show(&visitor, (on, Asked::Distrust(mark)), &why).await
}

pub(super) async fn start_distrust_there(
    visitor: Visitor,
    Path((device, mark)): Path<(String, String)>,
    _: Answered,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &device).await?;
    start(&visitor, (on, Asked::Distrust(mark))).await
}

pub(super) async fn finish_distrust_there(
    visitor: Visitor,
    Path((device, mark)): Path<(String, String)>,
    Answered(body): Answered,
) -> Result<Response, Fault> {
    let on = On::there(&visitor, &device).await?;
    finish(&visitor, (on, Asked::Distrust(mark)), &body).await
}
