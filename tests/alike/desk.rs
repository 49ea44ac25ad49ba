//! A practice's folder under a guard that stops whoever harms, and the person who works in it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use hygie_decoys::Scale;
use hygie_testkit::{Arena, Guarded, Job, LoopFs, Person, Snapshot};
use serde_json::Value;

/// What drops first stands first.
pub(crate) struct Desk {
    person: Person,
    /// None where the honest work is only tried out, as `HYGIE_ALIKE_BARE=1` says.
    hygie: Option<Guarded>,
    arena: Arena,
    /// Where the work is done, below the protected folder.
    room: PathBuf,
    quiet: PathBuf,
    _state: LoopFs,
    _disk: LoopFs,
}

impl Desk {
    /// The first files of a made-up practice, first copies done.
    pub(crate) fn open(files: usize) -> Result<Self> {
        let (disk, other) = (LoopFs::ext4(6144)?, LoopFs::ext4(12_288)?);
        let arena = Arena::plant(&disk.path(), USER, |folder| plant(folder, files))?;
        let quiet = disk.path().join("quiet");
        let state = other.path().join("state");
        for folder in [&quiet, &state] {
            std::fs::create_dir(folder)?;
        }
        let stop = "[guard]\nattackers = \"stop\"\n[vault]\nbudget = \"80 %\"\n";
        std::fs::write(state.join("hygie.toml"), stop)?;
        let folders = [arena.victims(), quiet.clone()];
        let bare = std::env::var_os("HYGIE_ALIKE_BARE").is_some();
        let hygie = (!bare).then(|| guarded(&state, &folders)).transpose()?;
        Ok(Self {
            person: Person::new(USER, &arena.outside())?,
            hygie,
            arena,
            room: PathBuf::new(),
            quiet,
            _state: other,
            _disk: disk,
        })
    }

    /// The same files once more, in a folder of their own: what was done before shall not be in the way.
    pub(crate) fn another_room(&mut self, number: usize) -> Result<()> {
        let model = self.home().join("modèle");
        self.room = PathBuf::new();
        if !model.exists() {
            self.types_with("cp -a .", std::slice::from_ref(&model))?;
        }
        let room = PathBuf::from(format!("salle-{number}"));
        self.types_with("cp -a", &[model, room.clone()])?;
        self.room = room;
        self.settle()
    }

    /// The protected folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.arena.victims().join(&self.room)
    }

    /// What nobody protects, on the same file system.
    pub(crate) fn home(&self) -> &Path {
        self.person.home()
    }

    /// Runs a program in the protected folder to its end.
    pub(crate) fn types(&mut self, line: &str) -> Result<()> {
        let job = Job::new(line, &self.folder());
        self.runs(job)
    }

    /// The same with these files behind the line.
    pub(crate) fn types_with(&mut self, line: &str, files: &[PathBuf]) -> Result<()> {
        let job = Job::new(line, &self.folder()).words(files);
        self.runs(job)
    }

    /// Runs a shell with these lines; all that it starts is one family.
    pub(crate) fn script(&mut self, lines: &str) -> Result<()> {
        let job = Job::new("sh -e -c", &self.folder()).word(lines);
        self.runs(job)
    }

    /// Runs a program to its end, or until somebody is stopped.
    pub(crate) fn runs(&mut self, job: Job) -> Result<()> {
        let mut work = self.person.start(job, LONGEST)?;
        while !work.is_done()? {
            if let Some(incident) = self.stopped() {
                bail!("stopped in incident {incident}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Files in the protected folder whose names end so, in order; at most so many.
    pub(crate) fn files(&self, ending: &str, most: usize) -> Result<Vec<PathBuf>> {
        let mut found: Vec<PathBuf> = self
            .snapshot()?
            .entries()
            .iter()
            .filter(|(path, entry)| entry.content.is_some() && name_of(path).ends_with(ending))
            .map(|(path, _)| path.clone())
            .collect();
        found.truncate(most);
        Ok(found)
    }

    pub(crate) fn snapshot(&self) -> Result<Snapshot> {
        Snapshot::of(&self.folder()).context("a snapshot of the folder")
    }

    /// The incident that began first.
    pub(crate) fn stopped(&mut self) -> Option<u64> {
        let told = self.hygie.as_mut()?.events().iter();
        let mut stops =
            told.filter(|line| line["event"] == "incident" && line["state"] == "stopped");
        stops.next()?["id"].as_u64()
    }

    /// What the journal tells of suspicions and stops.
    pub(crate) fn told(&self) -> Result<Vec<Value>> {
        let Some(hygie) = &self.hygie else {
            return Ok(Vec::new());
        };
        let said = hygie.ask(&["journal", "show"].map(AsRef::as_ref))?;
        let mut lines = said.lines;
        lines.retain(|line| {
            let kind = line["kind"].as_str().unwrap_or_default();
            kind == "harm.suspected" || kind.starts_with("incident.")
        });
        Ok(lines)
    }

    /// Waits until all that happened is copied, and judged.
    pub(crate) fn settle(&self) -> Result<()> {
        let Some(hygie) = &self.hygie else {
            return Ok(());
        };
        hygie.settle(&self.quiet, PATIENCE)?;
        let guard = hygie.pid("guard").context("a guard runs")?;
        let mut before = u64::MAX;
        for _look in 0..400 {
            std::thread::sleep(Duration::from_millis(300));
            let now = ticks_of_judge(guard)?;
            if now.saturating_sub(before) < BUSY && before != u64::MAX {
                return Ok(());
            }
            before = now;
        }
        bail!("the judge does not come to rest")
    }

    /// Ends the guard as a person would.
    pub(crate) fn close(self) -> Result<()> {
        drop(self.person);
        self.hygie.map_or(Ok(()), Guarded::stop)
    }
}

/// A guard whose first copies are done.
fn guarded(state: &Path, folders: &[PathBuf]) -> Result<Guarded> {
    let hygie = Path::new(env!("CARGO_BIN_EXE_hygie"));
    let mut hygie = Guarded::up(hygie, state, folders)?;
    hygie.wait_for("copied", PATIENCE)?;
    Ok(hygie)
}

fn plant(folder: &Path, files: usize) -> Result<()> {
    for decoy in hygie_decoys::practice(2026, Scale::Medium).take(files) {
        let path = folder.join(&decoy.path);
        let parent = path.parent().context("a decoy lies in a folder")?;
        std::fs::create_dir_all(parent)?;
        std::fs::write(&path, &decoy.bytes)?;
        let file = std::fs::File::options().write(true).open(&path)?;
        file.set_modified(decoy.written)?;
    }
    Ok(())
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The time that the judge's thread has worked, in the kernel's ticks.
fn ticks_of_judge(guard: i32) -> Result<u64> {
    for thread in std::fs::read_dir(format!("/proc/{guard}/task"))?.flatten() {
        let stat = std::fs::read_to_string(thread.path().join("stat"))?;
        if stat.contains("(hygie-judge)") {
            let behind = stat.rsplit(") ").next().unwrap_or_default();
            let times = behind.split(' ').skip(11).take(2);
            return Ok(times.filter_map(|time| time.parse::<u64>().ok()).sum());
        }
    }
    bail!("there is no judge")
}

const USER: u32 = 4321;
/// Only against a test that hangs.
const PATIENCE: Duration = Duration::from_secs(180);
const LONGEST: Duration = Duration::from_secs(240);
/// Ticks in a look during which the judge still has something to think of.
const BUSY: u64 = 4;
