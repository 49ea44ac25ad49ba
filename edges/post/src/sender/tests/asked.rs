//! What is asked, and what is not.

use super::*;

#[test]
fn a_mail_without_a_signature_asks_nothing() {
    let zone = Zone::of_labo(REJECT);
    assert_eq!(said(MAIL, &zone), Standing::Unknown);
    assert_eq!(zone.asked(), Vec::<String>::new());
    // Nor is anything asked where nobody may.
    assert_eq!(
        standing(signed(MAIL).as_bytes(), &cabinet(), None, NOW),
        Standing::Unknown
    );
}

#[test]
fn a_signed_mail_asks_its_senders_names_alone() {
    let zone = Zone::of_labo(REJECT);
    let mail = signed(MAIL).replace(
        "voici",
        "voici https://dupont.example/patient et ameli.example",
    );
    assert_eq!(said(&mail, &zone), Standing::Unknown);
    assert_eq!(said(&signed(MAIL), &zone), Standing::Proven);
    let mut asked = zone.asked();
    asked.sort();
    asked.dedup();
    assert_eq!(
        asked,
        [
            "_dmarc.example",
            "_dmarc.labo.example",
            "ed._domainkey.labo.example"
        ]
    );
    // Bounded, the same questions are let out.
    let zone = Zone::of_labo(REJECT);
    let mail = signed(MAIL);
    let bounded = Bounded::new(&zone, mail.as_bytes());
    assert_eq!(
        standing(mail.as_bytes(), &[], Some(&bounded), NOW),
        Standing::Proven
    );
}

#[test]
fn mails_made_to_cost_are_not_begun() {
    let zone = Zone::of_labo(REJECT);
    let names = vec!["subject"; 5000].join(":");
    let greedy = signed_by_hand(MAIL, "").replace("h=from", &format!("h=from:{names}"));
    assert_eq!(said(&greedy, &zone), Standing::Unknown);
    let many = format!("{}{}", "X: y\r\n".repeat(9000), signed(MAIL));
    assert_eq!(said(&many, &zone), Standing::Unknown);
    assert_eq!(zone.asked(), Vec::<String>::new());
    let broken = signed(MAIL).replace("b=", "b=x");
    let line = broken.split("\r\nFrom").next().unwrap();
    let signatures: String = (0..200)
        .map(|number| format!("{}\r\n", line.replace("s=ed", &format!("s=e{number}"))))
        .collect();
    assert_eq!(
        said(&format!("{signatures}{MAIL}"), &zone),
        Standing::Unknown
    );
    assert!(zone.asked().len() <= 10, "{:?}", zone.asked());
}

#[test]
fn more_headers_than_people_send_are_not_looked_at() {
    for (headers, few) in [
        ("a: b\r\n".repeat(100), true),
        ("a: b\r\n".repeat(3_998), true),
        ("a: b\r\n".repeat(4_100), false),
        (format!("a: {}\r\n", "b".repeat(300_000)), false),
    ] {
        for mail in [format!("{headers}\r\nBonjour\r\n\r\n"), headers] {
            assert_eq!(heads::are_few(mail.as_bytes()), few, "{}", mail.len());
        }
    }
    let long = format!("From: a@b.fr\n\n{}", "x\n".repeat(500_000));
    assert!(heads::are_few(long.as_bytes()));
}

#[test]
fn odd_bytes_end_in_nothing() {
    let zone = Zone::of_labo(REJECT).with("labo.example", "txt", "v=spf1 mx a:x -all");
    let mail = received("192.0.2.4", "a@labo.example", &signed(MAIL));
    for end in 0..mail.len() {
        let _ = said(&mail[..end], &zone);
        let mut bytes = mail.clone().into_bytes();
        bytes[end] ^= 0x91;
        let _ = standing(&bytes, &cabinet(), Some(&zone), NOW);
    }
}

/// As the hub asks: beside a runtime that serves others.
#[tokio::test]
async fn the_system_may_be_asked_beside_a_runtime() {
    let asked = tokio::task::spawn_blocking(|| {
        let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let system = System::at(taken.local_addr().unwrap()).unwrap();
        let name = Name::of("_dmarc.labo.example").unwrap();
        let kind = Kind::Txt;
        system.ask(&Question { name, kind })
    });
    assert_eq!(asked.await.unwrap(), Reply::Silent);
}

/// The system's resolver against a server that is not there: nothing is known, and nobody waits for long.
#[test]
fn a_server_that_is_not_there_is_silent() {
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let system = System::at(taken.local_addr().unwrap()).unwrap();
    let name = Name::of("_dmarc.labo.example").unwrap();
    let kind = Kind::Txt;
    assert_eq!(system.ask(&Question { name, kind }), Reply::Silent);
    let zone = Bounded::new(&system, b"");
    assert_eq!(
        standing(signed(MAIL).as_bytes(), &[], Some(&zone), NOW),
        Standing::Unknown
    );
}
