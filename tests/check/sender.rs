//! Whether a mail is from whom it says: what a server of the practice's own found, what its signature says, and what is asked.

use std::{fs, process::Command};

use serde_json::Value;

use crate::scene::{Said, Scene, TRAP};

const SIGNED: &[u8] = include_bytes!("messages/signe.eml");
const RECORD: &str = include_str!("messages/signe.txt");

fn with_results(results: &str) -> Vec<u8> {
    let line = format!("Authentication-Results: mx.cabinet-tilleuls.example; {results}\r\n");
    [line.as_bytes(), SIGNED].concat()
}

fn reasons(said: &Said) -> Vec<String> {
    let word = |one: &Value| one["reason"].as_str().unwrap().to_owned();
    let objects = said.objects();
    let all = objects[0]["reasons"].as_array().unwrap();
    all.iter().map(word).collect()
}

#[test]
fn results_of_a_server_that_is_named_are_believed() {
    let scene = Scene::new();
    scene.write(
        "pass.eml",
        &with_results("dmarc=pass header.from=labo-rivage.example"),
    );
    scene.write(
        "fail.eml",
        &with_results("dmarc=fail (p=reject) header.from=labo-rivage.example"),
    );
    let ask = |file: &str, more: &[&str]| {
        let mut args = vec!["check", file, "--offline", "--json"];
        args.extend(more);
        reasons(&scene.run(&args))
    };
    let server = &["--trusted-server", "mx.cabinet-tilleuls.example"];
    assert!(ask("pass.eml", server).contains(&"vouched".to_owned()));
    assert!(ask("fail.eml", server).contains(&"not-proven".to_owned()));
    // A file says nothing of whose server wrote that.
    for more in [&[][..], &["--trusted-server", "mx.other.example"]] {
        for file in ["pass.eml", "fail.eml"] {
            let found = ask(file, more);
            assert!(
                !found
                    .iter()
                    .any(|one| one == "vouched" || one == "not-proven"),
                "{found:?}"
            );
        }
    }
    let said = scene.run(&[
        "check",
        "pass.eml",
        "--trusted-server",
        "cabinet",
        "--lang",
        "fr",
    ]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("--trusted-server"), "{said:?}");
}

#[test]
fn a_server_is_remembered_and_what_it_refused_is_not() {
    let scene = Scene::new();
    scene.write(
        "mail/pass.eml",
        &with_results("dmarc=pass header.from=labo-rivage.example"),
    );
    scene.write(
        "mail/fail.eml",
        &with_results("dmarc=fail (p=reject) header.from=ameli.example"),
    );
    let forged = String::from_utf8(with_results("dmarc=fail (p=reject)")).unwrap();
    scene.write(
        "mail/fail.eml",
        forged.replace("zoe.petit", "autre").as_bytes(),
    );
    let learn = [
        "check",
        "--learn",
        "mail",
        "--trusted-server",
        "mx.cabinet-tilleuls.example",
        "--json",
    ];
    let said = scene.run(&learn);
    let object = &said.objects()[0];
    let counts = ["received", "left_out", "people"].map(|name| object[name].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 1], "{said:?}");
    let kept = fs::read_to_string(scene.path("state/senders.json")).unwrap();
    assert!(kept.contains("mx.cabinet-tilleuls.example") && !kept.contains("autre@"));
    // From now on it need not be named.
    let said = scene.run(&["check", "mail/fail.eml", "--offline", "--json"]);
    assert!(
        reasons(&said).contains(&"not-proven".to_owned()),
        "{said:?}"
    );
}

#[test]
fn a_trap_from_an_address_of_ones_own_says_whom_to_call() {
    let scene = Scene::new();
    let text = String::from_utf8(TRAP.to_vec()).unwrap();
    let from = text.lines().find(|line| line.starts_with("From:")).unwrap();
    let own = text.replace(
        from,
        "From: Claire Martin <claire@cabinet-tilleuls.example>",
    );
    scene.write("own.eml", own.as_bytes());
    scene.write("Inbox.eml", SIGNED);
    let advice = |said: &Said| said.objects()[0]["advice"].to_string();
    let said = scene.run(&["check", "own.eml", "--json"]);
    assert!(!advice(&said).contains("call-sender"), "{said:?}");
    let learn = [
        "check",
        "--learn",
        "Inbox.eml",
        "--own",
        "cabinet-tilleuls.example",
    ];
    assert_eq!(scene.run(&learn).code, 0);
    let said = scene.run(&["check", "own.eml", "--json"]);
    assert!(
        said.code == 20 && advice(&said).contains("call-sender"),
        "{said:?}"
    );
    assert!(!advice(&said).contains("delete"), "{said:?}");
    for (lang, words) in [
        ("fr", "écrit peut-être à sa place"),
        ("en", "may be writing in their place"),
    ] {
        let said = scene.run(&["check", "own.eml", "--lang", lang]);
        assert!(said.out.contains(words), "{said:?}");
    }
}

/// A network and a file of its own: nothing of this machine's is touched.
fn on_a_network(scene: &Scene, server: &str, args: &str) -> Said {
    fs::write(
        scene.path("resolv.conf"),
        "nameserver 127.0.0.1\noptions timeout:1\n",
    )
    .unwrap();
    let script = format!(
        "set -e; ip link set lo up; mount --bind {resolv} /etc/resolv.conf; {server}; \
         {hygie} check {args} && code=0 || code=$?; kill $! 2>/dev/null || true; exit $code",
        resolv = scene.path("resolv.conf").display(),
        hygie = env!("CARGO_BIN_EXE_hygie"),
    );
    let done = Command::new("unshare")
        .args(["--net", "--mount", "sh", "-c", &script])
        .current_dir(scene.path(""))
        .env("HYGIE_STATE", scene.path("state"))
        .env("LC_ALL", "fr_FR.UTF-8")
        .output()
        .unwrap();
    Said {
        code: done.status.code().unwrap_or(-1),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

#[test]
fn a_signature_is_verified_by_what_a_real_server_answers() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    if Command::new("dnsmasq").arg("--version").output().is_err() {
        println!("skipped: dnsmasq is not installed (Debian: dnsmasq-base)");
        return;
    }
    let scene = Scene::new();
    scene.write("signe.eml", SIGNED);
    let log = scene.path("asked.log");
    let server = format!(
        "dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root --pid-file \
         --listen-address=127.0.0.1 --bind-interfaces --local=/example/ --log-queries --log-facility={log} \
         --txt-record='ed._domainkey.labo-rivage.example,{RECORD}' & \
         until grep -q ':0035 ' /proc/net/udp; do kill -0 $!; sleep 0.02; done",
        log = log.display(),
    );
    let said = on_a_network(&scene, &server, "signe.eml --json");
    assert!(reasons(&said).contains(&"vouched".to_owned()), "{said:?}");
    let asked = fs::read_to_string(&log).unwrap();
    let asked: Vec<&str> = asked
        .lines()
        .filter(|line| line.contains("query["))
        .collect();
    assert!(!asked.is_empty());
    for line in asked {
        let name = line.split("] ").nth(1).unwrap().split(' ').next().unwrap();
        assert!(
            name.ends_with("labo-rivage.example") || name == "_dmarc.example",
            "{line}"
        );
    }
    // Whoever wants nobody asked has nobody asked.
    fs::remove_file(&log).unwrap();
    let said = on_a_network(&scene, &server, "signe.eml --json --offline");
    assert!(!reasons(&said).contains(&"vouched".to_owned()), "{said:?}");
    assert!(!fs::read_to_string(&log).unwrap().contains("query["));
    // Nobody answers: nothing follows from it but a word.
    let said = on_a_network(&scene, "sleep 0 & true", "signe.eml --json");
    assert!(
        !reasons(&said).contains(&"not-proven".to_owned()),
        "{said:?}"
    );
    for number in 0..4 {
        scene.write(&format!("many/{number}.eml"), SIGNED);
    }
    let said = on_a_network(&scene, "sleep 0 & true", "many --lang en");
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("Nobody answered"), "{said:?}");
}
