//! Each way, on an arena that nobody guards, takes away what it says: otherwise a guard that does nothing
//! would pass.

use std::collections::BTreeSet;

use hygie_attacks::{Harm, Way, ways};
use hygie_testkit::{Arena, Difference, Kind, Snapshot};

use crate::ran::{Ran, arena, run};

/// Both folders, wherever a content may have gone.
fn contents(arena: &Arena) -> BTreeSet<String> {
    Snapshot::of(arena.path())
        .expect("the arena can be read")
        .contents()
}

/// The contents of the files that a way takes on.
fn eligible(before: &Snapshot, way: &Way) -> BTreeSet<String> {
    let files = before
        .entries()
        .values()
        .filter(|entry| entry.kind == Kind::File);
    let large = files.filter(|entry| entry.size >= way.least.max(1));
    large
        .filter_map(|entry| entry.content.map(|content| content.to_hex().to_string()))
        .collect()
}

fn strike(way: &Way, files: usize, more: &[&str]) -> (tempfile::TempDir, Arena, Snapshot, Ran) {
    let (folder, arena) = arena(files);
    let before = arena.snapshot().expect("a snapshot");
    let ran = run(way.name, &arena, arena.nonce(), more);
    assert_eq!(ran.code, Some(0), "{}: {}", way.name, ran.stderr);
    (folder, arena, before, ran)
}

fn family(name: &str) -> impl Iterator<Item = &'static Way> {
    let ways: Vec<_> = ways::all()
        .filter(|(family, _)| *family == name)
        .map(|(_, way)| way)
        .collect();
    assert!(!ways.is_empty(), "no family {name}");
    ways.into_iter()
}

fn every_way_of(name: &str) {
    for way in family(name) {
        check(way);
    }
}

fn check(way: &Way) {
    let (_folder, arena, before, ran) = strike(way, 22, &[]);
    let end = ran.end();
    assert!(
        end["errors"].as_object().expect("errors").is_empty(),
        "{}: {end}",
        way.name
    );
    assert!(
        end["files_touched"].as_u64() > Some(0),
        "{}: {end}",
        way.name
    );
    match way.harm {
        Harm::Content => {
            let (were, are) = (eligible(&before, way), contents(&arena));
            let left = were.intersection(&are).count();
            assert_eq!(left, 0, "{} left some of {} contents", way.name, were.len());
        }
        Harm::Names => only_names(way, &before, &arena),
        Harm::Attributes => only_attributes(way, &before, &arena),
        Harm::NewStates => only_new_states(way, &before, &arena, &ran),
    }
}

fn only_names(way: &Way, before: &Snapshot, arena: &Arena) {
    let after = arena.snapshot().expect("a snapshot");
    assert_eq!(before.contents(), after.contents(), "{}", way.name);
    for (path, entry) in before.entries() {
        let left = entry.kind == Kind::File && after.entries().contains_key(path);
        assert!(!left, "{} left {}", way.name, path.display());
    }
}

fn only_attributes(way: &Way, before: &Snapshot, arena: &Arena) {
    let after = arena.snapshot().expect("a snapshot");
    assert_eq!(before.contents(), after.contents(), "{}", way.name);
    let differences = before.diff(&after);
    let changed = differences
        .iter()
        .filter(|line| matches!(line, Difference::Changed(..)));
    let files = before
        .entries()
        .values()
        .filter(|entry| entry.kind == Kind::File);
    assert_eq!(changed.count(), files.count(), "{}", way.name);
}

fn only_new_states(way: &Way, before: &Snapshot, arena: &Arena, ran: &Ran) {
    let after = arena.snapshot().expect("a snapshot");
    let only_new = before
        .diff(&after)
        .iter()
        .all(|line| matches!(line, Difference::New(_)));
    assert!(only_new, "{}", way.name);
    let are = contents(arena);
    let first = ran
        .states()
        .into_iter()
        .filter(|state| state["state_no"] == 1);
    let gone = first
        .filter(|state| !are.contains(state["blake3"].as_str().expect("a hash")))
        .count();
    assert!(gone > 10, "{}: {gone} gone", way.name);
}

macro_rules! families {
    ($($test:ident $name:literal;)*) => {
        $(#[test] fn $test() { every_way_of($name); })*

        #[test]
        fn no_family_goes_untested() {
            let mut tested = vec![$($name,)* "chain", "pressure", "attributes"];
            tested.sort_unstable();
            let all: BTreeSet<_> = ways::all().map(|(family, _)| family).collect();
            assert_eq!(tested, all.into_iter().collect::<Vec<_>>());
        }
    };
}

families! {
    overwrite "overwrite"; replace "replace"; rename "rename"; link "link"; truncate "truncate";
    allocate "allocate"; mapping "mapping"; copy "copy"; uring "uring"; held "held"; crowd "crowd";
    archive "archive"; remove "remove"; newfiles "newfiles";
}

#[test]
fn each_chain_alone() {
    for way in family("chain").filter(|way| way.name != "chain") {
        check(way);
    }
}

/// Two patterns in eleven act on new files only, so their victims stay; all others are lost.
#[test]
fn all_chains_at_once_tell_27_states_a_round() {
    let way = ways::find("chain").expect("the way");
    let (_folder, arena, before, ran) = strike(way, 60, &[]);
    let end = ran.end();
    assert!(
        end["errors"].as_object().expect("errors").is_empty(),
        "{end}"
    );
    let files = before
        .entries()
        .values()
        .filter(|entry| entry.size >= way.least)
        .count()
        - TWO_MORE_NAMES;
    assert_eq!(end["files_touched"], files);
    let states = ran.states();
    assert!(
        states.len() >= files / 11 * 27,
        "{} states of {files} files",
        states.len()
    );
    assert_eq!(end["states"], states.len());
    let hashes: BTreeSet<_> = states
        .iter()
        .map(|state| state["blake3"].as_str().expect("a hash"))
        .collect();
    // Holes over files of one length hold the same zeros; nothing else repeats.
    assert!(hashes.len() + files / 11 >= states.len());
    let are = contents(&arena);
    let gone = hashes.iter().filter(|hash| !are.contains(**hash)).count();
    assert!(
        gone * 2 > hashes.len(),
        "{gone} of {} states are gone",
        hashes.len()
    );
    let left = eligible(&before, way).intersection(&are).count();
    assert!(left <= (files / 11 + 1) * 2, "{left} originals are left");
}

/// A cipher whose second round undid the first would be a poor attack and a worse test.
#[test]
fn the_same_way_twice_does_not_heal() {
    let way = ways::find("overwrite-whole").expect("the way");
    let (_folder, arena, before, _) = strike(way, 12, &[]);
    run(way.name, &arena, arena.nonce(), &[]);
    assert_eq!(before.contents().intersection(&contents(&arena)).count(), 0);
}

/// What is told is what the file held: the last state of a chain that ends in a close is on the disk.
#[test]
fn told_states_are_true() {
    let way = ways::find("chain-in-place").expect("the way");
    let (_folder, arena, _, ran) = strike(way, 12, &[]);
    let snapshot = Snapshot::of(arena.path()).expect("a snapshot");
    let states = ran.states();
    let last = states
        .iter()
        .filter(|state| state["state_no"] == 3 && state["path_b64"].is_null());
    let mut checked = 0;
    for state in last {
        let path = state["path"].as_str().expect("a path");
        let entry = snapshot
            .entries()
            .get(std::path::Path::new(path))
            .expect("it is there");
        if entry.same_as.is_none() {
            let content = entry.content.expect("a file").to_hex();
            assert_eq!(state["blake3"], content.as_str(), "{path}");
            checked += 1;
        }
    }
    assert!(checked > 12);
}

#[test]
fn flood_opens() {
    check(ways::find("flood-opens").expect("the way"));
}

#[test]
fn use_up_budget_destroys_one_file_over_and_over() {
    let way = ways::find("use-up-budget").expect("the way");
    let (_folder, arena, before, ran) = strike(way, 12, &["--rounds", "30"]);
    assert_eq!(ran.end()["states"], 30);
    let are = contents(&arena);
    assert_eq!(before.contents().difference(&are).count(), 1);
    let gone = ran
        .states()
        .iter()
        .filter(|state| !are.contains(state["blake3"].as_str().expect("a hash")))
        .count();
    assert_eq!(gone, 29);
}

/// A temporary folder lies on the system's own disk or on something large: there it must not even begin.
#[test]
fn fill_disk_refuses_the_systems_own_disk() {
    let way = ways::find("fill-disk").expect("the way");
    let (_folder, arena, before, ran) = strike(way, 3, &[]);
    let root = rustix::fs::stat("/").expect("a root").st_dev;
    if rustix::fs::fstat(arena.descriptor())
        .expect("an arena")
        .st_dev
        == root
    {
        let errors = ran.end()["errors"].to_string();
        assert!(errors.contains("the system's own"), "{errors}");
        before.assert_same(&arena.snapshot().expect("a snapshot"));
    }
}

#[test]
fn attributes() {
    for way in family("attributes") {
        // Only root gives files away, and only root can still read what nobody may read.
        if hygie_testkit::not_root().is_none()
            || !["change-owner", "change-mode"].contains(&way.name)
        {
            check(way);
        }
    }
}

const TWO_MORE_NAMES: usize = 2;
