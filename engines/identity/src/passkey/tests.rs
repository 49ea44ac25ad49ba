//! The ceremonies against an authenticator that lies in each way that the standard warns of.

use hygie_model::{DeviceId, PracticeId};
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::device::{CAN_SYNC, Device, PRESENT, SYNCED, VERIFIED};
use super::*;
use crate::rights::{Act, Needs, Who};

const NOW: Wall = Wall(1_790_000_000_000_000_000);
const CLAIRE: PersonId = PersonId(Uuid::from_u128(1));
const OTHER: PersonId = PersonId(Uuid::from_u128(2));

fn later(seconds: i64) -> Wall {
    Wall(NOW.0 + seconds * 1_000_000_000)
}

fn site() -> Site {
    Site::new("cabinet.local", 8443, "Cabinet des Tilleuls").unwrap()
}

fn json(options: impl Serialize) -> Value {
    serde_json::to_value(options).unwrap()
}

fn made_with(device: &mut Device) -> Result<Key, Refused> {
    let (options, making) = site().start_key(CLAIRE, "claire", "Claire Garnier", &[], NOW)?;
    let answer = read_new_key(&device.make(&json(options)))?;
    let (person, key) = site().finish_key(&answer, &making, " Clé bleue ", NOW)?;
    assert_eq!(person, CLAIRE);
    Ok(key)
}

fn signed_in(device: &mut Device, key: &mut Key) -> Result<(), Refused> {
    let (options, signing) = site().start_sign_in(NOW)?;
    let answer = read_answer(&device.sign(&json(options)))?;
    site().finish(&answer, signing, CLAIRE, key, NOW)
}

#[test]
fn a_key_is_made_kept_and_signs_in_without_a_name() {
    let mut device = Device::new(1);
    let key = made_with(&mut device).unwrap();
    // As the base keeps it.
    let mut key: Key = serde_json::from_str(&serde_json::to_string(&key).unwrap()).unwrap();
    assert_eq!(
        (key.name(), key.used(), key.made()),
        ("Clé bleue", None, NOW)
    );

    let (options, signing) = site().start_sign_in(NOW).unwrap();
    assert_eq!(
        json(&options)["publicKey"]["allowCredentials"],
        json(Vec::<u8>::new())
    );
    assert_eq!(json(&options)["publicKey"]["userVerification"], "required");
    assert_eq!(json(&options).get("mediation"), None);
    let signing: Signing = serde_json::from_str(&serde_json::to_string(&signing).unwrap()).unwrap();
    let answer = read_answer(&device.sign(&json(options))).unwrap();
    assert_eq!(site().who(&answer), Ok((CLAIRE, key.id())));
    assert_eq!(
        site().finish(&answer, signing, CLAIRE, &mut key, later(60)),
        Ok(())
    );
    assert_eq!(key.used(), Some(later(60)));
}

#[test]
fn a_new_key_is_discoverable_verified_and_not_a_second_one_of_a_device() {
    let key = made_with(&mut Device::new(1)).unwrap();
    let (options, making) = site()
        .start_key(CLAIRE, "claire", "Claire", &[key], NOW)
        .unwrap();
    let options = json(options);
    let selection = &options["publicKey"]["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["requireResidentKey"], true);
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(options["publicKey"]["rp"]["id"], "cabinet.local");
    assert_eq!(options["publicKey"]["attestation"], "none");
    assert_eq!(
        options["publicKey"]["excludeCredentials"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let again = read_new_key(&Device::new(1).make(&options)).unwrap();
    assert!(site().finish_key(&again, &making, "", NOW).is_err());
}

#[test]
fn a_step_up_asks_for_ones_own_keys() {
    let mut device = Device::new(1);
    let mut key = made_with(&mut device).unwrap();
    assert_eq!(site().start_step_up(&[], NOW).unwrap_err(), Refused::NoKey);
    let (options, signing) = site()
        .start_step_up(std::slice::from_ref(&key), NOW)
        .unwrap();
    assert_eq!(
        json(&options)["publicKey"]["allowCredentials"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let answer = read_answer(&device.sign(&json(options))).unwrap();
    assert_eq!(
        site().finish(&answer, signing, CLAIRE, &mut key, NOW),
        Ok(())
    );
}

#[test]
fn lies_are_told_apart() {
    type Lie = fn(&mut Device);
    let lies: [(Lie, Refused); 6] = [
        (
            |device| device.origin = "https://cabinet.local.example:8443".to_owned(),
            Refused::OtherSite,
        ),
        (
            |device| device.origin = "https://cabinet.local:9443".to_owned(),
            Refused::OtherSite,
        ),
        (
            |device| device.rp = "cabinet2.local".to_owned(),
            Refused::OtherSite,
        ),
        (|device| device.flags = PRESENT, Refused::NotVerified),
        (
            |device| device.user = OTHER.0.as_bytes().to_vec(),
            Refused::OtherPerson,
        ),
        (|device| device.id = vec![9; 20], Refused::UnknownKey),
    ];
    for (at, (lie, refused)) in lies.into_iter().enumerate() {
        let mut device = Device::new(1);
        let mut key = made_with(&mut device).unwrap();
        lie(&mut device);
        assert_eq!(signed_in(&mut device, &mut key), Err(refused), "lie {at}");
        assert_eq!(key.used(), None, "lie {at}");
    }
    // Another key under the right id.
    let mut key = made_with(&mut Device::new(1)).unwrap();
    let mut forger = Device::new(2);
    forger.id = vec![1; 20];
    forger.user = CLAIRE.0.as_bytes().to_vec();
    assert_eq!(signed_in(&mut forger, &mut key), Err(Refused::Forged));
}

#[test]
fn a_key_that_did_not_verify_is_not_made() {
    let mut device = Device::new(1);
    device.flags = PRESENT;
    assert_eq!(made_with(&mut device).unwrap_err(), Refused::NotVerified);
    let mut device = Device::new(1);
    device.origin = "https://hygie.example".to_owned();
    assert_eq!(made_with(&mut device).unwrap_err(), Refused::OtherSite);
}

#[test]
fn a_counter_that_goes_back_is_a_copied_key() {
    let mut device = Device::new(1);
    device.counter = 5;
    let mut key = made_with(&mut device).unwrap();
    assert_eq!(signed_in(&mut device, &mut key), Ok(()));
    assert_eq!(signed_in(&mut device, &mut key), Ok(()));
    device.counter = 5;
    assert_eq!(signed_in(&mut device, &mut key), Err(Refused::Copied));
    device.counter = 50;
    assert_eq!(signed_in(&mut device, &mut key), Ok(()));
}

#[test]
fn a_key_may_become_one_that_is_kept_elsewhere_but_not_back() {
    let mut device = Device::new(1);
    let mut key = made_with(&mut device).unwrap();
    assert!(key.is_bound_to_one_thing() && !key.is_synced());
    device.flags = PRESENT | VERIFIED | CAN_SYNC;
    assert_eq!(signed_in(&mut device, &mut key), Ok(()));
    assert!(!key.is_bound_to_one_thing() && !key.is_synced());
    device.flags = PRESENT | VERIFIED | CAN_SYNC | SYNCED;
    assert_eq!(signed_in(&mut device, &mut key), Ok(()));
    assert!(key.is_synced());
    device.flags = PRESENT | VERIFIED;
    assert_eq!(signed_in(&mut device, &mut key), Err(Refused::Changed));
    assert!(key.is_synced());

    let mut device = Device::new(2);
    device.flags = PRESENT | VERIFIED | CAN_SYNC | SYNCED;
    assert!(made_with(&mut device).unwrap().is_synced());
}

#[test]
fn an_answer_is_for_one_ceremony_and_for_five_minutes() {
    let mut device = Device::new(1);
    let mut key = made_with(&mut device).unwrap();
    let (options, _) = site().start_sign_in(NOW).unwrap();
    let (_, other) = site().start_sign_in(NOW).unwrap();
    let answer = read_answer(&device.sign(&json(options))).unwrap();
    assert_eq!(
        site().finish(&answer, other, CLAIRE, &mut key, NOW),
        Err(Refused::OtherChallenge)
    );

    let (options, signing) = site().start_sign_in(NOW).unwrap();
    let answer = read_answer(&device.sign(&json(options))).unwrap();
    assert_eq!(
        site().finish(&answer, signing, CLAIRE, &mut key, later(301)),
        Err(Refused::TooLate)
    );
}

#[test]
fn what_is_no_answer_is_refused() {
    for body in [
        &b""[..],
        b"{}",
        b"[]",
        b"null",
        b"{\"id\":\"\"}",
        &[0xff; 10],
        &vec![b' '; MAX_ANSWER_BYTES + 1],
    ] {
        assert!(matches!(read_answer(body), Err(Refused::NotReadable)));
        assert!(matches!(read_new_key(body), Err(Refused::NotReadable)));
    }
}

#[test]
fn names_that_keys_cannot_bind_to_are_refused() {
    for name in [
        "localhost",
        "",
        "cabinet",
        "127.0.0.1",
        "cabinet.local/x",
        "Cabinet.local",
        "a b.local",
        "cabinet.local:1",
    ] {
        assert_eq!(
            Site::new(name, 8443, "Cabinet").err(),
            Some(BadName),
            "{name}"
        );
    }
    assert!(Site::new("hygie.cabinet-garnier.fr", 443, "Cabinet").is_ok());
}

fn confirmation() -> Confirmation {
    Confirmation {
        practice: PracticeId(Uuid::from_u128(10)),
        device: DeviceId(Uuid::from_u128(11)),
        person: CLAIRE,
        act: Act::AllowIncident,
        on: "incident 17: /opt/x/sync on Patients until 2026-12-01".to_owned(),
        until: later(300),
        nonce: [7; NONCE_BYTES],
    }
}

fn confirmed(asked: &Confirmation, checked: &Confirmation, now: Wall) -> Result<(), Refused> {
    let mut device = Device::new(1);
    let mut key = made_with(&mut device)?;
    let options = site().ask(asked, std::slice::from_ref(&key))?;
    let answer = read_answer(&device.sign(&json(options)))?;
    site().confirm(checked, &answer, &mut key, now)
}

#[test]
fn the_guards_own_challenge_is_signed_and_checked() {
    let asked = confirmation();
    assert_eq!(confirmed(&asked, &asked, NOW), Ok(()));
    assert_eq!(confirmed(&asked, &asked, later(301)), Err(Refused::TooLate));
    assert_eq!(site().ask(&asked, &[]).unwrap_err(), Refused::NoKey);
}

#[test]
fn a_signature_serves_for_nothing_else() {
    let asked = confirmation();
    let others = [
        Confirmation {
            nonce: [8; NONCE_BYTES],
            ..asked.clone()
        },
        Confirmation {
            act: Act::ForgetFile,
            ..asked.clone()
        },
        Confirmation {
            on: "incident 18".to_owned(),
            ..asked.clone()
        },
        Confirmation {
            until: later(301),
            ..asked.clone()
        },
        Confirmation {
            device: DeviceId(Uuid::from_u128(12)),
            ..asked.clone()
        },
        Confirmation {
            practice: PracticeId(Uuid::from_u128(12)),
            ..asked.clone()
        },
    ];
    for other in others {
        assert_eq!(
            confirmed(&asked, &other, NOW),
            Err(Refused::OtherChallenge),
            "{other:?}"
        );
    }
    // Neither may a sign-in be passed on as a confirmation, nor one person's for another.
    let mut device = Device::new(1);
    let mut key = made_with(&mut device).unwrap();
    let (options, _) = site().start_sign_in(NOW).unwrap();
    let answer = read_answer(&device.sign(&json(options))).unwrap();
    assert_eq!(
        site().confirm(&asked, &answer, &mut key, NOW),
        Err(Refused::OtherChallenge)
    );
    let other = Confirmation {
        person: OTHER,
        ..asked.clone()
    };
    assert_eq!(confirmed(&other, &other, NOW), Err(Refused::OtherPerson));
}

#[test]
fn only_practitioners_have_rows_that_a_signature_opens() {
    for act in Act::ALL
        .iter()
        .filter(|act| act.row().needs == Needs::GuardSignature)
    {
        let who: Vec<Who> = act.row().allowed().collect();
        assert_eq!(
            who,
            [Who::Person(hygie_model::Role::Practitioner)],
            "{act:?}"
        );
    }
}

proptest! {
    /// Moving a border between two parts of a question moves its challenge.
    #[test]
    fn questions_do_not_share_a_challenge(a in ".{0,20}", b in ".{0,20}", nonce: [u8; NONCE_BYTES]) {
        let one = Confirmation { on: a.clone(), nonce, ..confirmation() };
        let two = Confirmation { on: b.clone(), nonce, ..confirmation() };
        prop_assert_eq!(one.challenge() == two.challenge(), a == b);
    }

    #[test]
    fn reading_never_panics(body: Vec<u8>) {
        let _ = read_answer(&body);
        let _ = read_new_key(&body);
    }
}
