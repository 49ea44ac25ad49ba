//! One attack under a guard: let loose, stopped or not, undone, and the whole folder compared with before.

use std::{
    fs::{FileTimes, create_dir, create_dir_all},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Result;
use hygie_cage::{Arena, Difference, Fill, Kind, Leash, Running, Simulator, Snapshot};
use hygie_decoys::{Decoy, Scale};
use hygie_model::Wall;
use hygie_platform::clock;

use super::{
    guard::{Guard, Settings, Settled},
    interrupt::Interrupt,
    place::{Disk, Name, Place},
};

/// What every trial needs.
pub(crate) struct Ground<'a> {
    pub(crate) place: &'a Place,
    pub(crate) attacks: &'a Path,
    pub(crate) settings: &'a Settings,
    pub(crate) interrupt: &'a Interrupt,
    /// Where the files go that a person wants to see afterwards.
    pub(crate) keep: Option<PathBuf>,
    pub(crate) files: &'a PracticeFiles,
}

/// How far a trial is, for whoever watches.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stage {
    Preparing,
    Attacking,
    Undoing,
}

/// Whether an attack came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Yes,
    No,
}

/// What became of it.
#[derive(Debug)]
pub(crate) struct Trial {
    /// Practice files.
    pub(crate) files: usize,
    /// The stop; none when the attack came to its end.
    pub(crate) stop: Option<Duration>,
    /// Whether the attack came to its end before the stop.
    pub(crate) ended: Ended,
    /// Files that were not as before when it was over: content, name, rights or dates.
    pub(crate) touched: usize,
    /// Files whose content of before was nowhere in the folder.
    pub(crate) changed: usize,
    /// Files whose content of before came back neither by the undo nor by a restore.
    pub(crate) lost: usize,
    /// Files that the undo did not give back, and a restore of the folder did.
    pub(crate) by_restore: usize,
    /// Incidents that were undone.
    pub(crate) incidents: usize,
    /// Touched files that are exactly as before again.
    pub(crate) restored: usize,
    /// What is not as before, of the whole folder.
    pub(crate) differences: Vec<Difference>,
    /// Whether the guard came to rest each time it was waited for.
    pub(crate) settled: Settled,
    /// What the guard said where it did not give back.
    pub(crate) trouble: Option<String>,
}

impl Trial {
    /// Whether the attack did nothing at all.
    pub(crate) fn is_idle(&self) -> bool {
        self.touched == 0 && self.stop.is_none()
    }

    /// Whether it was stopped before its end, and all is as before.
    pub(crate) fn is_whole(&self) -> bool {
        self.stop.is_some() && self.ended == Ended::No && self.differences.is_empty()
    }
}

/// Files under a guard. What drops first stands first.
struct Stand<'a> {
    guard: Guard,
    arena: Arena,
    quiet: PathBuf,
    interrupt: &'a Interrupt,
    settled: Settled,
    _disks: [Disk; 2],
}

/// An attack that was stopped, or came to its end.
struct Attack {
    running: Running,
    go: Wall,
    stopped_at: Option<Wall>,
    ended: Ended,
}

/// Makes the files, guards them, lets the attack loose, gives everything back, compares.
pub(crate) fn run(ground: &Ground<'_>, name: &str, told: &dyn Fn(Stage)) -> Result<Trial> {
    told(Stage::Preparing);
    let mut stand = Stand::make(ground)?;
    let before = stand.look()?;
    told(Stage::Attacking);
    let mut attack = stand.attack(ground, name)?;
    stand.settle()?;
    let harmed = stand.look()?;
    told(Stage::Undoing);
    let mut undone = match attack.stopped_at {
        Some(_) => stand.undo_all()?,
        None => Undone::default(),
    };
    attack.running.kill();
    let acts = attack.running.finish()?.lines;
    stand.settle()?;
    if attack.stopped_at.is_none() {
        undone.trouble = stand.guard.restore(&stand.arena.victims(), attack.go)?;
        stand.settle()?;
    }
    let after = stand.look()?;
    let mut trial = compare(&before, &harmed, &after);
    if let Some(folder) = &ground.keep {
        keep(&stand.arena.victims(), &folder.join(name))?;
    }
    if trial.lost > 0 {
        // What an undo has not given back may still be in the store: as a person would, ask for the folder.
        undone.trouble = stand.guard.restore(&stand.arena.victims(), attack.go)?;
        stand.settle()?;
        let kept = compare(&before, &harmed, &stand.look()?);
        trial.by_restore = trial.lost.saturating_sub(kept.lost);
        trial.lost = kept.lost;
    }
    let first = acts.iter().filter_map(|line| line["at_ms"].as_i64()).min();
    let first = first.map(|at_ms| Wall(at_ms.saturating_mul(1_000_000)));
    let began = first.into_iter().chain(undone.first_harm).min();
    let began = began.unwrap_or(attack.go).max(attack.go);
    trial.stop = attack.stopped_at.map(|at| between(began, at));
    (trial.ended, trial.incidents) = (attack.ended, undone.incidents);
    (trial.settled, trial.trouble) = (stand.settled, undone.trouble);
    Ok(trial)
}

impl<'a> Stand<'a> {
    fn make(ground: &Ground<'a>) -> Result<Self> {
        let disks = [
            ground.place.disk(Name::Files)?,
            ground.place.disk(Name::State)?,
        ];
        let [disk, aside] = &disks;
        let arena = Arena::make(disk.path(), USER, ground.files)?;
        let quiet = disk.path().join("quiet");
        create_dir(&quiet)?;
        let state = aside.path().join("hygie");
        let folders = [arena.victims(), quiet.clone()];
        let interrupt = ground.interrupt;
        let guard = Guard::start(&state, &folders, ground.settings, interrupt)?;
        let mut stand = Self {
            guard,
            arena,
            quiet,
            interrupt,
            settled: Settled::Yes,
            _disks: disks,
        };
        stand.settle()?;
        Ok(stand)
    }

    /// Waits until the guard has dealt with all that happened.
    fn settle(&mut self) -> Result<()> {
        if self.guard.settle(&self.quiet, self.interrupt)? == Settled::No {
            self.settled = Settled::No;
        }
        Ok(())
    }

    /// The files as they are; again, where one went away during the look.
    fn look(&self) -> Result<Snapshot> {
        let mut last = self.arena.snapshot();
        for _try in 0..LOOKS {
            if last.is_ok() {
                break;
            }
            self.interrupt.check()?;
            std::thread::sleep(BETWEEN_LOOKS);
            last = self.arena.snapshot();
        }
        Ok(last?)
    }

    /// Lets an attack loose, and waits until it is stopped or over.
    fn attack(&mut self, ground: &Ground<'_>, name: &str) -> Result<Attack> {
        let mut running = Simulator::new(ground.attacks)
            .as_user(USER)
            .within(WALL)
            .on(Leash::Starter)
            .start(name, &self.arena, &["--wait"])?;
        running.wait_ready()?;
        let go = clock::wall();
        running.go()?;
        let stopped_at = self.stop_or_end(&running)?;
        let ended = match (running.has_ended(), stopped_at) {
            (false, Some(_)) => Ended::No,
            (true, _) | (_, None) => Ended::Yes,
        };
        Ok(Attack {
            running,
            go,
            stopped_at,
            ended,
        })
    }

    fn stop_or_end(&mut self, running: &Running) -> Result<Option<Wall>> {
        let until = Instant::now() + WALL;
        while Instant::now() < until {
            self.interrupt.check()?;
            if let Some(at) = self.guard.stopped()? {
                return Ok(Some(at));
            }
            if running.has_ended() {
                // What it did last is judged once it is copied.
                self.settle()?;
                return self.guard.stopped();
            }
        }
        Ok(None)
    }

    /// Undoes what waits for a person, the last first.
    fn undo_all(&mut self) -> Result<Undone> {
        let incidents = self.guard.incidents()?;
        let open = incidents.iter().filter(|incident| incident.state.is_open());
        let mut undone = Undone::default();
        for incident in open {
            self.interrupt.check()?;
            let trouble = self.guard.undo(incident.id)?;
            undone.trouble = undone.trouble.or(trouble);
            undone.incidents += 1;
            let harm = incident.opening.first_harm;
            undone.first_harm = Some(undone.first_harm.map_or(harm, |first| first.min(harm)));
        }
        Ok(undone)
    }
}

/// What was undone.
#[derive(Default)]
struct Undone {
    incidents: usize,
    first_harm: Option<Wall>,
    trouble: Option<String>,
}

fn compare(before: &Snapshot, harmed: &Snapshot, after: &Snapshot) -> Trial {
    let files: Vec<_> = before
        .entries()
        .iter()
        .filter(|(_, entry)| entry.kind == Kind::File)
        .collect();
    let without = |then: &Snapshot| {
        let contents = then.contents();
        let gone = |content: blake3::Hash| !contents.contains(&content.to_hex().to_string());
        let lacks = files
            .iter()
            .filter(|(_, entry)| entry.size > 0 && entry.content.is_some_and(gone));
        lacks.count()
    };
    let same =
        |then: &Snapshot, path: &PathBuf| then.entries().get(path) == before.entries().get(path);
    let touched: Vec<_> = files
        .iter()
        .filter(|(path, _)| !same(harmed, path))
        .collect();
    Trial {
        files: files.len(),
        stop: None,
        ended: Ended::No,
        touched: touched.len(),
        changed: without(harmed),
        lost: without(after),
        by_restore: 0,
        incidents: 0,
        restored: touched.iter().filter(|(path, _)| same(after, path)).count(),
        differences: before.diff(after),
        settled: Settled::Yes,
        trouble: None,
    }
}

fn between(from: Wall, to: Wall) -> Duration {
    Duration::from_nanos(u64::try_from(to.0.saturating_sub(from.0)).unwrap_or(0))
}

/// The practice files: letters, reports, images, a database, of nobody. Made once, written for each attack.
pub(crate) struct PracticeFiles(Vec<Decoy>);

impl PracticeFiles {
    pub(crate) fn make() -> Self {
        Self(hygie_decoys::practice(SEED, Scale::Medium).collect())
    }
}

impl Fill for PracticeFiles {
    fn fill(&self, folder: &Path) -> io::Result<()> {
        for decoy in &self.0 {
            let path = folder.join(&decoy.path);
            if let Some(parent) = path.parent() {
                create_dir_all(parent)?;
            }
            std::fs::write(&path, &decoy.bytes)?;
            let file = std::fs::File::options().write(true).open(&path)?;
            file.set_times(FileTimes::new().set_modified(decoy.written))?;
        }
        Ok(())
    }
}

/// Copies a folder with everything.
fn keep(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        create_dir_all(parent)?;
    }
    let mut copy = std::process::Command::new("cp");
    let status = copy.arg("-a").arg("--").args([from, to]).status()?;
    anyhow::ensure!(status.success(), "cp: {status}");
    Ok(())
}

/// Nobody's: above the people, below what systemd gives out.
const USER: u32 = 60_600;
/// How long an attack may take.
const WALL: Duration = Duration::from_secs(90);
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
const SEED: u64 = 2026;

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, Snapshot) {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, content) in files {
            let path = folder.path().join(name);
            std::fs::write(&path, content).expect("a file");
            let file = std::fs::File::options().write(true).open(path);
            let times = FileTimes::new().set_modified(std::time::UNIX_EPOCH);
            file.and_then(|file| file.set_times(times)).expect("a time");
        }
        let seen = Snapshot::of(folder.path()).expect("a snapshot");
        (folder, seen)
    }

    #[test]
    fn what_was_harmed_and_what_came_back_is_counted() {
        let (_a, before) = tree(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]);
        let (_b, harmed) = tree(&[("a", "x"), ("b2", "2"), ("d", "4")]);
        let (_c, after) = tree(&[("a", "1"), ("b", "2"), ("d", "4"), ("note", "pay")]);
        let trial = compare(&before, &harmed, &after);
        assert_eq!((trial.files, trial.touched), (4, 3));
        assert_eq!((trial.changed, trial.lost, trial.restored), (2, 1, 2));
        assert_eq!(trial.differences.len(), 2);
    }

    #[test]
    fn all_back_is_whole_only_when_it_was_stopped() {
        let (_a, before) = tree(&[("a", "1")]);
        let (_b, harmed) = tree(&[]);
        let mut trial = compare(&before, &harmed, &before);
        assert!(!trial.is_whole() && !trial.is_idle());
        trial.stop = Some(Duration::ZERO);
        assert!(trial.is_whole());
        assert!(compare(&before, &before, &before).is_idle());
    }
}
