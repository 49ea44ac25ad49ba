//! What servers of the practice wrote, and what others want to be taken for it.

use super::*;

/// Without any question asked.
fn told(mail: &str, servers: &[&str]) -> Standing {
    let servers: Vec<Server> = servers.iter().map(|one| Server::of(one).unwrap()).collect();
    standing(mail.as_bytes(), &servers, None, NOW)
}

const PASS: &str =
    "Authentication-Results: mx.cabinet.example; dmarc=pass header.from=labo.example\r\n";
const FAIL: &str = "Authentication-Results: mx.cabinet.example;\r\n\tdmarc=fail (p=reject dis=none) header.from=labo.example\r\n";
const HOP: &str = "Received: from out.labo.example (out.labo.example [192.0.2.4])\r\n\tby mx.cabinet.example with ESMTPS id 1; \
                   Mon, 30 Nov 2026 10:00:00 +0100\r\n";
const OTHER_HOP: &str = "Received: from x (x.example [203.0.113.9]) by evil.example with ESMTP id 2; Mon, 30 Nov 2026 09:00:00 +0100\r\n";

#[test]
fn results_of_a_server_of_ours_are_believed() {
    for servers in [
        &["mx.cabinet.example"][..],
        &["mx.other.example", "MX.cabinet.example"],
    ] {
        assert_eq!(
            told(&format!("{PASS}{HOP}{MAIL}"), servers),
            Standing::Proven
        );
        assert_eq!(
            told(&format!("{FAIL}{HOP}{MAIL}"), servers),
            Standing::Refused
        );
        // Below the hop that it noted, as Gmail writes.
        assert_eq!(
            told(&format!("{HOP}{PASS}{OTHER_HOP}{MAIL}"), servers),
            Standing::Proven
        );
    }
    assert_eq!(told(&format!("{PASS}{HOP}{MAIL}"), &[]), Standing::Unknown);
    assert_eq!(
        told(&format!("{PASS}{HOP}{MAIL}"), &["cabinet.example"]),
        Standing::Unknown
    );
}

#[test]
fn forged_results_below_count_nothing() {
    let server = &["mx.cabinet.example"];
    for (forged, found) in [
        // The server's own stand above.
        (
            format!("{FAIL}{HOP}{PASS}{OTHER_HOP}{MAIL}"),
            Standing::Refused,
        ),
        (format!("{FAIL}{PASS}{HOP}{MAIL}"), Standing::Refused),
        // It wrote none: what stands below a hop of others is not its own.
        (format!("{HOP}{OTHER_HOP}{PASS}{MAIL}"), Standing::Unknown),
        (format!("{OTHER_HOP}{PASS}{MAIL}"), Standing::Unknown),
        // Below what the sender wrote.
        (
            MAIL.replace("Subject", &format!("{PASS}Subject")),
            Standing::Unknown,
        ),
        (format!("Subject: x\r\n{PASS}{MAIL}"), Standing::Unknown),
        // Another's, between.
        (
            format!("{PASS}X-Spam: no\r\n{}{MAIL}", PASS.replace("labo", "evil")),
            Standing::Proven,
        ),
        (
            PASS.replace("mx.cabinet", "mx.evil") + MAIL,
            Standing::Unknown,
        ),
        (
            PASS.replace("mx.cabinet.example", "mx.cabinet.example.evil.example") + MAIL,
            Standing::Unknown,
        ),
    ] {
        assert_eq!(told(&forged, server), found, "{forged}");
    }
}

#[test]
fn results_of_another_sender_prove_nothing_of_this_one() {
    let server = &["mx.cabinet.example"];
    let mail = MAIL.replace("labo.example", "ameli.example");
    assert_eq!(
        told(&format!("{PASS}{HOP}{mail}"), server),
        Standing::Unknown
    );
    let two = format!("{PASS}{HOP}From: x@ameli.example\r\n{MAIL}");
    assert_eq!(told(&two, server), Standing::Unknown);
    let list = MAIL.replace(
        "Labo <zoe@labo.example>",
        "zoe@labo.example, x@ameli.example",
    );
    assert_eq!(
        told(&format!("{PASS}{HOP}{list}"), server),
        Standing::Unknown
    );
}

#[test]
fn what_a_server_found_is_not_asked_again() {
    let zone = Zone::of_labo(REJECT);
    let mail = format!("{PASS}{HOP}{}", signed(MAIL).replace("bilan", "BILAN"));
    assert_eq!(said(&mail, &zone), Standing::Proven);
    assert_eq!(zone.asked(), Vec::<String>::new());
    // It had nothing to say: then we look.
    let none = mail.replace("dmarc=pass header.from=labo.example", "none");
    assert_eq!(
        said(&none.replace("BILAN", "bilan"), &zone),
        Standing::Proven
    );
    assert!(!zone.asked().is_empty());
}

#[test]
fn results_that_ours_sealed_before_it_passed_a_mail_on_are_believed() {
    use mail_auth::arc::ArcSealer;
    let record = format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(rsa().public_key()));
    let passed_on = |domain: &str, by: &str| {
        let changed = signed(MAIL).replace("voici", "Attention : courriel externe. Voici");
        let message = AuthenticatedMessage::parse(changed.as_bytes()).unwrap();
        let original = signed(MAIL);
        let before = AuthenticatedMessage::parse(original.as_bytes()).unwrap();
        let own = Zone::of_labo(REJECT);
        let answers = zone::Zone::new(&own);
        let authenticator = zone::authenticator().unwrap();
        let found = authenticator.verify_dkim(zone::with(&before, &answers));
        let found = zone::done(found).unwrap();
        let results =
            mail_auth::AuthenticationResults::new(by).with_dkim_results(&found, "zoe@labo.example");
        let set = ArcSealer::from_key(rsa())
            .domain(domain)
            .selector("arc")
            .headers(["From", "To", "Subject"])
            .seal(&message, &results, &mail_auth::ArcOutput::default())
            .unwrap();
        set.to_header() + &changed
    };
    for (domain, by, found) in [
        ("cabinet.example", "mx.cabinet.example", Standing::Proven),
        ("liste.example", "mx.cabinet.example", Standing::Unknown),
        ("cabinet.example", "mx.liste.example", Standing::Unknown),
    ] {
        let zone = Zone::of_labo(REJECT)
            .with("arc._domainkey.cabinet.example", "txt", &record)
            .with("arc._domainkey.liste.example", "txt", &record);
        assert_eq!(said(&passed_on(domain, by), &zone), found, "{domain} {by}");
    }
}

#[test]
fn what_travelled_and_nobody_signed_is_told_as_that() {
    let server = &["mx.cabinet.example"];
    for (found, wanted) in [
        ("dkim=none; spf=fail", Standing::Unsigned),
        ("dkim=none", Standing::Unsigned),
        (
            "dkim=none; spf=pass smtp.mailfrom=labo.example",
            Standing::Proven,
        ),
        ("dkim=none; dmarc=fail (p=reject)", Standing::Refused),
        ("dkim=none; dkim=fail; spf=none", Standing::Unknown),
    ] {
        let line = format!("Authentication-Results: mx.cabinet.example; {found}\r\n");
        assert_eq!(
            told(&format!("{line}{HOP}{MAIL}"), server),
            wanted,
            "{found}"
        );
    }
}
