//! One connection to the hub: HTTP/2 over TLS, one question at a time, each within a bound.

use std::{sync::Arc, time::Duration};

use http::{Method, Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hygie_wire::{Host, Refusal, Refused};
use hyper::{body::Bytes, client::conn::http2::SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{ClientConfig, pki_types::ServerName};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{net::TcpStream, sync::Mutex, task::JoinHandle, time::timeout};
use tokio_rustls::TlsConnector;

use crate::pin::NAME;

/// A connection.
pub(crate) struct Link {
    sender: SendRequest<Full<Bytes>>,
    /// Ends with why it ended; asked once.
    connection: Mutex<Option<JoinHandle<Result<(), hyper::Error>>>>,
}

/// Why there is no answer, or not the one that was hoped for.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Nobody there, or the line broke: come again.
    #[error("the hub cannot be reached: {0}")]
    Unreachable(String),
    /// Somebody else, or a hub that does not know this device.
    #[error(
        "the hub is not the one that the code names, or does not take this device's certificate: {0}"
    )]
    Stranger(String),
    /// It says no.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// It says something that is no answer.
    #[error("the hub's answer cannot be read; is it of the same version?")]
    Answer,
}

impl Link {
    /// Connects.
    pub(crate) async fn open(
        host: &Host,
        port: u16,
        tls: Arc<ClientConfig>,
    ) -> Result<Self, LinkError> {
        timeout(CONNECT, Self::connect(host, port, tls))
            .await
            .map_err(|_| LinkError::Unreachable("no answer in time".to_owned()))?
    }

    async fn connect(host: &Host, port: u16, tls: Arc<ClientConfig>) -> Result<Self, LinkError> {
        let unreachable = |error: std::io::Error| LinkError::Unreachable(error.to_string());
        let stream = match host {
            Host::Address(address) => TcpStream::connect((*address, port)).await,
            Host::Name(name) => TcpStream::connect((name.as_str(), port)).await,
        }
        .map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        let name = ServerName::try_from(NAME).map_err(|_| LinkError::Answer)?;
        let stream = TlsConnector::from(tls)
            .connect(name, stream)
            .await
            .map_err(|error| {
                let text = error.to_string();
                match error
                    .get_ref()
                    .and_then(|inner| inner.downcast_ref::<rustls::Error>())
                {
                    Some(_) => LinkError::Stranger(text),
                    None => LinkError::Unreachable(text),
                }
            })?;
        let (sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .map_err(broken)?;
        let connection = Mutex::new(Some(tokio::spawn(connection)));
        Ok(Self { sender, connection })
    }

    /// Asks with a body. An answer without one is read as nothing.
    pub(crate) async fn post<R: DeserializeOwned>(
        &self,
        path: &str,
        said: &impl Serialize,
    ) -> Result<R, LinkError> {
        let body = serde_json::to_vec(said).map_err(|_| LinkError::Answer)?;
        timeout(ANSWER, self.ask(Method::POST, path, body))
            .await
            .map_err(|_| LinkError::Unreachable("no answer in time".to_owned()))?
    }

    /// Asks without one.
    pub(crate) async fn get<R: DeserializeOwned>(&self, path: &str) -> Result<R, LinkError> {
        timeout(ANSWER, self.ask(Method::GET, path, Vec::new()))
            .await
            .map_err(|_| LinkError::Unreachable("no answer in time".to_owned()))?
    }

    async fn ask<R: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<R, LinkError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("https://{NAME}{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| LinkError::Answer)?;
        let mut sender = self.sender.clone();
        let response = match sender.ready().await {
            Ok(()) => sender.send_request(request).await,
            Err(error) => Err(error),
        };
        let response = match response {
            Ok(response) => response,
            Err(error) => return Err(self.why(error).await),
        };
        let status = response.status();
        let body = Limited::new(response.into_body(), LONGEST)
            .collect()
            .await
            .map_err(|error| LinkError::Unreachable(error.to_string()))?
            .to_bytes();
        if status.is_success() {
            let body: &[u8] = if body.is_empty() { b"null" } else { &body };
            return serde_json::from_slice(body).map_err(|_| LinkError::Answer);
        }
        let refused: Refused = serde_json::from_slice(&body).map_err(|_| LinkError::Answer)?;
        Err(refused.refused.into())
    }
}

impl Link {
    /// The connection knows better than the question why there is no answer.
    async fn why(&self, error: hyper::Error) -> LinkError {
        let Some(mut connection) = self.connection.lock().await.take() else {
            return broken(error);
        };
        let ended = timeout(ENDING, &mut connection).await;
        connection.abort();
        match ended {
            Ok(Ok(Err(why))) => broken(why),
            Ok(Ok(Ok(())) | Err(_)) | Err(_) => broken(error),
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.get_mut() {
            connection.abort();
        }
    }
}

/// A certificate that the hub refuses is told after the handshake: TLS 1.3 ends its client's part before. HTTP/2 keeps of it
/// the words alone.
fn broken(error: hyper::Error) -> LinkError {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(at) = cause {
        words = format!("{words}: {at}");
        cause = at.source();
    }
    if words.contains(ALERT) {
        LinkError::Stranger(words)
    } else {
        LinkError::Unreachable(words)
    }
}

/// As rustls says it.
const ALERT: &str = "received fatal alert";
const CONNECT: Duration = Duration::from_secs(15);
const ENDING: Duration = Duration::from_millis(500);
const ANSWER: Duration = Duration::from_secs(40);
/// No answer is longer.
const LONGEST: usize = 256 * 1024;
