//! The same messages through each of them, in turn, some times.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use hygie_bait::rivals::Rival;
use hygie_phish::{Authenticated, Intel, Memory, Practice, judge, parse};
use hygie_platform::{clock, linux::usage};
use rustix::time::{ClockId, clock_gettime};

use super::{Plan, markdown};
use crate::stats::Spread;

/// One of them, and what its rounds took.
pub(super) struct Runner {
    name: String,
    rounds: Vec<Took>,
}

/// What all messages took in a round, in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Took {
    pub(super) work: f64,
    pub(super) passed: f64,
}

/// How one of them goes over all messages.
type Goes<'a> = Box<dyn FnMut() -> Result<Took> + 'a>;

pub(super) fn measure(
    hygie: &Path,
    folder: &Path,
    mails: &[Vec<u8>],
    plan: &Plan,
) -> Result<Vec<(Runner, usize)>> {
    let inbox = folder.join("inbox");
    fs::create_dir(&inbox)?;
    for (number, mail) in mails.iter().enumerate() {
        fs::write(inbox.join(format!("{number:05}.eml")), mail)?;
    }
    let state = folder.join("state");
    let intel = Intel::new(Practice::default());
    let mut all: Vec<(String, Goes<'_>)> = vec![
        (
            "the engine alone: read and judged in one process".into(),
            Box::new(|| Ok(engine(mails, &intel))),
        ),
        (
            "`hygie check FOLDER`".into(),
            Box::new(|| check(hygie, &inbox, &state)),
        ),
    ];
    for start in [Rival::spamassassin, Rival::rspamd] {
        match start(folder) {
            Ok(rival) => {
                let name = rival.name().to_owned();
                all.push((name, Box::new(move || ask_all(&rival, mails))));
            }
            // Not installed, or not to be started here: the others are measured all the same.
            Err(why) => eprintln!("left out: {why:#}"),
        }
    }
    let mut runners: Vec<Runner> = all
        .iter()
        .map(|(name, _)| Runner {
            name: name.clone(),
            rounds: Vec::new(),
        })
        .collect();
    // The first round warms caches and is not counted.
    for round in 0..=plan.rounds {
        for ((_, go), runner) in all.iter_mut().zip(&mut runners) {
            let took = go().with_context(|| runner.name.clone())?;
            if round > 0 {
                runner.rounds.push(took);
            }
        }
    }
    Ok(runners.into_iter().map(|one| (one, mails.len())).collect())
}

fn engine(mails: &[Vec<u8>], intel: &Intel) -> Took {
    let work = || {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
    };
    let (begun, at) = (clock::mono().0, work());
    let memory = Memory::new();
    for mail in mails {
        let message = parse::mail(mail);
        let verdict = judge(&message, Authenticated::Unknown, intel, &memory, 0);
        std::hint::black_box(verdict);
    }
    Took {
        work: work() - at,
        passed: seconds_since(begun),
    }
}

/// All messages, one after the other.
fn ask_all(rival: &Rival, mails: &[Vec<u8>]) -> Result<Took> {
    let (begun, before) = (clock::mono().0, rival.work()?);
    for mail in mails {
        rival.ask(mail)?;
    }
    Ok(Took {
        work: rival.work()? - before,
        passed: seconds_since(begun),
    })
}

/// As a person asks: words, not JSON; processes, sandbox and start included.
fn check(hygie: &Path, inbox: &Path, state: &Path) -> Result<Took> {
    let begun = clock::mono().0;
    let child = Command::new(hygie)
        .arg("check")
        .arg(inbox)
        .env("HYGIE_STATE", state)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("start hygie")?;
    let (status, used) = usage::wait(child)?;
    ensure!(
        matches!(status.code(), Some(0 | 10 | 20)),
        "hygie check: {status}"
    );
    Ok(Took {
        work: used.work.as_secs_f64(),
        passed: seconds_since(begun),
    })
}

pub(super) fn seconds_since(begun: u64) -> f64 {
    Duration::from_nanos(clock::mono().0.saturating_sub(begun)).as_secs_f64()
}

pub(super) fn table(runners: &[(Runner, usize)]) -> String {
    let mut rows = vec![
        [
            "",
            "messages a second of work: median (quartiles)",
            "ms of work each",
            "a second that passed",
        ]
        .map(str::to_owned),
    ];
    for (runner, messages) in runners {
        let of = |value: fn(&Took) -> f64| {
            let rates = runner
                .rounds
                .iter()
                .map(|took| *messages as f64 / value(took));
            Spread::of(&rates.collect::<Vec<_>>())
        };
        if let (Some(work), Some(passed)) = (of(|took| took.work), of(|took| took.passed)) {
            rows.push([
                runner.name.clone(),
                format!("{:.0} ({:.0}–{:.0})", work.median, work.q1, work.q3),
                format!("{:.2}", 1000.0 / work.median),
                format!("{:.0}", passed.median),
            ]);
        }
    }
    markdown(&rows)
}
