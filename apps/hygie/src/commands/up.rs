//! `hygie up`: links, first copies, then the watch with a calm live status.

use std::{path::PathBuf, time::Duration};

use anyhow::Result;
use hygie_agent::{
    StateDir,
    door::{Caller, Question, Reply},
    orders::{Changes, Orders},
    self_test::{self, SelfTestError},
    supervise::{Ended, Pair},
};
use hygie_model::{Cause, CopyCounts, Protection, UpEvent, Wall};
use hygie_platform::{
    Feature, Presence, clock,
    linux::{process, wake::{Signal, Signals}},
};
use hygie_text::{Args, Id};

use super::{Context, absolute};
use crate::{cli::Up, screen::{Exit, said}};

pub(crate) fn run(context: &Context<'_>, asked: Up) -> Result<Exit> {
    let screen = context.screen;
    let folders = folders(context, &asked)?;
    if !process::has_capability(process::CAP_SYS_ADMIN) {
        let missing = screen.catalog().say(Id::UpMissingRoot, &Args::new());
        return Err(said(Id::UpNoRights, Args::new().nested("missing", missing)));
    }
    let state = StateDir::open(&context.state).map_err(|error| {
        let args = Args::new().path("path", &context.state).text("reason", &error.to_string());
        said(Id::ErrorStateFolder, args)
    })?;
    if Caller::knock(&state.socket()).is_ok() {
        return Err(said(Id::UpAlreadyRunning, Args::new()));
    }
    let signals = Signals::take_over()?;
    screen.say(Id::UpStarting, &Args::new().count("folders", folders.len() as u64));
    for folder in &folders {
        screen.say(Id::UpFolder, &Args::new().path("path", folder));
    }
    self_test::run(&state).map_err(|error| self_test_failed(context, &error))?;
    let orders = orders(&state, folders);
    let mut pair = Pair::start(&orders)?;
    let mut shown = Shown::new();
    loop {
        if signals.drain().contains(&Signal::End) {
            screen.wipe();
            screen.say(Id::UpStopping, &Args::new());
            pair.stop();
            told(context, &not_protected(Cause::Stopped));
            screen.say(Id::UpStopped, &Args::new());
            return Ok(Exit::Good);
        }
        if pair.end_if_dead() == Ended::Yes {
            told(context, &not_protected(Cause::GuardGone));
            pair = Pair::start(&orders)?;
            shown = Shown::new();
        }
        shown.follow(context, &state);
    }
}

fn folders(context: &Context<'_>, asked: &Up) -> Result<Vec<PathBuf>> {
    if asked.folders.is_empty() {
        let config = context.state().config();
        return Err(said(Id::UpNoFolder, Args::new().path("config", &config)));
    }
    asked
        .folders
        .iter()
        .map(|folder| {
            let path = absolute(folder)?;
            match std::fs::metadata(&path) {
                Ok(found) if found.is_dir() => Ok(path),
                Ok(_) => Err(said(Id::ErrorNotAFolder, Args::new().path("path", &path))),
                Err(_) => Err(said(Id::ErrorNotFound, Args::new().path("path", &path))),
            }
        })
        .collect()
}

fn orders(state: &StateDir, folders: Vec<PathBuf>) -> Orders {
    let works = hygie_platform::probe(&state.self_test())
        .into_iter()
        .any(|probe| probe.feature == Feature::HoldChange && probe.presence == Presence::Works);
    Orders {
        state: state.path().to_path_buf(),
        folders,
        bound_ms: 5_000,
        leases: None,
        threads: 3,
        changes: if works { Changes::Held } else { Changes::Seen },
        trial: None,
    }
}

fn self_test_failed(context: &Context<'_>, error: &SelfTestError) -> anyhow::Error {
    let catalog = context.screen.catalog();
    let reason = match error {
        SelfTestError::NotReleased => catalog.say(Id::UpSelfTestWitnessSlow, &Args::new()),
        SelfTestError::NotClosed => catalog.say(Id::UpSelfTestNotClosed, &Args::new()),
        SelfTestError::Error(error) => {
            catalog.say(Id::UpSelfTestError, &Args::new().text("error", &format!("{error:#}")))
        }
    };
    said(Id::UpSelfTestFailed, Args::new().nested("reason", reason))
}

fn not_protected(cause: Cause) -> UpEvent {
    let at = clock::wall();
    UpEvent::State { at, protection: Protection::NotProtected { since: at, cause } }
}

/// What was shown so far.
struct Shown {
    caller: Option<Caller>,
    next: usize,
    began: Wall,
}

impl Shown {
    fn new() -> Self {
        Self { caller: None, next: 0, began: clock::wall() }
    }

    /// Shows what is new; waits a little for it.
    fn follow(&mut self, context: &Context<'_>, state: &StateDir) {
        let Some(caller) = &mut self.caller else {
            match Caller::knock(&state.socket()) {
                Ok(caller) => {
                    self.caller = Some(caller);
                    self.next = 0;
                }
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
            return;
        };
        match caller.ask(&Question::Events { from: self.next }) {
            Ok(Reply::Events { events, next }) => {
                self.next = next;
                for event in events {
                    self.show(context, &event);
                }
            }
            _ => self.caller = None,
        }
        if let Some(caller) = &mut self.caller
            && let Ok(Reply::Status(status)) = caller.ask(&Question::Status)
        {
            progress(context, status.counts);
        }
    }

    fn show(&self, context: &Context<'_>, event: &UpEvent) {
        let spent = |at: Wall| {
            Duration::from_nanos(u64::try_from(at.0.saturating_sub(self.began.0)).unwrap_or(0))
        };
        match event {
            UpEvent::Ready { at, files } => {
                context.screen.wipe();
                let args = Args::new().count("files", *files).spent("spent", spent(*at));
                context.screen.say(Id::UpLinked, &args);
            }
            UpEvent::Copied { at, counts } => {
                context.screen.wipe();
                let args = Args::new().count("files", counts.files).bytes("bytes", counts.bytes);
                context.screen.say(Id::UpCopied, &args.spent("spent", spent(*at)));
                context.screen.say(Id::UpHowToStop, &Args::new());
            }
            UpEvent::Progress { .. } | UpEvent::State { .. } | UpEvent::Incident { .. } => {}
        }
        told(context, event);
    }
}

fn progress(context: &Context<'_>, counts: CopyCounts) {
    if counts.copied < counts.files {
        let args = Args::new().count("copied", counts.copied).count("files", counts.files);
        let args = args.bytes("copied_bytes", counts.copied_bytes).bytes("bytes", counts.bytes);
        context.screen.passing(Id::UpCopyingUntimed, &args);
    }
}

fn told(context: &Context<'_>, event: &UpEvent) {
    if let UpEvent::State { protection, .. } = event {
        context.screen.wipe();
        for line in context.screen.catalog().protection(protection) {
            context.screen.explained(&line);
        }
    }
    if let Ok(value) = serde_json::to_value(event) {
        context.screen.json("up", value);
    }
}
