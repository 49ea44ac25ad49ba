//! The table, tried twice: on files whose first copy is not made yet (under their lease), and on files with a
//! new state that is not copied yet (under their own mark).

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use hygie_testkit::{Arena, Guarded, Running, Snapshot};

use crate::acts;
use crate::room::{Frozen, PATIENCE, Place, Room, content, hash, poised, told};

/// What becomes of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// It waits, the content as it was, until the state has its copy.
    Held,
    /// It goes on at once; the state is kept by the second name, and copied later.
    Link,
    /// It goes on at once and changes no content.
    Unchanged,
    /// It goes on at once, and the state is lost.
    Hole,
}

use Class::{Held, Hole, Link, Unchanged};

enum Act {
    /// Done by a thread of the test.
    Own(fn(&Place) -> io::Result<()>),
    /// Done by a simulator on an arena of its own.
    Way(&'static str),
    /// With a descriptor that was opened to write before the guard came.
    Older(fn(&File) -> io::Result<()>),
}

use Act::{Older, Own, Way};

struct Row {
    name: &'static str,
    act: Act,
    class: Class,
}

const fn row(name: &'static str, act: Act, class: Class) -> Row {
    Row { name, act, class }
}

const TABLE: &[Row] = &[
    row("open O_RDONLY, read", Own(acts::read), Unchanged),
    row(
        "open O_WRONLY, nothing written",
        Own(acts::open_to_write_only),
        Held,
    ),
    row("open O_WRONLY, pwrite", Own(acts::pwrite), Held),
    row("open O_RDWR, pwrite", Own(acts::pwrite_read_write), Held),
    row("open O_APPEND, write", Own(acts::append), Held),
    row("seek, writev", Own(acts::writev_after_seek), Held),
    row("O_DIRECT write", Own(acts::write_direct), Held),
    row("open O_WRONLY|O_TRUNC", Own(acts::open_truncate), Held),
    row("creat() on an existing file", Own(acts::creat), Held),
    row("open O_RDONLY|O_TRUNC", Own(acts::open_read_truncate), Held),
    row("ftruncate", Own(acts::ftruncate), Held),
    row(
        "truncate(2) by path, to nothing",
        Way("truncate-path-zero"),
        Held,
    ),
    row(
        "truncate(2) by path, to half",
        Way("truncate-path-half"),
        Held,
    ),
    row("fallocate: punch", Own(acts::punch), Held),
    row("fallocate: zero", Own(acts::zero), Held),
    row("fallocate: collapse", Own(acts::collapse), Held),
    row("fallocate: insert", Own(acts::insert), Held),
    row("copy_file_range", Way("copy-file-range"), Held),
    row("sendfile", Way("sendfile"), Held),
    row("splice", Way("splice"), Held),
    row("mmap(MAP_SHARED), stores", Way("mmap-write"), Held),
    row("mprotect of a mapping, stores", Way("mprotect-later"), Held),
    row("io_uring open, write", Way("uring-write"), Held),
    row("io_uring unlink", Way("uring-unlink"), Link),
    row("unlink", Own(acts::unlink), Link),
    row("rename within the folder", Own(acts::rename_away), Link),
    row(
        "rename out, unlink there",
        Own(acts::rename_out_and_unlink),
        Link,
    ),
    row("another file renamed over it", Own(acts::rename_over), Link),
    row(
        "RENAME_EXCHANGE, unlink",
        Own(acts::exchange_and_unlink),
        Link,
    ),
    row("RENAME_WHITEOUT, unlink", Own(acts::whiteout), Link),
    row(
        "parent moved out, unlink there",
        Own(acts::move_parent_and_unlink),
        Link,
    ),
    row(
        "parent moved out, overwrite there",
        Own(acts::move_parent_and_overwrite),
        Held,
    ),
    row("hard link outside", Own(acts::link_out), Unchanged),
    row(
        "hard link outside, overwrite by it",
        Own(acts::overwrite_by_link_outside),
        Held,
    ),
    row("open_by_handle_at, pwrite", Own(acts::open_by_handle), Held),
    row(
        "/proc/self/fd reopened to write",
        Own(acts::reopen_by_proc),
        Held,
    ),
    row(
        "O_PATH reopened to write",
        Own(acts::reopen_path_descriptor),
        Held,
    ),
    row("through a bind mount", Own(acts::through_bind_mount), Held),
    row(
        "through overlayfs, upper layer there",
        Own(acts::through_overlay),
        Held,
    ),
    row(
        "loop device on the file",
        Own(acts::through_loop_device),
        Held,
    ),
    row("raw block device", Own(acts::raw_block_device), Hole),
    row(
        "opener killed while it waits",
        Own(acts::killed_while_it_waits),
        Unchanged,
    ),
    row("chmod", Own(acts::chmod), Unchanged),
    row("chown", Own(acts::chown), Unchanged),
    row("utimes", Own(acts::utimes), Unchanged),
    row("setxattr", Own(acts::setxattr), Unchanged),
    row(
        "descriptor older than the guard: pwrite",
        Older(|file| file.write_all_at(&[7; 4_096], LONG as u64 - 4_096)),
        Hole,
    ),
    row(
        "descriptor older than the guard: ftruncate",
        Older(|file| file.set_len(0)),
        Held,
    ),
];

/// One row under trial.
struct Trial {
    row: &'static Row,
    place: Option<Place>,
    arena: Option<(Arena, Snapshot)>,
    older: Option<File>,
    state: Vec<String>,
}

/// Which state is the one that must not be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Original,
    New,
}

/// A guard over originals of which none has a copy, and the frozen disk of its store. The freeze races
/// with the first commit, so what came too late is made anew.
fn before_any_copy(room: &Room) -> Option<(Vec<Trial>, Guarded, Frozen)> {
    let trials = prepare(room, Phase::Original);
    rustix::fs::sync();
    let mut hygie = room.up(&arenas(&trials));
    room.store_is_open();
    let frozen = room.freeze();
    hygie
        .wait_for("ready", PATIENCE)
        .expect("links need no room");
    // What was under way at the freeze is told with the guard's next beat.
    std::thread::sleep(Duration::from_millis(500));
    if hygie.status().expect("a status")["copied"] == 0 {
        return Some((trials, hygie, frozen));
    }
    drop(frozen);
    hygie.stop().expect("it ends well");
    None
}

#[test]
fn originals_that_have_no_copy_yet() {
    for _ in 0..8 {
        let Some(room) = Room::make() else { return };
        let Some((trials, hygie, frozen)) = before_any_copy(&room) else {
            continue;
        };
        let found = try_all(&hygie, trials, || {
            let status = hygie.status().expect("a status");
            assert_eq!(
                status["copied"], 0,
                "copied in spite of the freeze: {status}"
            );
            drop(frozen);
        });
        judge("not copied yet", &found);
        hygie.stop().expect("it ends well");
        return;
    }
    panic!("something was always copied before the freeze");
}

#[test]
fn new_states_that_have_no_copy_yet() {
    let Some(room) = Room::make() else { return };
    let mut trials = prepare(&room, Phase::New);
    let mut hygie = room.up(&arenas(&trials));
    hygie.wait_for("copied", PATIENCE).expect("first copies");
    let dossier = trials
        .iter()
        .find_map(|trial| trial.place.as_ref())
        .and_then(|place| place.inside.parent())
        .expect("a folder");
    hygie
        .settle(dossier, PATIENCE)
        .expect("the originals are at rest");
    let frozen = room.freeze();
    for trial in &mut trials {
        if let Some(place) = &trial.place {
            let new = content(trial.row.name, 2);
            if let Err(error) = std::fs::write(&place.file, &new) {
                let status = hygie.status();
                drop(frozen);
                panic!("{}: {error}, although copied: {status:?}", trial.row.name);
            }
            trial.state = vec![hash(&new)];
        }
    }
    let found = try_all(&hygie, trials, || drop(frozen));
    judge("new state", &found);
    hygie.stop().expect("it ends well");
}

fn prepare(room: &Room, phase: Phase) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (number, row) in TABLE.iter().enumerate() {
        let place = || room.place(&format!("{number:02}"));
        let mut trial = Trial {
            row,
            place: None,
            arena: None,
            older: None,
            state: Vec::new(),
        };
        match (&row.act, phase) {
            (Own(_), _) => {
                let place = place();
                trial.state = vec![hash(&std::fs::read(&place.file).expect("read"))];
                trial.place = Some(place);
            }
            (Older(_), Phase::Original) => {
                let place = place();
                // Files that are open are copied first: one that takes a while, so that the freeze comes before
                // its copy's end.
                let long = content(&format!("{number:02}"), 3).repeat(LONG / 65_536);
                std::fs::write(&place.file, &long).expect("write");
                trial.state = vec![hash(&long)];
                let file = File::options().write(true).open(&place.file);
                trial.older = Some(file.expect("open"));
                trial.place = Some(place);
            }
            (Way(_), Phase::Original) => {
                let arena = room.arena(number as u64);
                let before = arena.snapshot().expect("a snapshot");
                trial.state = before.contents().into_iter().collect();
                trial.arena = Some((arena, before));
            }
            // Their new states are tried by the chains of the law's tests.
            (Older(_) | Way(_), Phase::New) => continue,
        }
        trials.push(trial);
    }
    trials
}

fn arenas(trials: &[Trial]) -> Vec<std::path::PathBuf> {
    trials
        .iter()
        .filter_map(|trial| Some(trial.arena.as_ref()?.0.victims()))
        .collect()
}

enum Doing {
    Own(mpsc::Receiver<io::Result<()>>),
    Way(Box<Running>),
}

/// Begins all, looks after a while what still waits, lets the store go on, and looks what was kept.
fn try_all(
    hygie: &Guarded,
    trials: Vec<Trial>,
    thaw: impl FnOnce(),
) -> Vec<(&'static Row, Option<Class>, String)> {
    let mut doing = Vec::new();
    // The simulators first: they need a moment to be ready.
    let mut simulators: BTreeMap<usize, Running> = BTreeMap::new();
    for (number, trial) in trials.iter().enumerate() {
        if let (Way(way), Some((arena, _))) = (&trial.row.act, &trial.arena) {
            simulators.insert(number, poised(way, arena));
        }
    }
    let began = Instant::now();
    for (number, trial) in trials.iter().enumerate() {
        doing.push(match simulators.remove(&number) {
            Some(mut running) => {
                running.go().expect("go");
                Doing::Way(Box::new(running))
            }
            None => Doing::Own(begin(trial)),
        });
    }
    std::thread::sleep(WINDOW);
    // What does not wait for the guard may wait for the machine: it gets nearly the whole bound.
    let mut overs: Vec<Over> = doing.iter().map(is_over).collect();
    let unfinished = |overs: &[Over]| {
        let mut both = trials.iter().zip(overs);
        both.any(|(trial, over)| trial.row.class != Held && matches!(over, Over::No))
    };
    while began.elapsed() < NEARLY && unfinished(&overs) {
        std::thread::sleep(Duration::from_millis(20));
        for (over, doing) in overs.iter_mut().zip(&doing) {
            if matches!(over, Over::No) {
                *over = is_over(doing);
            }
        }
    }
    let mut early = Vec::new();
    for (trial, over) in trials.iter().zip(overs) {
        early.push((over, same(trial)));
    }
    let looked = began.elapsed();
    thaw();
    assert!(
        looked < BOUND,
        "too slow a machine: looked after {looked:?}, when the bound had passed"
    );
    let outcomes: Vec<String> = doing.into_iter().map(finish).collect();
    let dossier = trials
        .iter()
        .find_map(|trial| trial.place.as_ref())
        .expect("a place");
    hygie
        .settle(dossier.inside.parent().expect("the folder"), PATIENCE)
        .expect("it comes to rest");
    trials
        .iter()
        .zip(early)
        .zip(outcomes)
        .map(|((trial, (over, same)), mut outcome)| {
            let kept = trial.state.iter().all(|state| hygie.has(state));
            let class = match (over, same, kept) {
                (Over::No, Same::Yes, true) => Some(Held),
                (Over::Yes, Same::No, true) => Some(Link),
                (Over::Yes, Same::Yes, true) => Some(Unchanged),
                (Over::Yes, _, false) => Some(Hole),
                // It waits, yet the content is not what it was, or is lost.
                (Over::No, _, _) => None,
                (Over::Failed(error), _, _) => {
                    outcome = error;
                    None
                }
            };
            (trial.row, class, outcome)
        })
        .collect()
}

fn begin(trial: &Trial) -> mpsc::Receiver<io::Result<()>> {
    let (sender, receiver) = mpsc::channel();
    let place = trial.place.clone().expect("a place");
    let older = trial
        .older
        .as_ref()
        .map(|file| file.try_clone().expect("a descriptor"));
    let act: Box<dyn FnOnce() -> io::Result<()> + Send> = match (&trial.row.act, older) {
        (Own(act), _) => {
            let act = *act;
            Box::new(move || act(&place))
        }
        (Older(act), Some(file)) => {
            let act = *act;
            Box::new(move || act(&file))
        }
        (Older(_) | Way(_), _) => unreachable!("prepared otherwise"),
    };
    std::thread::spawn(move || {
        let _nobody_waits = sender.send(act());
    });
    receiver
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Over {
    Yes,
    No,
    /// It was refused, or could not be tried.
    Failed(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Same {
    Yes,
    No,
}

fn is_over(doing: &Doing) -> Over {
    let waits = match doing {
        Doing::Own(receiver) => match receiver.try_recv() {
            Ok(Ok(())) | Err(mpsc::TryRecvError::Disconnected) => false,
            Ok(Err(error)) => return Over::Failed(error.to_string()),
            Err(mpsc::TryRecvError::Empty) => true,
        },
        Doing::Way(running) => !running.has_ended(),
    };
    if waits { Over::No } else { Over::Yes }
}

/// Whether the file is there as it was; readers are not held.
fn same(trial: &Trial) -> Same {
    let is = match (&trial.place, &trial.arena) {
        (Some(place), _) => {
            // The raw device was written under the file system: the copy is judged, not the cache.
            std::fs::read(&place.file).is_ok_and(|bytes| trial.state.contains(&hash(&bytes)))
                || moved(trial, place)
        }
        (None, Some((arena, before))) => arena
            .snapshot()
            .is_ok_and(|now| before.contents() == now.contents()),
        (None, None) => false,
    };
    if is { Same::Yes } else { Same::No }
}

/// The rows that first move the name and then wait for the content.
fn moved(trial: &Trial, place: &Place) -> bool {
    trial.row.class == Held
        && ["folder/letter.txt", "second.txt"].iter().any(|name| {
            std::fs::read(place.outside.join(name))
                .is_ok_and(|bytes| trial.state.contains(&hash(&bytes)))
        })
}

fn finish(doing: Doing) -> String {
    match doing {
        Doing::Own(receiver) => match receiver.recv_timeout(PATIENCE) {
            Ok(Ok(())) | Err(mpsc::RecvTimeoutError::Disconnected) => String::new(),
            Ok(Err(error)) => error.to_string(),
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("it waits for ever"),
        },
        Doing::Way(running) => {
            let outcome = running.finish().expect("it ends");
            let _ = told(&outcome);
            outcome
                .end()
                .map_or_else(String::new, |end| end["errors"].to_string())
        }
    }
}

#[track_caller]
fn judge(phase: &str, found: &[(&'static Row, Option<Class>, String)]) {
    let mut wrong = Vec::new();
    println!("\n| operation ({phase}) | on ext4, Linux here |\n|---|---|");
    for (row, class, outcome) in found {
        println!(
            "| {} | {} {outcome} |",
            row.name,
            class.map_or("WAITS AND LOST", words)
        );
        // A hole loses a state when the disk's cache and the copy fall so; that it does not each time
        // makes it no smaller.
        let right = *class == Some(row.class) || (row.class == Hole && class.is_some());
        if !right {
            wrong.push(format!(
                "{}: expected {:?}, found {class:?} {outcome}",
                row.name, row.class
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn words(class: Class) -> &'static str {
    match class {
        Held => "held",
        Link => "harmless by link",
        Unchanged => "seen after, content unchanged",
        Hole => "**hole**",
    }
}

/// A file's length whose copy takes a while.
const LONG: usize = 48 << 20;
/// What still waits after this time is held; the guard answers at once when it has a copy.
const WINDOW: Duration = Duration::from_millis(1_000);
/// The guard's bound, less what it keeps for itself: after it, whoever is unknown is refused.
const BOUND: Duration = Duration::from_millis(3_500);
/// Time enough to look at all of them before the bound.
const NEARLY: Duration = Duration::from_millis(2_800);
