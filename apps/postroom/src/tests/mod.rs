//! Proofs of the whole: what is kept and forgotten, who is answered, what goes out, and what a killed process leaves.

mod desk;
mod door;
mod process;
mod roads;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
};

use hygie_model::letter::{Letter, Road, Security};
use hygie_wire::post::Secret;
use uuid::Uuid;

fn mail() -> Road {
    Road::Mail {
        server: "smtp.cabinet.example".to_owned(),
        port: 465,
        security: Security::Tls,
        user: Some("hygie".to_owned()),
        from: "hygie@cabinet.example".to_owned(),
        to: vec!["dr@cabinet.example".to_owned()],
    }
}

fn hook(port: u16) -> Road {
    Road::Webhook {
        url: format!("http://127.0.0.1:{port}/h"),
    }
}

fn secret(text: &str) -> Option<Secret> {
    Some(Secret::new(text.to_owned()))
}

fn letter() -> Letter {
    Letter {
        subject: "Un programme a été arrêté".to_owned(),
        text: "Ouvrez Hygie sur le poste du cabinet.".to_owned(),
    }
}

fn number(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A receiver on this machine.
fn receiver() -> (TcpListener, u16) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// One request: its `webhook-id` and body. The line stays open, so that the answer is the test's.
fn heard(listener: &TcpListener) -> (String, String, TcpStream) {
    let (stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(&stream);
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "webhook-id" => value.clone_into(&mut id),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    drop(reader);
    (id, String::from_utf8(body).unwrap(), stream)
}

fn say_well(mut stream: &TcpStream) {
    stream
        .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
        .unwrap();
}
