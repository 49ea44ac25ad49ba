//! What only SQLite has: the folder, changes of format on a copy, damage, a full disk, backups.
//! Whatever fails, the file before it is there.

use std::{fs, path::Path};

use hygie_model::Wall;

use super::lab::{
    DESK, HERE, Lab, NOW, Place, WITH_FAILING, WITH_NEXT, after, assert_whole, batch, claire,
    contents, run,
};
use crate::{
    Arrival, Store, StoreError,
    migrations::{STEPS, Steps},
};

/// Leaves a row whose person is gone.
const WITH_ORPHAN: Steps = &[STEPS[0], "DELETE FROM person;"];

/// A folder with a database of format 1 that was closed well.
async fn filled(dir: &Path) {
    let lab = Lab::new(Place::Sqlite(dir.to_path_buf()))
        .await
        .peopled()
        .await;
    let here = lab.store.practice(HERE);
    here.append(batch(DESK, 1..=100), NOW).await.unwrap();
    here.invite(
        &crate::NewInvitation {
            code: super::lab::digest(1),
            name: "Inès".to_owned(),
            role: hygie_model::Role::Assistant,
            by: super::lab::CLAIRE,
            expires: after(9),
            until: None,
        },
        NOW,
    )
    .await
    .unwrap();
    lab.store.close().await.unwrap();
}

#[test]
fn a_change_of_format_keeps_the_file_before_it() {
    let dir = tempfile::tempdir().unwrap();
    run(async {
        filled(dir.path()).await;
        let before = fs::read(dir.path().join("hub-1.db")).unwrap();
        let store = Store::open_sqlite_with(dir.path(), WITH_NEXT)
            .await
            .unwrap();
        assert_whole(&store).await;
        assert_eq!(store.file().unwrap(), dir.path().join("hub-2.db"));
        store
            .practice(HERE)
            .append(batch(DESK, [101]), NOW)
            .await
            .unwrap();
        store.close().await.unwrap();
        drop(store);
        assert_eq!(fs::read(dir.path().join("hub-1.db")).unwrap(), before);

        let told = Store::open_sqlite(dir.path()).await.err();
        assert!(
            matches!(told, Some(StoreError::Newer { found: 2, known: 1 })),
            "{told:?}"
        );

        let store = Store::open_sqlite_with(dir.path(), WITH_NEXT)
            .await
            .unwrap();
        // The older Hygie wrote to it a moment ago.
        assert_eq!(store.confirm(Wall(0)).unwrap(), 0);
        assert!(dir.path().join("hub-1.db").exists());
        assert_eq!(store.confirm(Wall(i64::MAX)).unwrap(), 1);
        assert_eq!(store.confirm(Wall(i64::MAX)).unwrap(), 0);
        assert!(!dir.path().join("hub-1.db").exists());
        let here = store.practice(HERE);
        assert_eq!(here.newest_arrival().await.unwrap(), Arrival(101));
        store.close().await.unwrap();
    });
}

#[test]
fn the_way_back_leads_to_the_file_before() {
    let dir = tempfile::tempdir().unwrap();
    run(async {
        filled(dir.path()).await;
        assert_eq!(Store::fall_back(dir.path()).unwrap(), None);
        let store = Store::open_sqlite_with(dir.path(), WITH_NEXT)
            .await
            .unwrap();
        let told = Store::fall_back(dir.path());
        assert!(matches!(told, Err(StoreError::InUse { .. })), "{told:?}");
        // Not closed: its log must come along.
        store
            .practice(HERE)
            .append(batch(DESK, [101]), NOW)
            .await
            .unwrap();
        store.kill().await;
        assert_eq!(Store::fall_back(dir.path()).unwrap(), Some(1));
        assert!(dir.path().join("hub-2.db.aside").exists());
        let store = Store::open_sqlite(dir.path()).await.unwrap();
        assert_whole(&store).await;
        store.close().await.unwrap();
    });
}

#[test]
fn a_failing_change_of_format_touches_nothing() {
    for steps in [WITH_FAILING, WITH_ORPHAN] {
        let dir = tempfile::tempdir().unwrap();
        run(async {
            filled(dir.path()).await;
            let before = contents(dir.path());
            let told = Store::open_sqlite_with(dir.path(), steps).await.err();
            let Some(StoreError::Migration { to, .. }) = told else {
                panic!("{told:?}");
            };
            assert_eq!(to as usize, steps.len());
            // What a reader's connection leaves beside the file is empty and harmless.
            let after: Vec<_> = contents(dir.path())
                .into_iter()
                .filter(|(name, _)| !name.to_str().unwrap().ends_with("-shm"))
                .filter(|(name, bytes)| {
                    !(name.to_str().unwrap().ends_with("-wal") && bytes.is_empty())
                })
                .collect();
            assert_eq!(after, before);
            let store = Store::open_sqlite(dir.path()).await.unwrap();
            assert_whole(&store).await;
            store.close().await.unwrap();
        });
    }
}

/// The hub was killed: its newest rows are in the log alone.
#[test]
fn a_log_that_was_left_comes_along() {
    let dir = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    run(async {
        let lab = Lab::new(Place::Sqlite(dir.path().to_path_buf()))
            .await
            .peopled()
            .await;
        lab.store
            .practice(HERE)
            .append(batch(DESK, 1..=100), NOW)
            .await
            .unwrap();
        for (name, bytes) in contents(dir.path()) {
            if name != "hub.lock" && !name.to_str().unwrap().ends_with("-shm") {
                fs::write(copy.path().join(name), bytes).unwrap();
            }
        }
        lab.store.close().await.unwrap();
        let files = ["hub-1.db", "hub-1.db-wal"].map(|name| copy.path().join(name));
        let before = files.each_ref().map(|file| fs::read(file).unwrap());
        assert!(!before[1].is_empty());
        assert!(
            Store::open_sqlite_with(copy.path(), WITH_FAILING)
                .await
                .is_err()
        );
        assert_eq!(files.each_ref().map(|file| fs::read(file).unwrap()), before);
        let store = Store::open_sqlite_with(copy.path(), WITH_NEXT)
            .await
            .unwrap();
        assert_whole(&store).await;
        store.close().await.unwrap();
    });
}

#[test]
fn what_an_ended_change_left_is_cleared() {
    let dir = tempfile::tempdir().unwrap();
    run(async {
        filled(dir.path()).await;
        for name in ["hub-2.db.part", "hub-2.db.part-journal"] {
            fs::write(dir.path().join(name), b"half").unwrap();
        }
        let store = Store::open_sqlite_with(dir.path(), WITH_NEXT)
            .await
            .unwrap();
        assert_whole(&store).await;
        store.close().await.unwrap();
        let parts = contents(dir.path())
            .into_iter()
            .filter(|(name, _)| name.to_str().unwrap().contains(".part"));
        assert_eq!(parts.count(), 0);
        assert!(dir.path().join("hub-1.db").exists());
    });
}

#[test]
fn one_hub_has_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    run(async {
        let store = Store::open_sqlite(dir.path()).await.unwrap();
        let told = Store::open_sqlite(dir.path()).await.err();
        assert!(matches!(told, Some(StoreError::InUse { .. })), "{told:?}");
        store.close().await.unwrap();
    });
}

#[cfg(unix)]
#[test]
fn only_the_hub_reads_its_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let hub = dir.path().join("a/hub");
    run(async {
        let store = Store::open_sqlite(&hub).await.unwrap();
        store.backup(&dir.path().join("saved.db")).await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&hub), 0o700);
        assert_eq!(mode(&dir.path().join("saved.db")), 0o600);
        for entry in fs::read_dir(&hub).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
        store.close().await.unwrap();
    });
}

#[test]
fn damage_is_told_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    run(async {
        filled(dir.path()).await;
        let path = dir.path().join("hub-1.db");
        let good = fs::read(&path).unwrap();
        // A page of rows, a page of an index, the header, nothing, another program's.
        let mut spoilt: Vec<Vec<u8>> = Vec::new();
        for page in [good.len() / 4096 / 2, good.len() / 4096 - 2] {
            let mut bytes = good.clone();
            bytes[page * 4096..(page + 1) * 4096].fill(0x5a);
            spoilt.push(bytes);
        }
        spoilt.push([&[0x5a; 100], &good[100..]].concat());
        spoilt.push(good[..good.len() / 2].to_vec());
        spoilt.push(Vec::new());
        for bytes in spoilt {
            fs::write(&path, &bytes).unwrap();
            let told = Store::open_sqlite(dir.path()).await.err();
            assert!(matches!(told, Some(StoreError::Damaged { .. })), "{told:?}");
            assert_eq!(
                fs::read(&path).unwrap(),
                bytes,
                "damage is evidence: left as it is"
            );
        }
        fs::write(&path, good).unwrap();
        let store = Store::open_sqlite(dir.path()).await.unwrap();
        assert_whole(&store).await;
        store.close().await.unwrap();
    });
}

#[test]
fn a_backup_is_whole_and_opens() {
    let dir = tempfile::tempdir().unwrap();
    let again = tempfile::tempdir().unwrap();
    run(async {
        let lab = Lab::new(Place::Sqlite(dir.path().join("hub")))
            .await
            .peopled()
            .await;
        let here = lab.store.practice(HERE);
        here.append(batch(DESK, 1..=100), NOW).await.unwrap();
        let to = dir.path().join("saved.db");
        // What a killed backup left is in nobody's way.
        fs::write(dir.path().join("saved.db.part"), b"half").unwrap();
        // While signals come in.
        let (saved, kept) = tokio::join!(
            lab.store.backup(&to),
            here.append(batch(DESK, 101..=200), NOW)
        );
        assert_eq!(kept.unwrap().new, 100);
        let saved = saved.unwrap();
        assert!(saved.rows >= 100 && saved.bytes == fs::metadata(&to).unwrap().len());
        let told = lab.store.backup(&to).await;
        assert!(matches!(told, Err(StoreError::Taken { .. })), "{told:?}");
        assert!(!dir.path().join("saved.db.part").exists());
        lab.store.close().await.unwrap();

        fs::copy(&to, again.path().join("hub-1.db")).unwrap();
        let store = Store::open_sqlite(again.path()).await.unwrap();
        let kept = store
            .practice(HERE)
            .signals_after(Arrival(0), 1_000)
            .await
            .unwrap();
        assert!([100, 200].contains(&kept.len()));
        assert_eq!(store.practice(HERE).people().await.unwrap(), [claire()]);
        store.close().await.unwrap();
    });
}

/// A file that may not grow is a full disk, as SQLite says it.
#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    run(async {
        let lab = Lab::new(Place::Sqlite(dir.path().join("hub")))
            .await
            .peopled()
            .await;
        let here = lab.store.practice(HERE);
        here.append(batch(DESK, 1..=10), NOW).await.unwrap();
        lab.store.fill().await;
        let told = here.append(batch(DESK, 11..=5_000), NOW).await;
        assert!(matches!(told, Err(StoreError::Full { .. })), "{told:?}");
        assert!(told.unwrap_err().may_pass());
        assert_eq!(here.signals_after(Arrival(0), 99).await.unwrap().len(), 10);
        // As soon as there is room, without a new start.
        let kept = here.append(batch(DESK, 11..=20), NOW).await.unwrap();
        assert_eq!((kept.upto.0, kept.new), (20, 10));
        lab.store.close().await.unwrap();
        let dir = dir.path().join("hub");
        drop(lab);
        let store = Store::open_sqlite(&dir).await.unwrap();
        let kept = store
            .practice(HERE)
            .append(batch(DESK, 1..=5_000), NOW)
            .await
            .unwrap();
        assert_eq!((kept.upto.0, kept.new), (5_000, 4_980));
        store.close().await.unwrap();
    });
}

#[test]
fn more_batches_than_can_wait_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    run(async {
        let lab = Lab::new(Place::Sqlite(dir.path().join("hub")))
            .await
            .peopled()
            .await;
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..400 {
            let store = lab.store.clone();
            waiting.spawn(async move { store.practice(HERE).append(batch(DESK, [1]), NOW).await });
        }
        let told = waiting.join_all().await;
        let busy = told
            .iter()
            .filter(|it| matches!(it, Err(StoreError::Busy { .. })))
            .count();
        let kept = told.iter().filter(|it| it.is_ok()).count();
        assert_eq!((busy > 0, kept > 200, busy + kept), (true, true, 400));
        lab.store.close().await.unwrap();
    });
}
