//! What a version holds, seen for a person: the guard reads, the sandbox parses, each a process with a user of its own.

use std::{
    fs,
    io::Write,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use hygie_agent::door::{Look, Question, Reply};
use hygie_sandbox::preview::{Shown, Why};
use serde_json::Value;

use crate::scene::Scene;

/// In place of `hygie-sandbox`.
const NOBODY: u32 = 65534;

/// The sandbox's keeper, as the console starts it.
struct Keeper(Child);

impl Keeper {
    fn start(scene: &Scene) -> Self {
        let folder = scene.hygie.state().join("sandbox");
        fs::create_dir(&folder).unwrap();
        chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
        let socket = folder.join("sandbox.sock");
        let child = Command::new("setpriv")
            .args([
                format!("--reuid={NOBODY}"),
                format!("--regid={NOBODY}"),
                "--clear-groups".into(),
            ])
            .arg(scene.binary())
            .arg("sandbox")
            .arg("--socket")
            .arg(&socket)
            .args(["--asker", "0"])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        while std::os::unix::net::UnixStream::connect(&socket).is_err() {
            std::thread::yield_now();
        }
        Self(child)
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Scene {
    fn inside(&self, hub: u32, path: &Path, number: i64) -> Reply {
        let path = path.to_owned();
        let question = super::hub::for_person(Question::Look(Look::Inside { path, number }));
        self.ask(hub, &question)
    }

    fn shown(&self, hub: u32, path: &Path, number: i64) -> Shown {
        let reply = self.inside(hub, path, number);
        let Reply::Inside(shown) = reply else {
            panic!("{reply:?}");
        };
        *shown
    }

    /// The numbers of a file's versions, the newest first.
    fn numbers(&self, hub: u32, path: &Path) -> Vec<i64> {
        let path = path.to_owned();
        let question = super::hub::for_person(Question::Versions { path });
        let reply = self.ask(hub, &question);
        let Reply::Versions { versions, .. } = reply else {
            panic!("{reply:?}");
        };
        versions.iter().map(|version| version.number).collect()
    }
}

/// Two rows of four points.
fn picture() -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    bytes.extend(78_u32.to_le_bytes());
    bytes.extend([0; 4]);
    for field in [54_u32, 40, 4, 2, 1 | 24 << 16, 0, 24, 0, 0, 0, 0] {
        bytes.extend(field.to_le_bytes());
    }
    bytes.extend([200; 24]);
    bytes
}

fn is_text(shown: &Shown, wanted: &str) -> bool {
    matches!(shown, Shown::Text { text, all: true, .. } if text == wanted)
}

/// The file of the store that has this content.
fn object(folder: &Path, content: &[u8]) -> Option<PathBuf> {
    fs::read_dir(folder).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            object(&path, content)
        } else {
            (fs::read(&path).unwrap() == content).then_some(path)
        }
    })
}

#[test]
fn a_version_is_seen_as_it_was_and_a_broken_one_breaks_nothing() {
    let Some((scene, hub)) = super::hub::open() else {
        return;
    };
    let guard = scene.hygie.pid("guard");
    let letter = scene.path("anne/a.txt");
    let first = scene.numbers(hub, &letter)[0];
    let nothing = |why| Shown::Nothing { why };
    // Nothing is read outside a sandbox.
    assert_eq!(scene.shown(hub, &letter, first), nothing(Why::NoSandbox));
    let keeper = Keeper::start(&scene);
    assert!(is_text(
        &scene.shown(hub, &letter, first),
        "well: anne/a.txt"
    ));
    scene.damage("anne/a.txt");
    let numbers = scene.numbers(hub, &letter);
    assert!(is_text(&scene.shown(hub, &letter, numbers[0]), "encrypted"));
    assert!(is_text(
        &scene.shown(hub, &letter, first),
        "well: anne/a.txt"
    ));

    let (photo, bomb) = (scene.path("common/photo"), scene.path("common/bomb.png"));
    fs::write(&photo, picture()).unwrap();
    let mut head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0".to_vec();
    // Its sum is wrong as well: it is refused, whichever is seen first.
    head.extend([0; 64]);
    fs::File::create(&bomb).unwrap().write_all(&head).unwrap();
    scene.settle();
    let shown = scene.shown(hub, &photo, scene.numbers(hub, &photo)[0]);
    let Shown::Picture {
        png, width, height, ..
    } = shown
    else {
        panic!("{shown:?}")
    };
    assert_eq!((png.width(), png.height(), width, height), (4, 2, 4, 2));
    let shown = scene.shown(hub, &bomb, scene.numbers(hub, &bomb)[0]);
    assert!(
        matches!(
            shown,
            Shown::Nothing {
                why: Why::Unreadable | Why::TooLarge
            }
        ),
        "{shown:?}"
    );

    // What the store holds is not what it kept.
    let other = scene.path("paul/b.txt");
    let kept = object(&scene.hygie.state().join("vault"), b"well: paul/b.txt").unwrap();
    fs::write(&kept, "ill!: paul/b.txt").unwrap();
    let number = scene.numbers(hub, &other)[0];
    assert_eq!(scene.shown(hub, &other, number), nothing(Why::Damaged));

    for (path, number) in [
        (letter.clone(), 999_999),
        (letter.clone(), number),
        (scene.path("anne"), first),
        ("/etc/passwd".into(), first),
    ] {
        assert_eq!(scene.inside(hub, &path, number), Reply::Unknown, "{path:?}");
    }
    drop(keeper);
    assert_eq!(scene.shown(hub, &letter, first), nothing(Why::NoSandbox));
    assert_eq!(scene.hygie.pid("guard"), guard, "nothing of it broke");

    let said = scene.run(0, &[&"journal", &"show"]);
    let looked: Vec<&Value> = said
        .lines
        .iter()
        .filter(|line| line["kind"] == "vault.looked")
        .collect();
    assert_eq!(looked.len(), 8, "{looked:?}");
    let fields = &looked[0]["fields"];
    assert_eq!(fields["path"], letter.to_str().unwrap());
    assert_eq!(
        (&fields["number"], &fields["uid"]),
        (&first.into(), &hub.into())
    );
    assert_eq!(fields["person"], super::hub::PERSON);
    scene.hygie.stop().unwrap();
}
