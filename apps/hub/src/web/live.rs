//! Live parts of a page: the server looks again and sends a part when it has changed. No broker, no memory: what is sent is
//! drawn anew from the guard and the database.

use std::{
    convert::Infallible,
    future::Future,
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::response::{
    IntoResponse, Response,
    sse::{Event, KeepAlive, Sse},
};
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::fault::Fault;

/// Sends `draw`'s part now and whenever it changes, for as long as the browser listens and [`LONGEST`] at the most: then the
/// browser asks again, and the gate with it whether she still may.
pub(crate) fn part<D, F>(draw: D) -> Response
where
    D: Fn() -> F + Send + 'static,
    F: Future<Output = Result<String, Fault>> + Send,
{
    let Ok(place) = Arc::clone(&PLACES).try_acquire_owned() else {
        // The page is there, and its link to load it anew.
        return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (sender, receiver) = mpsc::channel::<Result<Event, Infallible>>(2);
    tokio::spawn(async move {
        let _place = place;
        let until = tokio::time::Instant::now() + LONGEST;
        let mut last = None;
        while tokio::time::Instant::now() < until {
            let Ok(drawn) = draw().await else {
                return;
            };
            let digest = blake3::hash(drawn.as_bytes());
            if last != Some(digest) {
                last = Some(digest);
                let event = Event::default().event("part").data(drawn);
                if sender.send(Ok(event)).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = sender.closed() => return,
            }
        }
    });
    Sse::new(ReceiverStream::new(receiver))
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// Browsers that look on at once.
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(64)));
/// Someone who looks on sees it within a second.
const LOOK: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(15 * 60);
