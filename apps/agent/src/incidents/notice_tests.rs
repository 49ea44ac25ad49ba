//! What people see, and that a name of a program cannot steer their terminal or their desktop.

use std::{
    io::{BufRead, BufReader},
    sync::mpsc::{Sender, channel},
};

use hygie_acts::{BootId, Class, Counts, Fate, Member, Opening, State};
use hygie_model::Wall;
use zbus::zvariant::OwnedValue;

use super::*;

fn incident(command: &str) -> Incident {
    Incident {
        id: 7,
        state: State::Stopped,
        state_at: Wall(0),
        opening: Opening {
            boot: BootId("one".into()),
            group: "family".into(),
            families: vec![1],
            members: vec![Member {
                pid: 1,
                started: 1,
                uid: 1000,
                exe: "/tmp/x".into(),
                command: command.into(),
                program: "ab".into(),
                class: Class::Unknown,
                script: None,
                fate: Fate::Frozen,
            }],
            reasons: Vec::new(),
            score: 0,
            bound: 0,
            first_harm: Wall(0),
            stopped_at: Wall(0),
            counts: Counts::default(),
        },
    }
}

#[test]
fn it_says_what_was_stopped_that_nothing_is_lost_and_whom_to_call() {
    let catalog = Catalog::new(Language::Fr, TimeZone::UTC);
    let notice = words(
        &catalog,
        &incident("crypt\u{1b}[2J"),
        Some("Mme Roux, 01 23 45 67 89"),
    );
    assert!(notice.title.contains("crypt\\u{1b}[2J"), "{}", notice.title);
    assert!(
        notice.body.contains("Mme Roux, 01 23 45 67 89"),
        "{}",
        notice.body
    );
    assert!(notice.body.contains('7'));
    let nobody = words(&catalog, &incident("x"), None);
    assert_eq!(nobody.body.lines().count(), 3);
}

#[test]
fn nothing_moves_the_cursor_of_a_terminal() {
    assert_eq!(clean("a\u{1b}[2J\u{7}b\nc\u{9b}d"), "a?[2J?b\r\nc?d");
}

#[test]
fn only_terminals_of_this_user_are_written_to() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("tty1"), "").unwrap();
    let notice = HandedNotice {
        title: "t".into(),
        body: "b".into(),
    };
    let uid = rustix::process::geteuid().as_raw();
    assert_eq!(on_terminals(dir.path(), uid, &notice), 0, "no terminal");
    assert_eq!(std::fs::read(dir.path().join("tty1")).unwrap(), b"");
}

/// What a desktop shows.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    title: String,
    body: String,
    urgency: u8,
    stays: bool,
}

struct Desktop(Sender<Shown>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Desktop {
    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        _from: String,
        _replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        until: i32,
    ) -> u32 {
        assert_eq!(actions, Vec::<String>::new(), "a program could answer");
        let urgency = u8::try_from(hints["urgency"].try_clone().unwrap()).unwrap();
        let stays = until == 0;
        let shown = Shown {
            title,
            body,
            urgency,
            stays,
        };
        self.0.send(shown).unwrap();
        1
    }
}

/// A real session bus, and what stands on it for a desktop.
#[test]
fn a_desktop_shows_it_until_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bus");
    let address = format!("unix:path={}", path.display());
    let bus = Command::new("dbus-daemon")
        .args(["--session", "--nofork", "--nopidfile", "--print-address"])
        .arg(format!("--address={address}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut bus = bus.expect("dbus-daemon: cargo xtask test installs it");
    // It says its address when it listens.
    let mut said = String::new();
    let out = bus.stdout.take().unwrap();
    BufReader::new(out).read_line(&mut said).unwrap();
    let (sender, shown) = channel();
    let desktop = Builder::address(address.as_str())
        .unwrap()
        .name("org.freedesktop.Notifications")
        .unwrap()
        .serve_at("/org/freedesktop/Notifications", Desktop(sender))
        .unwrap()
        .build()
        .unwrap();
    let notice = HandedNotice {
        title: "Un programme".into(),
        body: "<b>a & b".into(),
    };
    on_desktop(&path, &notice).unwrap();
    let expected = Shown {
        title: "Un programme".into(),
        body: "&lt;b&gt;a &amp; b".into(),
        urgency: 2,
        stays: true,
    };
    assert_eq!(shown.recv().unwrap(), expected);
    drop(desktop);
    bus.kill().unwrap();
    bus.wait().unwrap();
}

#[test]
fn without_a_desktop_it_says_so_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let notice = HandedNotice {
        title: "t".into(),
        body: "b".into(),
    };
    assert!(on_desktop(&dir.path().join("bus"), &notice).is_err());
}

#[test]
fn a_silent_hub_is_told_in_both_languages_to_whoever_works_here() {
    for (language, since) in [(Language::Fr, "1970"), (Language::En, "1970")] {
        let catalog = Catalog::new(language, TimeZone::UTC);
        let heard = Some(Wall(0));
        let silent = of_hub(&catalog, HubNotice::Silent { heard });
        assert!(silent.body.contains(since), "{}", silent.body);
        let never = of_hub(&catalog, HubNotice::Silent { heard: None });
        assert_eq!(never.title, silent.title);
        assert!(!never.body.contains(since), "{}", never.body);
        assert_ne!(of_hub(&catalog, HubNotice::Back).title, silent.title);
    }
    let folder = tempfile::tempdir().unwrap();
    let (desktops, terminals) = (folder.path().join("user"), folder.path().join("pts"));
    assert!(at_work(&desktops, &terminals).is_empty());
    for folder in [&desktops, &terminals] {
        std::fs::create_dir(folder).unwrap();
        std::fs::write(folder.join("1"), "").unwrap();
        std::fs::write(folder.join("ptmx"), "").unwrap();
    }
    let own = rustix::process::geteuid().as_raw();
    assert_eq!(at_work(&desktops, &terminals), [own], "each once");
}
