//! Old segments go when nothing holds them, and the rest still verifies.

use std::fs;

use super::{at, broken, kinds, open, three_months, verified};
use crate::{Break, Dropped, Error, Month, Refused};

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

#[test]
fn old_segments_go_and_the_rest_verifies() {
    let dir = three_months();
    let now = at("2027-11-05T00:00:00Z");
    let (mut writer, _) = open(dir.path(), now);
    let dropped = writer.drop_before(month("2026-11"), now).unwrap();
    assert_eq!(dropped.segments, [month("2026-09"), month("2026-10")]);
    assert_eq!(
        writer.drop_before(month("2026-11"), now).unwrap(),
        Dropped::default()
    );
    let found = verified(dir.path());
    assert_eq!((found.segments, found.ends.unwrap().first_seq), (2, 8));
    assert_eq!(kinds(dir.path())[4..], ["segment", "dropped"]);
    let later = at("2028-12-05T00:00:00Z");
    assert_eq!(
        writer
            .drop_before(month("2027-12"), later)
            .unwrap()
            .segments,
        [month("2026-11")]
    );
    verified(dir.path());
    assert_eq!(
        writer
            .drop_before(month("2027-12"), later)
            .unwrap()
            .segments,
        [month("2027-11")]
    );
    drop(writer);
    open(dir.path(), later);
    assert_eq!(verified(dir.path()).segments, 1);
}

#[test]
fn young_segments_stay() {
    let dir = three_months();
    let now = at("2027-11-05T00:00:00Z");
    let (mut writer, _) = open(dir.path(), now);
    let refused = writer.drop_before(month("2026-12"), now).unwrap_err();
    let droppable = month("2026-11");
    assert!(
        matches!(&refused, Error::Refused(Refused::TooYoung { droppable: d }) if *d == droppable),
        "{refused}"
    );
    assert_eq!(verified(dir.path()).segments, 3);
}

#[test]
fn what_a_case_holds_stays_until_it_is_released() {
    let dir = three_months();
    let now = at("2027-12-05T00:00:00Z");
    let (mut writer, _) = open(dir.path(), now);
    writer.hold("crise-1", month("2026-10"), now).unwrap();
    writer.hold("crise-1", month("2026-11"), now).unwrap();
    drop(writer);
    let (mut writer, _) = open(dir.path(), now);
    let refused = writer.drop_before(month("2026-12"), now).unwrap_err();
    let Error::Refused(Refused::Held { case, from }) = refused else {
        panic!("{refused}");
    };
    assert_eq!((case.as_str(), from), ("crise-1", month("2026-10")));
    assert_eq!(
        writer.drop_before(month("2026-10"), now).unwrap().segments,
        [month("2026-09")]
    );
    writer.release("crise-1", now).unwrap();
    let two = [month("2026-10"), month("2026-11")];
    assert_eq!(
        writer.drop_before(month("2026-12"), now).unwrap().segments,
        two
    );
    verified(dir.path());
}

#[test]
fn a_drop_that_was_cut_short_is_finished_later() {
    let dir = three_months();
    let now = at("2027-12-05T00:00:00Z");
    let october = dir.path().join("2026-10.jsonl");
    let kept = fs::read(&october).unwrap();
    let (mut writer, _) = open(dir.path(), now);
    writer.drop_before(month("2026-11"), now).unwrap();
    fs::write(&october, kept).unwrap();
    verified(dir.path());
    assert_eq!(
        writer.drop_before(month("2026-11"), now).unwrap().segments,
        [month("2026-10")]
    );
    verified(dir.path());
}

#[test]
fn more_than_was_announced_may_not_be_missing() {
    let dir = three_months();
    let now = at("2027-12-05T00:00:00Z");
    let (mut writer, _) = open(dir.path(), now);
    writer.drop_before(month("2026-10"), now).unwrap();
    verified(dir.path());
    fs::remove_file(dir.path().join("2026-10.jsonl")).unwrap();
    assert_eq!(broken(dir.path()).unwrap().what, Break::StartCut);
}

#[test]
fn nothing_is_dropped_from_a_broken_journal() {
    let dir = three_months();
    let path = dir.path().join("2026-09.jsonl");
    let text = fs::read_to_string(&path).unwrap().replace("le 13", "le 12");
    fs::write(&path, text).unwrap();
    let now = at("2028-11-05T00:00:00Z");
    let (mut writer, _) = open(dir.path(), now);
    assert!(matches!(
        writer.drop_before(month("2026-11"), now),
        Err(Error::Broken(_))
    ));
    assert!(path.exists());
}
