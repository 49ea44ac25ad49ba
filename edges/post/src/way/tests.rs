//! Roads as people write them, and what is none.

use super::*;

fn mail() -> Road {
    Road::Mail {
        server: "smtp.cabinet.example".to_owned(),
        port: 465,
        security: Security::Tls,
        user: Some("hygie".to_owned()),
        from: "hygie@cabinet.example".to_owned(),
        to: vec![
            "dr.durand+hygie@cabinet.example".to_owned(),
            "aide@martin.example".to_owned(),
        ],
    }
}

type Parts<'p> = (
    &'p mut String,
    &'p mut u16,
    &'p mut Option<String>,
    &'p mut String,
    &'p mut Vec<String>,
);

fn flaw(change: impl FnOnce(Parts<'_>), secret: Option<&str>) -> Option<Flaw> {
    let mut road = mail();
    if let Road::Mail {
        server,
        port,
        user,
        from,
        to,
        ..
    } = &mut road
    {
        change((server, port, user, from, to));
    }
    Way::read(&road, secret).err()
}

#[test]
fn a_mail_road_is_read() {
    assert_eq!(flaw(|_| {}, Some("Iris et Lys 7!")), None);
    assert_eq!(flaw(|parts| *parts.2 = None, None), None);
    assert_eq!(
        flaw(|parts| *parts.0 = "192.0.2.7".to_owned(), Some("x")),
        None
    );
    let way = Way::read(&mail(), Some("Iris")).unwrap();
    assert!(!format!("{way:?}").contains("Iris"));
}

#[test]
fn what_is_no_mail_road_is_told_by_its_field() {
    for server in [
        "",
        "a b",
        "smtp.example:465",
        "https://smtp.example",
        "-",
        "a\r\nb",
        "é.example",
    ] {
        assert_eq!(
            flaw(|parts| *parts.0 = server.to_owned(), Some("x")),
            Some(Flaw::Server),
            "{server}"
        );
    }
    assert_eq!(flaw(|parts| *parts.1 = 0, Some("x")), Some(Flaw::Port));
    for user in ["", "a\nb", &"x".repeat(201)] {
        assert_eq!(
            flaw(|parts| *parts.2 = Some(user.to_owned()), Some("x")),
            Some(Flaw::User),
            "{user}"
        );
    }
    // A password without a user, a user without a password, a password of two lines.
    assert_eq!(flaw(|parts| *parts.2 = None, Some("x")), Some(Flaw::Secret));
    for secret in [None, Some(""), Some("a\r\nRSET")] {
        assert_eq!(flaw(|_| {}, secret), Some(Flaw::Secret), "{secret:?}");
    }
    for bad in [
        "",
        "dr",
        "@cabinet.example",
        "dr@",
        "Dr Durand <dr@cabinet.example>",
        "dr@cabinet.example, x@y.example",
        "dr@cabinet.example\r\nBcc: x@y.example",
        "dr@cabinet.example> SIZE=1",
        "dr durand@cabinet.example",
        "\"a b\"@cabinet.example",
        "dr@[192.0.2.1]",
        "hélène@cabinet.example",
    ] {
        assert_eq!(
            flaw(|parts| *parts.3 = bad.to_owned(), Some("x")),
            Some(Flaw::From),
            "{bad:?}"
        );
        assert_eq!(
            flaw(|parts| *parts.4 = vec![bad.to_owned()], Some("x")),
            Some(Flaw::To),
            "{bad:?}"
        );
    }
    assert_eq!(flaw(|parts| parts.4.clear(), Some("x")), Some(Flaw::To));
    let many = vec!["dr@cabinet.example".to_owned(); MOST_ADDRESSEES + 1];
    assert_eq!(flaw(|parts| *parts.4 = many, Some("x")), Some(Flaw::To));
}

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn hook(url: &str, secret: Option<&str>) -> Option<Flaw> {
    let url = url.to_owned();
    Way::read(&Road::Webhook { url }, secret).err()
}

#[test]
fn a_webhook_is_private_or_on_this_machine() {
    for good in [
        "https://alertes.example/h/7?c=1#part",
        "https://alertes.example:8443",
        "https://192.0.2.7/h",
        "https://[2001:db8::1]/h",
        "http://127.0.0.1:8080/h",
        "http://[::1]/h",
    ] {
        assert_eq!(hook(good, Some(SECRET)), None, "{good}");
        assert_eq!(hook(good, None), None, "{good}");
    }
    for bad in [
        "",
        "alertes.example/h",
        "http://alertes.example/h",
        "http://192.168.1.10/h",
        // Who answers for a name is for others to say.
        "http://localhost/h",
        "http://127.0.0.1.alertes.example/h",
        "https://user:word@alertes.example/",
        "https://user@alertes.example/",
        "ftp://alertes.example/",
        "file:///etc/passwd",
        "unix:/run/x.sock",
        "https://",
        &format!("https://alertes.example/{}", "x".repeat(2000)),
    ] {
        assert_eq!(hook(bad, None), Some(Flaw::Url), "{bad}");
    }
    for bad in [
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_c2hvcnQ=",
        "whsec_!",
    ] {
        assert_eq!(
            hook("https://alertes.example/", Some(bad)),
            Some(Flaw::Secret),
            "{bad}"
        );
    }
}

#[test]
fn a_letter_has_one_line_and_a_text() {
    let letter = |subject: &str, text: &str| Letter {
        subject: subject.to_owned(),
        text: text.to_owned(),
    };
    assert!(is_letter(&letter(
        "Un programme a été arrêté",
        "Ouvrez Hygie.\nMerci."
    )));
    for (subject, text) in [
        ("", "a"),
        (" ", "a"),
        ("a", ""),
        ("a", "\n"),
        ("a\nBcc: x@y.example", "a"),
        ("a\r\n\r\nb", "a"),
        ("a\u{85}b", "a"),
        ("a\u{2028}b", "a"),
        ("abc\u{202e}fdp", "a"),
        ("a\0", "a"),
        ("a", "b\r"),
        ("a", "b\0"),
    ] {
        assert!(!is_letter(&letter(subject, text)), "{subject:?} {text:?}");
    }
    assert!(!is_letter(&letter(&"x".repeat(LONGEST_SUBJECT + 1), "a")));
    assert!(!is_letter(&letter("a", &"x".repeat(LONGEST_TEXT + 1))));
}
