//! Loop images come, and go without a trace. Needs root.

use std::path::Path;

use hygie_testkit::leftovers::{self, Which};
use hygie_testkit::{Fs, LoopFs, SealedTree, Snapshot, not_root};

fn mounted(path: &Path) -> bool {
    let mounts = std::fs::read_to_string("/proc/self/mounts").expect("mounts");
    mounts
        .lines()
        .any(|line| line.split(' ').nth(1).map(Path::new) == Some(path))
}

fn attached(device: &Path) -> bool {
    let name = device.file_name().expect("a device's name");
    Path::new("/sys/block")
        .join(name)
        .join("loop/backing_file")
        .exists()
}

#[test]
fn a_drop_leaves_nothing() {
    if let Some(why) = not_root() {
        println!("{why}");
        return;
    }
    for (fs, size_mb) in [(Fs::Ext4, 32), (Fs::Xfs, 320), (Fs::Btrfs, 128)] {
        if !fs.is_here() {
            println!("{fs:?} is not here");
            continue;
        }
        let image = LoopFs::with(fs, size_mb).expect("a loop image");
        let (path, device) = (image.path(), image.device().to_owned());
        assert!(mounted(&path) && attached(&device));
        SealedTree::new(1).files(10).make(&path).expect("a tree");
        let before = Snapshot::of(&path).expect("a snapshot");
        image.remount().expect("mount again");
        before.assert_same(&Snapshot::of(&path).expect("a snapshot"));
        let registry = registered(&path);
        assert!(registry.is_some());
        drop(image);
        assert!(!mounted(&path) && !attached(&device) && !path.exists());
        assert!(registered(&path).is_none());
    }
}

fn registered(mount: &Path) -> Option<std::path::PathBuf> {
    let folder = mount.parent()?.to_str()?.to_owned();
    let entries = std::fs::read_dir(leftovers::REGISTRY).ok()?.flatten();
    entries
        .map(|entry| entry.path())
        .find(|file| std::fs::read_to_string(file).is_ok_and(|text| text == folder))
}

/// The image of a run that was killed: here one that forgot it.
#[test]
fn orphans_are_cleaned_and_the_living_are_left() {
    if let Some(why) = not_root() {
        println!("{why}");
        return;
    }
    let living = LoopFs::ext4(16).expect("a loop image");
    let lost = LoopFs::ext4(16).expect("a loop image");
    let (path, device) = (lost.path(), lost.device().to_owned());
    let file = registered(&path).expect("it is registered");
    std::mem::forget(lost);
    let name = file.file_name().expect("a name").to_str().expect("text");
    let number = name.rsplit('-').next().expect("a number");
    // A process of this number that started at another time: the owner is gone.
    let orphan = file.with_file_name(format!("loop-{}-1-{number}", std::process::id()));
    std::fs::rename(&file, orphan).expect("rename");
    let gone = leftovers::clean(Which::Orphans).expect("clean");
    assert!(
        gone.iter()
            .any(|line| line.contains(path.parent().expect("a folder").to_str().expect("text"))),
        "{gone:?}"
    );
    assert!(!mounted(&path) && !attached(&device) && !path.exists());
    assert!(mounted(&living.path()));
}

#[test]
fn what_cannot_be_made_leaves_nothing() {
    if let Some(why) = not_root() {
        println!("{why}");
        assert!(
            LoopFs::ext4(16)
                .expect_err("refused")
                .to_string()
                .contains("needs root")
        );
        return;
    }
    let before = images();
    LoopFs::ext4(0).expect_err("no file system fits into nothing");
    assert_eq!(
        images()
            .iter()
            .filter(|image| !before.contains(image) && owned(image))
            .count(),
        0
    );
}

fn images() -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir("/tmp")
        .expect("list")
        .flatten()
        .map(|entry| entry.path());
    entries.filter(|path| path.join("image").exists()).collect()
}

/// Other tests make images at the same time; only an empty one is this test's.
fn owned(folder: &Path) -> bool {
    folder
        .join("image")
        .metadata()
        .is_ok_and(|found| found.len() == 0)
}
