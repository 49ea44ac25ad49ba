//! Restores that somebody works against, and restores of what is not there.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
};

use hygie_model::{Metadata, Wall};

use super::{
    super::{Trouble, User, Why},
    Scene,
};
use crate::{
    Entry, Reader, VaultError,
    tests::lab::{Lab, born},
};

#[test]
fn a_folder_swapped_for_a_link_is_not_followed() {
    let mut scene = Scene::new();
    let outside = tempfile::tempdir().unwrap();
    let sub = scene.lab.dir(scene.lab.root, "sub", 2_000);
    let a = scene.lab.file(sub, "a", 2_000);
    scene.lab.version(a, b"x", 2_001);
    fs::create_dir(scene.path("sub")).unwrap();
    let plan = scene.plan("sub/a", 2_500);
    // Swapped between plan and act.
    fs::remove_dir(scene.path("sub")).unwrap();
    symlink(outside.path(), scene.path("sub")).unwrap();
    let outcome = plan.run(&scene.reader()).unwrap();
    assert_eq!(outcome.files, 0);
    assert!(
        matches!(outcome.problems[0].what, Trouble::System(_)),
        "{outcome:?}"
    );
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    // Neither is one that stays inside.
    fs::create_dir(scene.path("inside")).unwrap();
    fs::remove_file(scene.path("sub")).unwrap();
    symlink("inside", scene.path("sub")).unwrap();
    assert_eq!(plan.run(&scene.reader()).unwrap().files, 0);
    assert_eq!(fs::read_dir(scene.path("inside")).unwrap().count(), 0);
    // Seen at the plan, it is moved aside.
    let outcome = scene.restore("sub/a", 2_500);
    assert_eq!(outcome.aside, [("sub".into(), "sub.hygie-aside-1".into())]);
    assert_eq!(fs::read(scene.path("sub/a")).unwrap(), b"x");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_protected_folder_swapped_for_a_link_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let (real, outside) = (place.path().join("p"), place.path().join("outside"));
    fs::create_dir(&outside).unwrap();
    symlink(&outside, &real).unwrap();
    let mut lab = Lab::with_root(&real);
    let a = lab.file(lab.root, "a", 2_000);
    lab.version(a, b"x", 2_001);
    let reader = Reader::open(&lab.store()).unwrap();
    let plan = reader.plan_restore(&real.join("a"), None, None).unwrap();
    assert!(matches!(plan.run(&reader), Err(VaultError::Target { path }) if path == real));
    assert_eq!(fs::read_dir(outside).unwrap().count(), 0);
}

#[test]
fn what_cannot_come_back_is_told_in_the_plan() {
    let mut scene = Scene::new();
    let sub = scene.lab.dir(scene.lab.root, "sub", 2_000);
    scene.lab.file(sub, "never", 2_000);
    let lost = scene.lab.file(sub, "lost", 2_000);
    let name = scene.lab.version(lost, b"lost", 2_001);
    let gone = scene.lab.file(sub, "gone", 2_000);
    let given_up = scene.lab.version(gone, b"gone", 2_001);
    fs::remove_file(scene.lab.object(name.content)).unwrap();
    scene.lab.vault.give_up(&[given_up.content]).unwrap();
    let mut missing = scene.restore("sub", 2_500).missing;
    missing.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = [
        ("sub/gone".into(), Why::Dropped),
        ("sub/lost".into(), Why::Lost),
        ("sub/never".into(), Why::NeverKept),
    ];
    assert_eq!(missing, expected);
}

#[test]
fn a_damaged_copy_replaces_nothing() {
    let mut scene = Scene::new();
    let a = scene.lab.file(scene.lab.root, "a", 2_000);
    let b = scene.lab.file(scene.lab.root, "b", 2_000);
    let changed = scene.lab.version(a, b"right", 2_001);
    let cut = scene.lab.version(b, b"whole", 2_001);
    fs::write(scene.lab.object(changed.content), b"wrong").unwrap();
    fs::write(scene.lab.object(cut.content), b"who").unwrap();
    for name in ["a", "b"] {
        fs::write(scene.path(name), b"present").unwrap();
        let outcome = scene.restore(name, 2_500);
        assert!(
            matches!(outcome.problems[0].what, Trouble::Damaged),
            "{outcome:?}"
        );
        assert_eq!(fs::read(scene.path(name)).unwrap(), b"present");
    }
    assert_eq!(fs::read_dir(scene.place.path()).unwrap().count(), 2);
}

#[test]
fn a_content_that_went_since_the_plan_is_told() {
    let mut scene = Scene::new();
    let a = scene.lab.file(scene.lab.root, "a", 2_000);
    let name = scene.lab.version(a, b"x", 2_001);
    let plan = scene.plan("a", 2_500);
    scene.lab.vault.give_up(&[name.content]).unwrap();
    let outcome = plan.run(&scene.reader()).unwrap();
    assert!(
        matches!(outcome.problems[0].what, Trouble::Gone),
        "{outcome:?}"
    );
}

#[test]
fn a_restore_as_a_user_does_what_the_user_could_do() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let user = User {
        uid: 4711,
        gid: 4712,
        groups: vec![4713],
    };
    let mut scene = Scene::new();
    let root = scene.lab.root;
    fs::set_permissions(scene.place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let own = |name: &str, uid: u32| {
        fs::create_dir(scene.path(name)).unwrap();
        std::os::unix::fs::chown(scene.path(name), Some(uid), Some(4712)).unwrap();
    };
    own("theirs", 4711);
    own("foreign", 4999);
    let mut keep = |folder: &str, uid: u32| {
        let dir = scene.lab.dir(root, folder, 2_000);
        let file = scene.lab.file(dir, "a", 2_000);
        let mut state = scene.lab.state(file, b"back", 2_001);
        if let Entry::Version { meta, .. } = &mut state {
            (meta.uid, meta.gid) = (uid, 4712);
        }
        scene
            .lab
            .commit(vec![state, born(dir, "b", file.0, 2_000)], 2_001);
    };
    keep("theirs", 4711);
    keep("foreign", 4711);

    let reader = scene.reader();
    let outcome = scene.plan("theirs", 2_500).run_as(&reader, &user).unwrap();
    assert!(outcome.is_whole(), "{outcome:?}");
    assert_eq!((outcome.files, outcome.links), (1, 1));
    let stat = fs::metadata(scene.path("theirs/a")).unwrap();
    assert_eq!(
        (stat.uid(), stat.gid(), stat.mode() & 0o777),
        (4711, 4712, 0o640)
    );

    let outcome = scene.plan("foreign", 2_500).run_as(&reader, &user).unwrap();
    assert!(
        matches!(outcome.problems[0].what, Trouble::System(_)),
        "{outcome:?}"
    );
    assert_eq!(fs::read_dir(scene.path("foreign")).unwrap().count(), 0);

    // Another's file comes back as one's own, and this is told.
    let other = User { uid: 4999, ..user };
    let outcome = scene
        .plan("foreign", 2_500)
        .run_as(&reader, &other)
        .unwrap();
    let told: Vec<_> = outcome
        .problems
        .iter()
        .map(|problem| problem.what.to_string())
        .collect();
    assert!(told[0].starts_with("Owner could not be set"), "{told:?}");
    assert_eq!(fs::metadata(scene.path("foreign/a")).unwrap().uid(), 4999);
    assert!(
        rustix::process::geteuid().is_root(),
        "this thread keeps its rights"
    );
}

#[test]
fn what_is_shared_with_a_group_stays_with_that_group_alone() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let mut scene = Scene::new();
    fs::set_permissions(scene.place.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let file = scene.lab.file(scene.lab.root, "a", 2_000);
    let mut state = scene.lab.state(file, b"shared", 2_001);
    if let Entry::Version { meta, .. } = &mut state {
        (meta.uid, meta.gid, meta.mode) = (4999, 4713, 0o6764);
    }
    scene.lab.commit(vec![state], 2_001);
    let plan = scene.plan("a", 2_500);
    // Of a member the owner cannot be set; the group is, and no set-user bit comes for him.
    for (groups, expected) in [
        (vec![4713], (4711, 4713, 0o2764)),
        (vec![], (4711, 4712, 0o744)),
    ] {
        let user = User {
            uid: 4711,
            gid: 4712,
            groups,
        };
        let outcome = plan.run_as(&scene.reader(), &user).unwrap();
        assert_eq!(outcome.files, 1, "{outcome:?}");
        assert!(!outcome.is_whole(), "it is told");
        let stat = fs::metadata(scene.path("a")).unwrap();
        assert_eq!((stat.uid(), stat.gid(), stat.mode() & 0o7777), expected);
        fs::remove_file(scene.path("a")).unwrap();
    }
}

#[test]
fn the_folders_on_the_way_are_told_as_they_were() {
    let mut scene = Scene::new();
    let root = scene.path("");
    let sub = scene.lab.dir(scene.lab.root, "sub", 2_000);
    let a = scene.lab.file(sub, "a", 2_000);
    scene.lab.version(a, b"x", 2_001);
    for (at, mode) in [(2_000, 0o700), (3_000, 0o755)] {
        let meta = Metadata {
            mode,
            ..Metadata::default()
        };
        let (dir, at) = (sub, Wall(at));
        scene.lab.commit(vec![Entry::Meta { dir, at, meta }], 3_000);
    }
    let (reader, path) = (scene.reader(), scene.path("sub/a"));
    for (at, mode) in [(2_500, 0o700), (3_500, 0o755)] {
        let way = reader.folders_above(&path, Some(Wall(at))).unwrap();
        let paths: Vec<_> = way.iter().map(|folder| folder.path.clone()).collect();
        assert_eq!(paths, [scene.place.path().into(), scene.path("sub")]);
        assert_eq!(way[1].meta.as_ref().map(|meta| meta.mode), Some(mode));
        assert_eq!(way[1].handle, sub.0.to_le_bytes());
    }
    assert_eq!(reader.folders_above(&path, Some(Wall(1_500))).unwrap(), []);
    assert_eq!(reader.folder_at(&path, None).unwrap(), None, "a file");
    assert_eq!(reader.root_of(&root.join("x/../y")).unwrap(), None);
    assert_eq!(reader.root_of(&path).unwrap().unwrap(), scene.place.path());
}
