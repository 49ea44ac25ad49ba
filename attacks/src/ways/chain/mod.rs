//! States chained without a pause: each is destroyed right after it came to be ("trial 2" of the kernel facts).
//!
//! A pattern is a list of steps. Each step that ends in a writer's close tells the state at that moment, so that
//! a test can demand every one of them from the store.

mod steps;

use rustix::fs::OFlags;

use self::steps::{Chain, SHORTEST, Step};
use super::{Harm, Way};
use crate::report::{Failure, Moment};
use crate::run::{Run, Victim, write_at};

pub(super) const WAYS: &[Way] = &[
    Way::whole(
        "chain",
        "all eleven chains at once, one thread each, on different files; tells 27 states a round",
        1,
        all,
    ),
    Way::each(
        "chain-truncate",
        "write, mmap-write, truncate(2)",
        1,
        |run, victim| play(run, victim, 0),
    ),
    Way::each(
        "chain-open-truncate",
        "write, mmap-write, O_TRUNC and write",
        1,
        |run, victim| play(run, victim, 1),
    ),
    Way::each(
        "chain-in-place",
        "write, mmap-write, write in place",
        1,
        |run, victim| play(run, victim, 2),
    ),
    Way::each(
        "chain-read-truncate",
        "write, mmap-write, O_RDONLY|O_TRUNC",
        1,
        |run, victim| play(run, victim, 3),
    ),
    Way::each("chain-mmap", "mmap-write three times", 1, |run, victim| {
        play(run, victim, 4)
    }),
    Way::each(
        "chain-second-opener",
        "a second writer opens and writes while the first is open",
        1,
        |run, victim| play(run, victim, 5),
    ),
    Way::each(
        "chain-new-file",
        "a new file, written, overwritten, unlinked",
        0,
        |run, victim| play(run, victim, 6),
    )
    .takes(Harm::NewStates),
    Way::each(
        "chain-new-folder",
        "a new folder, a file in it, mmap-write, O_TRUNC, both removed",
        0,
        |run, victim| play(run, victim, 7),
    )
    .takes(Harm::NewStates),
    Way::each(
        "chain-rename-over",
        "write, new file renamed over it, write in place",
        1,
        |run, victim| play(run, victim, 8),
    ),
    Way::each(
        "chain-link-outside",
        "write, hard link outside, write through it, unlink inside",
        1,
        |run, victim| play(run, victim, 9),
    ),
    Way::each(
        "chain-punch",
        "ftruncate and write, hole over all of it, truncate(2) to half",
        1,
        |run, victim| play(run, victim, 10),
    ),
    Way::each(
        "chain-late-first-writer",
        "a second writer closes, then the first overwrites: a known hole",
        1,
        late_first_writer,
    ),
];

const PATTERNS: [&[Step]; 11] = [
    &[Step::Write, Step::Map, Step::Zero],
    &[Step::Write, Step::Map, Step::Empty],
    &[Step::Write, Step::Map, Step::Write],
    &[Step::Write, Step::Map, Step::ReadEmpty],
    &[Step::Map, Step::Map, Step::Map],
    &[Step::Second],
    &[Step::New, Step::Write, Step::Remove],
    &[Step::NewInFolder, Step::Map, Step::Empty, Step::Remove],
    &[Step::Write, Step::Replace, Step::Write],
    &[Step::Write, Step::Outside, Step::Write],
    &[Step::Cut, Step::Punch, Step::Half],
];

/// Pattern n on files n, n + 11, n + 22 …; two names of one file count once, so that each state is whole.
fn all(run: &Run<'_>) -> Result<(), Failure> {
    let files = run.files();
    std::thread::scope(|scope| {
        for pattern in 0..PATTERNS.len() {
            let mine = files.iter().skip(pattern).step_by(PATTERNS.len());
            scope.spawn(move || {
                for victim in mine {
                    run.report.outcome(play(run, victim, pattern));
                }
            });
        }
    });
    Ok(())
}

/// Plays one pattern on one file.
fn play(run: &Run<'_>, victim: &Victim, pattern: usize) -> Result<(), Failure> {
    let mut chain = Chain::new(run, victim)?;
    PATTERNS
        .get(pattern)
        .into_iter()
        .flat_map(|steps| steps.iter())
        .try_for_each(|step| chain.step(*step))
}

/// The writer that came first overwrites, unheld, what the second has closed meanwhile. A guard may lose the
/// second state unless it copies at every close; so this chain stands alone, outside the eleven.
fn late_first_writer(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let mut noise = run.noise(victim);
    let length = usize::try_from(victim.size).unwrap_or(0).max(SHORTEST);
    let (theirs, mine) = (noise.bytes(length), noise.bytes(length));
    let (theirs_hash, mine_hash) = (blake3::hash(&theirs), blake3::hash(&mine));
    let first = run.open(&victim.path, OFlags::RDWR)?;
    let second = run.open(&victim.path, OFlags::WRONLY)?;
    write_at(&second, &theirs, 0)?;
    drop(second);
    run.report
        .state(&victim.path, 1, Moment::Close, theirs_hash);
    write_at(&first, &mine, 0)?;
    drop(first);
    run.report.state(&victim.path, 2, Moment::Close, mine_hash);
    Ok(())
}
