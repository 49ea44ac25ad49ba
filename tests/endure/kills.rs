//! Kills and stops at points that a seed decides, under steady work; then every promise is checked.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use hygie_platform::clock;
use hygie_testkit::{Guarded, LoopFs, Noise, Snapshot};

use crate::blow::{self, Blow};
use crate::record::{Count, Due, Listened, Record, Span};
use crate::worker;

#[test]
fn a_dozen_kills_lose_nothing() {
    endure(12, 1);
}

#[test]
#[ignore = "heavy: takes most of an hour"]
fn heavy_hundreds_of_kills_lose_nothing() {
    endure(300, 2);
}

fn endure(kills: u64, seed: u64) {
    let Some(ground) = Ground::make() else {
        return;
    };
    let mut hygie = ground.up();
    hygie.wait_for("copied", PATIENCE).expect("first copies");
    let count = Count::default();
    let workers: Vec<Listened> = (0..WORKERS)
        .map(|number| {
            let seed = seed * 1_000 + u64::from(number);
            let child = worker::start(&ground.folder(number), seed, USER + number);
            Listened::to(child, count.clone())
        })
        .collect();
    let mut noise = Noise::new(seed);
    let mut spans = Vec::new();
    let mut struck: BTreeMap<Blow, u64> = BTreeMap::new();
    let mut done = 0;
    while done < kills {
        blow::protected(&mut hygie, &[]);
        let from = clock::mono().0;
        count.wait_for(1 + noise.below(60), PATIENCE);
        let blow = Blow::pick(&mut noise);
        // Both ends must say so; what lies between is then one guard's.
        let still = blow::says_protected(&hygie);
        let to = clock::mono().0;
        println!("{done}: {blow:?} at {}", count.now());
        let mut pids = blow.strike(&mut hygie);
        if still {
            spans.push(Span { from, to });
        }
        if blow == Blow::KillUp {
            drop(hygie);
            hygie = ground.up();
        }
        *struck.entry(blow).or_default() += 1;
        done += 1;
        // A new `up` first makes its trial, and does not start when somebody kills the trial's guard.
        let next_is_a_guard = !matches!(blow, Blow::KillWitness | Blow::StopWitness | Blow::KillUp);
        if next_is_a_guard && noise.below(5) == 0 {
            pids.push(blow::strike_the_next(&hygie, &pids));
            done += 1;
        }
        blow::protected(&mut hygie, &pids);
        if done % 25 < 2 {
            println!("{done} kills, {} states made", count.now());
        }
    }
    let records: Vec<Record> = workers.into_iter().map(Listened::end).collect();
    println!("{struck:?}, {} spans", spans.len());
    ground.judge(hygie, &records, &spans);
}

struct Ground {
    disk: LoopFs,
    other: LoopFs,
}

impl Ground {
    fn make() -> Option<Self> {
        if let Some(why) = hygie_testkit::not_root() {
            println!("{why}");
            return None;
        }
        let disk = LoopFs::ext4(1024).expect("a loop image");
        let other = LoopFs::ext4(16_384).expect("another loop image");
        let ground = Self { disk, other };
        for number in 0..WORKERS {
            let folder = ground.folder(number);
            std::fs::create_dir_all(&folder).expect("a folder");
            let user = Some(USER + number);
            std::os::unix::fs::chown(&folder, user, user).expect("chown");
        }
        std::fs::create_dir(ground.quiet()).expect("a folder");
        std::fs::create_dir(ground.state()).expect("a folder");
        std::fs::write(ground.state().join("hygie.toml"), CONFIGURATION).expect("a configuration");
        Some(ground)
    }

    fn folder(&self, number: u32) -> PathBuf {
        self.disk.path().join(format!("practice/{number}"))
    }

    fn quiet(&self) -> PathBuf {
        self.disk.path().join("quiet")
    }

    fn state(&self) -> PathBuf {
        self.other.path().join("state")
    }

    fn up(&self) -> Guarded {
        let folders = [self.disk.path().join("practice"), self.quiet()];
        let hygie = Path::new(env!("CARGO_BIN_EXE_hygie"));
        Guarded::up(hygie, &self.state(), &folders).expect("hygie up")
    }

    fn judge(self, hygie: Guarded, records: &[Record], spans: &[Span]) {
        hygie
            .settle(&self.quiet(), PATIENCE)
            .expect("it comes to rest");
        let (made, refused) = records.iter().fold((0, 0), |(made, refused), one| {
            (made + one.made(), refused + one.refused)
        });
        let due: Vec<Due> = records.iter().flat_map(|one| one.due(spans)).collect();
        let mut wrong: Vec<String> = due
            .iter()
            .filter(|one| !hygie.has(&one.hash))
            .map(|one| format!("not in the store: {}", one.told))
            .collect();
        let listed = listed(&hygie, &due, &mut wrong);
        println!(
            "{made} states made, {refused} acts refused; {} states due, {} of them of files that are left, {listed} \
             listed by their files",
            due.len(),
            due.iter().filter(|one| one.path.is_some()).count(),
        );
        for verb in [["vault", "check"], ["journal", "verify"]] {
            let said = hygie.ask(&verb.map(std::ffi::OsStr::new)).expect("it runs");
            println!("{verb:?}: {:?}", said.lines);
            if said.code != Some(0) {
                wrong.push(format!("{verb:?}: {said:?}"));
            }
        }
        wrong.extend(self.restored(&hygie));
        let status = hygie.status().expect("a status");
        println!("{status}");
        if status["protection"] != "protected" {
            wrong.push(format!("not protected at the end: {status}"));
        }
        let left: Vec<_> = std::fs::read_dir(self.disk.path().join(".hygie-keep"))
            .expect("the keep folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        if !left.is_empty() {
            wrong.push(format!("links that stayed: {left:?}"));
        }
        hygie.stop().expect("it ends well");
        let shown: Vec<&String> = wrong.iter().take(20).collect();
        assert!(wrong.is_empty(), "{} wrong: {shown:#?}", wrong.len());
        let Self { disk, other } = self;
        disk.unmount().expect("nothing holds it");
        drop(other);
    }

    /// What is there now comes back from the store as it is.
    fn restored(&self, hygie: &Guarded) -> Vec<String> {
        let (from, to) = (
            self.disk.path().join("practice"),
            self.other.path().join("back"),
        );
        let said = hygie.restore(&from, None, Some(&to)).expect("it runs");
        let mut wrong = Vec::new();
        if said.code != Some(0) {
            wrong.push(format!("restore: {said:?}"));
        }
        if to.exists() {
            let [was, back] =
                [&from, &to].map(|folder| Snapshot::of(folder).expect("a snapshot").contents());
            wrong.extend(
                was.difference(&back)
                    .map(|hash| format!("not back: {hash}")),
            );
        }
        wrong
    }
}

/// How many of the due states the files that are left list as their own; the others are added.
fn listed(hygie: &Guarded, due: &[Due], wrong: &mut Vec<String>) -> usize {
    let mut by_path: HashMap<&Path, Vec<&Due>> = HashMap::new();
    for one in due {
        if let Some(path) = &one.path {
            by_path.entry(path).or_default().push(one);
        }
    }
    let mut listed = 0;
    for (path, states) in by_path {
        let said = hygie
            .ask(&["versions".as_ref(), path.as_os_str()])
            .expect("it runs");
        let names: HashSet<&str> = said
            .lines
            .iter()
            .filter(|line| line["kept"] == true)
            .filter_map(|line| line["version"].as_str()?.split('.').next())
            .collect();
        for state in states {
            if names.contains(state.hash.as_str()) {
                listed += 1;
            } else {
                wrong.push(format!("{} does not list {}", path.display(), state.told));
            }
        }
    }
    listed
}

const WORKERS: u32 = 3;
/// Ordinary users; their folders are their own.
const USER: u32 = 4_400;
/// A short bound, so that a stop is noticed soon; room for all that is made.
const CONFIGURATION: &str = "[guard]\nbound = \"2 s\"\n\n[vault]\nbudget = \"80 %\"\n";
/// Only against a test that hangs.
const PATIENCE: Duration = Duration::from_secs(120);
