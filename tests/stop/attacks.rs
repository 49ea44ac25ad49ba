//! The scenarios: how many files each changed before it was stopped, and that an undo gives all of them back.

use hygie_testkit::Snapshot;

use crate::scene::{End, Scene};

/// What became of an attack.
struct Trial {
    way: &'static str,
    end: End,
    /// Files that were not as before when it was over.
    changed: usize,
}

/// Lets one attack loose, and undoes it where it was stopped.
fn attack(way: &'static str, more: &[&str]) -> Option<Trial> {
    let mut scene = Scene::make(1, 120)?;
    let before = scene.arenas[0].snapshot().expect("a snapshot");
    let mut running = scene.start(0, way, more);
    let end = scene.stopped_or_over(&running);
    scene.settle();
    let harmed = scene.arenas[0].snapshot().expect("a snapshot");
    let changed = before
        .contents()
        .iter()
        .filter(|content| !harmed.contents().contains(*content))
        .count();
    if let End::Stopped(incident) = end {
        // It waits for a person: doubtful.
        let detail = scene.ask(&["incidents", &incident.to_string()], 10);
        assert!(!detail.is_empty(), "an incident is told");
        scene.ask(&["undo", &incident.to_string()], 0);
        running.kill();
        scene.settle();
        let after = Snapshot::of(&scene.arenas[0].victims()).expect("a snapshot");
        before.assert_same(&after);
    }
    running.kill();
    println!("{way:28} {changed:4} of 120 changed   {end:?}");
    scene.hygie.stop().expect("it ends well");
    Some(Trial { way, end, changed })
}

/// How many files may be harmed before the stop.
#[derive(Clone, Copy)]
struct Most {
    each: usize,
    median: usize,
}

/// A busy machine makes the guard slow and not the attacker: a stop before the end is a stop.
const BEFORE_THE_END: Most = Most {
    each: 110,
    median: 110,
};

fn all_stopped(ways: &[&'static str], most: Most) {
    let mut trials = Vec::new();
    for way in ways {
        let Some(trial) = attack(way, &[]) else {
            return;
        };
        trials.push(trial);
    }
    let missed: Vec<_> = trials
        .iter()
        .filter(|trial| !matches!(trial.end, End::Stopped(_)) || trial.changed > most.each)
        .map(|trial| format!("{} after {}: {:?}", trial.way, trial.changed, trial.end))
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    let mut counts: Vec<_> = trials.iter().map(|trial| trial.changed).collect();
    counts.sort_unstable();
    println!("changed before the stop: {counts:?}");
    assert!(
        counts[counts.len() / 2] <= most.median,
        "the median of {counts:?}"
    );
}

/// Files where they lie, beside, in part.
#[test]
fn what_encrypts_is_stopped_and_undone() {
    all_stopped(
        &[
            "encrypt-in-place",
            "encrypt-new-then-delete",
            "encrypt-intermittent",
            "encrypt-header",
        ],
        BEFORE_THE_END,
    );
}

/// Deleting what still stands elsewhere is nobody's harm; what is done to the copy that is left is.
#[test]
fn copies_that_are_all_that_is_left_are_not_their_makers() {
    all_stopped(&["copy-in-then-encrypt"], BEFORE_THE_END);
}

/// Many processes, and an interpreter that lets others do it.
#[test]
fn crews_and_scripts_are_stopped_and_undone() {
    all_stopped(
        &["crew-detached", "crew-fork-storm", "shell-openssl"],
        BEFORE_THE_END,
    );
}

/// All of them, in minutes. Not all are stopped within 50 files yet: `docs/stop.md` says which.
#[test]
#[ignore = "minutes"]
fn heavy_every_scenario() {
    all_stopped(
        &[
            "encrypt-in-place",
            "encrypt-new-then-delete",
            "encrypt-rename-over",
            "encrypt-then-rename",
            "encrypt-first-64k",
            "encrypt-every-4th-block",
            "encrypt-intermittent",
            "encrypt-percent-20",
            "encrypt-percent-50",
            "encrypt-header",
            "encrypt-keep-header",
            "encrypt-base64",
            "encrypt-times-back",
            "copy-out-then-wipe",
            "copy-in-then-encrypt",
            "largest-first",
            "smallest-first",
            "newest-first",
            "random-order",
            "by-class",
            "delete-all-with-notes",
            "rename-meaningless",
            "notes-first",
            "backups-first",
            "shell-openssl",
            "shell-openssl-cat",
            "shell-gpg",
            "python-encrypt",
            "trusted-cp",
            "trusted-dd",
            "trusted-tee",
            "trusted-sed",
            "trusted-perl",
            "trusted-zip",
            "crew-60-processes",
            "crew-detached",
            "crew-fork-storm",
            "crew-relay",
            "crew-threads",
        ],
        Most {
            each: 50,
            median: 10,
        },
    );
}
