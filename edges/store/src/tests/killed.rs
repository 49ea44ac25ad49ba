//! A hub that is killed with SIGKILL while it takes signals: what it acknowledged is there, and nothing twice.
//! The hub is this test program itself, started again as a process of its own.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use super::lab::{DESK, HERE, Lab, NOW, Place, batch, run};
use crate::{Arrival, Seq, Store};

/// Where the child finds the database.
const FOLDER: &str = "HYGIE_STORE_KILLED";

#[test]
fn a_killed_hub_loses_nothing_that_it_acknowledged() {
    rounds(8);
}

#[test]
#[ignore = "two hundred kills"]
fn heavy_a_killed_hub_loses_nothing_that_it_acknowledged() {
    rounds(200);
}

fn rounds(rounds: u64) {
    let dir = tempfile::tempdir().unwrap();
    let hub = dir.path().join("hub");
    run(async {
        let lab = Lab::new(Place::Sqlite(hub.clone())).await.peopled().await;
        lab.store.close().await.unwrap();
    });
    let mut acknowledged = 0;
    for round in 0..rounds {
        // Killed after a different number of lines each time, so at another point of the next commit.
        acknowledged = kill_after(&hub, 1 + (round * 7) % 23).max(acknowledged);
        run(async {
            let store = Store::open_sqlite(&hub).await.unwrap();
            let here = store.practice(HERE);
            let Seq(kept) = here.device(DESK).await.unwrap().unwrap().seq;
            assert!(
                kept >= acknowledged,
                "{acknowledged} were told as kept, {kept} are"
            );
            let all = here.signals_after(Arrival(0), u32::MAX).await.unwrap();
            let seqs = all.iter().map(|it| (it.arrival.0, it.seq.0));
            assert!(seqs.eq((1..=kept).map(|seq| (seq, seq))));
            store.close().await.unwrap();
        });
    }
    assert!(acknowledged >= rounds);
}

/// Starts a hub, hears so many acknowledgements, kills it; the last number that it told as kept.
fn kill_after(hub: &Path, lines: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::killed::the_hub_that_is_killed"])
        .args(["--ignored", "--nocapture", "--test-threads=1"])
        .env(FOLDER, hub)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let told = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut last = 0;
    let acknowledgements = told
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("kept ")?.parse().ok());
    for upto in acknowledgements.take(usize::try_from(lines).unwrap()) {
        last = upto;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(last > 0, "the hub told nothing");
    last
}

/// Takes signals until it is killed; alone it does nothing.
#[test]
#[ignore = "the other tests start it"]
fn the_hub_that_is_killed() {
    let Some(hub) = std::env::var_os(FOLDER) else {
        return;
    };
    run(async {
        let store = Store::open_sqlite(Path::new(&hub)).await.unwrap();
        let here = store.practice(HERE);
        let Seq(mut kept) = here.device(DESK).await.unwrap().unwrap().seq;
        // The line before the first: the runner leaves its own open.
        println!();
        loop {
            // The device sends its last one again: it may not have heard.
            let from = kept.max(1);
            let sent = batch(DESK, from..from + 1 + kept % 97);
            kept = here.append(sent, NOW).await.unwrap().upto.0;
            let mut out = std::io::stdout().lock();
            writeln!(out, "kept {kept}").unwrap();
        }
    });
}
