//! `hygie drill ransomware`: simulated attacks on made-up files, under a guard of the drill's own. Real files and the
//! practice's guard are left alone.

mod guard;
mod interrupt;
mod lease;
mod place;
mod shown;
mod trial;
pub(crate) mod tries;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use hygie_agent::config::{Attackers, Config};
use hygie_platform::{Feature, Presence};
use hygie_text::{Args, Id};

use self::{
    guard::Settings,
    interrupt::{Interrupt, Interrupted},
    lease::LeaseBound,
    place::{Name, Place},
    shown::{Outcome, Row},
    trial::{Ground, PracticeFiles},
    tries::Try,
};
use super::{Context, absolute};
use crate::{
    cli::Drill,
    screen::{Exit, Said, said},
};

pub(crate) fn run(context: &Context<'_>, asked: &Drill) -> Result<Exit> {
    let Drill::Ransomware(asked) = asked;
    if !rustix::process::geteuid().is_root() {
        return Err(said(Id::DrillNeedsRoot, Args::new()));
    }
    let interrupt = Interrupt::listen()?;
    let attacks = std::env::current_exe()?.with_file_name("hygie-attacks");
    if !attacks.exists() {
        return Err(said(Id::DrillNoAttacks, Args::new().path("path", &attacks)));
    }
    let wanted = wanted(asked);
    let missing = missing(&attacks)?;
    let parent = match &asked.at {
        Some(at) => folder(at)?,
        None => {
            std::fs::create_dir_all(&context.state)?;
            absolute(&context.state)?
        }
    };
    let practice = practice(context);
    place::own_mounts(&parent)?;
    let place = Place::make(context, &parent)?;
    let bound = LeaseBound::look(context.state());
    can_hold(context, &place)?;
    let title = Args::new().count("tries", wanted.len() as u64);
    context.screen.say(Id::DrillTitle, &title);
    if practice.guard.attackers != Attackers::Stop {
        let config = context.state().config();
        let args = Args::new().path("config", &config);
        context.screen.say(Id::DrillStopIsOff, &args);
    }
    let language = context.screen.catalog().language();
    let ground = Ground {
        place: &place,
        attacks: &attacks,
        settings: &Settings {
            text: guard::settings(&practice, language),
            language,
        },
        interrupt: &interrupt,
        files: &PracticeFiles::make(),
        keep: asked.keep.then(|| kept(&parent)),
    };
    let mut rows = Vec::new();
    let tried = all(context, &ground, &wanted, &missing, &mut rows);
    let keep = ground.keep.filter(|folder| folder.exists());
    bound.put_right();
    drop(place);
    context.screen.wipe();
    if let Some(folder) = keep {
        context
            .screen
            .say(Id::DrillKept, &Args::new().path("path", &folder));
    }
    match tried {
        Ok(()) => Ok(shown::end(context, &rows)),
        Err(error) if error.is::<Interrupted>() => {
            shown::end(context, &rows);
            Err(said(Id::DrillInterrupted, Args::new()))
        }
        Err(error) => Err(error),
    }
}

/// Tries one after the other.
fn all(
    context: &Context<'_>,
    ground: &Ground<'_>,
    wanted: &[Try],
    missing: &BTreeMap<String, Vec<String>>,
    rows: &mut Vec<Row>,
) -> Result<()> {
    let tries = wanted.len() as u64;
    for (number, one) in (1..).zip(wanted) {
        ground.interrupt.check()?;
        let absent = missing.get(one.name).ok_or_else(|| {
            let args = Args::new().text("name", one.name);
            said(Id::DrillUnknown, args)
        })?;
        let outcome = match absent.first() {
            Some(program) => Outcome::Absent(program.clone()),
            None => {
                let told = |stage| shown::stage(context, *one, number, tries, stage);
                match trial::run(ground, one.name, &told) {
                    Ok(trial) => Outcome::Done(trial),
                    Err(error) if error.is::<Interrupted>() => return Err(error),
                    Err(error) => Outcome::Broken(words(context, &error)),
                }
            }
        };
        let row = Row {
            tried: *one,
            outcome,
        };
        shown::row(context, &row, number, tries);
        rows.push(row);
    }
    Ok(())
}

/// What went wrong, for the line of one try; the next ones are tried all the same.
fn words(context: &Context<'_>, error: &anyhow::Error) -> String {
    error.downcast_ref::<Said>().map_or_else(
        || format!("{error:#}"),
        |said| context.screen.catalog().say(said.id, &said.args),
    )
}

fn wanted(asked: &crate::cli::Ransomware) -> Vec<Try> {
    if asked.all {
        return tries::ALL.to_vec();
    }
    let named: Vec<&str> = asked.scenario.iter().map(String::as_str).collect();
    let names = if named.is_empty() {
        tries::TYPICAL
    } else {
        &named
    };
    names.iter().filter_map(|name| tries::find(name)).collect()
}

/// The scenarios that the simulators know, each with the programs of the system that it lacks here.
fn missing(attacks: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let listed = Command::new(attacks)
        .args(["list", "--json"])
        .output()
        .with_context(|| format!("{}", attacks.display()))?;
    ensure!(listed.status.success(), "hygie-attacks: {}", listed.status);
    let text = String::from_utf8_lossy(&listed.stdout);
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        if line["schema"] == "hygie.attack-scenario/1"
            && let Some(name) = line["name"].as_str()
        {
            let missing = line["missing"].as_array().into_iter().flatten();
            let missing = missing.filter_map(|program| program.as_str().map(str::to_owned));
            found.insert(name.to_owned(), missing.collect());
        }
    }
    Ok(found)
}

/// The practice's own settings, where they can be read: the drill's guard has the same bound.
fn practice(context: &Context<'_>) -> Config {
    Config::load(&context.state().config()).unwrap_or_default()
}

/// Tries on the drill's own disk what a guard needs.
fn can_hold(context: &Context<'_>, place: &Place) -> Result<()> {
    let disk = place.disk(Name::Files)?;
    let scratch = disk.path().join("scratch");
    std::fs::create_dir(&scratch)?;
    let lacking = hygie_platform::probe(&scratch)
        .into_iter()
        .find(|probe| NEEDED.contains(&probe.feature) && probe.presence != Presence::Works);
    match lacking {
        None => Ok(()),
        Some(probe) => {
            let feature = super::doctor::name(probe.feature);
            let feature = context.screen.catalog().say(feature, &Args::new());
            let args = Args::new().nested("feature", feature);
            Err(said(Id::DrillCannotHold, args))
        }
    }
}

fn folder(at: &Path) -> Result<PathBuf> {
    let path = absolute(at)?;
    match std::fs::metadata(&path) {
        Ok(found) if found.is_dir() => Ok(path),
        Ok(_) => Err(said(Id::ErrorNotAFolder, Args::new().path("path", &path))),
        Err(_) => Err(said(Id::ErrorNotFound, Args::new().path("path", &path))),
    }
}

/// A folder that is not there yet.
fn kept(parent: &Path) -> PathBuf {
    let numbered = |number: u32| parent.join(format!("exercice-{number}"));
    (1..)
        .map(numbered)
        .find(|path| !path.exists())
        .unwrap_or_else(|| numbered(0))
}

/// Without these nothing can be held, or given back.
const NEEDED: [Feature; 5] = [
    Feature::HoldOpen,
    Feature::ReadLease,
    Feature::NameEvents,
    Feature::KeepLink,
    Feature::PrivateMount,
];
