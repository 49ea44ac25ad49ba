//! Servers that hang, hang up, say too much, or are played by somebody who stands between.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, mpsc},
};

use hygie_model::letter::{Road, Security, Trouble};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::servers::{NOW, Papers, id, letter};
use crate::{Taken, Way, send};

pub(super) fn config(papers: &Papers) -> Arc<ServerConfig> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(papers.chain.as_bytes())
        .collect::<Result<_, _>>()
        .unwrap();
    let key = PrivateKeyDer::from_pem_slice(papers.key.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    Arc::new(config)
}

pub(super) type Private = StreamOwned<ServerConnection, TcpStream>;

pub(super) fn private(papers: &Papers, stream: TcpStream) -> Private {
    StreamOwned::new(ServerConnection::new(config(papers)).unwrap(), stream)
}

/// One connection, played by the test; the thread's result says how it went.
fn play<T: Send + 'static>(
    does: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (u16, std::thread::JoinHandle<T>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let played = std::thread::spawn(move || does(listener.accept().unwrap().0));
    (port, played)
}

fn way(port: u16, security: Security) -> Way {
    let road = Road::Mail {
        server: "localhost".to_owned(),
        port,
        security,
        user: None,
        from: "hygie@cabinet.example".to_owned(),
        to: vec!["dr@cabinet.example".to_owned()],
    };
    Way::read(&road, None).unwrap()
}

async fn sent(papers: &Papers, port: u16, security: Security) -> Result<Taken, Trouble> {
    let way = way(port, security);
    send(&papers.trust(), &way, id(), &letter(), NOW).await
}

/// Answers each command with a good word, and says when the whole letter is there; then does `last`.
fn polite(mut stream: impl Read + Write, last: impl FnOnce(&mut dyn Write)) {
    stream.write_all(b"220 here\r\n").unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let answer: &[u8] = match line.split_whitespace().next().unwrap_or_default() {
            "DATA" => b"354 go on\r\n",
            "." => {
                last(reader.get_mut());
                return;
            }
            "EHLO" => b"250-here\r\n250 8BITMIME\r\n",
            "MAIL" | "RCPT" => b"250 OK\r\n",
            _ => b"",
        };
        reader.get_mut().write_all(answer).unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_speaks_is_given_up() {
    let papers = Papers::of(&["localhost"]);
    for security in [Security::Tls, Security::StartTls] {
        let (over, wait) = mpsc::channel::<()>();
        let (port, played) = play(move |stream| {
            let _ = wait.recv();
            drop(stream);
        });
        assert_eq!(sent(&papers, port, security).await, Err(Trouble::TooSlow));
        drop(over);
        played.join().unwrap();
    }
}

#[tokio::test]
async fn a_server_that_hangs_with_the_letter_in_its_hand_is_given_up() {
    let papers = Papers::of(&["localhost"]);
    let (has_it, told) = tokio::sync::oneshot::channel();
    let (over, wait) = mpsc::channel::<()>();
    let server = papers.clone();
    let (port, played) = play(move |stream| {
        polite(private(&server, stream), |_| {
            has_it.send(()).unwrap();
            let _ = wait.recv();
        });
    });
    let sending = sent(&papers, port, Security::Tls);
    let clock = async {
        told.await.unwrap();
        // From here on time passes by itself.
        tokio::time::pause();
    };
    let (taken, ()) = tokio::join!(sending, clock);
    assert_eq!(taken, Err(Trouble::TooSlow));
    drop(over);
    played.join().unwrap();
}

#[tokio::test]
async fn a_server_that_hangs_up_has_taken_nothing() {
    let papers = Papers::of(&["localhost"]);
    for (last, trouble) in [
        ("", Trouble::BrokenOff),
        ("250", Trouble::BrokenOff),
        ("hello\r\n", Trouble::BrokenOff),
        ("452 full\r\n", Trouble::Later { code: 452 }),
        ("552 too long\r\n", Trouble::Refused { code: 552 }),
    ] {
        let server = papers.clone();
        let (port, played) = play(move |stream| {
            polite(private(&server, stream), |out| {
                let _ = out.write_all(last.as_bytes());
            });
        });
        assert_eq!(
            sent(&papers, port, Security::Tls).await,
            Err(trouble),
            "{last}"
        );
        played.join().unwrap();
    }
}

#[tokio::test]
async fn a_server_that_says_too_much_is_not_listened_to() {
    let papers = Papers::of(&["localhost"]);
    let (port, played) = play(|mut stream| {
        let mut said = 0;
        // Whoever has heard enough hangs up.
        while said < 1 << 26 && stream.write_all(&[b'2'; 65_536]).is_ok() {
            said += 65_536;
        }
        said
    });
    assert_eq!(
        sent(&papers, port, Security::StartTls).await,
        Err(Trouble::BrokenOff)
    );
    assert!(played.join().unwrap() < 1 << 26);
}

#[tokio::test]
async fn what_is_said_before_tls_counts_for_nothing_after_it() {
    let papers = Papers::of(&["localhost"]);
    let server = papers.clone();
    let (port, played) = play(move |mut stream| {
        stream.write_all(b"220 here\r\n").unwrap();
        let mut line = String::new();
        let mut reader = BufReader::new(&stream);
        reader.read_line(&mut line).unwrap();
        (&stream)
            .write_all(b"250-here\r\n250 STARTTLS\r\n")
            .unwrap();
        line.clear();
        reader.read_line(&mut line).unwrap();
        assert_eq!(line, "STARTTLS\r\n");
        // In one breath: answers of somebody between, for everything that comes.
        let injected = "250 8BITMIME\r\n250 OK\r\n250 OK\r\n354 go on\r\n250 taken\r\n";
        (&stream)
            .write_all(format!("220 go ahead\r\n{injected}").as_bytes())
            .unwrap();
        // The first command waits for an answer that comes through TLS; there is none.
        let mut private = BufReader::new(private(&server, stream));
        line.clear();
        private.read_line(&mut line).unwrap();
        assert_eq!(line, "EHLO [127.0.0.1]\r\n");
        private.get_mut().conn.send_close_notify();
        private.get_mut().flush().unwrap();
        let mut rest = String::new();
        let _ = private.read_to_string(&mut rest);
        rest
    });
    let taken = sent(&papers, port, Security::StartTls).await;
    assert_eq!(taken, Err(Trouble::BrokenOff));
    assert_eq!(played.join().unwrap(), "QUIT\r\n");
}

#[tokio::test]
async fn who_is_not_there_has_a_word_of_its_own() {
    let papers = Papers::of(&["localhost"]);
    let port = TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    assert_eq!(
        sent(&papers, port, Security::Tls).await,
        Err(Trouble::NotReached)
    );
    let road = Road::Webhook {
        url: "https://no-such-server.invalid/".to_owned(),
    };
    let way = Way::read(&road, None).unwrap();
    let taken = send(&papers.trust(), &way, id(), &letter(), NOW).await;
    assert_eq!(taken, Err(Trouble::NameUnknown));
}
