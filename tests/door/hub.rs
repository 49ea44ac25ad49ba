//! The hub at the door: for a signed-in person, journaled with her, and never what weakens.

use std::{
    fs,
    io::Read,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use hygie_agent::{
    door::{FileFound, Look, Pick, Question, Reply},
    incidents::NotAllowed,
    keys::NotSigned,
};
use hygie_model::PersonId;

use crate::scene::{ANNE, PAUL, STRANGER, Scene, TEAM, user};

pub(crate) const PERSON: &str = "018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e5f";

/// The guard with the hub's user; `None` where there is none or no guard.
pub(crate) fn open() -> Option<(Scene, u32)> {
    let scene = Scene::open()?;
    match hygie_testkit::hub_user() {
        Ok(hub) => Some((scene, hub)),
        Err(why) => {
            println!("skipped: no user hygie-hub: {why:#}");
            None
        }
    }
}

fn person() -> PersonId {
    serde_json::from_value(PERSON.into()).unwrap()
}

pub(crate) fn for_person(ask: Question) -> Question {
    Question::For {
        person: person(),
        ask: Box::new(ask),
    }
}

fn all(path: &Path) -> Vec<Question> {
    let (path, pick) = (path.to_path_buf(), Pick::Newest);
    vec![
        Question::Versions { path: path.clone() },
        Question::Plan {
            path: path.clone(),
            pick,
        },
        Question::Restore {
            path: path.clone(),
            pick,
        },
        Question::Look(Look::Find {
            text: "a".into(),
            limit: 9,
        }),
        Question::Look(Look::Folder {
            path: path.clone(),
            from: 0,
        }),
        Question::Look(Look::Inside {
            path: path.clone(),
            number: 1,
        }),
        Question::Incident { id: 1 },
        Question::UndoPlan { id: 1 },
        Question::Undo { id: 1 },
        Question::Redo { id: 1 },
        Question::Revoke { id: 1 },
        Question::Allow { id: 1, seconds: 60 },
        Question::Forget { path },
        Question::Stop { folder: None },
    ]
}

impl Scene {
    fn find(&self, hub: u32, text: &str) -> Vec<FileFound> {
        let (text, limit) = (text.to_owned(), 9);
        let reply = self.ask(hub, &for_person(Question::Look(Look::Find { text, limit })));
        let Reply::Found { files, more: false } = reply else {
            panic!("{reply:?}")
        };
        files
    }

    /// Pages of a folder: folders, then files; those that are gone with a dagger.
    fn listed(&self, hub: u32, path: PathBuf) -> Vec<String> {
        let question = for_person(Question::Look(Look::Folder { path, from: 0 }));
        let reply = self.ask(hub, &question);
        let Reply::Folder { folders, files, .. } = reply else {
            panic!("{reply:?}")
        };
        let folders = folders
            .iter()
            .map(|folder| (folder.present, &folder.path, "/"));
        let files = files.iter().map(|file| (file.present, &file.path, ""));
        folders
            .chain(files)
            .map(|(present, path, end)| {
                let name = path.0.file_name().unwrap().to_str().unwrap();
                format!("{}{name}{end}", if present { "" } else { "†" })
            })
            .filter(|name| !name.contains(".settle"))
            .collect()
    }
}

#[test]
fn by_itself_it_learns_how_things_are_and_nothing_else() {
    let Some((scene, hub)) = open() else { return };
    let before = scene.hygie.pid("guard");
    let file = scene.path("anne/a.txt");
    assert!(matches!(
        scene.ask(hub, &Question::Status),
        Reply::Status(_)
    ));
    let reply = scene.ask(hub, &Question::Events { from: 0 });
    assert!(matches!(reply, Reply::Events { .. }), "{reply:?}");
    let reply = scene.ask(hub, &Question::Incidents);
    assert!(matches!(reply, Reply::Incidents { .. }), "{reply:?}");
    for question in all(&file) {
        assert_eq!(scene.ask(hub, &question), Reply::Refused, "{question:?}");
    }
    // Nobody else speaks for others, members of its group neither.
    for uid in [ANNE, STRANGER] {
        for question in all(&file).into_iter().chain([Question::Status]) {
            let question = for_person(question);
            assert_eq!(scene.ask(uid, &question), Reply::Refused, "{question:?}");
        }
    }
    assert_eq!(scene.hygie.pid("guard"), before);
    scene.hygie.stop().unwrap();
}

#[test]
fn for_a_person_it_never_weakens_the_protection() {
    let Some((scene, hub)) = open() else { return };
    let before = scene.hygie.pid("guard");
    let path = scene.path("anne/a.txt");
    for uid in [hub, 0] {
        for question in [
            Question::Stop { folder: None },
            for_person(Question::Status),
            for_person(Question::Stop { folder: None }),
        ] {
            let question = for_person(question);
            assert_eq!(scene.ask(uid, &question), Reply::Refused, "{question:?}");
        }
        // With a signature it may, and the guard asks for one itself; of nothing there is nothing to sign.
        let allow = for_person(Question::Allow { id: 9, seconds: 60 });
        let reply = Reply::NotAllowed(NotAllowed::Unknown);
        assert_eq!(scene.ask(uid, &allow), reply);
        let forget = for_person(Question::Forget { path: path.clone() });
        let reply = Reply::NotSigned(NotSigned::NoKey);
        assert_eq!(scene.ask(uid, &forget), reply);
        let unknown = [
            Question::Incident { id: 9 },
            Question::UndoPlan { id: 9 },
            Question::Undo { id: 9 },
            Question::Redo { id: 9 },
        ];
        for question in unknown.map(for_person) {
            assert_eq!(scene.ask(uid, &question), Reply::Unknown, "{question:?}");
        }
        let reply = scene.ask(uid, &for_person(Question::Revoke { id: 9 }));
        assert!(matches!(reply, Reply::Allowed { allowed } if allowed.is_empty()));
    }
    assert_eq!(scene.hygie.pid("guard"), before);
    let reply = scene.ask(hub, &for_person(Question::Versions { path }));
    assert!(matches!(reply, Reply::Versions { .. }), "{reply:?}");
    scene.hygie.stop().unwrap();
}

#[test]
fn what_was_deleted_is_found_and_comes_back_with_its_owner() {
    let Some((scene, hub)) = open() else { return };
    fs::remove_file(scene.path("anne/gone.txt")).unwrap();
    scene.settle();
    let found = scene.find(hub, "ANNE/GÔNE");
    assert_eq!(found.len(), 1, "{found:?}");
    let (file, path) = (&found[0], scene.path("anne/gone.txt"));
    assert_eq!((&file.path.0, file.present, file.bytes), (&path, false, 19));
    assert_eq!(file.versions, 1);

    let folders = scene.listed(hub, PathBuf::new());
    assert_eq!(folders, ["practice/"]);
    let anne = scene.listed(hub, scene.path("anne"));
    assert_eq!(anne, ["sub/", "a.txt", "†gone.txt"]);
    let nowhere = Question::Look(Look::Folder {
        path: "/etc".into(),
        from: 0,
    });
    assert_eq!(scene.ask(hub, &for_person(nowhere)), Reply::Unknown);

    let (path, pick) = (file.path.0.clone(), Pick::Newest);
    let plan = Question::Plan {
        path: path.clone(),
        pick,
    };
    let reply = scene.ask(hub, &for_person(plan));
    assert!(
        matches!(&reply, Reply::Plan(plan) if plan.files == 1),
        "{reply:?}"
    );
    assert!(!path.exists(), "only planned");
    let restore = Question::Restore { path, pick };
    let reply = scene.ask(hub, &for_person(restore));
    let Reply::Restored(done) = reply else {
        panic!("{reply:?}")
    };
    assert_eq!((done.files, done.problems.len()), (1, 0), "{done:?}");
    assert_eq!(scene.read("anne/gone.txt"), "well: anne/gone.txt");
    assert_eq!(scene.look("anne/gone.txt"), (ANNE, ANNE, 0o600));
    scene.settle();
    assert!(scene.find(hub, "anne/gone")[0].present);
    scene.hygie.stop().unwrap();
}

#[test]
fn a_restore_keeps_what_was_there_and_is_journaled_with_the_person() {
    let Some((scene, hub)) = open() else { return };
    let first = serde_json::from_value(scene.damage("team/t.txt").into()).unwrap();
    let path = scene.path("team/t.txt");
    let pick = Pick::At { at: first };
    let restore = Question::Restore {
        path: path.clone(),
        pick,
    };
    let reply = scene.ask(hub, &for_person(restore));
    assert!(
        matches!(&reply, Reply::Restored(done) if done.files == 1 && done.problems.is_empty()),
        "{reply:?}"
    );
    assert_eq!(scene.read("team/t.txt"), "well: team/t.txt");
    assert_eq!(scene.look("team/t.txt"), (PAUL, TEAM, 0o660));
    scene.settle();
    let reply = scene.ask(hub, &for_person(Question::Versions { path: path.clone() }));
    let Reply::Versions { versions, withheld } = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(withheld, 0);
    let kept = versions.iter().filter(|version| version.kept);
    let lengths: Vec<u64> = kept.map(|version| version.bytes).collect();
    assert!(lengths.contains(&9), "what was there: {lengths:?}");

    let said = scene.run(0, &[&"journal", &"show"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let restored: Vec<_> = said
        .lines
        .iter()
        .filter(|line| line["kind"] == "vault.restored")
        .collect();
    assert_eq!(restored.len(), 1, "{restored:?}");
    let fields = &restored[0]["fields"];
    assert_eq!(fields["person"], PERSON, "{fields}");
    assert_eq!(fields["uid"], hub);
    assert_eq!(fields["path"], path.to_str().unwrap());
    for language in ["fr", "en"] {
        let shown = Command::new(env!("CARGO_BIN_EXE_hygie"))
            .arg("--state")
            .arg(scene.hygie.state())
            .args(["--lang", language, "journal", "show"])
            .output()
            .unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        let line = shown.lines().find(|line| line.contains("vault.restored"));
        let named = format!("person={PERSON}");
        assert!(line.is_some_and(|line| line.contains(&named)), "{shown}");
    }
    let said = scene.run(0, &[&"journal", &"verify"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    scene.hygie.stop().unwrap();
}

#[test]
fn it_has_places_of_its_own() {
    let Some((scene, hub)) = open() else { return };
    let socket = scene.socket();
    let knock = |uid: u32, times: usize| -> Vec<UnixStream> {
        let knocks = || (0..times).map(|_| UnixStream::connect(&socket).unwrap());
        user(uid).act(|| knocks().collect()).unwrap()
    };
    // Others take all places that they can have.
    let crowds: Vec<_> = (6_000..6_006).map(|uid| knock(uid, 6)).collect();
    let own = knock(hub, 30);
    std::thread::sleep(Duration::from_millis(300));
    let stays = |mut stream: &UnixStream| {
        let patience = Some(Duration::from_millis(300));
        stream.set_read_timeout(patience).unwrap();
        stream.read(&mut [0; 1]).is_err()
    };
    assert_eq!(own.iter().filter(|stream| stays(stream)).count(), 16);
    drop(crowds);
    std::thread::sleep(Duration::from_millis(300));
    // As many askers of the hub keep nobody out.
    let reply = scene.versions(ANNE, "anne/a.txt");
    assert!(matches!(reply, Reply::Versions { .. }), "{reply:?}");
    assert!(matches!(scene.ask(0, &Question::Status), Reply::Status(_)));
    drop(own);
    scene.hygie.stop().unwrap();
}
