//! Keys that are proposed, believed, asked and no more believed; and answers that serve for nothing.

use std::{fs, os::unix::fs::PermissionsExt};

use hygie_acts::{Allowed, AllowedId, Class, Doing};
use hygie_identity::passkey::{Key, device::Device, read_new_key};
use hygie_model::{DirId, PracticeId};
use serde_json::json;
use uuid::Uuid;

use super::*;

const NOW: Wall = Wall(1_795_507_920_000_000_000);
const CLAIRE: PersonId = PersonId(Uuid::from_u128(1));
const PAUL: PersonId = PersonId(Uuid::from_u128(2));

struct Scene {
    dir: tempfile::TempDir,
    keys: Keys,
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let keys = Keys::at(&StateDir::at(dir.path()));
        Self { dir, keys }
    }

    fn restart(&mut self) {
        self.keys = Keys::at(&StateDir::at(self.dir.path()));
    }

    /// Handed in by the hub and believed by root.
    fn believed(&self, person: PersonId, seed: u8, counter: u32) -> (Device, KeyTold) {
        let (device, proposed) = made(person, seed, counter);
        let key = self.keys.propose(&proposed, NOW).unwrap();
        let key = self.keys.trust(&key.mark, By::Root, NOW).unwrap();
        (device, key)
    }

    fn ask(&self, person: PersonId, deed: Deed) -> Result<Challenge, NotSigned> {
        self.keys.ask(person, deed, (NOW, at(0)))
    }

    fn check(&self, id: &str, answer: &Value) -> Result<Deed, NotSigned> {
        let done = self.keys.check(id, answer, (NOW, at(1)));
        done.map(|signature| signature.deed)
    }
}

fn at(seconds: u64) -> Mono {
    Mono((1_000 + seconds) * 1_000_000_000)
}

fn console() -> Console {
    Console {
        practice: PracticeId(Uuid::from_u128(10)),
        title: "Cabinet des Tilleuls".into(),
        host: "cabinet.local".into(),
        port: 8443,
    }
}

fn made(person: PersonId, seed: u8, counter: u32) -> (Device, Proposed) {
    let mut device = Device::new(seed);
    device.counter = counter;
    let site = console().site().unwrap();
    let (options, making) = site.start_key(person, "x", "X", &[], NOW).unwrap();
    let answer = device.make(&serde_json::to_value(options).unwrap());
    let answer = read_new_key(&answer).unwrap();
    let (person, key) = site.finish_key(&answer, &making, "Clé bleue", NOW).unwrap();
    let proposed = Proposed {
        person,
        name: "Claire Garnier".into(),
        console: console(),
        key: serde_json::to_value(key).unwrap(),
    };
    (device, proposed)
}

fn allow(incident: u64) -> Deed {
    let allowed = Allowed {
        id: AllowedId(0),
        incident,
        uid: 1000,
        exe: "/opt/x".into(),
        program: "ab".into(),
        class: Class::Unknown,
        script: None,
        folder: DirId(1),
        path: "/srv/patients".into(),
        doing: Doing::Change,
        since: NOW,
        until: Wall(NOW.0 + 8 * 3_600_000_000_000),
    };
    Deed::Allow {
        incident,
        allowed: vec![allowed],
    }
}

fn sign(device: &mut Device, challenge: &Challenge) -> Value {
    serde_json::from_slice(&device.sign(&challenge.options)).unwrap()
}

#[test]
fn what_the_challenge_named_is_what_is_signed_and_once() {
    let scene = Scene::new();
    let (mut device, key) = scene.believed(CLAIRE, 1, 0);
    let challenge = scene.ask(CLAIRE, allow(17)).unwrap();
    assert_eq!(challenge.deed, allow(17));
    let answer = sign(&mut device, &challenge);
    let done = scene
        .keys
        .check(&challenge.id, &answer, (NOW, at(1)))
        .unwrap();
    assert_eq!((done.person, done.mark), (CLAIRE, key.mark));
    assert_eq!(done.deed, allow(17));
    // Played again.
    assert_eq!(scene.check(&challenge.id, &answer), Err(NotSigned::Gone));
}

#[test]
fn an_answer_serves_for_no_other_question() {
    let scene = Scene::new();
    let (mut claire, _) = scene.believed(CLAIRE, 1, 0);
    let (mut paul, _) = scene.believed(PAUL, 2, 0);
    let ask = |person, deed| scene.ask(person, deed).unwrap();

    // The hub shows one incident and sends the answer for another, or for a longer time.
    let (shown, meant) = (ask(CLAIRE, allow(17)), ask(CLAIRE, allow(18)));
    let answer = sign(&mut claire, &shown);
    assert_eq!(scene.check(&meant.id, &answer), Err(NotSigned::Wrong));
    // It was the only try.
    assert_eq!(scene.check(&meant.id, &answer), Err(NotSigned::Gone));
    assert_eq!(scene.check(&shown.id, &answer), Ok(allow(17)));

    // The same incident, asked twice.
    let (one, two) = (ask(CLAIRE, allow(17)), ask(CLAIRE, allow(17)));
    let answer = sign(&mut claire, &one);
    assert_eq!(scene.check(&two.id, &answer), Err(NotSigned::Wrong));

    // Another person's key, although it is believed for her.
    let challenge = ask(CLAIRE, allow(17));
    let answer = sign(&mut paul, &challenge);
    assert_eq!(
        scene.check(&challenge.id, &answer),
        Err(NotSigned::UnknownKey)
    );

    // A key under the right id that the guard never saw.
    let challenge = ask(CLAIRE, allow(17));
    let mut forger = Device::new(9);
    forger.id.clone_from(&claire.id);
    forger.user.clone_from(&claire.user);
    let answer = sign(&mut forger, &challenge);
    assert_eq!(scene.check(&challenge.id, &answer), Err(NotSigned::Wrong));

    // A page of another name in between.
    let challenge = ask(CLAIRE, allow(17));
    claire.origin = "https://cabinet.local.example:8443".into();
    let answer = sign(&mut claire, &challenge);
    assert_eq!(scene.check(&challenge.id, &answer), Err(NotSigned::Wrong));

    for nothing in [Value::Null, json!({}), json!("x")] {
        let challenge = ask(CLAIRE, allow(17));
        assert_eq!(scene.check(&challenge.id, &nothing), Err(NotSigned::Wrong));
    }
    assert_eq!(scene.check("", &Value::Null), Err(NotSigned::Gone));
}

#[test]
fn an_answer_serves_on_no_other_device() {
    // The same person's same key, believed on two devices; a hub carries the one's answer to the other.
    let (here, there) = (Scene::new(), Scene::new());
    let (mut claire, _) = here.believed(CLAIRE, 1, 0);
    let (_, _) = there.believed(CLAIRE, 1, 0);
    let shown = here.ask(CLAIRE, allow(17)).unwrap();
    let meant = there.ask(CLAIRE, allow(17)).unwrap();
    let answer = sign(&mut claire, &shown);
    assert_eq!(there.check(&shown.id, &answer), Err(NotSigned::Gone));
    assert_eq!(there.check(&meant.id, &answer), Err(NotSigned::Wrong));
    assert_eq!(here.check(&shown.id, &answer), Ok(allow(17)));
    // For another deed on the same device, or by a key for another site.
    let challenge = here.ask(CLAIRE, allow(17)).unwrap();
    claire.rp = "other.example".into();
    let answer = sign(&mut claire, &challenge);
    assert_eq!(here.check(&challenge.id, &answer), Err(NotSigned::Wrong));
}

#[test]
fn an_answer_counts_for_five_minutes() {
    let scene = Scene::new();
    let (mut device, _) = scene.believed(CLAIRE, 1, 0);
    let late = |now: Wall, mono: Mono, device: &mut Device| {
        let challenge = scene.ask(CLAIRE, allow(17)).unwrap();
        let answer = sign(device, &challenge);
        let done = scene.keys.check(&challenge.id, &answer, (now, mono));
        done.map(|signature| signature.deed)
    };
    assert_eq!(late(NOW, at(300), &mut device), Ok(allow(17)));
    // Whichever clock says so: the other one may have been set back.
    assert_eq!(late(NOW, at(301), &mut device), Err(NotSigned::Gone));
    let then = Wall(NOW.0 + 301_000_000_000);
    assert_eq!(late(then, at(1), &mut device), Err(NotSigned::Gone));
}

#[test]
fn a_restart_forgets_what_was_asked_and_keeps_who_is_believed() {
    let mut scene = Scene::new();
    let (mut device, key) = scene.believed(CLAIRE, 1, 5);
    let challenge = scene.ask(CLAIRE, allow(17)).unwrap();
    let answer = sign(&mut device, &challenge);
    scene.restart();
    assert_eq!(scene.check(&challenge.id, &answer), Err(NotSigned::Gone));
    assert_eq!(scene.keys.told().trusted, [key]);

    // The counter is on disk: a copy of the key that stayed behind is found out after a restart too.
    let challenge = scene.ask(CLAIRE, allow(17)).unwrap();
    let answer = sign(&mut device, &challenge);
    assert_eq!(scene.check(&challenge.id, &answer), Ok(allow(17)));
    scene.restart();
    device.counter = 5;
    let challenge = scene.ask(CLAIRE, allow(17)).unwrap();
    let answer = sign(&mut device, &challenge);
    assert_eq!(scene.check(&challenge.id, &answer), Err(NotSigned::Copied));
}

#[test]
fn only_what_somebody_trusted_is_believed() {
    let scene = Scene::new();
    let (mut device, proposed) = made(CLAIRE, 1, 0);
    let key = scene.keys.propose(&proposed, NOW).unwrap();
    assert_eq!(scene.ask(CLAIRE, allow(17)), Err(NotSigned::NoKey));
    // Handed in twice: the same.
    assert_eq!(scene.keys.propose(&proposed, Wall(NOW.0 + 1)).unwrap(), key);
    assert_eq!(scene.keys.told().proposed, std::slice::from_ref(&key));

    let believed = scene.keys.trust(&key.mark, By::Root, NOW).unwrap();
    assert_eq!((believed.number, believed.by), (key.number, Some(By::Root)));
    assert_eq!(
        scene.keys.propose(&proposed, NOW).unwrap().by,
        Some(By::Root)
    );
    assert!(scene.keys.told().proposed.is_empty());

    let mut renamed = proposed.clone();
    renamed.name = "Claire Martin".into();
    renamed.console.title = "Cabinet Martin".into();
    assert_eq!(scene.keys.propose(&renamed, NOW).unwrap().mark, key.mark);
    assert!(scene.keys.told().proposed.is_empty());

    // Believed no more between question and answer.
    let challenge = scene.ask(CLAIRE, allow(17)).unwrap();
    let answer = sign(&mut device, &challenge);
    scene.keys.distrust(&key.mark).unwrap();
    assert_eq!(
        scene.check(&challenge.id, &answer),
        Err(NotSigned::UnknownKey)
    );
    assert_eq!(scene.ask(CLAIRE, allow(17)), Err(NotSigned::NoKey));
    let again = scene.keys.propose(&proposed, NOW).unwrap();
    assert!(again.by.is_none() && again.mark == key.mark);
    let unknown = scene.keys.trust("00", By::Root, NOW);
    assert!(matches!(unknown, Err(NotListed::Unknown)));
}

#[test]
fn a_number_is_never_used_again_and_a_mark_stands_for_all() {
    let scene = Scene::new();
    let (_, proposed) = made(CLAIRE, 1, 0);
    let first = scene.keys.propose(&proposed, NOW).unwrap();
    // The hub gives the key to somebody else, or to another console: it is another proposal.
    let mut other = proposed.clone();
    other.person = PAUL;
    let second = scene.keys.propose(&other, NOW).unwrap();
    let mut elsewhere = proposed.clone();
    elsewhere.console.host = "cabinet2.local".into();
    let third = scene.keys.propose(&elsewhere, NOW).unwrap();
    assert_eq!([first.number, second.number, third.number], [1, 2, 3]);
    assert!(first.mark != second.mark && first.mark != third.mark);
    scene.keys.distrust(&third.mark).unwrap();
    assert_eq!(scene.keys.propose(&elsewhere, NOW).unwrap().number, 4);
    scene.keys.trust(&first.mark, By::Root, NOW).unwrap();
    fs::remove_file(scene.dir.path().join("proposed-keys.json")).unwrap();
    assert_eq!(scene.keys.propose(&other, NOW).unwrap().number, 2);
}

#[test]
fn what_the_hub_hands_in_is_bounded_and_read_as_a_strangers() {
    let scene = Scene::new();
    for seed in 1..=8 {
        scene.keys.propose(&made(CLAIRE, seed, 0).1, NOW).unwrap();
    }
    let ninth = scene.keys.propose(&made(CLAIRE, 9, 0).1, NOW);
    assert!(matches!(ninth, Err(NotListed::Full)), "{ninth:?}");
    let (_, sound) = made(PAUL, 10, 0);
    type Lie = fn(&mut Proposed);
    let lies: [Lie; 6] = [
        |one| one.name = " ".into(),
        |one| one.name = "x".repeat(101),
        |one| one.console.host = "localhost".into(),
        |one| one.console.host = "cabinet.local/x".into(),
        |one| one.key = json!({}),
        |one| one.key = Value::Null,
    ];
    for lie in lies {
        let mut proposed = sound.clone();
        lie(&mut proposed);
        let refused = scene.keys.propose(&proposed, NOW);
        assert!(matches!(refused, Err(NotListed::NoKey)), "{refused:?}");
    }
    for number in 0..64_u128 {
        let mut proposed = sound.clone();
        proposed.person = PersonId(Uuid::from_u128(100 + number));
        let done = scene.keys.propose(&proposed, NOW);
        assert_eq!(done.is_ok(), number < 56, "{number}");
    }
    let file = scene.dir.path().join("proposed-keys.json");
    assert_eq!(
        fs::metadata(file).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn a_damaged_list_is_nobodys_word() {
    let scene = Scene::new();
    let (_, key) = scene.believed(CLAIRE, 1, 0);
    let file = scene.dir.path().join("trusted-keys.json");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let whole = fs::read(&file).unwrap();
    for damaged in [&whole[..whole.len() - 3], b"", b"{}", b"[]"] {
        fs::write(&file, damaged).unwrap();
        let told = scene.keys.told();
        assert!(told.damaged && told.trusted.is_empty());
        assert_eq!(scene.ask(CLAIRE, allow(17)), Err(NotSigned::Damaged));
        let done = scene.keys.trust(&key.mark, By::Root, NOW);
        assert!(matches!(done, Err(NotListed::Damaged(_))), "{done:?}");
        assert_eq!(
            fs::read(&file).unwrap(),
            damaged,
            "kept for who looks into it"
        );
    }
    fs::write(&file, whole).unwrap();
    assert_eq!(scene.keys.told().trusted, [key]);
}

#[test]
fn one_more_key_is_believed_by_a_signature_of_one_that_is() {
    let scene = Scene::new();
    let (mut device, signer) = scene.believed(CLAIRE, 1, 0);
    let new = scene.keys.propose(&made(PAUL, 2, 0).1, NOW).unwrap();
    let challenge = scene.ask(CLAIRE, Deed::Trust(new.clone())).unwrap();
    assert_eq!(challenge.deed, Deed::Trust(new.clone()));
    let answer = sign(&mut device, &challenge);
    assert_eq!(
        scene.check(&challenge.id, &answer),
        Ok(Deed::Trust(new.clone()))
    );
    let by = By::Person {
        person: CLAIRE,
        mark: signer.mark,
    };
    let told = scene.keys.trust(&new.mark, by.clone(), NOW).unwrap();
    assert_eq!(told.by, Some(by));
    assert!(scene.ask(PAUL, allow(1)).is_ok());
}

fn mark(proposed: &Proposed) -> String {
    let key: Key = serde_json::from_value(proposed.key.clone()).unwrap();
    data_encoding::HEXLOWER.encode(&key.mark())
}

#[test]
fn what_the_hub_takes_back_signs_no_more_and_one_word_brings_it_back() {
    let mut scene = Scene::new();
    let (mut lost, proposed) = made(CLAIRE, 1, 0);
    let told = scene.keys.propose(&proposed, NOW).unwrap();
    scene.keys.trust(&told.mark, By::Root, NOW).unwrap();
    let (_, spare) = scene.believed(CLAIRE, 3, 0);
    let (_, other) = scene.believed(PAUL, 2, 0);
    let challenge = scene.ask(CLAIRE, allow(17)).unwrap();
    let answer = sign(&mut lost, &challenge);
    // Of somebody else's keys it is none.
    let later = Wall(NOW.0 + 1);
    let none = scene.keys.withdraw(PAUL, Some(&mark(&proposed)), later);
    assert_eq!(none.unwrap(), Withdrawn::default());
    let gone = scene.keys.withdraw(CLAIRE, Some(&mark(&proposed)), later);
    let gone = gone.unwrap();
    assert_eq!((gone.gone.len(), gone.stays), (1, None));
    assert_eq!(gone.gone[0].mark, told.mark);
    // Between question and answer.
    let answered = scene.check(&challenge.id, &answer);
    assert_eq!(answered, Err(NotSigned::UnknownKey));
    scene.restart();
    let told_now = scene.keys.told();
    assert_eq!(told_now.trusted, [spare, other]);
    assert_eq!(told_now.proposed[0].withdrawn, Some(later));
    // Asked again, or handed in again, it stays as it is.
    let again = scene.keys.withdraw(CLAIRE, Some(&mark(&proposed)), later);
    assert_eq!(again.unwrap(), Withdrawn::default());
    assert!(scene.keys.propose(&proposed, later).unwrap().by.is_none());
    assert_eq!(scene.keys.told(), told_now);
    let back = scene.keys.trust(&told.mark, By::Root, later).unwrap();
    assert_eq!((back.number, back.withdrawn), (told.number, None));
}

#[test]
fn a_hub_that_was_taken_over_cannot_shut_everybody_out() {
    let scene = Scene::new();
    let (_, first) = scene.believed(CLAIRE, 1, 0);
    let (mut device, second) = scene.believed(CLAIRE, 2, 0);
    let gone = scene.keys.withdraw(CLAIRE, None, NOW).unwrap();
    let marks = |keys: &[KeyTold]| keys.iter().map(|key| key.mark.clone()).collect::<Vec<_>>();
    assert_eq!(marks(&gone.gone), std::slice::from_ref(&first.mark));
    assert_eq!(gone.stays, Some(second.clone()));
    for _ in 0..3 {
        let again = scene.keys.withdraw(CLAIRE, None, NOW).unwrap();
        assert_eq!((again.gone.len(), again.stays.is_some()), (0, true));
    }
    // Who is left brings the others back by a signature.
    let waits = scene.keys.told().proposed.remove(0);
    let challenge = scene.ask(CLAIRE, Deed::Trust(waits.clone())).unwrap();
    let answer = sign(&mut device, &challenge);
    assert_eq!(scene.check(&challenge.id, &answer), Ok(Deed::Trust(waits)));
    // One that nobody believed yet is as if it had not been handed in.
    scene.keys.propose(&made(PAUL, 3, 0).1, NOW).unwrap();
    assert_eq!(scene.keys.told().proposed.len(), 2);
    let gone = scene.keys.withdraw(PAUL, None, NOW).unwrap();
    assert_eq!(gone, Withdrawn::default());
    assert_eq!(marks(&scene.keys.told().proposed), [first.mark]);
}

#[test]
fn few_questions_wait_and_the_oldest_goes_first() {
    let scene = Scene::new();
    let (mut device, _) = scene.believed(CLAIRE, 1, 0);
    let (mut paul, _) = scene.believed(PAUL, 2, 0);
    let others = scene.ask(PAUL, allow(1)).unwrap();
    let asked: Vec<_> = (0..6)
        .map(|number| scene.ask(CLAIRE, allow(number)).unwrap())
        .collect();
    for (number, challenge) in (0..).zip(&asked) {
        let answer = sign(&mut device, challenge);
        let done = if number < 2 {
            Err(NotSigned::Gone)
        } else {
            Ok(allow(number))
        };
        assert_eq!(scene.check(&challenge.id, &answer), done, "{number}");
    }
    let answer = sign(&mut paul, &others);
    assert_eq!(scene.check(&others.id, &answer), Ok(allow(1)));
}
