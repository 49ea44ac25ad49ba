//! `hygie doctor`: tries each feature here and now, and says what follows from it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use hygie_platform::{Feature, Presence, Probe, Whence};
use hygie_text::{Args, Id, Message};
use serde_json::{Value, json};

use super::{Context, absolute};
use crate::{
    cli::Doctor,
    screen::{Exit, Screen},
};

pub(crate) fn run(context: &Context<'_>, asked: Doctor) -> Result<Exit> {
    let folder = match asked.folder {
        Some(folder) => absolute(&folder)?,
        None => std::env::temp_dir(),
    };
    let scratch = Scratch::new(&folder)?;
    let probes = hygie_platform::probe(&scratch.0);
    let holds = Holds::from(&probes);
    let told = hygie_platform::changes_told(&probes);
    let screen = context.screen;
    let (system, kernel, filesystem) = about(&folder);
    screen.say(Id::DoctorTitle, &Args::new());
    screen.say(
        Id::DoctorSystem,
        &Args::new().text("system", &system).text("kernel", &kernel),
    );
    let args = Args::new()
        .path("path", &folder)
        .text("filesystem", &filesystem);
    screen.say(Id::DoctorFolder, &args);
    for probe in &probes {
        feature(screen, probe, &filesystem);
    }
    screen.say(Id::DoctorTried, &Args::new());
    let sections = [
        (Id::DoctorHolds, "held", holds.before()),
        (Id::DoctorSees, "seen-after", holds.after()),
        (Id::DoctorBlind, "never-seen", never(told)),
    ];
    for (title, _, lines) in &sections {
        screen.say(*title, &Args::new());
        let none = [Id::DoctorNone];
        let lines = if lines.is_empty() { &none[..] } else { lines };
        for line in lines {
            list(screen, *line);
        }
    }
    let missing = probes
        .iter()
        .filter(|probe| !works(&probe.presence))
        .count() as u64;
    let none = Args::new();
    let (line, args, exit) = match told {
        None if !cfg!(target_os = "linux") => (Id::DoctorCannotTell, none, Exit::Lost),
        None | Some(Whence::Seen) => (Id::DoctorCannotHold, none, Exit::Lost),
        Some(Whence::Held) if missing == 0 => (Id::DoctorAllGood, none, Exit::Good),
        Some(Whence::Held) => {
            let args = none.count("missing", missing);
            (Id::DoctorSomethingMissing, args, Exit::Partial)
        }
    };
    screen.say(line, &args);
    let keys = |lines: &[Id]| lines.iter().map(|id| json!(id.key())).collect::<Value>();
    screen.json(
        "doctor",
        json!({
            "system": system,
            "kernel": kernel,
            "filesystem": filesystem,
            "path": folder.to_string_lossy(),
            "features": probes.iter().map(as_json).collect::<Value>(),
            "held": keys(&sections[0].2),
            "seen_after": keys(&sections[1].2),
            "never_seen": keys(&sections[2].2),
        }),
    );
    Ok(exit)
}

fn works(presence: &Presence) -> bool {
    match presence {
        Presence::Works => true,
        Presence::Limited(limit) => *limit >= WANTED_DESCRIPTORS,
        Presence::Refused(_) | Presence::NoEffect | Presence::NotOnThisSystem => false,
    }
}

/// Descriptors for a practice of this many files, each under a lease.
const WANTED_DESCRIPTORS: u64 = 200_000;

fn feature(screen: &Screen, probe: &Probe, filesystem: &str) {
    let what = screen.catalog().say(name(probe.feature), &Args::new());
    let why = |id, args: &Args| screen.catalog().say(id, args);
    let (line, args) = match probe.presence {
        Presence::Works => (Id::DoctorYes, Args::new()),
        Presence::Limited(have) if have >= WANTED_DESCRIPTORS => (Id::DoctorYes, Args::new()),
        Presence::Limited(have) => {
            let limits = Args::new()
                .count("have", have)
                .count("want", WANTED_DESCRIPTORS);
            (
                Id::DoctorLimited,
                Args::new().nested("why", why(Id::WhyLimit, &limits)),
            )
        }
        Presence::Refused(errno) => {
            let said = match (probe.feature, errno) {
                (_, 1 | 13) => why(Id::WhyRights, &Args::new()),
                (Feature::HoldChange | Feature::AnswerWithErrno, 22) => {
                    why(Id::WhyKernel, &Args::new().text("kernel", "6.14"))
                }
                (_, 95) => why(
                    Id::WhyFilesystem,
                    &Args::new().text("filesystem", filesystem),
                ),
                _ => {
                    let error = std::io::Error::from_raw_os_error(errno).to_string();
                    why(Id::WhyRefused, &Args::new().text("error", &error))
                }
            };
            (Id::DoctorNo, Args::new().nested("why", said))
        }
        Presence::NoEffect => {
            let (id, since) = no_effect(probe.feature);
            let args = since.map_or_else(Args::new, |kernel| Args::new().text("kernel", kernel));
            (Id::DoctorNo, Args::new().nested("why", why(id, &args)))
        }
        Presence::NotOnThisSystem => (
            Id::DoctorNo,
            Args::new().nested("why", why(Id::WhyNotHere, &Args::new())),
        ),
    };
    screen.say(line, &args.nested("what", what));
}

/// Why something was accepted and did nothing; with the kernel that has it, where it is known.
const fn no_effect(feature: Feature) -> (Id, Option<&'static str>) {
    match feature {
        Feature::HoldChange | Feature::AnswerWithErrno => (Id::WhyKernel, Some("6.14")),
        Feature::ShutFiles => (Id::WhyLandlock, Some("5.13")),
        Feature::ShutPorts => (Id::WhyLandlock, Some("6.7")),
        Feature::ShutOthers => (Id::WhyLandlock, Some("6.12")),
        Feature::HoldOpen
        | Feature::ReadLease
        | Feature::NameEvents
        | Feature::KeepLink
        | Feature::PrivateMount
        | Feature::ManyDescriptors
        | Feature::LockedMemory
        | Feature::LeaseBound => (Id::WhyNoEffect, None),
    }
}

fn list(screen: &Screen, id: Id) {
    if screen.form() == crate::screen::Form::Words {
        println!("  - {}", screen.catalog().say(id, &Args::new()));
    }
}

fn as_json(probe: &Probe) -> Value {
    let (state, detail) = match probe.presence {
        Presence::Works => ("works", None),
        Presence::Limited(limit) => ("limited", Some(limit)),
        Presence::Refused(errno) => ("refused", Some(u64::from(errno.unsigned_abs()))),
        Presence::NoEffect => ("no-effect", None),
        Presence::NotOnThisSystem => ("not-on-this-system", None),
    };
    json!({ "feature": name(probe.feature).key(), "state": state, "detail": detail })
}

pub(crate) const fn name(feature: Feature) -> Id {
    match feature {
        Feature::HoldOpen => Id::FeatureHoldOpen,
        Feature::HoldChange => Id::FeatureHoldChange,
        Feature::AnswerWithErrno => Id::FeatureAnswerErrno,
        Feature::ReadLease => Id::FeatureReadLease,
        Feature::NameEvents => Id::FeatureNameEvents,
        Feature::KeepLink => Id::FeatureKeepLink,
        Feature::PrivateMount => Id::FeaturePrivateMount,
        Feature::ManyDescriptors => Id::FeatureManyDescriptors,
        Feature::LockedMemory => Id::FeatureLockedMemory,
        Feature::LeaseBound => Id::FeatureLeaseBound,
        Feature::ShutFiles => Id::FeatureShutFiles,
        Feature::ShutPorts => Id::FeatureShutPorts,
        Feature::ShutOthers => Id::FeatureShutOthers,
    }
}

/// What follows from the features, for the three lists.
struct Holds {
    opens: bool,
    changes: bool,
    leases: bool,
    links: bool,
    names: bool,
}

impl Holds {
    fn from(probes: &[Probe]) -> Self {
        let has = |feature| {
            probes
                .iter()
                .any(|probe| probe.feature == feature && probe.presence == Presence::Works)
        };
        Self {
            opens: has(Feature::HoldOpen),
            changes: has(Feature::HoldChange),
            leases: has(Feature::ReadLease),
            links: has(Feature::KeepLink),
            names: has(Feature::NameEvents),
        }
    }

    fn before(&self) -> Vec<Id> {
        let all = [
            (self.opens, Id::HoldsWrite),
            (self.opens && self.leases && self.changes, Id::HoldsTruncate),
            (self.opens && self.links && self.names, Id::HoldsDelete),
            (self.opens && self.links, Id::HoldsCreate),
        ];
        all.into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, id)| id)
            .collect()
    }

    fn after(&self) -> Vec<Id> {
        let all = [
            (self.names, Id::SeesNames),
            (self.opens, Id::SeesClose),
            (self.opens && !self.changes, Id::SeesTruncate),
        ];
        all.into_iter()
            .filter(|(sees, _)| *sees)
            .map(|(_, id)| id)
            .collect()
    }
}

/// What nothing tells of. Where nothing is held, the folders are looked through.
fn never(told: Option<Whence>) -> Vec<Id> {
    let looks = (told != Some(Whence::Held)).then_some(Id::BlindBetweenLooks);
    looks.into_iter().chain(BLIND).collect()
}

const BLIND: [Id; 5] = [
    Id::BlindOpenBefore,
    Id::BlindMapping,
    Id::BlindRawDisk,
    Id::BlindRoot,
    Id::BlindUnmounted,
];

/// System, kernel, type of the folder's file system.
fn about(folder: &Path) -> (String, String, String) {
    #[cfg(target_os = "linux")]
    {
        let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
        let system = release
            .lines()
            .find_map(|line| line.strip_prefix("PRETTY_NAME="))
            .map_or_else(
                || "Linux".to_owned(),
                |name| name.trim_matches('"').to_owned(),
            );
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        let kind = hygie_platform::linux::mounts::place(folder)
            .map_or_else(|_| String::new(), |place| place.kind);
        (system, kernel.trim().to_owned(), kind)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = folder;
        (
            std::env::consts::OS.to_owned(),
            String::new(),
            String::new(),
        )
    }
}

/// A folder for the trials, taken away at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(folder: &Path) -> Result<Self> {
        let path = folder.join(format!(".hygie-doctor-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
