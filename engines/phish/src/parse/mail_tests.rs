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
