//! Webhooks against a small server over TLS that checks the signature as a receiver would.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread::JoinHandle,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hygie_model::letter::{Road, Trouble};
use ring::hmac;

use super::{
    rude::private,
    servers::{NOW, Papers, id, letter},
};
use crate::{Taken, Way, send};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What came: the first line, the headers in small letters, the body.
#[derive(Debug)]
struct Heard {
    first: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Heard {
    fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(one, _)| one == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} stands twice");
        value
    }
}

fn heard(stream: impl Read + Write, answer: &str) -> Heard {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    // Whoever has heard enough hangs up.
    let _ = reader.get_mut().write_all(answer.as_bytes());
    Heard {
        first: first.trim_end().to_owned(),
        headers,
        body,
    }
}

/// A receiver that takes one connection with TLS.
fn receiver(papers: &Papers, answer: &str) -> (u16, JoinHandle<Heard>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (papers, answer) = (papers.clone(), answer.to_owned());
    let hearing = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        heard(private(&papers, stream), &answer)
    });
    (port, hearing)
}

fn way(url: String, secret: Option<&str>) -> Way {
    Way::read(&Road::Webhook { url }, secret).unwrap()
}

#[tokio::test]
async fn a_receiver_can_check_who_says_what_and_when() {
    let papers = Papers::of(&["localhost"]);
    let (port, hearing) = receiver(&papers, "HTTP/1.1 204 No Content\r\n\r\n");
    let way = way(
        format!("https://localhost:{port}/h/7?c=1#part"),
        Some(SECRET),
    );
    let taken = send(&papers.trust(), &way, id(), &letter(), NOW).await;
    let left_out = Vec::new();
    assert_eq!(taken, Ok(Taken { left_out }));
    let heard = hearing.join().unwrap();
    assert_eq!(heard.first, "POST /h/7?c=1 HTTP/1.1");
    assert_eq!(heard.header("host"), Some(&*format!("localhost:{port}")));
    assert_eq!(heard.header("content-type"), Some("application/json"));
    let number = heard.header("webhook-id").unwrap();
    assert_eq!(number, id().to_string());
    let moment = heard.header("webhook-timestamp").unwrap();
    assert_eq!(moment, "1795507920");
    let signature = heard.header("webhook-signature").unwrap();
    let mac = BASE64_STANDARD
        .decode(signature.strip_prefix("v1,").unwrap())
        .unwrap();
    let key = BASE64_STANDARD.decode(&SECRET["whsec_".len()..]).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let signed = [format!("{number}.{moment}.").as_bytes(), &heard.body].concat();
    assert!(hmac::verify(&key, &signed, &mac).is_ok());
    let body: serde_json::Value = serde_json::from_slice(&heard.body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "schema": "hygie.alert/1",
            "id": id(),
            "at": "2026-11-24T08:12:00Z",
            "subject": letter().subject,
            "text": letter().text,
        })
    );
}

#[tokio::test]
async fn without_a_secret_there_is_no_signature() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let hearing = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        heard(stream, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    });
    let papers = Papers::of(&["localhost"]);
    let way = way(format!("http://127.0.0.1:{port}"), None);
    assert!(
        send(&papers.trust(), &way, id(), &letter(), NOW)
            .await
            .is_ok()
    );
    let heard = hearing.join().unwrap();
    assert_eq!(heard.first, "POST / HTTP/1.1");
    assert_eq!(heard.header("webhook-signature"), None);
    assert!(heard.header("webhook-id").is_some());
}

#[tokio::test]
async fn what_is_answered_decides() {
    let papers = Papers::of(&["localhost"]);
    let long = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(1 << 20));
    for (answer, trouble) in [
        // Where to go instead is not gone to: the test's server would hear nobody else.
        (
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\n\r\n",
            Trouble::Refused { code: 302 },
        ),
        ("HTTP/1.1 401 No\r\n\r\n", Trouble::Refused { code: 401 }),
        ("HTTP/1.1 410 Gone\r\n\r\n", Trouble::Refused { code: 410 }),
        ("HTTP/1.1 429 Slow\r\n\r\n", Trouble::Later { code: 429 }),
        ("HTTP/1.1 503 Busy\r\n\r\n", Trouble::Later { code: 503 }),
        ("", Trouble::BrokenOff),
        ("220 here\r\n", Trouble::BrokenOff),
        (&long, Trouble::BrokenOff),
    ] {
        let (port, hearing) = receiver(&papers, answer);
        let way = way(format!("https://localhost:{port}/"), Some(SECRET));
        let taken = send(&papers.trust(), &way, id(), &letter(), NOW).await;
        assert_eq!(taken, Err(trouble), "{}", &answer[..answer.len().min(40)]);
        hearing.join().unwrap();
    }
}

#[tokio::test]
async fn a_receiver_that_is_not_the_one_hears_nothing() {
    let papers = Papers::of(&["localhost"]);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let other = Papers::of(&["localhost"]);
    let hearing = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut said = Vec::new();
        let _ = private(&other, stream).read_to_end(&mut said);
        said
    });
    let way = way(format!("https://localhost:{port}/"), Some(SECRET));
    let taken = send(&papers.trust(), &way, id(), &letter(), NOW).await;
    assert_eq!(taken, Err(Trouble::CertificateRefused));
    assert_eq!(hearing.join().unwrap(), b"");
}
