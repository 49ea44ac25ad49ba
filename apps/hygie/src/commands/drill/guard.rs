//! A guard for the drill alone: the same program with a state of its own, asked at its door.

use std::{
    fs::File,
    io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use hygie_acts::Incident;
use hygie_agent::{
    StateDir,
    config::Config,
    door::{Caller, Pick, Question, Reply},
};
use hygie_model::{IncidentState, UpEvent, Wall};
use hygie_text::{Args, Id, Language};
use rustix::process::{Pid, Signal, kill_process};

use super::{interrupt::Interrupt, place};
use crate::screen::said;

/// The guard. Dropping it ends all of its processes, whatever state they are in.
pub(crate) struct Guard {
    state: StateDir,
    up: Child,
    caller: Caller,
    next: usize,
    settled: u32,
}

/// How it is started.
pub(crate) struct Settings {
    /// Its configuration.
    pub(crate) text: String,
    /// What it says when it cannot begin.
    pub(crate) language: Language,
}

impl Guard {
    /// Starts it on `folders`, and waits until the first copies are done.
    pub(crate) fn start(
        state: &Path,
        folders: &[PathBuf],
        settings: &Settings,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let state = StateDir::open(state)?;
        std::fs::write(state.config(), &settings.text)?;
        let told = File::create(state.path().join(TOLD))?;
        // Should this process be killed, `up` ends in good order.
        let up = Command::new("setpriv")
            .args(["--pdeathsig", "TERM"])
            .arg(std::env::current_exe()?)
            .arg("--state")
            .arg(state.path())
            .args([
                "--json",
                "--lang",
                settings.language.code(),
                "up",
                "--no-console",
            ])
            .args(folders)
            // A Ctrl-C is for the drill, which then ends this one.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(told)
            .stderr(Stdio::null())
            .spawn()?;
        let mut up = Unfinished(Some(up), state.clone());
        let caller = up.knock(interrupt)?;
        let Some(child) = up.0.take() else {
            bail!("it is gone");
        };
        let mut guard = Self {
            state,
            up: child,
            caller,
            next: 0,
            settled: 0,
        };
        guard.wait_for_copies(interrupt)?;
        Ok(guard)
    }

    fn wait_for_copies(&mut self, interrupt: &Interrupt) -> Result<()> {
        let until = Instant::now() + STARTING;
        while Instant::now() < until {
            interrupt.check()?;
            let copied = |event: &UpEvent| matches!(event, UpEvent::Copied { .. });
            if self.news()?.iter().any(copied) {
                return Ok(());
            }
            if self.up.try_wait()?.is_some() {
                return Err(failed(&self.state));
            }
        }
        Err(failed(&self.state))
    }

    /// The stop that it has told since the last question; waits half a second for news.
    pub(crate) fn stopped(&mut self) -> Result<Option<Wall>> {
        let events = self.news()?;
        Ok(events.iter().find_map(|event| match event {
            UpEvent::Incident {
                at,
                state: IncidentState::Stopped,
                ..
            } => Some(*at),
            UpEvent::Incident { .. }
            | UpEvent::Ready { .. }
            | UpEvent::Progress { .. }
            | UpEvent::Copied { .. }
            | UpEvent::State { .. } => None,
        }))
    }

    fn news(&mut self) -> Result<Vec<UpEvent>> {
        let from = self.next;
        let Reply::Events { events, next } = self.ask(&Question::Events { from })? else {
            bail!("the drill's guard tells no news");
        };
        self.next = next;
        Ok(events)
    }

    /// The incidents, the newest first.
    pub(crate) fn incidents(&mut self) -> Result<Vec<Incident>> {
        let Reply::Incidents { incidents, .. } = self.ask(&Question::Incidents)? else {
            bail!("the drill's guard lists no incidents");
        };
        Ok(incidents)
    }

    /// Undoes an incident; gives what the guard said where it did not. What could not be done shows in the files.
    pub(crate) fn undo(&mut self, id: u64) -> Result<Option<String>> {
        let reply = self.ask(&Question::Undo { id })?;
        Ok((!matches!(reply, Reply::Undone(_))).then(|| format!("{reply:?}")))
    }

    /// Gives a folder back as it was; as above.
    pub(crate) fn restore(&mut self, path: &Path, at: Wall) -> Result<Option<String>> {
        let (path, pick) = (path.to_path_buf(), Pick::At { at });
        let reply = self.ask(&Question::Restore { path, pick })?;
        Ok((!matches!(reply, Reply::Restored(_))).then(|| format!("{reply:?}")))
    }

    /// Waits until it has dealt with all that happened before: a file made and renamed in `quiet`, a protected
    /// folder, is known by its new name, and every last state has its copy. Says whether that came.
    pub(crate) fn settle(&mut self, quiet: &Path, interrupt: &Interrupt) -> Result<Settled> {
        self.settled += 1;
        let (name, path) = (
            quiet.join(format!(".settle-{}", self.settled)),
            quiet.join(format!(".settled-{}", self.settled)),
        );
        std::fs::write(&name, self.settled.to_string())?;
        std::fs::rename(&name, &path)?;
        let until = Instant::now() + SETTLING;
        while Instant::now() < until {
            interrupt.check()?;
            let versions = self.ask(&Question::Versions { path: path.clone() })?;
            let known =
                matches!(versions, Reply::Versions { versions, .. } if !versions.is_empty());
            if known
                && let Reply::Status(status) = self.ask(&Question::Status)?
                && status.counts.copied == status.counts.files
            {
                std::fs::remove_file(&path)?;
                return Ok(Settled::Yes);
            }
            std::thread::sleep(LOOK);
        }
        Ok(Settled::No)
    }

    /// Asks; a guard that began anew meanwhile is asked again.
    fn ask(&mut self, question: &Question) -> Result<Reply> {
        match self.caller.ask(question) {
            Ok(reply) => Ok(reply),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(error.into()),
            Err(_gone) => {
                self.caller = knock(&self.state)?;
                self.next = 0;
                Ok(self.caller.ask(question)?)
            }
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        end(&mut self.up, &self.state);
    }
}

/// Whether all that happened was dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    Yes,
    No,
}

/// A start that has not come to its end yet.
struct Unfinished(Option<Child>, StateDir);

impl Unfinished {
    /// Waits until it opens its door.
    fn knock(&mut self, interrupt: &Interrupt) -> Result<Caller> {
        let until = Instant::now() + STARTING;
        while Instant::now() < until {
            interrupt.check()?;
            if let Ok(caller) = knock(&self.1) {
                return Ok(caller);
            }
            if let Some(up) = &mut self.0
                && up.try_wait()?.is_some()
            {
                break;
            }
            std::thread::sleep(LOOK);
        }
        Err(failed(&self.1))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(up) = &mut self.0 {
            end(up, &self.1);
        }
    }
}

/// The settings of the drill's guard: the stop, and the bound of the practice's own, which is one for the machine.
pub(crate) fn settings(practice: &Config, language: Language) -> String {
    let bound = practice.guard.bound.get().as_secs().max(1);
    let lang = language.code();
    format!(
        "[vault]\nbudget = \"2 GB\"\nreserve = \"16 MB\"\n[guard]\nbound = \"{bound} s\"\nattackers = \"stop\"\n\
         [language]\nlang = \"{lang}\"\n"
    )
}

fn knock(state: &StateDir) -> io::Result<Caller> {
    let mut caller = Caller::knock(&state.socket())?;
    caller.waits(ANSWERING)?;
    Ok(caller)
}

/// Ends it as a person would, and for good where that takes too long.
fn end(up: &mut Child, state: &StateDir) {
    let _ = kill_process(Pid::from_child(up), Signal::TERM);
    let until = Instant::now() + ENDING;
    while Instant::now() < until && matches!(up.try_wait(), Ok(None)) {
        std::thread::sleep(LOOK);
    }
    let _ = up.kill();
    let _ = up.wait();
    place::kill_all(state.path());
}

/// Why it is not there: what `up` said last, else what its log says last.
fn failed(state: &StateDir) -> anyhow::Error {
    let told = std::fs::read_to_string(state.path().join(TOLD)).unwrap_or_default();
    let lines = told.lines().rev();
    let what = lines
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|line| line["what"].as_str().map(str::to_owned));
    let log = || {
        std::fs::read_to_string(state.log())
            .ok()?
            .lines()
            .last()
            .map(str::to_owned)
    };
    let reason = what.or_else(log).unwrap_or_else(|| "?".to_owned());
    let args = Args::new().text("reason", reason.trim_end_matches('.'));
    said(Id::DrillGuardFails, args)
}

const TOLD: &str = "up.jsonl";
const LOOK: Duration = Duration::from_millis(20);
const STARTING: Duration = Duration::from_secs(120);
const SETTLING: Duration = Duration::from_secs(60);
const ANSWERING: Duration = Duration::from_secs(180);
const ENDING: Duration = Duration::from_secs(25);
