//! Faults and abilities of real file systems, on loop images.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use hygie_model::{FileId, Metadata, NodeKind, Wall};
use hygie_testkit::{Fs, LoopFs, not_root};
use rustix::mount::{MountFlags, UnmountFlags};

use super::lab::{Lab, born, node, print};
use crate::{Entry, Reader, Trouble, Vault};

pub(super) fn skipped() -> bool {
    if let Some(why) = not_root() {
        println!("{why}");
    }
    not_root().is_some()
}

/// Fills a file system to the last byte.
pub(super) fn fill(place: &Path, with: &str) -> File {
    let mut filler = File::create(place.join(with)).unwrap();
    for chunk in [1 << 20, 1 << 12, 1] {
        let bytes = vec![7; chunk];
        while filler.write_all(&bytes).is_ok() && filler.sync_data().is_ok() {}
    }
    filler
}

#[test]
fn a_full_disk_refuses_the_batch_whole_and_says_so() {
    if skipped() {
        return;
    }
    let image = LoopFs::ext4(24).unwrap();
    let mut lab = Lab::with_vault(&image.path(), Path::new("/p"));
    let a = lab.file(lab.root, "a", 10);
    let kept = lab.version(a, b"kept", 11);
    let usage = lab.vault.usage();

    // No room for a copy.
    let big = tempfile::tempfile().unwrap();
    std::os::unix::fs::FileExt::write_all_at(&big, &vec![1; 32 << 20], 0).unwrap();
    let refused = lab.vault.objects().take(&big).unwrap_err();
    assert!(refused.is_no_space(), "{refused:?}");

    // Room for the copy, none for the index.
    let next = lab.state(a, b"next", 12);
    let filler = fill(&image.path(), "filler");
    let mut batch = vec![next];
    for i in 0..20_000_i64 {
        let id = lab.vault.next_node();
        batch.push(node(id, NodeKind::File));
        batch.push(born(lab.root, &format!("file {i}"), id, 12));
    }
    let refused = lab.vault.commit(batch, Wall(13)).unwrap_err();
    assert!(refused.is_no_space(), "{refused:?}");
    assert_eq!(lab.objects(), [lab.object(kept.content)]);
    assert_eq!(lab.vault.usage(), usage);

    // With room again all goes on as if nothing had been.
    drop(filler);
    fs::remove_file(image.path().join("filler")).unwrap();
    assert_eq!(lab.version(a, b"next", 14).seq, kept.seq + 1);
    let reader = Reader::open(&lab.store()).unwrap();
    assert_eq!(reader.versions(a).unwrap().len(), 2);
    assert_eq!(reader.tree_at(lab.root, None).unwrap().len(), 1);
    assert!(reader.check(&mut |_| {}).unwrap().is_sound());
}

#[test]
fn a_restore_onto_a_full_disk_stops_and_spoils_nothing() {
    if skipped() {
        return;
    }
    let image = LoopFs::ext4(16).unwrap();
    let place = image.path();
    let mut lab = Lab::with_root(&place);
    let a = lab.file(lab.root, "a", 2_000);
    lab.version(a, &vec![3; 4 << 20], 2_001);
    fs::write(place.join("a"), b"present").unwrap();
    let filler = fill(&place, "filler");
    let reader = Reader::open(&lab.store()).unwrap();
    let plan = reader.plan_restore(&place.join("a"), None, None).unwrap();
    let outcome = plan.run(&reader).unwrap();
    assert!(
        matches!(
            outcome.problems[..],
            [crate::Problem {
                what: Trouble::NoSpace,
                ..
            }]
        ),
        "{outcome:?}"
    );
    assert_eq!(fs::read(place.join("a")).unwrap(), b"present");
    let names = fs::read_dir(&place)
        .unwrap()
        .map(|found| found.unwrap().file_name());
    assert!(
        names
            .filter(|name| name.to_string_lossy().contains("hygie"))
            .count()
            == 0
    );
    drop((filler, lab));
}

#[test]
fn blocks_are_shared_where_the_file_system_can() {
    if skipped() {
        return;
    }
    for (fs, size_mb) in [(Fs::Xfs, 400), (Fs::Btrfs, 400)] {
        if !fs.is_here() {
            println!("skipped: no {fs:?} here");
            continue;
        }
        let image = LoopFs::with(fs, size_mb).unwrap();
        let mut lab = Lab::with_vault(&image.path(), &image.path());
        let a = lab.file(lab.root, "a", 2_000);
        let path = image.path().join("a");
        let bytes: Vec<u8> = (0..32_u32 << 20)
            .map(|i| i.to_le_bytes()[0] ^ i.to_le_bytes()[2])
            .collect();
        fs::write(&path, &bytes).unwrap();
        let source = File::open(&path).unwrap();
        source.sync_all().unwrap();
        let free = || {
            rustix::fs::sync();
            let stat = rustix::fs::statvfs(image.path()).unwrap();
            stat.f_bfree * stat.f_frsize
        };
        let before = free();
        let content = lab.vault.objects().take(&source).unwrap();
        let state = Entry::Version {
            file: a,
            content,
            since: Wall(2_001),
            meta: Metadata {
                mode: 0o600,
                ..Metadata::default()
            },
            fingerprint: print(32 << 20, 2_001),
        };
        lab.commit(vec![state], 2_002);
        assert!(before - free() < 16 << 20, "{fs:?}");
        // Changed in place, the copy stays what it was, and comes back.
        std::os::unix::fs::FileExt::write_all_at(
            &File::options().write(true).open(&path).unwrap(),
            b"ransom",
            0,
        )
        .unwrap();
        let reader = Reader::open(&lab.store()).unwrap();
        assert!(reader.check(&mut |_| {}).unwrap().is_sound());
        let plan = reader.plan_restore(&path, None, None).unwrap();
        assert!(plan.run(&reader).unwrap().is_whole());
        assert!(fs::read(&path).unwrap() == bytes);
        assert_eq!(lab.vault.usage().bytes, 32 << 20);
        drop((source, reader, lab));
        image.unmount().unwrap();
    }
}

/// A second image with what the first one's disk was sent so far: nothing that a kernel still
/// kept in memory is there, as after a power cut.
pub(super) fn cut(living: &LoopFs) -> LoopFs {
    let image = living.path().with_file_name("image");
    let mut seen = fs::read(&image).unwrap();
    loop {
        let again = fs::read(&image).unwrap();
        if again == seen {
            break;
        }
        seen = again;
    }
    let after = LoopFs::ext4(SIZE_MB).unwrap();
    rustix::mount::unmount(after.path(), UnmountFlags::empty()).unwrap();
    let mut device = File::options().write(true).open(after.device()).unwrap();
    device.write_all(&seen).unwrap();
    device.sync_all().unwrap();
    drop(device);
    rustix::mount::mount(
        after.device(),
        after.path(),
        "ext4",
        MountFlags::empty(),
        None,
    )
    .unwrap();
    after
}

pub(super) const SIZE_MB: u64 = 24;

#[test]
fn what_was_committed_is_there_after_a_cut() {
    if skipped() {
        return;
    }
    let image = LoopFs::ext4(SIZE_MB).unwrap();
    let mut lab = Lab::with_vault(&image.path(), Path::new("/p"));
    let mut kept = Vec::new();
    let mut keep = |lab: &mut Lab, count: i64| {
        let mut batch = Vec::new();
        let first = kept.len();
        for _ in 0..count {
            let file = FileId(lab.vault.next_node());
            batch.push(node(file.0, NodeKind::File));
            batch.push(born(lab.root, &format!("f{}", file.0), file.0, 2_000));
            batch.push(lab.state(file, &file.0.to_le_bytes(), 2_001));
            kept.push((file, None));
        }
        let names = lab.commit(batch, 2_002);
        kept[first..]
            .iter_mut()
            .zip(names)
            .for_each(|(kept, name)| kept.1 = Some(name));
        kept.clone()
    };
    // Batches that sync each object, and batches that sync the file system.
    for count in [1, 2, 40, 1] {
        let kept = keep(&mut lab, count);
        let waiting = lab.vault.objects().take_bytes(b"not committed").unwrap();
        let after = cut(&image);
        let store = after.path().join("store");
        drop(Vault::open(&store).unwrap());
        let reader = Reader::open(&store).unwrap();
        let report = reader.check(&mut |_| {}).unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!(report.objects, kept.len() as u64);
        for (file, name) in &kept {
            let past = reader.versions(*file).unwrap();
            assert_eq!(past.first().map(|past| past.stored.version.name), *name);
        }
        drop((reader, waiting));
        after.unmount().unwrap();
    }
    drop(lab);
    image.unmount().unwrap();
}
