//! `hygie check` as people and scripts call it: the real program, on messages that were written for this. No guard runs, and
//! nobody needs to be root.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod learn;
mod scene;
mod sender;

use std::{
    fs::{self, File},
    io::{BufWriter, Read, Write},
    process::{Command, Stdio},
};

use crate::scene::{ORDINARY, SMS, Scene, TRAP, mailbox, outlook};

#[test]
fn a_french_trap_is_dangerous_and_says_why() {
    let scene = Scene::new();
    scene.write("piege.eml", TRAP);
    let said = scene.run(&["check", "piege.eml", "--lang", "fr"]);
    assert_eq!(said.code, 20, "{said:?}");
    let first = said.out.lines().next().unwrap();
    assert!(
        first.starts_with("piege.eml") && first.contains("Arnaque"),
        "{said:?}"
    );
    assert!(
        said.out.contains("  - ") && said.out.contains("  → "),
        "{said:?}"
    );
    // What the message says is not said again.
    assert!(
        !said.out.contains("remboursements") && said.err.is_empty(),
        "{said:?}"
    );
}

#[test]
fn an_ordinary_message_is_no_reason_to_worry() {
    let scene = Scene::new();
    scene.write("ordinaire.eml", ORDINARY);
    let said = scene.run(&["check", "ordinaire.eml", "--lang", "fr"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("Rien d'inquiétant"), "{said:?}");
}

#[test]
fn scripts_read_one_object_a_message() {
    let scene = Scene::new();
    scene.write("piege.eml", TRAP);
    let said = scene.run(&["check", "piege.eml", "--json"]);
    let mut objects = said.objects();
    assert_eq!((said.code, objects.len()), (20, 1), "{said:?}");
    // What the judge makes of it is the judge's; here is the form.
    let object = &mut objects[0];
    let score = object["score"].take().as_f64().unwrap();
    assert!((0.0..=1.0).contains(&score));
    let reasons = object["reasons"].take();
    assert!(reasons.as_array().unwrap().len() > 2);
    for reason in reasons.as_array().unwrap() {
        assert!(
            reason["reason"].is_string() && reason["points"].is_i64(),
            "{reason}"
        );
    }
    let named = reasons
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["facts"].is_object());
    assert!(named.is_some(), "{reasons}");
    assert!(
        object["advice"]
            .take()
            .as_array()
            .unwrap()
            .iter()
            .all(serde_json::Value::is_string)
    );
    let form = r#"{"advice":null,"file":"piege.eml","reasons":null,"schema":"hygie.check/1","score":null,"verdict":"dangerous"}"#;
    assert_eq!(object.to_string(), form);
}

#[test]
fn a_message_in_outlook_s_own_form_is_judged_as_the_same_mail() {
    let scene = Scene::new();
    scene.write("piege.msg", &outlook(TRAP));
    scene.write("ordinaire.msg", &outlook(ORDINARY));
    let said = scene.run(&["check", "piege.msg", "--json"]);
    assert_eq!(said.code, 20, "{said:?}");
    let reasons = said.objects()[0]["reasons"].to_string();
    assert!(reasons.contains("impersonates"), "{reasons}");
    let said = scene.run(&["check", "ordinaire.msg", "--lang", "fr"]);
    assert_eq!(said.code, 0, "{said:?}");
}

#[test]
fn an_sms_is_judged_as_one() {
    let scene = Scene::new();
    scene.write("sms.txt", SMS);
    let said = scene.run(&[
        "check",
        "--sms",
        "sms.txt",
        "--sender",
        "+33 7 00 00 00 00",
        "--json",
    ]);
    assert_eq!(said.code, 20, "{said:?}");
    assert_eq!(said.objects()[0]["verdict"], "dangerous");
    let said = scene.run_with(
        &["check", "--sms", "-", "--lang", "en"],
        "Coucou, je rentre vers 19 h. Bises".as_bytes(),
    );
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("Message that came in"), "{said:?}");
}

#[test]
fn a_mailbox_file_is_cut_and_each_message_judged() {
    let scene = Scene::new();
    scene.write("Inbox", &mailbox(&[ORDINARY, TRAP, ORDINARY]));
    let said = scene.run(&["check", "Inbox", "--json"]);
    assert_eq!(said.code, 20, "{said:?}");
    let told: Vec<_> = said
        .objects()
        .iter()
        .map(|one| {
            (
                one["message"].as_u64().unwrap(),
                one["verdict"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [(1, "safe"), (2, "dangerous"), (3, "safe")];
    assert_eq!(
        told,
        expected.map(|(number, verdict)| (number, verdict.to_owned()))
    );
    scene.write("One", &mailbox(&[ORDINARY]));
    let said = scene.run(&["check", "One", "--lang", "fr"]);
    assert!(
        said.out.starts_with("1 message regardé, dont 1 sans"),
        "{said:?}"
    );
    // People read of the one.
    let said = scene.run(&["check", "Inbox", "--lang", "fr"]);
    assert!(said.out.starts_with("Inbox, message 2"), "{said:?}");
    assert!(
        said.out.contains("3 messages regardés, dont 2 sans"),
        "{said:?}"
    );
    assert!(
        !said.out.contains("message 1") && !said.out.contains("message 3"),
        "{said:?}"
    );
}

#[test]
fn a_folder_is_walked() {
    let scene = Scene::new();
    scene.write("mail/a.eml", ORDINARY);
    scene.write("mail/deep/b.eml", TRAP);
    scene.write("mail/cur/1764.M1.host:2,S", ORDINARY);
    scene.write("mail/notes.txt", b"Objet : courses\n\nPain, lait");
    scene.write("mail/photo.png", b"\x89PNG\r\n\x1a\n");
    let said = scene.run(&["check", "mail", "--json"]);
    assert_eq!(said.code, 20, "{said:?}");
    let objects = said.objects();
    let files: Vec<_> = objects
        .iter()
        .map(|one| one["file"].as_str().unwrap())
        .collect();
    assert_eq!(
        files,
        ["mail/a.eml", "mail/cur/1764.M1.host:2,S", "mail/deep/b.eml"]
    );
    fs::create_dir(scene.path("empty")).unwrap();
    let said = scene.run(&["check", "empty", "--lang", "fr"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("aucun message"), "{said:?}");
}

#[test]
fn what_comes_in_is_judged() {
    let scene = Scene::new();
    let said = scene.run_with(&["check", "-", "--json"], TRAP);
    assert_eq!(
        (said.code, said.objects()[0]["file"].as_str()),
        (20, Some("-")),
        "{said:?}"
    );
    let said = scene.run_with(&["check", "-", "--json"], &mailbox(&[ORDINARY, ORDINARY]));
    assert_eq!((said.code, said.objects().len()), (0, 2), "{said:?}");
}

#[test]
fn what_is_no_message_is_said_to_be_none() {
    let scene = Scene::new();
    scene.write("photo.png", b"\x89PNG\r\n\x1a\n");
    scene.write("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1and more");
    scene.write("a.eml", ORDINARY);
    for (what, why) in [
        ("photo.png", "not-a-message"),
        ("a.msg", "outlook"),
        ("gone.eml", "no-file"),
    ] {
        let said = scene.run(&["check", what, "--json", "--lang", "en"]);
        assert_eq!(said.code, 1, "{said:?}");
        let object = &said.objects()[0];
        assert_eq!(
            (object["unread"].as_str(), object["verdict"].is_null()),
            (Some(why), true)
        );
        assert!(said.err.contains(what), "{said:?}");
    }
    // The others are judged all the same.
    let said = scene.run(&["check", "gone.eml", "a.eml", "--json"]);
    assert_eq!((said.code, said.objects().len()), (1, 2), "{said:?}");
    assert_eq!(scene.run(&["check"]).code, 2);
    assert_eq!(scene.run(&["check", "a.eml", "--sender", "x"]).code, 2);
}

#[test]
fn broken_and_hostile_messages_are_judged_within_bounds() {
    let scene = Scene::new();
    scene.write(
        "broken.eml",
        b"\x00\xff\xfe: \r\n=?utf-8?q?=?=\nContent-Type: multipart/mixed; boundary=\n\n--\n----",
    );
    // Parts in parts in parts, and messages in messages; then thirty megabytes of nothing.
    let mut bomb = b"From: a@b.example\nSubject: x\n".to_vec();
    for depth in 0..20_000 {
        bomb.extend(
            format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n").bytes(),
        );
    }
    bomb.extend(b"Content-Type: message/rfc822\n\n".repeat(20_000));
    scene.write("bomb.eml", &bomb);
    let mut long = b"From: a@b.example\nSubject: x\nContent-Transfer-Encoding: base64\n\n".to_vec();
    long.extend(b"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n".repeat(500_000));
    scene.write("long.eml", &long);
    scene.write("good.eml", ORDINARY);
    let said = scene.run(&[
        "check",
        "bomb.eml",
        "broken.eml",
        "long.eml",
        "good.eml",
        "--json",
    ]);
    let objects = said.objects();
    assert_eq!(objects.len(), 4, "{said:?}");
    // Each is read: no worker broke or was too slow.
    for object in &objects {
        assert!(
            object["verdict"].is_string() && object["unread"].is_null(),
            "{object}"
        );
    }
    assert_eq!(objects[3]["verdict"], "safe");
}

#[test]
fn what_costs_much_costs_a_bounded_amount_of_memory() {
    let scene = Scene::new();
    // Written by pieces: a child is charged what its starter once had.
    let flood = |name: &str, head: &str, piece: &str, times: usize| {
        let mut file = BufWriter::new(File::create(scene.path(name)).unwrap());
        write!(file, "From: a@b.example\nSubject: x\n{head}").unwrap();
        for _ in 0..times {
            file.write_all(piece.as_bytes()).unwrap();
        }
    };
    flood("heads.eml", "", "X: y\n", 1_000_000);
    let base64 = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n";
    let head = "Content-Transfer-Encoding: base64\n\n";
    flood("long.eml", head, base64, 500_000);
    let head = "Content-Type: text/html\n\n";
    flood("page.eml", head, "<a x=y>", 3_000_000);
    let (ordinary, _) = peak(&scene, &["ordinaire.eml"]);
    // What a message of sixteen megabytes adds, to whichever of the processes has most; many of them add no more than one.
    for name in ["heads.eml", "long.eml", "page.eml"] {
        let (one, said) = peak(&scene, &[name]);
        assert!(one < ordinary + (36 << 20), "{name}: {one}, {ordinary}");
        assert_eq!(said.lines().count(), 1, "{name}: {said}");
    }
    let (many, said) = peak(&scene, &["long.eml"; 12]);
    assert!(many < ordinary + (52 << 20), "{many}, {ordinary}");
    assert_eq!(said.lines().count(), 12);
}

/// The most memory of any process that this takes, and what is said.
fn peak(scene: &Scene, files: &[&str]) -> (u64, String) {
    scene.write("ordinaire.eml", ORDINARY);
    let mut child = Command::new(env!("CARGO_BIN_EXE_hygie"))
        .args(["check", "--json"])
        .args(files)
        .current_dir(scene.path(""))
        .env("HYGIE_STATE", scene.path("state"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    let (_, used) = hygie_platform::linux::usage::wait(child).unwrap();
    (used.peak, said)
}

#[test]
fn names_in_a_message_cannot_move_the_cursor() {
    let scene = Scene::new();
    let trap = String::from_utf8(TRAP.to_vec()).unwrap();
    let trap = trap.replace(
        "\"Ameli Assurance",
        "\"\x1b[2J\x1b[HAmeli \u{202e}Assurance",
    );
    scene.write("a\x1b[2J.eml", trap.as_bytes());
    let said = scene.run(&["check", "a\x1b[2J.eml"]);
    assert_eq!(said.code, 20, "{said:?}");
    assert!(!said.out.contains(['\x1b', '\u{202e}']), "{said:?}");
}

#[test]
fn a_message_of_which_too_much_comes_back_is_to_be_checked_and_the_next_one_is_judged() {
    let scene = Scene::new();
    // Forty pages of links, each sign of which takes six on the way back: more than is believed to be an answer.
    let mut flood =
        b"From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=q\n\n".to_vec();
    let link = format!(
        "<a href=\"https://h.example/{}\">x</a>",
        "\u{2}".repeat(800)
    );
    for number in 0..40 {
        let head = format!(
            "--q\nContent-Type: text/html\nContent-Disposition: attachment; filename=a{number}.html\n\n"
        );
        flood.extend(head.bytes());
        flood.extend(link.repeat(350).bytes());
        flood.push(b'\n');
    }
    flood.extend(b"--q--\n");
    scene.write("flood.eml", &flood);
    scene.write("good.eml", ORDINARY);
    let said = scene.run(&["check", "flood.eml", "good.eml", "--json"]);
    let objects = said.objects();
    assert_eq!((said.code, objects.len()), (10, 2), "{said:?}");
    let told = (
        &objects[0]["verdict"],
        &objects[0]["unread"],
        &objects[1]["verdict"],
    );
    assert_eq!(
        told,
        (&"doubtful".into(), &"broken".into(), &"safe".into()),
        "{said:?}"
    );
    let said = scene.run(&["check", "flood.eml", "--lang", "en"]);
    assert!(
        said.out.contains("could not read this message whole"),
        "{said:?}"
    );
}
