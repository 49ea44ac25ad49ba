//! A disk that is full or fails in the middle: nothing half-recorded stays, and the journal goes on.

use std::{cell::Cell, fs::File, io, rc::Rc};

use proptest::prelude::*;

use super::{at, entry, texts, verified};
use crate::{Disk, OnBreak, RealDisk, Refused, Writer};

/// Fails as told: after a number of bytes, at each sync, or at each cut.
#[derive(Clone, Debug, Default)]
struct BadDisk {
    room: Rc<Cell<Option<u64>>>,
    syncs_left: Rc<Cell<Option<u64>>>,
    cut_fails: Rc<Cell<bool>>,
}

impl Disk for BadDisk {
    fn write(&mut self, file: &mut File, at: u64, bytes: &[u8]) -> io::Result<()> {
        let Some(room) = self.room.get() else {
            return RealDisk.write(file, at, bytes);
        };
        let part = usize::try_from(room).map_or(bytes.len(), |room| room.min(bytes.len()));
        RealDisk.write(file, at, &bytes[..part])?;
        self.room.set(Some(room - part as u64));
        if part < bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        match self.syncs_left.get() {
            Some(0) => return Err(io::Error::other("no sync")),
            Some(left) => self.syncs_left.set(Some(left - 1)),
            None => {}
        }
        RealDisk.sync(file)
    }

    fn cut(&mut self, file: &File, len: u64) -> io::Result<()> {
        if self.cut_fails.get() {
            return Err(io::Error::other("no cut"));
        }
        RealDisk.cut(file, len)
    }
}

#[derive(Clone, Copy, Debug)]
enum End {
    Reopen,
    GoOn,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_failed_append_records_nothing_and_the_next_one_works(
        room in prop_oneof![Just(None), (0..900_u64).prop_map(Some)],
        syncs_left in prop_oneof![Just(None), (0..3_u64).prop_map(Some)],
        cut_fails in any::<bool>(),
        days in prop::collection::vec(0..60_i64, 1..4),
        end in prop_oneof![Just(End::Reopen), Just(End::GoOn)],
    ) {
        let dir = tempfile::tempdir().unwrap();
        let start = at("2026-11-24T00:00:00Z");
        let day = |day: i64| hygie_model::Wall(start.0 + day * 86_400_000_000_000);
        let disk = BadDisk::default();
        let (mut writer, _) = Writer::open_on(disk.clone(), dir.path(), OnBreak::Refuse, start).unwrap();
        writer.append(entry("avant"), start).unwrap();
        disk.room.set(room);
        disk.syncs_left.set(syncs_left);
        disk.cut_fails.set(cut_fails);
        let mut expected = vec!["avant".to_owned()];
        for (index, at) in days.iter().enumerate() {
            if writer.append(entry(&index.to_string()), day(*at)).is_ok() {
                expected.push(index.to_string());
            }
        }
        disk.room.set(None);
        disk.syncs_left.set(None);
        disk.cut_fails.set(false);
        if matches!(end, End::Reopen) {
            drop(writer);
            writer = Writer::open_on(disk, dir.path(), OnBreak::Refuse, day(60)).unwrap().0;
            // An append that failed and could not be taken back may be there, whole, after a restart.
            let told = texts(dir.path());
            prop_assert!(expected.iter().all(|text| told.contains(text)), "{told:?}");
            prop_assert!(cut_fails || told == expected);
            expected = told;
        }
        writer.append(entry("après"), day(61)).unwrap();
        expected.push("après".to_owned());
        prop_assert_eq!(texts(dir.path()), expected);
        verified(dir.path());
    }
}

#[test]
fn an_entry_that_is_too_long_spoils_no_batch() {
    let dir = super::three_months();
    let now = at("2026-11-25T00:00:00Z");
    let (mut writer, _) = super::open(dir.path(), now);
    let long = entry(&"x".repeat(crate::MAX_LINE));
    let refused = writer
        .append_all([entry("a"), long, entry("b")], now)
        .unwrap_err();
    assert!(
        matches!(refused, crate::Error::Refused(Refused::Entry(_))),
        "{refused}"
    );
    assert_eq!(verified(dir.path()).records, 12);
}

#[test]
fn a_full_disk_is_named_as_such() {
    let dir = tempfile::tempdir().unwrap();
    let disk = BadDisk::default();
    let now = at("2026-11-25T00:00:00Z");
    let (mut writer, _) = Writer::open_on(disk.clone(), dir.path(), OnBreak::Refuse, now).unwrap();
    disk.room.set(Some(10));
    let error = writer.append(entry("a"), now).unwrap_err();
    let crate::Error::Io { source, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(source.kind(), io::ErrorKind::StorageFull);
    assert_eq!(writer.last(), None);
}
