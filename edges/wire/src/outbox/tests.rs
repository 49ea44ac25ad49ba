//! The outbox against a model, against a full disk, cut at every byte, and killed.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use hygie_model::{Protection, Wall};
use proptest::prelude::*;

use super::*;
use crate::Numbers;

const ROOM: Room = Room {
    signals: 1_000,
    bytes: 1_000_000,
};

fn fact(number: u64) -> (Wall, Fact) {
    let numbers = Numbers {
        versions: number,
        ..Numbers::default()
    };
    (
        Wall(i64::try_from(number).unwrap()),
        Fact::Counts { numbers },
    )
}

fn cursor(number: u64) -> Cursor {
    Cursor(number.to_string())
}

fn number_of(signal: &Signal) -> Option<u64> {
    match &signal.fact {
        Fact::Counts { numbers } => Some(numbers.versions),
        Fact::State { .. } | Fact::Incident { .. } | Fact::Judged { .. } | Fact::Loss { .. } => {
            None
        }
    }
}

fn all(outbox: &Outbox) -> Vec<Signal> {
    outbox.batch(usize::MAX, usize::MAX).unwrap().signals
}

#[test]
fn what_is_put_in_comes_out_until_it_is_forgotten_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("outbox.db");
    let mut outbox = Outbox::open(&file, ROOM).unwrap();
    assert_eq!(outbox.cursor().unwrap(), Cursor::default());
    let facts: Vec<_> = (1..=5).map(fact).collect();
    let put = outbox.put(&facts, &cursor(5)).unwrap();
    assert_eq!((put.kept, put.left_out), (5, 0));
    drop(outbox);
    let mut outbox = Outbox::open(&file, ROOM).unwrap();
    assert_eq!(outbox.cursor().unwrap(), cursor(5));
    let batch = outbox.batch(2, usize::MAX).unwrap();
    assert_eq!(batch.oldest, 1);
    assert_eq!(
        batch.signals.iter().map(|it| it.seq).collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(batch.signals[1].at, Wall(2));
    // By bytes: never less than one.
    assert_eq!(outbox.batch(9, 1).unwrap().signals.len(), 1);
    outbox.forget(3).unwrap();
    outbox.forget(2).unwrap();
    drop(outbox);
    let mut outbox = Outbox::open(&file, ROOM).unwrap();
    assert_eq!(outbox.batch(9, usize::MAX).unwrap().oldest, 4);
    outbox.forget(5).unwrap();
    let state = outbox.state().unwrap();
    assert_eq!(
        (state.oldest, state.newest, state.waiting, state.bytes),
        (6, 5, 0, 0)
    );
    // Numbers go on, though nothing waits.
    drop(outbox);
    let mut outbox = Outbox::open(&file, ROOM).unwrap();
    outbox.put(&[fact(6)], &cursor(6)).unwrap();
    assert_eq!(all(&outbox)[0].seq, 6);
    assert!(matches!(
        outbox.forget(7),
        Err(OutboxError::Ahead { upto: 7, newest: 6 })
    ));
    assert_eq!(all(&outbox).len(), 1);
}

#[test]
fn when_it_is_full_the_oldest_stay_and_what_was_left_out_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let room = Room {
        signals: 16,
        bytes: 1_000_000,
    };
    let mut outbox = Outbox::open(&folder.path().join("o"), room).unwrap();
    let facts: Vec<_> = (1..=20).map(fact).collect();
    let put = outbox.put(&facts, &cursor(20)).unwrap();
    assert_eq!((put.kept, put.left_out), (16, 4));
    assert_eq!(outbox.state().unwrap().left_out, 4);
    // One free place is not room enough: else each fact would come with a loss of its own.
    outbox.forget(1).unwrap();
    assert_eq!(outbox.put(&[fact(21)], &cursor(21)).unwrap().left_out, 1);
    outbox.forget(3).unwrap();
    let put = outbox.put(&[fact(22)], &cursor(22)).unwrap();
    assert_eq!((put.kept, put.left_out), (1, 0));
    let told = all(&outbox);
    let loss = Fact::Loss {
        count: 5,
        first: Wall(17),
        last: Wall(21),
    };
    assert_eq!(told[13].fact, loss);
    assert_eq!(number_of(&told[14]), Some(22));
    let seqs: Vec<u64> = told.iter().map(|it| it.seq).collect();
    assert_eq!(seqs, (4..=18).collect::<Vec<_>>());
    assert_eq!(outbox.state().unwrap().left_out, 0);
}

#[test]
fn a_week_without_a_hub_keeps_each_incident_and_counts_what_it_leaves_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = Outbox::open(&folder.path().join("outbox.db"), ROOM).unwrap();
    let minute = |number: i64| Wall(number * 60 * 1_000_000_000);
    let state = |number: i64| Fact::State {
        version: "1".to_owned(),
        protection: if number % 2 == 0 {
            Protection::Protected
        } else {
            Protection::NotProtected {
                since: minute(number),
                cause: hygie_model::Cause::GuardGone,
            }
        },
    };
    let incident = |number: i64| Fact::Incident {
        number: number.unsigned_abs(),
        state: hygie_model::IncidentState::Stopped,
        stopped: Some(minute(number)),
        first_harm: None,
        reasons: Vec::new(),
        files: 1,
    };
    // A state that comes and goes each minute, and a stopped program each hour.
    let (mut kept, mut left_out) = (0, 0);
    for number in 0..7 * 24 * 60 {
        let mut facts = vec![(minute(number), state(number))];
        if number % 60 == 0 {
            facts.push((minute(number), incident(number)));
        }
        let put = outbox.put(&facts, &cursor(number.unsigned_abs())).unwrap();
        kept += put.kept;
        left_out += put.left_out;
    }
    let waiting = outbox.state().unwrap();
    assert_eq!(waiting.left_out, left_out);
    assert!(waiting.waiting <= 1_250 && waiting.bytes <= 1_250_000);
    assert_eq!(kept + left_out, 7 * 24 * 61);
    let incidents = all(&outbox);
    let incidents = incidents
        .iter()
        .filter(|signal| matches!(signal.fact, Fact::Incident { .. }));
    assert_eq!(incidents.count(), 7 * 24, "each stopped program");
    // The hub is back: what was left out is told with how much and from when to when.
    outbox.forget(waiting.newest).unwrap();
    let now = minute(7 * 24 * 60);
    outbox.put(&[(now, state(0))], &cursor(1)).unwrap();
    let told = all(&outbox);
    let Fact::Loss { count, first, last } = told[0].fact else {
        panic!("{told:?}");
    };
    assert_eq!(count, left_out);
    assert!(first > minute(0) && last == minute(7 * 24 * 60 - 1));
}

#[test]
fn a_fact_that_is_too_long_is_left_out_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = Outbox::open(&folder.path().join("o"), ROOM).unwrap();
    let long = Fact::State {
        version: "v".repeat(LONGEST_FACT),
        protection: Protection::Protected,
    };
    let put = outbox.put(&[(Wall(1), long), fact(2)], &cursor(2)).unwrap();
    assert_eq!((put.kept, put.left_out), (1, 1));
    assert!(matches!(all(&outbox)[0].fact, Fact::Loss { count: 1, .. }));
}

#[test]
fn a_disk_without_room_takes_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = Outbox::open(&folder.path().join("o"), ROOM).unwrap();
    outbox.put(&[fact(1)], &cursor(1)).unwrap();
    let pages: u32 = outbox
        .db
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    outbox
        .db
        .pragma_update(None, "max_page_count", pages)
        .unwrap();
    let facts: Vec<_> = (2..=900).map(fact).collect();
    assert!(matches!(
        outbox.put(&facts, &cursor(900)),
        Err(OutboxError::Full)
    ));
    assert_eq!(outbox.cursor().unwrap(), cursor(1));
    assert_eq!(all(&outbox).len(), 1);
    outbox
        .db
        .pragma_update(None, "max_page_count", 100_000)
        .unwrap();
    assert_eq!(outbox.put(&facts, &cursor(900)).unwrap().kept, 899);
}

#[test]
fn what_is_no_outbox_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("o");
    std::fs::write(&file, "no database".repeat(1_000)).unwrap();
    assert!(matches!(
        Outbox::open(&file, ROOM),
        Err(OutboxError::Damaged(_))
    ));
    let newer = folder.path().join("newer");
    let db = Connection::open(&newer).unwrap();
    db.pragma_update(None, "user_version", 2).unwrap();
    drop(db);
    assert!(matches!(
        Outbox::open(&newer, ROOM),
        Err(OutboxError::Newer)
    ));
}

#[test]
fn one_process_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("o");
    let _first = Outbox::open(&file, ROOM).unwrap();
    let second = Connection::open(&file).unwrap();
    second.busy_timeout(std::time::Duration::ZERO).unwrap();
    assert!(matches!(tables::prepare(&second), Err(OutboxError::InUse)));
}

#[test]
fn a_new_or_an_older_outbox_counts_on_from_what_the_hub_has() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = Outbox::open(&folder.path().join("o"), ROOM).unwrap();
    outbox.count_on_from(40).unwrap();
    outbox
        .put(&(1..=3).map(fact).collect::<Vec<_>>(), &cursor(3))
        .unwrap();
    assert_eq!(all(&outbox)[0].seq, 41);
    // Nothing changes where the numbers follow already.
    outbox.count_on_from(40).unwrap();
    assert_eq!(all(&outbox)[0].seq, 41);
    outbox.count_on_from(42).unwrap();
    let told = all(&outbox);
    let seqs: Vec<_> = told.iter().map(|it| (it.seq, number_of(it))).collect();
    assert_eq!(seqs, [(43, Some(1)), (44, Some(2)), (45, Some(3))]);
    assert_eq!(outbox.state().unwrap().newest, 45);
    outbox.forget(43).unwrap();
    outbox.count_anew().unwrap();
    let seqs: Vec<_> = all(&outbox)
        .iter()
        .map(|it| (it.seq, number_of(it)))
        .collect();
    assert_eq!(seqs, [(1, Some(2)), (2, Some(3))]);
    outbox.forget(2).unwrap();
    outbox.count_anew().unwrap();
    assert_eq!(outbox.state().unwrap().newest, 0);
}

/// A writer of one fact a commit, whose log of pages is never taken up into the file.
fn written(file: &Path, commits: u64) {
    let mut outbox = Outbox::open(file, ROOM).unwrap();
    outbox
        .db
        .pragma_update(None, "wal_autocheckpoint", 0)
        .unwrap();
    for number in 1..=commits {
        outbox.put(&[fact(number)], &cursor(number)).unwrap();
    }
    // As a kill leaves it: no closing, which would take the log up.
    std::mem::forget(outbox);
}

/// Cuts the log at these lengths: what is there then is what was put in up to some commit, and no less than before.
fn cut(commits: u64, lengths: impl Fn(usize) -> Vec<usize>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("o");
    written(&file, commits);
    let main = std::fs::read(&file).unwrap();
    let log = std::fs::read(folder.path().join("o-wal")).unwrap();
    let mut before = 0;
    for length in lengths(log.len()) {
        let place = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let copy = place.path().join("o");
        std::fs::write(&copy, &main).unwrap();
        std::fs::write(place.path().join("o-wal"), &log[..length]).unwrap();
        let mut outbox = Outbox::open(&copy, ROOM).unwrap();
        let told = all(&outbox);
        let kept = told.len() as u64;
        assert!(
            kept >= before && kept <= commits,
            "{length}: {kept} after {before}"
        );
        before = kept;
        for (signal, number) in told.iter().zip(1..) {
            assert_eq!(
                (signal.seq, number_of(signal)),
                (number, Some(number)),
                "{length}"
            );
        }
        let read = outbox.cursor().unwrap().0;
        assert_eq!(read.parse::<u64>().unwrap_or(0), kept, "{length}");
        // It goes on from there.
        outbox.put(&[fact(kept + 1)], &cursor(kept + 1)).unwrap();
        assert_eq!(all(&outbox).last().unwrap().seq, kept + 1);
    }
    assert_eq!(before, commits, "the whole log holds all");
}

#[test]
fn a_log_that_is_cut_is_what_it_was_at_some_commit() {
    cut(8, |len| {
        (0..=len)
            .filter(|at| at % 257 < 2 || (at + 4088) % 4120 < 3 || *at == len)
            .collect()
    });
}

#[test]
#[ignore = "heavy: each byte of the log is a cut"]
fn heavy_a_log_that_is_cut_at_each_byte() {
    cut(6, |len| (0..=len).collect());
}

/// Started by the test below, in a process of its own: puts facts in for ever, and says each that was taken.
#[test]
#[ignore = "the process that is killed"]
fn fills_until_it_is_killed() {
    let Ok(file) = std::env::var("HYGIE_TEST_OUTBOX") else {
        return;
    };
    let mut outbox = Outbox::open(Path::new(&file), ROOM).unwrap();
    let begun = outbox.state().unwrap().newest;
    for number in begun + 1.. {
        outbox.put(&[fact(number)], &cursor(number)).unwrap();
        eprintln!("took {number}");
        if number % 7 == 0 {
            outbox.forget(number - 3).unwrap();
            eprintln!("forgot {}", number - 3);
        }
    }
}

#[test]
fn a_killed_writer_loses_nothing_that_it_said_it_took() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("o");
    for round in 0..20_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "--nocapture",
                "outbox::tests::fills_until_it_is_killed",
            ])
            .env("HYGIE_TEST_OUTBOX", &file)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut took, mut forgot) = (0_u64, 0_u64);
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let wanted = 1 + (round * 37) % 41;
        let mut hear = |line: &str| {
            if let Some(number) = line.strip_prefix("took ") {
                took = number.parse().unwrap();
            } else if let Some(number) = line.strip_prefix("forgot ") {
                forgot = number.parse().unwrap();
            }
        };
        for _ in 0..wanted {
            hear(&lines.next().unwrap().unwrap());
        }
        child.kill().unwrap();
        child.wait().unwrap();
        lines.map_while(Result::ok).for_each(|line| hear(&line));
        let outbox = Outbox::open(&file, ROOM).unwrap();
        let told = all(&outbox);
        let newest = outbox.state().unwrap().newest;
        // One that was taken in may not have been said any more.
        assert!(
            newest == took || newest == took + 1,
            "round {round}: {newest} after {took}"
        );
        assert_eq!(outbox.cursor().unwrap(), cursor(newest));
        let first = told.first().map_or(newest + 1, |it| it.seq);
        assert!(
            first <= forgot.max(took.saturating_sub(7)) + 8,
            "round {round}"
        );
        for (signal, number) in told.iter().zip(first..) {
            assert_eq!((signal.seq, number_of(signal)), (number, Some(number)));
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8),
    Forget(u8),
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0_u8..9).prop_map(Step::Put),
        3 => (0_u8..9).prop_map(Step::Forget),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Nothing that was kept goes before it is forgotten; each fact is kept or counted as lost, once.
    #[test]
    fn each_fact_is_kept_or_counted(steps in steps()) {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let file = folder.path().join("o");
        let room = Room { signals: 12, bytes: 100_000 };
        let mut outbox = Outbox::open(&file, room).unwrap();
        let (mut next, mut kept, mut lost, mut told_lost) = (1_u64, 0_u64, 0_u64, 0_u64);
        let mut model: VecDeque<Signal> = VecDeque::new();
        for step in steps {
            match step {
                Step::Put(count) => {
                    let facts: Vec<_> = (next..).take(count.into()).map(fact).collect();
                    let put = outbox.put(&facts, &cursor(next)).unwrap();
                    next += u64::from(count);
                    kept += put.kept;
                    lost += put.left_out;
                    prop_assert_eq!(put.kept + put.left_out, u64::from(count));
                    let now = all(&outbox);
                    // What waited waits on, in its place.
                    prop_assert!(now.iter().zip(&model).all(|(now, then)| now == then));
                    for new in now.iter().skip(model.len()) {
                        if let Fact::Loss { count, .. } = new.fact {
                            told_lost += count;
                        }
                    }
                    model = now.into();
                }
                Step::Forget(count) => {
                    let state = outbox.state().unwrap();
                    let upto = (state.oldest - 1 + u64::from(count)).min(state.newest);
                    outbox.forget(upto).unwrap();
                    model.retain(|signal| signal.seq > upto);
                }
                Step::Restart => {
                    drop(outbox);
                    outbox = Outbox::open(&file, room).unwrap();
                }
            }
            prop_assert_eq!(all(&outbox), Vec::from(model.clone()));
            let state = outbox.state().unwrap();
            prop_assert!(state.waiting <= room.signals);
            prop_assert_eq!(state.left_out + told_lost, lost);
            prop_assert_eq!(state.waiting, model.len() as u64);
        }
        prop_assert_eq!(kept + lost, next - 1);
    }
}
