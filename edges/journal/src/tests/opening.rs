//! Opening after a power cut: torn bytes are moved, never dropped.

use std::fs;

use proptest::prelude::*;

use super::{at, broken, entry, kinds, leave, open, records, texts, three_months, verified};
use crate::{Entry, Error, Kind, OnBreak, Repair, Writer};

#[test]
fn two_writers_are_refused_until_the_first_is_gone() {
    let dir = three_months();
    let now = at("2026-11-25T00:00:00Z");
    let (first, _) = open(dir.path(), now);
    let second = Writer::open(dir.path(), OnBreak::GoOn, now).unwrap_err();
    assert!(matches!(second, Error::Locked { .. }), "{second}");
    drop(first);
    open(dir.path(), now);
}

/// All the bytes that `torn` records hold.
fn torn_bytes(dir: &std::path::Path) -> Vec<u8> {
    let torn = records(dir)
        .into_iter()
        .filter(|record| record.kind.as_str() == "torn");
    torn.flat_map(|record| {
        let hex = record.fields["bytes"].as_str().unwrap().to_owned();
        let pairs = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| std::str::from_utf8(pair).unwrap().to_owned());
        pairs
            .map(|pair| u8::from_str_radix(&pair, 16).unwrap())
            .collect::<Vec<_>>()
    })
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn torn_bytes_are_moved_into_records(
        torn in prop_oneof![
            prop::collection::vec(any::<u8>(), 1..200),
            Just(b"{\"seq\":12,\"at\":\"2026-11-2".to_vec()),
            Just(vec![0; 200_000]),
            Just(b"\n".to_vec()),
        ],
        name in prop_oneof![Just("2026-11.jsonl"), Just("2026-12.jsonl")],
        now in prop_oneof![Just("2026-11-25T00:00:00Z"), Just("2027-02-01T00:00:00Z")],
    ) {
        let dir = three_months();
        leave(dir.path(), name, &torn);
        prop_assert!(broken(dir.path()).is_some());
        // Where the torn segment lies after the clock, the clock jumped back meanwhile.
        let now = at(now).max(at(&format!("{}-01T00:00:00Z", &name[..7])));
        let (mut writer, repair) = open(dir.path(), now);
        prop_assert_eq!(repair, Repair::Torn { bytes: torn.len() as u64 });
        writer.append(entry("après"), now).unwrap();
        drop(writer);
        prop_assert_eq!(torn_bytes(dir.path()), torn);
        let told = texts(dir.path());
        prop_assert_eq!(told.len(), 10);
        prop_assert_eq!(told.last().unwrap(), "après");
        verified(dir.path());
        prop_assert_eq!(open(dir.path(), now).1, Repair::None);
    }

    #[test]
    fn a_power_cut_during_an_append_keeps_all_that_was_confirmed(cut in 0.0..1.0_f64) {
        let dir = three_months();
        let path = dir.path().join("2026-11.jsonl");
        let head = fs::read(dir.path().join("head")).unwrap();
        let confirmed = fs::metadata(&path).unwrap().len();
        let now = at("2026-11-26T00:00:00Z");
        let (mut writer, _) = open(dir.path(), now);
        writer.append_all([entry("x"), entry("y"), entry("z")], now).unwrap();
        drop(writer);
        // The medium kept a part of the new bytes, and `head` as it was.
        let bytes = fs::read(&path).unwrap();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a fraction of a small length")]
        let keep = confirmed as usize + ((bytes.len() as u64 - confirmed) as f64 * cut) as usize;
        fs::write(&path, &bytes[..keep]).unwrap();
        fs::write(dir.path().join("head"), head).unwrap();
        let (writer, _) = open(dir.path(), now);
        drop(writer);
        let told = texts(dir.path());
        prop_assert_eq!(&told[6..9], ["le 02", "le 13", "le 24"]);
        verified(dir.path());
    }
}

#[test]
fn lines_written_before_head_followed_are_kept() {
    let dir = three_months();
    let head = fs::read(dir.path().join("head")).unwrap();
    let now = at("2026-12-01T00:00:00Z");
    let (mut writer, _) = open(dir.path(), now);
    writer.append(entry("sans tête"), now).unwrap();
    drop(writer);
    fs::write(dir.path().join("head"), head).unwrap();
    verified(dir.path());
    assert_eq!(open(dir.path(), now).1, Repair::None);
    assert_eq!(texts(dir.path()).last().unwrap(), "sans tête");
}

#[test]
fn an_empty_segment_left_by_a_power_cut_is_taken_away() {
    let dir = three_months();
    leave(dir.path(), "2026-12.jsonl", b"");
    let now = at("2027-01-01T00:00:00Z");
    let (mut writer, repair) = open(dir.path(), now);
    assert_eq!(repair, Repair::None);
    writer.append(entry("janvier"), now).unwrap();
    assert_eq!(verified(dir.path()).segments, 4);
    assert!(!dir.path().join("2026-12.jsonl").exists());
}

#[test]
fn a_first_line_torn_before_any_head_is_repaired() {
    let dir = tempfile::tempdir().unwrap();
    let now = at("2026-11-25T00:00:00Z");
    open(dir.path(), now);
    leave(dir.path(), "2026-11.jsonl", b"{\"seq\":0");
    assert_eq!(open(dir.path(), now).1, Repair::Torn { bytes: 8 });
    assert_eq!(kinds(dir.path()), ["segment", "torn"]);
    verified(dir.path());
}

#[test]
fn the_journals_own_kinds_are_refused() {
    let dir = three_months();
    let now = at("2026-11-25T00:00:00Z");
    let (mut writer, _) = open(dir.path(), now);
    let own: Kind = "dropped".parse().unwrap();
    assert!(writer.append(Entry::new(own), now).is_err());
    assert!(writer.append_all([], now).unwrap().is_empty());
    assert_eq!(verified(dir.path()).records, 12);
}
