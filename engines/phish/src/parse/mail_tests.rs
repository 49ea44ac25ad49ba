//! Mails of honest and of hostile people, and what is read of them.

use proptest::prelude::*;

use super::*;
use crate::message::{By, Is};

fn of_text(text: &str) -> Mail {
    read(text.replace('\n', "\r\n").as_bytes())
}

#[test]
fn an_ordinary_mail_is_read() {
    let mail = of_text(
        "From: =?utf-8?q?Zo=C3=A9_Petit?= <zoe@tilleuls.example>\nTo: a@b.example, C <c@d.example>\nSubject: =?utf-8?B?w4l0w6k=?=\n\
         Reply-To: z@other.example\nDate: Mon, 30 Nov 2026 10:00:00 +0100\nReturn-Path: <bounce@x.example>\nIn-Reply-To: <1@b>\n\n\
         Bonjour https://a.example/x\n",
    );
    assert_eq!(mail.from[0].name, "Zoé Petit");
    assert_eq!(mail.from[0].address, "zoe@tilleuls.example");
    assert_eq!(
        (mail.to.len(), &*mail.subject, mail.answers),
        (2, "Été", true)
    );
    assert_eq!(mail.reply_to[0].address, "z@other.example");
    assert_eq!(mail.return_path.as_deref(), Some("bounce@x.example"));
    assert_eq!(mail.date, Some(1_796_029_200));
    assert_eq!(mail.shown().trim(), "Bonjour https://a.example/x");
    assert_eq!(mail.bodies[0].links[0].by, By::Plain);
    assert!(mail.oddities.is_empty(), "{:?}", mail.oddities);
}

#[test]
fn both_alternatives_are_bodies_and_the_page_comes_first() {
    let mail = of_text(
        "From: a@b.example\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\nplain words\n--x\n\
         Content-Type: text/html\n\n<p>other words</p>\n--x--\n",
    );
    let texts: Vec<&str> = mail.bodies.iter().map(|body| body.text.trim()).collect();
    assert_eq!(texts, ["other words", "plain words"]);
}

#[test]
fn attachments_and_attached_messages_are_kept() {
    let mail = of_text(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nwords\n--x\n\
         Content-Type: message/rfc822\n\nFrom: inner@c.example\nSubject: inner\n\ninner words\n--x\n\
         Content-Type: application/octet-stream; name=\"a.pdf.exe\"\nContent-Disposition: attachment; filename=\"a.pdf.exe\"\n\
         Content-Transfer-Encoding: base64\n\nTVqQAAMAAAAEAAAA//8AALgAAAA=\n--x--\n",
    );
    assert_eq!(mail.attached[0].subject, "inner");
    assert_eq!(mail.attached[0].shown().trim(), "inner words");
    assert_eq!(mail.files[0].name, "a.pdf.exe");
    assert_eq!(mail.files[0].is, Is::Program);
}

#[test]
fn what_is_said_twice_is_read_twice() {
    let mail = of_text(
        "From: a@b.example\nFrom: c@d.example\nSubject: one\nSubject: two\nContent-Type: text/plain\n\
         Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<a href=https://e.example>f</a>\n--x--\n",
    );
    assert_eq!(mail.from.len(), 2);
    assert_eq!(mail.subject, "one\ntwo");
    assert_eq!(mail.oddities, [Oddity::TwiceSaid, Oddity::Ambiguous]);
    let by: Vec<By> = mail
        .bodies
        .iter()
        .flat_map(|body| &body.links)
        .map(|link| link.by)
        .collect();
    assert!(by.contains(&By::Anchor), "as two parts: {by:?}");
    assert!(
        mail.bodies.iter().any(|body| body.text.contains("<a href")),
        "as one text"
    );
}

/// Whether some program would show the page of [`LURE`].
fn shows(raw: &[u8]) -> bool {
    let mail = read(raw);
    mail.bodies
        .iter()
        .flat_map(|body| &body.links)
        .any(|link| link.target == "https://lure.example" && link.by == By::Anchor)
}

const LURE: &str = "Content-Type: text/html\r\n\r\n<a href=https://lure.example>f</a>\r\n";

#[test]
fn each_way_to_read_it_is_read() {
    let head = "From: a@b.example\r\nSubject: x\r\n";
    let mixed = |boundary: &str| format!("{head}Content-Type: multipart/mixed; {boundary}\r\n\r\n");
    let whole = format!("{}--x\r\n{LURE}--x--\r\n", mixed("boundary=x"));
    let coded = "PGh0bWw+PGEgaHJlZj1odHRwczovL2x1cmUuZXhhbXBsZT5mPC9hPjwvaHRtbD4=";
    for (how, raw) in [
        ("as it should be", whole.clone()),
        (
            "without its end",
            format!("{}--x\r\n{LURE}", mixed("boundary=x")),
        ),
        (
            "after its end",
            format!(
                "{}--x\r\n\r\nhi\r\n--x--\r\n--x\r\n{LURE}",
                mixed("boundary=x")
            ),
        ),
        (
            "the first of two boundaries",
            format!("{}--x\r\n{LURE}--x--\r\n", mixed("boundary=x; boundary=y")),
        ),
        (
            "the last of two boundaries",
            format!("{}--x\r\n{LURE}--x--\r\n", mixed("boundary=y; boundary=x")),
        ),
        (
            "one boundary on two levels",
            format!(
                "{}--x\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n{LURE}--x--\r\n--x--\r\n",
                mixed("boundary=x")
            ),
        ),
        ("lines ended by CR alone", whole.replace("\r\n", "\r")),
        ("lines ended by LF alone", whole.replace("\r\n", "\n")),
        (
            "a line of blanks after the headers",
            format!("{head}Content-Type: text/html\r\n \r\n<a href=https://lure.example>f</a>\r\n"),
        ),
        (
            "a name folded before its value",
            format!(
                "{head}Content-Type:\r\n text/html\r\n\r\n<a href=https://lure.example>f</a>\r\n"
            ),
        ),
        (
            "the kind twice, first",
            format!(
                "{head}Content-Type: text/html\r\nContent-Type: text/plain\r\n\r\n<a href=https://lure.example>f</a>\r\n"
            ),
        ),
        (
            "the kind twice in a part",
            format!(
                "{}--x\r\nContent-Type: text/html\r\nContent-Type: application/octet-stream\r\n\r\n<a href=https://lure.example>f</a>\r\n--x--\r\n",
                mixed("boundary=x")
            ),
        ),
        ("NUL in the kind", whole.replace("text/html", "text/\0html")),
        (
            "NUL in the address",
            whole.replace("lure.example", "lu\0re.example"),
        ),
        (
            "a page that says it is plain",
            format!(
                "{head}Content-Type: text/plain\r\n\r\n<html><a href=https://lure.example>f</a></html>\r\n"
            ),
        ),
        (
            "an unknown encoding",
            format!(
                "{head}Content-Type: text/plain\r\nContent-Transfer-Encoding: base-64\r\n\r\n{coded}\r\n"
            ),
        ),
        (
            "seven bits that hold others",
            format!(
                "{head}Content-Type: text/html; charset=utf-7\r\n\r\n+ADw-a href+AD0-https://lure.example+AD4-f+ADw-/a+AD4-\r\n"
            ),
        ),
        (
            "a charset that nobody knows",
            whole.replace("text/html", "text/html; charset=x-nobody"),
        ),
        (
            "two charsets",
            whole.replace("text/html", "text/html; charset=utf-8; charset=utf-16"),
        ),
        (
            "behind what comes before the first boundary",
            format!("{}--x\r\n{LURE}--x--\r\n", mixed("boundary=\"x\"")),
        ),
    ] {
        assert!(shows(raw.as_bytes()), "{how}: {:?}", read(raw.as_bytes()));
    }
}

#[test]
fn both_names_of_a_file_count() {
    let mail = of_text(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: application/octet-stream; name=\"a.js\"\n\
         Content-Disposition: attachment; filename=\"a.pdf\"\n\nvar a = 1;\n--x--\n",
    );
    let names: Vec<(&str, Is)> = mail
        .files
        .iter()
        .map(|file| (&*file.name, file.is))
        .collect();
    assert_eq!(names, [("a.pdf", Is::Text), ("a.js", Is::Script)]);
    assert_eq!(mail.oddities, [Oddity::Ambiguous]);
}

#[test]
fn what_is_attached_as_a_file_and_is_a_message_is_read_as_one() {
    let mail = of_text(
        "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: application/octet-stream; name=l.eml\n\
         Content-Disposition: attachment\n\nFrom: c@d.example\nSubject: inner\n\nwords\n--x--\n",
    );
    assert_eq!(
        (mail.attached.len(), &*mail.attached[0].subject),
        (1, "inner")
    );
}

#[test]
fn something_without_headers_is_a_text() {
    let mail = read(b"");
    assert_eq!(mail.oddities, [Oddity::NoHeaders]);
    let mail = read(b"\n\nVotre colis est bloqu\xe9");
    assert_eq!(mail.oddities, [Oddity::NoHeaders]);
    assert!(mail.shown().contains("Votre colis"), "{mail:?}");
}

#[test]
fn what_the_parser_below_stumbles_over_is_read() {
    // Found by a property: it takes a line end off a text that has none.
    let mail = read(
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
          Content-Transfer-Encoding: quoted-printable\r\n\r\n=\r\n--x\r\n\r\nwords\r\n--x--\r\n",
    );
    assert!(
        mail.bodies.iter().any(|body| body.text.contains("words")),
        "{mail:?}"
    );
}

#[test]
fn hostile_messages_cost_bounded_work() {
    let deep = "Content-Type: message/rfc822\n\n".repeat(200_000);
    let mail = of_text(&deep);
    assert!(
        mail.oddities.contains(&Oddity::TooMuch),
        "{:?}",
        mail.oddities
    );
    let four = "Content-Type: message/rfc822\n\n".repeat(7) + "From: a@b.example\n\nwords\n";
    let mail = of_text(&four);
    assert_eq!(mail.oddities, [Oddity::TooDeep, Oddity::NoHeaders]);
    let digests = "Content-Type: multipart/digest; boundary=x\n\n--x\n\n".repeat(2000);
    of_text(&digests);
    let mut boundaries = String::from("From: a@b.example\n");
    for at in 0..3000 {
        boundaries += &format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n");
    }
    of_text(&boundaries);
    let many = format!("From: a@b.example\nTo: {}\n\nx", "a@b,".repeat(1_000_000));
    assert!(of_text(&many).to.len() <= bounds::ADDRESSES);
    let open = format!("From: {}a@b.example\n\nx", "(".repeat(1_000_000));
    of_text(&open);
    let words = format!("Subject: {}\n\nx", "=?utf-8?q?=41?= ".repeat(200_000));
    assert!(of_text(&words).subject.len() <= bounds::WORD);
}

proptest! {
    #![proptest_config(ProptestConfig { fork: false, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes);
    }

    #[test]
    fn any_arrangement_of_parts_is_read(lines in prop::collection::vec(prop::sample::select(LINES), 0..40)) {
        let mail = read(lines.concat().as_bytes());
        for body in &mail.bodies {
            for link in &body.links {
                prop_assert!(body.text.get(link.start..link.end).is_some());
            }
        }
    }
}

const LINES: &[&str] = &[
    "\r\n",
    "\n",
    "--x\r\n",
    "--y\r\n",
    "--x--\r\n",
    "Content-Type: multipart/mixed; boundary=x\r\n",
    "Content-Type: multipart/alternative; boundary=\"y\"\r\n",
    "Content-Type: multipart/digest; boundary=x\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Type: text/html; charset=utf-7\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "From: é <a@b>, <c@d\r\n",
    "Subject: =?utf-8?B?w4l0w6\r\n",
    "<p style='display:none'>é<a href=é>",
    "</a><form action=x><!--[if mso]><a href=y>",
    "www.example.com/é é\r\n",
    "PGEgaHJlZj0=\r\n",
    "=C3=\r\n",
];
