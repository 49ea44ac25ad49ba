//! The full protection: self-test, witness and guard, and what they say.

use anyhow::Result;
use hygie_agent::{
    StateDir,
    config::{Budget, Config, Leases, Threads},
    orders::{Changes, Orders},
    self_test::{self, SelfTestError},
    supervise::{Ended, Pair},
};
use hygie_model::Cause;
use hygie_platform::{
    Feature, Presence,
    linux::{
        pulse::Word,
        wake::{Signal, Signals},
    },
};
use hygie_text::{Args, Id};

use super::{Job, Once, shown::Shown};
use crate::{
    cli::Listen,
    commands::{Context, console::Console, courier::Courier},
    screen::{Exit, said},
};

pub(crate) fn run(context: &Context<'_>, job: &Job) -> Result<Exit> {
    let screen = context.screen;
    let Some(_mine) = job.state.take()? else {
        return Err(said(Id::UpAlreadyRunning, Args::new()));
    };
    let signals = Signals::take_over()?;
    screen.say(
        Id::UpStarting,
        &Args::new().count("folders", job.folders.len() as u64),
    );
    for folder in &job.folders {
        screen.say(Id::UpFolder, &Args::new().path("path", folder));
    }
    if let Err(error) = self_test::run(&job.state) {
        Shown::tell_state(context, Cause::SelfTestFailed);
        return Err(self_test_failed(context, &error));
    }
    let mut orders = orders(job);
    let mut pair = Pair::start(&orders)?;
    let mut shown = Shown::new();
    // Once it has served, protection is never given up: it is started again and again.
    let mut begun = false;
    let mut console = None;
    let mut courier = None;
    loop {
        let done = job.once == Once::Yes && shown.is_copied();
        if done || signals.drain().contains(&Signal::End) {
            screen.wipe();
            screen.say(Id::UpStopping, &Args::new());
            if let Some(console) = console.take() {
                Console::stop(console);
            }
            if let Some(courier) = courier.take() {
                Courier::stop(courier);
            }
            pair.stop();
            Shown::tell_state(context, Cause::Stopped);
            screen.say(Id::UpStopped, &Args::new());
            return Ok(Exit::Good);
        }
        if pair.pulse().get(Word::Starts) >= FAILED_STARTS && !begun {
            pair.end_now();
            let reason = last_words(&job.state);
            return Err(said(Id::UpGuardFails, Args::new().text("reason", &reason)));
        }
        if pair.end_if_dead() == Ended::Yes {
            if pair.pulse().get(Word::Fewer) == 1 {
                leave_out(job, &mut orders);
            }
            Shown::tell_state(context, Cause::GuardGone);
            pair = Pair::start(&orders)?;
            shown = Shown::new();
        }
        shown.follow(context, &job.state);
        if !begun && shown.has_begun() {
            begun = true;
            console = job
                .console
                .as_ref()
                .and_then(|listen| started(context, job, listen));
            courier = Courier::start(context, &job.state);
        }
        if let Some(courier) = &mut courier {
            courier.follow(context);
        }
        if let Some(console) = &mut console {
            console.follow(context);
        }
    }
}

/// Without its console the guard still guards; the person sees why there is none.
fn started(context: &Context<'_>, job: &Job, listen: &Listen) -> Option<Console> {
    Console::start(context, &job.state, (listen, None))
        .inspect_err(|error| {
            let args = Args::new().text("reason", &format!("{error:#}"));
            context.screen.wipe();
            context.screen.say(Id::ConsoleNotStarted, &args);
        })
        .ok()
}

/// Somebody signed for it that a folder is protected no more: those that the configuration still names stay. A configuration
/// that cannot be read, or names none of them, changes nothing.
fn leave_out(job: &Job, orders: &mut Orders) {
    let Ok(config) = Config::load(&job.state.config()) else {
        return;
    };
    let named = |folder: &std::path::PathBuf| {
        let mut folders = config.folders.iter();
        folders.any(|known| known.leads_to(folder))
    };
    let left: Vec<_> = orders
        .folders
        .iter()
        .filter(|one| named(one))
        .cloned()
        .collect();
    if !left.is_empty() {
        orders.folders = left;
    }
}

/// A guard that failed so often before it ever served will not serve.
const FAILED_STARTS: u64 = 3;

/// What the guard said last before it ended.
fn last_words(state: &StateDir) -> String {
    std::fs::read_to_string(state.log())
        .unwrap_or_default()
        .lines()
        .rev()
        .find(|line| !line.starts_with(' ') && line.contains(':'))
        .map_or_else(
            || "?".to_owned(),
            |line| line.trim_end_matches('.').to_owned(),
        )
}

fn orders(job: &Job) -> Orders {
    let works = hygie_platform::probe(&job.state.self_test())
        .into_iter()
        .any(|probe| probe.feature == Feature::HoldChange && probe.presence == Presence::Works);
    let guard = &job.config.guard;
    let threads = match guard.threads {
        Threads::Exactly(count) => usize::from(count),
        Threads::Auto => std::thread::available_parallelism()
            .map_or(2, std::num::NonZero::get)
            .clamp(2, 8),
    };
    Orders {
        state: job.state.path().to_path_buf(),
        folders: job.folders.clone(),
        named: job.named,
        bound_ms: u64::try_from(guard.bound.get().as_millis()).unwrap_or(5_000),
        leases: match guard.leases {
            Leases::Auto => None,
            Leases::AtMost(count) => usize::try_from(count).ok(),
        },
        budget: budget(job),
        reserve: job.config.vault.reserve.bytes(),
        min_age_s: job.config.vault.min_age.get().as_secs(),
        large_from: job.config.vault.large_from.bytes(),
        threads,
        attackers: job.config.guard.attackers,
        changes: if works { Changes::Held } else { Changes::Seen },
        trial: None,
    }
}

/// The budget in bytes; a share is one of the disk that the store lies on.
fn budget(job: &Job) -> u64 {
    match job.config.vault.budget {
        Budget::Size(size) => size.bytes(),
        Budget::Share(share) => rustix::fs::statvfs(job.state.path()).map_or(u64::MAX, |disk| {
            share.of(disk.f_blocks.saturating_mul(disk.f_frsize))
        }),
    }
}

fn self_test_failed(context: &Context<'_>, error: &SelfTestError) -> anyhow::Error {
    let catalog = context.screen.catalog();
    let reason = match error {
        SelfTestError::NotReleased => catalog.say(Id::UpSelfTestWitnessSlow, &Args::new()),
        SelfTestError::NotClosed => catalog.say(Id::UpSelfTestNotClosed, &Args::new()),
        SelfTestError::Error(error) => catalog.say(
            Id::UpSelfTestError,
            &Args::new().text("error", &format!("{error:#}")),
        ),
    };
    said(Id::UpSelfTestFailed, Args::new().nested("reason", reason))
}
