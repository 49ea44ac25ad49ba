//! Whole journals in a folder: laws of tampering, of power cuts and full disks, of retention.

mod faults;
mod opening;
mod retention;
mod tampering;

use std::{fs, path::Path};

use hygie_model::Wall;
use tempfile::TempDir;

use crate::{Broken, Entry, Kind, OnBreak, Reader, Record, Repair, Verification, Verified, Writer};

fn at(text: &str) -> Wall {
    serde_json::from_str(&format!("\"{text}\"")).unwrap()
}

fn entry(text: &str) -> Entry {
    Entry::new(Kind::new("test").unwrap()).with("text", text)
}

fn open(dir: &Path, now: Wall) -> (Writer, Repair) {
    Writer::open(dir, OnBreak::Refuse, now).unwrap()
}

/// A journal of three months, three entries each: twelve lines with the headers.
fn three_months() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, repair) = open(dir.path(), at("2026-09-01T00:00:00Z"));
    assert_eq!(repair, Repair::None);
    for month in ["09", "10", "11"] {
        for day in ["02", "13", "24"] {
            let now = at(&format!("2026-{month}-{day}T08:12:00Z"));
            writer.append(entry(&format!("le {day}")), now).unwrap();
        }
    }
    dir
}

fn verified(dir: &Path) -> Verified {
    match Reader::new(dir).verify().unwrap() {
        Verification::Verified(verified) => verified,
        Verification::Broken(broken) => panic!("{broken}"),
    }
}

fn broken(dir: &Path) -> Option<Broken> {
    match Reader::new(dir).verify().unwrap() {
        Verification::Verified(_) => None,
        Verification::Broken(broken) => Some(broken),
    }
}

fn records(dir: &Path) -> Vec<Record> {
    let entries = Reader::new(dir).entries().unwrap();
    entries.map(Result::unwrap).collect()
}

fn texts(dir: &Path) -> Vec<String> {
    let told = records(dir)
        .into_iter()
        .filter(|record| record.kind.as_str() == "test");
    told.map(|record| record.fields["text"].as_str().unwrap().to_owned())
        .collect()
}

fn kinds(dir: &Path) -> Vec<String> {
    records(dir)
        .into_iter()
        .map(|record| record.kind.to_string())
        .collect()
}

/// Appends raw bytes, as a torn write leaves them.
fn leave(dir: &Path, name: &str, bytes: &[u8]) {
    let path = dir.join(name);
    let mut content = fs::read(&path).unwrap_or_default();
    content.extend_from_slice(bytes);
    fs::write(path, content).unwrap();
}

#[test]
fn what_was_told_is_read_back_in_order() {
    let dir = three_months();
    let found = verified(dir.path());
    assert_eq!((found.segments, found.records), (3, 12));
    let ends = found.ends.unwrap();
    assert_eq!((ends.first_seq, ends.last_seq), (0, 11));
    assert_eq!(ends.first_at, at("2026-09-02T08:12:00Z"));
    assert_eq!(ends.last_at, at("2026-11-24T08:12:00Z"));
    let three = ["le 02", "le 13", "le 24"];
    assert_eq!(texts(dir.path()), [three, three, three].concat());
    let numbers: Vec<u64> = records(dir.path())
        .iter()
        .map(|record| record.seq)
        .collect();
    assert_eq!(numbers, (0..12).collect::<Vec<_>>());
    for from in 0..14 {
        let later = Reader::new(dir.path()).entries_from(from).unwrap();
        let numbers: Vec<u64> = later.map(|record| record.unwrap().seq).collect();
        assert_eq!(numbers, (from..12).collect::<Vec<_>>());
    }
}

#[test]
fn a_journal_without_a_line_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let (writer, repair) = open(dir.path(), Wall(0));
        assert_eq!((writer.last(), repair), (None, Repair::None));
        let found = verified(dir.path());
        assert_eq!((found.segments, found.records, found.ends), (0, 0, None));
    }
}

#[test]
fn a_clock_that_jumps_back_keeps_the_order_and_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (november, october) = (at("2026-11-02T00:00:00Z"), at("2026-10-30T00:00:00Z"));
    let (mut writer, _) = open(dir.path(), november);
    let first = writer.append(entry("a"), november).unwrap();
    let second = writer.append(entry("b"), october).unwrap();
    drop(writer);
    let (mut writer, _) = open(dir.path(), october);
    let third = writer.append(entry("c"), october).unwrap();
    assert_eq!((first.at, first.told), (november, None));
    assert_eq!((second.at, second.told), (november, Some(october)));
    assert_eq!((third.at, third.told), (november, Some(october)));
    assert_eq!(verified(dir.path()).segments, 1);
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let parent = three_months();
    let dir = parent.path().join("journal");
    let (mut writer, _) = open(&dir, Wall(0));
    writer.append(entry("a"), Wall(0)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    for name in ["head", "lock", "1970-01.jsonl"] {
        assert_eq!(mode(&dir.join(name)), 0o600, "{name}");
    }
}
