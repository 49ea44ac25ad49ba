//! One incident from its stop to its end, on a real folder.

use std::{
    fs::{self, File},
    os::fd::{AsFd, OwnedFd},
    path::{Path, PathBuf},
};

use hygie_acts::{Class, Counts, Deed, Doing, Fate, Left, Place, Process, Who};
use hygie_model::{DirId, NodeKind};
use hygie_platform::linux::handle::Handle;
use hygie_vault::{Entry, Fingerprint, Reader, Vault, read_metadata};

use super::*;
use crate::undo::{self, Kept, Note, Step, step::Naming};

mod commands;

struct Scene {
    dir: tempfile::TempDir,
    incidents: Incidents,
    id: u64,
}

const ROOT: i64 = 1;
const FILE: i64 = 2;
const NOTE: i64 = 3;

fn entry(id: i64, kind: NodeKind, path: &Path) -> Entry {
    Entry::Node {
        id,
        kind,
        fs: 1,
        handle: Handle::of(File::open(path).unwrap().as_fd())
            .unwrap()
            .to_stored(),
    }
}

fn version(vault: &Vault, file: i64, path: &Path, since: i64) -> Entry {
    let opened = File::open(path).unwrap();
    Entry::Version {
        file: FileId(file),
        content: vault.objects().take(&opened).unwrap(),
        since: Wall(since),
        meta: read_metadata(&opened).unwrap(),
        fingerprint: Fingerprint {
            size: 0,
            mtime_ns: since,
            ctime_ns: since,
        },
    }
}

fn place(name: &str) -> Place {
    Place {
        dir: DirId(ROOT),
        name: name.into(),
    }
}

fn member(class: Class, script: Option<&str>) -> Member {
    Member {
        pid: 7,
        started: 99,
        uid: 1000,
        exe: "/opt/x".into(),
        command: "x".into(),
        program: "ab".into(),
        class,
        script: script.map(str::to_owned),
        fate: Fate::Frozen,
    }
}

impl Scene {
    /// A letter was overwritten and a note left beside it. `None` where handles cannot be opened.
    fn new(member: Member) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            return None;
        }
        let dir = tempfile::tempdir_in("/dev/shm").unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::create_dir(path("p")).unwrap();
        fs::create_dir(path("keep")).unwrap();
        let state = StateDir::open(&path("state")).unwrap();
        let (letter, note) = (path("p/lettre.odt"), path("p/LISEZ-MOI.txt"));
        let mut vault = Vault::open(&state.vault()).unwrap();
        fs::write(&letter, "Cher confrère").unwrap();
        let root = Entry::Root {
            dir: DirId(ROOT),
            fs: 1,
            path: path("p"),
            at: Wall(10),
        };
        let born = |name: &str, child, at| Entry::NameBorn {
            parent: DirId(ROOT),
            name: name.into(),
            child,
            at: Wall(at),
        };
        let known = vec![
            entry(ROOT, NodeKind::Dir, &path("p")),
            root,
            entry(FILE, NodeKind::File, &letter),
            born("lettre.odt", FILE, 10),
            version(&vault, FILE, &letter, 10),
        ];
        vault.commit(known, Wall(10)).unwrap();
        fs::write(&letter, "xxxxxxxx").unwrap();
        fs::write(&note, "payez").unwrap();
        let harm = vec![
            version(&vault, FILE, &letter, 100),
            entry(NOTE, NodeKind::File, &note),
            born("LISEZ-MOI.txt", NOTE, 110),
            version(&vault, NOTE, &note, 110),
        ];
        vault.commit(harm, Wall(110)).unwrap();
        drop(vault);
        let incidents = Incidents::open(&state, Wall(120)).unwrap();
        let open = |name: &str| OwnedFd::from(File::open(path(name)).unwrap());
        incidents.reach(1, open("p"), open("keep"));
        let left = Left {
            since: Wall(100),
            before: None,
            version: None,
        };
        for (at, node, deed) in [
            (100, FILE, Deed::Changed(left)),
            (110, NOTE, Deed::Made(place("LISEZ-MOI.txt"))),
        ] {
            incidents.record(Act {
                at: Wall(at),
                who: Who::Family {
                    family: 5,
                    process: Some(Process {
                        pid: 7,
                        started: 99,
                        uid: 1000,
                        exe: "/opt/x".into(),
                    }),
                },
                node,
                kind: NodeKind::File,
                deed,
            });
        }
        let opening = Opening {
            boot: incidents.boot().clone(),
            group: "family".into(),
            families: vec![5],
            members: vec![member],
            reasons: Vec::new(),
            score: 1000,
            bound: 1000,
            first_harm: Wall(100),
            stopped_at: Wall(120),
            counts: Counts::default(),
        };
        let incident = incidents.begin(opening, [FileId(FILE)]).unwrap();
        let id = incident.id;
        Some(Self { dir, incidents, id })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn reader(&self) -> Reader {
        Reader::open(&self.incidents.0.state.vault()).unwrap()
    }

    /// Plays the loop, which ends the family.
    fn ends(&self) -> std::thread::JoinHandle<()> {
        let incidents = self.incidents.clone();
        std::thread::spawn(move || {
            loop {
                for wish in incidents.wishes() {
                    if let Wish::End { done, families, .. } = wish {
                        assert_eq!(families, [5]);
                        done.send(()).unwrap();
                        return;
                    }
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        })
    }

    fn state(&self) -> State {
        self.incidents.all().unwrap()[0].state
    }
}

#[test]
fn it_is_looked_at_undone_and_taken_back() {
    let Some(scene) = Scene::new(member(Class::Unknown, None)) else {
        return;
    };
    let (reader, letter) = (scene.reader(), scene.path("p/lettre.odt"));
    assert_eq!(scene.incidents.protected().unwrap(), [FileId(FILE)].into());
    let told = scene.incidents.detail(&reader, scene.id).unwrap().unwrap();
    let files: Vec<_> = told
        .files
        .iter()
        .map(|file| (file.path.0.clone(), file.deeds.clone()))
        .collect();
    assert_eq!(
        files,
        [
            (letter.clone(), vec![DeedTold::Changed]),
            (scene.path("p/LISEZ-MOI.txt"), vec![DeedTold::Made])
        ]
    );
    let plan = scene
        .incidents
        .plan(&reader, scene.id, "plus tard")
        .unwrap();
    let plan = plan.unwrap();
    assert_eq!((plan.given_back, plan.quarantined), (1, 2));
    assert_eq!(fs::read(&letter).unwrap(), b"xxxxxxxx", "only planned");

    let ends = scene.ends();
    let when = ("plus tard", Wall(200));
    let done = scene
        .incidents
        .undo(&reader, scene.id, when)
        .unwrap()
        .unwrap();
    ends.join().unwrap();
    assert!(done.is_whole(), "{done:?}");
    assert_eq!((done.state, scene.state()), (State::Undone, State::Undone));
    assert_eq!(fs::read_to_string(&letter).unwrap(), "Cher confrère");
    assert!(!scene.path("p/LISEZ-MOI.txt").exists());
    assert!(scene.incidents.protected().unwrap().is_empty());
    let wishes = scene.incidents.wishes();
    assert!(matches!(&wishes[..], [Wish::Settle { .. }]), "{wishes:?}");
    let manifest = scene.path(&format!("keep/.quarantine/{}/manifest.jsonl", scene.id));
    let manifest = fs::read_to_string(manifest).unwrap();
    assert_eq!(manifest.lines().count(), 2, "{manifest}");
    assert!(manifest.contains("LISEZ-MOI.txt") && manifest.contains("blake3"));

    let back = scene
        .incidents
        .redo(&reader, scene.id, when)
        .unwrap()
        .unwrap();
    assert!(back.is_whole(), "{back:?}");
    assert_eq!(scene.state(), State::EndedEvidenceKept, "open again");
    assert_eq!(fs::read(&letter).unwrap(), b"xxxxxxxx");
    assert_eq!(fs::read(scene.path("p/LISEZ-MOI.txt")).unwrap(), b"payez");
    let nothing = scene.incidents.redo(&reader, scene.id, when).unwrap();
    assert_eq!(nothing, Err(Refused::NotUndone));
    let unknown = scene.incidents.undo(&reader, 99, when).unwrap();
    assert_eq!(unknown, Err(Refused::Unknown));
}

#[test]
fn a_plan_tells_what_comes_back_under_a_second_name() {
    let Some(scene) = Scene::new(member(Class::Unknown, None)) else {
        return;
    };
    let put = |node, name: &str, naming| Step::Put {
        node,
        kind: NodeKind::File,
        at: place(name),
        version: 1,
        look: undo::step::Look::default(),
        naming,
    };
    let (own, second) = (Naming::Own, Naming::Second);
    let moved = Step::Move {
        node: FILE,
        kind: NodeKind::File,
        from: place("xyz"),
        to: place("moved"),
        naming: second,
    };
    let mut steps: Vec<(Step, Note)> = [
        put(FILE, "own", own),
        put(FILE, "given", second),
        // Honest work beside, whose first choice was taken.
        put(-FILE, "honest", second),
        moved,
    ]
    .into_iter()
    .map(|step| (step, Note::default()))
    .collect();
    let told = |steps: &[(Step, Note)]| {
        let told = UndoTold::of(&scene.reader(), (scene.id, State::Stopped), steps).unwrap();
        let names = |sides: Vec<SideTold>| -> Vec<PathBuf> {
            sides.into_iter().map(|side| side.path.0).collect()
        };
        (names(told.second), names(told.beside))
    };
    let path = |name: &str| scene.path(&format!("p/{name}"));
    let (comes, beside) = (vec![path("given"), path("moved")], vec![path("honest")]);
    assert_eq!(told(&steps), (comes.clone(), beside), "before");
    // When it is done each has the name noted; one had to send honest work aside.
    steps[1].1.kept = Some(Kept(place("given")));
    steps[3].1.kept = Some(Kept(place("aside")));
    let beside = vec![path("honest"), path("aside")];
    assert_eq!(told(&steps), (comes, beside), "after");
}

#[test]
fn a_restart_finds_the_incident_and_a_reboot_ends_its_family() {
    let Some(scene) = Scene::new(member(Class::Unknown, None)) else {
        return;
    };
    let state = scene.incidents.0.state.clone();
    let again = Incidents::open(&state, Wall(300)).unwrap();
    assert_eq!(again.still_stopped().unwrap().len(), 1, "the same run");
    let mut opening = again.all().unwrap()[0].opening.clone();
    opening.boot = BootId("another".into());
    again.update(scene.id, &opening, []).unwrap();
    let rebooted = Incidents::open(&state, Wall(400)).unwrap();
    assert!(rebooted.still_stopped().unwrap().is_empty());
    assert_eq!(rebooted.all().unwrap()[0].state, State::EndedEvidenceKept);
}

#[test]
fn a_permission_is_for_this_program_this_folder_and_these_acts() {
    let Some(scene) = Scene::new(member(Class::Interpreter, Some("cd"))) else {
        return;
    };
    let time = (Duration::from_secs(60), Wall(200));
    let given = scene.incidents.allow(&scene.reader(), scene.id, time);
    let given = given.unwrap().unwrap();
    let doings: Vec<Doing> = given.iter().map(|one| one.doing).collect();
    assert_eq!(doings, [Doing::Change, Doing::Make]);
    for one in &given {
        assert_eq!((one.uid, one.folder), (1000, DirId(ROOT)));
        assert_eq!(one.until, Wall(200 + 60_000_000_000));
        assert_eq!(one.script.as_deref(), Some("cd"));
        assert_eq!(one.path, scene.path("p"));
    }
    assert_eq!(scene.state(), State::Allowed);
    let wishes = scene.incidents.wishes();
    assert!(
        matches!(
            &wishes[..],
            [Wish::Allow(_), Wish::Allow(_), Wish::LetGo { .. }]
        ),
        "{wishes:?}"
    );
    assert_eq!(scene.incidents.allowed(Wall(201)).unwrap(), given);
    let refused = scene
        .incidents
        .undo(&scene.reader(), scene.id, ("", Wall(210)));
    assert_eq!(refused.unwrap(), Err(Refused::IsAllowed));
    assert_eq!(scene.incidents.revoke(scene.id, Wall(220)).unwrap(), given);
    assert!(scene.incidents.allowed(Wall(221)).unwrap().is_empty());
}

#[test]
fn interpreters_without_a_script_and_archivers_get_none() {
    for (class, script) in [(Class::Interpreter, None), (Class::Archiver, Some("cd"))] {
        let Some(scene) = Scene::new(member(class, script)) else {
            return;
        };
        let time = (Duration::from_secs(60), Wall(200));
        let refused = scene.incidents.allow(&scene.reader(), scene.id, time);
        let exe = "/opt/x".to_owned();
        let why = match class {
            Class::Archiver => NotAllowed::Archiver { exe },
            Class::Packaged | Class::Interpreter | Class::Unknown => {
                NotAllowed::Interpreter { exe }
            }
        };
        assert_eq!(refused.unwrap(), Err(why));
        assert_eq!(scene.state(), State::Stopped, "it stays stopped");
        assert!(scene.incidents.allowed(Wall(0)).unwrap().is_empty());
    }
}
