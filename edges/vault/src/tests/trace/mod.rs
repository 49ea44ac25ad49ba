//! Random traces against a model that remembers everything: each path at each moment.

mod world;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fs::{self, File},
    io::Read,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use hygie_model::{FileId, Metadata, NodeKind, Wall};
use proptest::prelude::*;
use rustix::fs::{Mode, OFlags};

use self::world::{Act, Thing, World, act};
use super::lab::START;
use crate::{Presence, Reader, VaultError, read_metadata};

fn trace() -> impl Strategy<Value = Vec<(Act, i64)>> {
    prop::collection::vec((act(), 1_i64..4), 1..40)
}

/// Opens without a change of the time of access.
fn open_unseen(path: &Path) -> File {
    let flags = OFlags::RDONLY | OFlags::NOATIME | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty()).unwrap().into()
}

/// What a real folder holds, with inode numbers for ids.
fn seen(top: &Path, below: &Path, into: &mut BTreeMap<PathBuf, Thing>) {
    for entry in fs::read_dir(top.join(below)).unwrap() {
        let path = below.join(entry.unwrap().file_name());
        let real = top.join(&path);
        let stat = fs::symlink_metadata(&real).unwrap();
        let id = i64::try_from(stat.ino()).unwrap();
        let thing = if stat.is_symlink() {
            let target = fs::read_link(&real)
                .unwrap()
                .into_os_string()
                .into_encoded_bytes();
            Thing {
                id,
                kind: NodeKind::Symlink,
                content: target,
                meta: Metadata::default(),
            }
        } else {
            let mut file = open_unseen(&real);
            let meta = read_metadata(&file).unwrap();
            let (kind, content) = if stat.is_dir() {
                seen(top, &path, into);
                (NodeKind::Dir, Vec::new())
            } else {
                let mut content = Vec::new();
                file.read_to_end(&mut content).unwrap();
                (NodeKind::File, content)
            };
            Thing {
                id,
                kind,
                content,
                meta,
            }
        };
        into.insert(path, thing);
    }
}

/// Ids by order of first appearance, so that two trees with the same hard links are equal.
fn by_links(tree: &BTreeMap<PathBuf, Thing>) -> BTreeMap<PathBuf, Thing> {
    let mut order = HashMap::new();
    let mut like = |(path, thing): (&PathBuf, &Thing)| {
        let next = i64::try_from(order.len()).unwrap();
        let mut thing = Thing {
            id: *order.entry(thing.id).or_insert(next),
            ..thing.clone()
        };
        match thing.kind {
            NodeKind::Symlink => thing.meta = Metadata::default(),
            // Looking into a folder changes its time of access.
            NodeKind::Dir => thing.meta.atime_ns = 0,
            NodeKind::File => {}
        }
        (path.clone(), thing)
    };
    tree.iter().map(&mut like).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_tree_and_each_path_is_given_as_it_was(acts in trace()) {
        let world = World::run(acts);
        let reader = Reader::open(&world.lab.store()).unwrap();
        let paths: BTreeSet<&PathBuf> = world.past.values().flat_map(BTreeMap::keys).collect();
        for moment in START..=world.now + 1 {
            let at = Some(Wall(moment));
            let then = world.then(moment);
            let tree: BTreeMap<PathBuf, Thing> = reader
                .tree_at(world.lab.root, at)
                .unwrap()
                .into_iter()
                .map(|item| (item.path, world.thing(item.what)))
                .collect();
            prop_assert_eq!(&tree, then);
            for path in &paths {
                match (reader.lookup(&Path::new("/p").join(path), at), then.get(*path)) {
                    (Ok(found), Some(thing)) => {
                        prop_assert_eq!((found.node, found.kind), (thing.id, thing.kind));
                        if thing.kind != NodeKind::Dir {
                            let state = reader.state_at(FileId(found.node), at).unwrap().unwrap();
                            prop_assert_eq!(world.content(&state), &thing.content[..]);
                            prop_assert_eq!(&state.version.meta, &thing.meta);
                        }
                        let names = reader.names(found.node, at).unwrap();
                        let same = then.iter().filter(|(_, other)| other.id == thing.id);
                        let same: Vec<_> = same.map(|(path, _)| Path::new("/p").join(path)).collect();
                        prop_assert_eq!(names, same);
                    }
                    (Err(VaultError::UnknownPath { .. }), None) => {}
                    (found, expected) => prop_assert!(false, "{found:?} for {expected:?}"),
                }
            }
        }
        let report = reader.check(&mut |_| {}).unwrap();
        prop_assert!(report.is_sound(), "{:?}", report);
    }

    #[test]
    fn a_restore_gives_the_tree_back(acts in trace(), when in any::<prop::sample::Index>()) {
        let world = World::run(acts);
        let reader = Reader::open(&world.lab.store()).unwrap();
        let moments: Vec<i64> = world.past.keys().copied().collect();
        let moment = *when.get(&moments);
        let place = tempfile::tempdir().unwrap();
        let plan = reader
            .plan_restore(Path::new("/p"), Some(Wall(moment)), Some(place.path()))
            .unwrap();
        let outcome = plan.run(&reader).unwrap();
        // Symbolic links take no user attributes; all else must be set.
        let set = |problem: &crate::Problem| {
            fs::symlink_metadata(place.path().join(&problem.path)).is_ok_and(|stat| stat.is_symlink())
        };
        prop_assert!(outcome.problems.iter().all(set), "{:?}", outcome.problems);
        prop_assert!(outcome.missing.is_empty());
        let mut found = BTreeMap::new();
        seen(place.path(), Path::new(""), &mut found);
        prop_assert_eq!(by_links(&found), by_links(world.then(moment)));
    }

    #[test]
    fn a_prune_makes_states_missing_but_never_wrong(acts in trace(), budget in 0_u64..10, age in 0_i64..20) {
        let mut world = World::run(acts);
        let age = Duration::from_nanos(u64::try_from(age).unwrap());
        let none = HashSet::new();
        let plan = world.lab.vault.plan_prune(budget, age, Wall(world.now), &none).unwrap();
        let freed = world.lab.vault.prune(&plan).unwrap();
        prop_assert_eq!(freed, plan.frees);
        prop_assert!(plan.over > 0 || world.lab.vault.usage().bytes <= budget);
        let reader = Reader::open(&world.lab.store()).unwrap();
        let report = reader.check(&mut |_| {}).unwrap();
        prop_assert!(report.is_sound(), "{:?}", report);
        let young = world.now - i64::try_from(age.as_nanos()).unwrap();
        for moment in START..=world.now {
            for (path, thing) in world.then(moment) {
                if thing.kind == NodeKind::Dir {
                    continue;
                }
                let at = Some(Wall(moment));
                let state = reader.state_at(FileId(thing.id), at).unwrap().unwrap();
                if state.presence == Presence::Dropped {
                    prop_assert!(moment < young, "{path:?} at {moment} is too young to go");
                    prop_assert!(moment < world.now);
                } else {
                    prop_assert_eq!(world.content(&state), &thing.content[..]);
                    prop_assert_eq!(&state.version.meta, &thing.meta);
                }
            }
        }
    }
}
