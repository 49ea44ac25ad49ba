//! What a passkey signs at the door, end to end: forgotten is exactly what was signed, and a folder is protected no more while the
//! others are. The hub carries question and answer; an authenticator of the test's own signs.

use std::{fs, path::PathBuf, time::Duration};

use hygie_agent::{
    door::{Caller, KeysAsked, NotUnprotected, Question, Reply, Told},
    keys::{Challenge, Console, Deed, NotSigned, Proposed},
};
use hygie_identity::passkey::{Site, device::Device, read_new_key};
use hygie_model::{PersonId, PracticeId, Wall};
use hygie_testkit::{Guarded, LoopFs};

use crate::scene::Scene;

const PATIENCE: Duration = Duration::from_secs(60);

fn person() -> PersonId {
    serde_json::from_str("\"018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e5f\"").unwrap()
}

fn ask(guard: &Guarded, question: &Question) -> Reply {
    let mut caller = Caller::knock(&guard.state().join("guard.sock")).unwrap();
    caller.waits(PATIENCE).unwrap();
    caller.ask(question).unwrap()
}

fn for_her(guard: &Guarded, ask_for: Question) -> Reply {
    let ask_for = Box::new(ask_for);
    let question = Question::For {
        person: person(),
        ask: ask_for,
    };
    ask(guard, &question)
}

fn challenge(guard: &Guarded, question: Question) -> Challenge {
    let reply = for_her(guard, question);
    let Reply::Challenge(challenge) = reply else {
        panic!("{reply:?}");
    };
    *challenge
}

fn confirm(guard: &Guarded, device: &mut Device, challenge: &Challenge) -> Reply {
    let answer = serde_json::from_slice(&device.sign(&challenge.options)).unwrap();
    let id = challenge.id.clone();
    ask(guard, &Question::Confirm { id, answer })
}

/// A key that root believes.
fn believed(guard: &Guarded) -> Device {
    let mut device = Device::new(1);
    let console = Console {
        practice: PracticeId(person().0),
        title: "Cabinet".into(),
        host: "cabinet.local".into(),
        port: 8443,
    };
    let site = Site::new(&console.host, console.port, &console.title).unwrap();
    let (options, making) = site.start_key(person(), "x", "X", &[], Wall(0)).unwrap();
    let made = device.make(&serde_json::to_value(options).unwrap());
    let answer = read_new_key(&made).unwrap();
    let (person, key) = site.finish_key(&answer, &making, "Clé", Wall(0)).unwrap();
    let proposed = Proposed {
        person,
        name: "Claire".into(),
        console,
        key: serde_json::to_value(key).unwrap(),
    };
    let propose = Question::Keys(KeysAsked::Propose(Box::new(proposed)));
    let Reply::Key(key) = ask(guard, &propose) else {
        panic!("it is a key");
    };
    let trust = Question::Keys(KeysAsked::Trust { mark: key.mark });
    assert!(matches!(ask(guard, &trust), Reply::Key(_)));
    device
}

fn journal(guard: &Guarded) -> String {
    let said = guard.ask(&["journal".as_ref(), "show".as_ref()]).unwrap();
    said.lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn exactly_what_was_signed_is_forgotten() {
    let Some(scene) = Scene::open() else { return };
    let guard = &scene.hygie;
    let path = scene.path("anne/a.txt");
    let forget = || Question::Forget { path: path.clone() };
    // Nobody's key is believed yet: nobody can sign.
    assert_eq!(for_her(guard, forget()), Reply::NotSigned(NotSigned::NoKey));
    let mut device = believed(guard);
    let unknown = Question::Forget {
        path: scene.path("anne/none.txt"),
    };
    assert_eq!(for_her(guard, unknown), Reply::Unknown);
    fs::write(scene.path("common/twin.txt"), "well: anne/a.txt").unwrap();
    scene.settle();
    let stale = challenge(guard, forget());
    let Deed::Forget(told) = &stale.deed else {
        panic!("{stale:?}");
    };
    assert_eq!((told.versions, told.path.0.clone()), (1, path.clone()));
    assert_eq!(told.present, [Told(path.clone())]);
    assert_eq!(told.still_held, [Told(scene.path("common/twin.txt"))]);
    // It changed since she read the page: nothing is forgotten.
    fs::write(&path, "better").unwrap();
    scene.settle();
    let reply = confirm(guard, &mut device, &stale);
    assert_eq!(reply, Reply::NotSigned(NotSigned::Otherwise));
    let versions = Question::Versions { path: path.clone() };
    let Reply::Versions { versions: kept, .. } = ask(guard, &versions) else {
        panic!("versions");
    };
    assert_eq!(kept.len(), 2, "{kept:?}");
    let fresh = challenge(guard, forget());
    let reply = confirm(guard, &mut device, &fresh);
    assert!(
        matches!(reply, Reply::Forgotten { versions: 2, .. }),
        "{reply:?}"
    );
    let again = confirm(guard, &mut device, &fresh);
    assert_eq!(again, Reply::NotSigned(NotSigned::Gone));
    let told = journal(guard);
    assert!(
        told.contains("act.signed") && told.contains("vault.forgotten"),
        "{told}"
    );
    assert!(told.contains(&person().0.to_string()), "{told}");
    // This guard was told its folders where it was started.
    let folder = Some(Told(scene.path("").components().collect()));
    let reply = for_her(guard, Question::Stop { folder });
    assert_eq!(reply, Reply::NotUnprotected(NotUnprotected::Named));
    scene.hygie.stop().unwrap();
}

#[test]
fn a_folder_is_protected_no_more_and_the_others_are() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let (disk, other) = (LoopFs::ext4(128).unwrap(), LoopFs::ext4(256).unwrap());
    let folders: Vec<PathBuf> = ["kept", "left"].map(|name| disk.path().join(name)).into();
    for folder in &folders {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("a.txt"), "well").unwrap();
    }
    let state = other.path().join("state");
    fs::create_dir_all(&state).unwrap();
    let config = state.join("hygie.toml");
    let named: Vec<String> = folders.iter().map(|path| format!("{path:?}")).collect();
    let text = format!(
        "# of the practice\nfolders = [{}] # both\n[guard]\nattackers = \"note\"\n",
        named.join(", ")
    );
    fs::write(&config, text).unwrap();
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_hygie"));
    let mut guard = Guarded::up(binary, &state, &[]).unwrap();
    guard.wait_for("copied", PATIENCE).unwrap();
    let mut device = believed(&guard);
    let before = guard.pid("guard");
    let unprotect = |at: usize| Question::Stop {
        folder: Some(Told(folders[at].clone())),
    };
    let nowhere = Question::Stop {
        folder: Some(Told("/etc".into())),
    };
    let reply = for_her(&guard, nowhere);
    assert_eq!(reply, Reply::NotUnprotected(NotUnprotected::Unknown));
    let asked = challenge(&guard, unprotect(1));
    assert_eq!(confirm(&guard, &mut device, &asked), Reply::Done);
    let text = fs::read_to_string(&config).unwrap();
    assert!(text.contains("kept") && !text.contains("left"), "{text}");
    assert!(text.starts_with("# of the practice\n") && text.contains("# both"));
    // Another guard serves, for the one folder that is left.
    let until = std::time::Instant::now() + PATIENCE;
    let told = loop {
        let status = Caller::knock(&state.join("guard.sock"))
            .and_then(|mut caller| caller.ask(&Question::Status));
        if let Ok(Reply::Status(status)) = status
            && guard.pid("guard") != before
            && status.folders.len() == 1
        {
            break status.folders.clone();
        }
        assert!(std::time::Instant::now() < until, "{}", journal(&guard));
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(told, [folders[0].to_string_lossy()]);
    // The last one stays.
    let reply = for_her(&guard, unprotect(0));
    assert_eq!(reply, Reply::NotUnprotected(NotUnprotected::Last));
    let told = journal(&guard);
    assert!(told.contains("folder.unprotected"), "{told}");
    guard.stop().unwrap();
}
