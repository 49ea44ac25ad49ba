//! A stopped program goes on by a practitioner's passkey, which signs the guard's own challenge, and by nothing less.

use std::time::{Duration, Instant};

use hygie_acts::{Allowed, State};
use hygie_agent::{
    door::{KeysAsked, Question, Reply},
    keys::{Challenge, Console, Deed, NotSigned, Proposed},
};
use hygie_identity::passkey::{Site, device::Device, read_new_key};
use hygie_model::{PracticeId, Wall};
use hygie_testkit::Snapshot;
use serde_json::{Value, json};

use crate::{
    hub::{PERSON, for_person, person},
    scene::{End, PATIENCE, Scene, USER},
};

const HOST: &str = "cabinet.local";

/// Claire's passkey, as the hub hands it in.
fn made(seed: u8) -> (Device, Proposed) {
    let mut device = Device::new(seed);
    let site = Site::new(HOST, 8443, "Cabinet").expect("a name");
    let now = Wall(1_790_000_000_000_000_000);
    let (options, making) = site
        .start_key(person(), "claire", "Claire", &[], now)
        .expect("a question");
    let options = serde_json::to_value(options).expect("JSON");
    let answer = read_new_key(&device.make(&options)).expect("a key");
    let (person, key) = site
        .finish_key(&answer, &making, "Clé bleue", now)
        .expect("a key");
    let console = Console {
        practice: PracticeId(person.0),
        title: "Cabinet".into(),
        host: HOST.into(),
        port: 8443,
    };
    let proposed = Proposed {
        person,
        name: "Claire Garnier".into(),
        console,
        key: serde_json::to_value(key).expect("JSON"),
    };
    (device, proposed)
}

struct Hub<'a> {
    scene: &'a Scene,
    uid: u32,
    incident: u64,
}

impl Hub<'_> {
    fn ask(&self, question: &Question) -> Reply {
        self.scene.ask_as(self.uid, question)
    }

    fn allow(&self, seconds: u64) -> Reply {
        let id = self.incident;
        self.ask(&for_person(Question::Allow { id, seconds }))
    }

    fn challenge(&self) -> Challenge {
        let reply = self.allow(28_800);
        let Reply::Challenge(challenge) = reply else {
            panic!("no challenge: {reply:?}");
        };
        *challenge
    }

    fn state(&self) -> State {
        let Reply::Incidents { incidents, .. } = self.ask(&Question::Incidents) else {
            panic!("how things stand is for the hub");
        };
        incidents[0].state
    }
}

fn confirm(device: &mut Device, challenge: &Challenge) -> Question {
    Question::Confirm {
        id: challenge.id.clone(),
        answer: serde_json::from_slice(&device.sign(&challenge.options)).expect("JSON"),
    }
}

fn not_signed(why: NotSigned) -> Reply {
    Reply::NotSigned(why)
}

#[test]
fn a_program_goes_on_by_a_signature_and_by_nothing_less() {
    let Some(mut scene) = Scene::make(1, 120) else {
        return;
    };
    let uid = match hygie_testkit::hub_user() {
        Ok(hub) => hub,
        Err(why) => {
            println!("skipped: no user hygie-hub: {why:#}");
            return;
        }
    };
    let before = scene.arenas[0].snapshot().expect("a snapshot");
    let mut running = scene.start(0, "encrypt-in-place", &[]);
    let End::Stopped(incident) = scene.stopped_or_over(&running) else {
        panic!("it was not stopped");
    };
    scene.settle();
    let then = changed(&scene, &before);
    let hub = Hub {
        scene: &scene,
        uid,
        incident,
    };

    // Nobody's key is believed, and handing one in changes nothing.
    let (mut device, proposed) = made(1);
    assert_eq!(hub.allow(60), not_signed(NotSigned::NoKey));
    let propose = Question::Keys(KeysAsked::Propose(Box::new(proposed)));
    let reply = hub.ask(&propose);
    assert!(
        matches!(&reply, Reply::Key(key) if key.by.is_none()),
        "{reply:?}"
    );
    assert_eq!(hub.allow(60), not_signed(NotSigned::NoKey));
    let Reply::Key(key) = reply else {
        unreachable!()
    };
    let mark = key.mark;
    for question in [
        Question::Keys(KeysAsked::Trust { mark: mark.clone() }),
        Question::Keys(KeysAsked::Distrust { mark: mark.clone() }),
        Question::Keys(KeysAsked::List),
        Question::Allow {
            id: incident,
            seconds: 60,
        },
    ] {
        assert_eq!(hub.ask(&question), Reply::Refused, "{question:?}");
        assert_eq!(scene.ask_as(USER, &question), Reply::Refused);
    }
    assert_eq!(scene.ask_as(USER, &propose), Reply::Refused);

    // Root's word, on the device.
    let listed = scene.ask(&["keys"], 0);
    assert_eq!(listed[0]["trusted"], false, "{listed:?}");
    assert_eq!(listed[0]["name"], "Claire Garnier");
    scene.ask(&["keys", "trust", "2"], 1);
    scene.ask(&["keys", "trust", "1"], 0);
    assert_eq!(scene.ask(&["keys"], 0)[0]["trusted"], true);

    names_what_it_is_for(&hub);
    let right = forgeries_do_nothing(&hub, &mut device);
    scene.settle();
    assert_eq!(hub.state(), State::Stopped);
    assert!(!running.has_ended(), "it waits");
    assert_eq!(changed(&scene, &before), then);

    // The signature.
    let reply = hub.ask(&right);
    let Reply::Allowed { allowed } = reply else {
        panic!("{reply:?}");
    };
    assert!(allowed.iter().all(|one| time(one) == 28_800));
    assert_eq!(hub.ask(&right), not_signed(NotSigned::Gone), "once only");
    assert_eq!(hub.state(), State::Allowed);
    // In the folder where it was, and with what it did there: elsewhere it is judged as any other.
    let until = Instant::now() + PATIENCE;
    while !running.has_ended() && changed(&scene, &before) <= then && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(changed(&scene, &before) > then, "it went on");

    scene.ask(&["keys", "distrust", "1"], 0);
    assert_eq!(hub.allow(60), not_signed(NotSigned::NoKey));
    told(&scene, &mark);
    running.kill();
    scene.hygie.stop().expect("it ends well");
}

/// How many files are not as they were.
fn changed(scene: &Scene, before: &Snapshot) -> usize {
    let now = scene.arenas[0].snapshot().expect("a snapshot");
    let now = now.contents();
    let gone = before
        .contents()
        .into_iter()
        .filter(|one| !now.contains(one));
    gone.count()
}

/// The journal names the person and the key.
fn told(scene: &Scene, mark: &str) {
    let journal = scene.journal_with("key.distrusted", |_| true);
    let of = |kind: &str| -> Vec<Value> {
        let lines = journal.iter().filter(|line| line["kind"] == kind);
        lines.map(|line| line["fields"].clone()).collect()
    };
    let signed = of("act.signed");
    assert_eq!(signed.len(), 1, "{signed:?}");
    assert_eq!(signed[0]["person"], PERSON);
    assert_eq!(
        (&signed[0]["act"], &signed[0]["key"]),
        (&json!("allow-incident"), &json!(mark))
    );
    assert_eq!(of("incident.allowed")[0]["person"], PERSON);
    assert_eq!(of("act.not-signed").len(), 3);
    for kind in ["key.proposed", "key.trusted", "key.distrusted"] {
        let told = of(kind);
        assert_eq!(told.len(), 1, "{kind}: {told:?}");
        assert_eq!(
            (&told[0]["of"], &told[0]["key"]),
            (&json!(PERSON), &json!(mark))
        );
    }
    scene.ask(&["journal", "verify"], 0);
}

/// The challenge names what would be allowed, no longer than 30 days, and changes nothing.
fn names_what_it_is_for(hub: &Hub<'_>) {
    let Reply::Challenge(long) = hub.allow(400 * 86_400) else {
        panic!("a challenge");
    };
    let Deed::Allow { allowed, .. } = &long.deed else {
        panic!("a permission, and not {:?}", long.deed);
    };
    assert!(!allowed.is_empty());
    assert!(allowed.iter().all(|one| time(one) == 30 * 86_400));
    let victims = hub.scene.arenas[0].victims();
    assert!(
        allowed
            .iter()
            .all(|one| one.path.starts_with(&victims) && one.uid == USER)
    );
}

/// A key of the hub's own making, an answer to another question, and a stranger with the right one, which comes back.
fn forgeries_do_nothing(hub: &Hub<'_>, device: &mut Device) -> Question {
    let mut forger = Device::new(7);
    forger.id.clone_from(&device.id);
    forger.user.clone_from(&device.user);
    let reply = hub.ask(&confirm(&mut forger, &hub.challenge()));
    assert_eq!(reply, not_signed(NotSigned::Wrong));
    let (one, other) = (hub.challenge(), hub.challenge());
    let Question::Confirm { answer, .. } = confirm(device, &one) else {
        unreachable!()
    };
    let id = other.id;
    let reply = hub.ask(&Question::Confirm { id, answer });
    assert_eq!(reply, not_signed(NotSigned::Wrong));
    let right = confirm(device, &hub.challenge());
    assert_eq!(hub.scene.ask_as(USER, &right), Reply::Refused);
    right
}

/// For so many seconds.
fn time(one: &Allowed) -> i64 {
    (one.until.0 - one.since.0) / 1_000_000_000
}
