//! Questions that only an attacker would ask.

use std::{fs, os::unix::fs::symlink, path::PathBuf};

use hygie_agent::door::{Pick, Question, Reply};
use hygie_model::Wall;
use hygie_platform::clock;

use crate::scene::{ANNE, PAUL, STRANGER, Scene, give, moment};

fn at(text: &str) -> Pick {
    let at: Wall = serde_json::from_value(text.into()).unwrap();
    Pick::At { at }
}

#[test]
fn what_weakens_the_protection_is_roots() {
    let Some(scene) = Scene::open() else { return };
    let before = scene.hygie.pid("guard");
    let path = scene.path("anne/a.txt");
    let questions = [
        Question::Stop { folder: None },
        Question::Forget { path },
        Question::Status,
        Question::Events { from: 0 },
        Question::Incidents,
        Question::Incident { id: 1 },
        Question::UndoPlan { id: 1 },
        Question::Undo { id: 1 },
        Question::Redo { id: 1 },
        Question::Allow { id: 1, seconds: 60 },
        Question::Revoke { id: 1 },
    ];
    for uid in [ANNE, STRANGER] {
        for question in &questions {
            assert_eq!(scene.ask(uid, question), Reply::Refused, "{question:?}");
        }
    }
    assert_eq!(scene.hygie.pid("guard"), before);
    assert!(matches!(
        scene.versions(ANNE, "anne/a.txt"),
        Reply::Versions { .. }
    ));
    assert!(matches!(scene.ask(0, &Question::Status), Reply::Status(_)));
    scene.hygie.stop().unwrap();
}

#[test]
fn a_planted_link_leads_nowhere() {
    let Some(scene) = Scene::open() else { return };
    let at_first = at(&moment());
    scene.damage("paul/b.txt");
    // Into Paul's folder, by a path that the index does not know and by one that it does.
    symlink("../paul", scene.path("anne/link")).unwrap();
    fs::rename(scene.path("anne/sub"), scene.path("anne/away")).unwrap();
    symlink("../paul", scene.path("anne/sub")).unwrap();
    scene.settle();
    for below in ["anne/link/b.txt", "anne/../paul/b.txt", "anne/sub/b.txt"] {
        let reply = scene.versions(ANNE, below);
        assert!(
            matches!(reply, Reply::Unknown | Reply::Refused),
            "{below}: {reply:?}"
        );
        let reply = scene.restore(ANNE, below, at_first);
        assert!(
            matches!(reply, Reply::Unknown | Reply::Refused),
            "{below}: {reply:?}"
        );
    }
    // Her own file of before comes back where it was: the link is moved out of the way.
    let reply = scene.restore(ANNE, "anne/sub/f.txt", at_first);
    let Reply::Restored(done) = reply else {
        panic!("{reply:?}")
    };
    assert_eq!(done.files, 1, "{done:?}");
    assert_eq!(scene.read("anne/sub/f.txt"), "well: anne/sub/f.txt");
    assert!(!scene.path("paul/f.txt").exists());
    assert_eq!(scene.read("paul/b.txt"), "encrypted");
    assert_eq!(fs::read_dir(scene.path("paul")).unwrap().count(), 1);
    scene.hygie.stop().unwrap();
}

#[test]
fn a_link_in_place_of_a_file_is_not_written_through() {
    let Some(scene) = Scene::open() else { return };
    let first = at(&moment());
    fs::remove_file(scene.path("anne/a.txt")).unwrap();
    symlink("../paul/b.txt", scene.path("anne/a.txt")).unwrap();
    scene.settle();
    let reply = scene.restore(ANNE, "anne/a.txt", first);
    assert!(matches!(reply, Reply::Restored(_)), "{reply:?}");
    assert_eq!(scene.read("anne/a.txt"), "well: anne/a.txt");
    assert_eq!(scene.read("paul/b.txt"), "well: paul/b.txt");
    scene.hygie.stop().unwrap();
}

#[test]
fn a_name_that_one_made_oneself_does_not_open_what_was_there() {
    let Some(scene) = Scene::open() else { return };
    let first = at(&moment());
    // Anybody may rename and delete in the common folder, also what is not his.
    fs::remove_file(scene.path("common/b.txt")).unwrap();
    scene.settle();
    let refused = |reply: Reply| {
        assert!(
            matches!(reply, Reply::Refused | Reply::Unknown),
            "{reply:?}"
        );
    };
    refused(scene.versions(ANNE, "common/b.txt"));
    refused(scene.restore(ANNE, "common/b.txt", first));
    fs::write(scene.path("common/b.txt"), "Anne's").unwrap();
    give(&scene.path("common/b.txt"), ANNE, ANNE, 0o666);
    scene.settle();
    refused(scene.restore(ANNE, "common/b.txt", first));
    assert_eq!(scene.read("common/b.txt"), "Anne's");

    // A closed folder protected a file that anybody could have read but for that.
    fs::rename(scene.path("common/closed"), scene.path("common/moved")).unwrap();
    fs::create_dir(scene.path("common/closed")).unwrap();
    give(&scene.path("common/closed"), ANNE, ANNE, 0o777);
    // At once, while the index may not know yet, and when it does.
    for _ in 0..2 {
        refused(scene.versions(ANNE, "common/closed/secret.txt"));
        refused(scene.restore(ANNE, "common/closed/secret.txt", first));
        refused(scene.restore(ANNE, "common/closed/secret.txt", Pick::Newest));
        scene.settle();
    }
    fs::remove_dir_all(scene.path("common/moved")).unwrap();
    scene.settle();
    refused(scene.versions(ANNE, "common/closed/secret.txt"));
    refused(scene.restore(ANNE, "common/closed/secret.txt", first));
    assert_eq!(
        fs::read_dir(scene.path("common/closed")).unwrap().count(),
        0
    );
    scene.hygie.stop().unwrap();
}

#[test]
fn a_state_that_was_private_stays_so_when_the_file_is_shared_later() {
    let Some(scene) = Scene::open() else { return };
    let private = at(&moment());
    let file = scene.path("common/b.txt");
    fs::write(&file, "for all").unwrap();
    give(&file, PAUL, PAUL, 0o666);
    scene.settle();
    // The copy may have been made before the mode changed; the next one was not.
    fs::write(&file, "for all again").unwrap();
    scene.settle();
    let reply = scene.versions(ANNE, "common/b.txt");
    let Reply::Versions { versions, withheld } = reply else {
        panic!("{reply:?}")
    };
    assert!(withheld >= 1);
    assert!(
        versions.iter().any(|version| version.bytes == 13),
        "{versions:?}"
    );
    assert_eq!(scene.restore(ANNE, "common/b.txt", private), Reply::Refused);
    for number in 0..40 {
        // Each that comes back makes a new version, so a plan could be of another mind.
        let (path, pick) = (file.clone(), Pick::Number { number });
        let reply = scene.ask(ANNE, &Question::Restore { path, pick });
        assert_ne!(
            scene.read("common/b.txt"),
            "well: common/b.txt",
            "{number}: {reply:?}"
        );
    }
    scene.hygie.stop().unwrap();
}

#[test]
fn nothing_is_said_of_what_cannot_be_reached() {
    let Some(scene) = Scene::open() else { return };
    let there = scene.versions(STRANGER, "anne/a.txt");
    let not_there = scene.versions(STRANGER, "anne/never.txt");
    assert_eq!((there, not_there), (Reply::Refused, Reply::Refused));
    let now = Pick::At { at: clock::wall() };
    assert_eq!(scene.restore(STRANGER, "anne/a.txt", now), Reply::Refused);
    assert_eq!(
        scene.restore(STRANGER, "anne/never.txt", now),
        Reply::Refused
    );
    for path in ["/etc/shadow", "relative", "", "/"] {
        let path = PathBuf::from(path);
        let reply = scene.ask(PAUL, &Question::Versions { path });
        assert_eq!(reply, Reply::Unknown);
    }
    scene.hygie.stop().unwrap();
}
