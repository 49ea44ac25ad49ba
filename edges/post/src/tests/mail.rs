//! E-mail through a real server, with TLS from the first byte and after a greeting.

use hygie_model::letter::{Letter, Road, Security, Trouble};
use uuid::Uuid;

use super::servers::{MailServer, NOW, PASSWORD, Papers, id, letter};
use crate::{Taken, Trust, Way, send};

fn road(server: &MailServer, security: Security) -> Road {
    Road::Mail {
        server: "localhost".to_owned(),
        port: server.port,
        security,
        user: Some("hygie".to_owned()),
        from: "hygie@cabinet.example".to_owned(),
        to: vec!["dr@cabinet.example".to_owned()],
    }
}

fn to(server: &MailServer, security: Security, people: &[&str]) -> Way {
    let mut road = road(server, security);
    if let Road::Mail { to, .. } = &mut road {
        *to = people.iter().map(|&one| one.to_owned()).collect();
    }
    Way::read(&road, Some(PASSWORD)).unwrap()
}

async fn sent(papers: &Papers, way: &Way) -> Result<Taken, Trouble> {
    send(&papers.trust(), way, id(), &letter(), NOW).await
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let papers = Papers::of(&["localhost"]);
    for (mode, security, greetings) in [
        ("tls", Security::Tls, 1),
        ("start_tls", Security::StartTls, 2),
    ] {
        let server = MailServer::start(mode, &papers);
        let way = to(
            &server,
            security,
            &["dr@cabinet.example", "aide@cabinet.example"],
        );
        let left_out = Vec::new();
        assert_eq!(sent(&papers, &way).await, Ok(Taken { left_out }), "{mode}");
        let (_, envelope) = server.kept(0).unwrap();
        assert_eq!(
            envelope,
            serde_json::json!({
                "from": "hygie@cabinet.example",
                "to": ["dr@cabinet.example", "aide@cabinet.example"],
                "private": true,
            })
        );
        let mut read = server.read(0);
        let text = read["text"].take();
        assert_eq!(text.as_str().unwrap().trim_end(), letter().text.trim_end());
        assert_eq!(
            read,
            serde_json::json!({
                "subject": letter().subject,
                "text": null,
                "headers": [
                    "Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version",
                    "Message-ID", "Subject", "To",
                ],
                "id": format!("<{}@cabinet.example>", id()),
                "date": "Tue, 24 Nov 2026 08:12:00 +0000",
                "from": "hygie@cabinet.example",
                "to": "dr@cabinet.example, aide@cabinet.example",
                "auto": "auto-generated",
            })
        );
        // It does not say what this machine is called, and signs in once it is private.
        let commands = server.commands();
        let hello = commands.iter().filter(|one| **one == "EHLO [127.0.0.1]");
        assert_eq!(hello.count(), greetings, "{commands:?}");
        let place = |word: &str| commands.iter().position(|one| one == word);
        assert!(place("AUTH") > place("STARTTLS"), "{commands:?}");
    }
}

#[tokio::test]
async fn a_letter_that_is_sent_again_is_known_by_its_number() {
    let papers = Papers::of(&["localhost"]);
    let server = MailServer::start("tls", &papers);
    let way = to(&server, Security::Tls, &["dr@cabinet.example"]);
    for _ in 0..2 {
        assert!(sent(&papers, &way).await.is_ok());
    }
    assert_eq!(server.read(0)["id"], server.read(1)["id"]);
    let other = Uuid::from_u128(2);
    let taken = send(&papers.trust(), &way, other, &letter(), NOW).await;
    assert!(taken.is_ok() && server.read(2)["id"] != server.read(0)["id"]);
}

#[tokio::test]
async fn a_text_becomes_no_header_and_no_command() {
    let papers = Papers::of(&["localhost"]);
    let server = MailServer::start("tls", &papers);
    let way = to(&server, Security::Tls, &["dr@cabinet.example"]);
    let sly = Letter {
        subject: "=?utf-8?q?Bcc=3A?= a\nBcc: x@evil.example\r\nX-Sly: 1".to_owned(),
        text: "a\r\n.\r\nMAIL FROM:<x@evil.example>\r\nDATA\n.\n\n.\n..\nb".to_owned(),
    };
    let taken = send(&papers.trust(), &way, id(), &sly, NOW).await;
    assert!(taken.is_ok(), "{taken:?}");
    let read = server.read(0);
    for header in read["headers"].as_array().unwrap() {
        assert!(
            !["Bcc", "X-Sly"].contains(&header.as_str().unwrap()),
            "{read}"
        );
    }
    let text = read["text"].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(text.trim_end(), sly.text.replace("\r\n", "\n"));
    assert!(server.kept(1).is_none());
    let commands = server.commands();
    assert_eq!(commands.iter().filter(|one| *one == "MAIL").count(), 1);
}

#[tokio::test]
async fn a_wrong_password_has_its_own_word() {
    let papers = Papers::of(&["localhost"]);
    for (mode, security) in [("tls", Security::Tls), ("start_tls", Security::StartTls)] {
        let server = MailServer::start(mode, &papers);
        let way = Way::read(&road(&server, security), Some("Rose")).unwrap();
        assert_eq!(
            sent(&papers, &way).await,
            Err(Trouble::LoginRefused),
            "{mode}"
        );
        // And one that has no password where one is asked for.
        let mut road = road(&server, security);
        if let Road::Mail { user, .. } = &mut road {
            *user = None;
        }
        let way = Way::read(&road, None).unwrap();
        assert_eq!(
            sent(&papers, &way).await,
            Err(Trouble::LoginRefused),
            "{mode}"
        );
        assert!(server.kept(0).is_none());
    }
}

#[tokio::test]
async fn addressees_that_nobody_knows_are_told() {
    let papers = Papers::of(&["localhost"]);
    let server = MailServer::start("tls", &papers);
    let way = to(
        &server,
        Security::Tls,
        &["nobody@cabinet.example", "dr@other.example"],
    );
    assert_eq!(sent(&papers, &way).await, Err(Trouble::AddressRefused));
    let way = to(&server, Security::Tls, &["later@cabinet.example"]);
    assert_eq!(sent(&papers, &way).await, Err(Trouble::Later { code: 451 }));
    assert!(server.kept(0).is_none());
    // One wrong address keeps the letter from nobody else.
    let way = to(
        &server,
        Security::Tls,
        &["nobody@cabinet.example", "dr@cabinet.example"],
    );
    let left_out = vec!["nobody@cabinet.example".to_owned()];
    assert_eq!(sent(&papers, &way).await, Ok(Taken { left_out }));
    let (_, envelope) = server.kept(0).unwrap();
    assert_eq!(envelope["to"], serde_json::json!(["dr@cabinet.example"]));
    // Nor does one that may send as somebody else.
    let mut road = road(&server, Security::Tls);
    if let Road::Mail { from, .. } = &mut road {
        *from = "hygie@other.example".to_owned();
    }
    let way = Way::read(&road, Some(PASSWORD)).unwrap();
    assert_eq!(sent(&papers, &way).await, Err(Trouble::AddressRefused));
}

#[tokio::test]
async fn a_letter_that_is_not_wanted_is_told_with_the_servers_code() {
    let papers = Papers::of(&["localhost"]);
    let server = MailServer::start("tls", &papers);
    let way = to(&server, Security::Tls, &["dr@cabinet.example"]);
    let mut unwanted = letter();
    unwanted.text = "XPOLICYX".to_owned();
    let taken = send(&papers.trust(), &way, id(), &unwanted, NOW).await;
    assert_eq!(taken, Err(Trouble::Refused { code: 554 }));
}

#[tokio::test]
async fn to_a_server_that_is_not_the_one_nothing_is_said() {
    let papers = Papers::of(&["localhost"]);
    let strangers = Papers::of(&["localhost"]);
    let others = Papers::of(&["smtp.other.example"]);
    for (mode, security) in [("tls", Security::Tls), ("start_tls", Security::StartTls)] {
        for (papers, trust) in [
            (&papers, strangers.trust()),
            (&papers, Trust::system().unwrap()),
            (&others, others.trust()),
        ] {
            let server = MailServer::start(mode, papers);
            let way = to(&server, security, &["dr@cabinet.example"]);
            let taken = send(&trust, &way, id(), &letter(), NOW).await;
            assert_eq!(taken, Err(Trouble::CertificateRefused), "{mode}");
            let said: Vec<String> = server.commands();
            let before_tls = ["connected", "EHLO [127.0.0.1]", "STARTTLS"];
            assert!(
                said.iter().all(|one| before_tls.contains(&one.as_str())) && said.len() <= 3,
                "{said:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing() {
    let papers = Papers::of(&["localhost"]);
    let plain = MailServer::start("plain", &papers);
    for security in [Security::Tls, Security::StartTls] {
        let way = to(&plain, security, &["dr@cabinet.example"]);
        assert_eq!(
            sent(&papers, &way).await,
            Err(Trouble::TlsRefused),
            "{security:?}"
        );
    }
    let said = plain.commands();
    assert!(
        !said.iter().any(|one| one == "AUTH" || one == "MAIL"),
        "{said:?}"
    );
    // The right server, asked in the other way.
    let server = MailServer::start("start_tls", &papers);
    let way = to(&server, Security::Tls, &["dr@cabinet.example"]);
    assert_eq!(sent(&papers, &way).await, Err(Trouble::TlsRefused));
    assert!(server.kept(0).is_none());
}

#[tokio::test]
async fn a_server_that_asks_nobody_takes_a_letter_without_signing_in() {
    let papers = Papers::of(&["localhost"]);
    let server = MailServer::start("tls_open", &papers);
    let mut road = road(&server, Security::Tls);
    if let Road::Mail { user, .. } = &mut road {
        *user = None;
    }
    let way = Way::read(&road, None).unwrap();
    assert!(sent(&papers, &way).await.is_ok());
    assert!(!server.commands().iter().any(|one| one == "AUTH"));
}
