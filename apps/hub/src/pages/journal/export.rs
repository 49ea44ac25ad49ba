//! The journal as a file: the chain's own lines, each an object of the same shape as `hygie journal show --json` prints.

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes},
    http::header,
    response::{IntoResponse, Response},
};
use hygie_journal::Record;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::web::{fault::Fault, form::Sent, visitor::Visitor};

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// One line of the file.
#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    record: &'a Record,
}

pub(super) async fn take(
    visitor: Visitor,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    visitor.tell("journal.exported", visitor.note()?).await?;
    let reader = visitor.hub.journal.reader();
    let records = tokio::task::spawn_blocking(move || reader.entries())
        .await
        .map_err(|_| Fault::broken("the journal's thread"))?
        .map_err(|error| Fault::Journal(error.to_string()))?;
    let (sender, receiver) = mpsc::channel::<Result<Bytes, Infallible>>(8);
    tokio::task::spawn_blocking(move || {
        // What cannot be read ends the file; the page says that the chain is broken.
        for record in records.map_while(Result::ok) {
            let line = Line {
                schema: "hygie.journal/1",
                record: &record,
            };
            let Ok(mut bytes) = serde_json::to_vec(&line) else {
                return;
            };
            bytes.push(b'\n');
            if sender.blocking_send(Ok(bytes.into())).is_err() {
                return;
            }
        }
    });
    let named = format!("attachment; filename=\"{}\"", name(&visitor));
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson".to_owned()),
        (header::CONTENT_DISPOSITION, named),
    ];
    let body = Body::from_stream(ReceiverStream::new(receiver));
    Ok((headers, body).into_response())
}

fn name(visitor: &Visitor) -> String {
    let now = visitor.now.to_rfc3339();
    let day = now.split('T').next().unwrap_or_default();
    format!("hygie-journal-{day}.jsonl")
}
