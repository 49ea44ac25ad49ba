//! An arena that holds a made-up practice, and what its files held.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use hygie_decoys::{Decoy, Kind, Scale, practice};
use hygie_testkit::{Arena, SealedTree};

/// By path relative to the arena.
pub(crate) type Originals = BTreeMap<PathBuf, &'static [u8]>;

/// A small practice whose files belong to the user; of large files only a database, an image and an archive.
pub(crate) fn decoyed(parent: &Path, uid: u32, files: usize) -> (Arena, Originals) {
    static PRACTICE: OnceLock<Vec<Decoy>> = OnceLock::new();
    let all = PRACTICE.get_or_init(|| practice(21, Scale::Small).collect());
    let arena = Arena::make(parent, uid, &SealedTree::new(1).files(0)).expect("an arena");
    for entry in std::fs::read_dir(arena.victims()).expect("victims") {
        std::fs::remove_dir_all(entry.expect("an entry").path()).expect("room for decoys");
    }
    let mut originals = BTreeMap::new();
    let mut large = BTreeSet::from([Kind::Sqlite, Kind::Dicom, Kind::Zip]);
    let mut bearable = |decoy: &&Decoy| decoy.bytes.len() < 150_000 || large.remove(&decoy.kind);
    for decoy in all.iter().filter(|decoy| bearable(decoy)).take(files) {
        let whole = arena.victims().join(&decoy.path);
        std::fs::create_dir_all(whole.parent().expect("a folder")).expect("a folder");
        std::fs::write(&whole, &decoy.bytes).expect("write");
        let file = File::options().write(true).open(&whole).expect("open");
        file.set_modified(decoy.written).expect("a time");
        originals.insert(Path::new("victims").join(&decoy.path), &decoy.bytes[..]);
    }
    if hygie_testkit::not_root().is_none() {
        give(&arena.victims(), uid);
    }
    arena.seal().expect("seal");
    (arena, originals)
}

fn give(path: &Path, uid: u32) {
    std::os::unix::fs::lchown(path, Some(uid), Some(uid)).expect("give");
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            give(&entry.expect("an entry").path(), uid);
        }
    }
}
