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

use super::{fault::Fault, gate, visitor::Visitor};

/// Sends `draw`'s part now and whenever it changes, for as long as the browser listens, she still may look, and [`LONGEST`] at the
/// most: then the browser asks again, and the gate judges anew.
pub(crate) fn part<D, F>(visitor: Visitor, draw: D) -> Response
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
            // Whoever was signed out, or left, sees nothing more from that moment on.
            let Ok(drawn) = draw().await else {
                return;
            };
            if gate::still(&visitor).await.is_err() {
                return;
            }
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

#[cfg(test)]
mod tests {
    use hygie_model::Role;
    use hygie_store::Person;

    use crate::web::testing::{Console, NOW};

    /// Each way in which somebody's right to look ends, and what is on her screen then.
    #[tokio::test]
    async fn who_was_signed_out_or_became_something_else_sees_nothing_more() {
        for ends in ["session", "person", "role"] {
            let console = Console::new().await;
            let mut browser = console.signed_in(Role::Practitioner).await;
            let mut watch = browser.watch("/today/live").await;
            assert!(!watch.next().await.is_empty());
            let facts = console.hub.practice().await.unwrap().unwrap();
            let practice = console.hub.of(&facts);
            let person = practice.people().await.unwrap().remove(0);
            match ends {
                "session" => {
                    practice.end_sessions(person.id, None, NOW).await.unwrap();
                }
                "person" => {
                    practice.close_person(person.id, NOW).await.unwrap();
                }
                _ => {
                    let role = Role::Assistant;
                    let person = Person { role, ..person };
                    practice.change_person(&person).await.unwrap();
                }
            }
            // Nothing on the page has changed: the end itself is what comes.
            assert!(watch.ends().await, "{ends}");
        }
    }
}
