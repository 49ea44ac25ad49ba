//! The lines as they are written, and what is no line.

use std::fmt::Debug;

use serde::de::DeserializeOwned;

use super::*;

fn is_told_as<T: Serialize + DeserializeOwned + PartialEq + Debug>(said: &T, line: &str) {
    assert_eq!(serde_json::to_string(said).unwrap(), line);
    assert_eq!(&serde_json::from_str::<T>(line).unwrap(), said);
}

fn mail() -> Road {
    Road::Mail {
        server: "smtp.cabinet.example".to_owned(),
        port: 587,
        security: Security::StartTls,
        user: Some("hygie".to_owned()),
        from: "hygie@cabinet.example".to_owned(),
        to: vec!["dr@cabinet.example".to_owned()],
    }
}

const MAIL: &str = concat!(
    r#"{"road":"mail","server":"smtp.cabinet.example","port":587,"security":"start_tls","user":"hygie","#,
    r#""from":"hygie@cabinet.example","to":["dr@cabinet.example"]}"#
);

#[test]
fn what_the_hub_asks_has_one_form() {
    is_told_as(&Ask::State {}, r#"{"ask":"state"}"#);
    is_told_as(
        &Ask::Drop { slot: Slot::Second },
        r#"{"ask":"drop","slot":"second"}"#,
    );
    is_told_as(
        &Ask::Keep {
            slot: Slot::First,
            road: mail(),
            secret: Some(Secret::new("Iris!".to_owned())),
        },
        &format!(r#"{{"ask":"keep","slot":"first","road":{MAIL},"secret":"Iris!"}}"#),
    );
    is_told_as(
        &Ask::Send {
            slot: Slot::First,
            id: Uuid::from_u128(1),
            letter: Letter {
                subject: "Un programme a été arrêté".to_owned(),
                text: "Ouvrez Hygie.".to_owned(),
            },
        },
        concat!(
            r#"{"ask":"send","slot":"first","id":"00000000-0000-0000-0000-000000000001","#,
            r#""letter":{"subject":"Un programme a été arrêté","text":"Ouvrez Hygie."}}"#
        ),
    );
}

#[test]
fn what_the_post_answers_has_one_form() {
    let webhook = Road::Webhook {
        url: "https://alertes.example/h".to_owned(),
    };
    is_told_as(
        &Answer::State {
            first: Some(Shown {
                road: mail(),
                secret: true,
            }),
            second: Some(Shown {
                road: webhook,
                secret: false,
            }),
        },
        &format!(
            r#"{{"answer":"state","first":{{"road":{MAIL},"secret":true}},"second":{{"road":{{"road":"webhook","url":"https://alertes.example/h"}},"secret":false}}}}"#
        ),
    );
    is_told_as(&Answer::Kept {}, r#"{"answer":"kept"}"#);
    is_told_as(&Answer::Dropped {}, r#"{"answer":"dropped"}"#);
    is_told_as(
        &Answer::Taken { left_out: vec![] },
        r#"{"answer":"taken","left_out":[]}"#,
    );
    for (trouble, text) in [
        (Trouble::NoRoad, r#"{"kind":"no_road"}"#),
        (Trouble::NameUnknown, r#"{"kind":"name_unknown"}"#),
        (Trouble::NotReached, r#"{"kind":"not_reached"}"#),
        (Trouble::TlsRefused, r#"{"kind":"tls_refused"}"#),
        (
            Trouble::CertificateRefused,
            r#"{"kind":"certificate_refused"}"#,
        ),
        (Trouble::LoginRefused, r#"{"kind":"login_refused"}"#),
        (Trouble::AddressRefused, r#"{"kind":"address_refused"}"#),
        (
            Trouble::Refused { code: 552 },
            r#"{"kind":"refused","code":552}"#,
        ),
        (
            Trouble::Later { code: 451 },
            r#"{"kind":"later","code":451}"#,
        ),
        (Trouble::TooSlow, r#"{"kind":"too_slow"}"#),
        (Trouble::BrokenOff, r#"{"kind":"broken_off"}"#),
        (Trouble::Full, r#"{"kind":"full"}"#),
    ] {
        let line = format!(r#"{{"answer":"not_taken","trouble":{text}}}"#);
        is_told_as(&Answer::NotTaken { trouble }, &line);
    }
    for (why, text) in [
        (Refusal::Stranger, r#"{"refusal":"stranger"}"#),
        (Refusal::Busy, r#"{"refusal":"busy"}"#),
        (
            Refusal::Road { flaw: Flaw::Url },
            r#"{"refusal":"road","flaw":"url"}"#,
        ),
    ] {
        let line = format!(r#"{{"answer":"refused","why":{text}}}"#);
        is_told_as(&Answer::Refused { why }, &line);
    }
}

#[test]
fn what_is_no_question_is_refused() {
    for bad in [
        "",
        "null",
        "{}",
        r#"{"ask":"secrets"}"#,
        r#"{"ask":"state","and":"secrets"}"#,
        r#"{"ask":"drop","slot":"third"}"#,
        r#"{"ask":"send","slot":"first","id":"7","letter":{"subject":"","text":""}}"#,
        // Whom it goes to is the road's.
        r#"{"ask":"send","slot":"first","id":"00000000-0000-0000-0000-000000000001","letter":{"subject":"a","text":"b","to":"x@y.example"}}"#,
        r#"{"ask":"keep","slot":"first","road":{"road":"webhook","url":"https://a.example","method":"PUT"},"secret":null}"#,
        r#"{"ask":"keep","slot":"first","road":{"road":"mail","server":"a","port":70000,"security":"tls","user":null,"from":"a","to":[]},"secret":null}"#,
        r#"{"ask":"keep","slot":"first","road":{"road":"mail","server":"a","port":25,"security":"none","user":null,"from":"a","to":[]},"secret":null}"#,
    ] {
        assert!(serde_json::from_str::<Ask>(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_secret_does_not_print() {
    let ask = Ask::Keep {
        slot: Slot::First,
        road: mail(),
        secret: Some(Secret::new("Iris!".to_owned())),
    };
    assert!(!format!("{ask:?}").contains("Iris"), "{ask:?}");
}
