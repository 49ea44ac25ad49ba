//! A letter to a program, after the Standard Webhooks scheme: its number, the moment, and a signature over both and the
//! body. Where an answer points to is not followed.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{Request, StatusCode, header};
use http_body_util::Full;
use hygie_model::{
    Wall,
    letter::{Letter, Trouble},
};
use hyper::{body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use ring::hmac;
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncWrite};
use url::Position;
use uuid::Uuid;

use crate::{
    Taken, Trust,
    line::Line,
    way::{Key, WebhookWay},
};

/// What the receiver reads.
#[derive(Serialize)]
struct Body<'l> {
    schema: &'static str,
    id: Uuid,
    at: Wall,
    subject: &'l str,
    text: &'l str,
}

pub(crate) async fn send(
    trust: &Trust,
    way: &WebhookWay,
    id: Uuid,
    letter: &Letter,
    now: Wall,
) -> Result<Taken, Trouble> {
    let request = written(way, id, letter, now)?;
    let line = Line::to(&way.host, way.port).await?;
    let status = match &way.name {
        Some(name) => ask(trust.over(name.clone(), line).await?, request).await?,
        None => ask(line, request).await?,
    };
    match status.as_u16() {
        200..=299 => Ok(Taken {
            left_out: Vec::new(),
        }),
        code @ (408 | 425 | 429 | 500..) => Err(Trouble::Later { code }),
        code => Err(Trouble::Refused { code }),
    }
}

/// Only how it is answered is looked at: what the answer holds is not read.
async fn ask(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<StatusCode, Trouble> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Trouble::BrokenOff)?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await;
    connection.abort();
    Ok(answer.map_err(|_| Trouble::BrokenOff)?.status())
}

fn written(
    way: &WebhookWay,
    id: Uuid,
    letter: &Letter,
    now: Wall,
) -> Result<Request<Full<Bytes>>, Trouble> {
    let body = serde_json::to_vec(&Body {
        schema: SCHEMA,
        id,
        at: now,
        subject: &letter.subject,
        text: &letter.text,
    })
    .map_err(|_| Trouble::BrokenOff)?;
    let url = &way.url;
    let moment = now.0.div_euclid(1_000_000_000);
    let mut request = Request::post(&url[Position::BeforePath..Position::AfterQuery])
        .header(
            header::HOST,
            &url[Position::BeforeHost..Position::BeforePath],
        )
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "Hygie")
        .header("webhook-id", id.to_string())
        .header("webhook-timestamp", moment);
    if let Some(key) = &way.key {
        request = request.header("webhook-signature", signature(key, id, moment, &body));
    }
    let request = request.body(Full::new(Bytes::from(body)));
    request.map_err(|_| Trouble::BrokenOff)
}

fn signature(Key(key): &Key, id: Uuid, moment: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let mut signed = hmac::Context::with_key(&key);
    signed.update(format!("{id}.{moment}.").as_bytes());
    signed.update(body);
    format!("v1,{}", BASE64_STANDARD.encode(signed.sign()))
}

/// The body's, a promise to receivers.
const SCHEMA: &str = "hygie.alert/1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_of_the_published_example() {
        // Of the specification's own test vector.
        let secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let key = Key(BASE64_STANDARD.decode(secret).unwrap().into());
        let mac = hmac::Key::new(hmac::HMAC_SHA256, &key.0);
        let text = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        let one = BASE64_STANDARD.encode(hmac::sign(&mac, text.as_bytes()));
        assert_eq!(one, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        // And ours is made over the same three parts.
        let id = Uuid::from_u128(7);
        let text = format!("{id}.12.body");
        let ours = BASE64_STANDARD.encode(hmac::sign(&mac, text.as_bytes()));
        assert_eq!(signature(&key, id, 12, b"body"), format!("v1,{ours}"));
    }
}
