//! Signatures, policies and addresses, checked by ourselves.

use mail_auth::{AuthenticationResults, arc::ArcSealer};

use super::*;

#[test]
fn a_good_signature_proves_its_domain() {
    for policy in ["", "v=DMARC1; p=none", REJECT] {
        assert_eq!(
            said(&signed(MAIL), &Zone::of_labo(policy)),
            Standing::Proven,
            "{policy}"
        );
    }
    // A mailbox file has bare line ends.
    let bare = signed(MAIL).replace("\r\n", "\n");
    assert_eq!(said(&bare, &Zone::of_labo(REJECT)), Standing::Proven);
    let rsa_record = format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(rsa().public_key()));
    let signer = DkimSigner::from_key(rsa())
        .domain("mail.labo.example")
        .selector("r1")
        .headers(["From", "Subject"]);
    let mail = signer.sign(MAIL.as_bytes()).unwrap().to_header() + MAIL;
    let zone = Zone::of_labo(REJECT).with("r1._domainkey.mail.labo.example", "txt", &rsa_record);
    assert_eq!(said(&mail, &zone), Standing::Proven);
    // The same, where its owner wants the very same domain.
    let zone = Zone::of_labo("v=DMARC1; p=reject; adkim=s").with(
        "r1._domainkey.mail.labo.example",
        "txt",
        &rsa_record,
    );
    assert_eq!(said(&mail, &zone), Standing::Unknown);
    assert_eq!(said(&signed(MAIL), &zone), Standing::Proven);
}

#[test]
fn what_was_changed_is_proven_no_more() {
    let mail = signed(MAIL);
    let zone = Zone::of_labo(REJECT);
    for (what, other) in [
        ("bilan.", "BILAN."),
        ("Subject: Bilan", "Subject: Facture"),
        ("zoe@labo", "zoé@labo"),
        ("d=labo.example", "d=labo.examplf"),
        ("s=ed", "s=ee"),
        ("a=ed25519", "a=rsa"),
    ] {
        assert!(mail.contains(what), "{what}: {mail}");
        assert_eq!(
            said(&mail.replacen(what, other, 1), &zone),
            Standing::Unknown,
            "{what}"
        );
    }
    let revoked = Zone::default().with(
        "ed._domainkey.labo.example",
        "txt",
        "v=DKIM1; k=ed25519; p=",
    );
    assert_eq!(said(&mail, &revoked), Standing::Unknown);
    let none = Zone::default();
    assert_eq!(said(&mail, &none), Standing::Unknown);
}

#[test]
fn somebody_elses_signature_proves_nothing_of_this_sender() {
    let mail = MAIL.replace("zoe@labo.example", "info@ameli.example");
    assert_eq!(said(&signed(&mail), &Zone::of_labo("")), Standing::Unknown);
    let zone = Zone::of_labo("").with("_dmarc.ameli.example", "txt", REJECT);
    assert_eq!(said(&signed(&mail), &zone), Standing::Unknown);
}

#[test]
fn tricks_with_signatures_prove_nothing() {
    let zone = Zone::of_labo(REJECT);
    // By hand, so that the tricks below differ by their trick alone.
    assert_eq!(
        said(&signed_by_hand(MAIL, "t=1000; x=4000000000;"), &zone),
        Standing::Proven
    );
    for (trick, mail) in [
        ("it has ended", signed_by_hand(MAIL, "t=1000; x=2000;")),
        (
            "it ends before it begins",
            signed_by_hand(MAIL, "t=4000000000; x=3000000000;"),
        ),
        ("a part of the body alone", signed_by_hand(MAIL, "l=7;")),
        (
            "and something behind it",
            signed_by_hand(MAIL, "l=7;") + "Payez ici.\r\n",
        ),
        (
            "its sender is not signed",
            signed_by_hand(MAIL, "h=subject;"),
        ),
        (
            "another identity",
            signed_by_hand(MAIL, "i=@ameli.example;"),
        ),
        (
            "a second sender on top",
            format!("From: ameli@ameli.example\r\n{}", signed_by_hand(MAIL, "")),
        ),
        (
            "two senders in one",
            signed_by_hand(
                &MAIL.replace(
                    "Labo <zoe@labo.example>",
                    "a@ameli.example, zoe@labo.example",
                ),
                "",
            ),
        ),
        ("none at all", MAIL.to_owned()),
        ("no mail", "Bonjour".to_owned()),
    ] {
        assert_eq!(said(&mail, &zone), Standing::Unknown, "{trick}");
    }
}

#[test]
fn what_its_owner_wants_refused_is_refused_where_the_way_in_is_known() {
    let mail = received("203.0.113.9", "bounce@envoi.example", MAIL);
    let sent_by = |policy: &str| {
        Zone::of_labo(policy)
            .with("labo.example", "txt", "v=spf1 ip4:192.0.2.0/24 -all")
            .with("envoi.example", "txt", "v=spf1 ip4:203.0.113.0/24 -all")
    };
    for (policy, found) in [
        (REJECT, Standing::Refused),
        ("v=DMARC1; p=quarantine", Standing::Refused),
        ("v=DMARC1; p=none", Standing::Unknown),
        ("", Standing::Unknown),
    ] {
        assert_eq!(said(&mail, &sent_by(policy)), found, "{policy}");
    }
    let forged = received("203.0.113.9", "zoe@labo.example", MAIL);
    assert_eq!(said(&forged, &sent_by(REJECT)), Standing::Refused);
    // The way in is known, and it is theirs.
    let theirs = received("192.0.2.4", "bounce@labo.example", MAIL);
    for policy in [REJECT, ""] {
        assert_eq!(
            said(&theirs, &sent_by(policy)),
            Standing::Proven,
            "{policy}"
        );
    }
    // Of another server nobody knows what it writes.
    let elsewhere = mail.replace("by mx.cabinet.example", "by mx.other.example");
    assert_eq!(said(&elsewhere, &sent_by(REJECT)), Standing::Unknown);
    // Whoever sends may write a hop that looks like ours.
    let twice = received(
        "203.0.113.9",
        "a@labo.example",
        &received("192.0.2.4", "a@labo.example", MAIL),
    );
    assert_eq!(said(&twice, &sent_by(REJECT)), Standing::Unknown);
    // A year later keys are others.
    let late = Wall(NOW.0 + 365 * 86_400 * 1_000_000_000);
    let zone = sent_by(REJECT);
    assert_eq!(
        standing(mail.as_bytes(), &cabinet(), Some(&zone), late),
        Standing::Unknown
    );
}

#[test]
fn rules_by_names_and_by_mail_servers_are_followed() {
    let zone = || {
        Zone::of_labo(REJECT)
            .with("labo.example", "txt", "some other text")
            .with(
                "labo.example",
                "txt",
                "v=spf1 include:_spf.hoster.example mx a:out.labo.example -all",
            )
            .with(
                "_spf.hoster.example",
                "txt",
                "v=spf1 ip4:198.51.100.0/24 ~all",
            )
            .with("labo.example", "mx", "10 mx1.hoster.example.")
            .with("mx1.hoster.example", "a", "192.0.2.77")
            .with("out.labo.example", "aaaa", "2001:db8::5")
    };
    for (ip, found) in [
        ("198.51.100.3", Standing::Proven),
        ("192.0.2.77", Standing::Proven),
        ("2001:db8::5", Standing::Proven),
        ("203.0.113.9", Standing::Refused),
    ] {
        assert_eq!(
            said(&received(ip, "zoe@labo.example", MAIL), &zone()),
            found,
            "{ip}"
        );
    }
    // Strictly the same domain, and a bounce below it.
    let strict = zone().with("bounce.labo.example", "txt", "v=spf1 ip4:192.0.2.1 -all");
    let mail = received("192.0.2.1", "x@bounce.labo.example", MAIL);
    assert_eq!(said(&mail, &strict), Standing::Proven);
    let mut strict = strict;
    strict.records.insert(
        ("_dmarc.labo.example".into(), "txt"),
        vec!["v=DMARC1; p=reject; aspf=s".into()],
    );
    assert_eq!(said(&mail, &strict), Standing::Refused);
}

#[test]
fn rules_that_would_tell_who_wrote_are_not_followed() {
    let mail = received("203.0.113.9", "zoe@labo.example", MAIL);
    for rules in [
        "v=spf1 exists:%{l}.%{i}._spf.labo.example -all",
        "v=spf1 include:%{d}.evil.example -all",
        "v=spf1 exists:always.labo.example -all",
        "v=spf1 ptr -all",
        "v=spf1 redirect=%{l}.labo.example",
    ] {
        let zone = Zone::of_labo(REJECT).with("labo.example", "txt", rules);
        assert_eq!(said(&mail, &zone), Standing::Unknown, "{rules}");
        let asked = zone.asked();
        assert!(
            asked
                .iter()
                .all(|name| !name.contains("zoe") && !name.contains("203")),
            "{asked:?}"
        );
    }
    // Two sets of rules are none.
    let two = Zone::of_labo(REJECT)
        .with("labo.example", "txt", "v=spf1 +all")
        .with("labo.example", "txt", "v=spf1 -all");
    assert_eq!(said(&mail, &two), Standing::Unknown);
}

#[test]
fn who_does_not_answer_makes_nobody_guilty() {
    let forged = received("203.0.113.9", "zoe@labo.example", MAIL);
    let broken = received(
        "203.0.113.9",
        "zoe@labo.example",
        &signed(MAIL).replace("bilan.", "Bilan."),
    );
    let rules = "v=spf1 a:out.hoster.example ip4:192.0.2.0/24 -all";
    for silent in [
        "labo.example",
        "_dmarc.labo.example",
        "hoster.example",
        "example",
    ] {
        let zone = || {
            Zone::of_labo(REJECT)
                .with("labo.example", "txt", rules)
                .silent(silent)
        };
        for mail in [&forged, &broken] {
            assert_eq!(said(mail, &zone()), Standing::Unknown, "{silent}");
        }
    }
    let zone = Zone::of_labo(REJECT)
        .with("labo.example", "txt", rules)
        .silent("_domainkey.labo.example");
    let mail = received("203.0.113.9", "zoe@labo.example", &signed(MAIL));
    assert_eq!(said(&mail, &zone), Standing::Unknown);
    // What was silent of another thing takes no proof away.
    let zone = Zone::of_labo(REJECT)
        .with("labo.example", "txt", rules)
        .silent("hoster.example");
    assert_eq!(said(&mail, &zone), Standing::Proven);
}

/// Sealed by a station on the way, which says what it found.
fn sealed(domain: &str, by: &str, mail: &str) -> String {
    let message = AuthenticatedMessage::parse(mail.as_bytes()).unwrap();
    let results = AuthenticationResults::new(by);
    let set = ArcSealer::from_key(rsa())
        .domain(domain)
        .selector("arc")
        .headers(["From", "To", "Subject"])
        .seal(&message, &results, &mail_auth::ArcOutput::default());
    set.unwrap().to_header() + mail
}

#[test]
fn a_chain_of_seals_holds_off_blame() {
    let record = format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(rsa().public_key()));
    let zone = || {
        Zone::of_labo(REJECT)
            .with("labo.example", "txt", "v=spf1 ip4:192.0.2.0/24 -all")
            .with("arc._domainkey.liste.example", "txt", &record)
    };
    // A list changed the subject and sealed it.
    let changed = signed(MAIL).replace("Subject: Bilan", "Subject: [liste] Bilan");
    let unsealed = received("203.0.113.9", "bounce@liste.example", &changed);
    assert_eq!(said(&unsealed, &zone()), Standing::Refused);
    let mail = sealed("liste.example", "mx.liste.example", &changed);
    let passed = received("203.0.113.9", "bounce@liste.example", &mail);
    assert_eq!(said(&passed, &zone()), Standing::Unknown);
    // A seal that does not hold is none.
    let broken = passed.replace("voici le bilan", "voici la facture");
    assert_eq!(said(&broken, &zone()), Standing::Refused);
    let cut = passed.replacen("ARC-Seal:", "X-Seal:", 1);
    assert_eq!(said(&cut, &zone()), Standing::Refused);
}
