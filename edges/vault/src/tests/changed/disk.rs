//! States that are built from others, on disks that fail.

use std::{fs, path::Path};

use hygie_model::{NodeKind, Wall};
use hygie_testkit::LoopFs;

use super::{Living, bytes, sound, state};
use crate::{
    Reader, Vault,
    pieces::PIECE,
    tests::{
        disk::{SIZE_MB, cut, fill, skipped},
        lab::{Lab, born, node},
    },
};

#[test]
fn a_state_that_is_built_from_others_is_there_after_a_cut() {
    if skipped() {
        return;
    }
    let image = LoopFs::ext4(SIZE_MB).unwrap();
    let mut lab = Lab::with_vault(&image.path(), Path::new("/p"));
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 8 * PIECE));
    let mut names = vec![a.keep(&mut lab, 2_001)];
    for (i, at) in (2_u8..).zip([0, PIECE * 7, PIECE * 3]) {
        a.write(at, &bytes(i.into(), 100));
        names.push(a.keep(&mut lab, 2_001 + i64::from(i)));
        let after = cut(&image);
        let store = after.path().join("store");
        drop(Vault::open(&store).unwrap());
        let reader = Reader::open(&store).unwrap();
        let report = reader.check(&mut |_| {}).unwrap();
        assert!(report.is_sound() && report.orphans.is_empty(), "{report:?}");
        assert_eq!(report.objects, names.len() as u64);
        let past = reader.versions(a.id).unwrap();
        let newest_first = past.iter().map(|past| past.stored.version.name);
        assert!(newest_first.eq(names.iter().rev().copied()));
        drop(reader);
        after.unmount().unwrap();
    }
    drop(lab);
    image.unmount().unwrap();
}

#[test]
fn a_full_disk_loses_no_state_that_can_be_built() {
    if skipped() {
        return;
    }
    let image = LoopFs::ext4(SIZE_MB).unwrap();
    let mut lab = Lab::with_vault(&image.path(), Path::new("/p"));
    let mut a = Living::new(&mut lab, "a");
    a.write(0, &bytes(1, 8 * PIECE));
    a.keep(&mut lab, 2_001);
    a.write(0, &bytes(2, 7 * PIECE));
    a.keep(&mut lab, 2_002);
    // This one would be copied whole, had it room.
    a.write(0, &bytes(3, 2 * PIECE));
    let place = image.path().join("filler");
    let filler = fill(&image.path(), "filler");
    let len = filler.metadata().unwrap().len();
    filler.set_len(len - 4 * PIECE).unwrap();
    let built = a.take(&lab);
    assert_eq!(built.stored(), 2 * PIECE);
    lab.commit(vec![state(a.id, built, 2_003)], 2_003);
    fs::remove_file(&place).unwrap();
    drop(filler);
    sound(&lab);

    // No room for the index: neither the state nor its part stays.
    a.write(PIECE * 5, &bytes(4, 10));
    let built = a.take(&lab);
    let (usage, objects) = (lab.vault.usage(), lab.objects());
    let filler = fill(&image.path(), "filler");
    let mut batch = vec![state(a.id, built, 2_020)];
    for i in 0..20_000_i64 {
        let id = lab.vault.next_node();
        batch.push(node(id, NodeKind::File));
        batch.push(born(lab.root, &format!("file {i}"), id, 12));
    }
    let refused = lab.vault.commit(batch, Wall(2_020)).unwrap_err();
    assert!(refused.is_no_space(), "{refused:?}");
    assert_eq!((lab.objects(), lab.vault.usage()), (objects, usage));
    fs::remove_file(&place).unwrap();
    drop(filler);
    a.write(PIECE * 5, &bytes(4, 10));
    a.keep(&mut lab, 2_021);
    sound(&lab);
    drop(lab);
    image.unmount().unwrap();
}

#[test]
fn a_forgotten_part_is_not_there_after_a_cut_and_the_rest_is() {
    if skipped() {
        return;
    }
    let image = LoopFs::ext4(SIZE_MB).unwrap();
    let mut lab = Lab::with_vault(&image.path(), Path::new("/p"));
    let (mut a, mut b) = (Living::new(&mut lab, "a"), Living::new(&mut lab, "b"));
    a.write(0, &bytes(1, 8 * PIECE));
    let secret = a.keep(&mut lab, 2_001);
    a.write(PIECE, &bytes(2, PIECE));
    let shared = a.keep(&mut lab, 2_002);
    b.write(0, &fs::read(&a.path).unwrap());
    assert_eq!(b.keep(&mut lab, 2_003).content, shared.content);
    let plan = lab.vault.plan_forget(Path::new("/p/a")).unwrap();
    lab.vault.forget(&plan).unwrap();
    let after = cut(&image);
    let store = after.path().join("store");
    let mut vault = Vault::open(&store).unwrap();
    vault.sweep().unwrap();
    let reader = Reader::open(&store).unwrap();
    let report = reader.check(&mut |_| {}).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.objects, 1);
    let name = secret.content.to_string();
    assert!(
        !store
            .join("objects")
            .join(&name[..2])
            .join(&name[2..])
            .exists()
    );
    drop((vault, reader));
    after.unmount().unwrap();
    drop(lab);
    image.unmount().unwrap();
}
