//! The command line, for people without an administrator's rights.

use std::{ffi::OsStr, fs};

use hygie_platform::clock;

use crate::scene::{ANNE, PAUL, STRANGER, Scene, TEAM};

#[test]
fn a_person_gets_a_file_of_hers_back() {
    let Some(scene) = Scene::open() else { return };
    let at = scene.damage("anne/a.txt");
    let file = scene.path("anne/a.txt");
    let said = scene.run(ANNE, &[&"versions", &file]);
    assert_eq!((said.code, said.lines.len()), (Some(0), 2), "{said:?}");
    assert_eq!(said.lines[0]["schema"], "hygie.version/1");
    assert_eq!(said.lines[0]["bytes"], 9);

    let said = scene.run(ANNE, &[&"restore", &file, &"--at", &at, &"--dry-run"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(said.lines[0]["schema"], "hygie.restore.plan/1");
    assert_eq!(said.lines[0]["files"], 1);
    assert_eq!(scene.read("anne/a.txt"), "encrypted");

    let said = scene.run(ANNE, &[&"restore", &file, &"--at", &at]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(said.lines[1]["files"], 1);
    assert_eq!(scene.read("anne/a.txt"), "well: anne/a.txt");
    assert_eq!(scene.look("anne/a.txt"), (ANNE, ANNE, 0o640));
    scene.settle();
    let said = scene.run(ANNE, &[&"versions", &file]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let said = scene.run(ANNE, &[&"restore", &file, &"--version", &"999999"]);
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.contains("no version"), "{}", said.stderr);
    scene.hygie.stop().unwrap();
}

#[test]
fn a_second_up_of_the_same_state_is_refused() {
    let Some(scene) = Scene::open() else { return };
    let folder = scene.path("anne");
    let said = scene.hygie.ask(&["up".as_ref(), folder.as_ref()]).unwrap();
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(format!("{said:?}").contains("already watches"), "{said:?}");
    assert_eq!(scene.hygie.status().unwrap()["protection"], "protected");
    scene.hygie.stop().unwrap();
}

#[test]
fn a_deleted_file_comes_back_and_by_number_too() {
    let Some(scene) = Scene::open() else { return };
    let file = scene.path("anne/gone.txt");
    fs::remove_file(&file).unwrap();
    scene.settle();
    let said = scene.run(ANNE, &[&"versions", &file]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let name = said.lines[0]["version"].as_str().unwrap().to_owned();
    let number = name.rsplit('.').next().unwrap().to_owned();
    assert_eq!(
        scene.run(STRANGER, &[&"restore", &file]).code,
        Some(1),
        "not for a stranger"
    );
    let by_number = ["restore", "--version", number.as_str()];
    for words in [&by_number[..], &["restore"]] {
        let mut all: Vec<&dyn AsRef<OsStr>> = vec![&file];
        all.extend(words.iter().map(|word| word as &dyn AsRef<OsStr>));
        all.rotate_left(1);
        let said = scene.run(ANNE, &all);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert_eq!(scene.read("anne/gone.txt"), "well: anne/gone.txt");
        assert_eq!(scene.look("anne/gone.txt"), (ANNE, ANNE, 0o600));
        scene.settle();
        fs::remove_file(&file).unwrap();
        scene.settle();
    }
    scene.hygie.stop().unwrap();
}

#[test]
fn another_persons_file_is_refused() {
    let Some(scene) = Scene::open() else { return };
    let at = scene.damage("paul/b.txt");
    let file = scene.path("paul/b.txt");
    for uid in [ANNE, STRANGER] {
        for words in [&["versions"][..], &["restore"]] {
            let said = scene.run(uid, &[&words[0], &file]);
            assert_eq!(said.code, Some(1), "{said:?}");
            assert!(said.stderr.contains("no access"), "{}", said.stderr);
        }
    }
    assert_eq!(scene.read("paul/b.txt"), "encrypted");
    assert_eq!(
        scene.run(PAUL, &[&"restore", &file, &"--at", &at]).code,
        Some(0)
    );
    assert_eq!(scene.read("paul/b.txt"), "well: paul/b.txt");
    scene.hygie.stop().unwrap();
}

#[test]
fn a_file_of_the_group_is_for_its_members() {
    let Some(scene) = Scene::open() else { return };
    let at = scene.damage("team/t.txt");
    scene.damage("team/read.txt");
    let file = scene.path("team/t.txt");
    let said = scene.run(STRANGER, &[&"restore", &file, &"--at", &at]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let said = scene.run(ANNE, &[&"versions", &scene.path("team/read.txt")]);
    assert_eq!(said.code, Some(1), "reading is not enough: {said:?}");
    assert_eq!(scene.read("team/t.txt"), "encrypted");
    // It is hers now, which is told: she could not give it to Paul. The group keeps it.
    let said = scene.run(ANNE, &[&"restore", &file, &"--at", &at]);
    assert_eq!(said.code, Some(10), "{said:?}");
    assert_eq!(scene.read("team/t.txt"), "well: team/t.txt");
    assert_eq!(scene.look("team/t.txt"), (ANNE, TEAM, 0o660));
    scene.hygie.stop().unwrap();
}

#[test]
fn of_a_folder_each_gets_what_is_his_and_is_told_of_the_rest() {
    let Some(scene) = Scene::open() else { return };
    let at = clock::wall().to_rfc3339();
    for file in ["common/a.txt", "common/b.txt", "common/closed/secret.txt"] {
        scene.damage(file);
    }
    let folder = scene.path("common");
    let said = scene.run(ANNE, &[&"restore", &folder, &"--at", &at]);
    assert_eq!(said.code, Some(10), "{said:?}");
    let mut refused: Vec<_> = said
        .lines
        .iter()
        .filter(|line| line["schema"] == "hygie.restore.refused/1")
        .map(|line| line["path"].as_str().unwrap())
        .collect();
    refused.sort_unstable();
    refused.dedup();
    // Names in a folder that is closed to her are not for her either.
    assert_eq!(refused, ["common/b.txt", "common/closed"]);
    assert_eq!(scene.read("common/a.txt"), "well: common/a.txt");
    assert_eq!(scene.read("common/b.txt"), "encrypted");
    assert_eq!(scene.read("common/closed/secret.txt"), "encrypted");
    let said = scene.run(PAUL, &[&"restore", &folder, &"--at", &at]);
    assert_eq!(said.code, Some(10), "{said:?}");
    assert_eq!(scene.read("common/b.txt"), "well: common/b.txt");
    assert_eq!(
        scene.read("common/closed/secret.txt"),
        "well: common/closed/secret.txt"
    );
    scene.hygie.stop().unwrap();
}

#[test]
fn what_is_not_for_people_is_said_in_words() {
    let Some(mut scene) = Scene::open() else {
        return;
    };
    let file = scene.path("anne/a.txt");
    let to = scene.path("anne/elsewhere");
    let said = scene.run(ANNE, &[&"restore", &file, &"--to", &to]);
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.contains("another place"), "{}", said.stderr);
    assert!(!to.exists());
    let said = scene.run(STRANGER, &[&"status"]);
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.contains("group “hygie”"), "{}", said.stderr);
    let said = scene.run(ANNE, &[&"versions", &"/etc/passwd"]);
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.contains("no version"), "{}", said.stderr);
    scene.end_guard();
    let said = scene.run(ANNE, &[&"versions", &file]);
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.contains("does not answer"), "{}", said.stderr);
}
