//! What is told is read back, nothing of an open incident is forgotten, and a second run finds it all.

use std::time::Duration;

use hygie_model::{ContentHash, DirId, FileId, NodeKind, VersionName, Wall};

use crate::*;

fn boot(name: &str) -> BootId {
    BootId(name.into())
}

fn place(name: &str) -> Place {
    Place {
        dir: DirId(1),
        name: name.into(),
    }
}

fn by(family: u64) -> Who {
    Who::Family {
        family,
        process: Some(Process {
            pid: 7,
            started: 99,
            uid: 1000,
            exe: "/usr/bin/x".into(),
        }),
    }
}

fn act(at: i64, who: Who, node: i64, deed: Deed) -> Act {
    Act {
        at: Wall(at),
        who,
        node,
        kind: NodeKind::File,
        deed,
    }
}

fn acts() -> Vec<Act> {
    let left = Left {
        since: Wall(20),
        before: Some(VersionName {
            content: ContentHash([4; 32]),
            seq: 11,
        }),
        version: Some(VersionName {
            content: ContentHash([3; 32]),
            seq: 12,
        }),
    };
    let unnamed = Left {
        since: Wall(30),
        before: None,
        version: None,
    };
    let renamed = Deed::Renamed {
        from: place("a"),
        to: place("b"),
    };
    vec![
        act(10, by(u64::MAX), 5, Deed::Made(place("a"))),
        act(20, by(u64::MAX), 5, Deed::Changed(left)),
        act(30, Who::Hygie, 5, Deed::Attributes(unnamed)),
        act(40, Who::Unknown, 5, renamed),
        act(50, by(2), 6, Deed::Linked(place("c"))),
        act(60, by(u64::MAX), 6, Deed::Deleted(place("c"))),
    ]
}

#[test]
fn acts_are_read_back_by_family_and_by_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("acts.db");
    let recorder = Recorder::start(&path, &boot("one"), Bounds::default()).unwrap();
    for act in acts() {
        recorder.record(act);
    }
    recorder.sync(Duration::from_secs(20)).unwrap();
    let reader = Reader::open(&path).unwrap();
    let read = |rows: Vec<Logged>| rows.into_iter().map(|row| row.act).collect::<Vec<_>>();
    let all = acts();
    let theirs = reader.of_families(&boot("one"), &[u64::MAX], Wall(20));
    assert_eq!(read(theirs.unwrap()), [all[1].clone(), all[5].clone()]);
    assert_eq!(read(reader.on_node(5, Wall(0)).unwrap()), all[..4]);
    let other = reader.of_families(&boot("two"), &[u64::MAX, 2], Wall(0));
    assert!(other.unwrap().is_empty(), "families are of one run");
    assert_eq!(recorder.lost(), 0);
}

#[test]
fn the_oldest_are_forgotten_but_for_open_incidents() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("acts.db");
    let mut log = Log::open(&path, &boot("one")).unwrap();
    log.append(&acts()).unwrap();
    let bounds = Bounds {
        age: Duration::from_nanos(35),
        rows: 100,
    };
    let none = log.trim(bounds, Wall(60), Some(Wall(0))).unwrap();
    assert_eq!(none, Trimmed(0));
    assert_eq!(log.trim(bounds, Wall(60), None).unwrap(), Trimmed(2));
    let few = Bounds { rows: 1, ..bounds };
    assert_eq!(log.trim(few, Wall(60), Some(Wall(50))).unwrap(), Trimmed(2));
    assert_eq!(log.trim(few, Wall(60), None).unwrap(), Trimmed(1));
    assert_eq!(log.newest().unwrap(), Wall(60));
}

fn opening() -> Opening {
    Opening {
        boot: boot("one"),
        group: "family".into(),
        families: vec![4],
        members: vec![Member {
            pid: 7,
            started: 99,
            uid: 1000,
            exe: "/tmp/x".into(),
            command: "x".into(),
            program: "ab".into(),
            class: Class::Unknown,
            script: None,
            fate: Fate::Frozen,
        }],
        reasons: vec![Reason {
            signal: "kind-lost".into(),
            hundredths: 1200,
            points: 900,
        }],
        score: 1010,
        bound: 1000,
        first_harm: Wall(10),
        stopped_at: Wall(70),
        counts: Counts {
            changed: 12,
            ..Counts::default()
        },
    }
}

fn allowed(incident: u64, until: i64) -> Allowed {
    Allowed {
        id: AllowedId(0),
        incident,
        uid: 1000,
        exe: "/tmp/x".into(),
        program: "ab".into(),
        class: Class::Unknown,
        script: None,
        folder: DirId(1),
        path: "/srv".into(),
        doing: Doing::Change,
        since: Wall(70),
        until: Wall(until),
    }
}

#[test]
fn an_incident_outlives_whoever_wrote_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("incidents.db");
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.last().unwrap(), 0);
    let first = store.begin(opening()).unwrap();
    let second = store.begin(opening()).unwrap();
    assert_eq!((first.id, second.id), (1, 2));
    store.touch(1, [FileId(5), FileId(6)]).unwrap();
    store.touch(2, [FileId(6), FileId(6)]).unwrap();
    drop(store);
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.incident(1).unwrap(), Some(first));
    assert_eq!(store.incident(3).unwrap(), None);
    let both = [FileId(5), FileId(6)].into();
    assert_eq!(store.protected().unwrap(), both);
    store
        .set_state(1, State::EndedEvidenceKept, Wall(80))
        .unwrap();
    assert_eq!(store.protected().unwrap(), both, "still open");
    store.set_state(1, State::Undone, Wall(90)).unwrap();
    assert_eq!(store.protected().unwrap(), [FileId(6)].into());
    let found = store.incident(1).unwrap().unwrap();
    assert_eq!((found.state, found.state_at), (State::Undone, Wall(90)));
    assert_eq!(store.incidents().unwrap().len(), 2);
    assert_eq!(store.last().unwrap(), 2);
}

#[test]
fn a_plan_is_kept_once_and_notes_stay() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(&dir.path().join("incidents.db")).unwrap();
    store.begin(opening()).unwrap();
    store.keep_plan(1, &["a".into(), "b".into()]).unwrap();
    store.note_step(1, 1, "done").unwrap();
    store.keep_plan(1, &["x".into(), "y".into()]).unwrap();
    let plan = store.plan(1).unwrap();
    assert_eq!(plan[0].body, "a");
    assert_eq!(plan[1].note.as_deref(), Some("done"));
    assert!(store.plan(2).unwrap().is_empty());
}

#[test]
fn permissions_end_and_are_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(&dir.path().join("incidents.db")).unwrap();
    let one = store.allow(allowed(1, 100)).unwrap();
    let two = store.allow(allowed(2, 200)).unwrap();
    assert_eq!(store.allowed(Wall(80)).unwrap(), [one, two.clone()]);
    assert_eq!(
        store.allowed(Wall(100)).unwrap(),
        std::slice::from_ref(&two)
    );
    assert_eq!(store.revoke(2, Wall(110)).unwrap(), [two]);
    assert!(store.allowed(Wall(120)).unwrap().is_empty());
}

#[test]
fn the_words_on_disk_are_a_promise() {
    let incident = Incident {
        id: 3,
        state: State::EndedEvidenceKept,
        state_at: Wall(0),
        opening: opening(),
    };
    let text = serde_json::to_string(&incident).unwrap();
    assert_eq!(
        text,
        r#"{"id":3,"state":"ended-evidence-kept","state_at":"1970-01-01T00:00:00Z","boot":"one","group":"family","families":[4],"members":[{"pid":7,"started":99,"uid":1000,"exe":"/tmp/x","command":"x","program":"ab","class":"unknown","script":null,"fate":"frozen"}],"reasons":[{"signal":"kind-lost","hundredths":1200,"points":900}],"score":1010,"bound":1000,"first_harm":"1970-01-01T00:00:00.00000001Z","stopped_at":"1970-01-01T00:00:00.00000007Z","counts":{"changed":12,"deleted":0,"renamed":0,"made":0}}"#
    );
    assert_eq!(serde_json::from_str::<Incident>(&text).unwrap(), incident);
}
