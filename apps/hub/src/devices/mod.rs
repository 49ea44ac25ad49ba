//! Where devices report: a listener of its own, on which each is known by its certificate and by nothing that it says.
//! Holds no page, and nothing that a person is asked; a device that is retired, revoked or unknown gets no further than its name.

mod beat;
mod commands;
mod denied;
mod enrol;
mod invite;
mod known;
mod leave;
mod questions;
mod renew;
mod signals;

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use axum_server::tls_rustls::RustlsConfig;
use hygie_wire::{BEAT, COMMANDS, ENROL, LEAVE, LONGEST_BATCH, QUESTIONS, RENEW, Refusal, SIGNALS};
use hyper_util::rt::TokioTimer;

use crate::core::{
    Hub,
    places::{DEVICES, Gate},
};
pub(crate) use commands::tell_expired;
use denied::Denied;
pub(crate) use invite::{LIFE, invite};
pub(crate) use leave::{ASLEEP, LEFT};

/// Serves devices for as long as the hub lives. Where the address is taken, the console serves without: said, and tried again.
pub(crate) async fn serve(hub: Hub, tls: RustlsConfig) {
    let address = hub.devices;
    let mut told = false;
    loop {
        let served = match bind(address) {
            Ok(listener) => listen(&hub, listener, tls.clone()).await,
            Err(error) => Err(error),
        };
        if let Err(error) = served
            && !told
        {
            told = true;
            let _ = writeln!(
                io::stderr(),
                "hub: devices cannot report at {address}: {error}; stop the program that listens there, \
                 or choose another address with --devices"
            );
        }
        tokio::time::sleep(AGAIN).await;
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn listen(hub: &Hub, listener: TcpListener, tls: RustlsConfig) -> io::Result<()> {
    let app = app(hub).into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp(listener)?
        .acceptor(Gate::new(tls, DEVICES))
        .first_request_timeout(FIRST);
    let mut http = server.http_builder().http2();
    http.timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEADERS)
        // One that is gone without a word gives its place up.
        .keep_alive_interval(ALIVE)
        .keep_alive_timeout(ALIVE);
    server.serve(app).await
}

/// All that can be asked.
fn app(hub: &Hub) -> Router {
    Router::new()
        .route(ENROL, post(enrol::enrol))
        .route(RENEW, post(renew::renew))
        .route(SIGNALS, post(signals::take))
        .route(BEAT, post(beat::hear))
        .route(LEAVE, post(leave::hear))
        .route(COMMANDS, get(commands::give).post(commands::hear))
        .route(QUESTIONS, get(questions::give).post(questions::hear))
        .fallback(async || Denied(Refusal::Unreadable))
        .layer(DefaultBodyLimit::max(LONGEST_BATCH))
        .layer(from_fn(in_time))
        .with_state(hub.clone())
}

/// Whoever sends a byte now and then keeps nothing busy for ever.
async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Denied(Refusal::Busy).into_response(),
    }
}

const AGAIN: Duration = Duration::from_secs(5);
const FIRST: Duration = Duration::from_secs(10);
const ALIVE: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_secs(30);
const STREAMS: u32 = 8;
const HEADERS: u32 = 8 * 1024;
