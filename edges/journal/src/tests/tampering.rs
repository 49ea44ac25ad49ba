//! Whatever is done to a finished journal's bytes, verifying tells it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use proptest::prelude::*;

use super::{broken, kinds, leave, open, three_months, verified};
use crate::{Break, Error, Month, OnBreak, Reader, Record, Repair, Verification, Writer};

const FILES: [&str; 3] = ["2026-09.jsonl", "2026-10.jsonl", "2026-11.jsonl"];

/// One thing done to one file; positions are fractions of its length.
#[derive(Clone, Debug)]
enum Harm {
    Flip { at: f64, mask: u8 },
    RemoveByte { at: f64 },
    PutByte { at: f64, byte: u8 },
    DropLine(usize),
    RepeatLine(usize),
    SwapLines(usize, usize),
    CutTo { at: f64 },
    RemoveFile,
}

fn harm() -> impl Strategy<Value = Harm> {
    let part = || 0.0..1.0_f64;
    prop_oneof![
        (part(), 1_u8..).prop_map(|(at, mask)| Harm::Flip { at, mask }),
        part().prop_map(|at| Harm::RemoveByte { at }),
        (0.0..=1.0_f64, any::<u8>()).prop_map(|(at, byte)| Harm::PutByte { at, byte }),
        (0..4_usize).prop_map(Harm::DropLine),
        (0..4_usize).prop_map(Harm::RepeatLine),
        (0..4_usize, 0..4_usize).prop_map(|(a, b)| Harm::SwapLines(a, b)),
        part().prop_map(|at| Harm::CutTo { at }),
        Just(Harm::RemoveFile),
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a fraction of a small length"
)]
fn position(len: usize, part: f64) -> usize {
    (len as f64 * part) as usize
}

fn apply(harm: &Harm, path: &PathBuf) {
    let mut bytes = fs::read(path).unwrap();
    let len = bytes.len();
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|b| *b == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    match *harm {
        Harm::Flip { at, mask } => bytes[position(len, at)] ^= mask,
        Harm::RemoveByte { at } => drop(bytes.remove(position(len, at))),
        Harm::PutByte { at, byte } => bytes.insert(position(len, at), byte),
        Harm::CutTo { at } => bytes.truncate(position(len, at)),
        Harm::DropLine(n) => drop(lines.remove(n)),
        Harm::RepeatLine(n) => lines.insert(n, lines[n].clone()),
        Harm::SwapLines(a, b) => lines.swap(a, b),
        Harm::RemoveFile => return fs::remove_file(path).unwrap(),
    }
    let by_lines = matches!(
        harm,
        Harm::DropLine(_) | Harm::RepeatLine(_) | Harm::SwapLines(..)
    );
    fs::write(path, if by_lines { lines.concat() } else { bytes }).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_harm_to_a_segment_is_told(harm in harm(), file in 0..3_usize) {
        let dir = three_months();
        let path = dir.path().join(FILES[file]);
        let before = fs::read(&path).unwrap();
        apply(&harm, &path);
        let after = fs::read(&path).ok();
        prop_assert_eq!(broken(dir.path()).is_some(), after != Some(before));
    }

    #[test]
    fn any_harm_to_head_is_told(at in 0.0..1.0_f64, mask in 1_u8.., cut in any::<bool>()) {
        let dir = three_months();
        let path = dir.path().join("head");
        let harm = if cut { Harm::CutTo { at } } else { Harm::Flip { at, mask } };
        apply(&harm, &path);
        prop_assert!(broken(dir.path()).is_some());
    }
}

#[test]
fn each_line_that_is_cut_off_the_end_is_told() {
    for kept in 0..4 {
        let dir = three_months();
        let path = dir.path().join(FILES[2]);
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        fs::write(&path, lines[..kept].concat()).unwrap();
        let found = broken(dir.path()).unwrap();
        assert_eq!(found.what, Break::EndCut);
        assert_eq!(found.place.line, kept as u64);
    }
}

#[test]
fn a_break_is_located_and_named() {
    let cases: [(&str, Break); 4] = [
        ("2026-09.jsonl", Break::StartCut),
        (
            "2026-10.jsonl",
            Break::WrongSeq {
                expected: 4,
                found: 8,
            },
        ),
        ("2026-11.jsonl", Break::EndCut),
        ("head", Break::HeadMissing),
    ];
    for (file, what) in cases {
        let dir = three_months();
        fs::remove_file(dir.path().join(file)).unwrap();
        assert_eq!(broken(dir.path()).unwrap().what, what, "{file}");
    }
    let dir = three_months();
    let path = dir.path().join("2026-10.jsonl");
    let text = fs::read_to_string(&path).unwrap().replace("le 13", "le 12");
    fs::write(&path, text).unwrap();
    let found = broken(dir.path()).unwrap();
    assert_eq!(found.what, Break::WrongPrev);
    assert_eq!(found.place.segment, "2026-10".parse::<Month>().unwrap());
    assert_eq!(found.place.line, 4, "the line after the changed one");
}

#[test]
fn a_file_that_was_put_in_is_told() {
    for bytes in [b"".as_slice(), b"{}\n"] {
        for name in ["2025-01.jsonl", "2027-01.jsonl"] {
            let dir = three_months();
            leave(dir.path(), name, bytes);
            let empty_at_the_end = bytes.is_empty() && name.starts_with("2027");
            assert_eq!(broken(dir.path()).is_none(), empty_at_the_end, "{name}");
        }
    }
}

fn readable(dir: &Path) -> impl Iterator<Item = Record> {
    Reader::new(dir).entries().unwrap().filter_map(Result::ok)
}

#[test]
fn a_harmed_end_is_refused_or_recorded_and_never_forgotten() {
    let now = super::at("2026-11-25T00:00:00Z");
    for harm in [
        Harm::CutTo { at: 0.5 },
        Harm::DropLine(3),
        Harm::Flip { at: 0.5, mask: 1 },
        Harm::RemoveFile,
        Harm::CutTo { at: 0.0 },
    ] {
        let dir = three_months();
        apply(&harm, &dir.path().join(FILES[2]));
        assert!(broken(dir.path()).is_some());
        let refused = Writer::open(dir.path(), OnBreak::Refuse, now).unwrap_err();
        assert!(matches!(refused, Error::Broken(_)), "{refused}");
        let (mut writer, repair) = Writer::open(dir.path(), OnBreak::GoOn, now).unwrap();
        assert!(matches!(repair, Repair::TakenUpAgain(_)), "{harm:?}");
        writer.append(super::entry("après"), now).unwrap();
        drop(writer);
        assert!(broken(dir.path()).is_some(), "{harm:?} was forgotten");
        let mut numbers: Vec<u64> = readable(dir.path()).map(|record| record.seq).collect();
        let all = numbers.len();
        numbers.dedup();
        assert_eq!(numbers.len(), all, "no number is given twice");
        assert!(numbers.is_sorted() && numbers[all - 1] >= 13, "{numbers:?}");
        // The next writer finds a chain that begins at the break record, and only adds to it.
        let (mut writer, repair) = open(dir.path(), now);
        assert_eq!(repair, Repair::None, "{harm:?}");
        writer.append(super::entry("encore"), now).unwrap();
        assert!(broken(dir.path()).is_some(), "{harm:?}");
    }
}

#[test]
fn a_lost_head_is_refused_or_recorded() {
    let now = super::at("2026-12-01T00:00:00Z");
    for content in [None, Some("{}")] {
        let dir = three_months();
        let path = dir.path().join("head");
        match content {
            Some(content) => fs::write(&path, content).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        assert!(Writer::open(dir.path(), OnBreak::Refuse, now).is_err());
        let (writer, _) = Writer::open(dir.path(), OnBreak::GoOn, now).unwrap();
        drop(writer);
        let Verification::Broken(found) = Reader::new(dir.path()).verify().unwrap() else {
            panic!("{content:?} was forgotten");
        };
        assert_eq!(found.what, Break::TakenUpAgain);
        assert_eq!(kinds(dir.path())[12..], ["segment", "break"]);
    }
}

#[test]
fn a_copy_of_the_whole_folder_verifies() {
    let (dir, copy) = (three_months(), tempfile::tempdir().unwrap());
    for name in FILES.into_iter().chain(["head"]) {
        fs::copy(dir.path().join(name), copy.path().join(name)).unwrap();
    }
    assert_eq!(verified(copy.path()), verified(dir.path()));
}
