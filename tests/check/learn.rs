//! `hygie check --learn`: the memory of senders, from mailbox files of the practice's own.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::Path,
};

use crate::scene::{ORDINARY, Scene, TRAP, mailbox};

/// Somebody else of the same laboratory writes, three times, and is answered.
fn known(number: usize) -> Vec<u8> {
    let text = String::from_utf8(ORDINARY.to_vec()).unwrap();
    text.replace("Réunion de jeudi", &format!("Réunion {number}"))
        .into_bytes()
}

fn answer() -> Vec<u8> {
    b"From: Claire Martin <claire@cabinet-tilleuls.example>\nTo: zoe.petit@labo-rivage.example\nSubject: Re: R\n\
      Date: Tue, 24 Nov 2026 11:00:00 +0100\n\nMerci.\n"
        .to_vec()
}

#[test]
fn who_writes_and_is_answered_is_remembered() {
    let scene = Scene::new();
    let (one, two, three) = (known(1), known(2), known(3));
    scene.write("mail/Inbox", &mailbox(&[&one, TRAP, &two, &three]));
    scene.write("mail/Junk", &mailbox(&[&known(4)]));
    scene.write("mail/Sent", &mailbox(&[&answer()]));
    let learn = [
        "check",
        "--learn",
        "mail",
        "--own",
        "cabinet-tilleuls.example",
        "--json",
    ];
    let said = scene.run(&learn);
    assert_eq!(said.code, 0, "{said:?}");
    let object = &said.objects()[0];
    assert_eq!(object["schema"], "hygie.check.learn/1");
    let counts = ["received", "sent", "already", "left_out", "people"]
        .map(|name| object[name].as_u64().unwrap());
    assert_eq!(counts, [3, 1, 0, 2, 1], "{said:?}");

    // Nothing counts twice, and whose the practice is was remembered.
    let said = scene.run(&["check", "--learn", "mail", "--json"]);
    let object = &said.objects()[0];
    assert_eq!(
        (object["already"].as_u64(), object["received"].as_u64()),
        (Some(4), Some(0)),
        "{said:?}"
    );

    let kept = scene.path("state/senders.json");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&kept), 0o600);
    // Where there is a hub, root leaves it what judging needs, to read and not to write.
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let hub = users.lines().any(|line| line.starts_with("hygie-hub:"));
    let left = scene.path("state/recovery/senders.json");
    if hub && hygie_testkit::not_root().is_none() {
        assert_eq!(mode(&left), 0o640);
        let left = fs::read_to_string(left).unwrap();
        assert!(left.contains("zoe.petit@labo-rivage.example") && left.contains("\"counted\":[]"));
    } else {
        assert!(!left.exists());
    }
    let kept = fs::read_to_string(kept).unwrap();
    assert!(kept.contains("zoe.petit@labo-rivage.example"));
    assert!(
        !kept.contains("Réunion") && !kept.contains("carte-vitale"),
        "{kept}"
    );

    // It speaks for whoever writes again.
    scene.write("next.eml", &known(5));
    let said = scene.run(&["check", "next.eml", "--json"]);
    let object = &said.objects()[0];
    let reasons = object["reasons"].as_array().unwrap();
    let of = |word: &str| reasons.iter().find(|one| one["reason"] == word);
    let known = of("known-sender").or_else(|| of("answered-before"));
    assert!(
        known.is_some_and(|one| one["points"].as_i64().unwrap() < 0),
        "{said:?}"
    );
}

#[test]
fn people_read_what_was_remembered() {
    let scene = Scene::new();
    scene.write("Inbox", &mailbox(&[ORDINARY]));
    let said = scene.run(&["check", "--learn", "Inbox", "--lang", "fr"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        said.out.contains("Hygie connaît maintenant 1 adresse."),
        "{said:?}"
    );
    assert!(said.out.contains("--own"), "{said:?}");
    assert_eq!(
        scene
            .run(&["check", "--learn", "Inbox", "--own", "cabinet"])
            .code,
        1
    );
    assert_eq!(scene.run(&["check", "--learn", "--sms", "Inbox"]).code, 2);
    fs::write(scene.path("state/senders.json"), "{").unwrap();
    for asked in [&["check", "Inbox"][..], &["check", "--learn", "Inbox"]] {
        let said = scene.run(asked);
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.err.contains("abîmée"), "{said:?}");
    }
}

#[test]
fn whoever_has_no_rights_is_answered_without_the_memory() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let scene = Scene::new();
    fs::set_permissions(scene.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    let program = scene.path("hygie");
    fs::copy(Path::new(env!("CARGO_BIN_EXE_hygie")), &program).unwrap();
    scene.write("Inbox", &mailbox(&[ORDINARY]));
    assert_eq!(scene.run(&["check", "--learn", "Inbox"]).code, 0);
    scene.write("trap.eml", TRAP);
    let said = scene.run_as(&program, NOBODY, &["check", "trap.eml", "--lang", "en"]);
    assert_eq!(said.code, 20, "{said:?}");
    assert!(said.out.contains("judges without it"), "{said:?}");
    // What is in a folder of her own she may keep.
    let own = scene.path("own");
    fs::create_dir(&own).unwrap();
    chown(&own, Some(NOBODY), Some(NOBODY)).unwrap();
    let own = own.to_str().unwrap();
    let said = scene.run_as(
        &program,
        NOBODY,
        &["check", "--learn", "Inbox", "--state", own],
    );
    assert_eq!(said.code, 0, "{said:?}");
    let said = scene.run_as(&program, NOBODY, &["check", "--learn", "Inbox"]);
    assert_eq!(said.code, 1, "{said:?}");
}

const NOBODY: u32 = 65_534;
