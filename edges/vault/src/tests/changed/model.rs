//! Random acts on two large files against a model that remembers every state.

use std::{
    collections::{BTreeMap, HashSet},
    fs,
    path::Path,
    time::Duration,
};

use hygie_model::{FileId, VersionName, Wall};
use proptest::prelude::*;

use super::{Living, bytes, restored, sound};
use crate::{Presence, Reader, Touched, copy, pieces::PIECE, tests::lab::Lab};

#[derive(Clone, Debug)]
enum Act {
    Write {
        at: u64,
        len: u64,
        zeros: bool,
    },
    SetLen {
        len: u64,
    },
    /// The other file becomes as this one.
    Copy,
    Keep,
    KeepWhole,
    Prune {
        spared: u64,
    },
    Forget,
    /// A file of the store goes.
    Lose {
        which: usize,
    },
    Reopen,
}

fn act() -> impl Strategy<Value = (usize, Act)> {
    // Mostly within the pieces, at times just at their bounds.
    let place = || {
        (
            0_u64..12,
            prop::sample::select(vec![0_u64, 1, 5000, PIECE - 1]),
        )
            .prop_map(|(piece, more)| piece * PIECE + more)
    };
    let len = prop::sample::select(vec![1_u64, 4096, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE]);
    let what = prop_oneof![
        6 => (place(), len, prop::bool::weighted(0.2))
            .prop_map(|(at, len, zeros)| Act::Write { at, len, zeros }),
        2 => place().prop_map(|len| Act::SetLen { len }),
        1 => Just(Act::Copy),
        6 => Just(Act::Keep),
        1 => Just(Act::KeepWhole),
        2 => (0_u64..30).prop_map(|spared| Act::Prune { spared }),
        1 => Just(Act::Forget),
        1 => any::<usize>().prop_map(|which| Act::Lose { which }),
        1 => Just(Act::Reopen),
    ];
    (0_usize..2, what)
}

struct World {
    lab: Lab,
    files: [Living; 2],
    /// All states that were kept, with their file.
    states: BTreeMap<i64, (FileId, VersionName, Vec<u8>)>,
    now: i64,
}

impl World {
    fn new() -> Self {
        let mut lab = Lab::new();
        let files = ["a", "b"].map(|name| Living::new(&mut lab, name));
        Self {
            lab,
            files,
            states: BTreeMap::new(),
            now: 3_000,
        }
    }

    fn act(&mut self, which: usize, act: Act) {
        self.now += 1;
        let living = &mut self.files[which];
        match act {
            Act::Write { at, len, zeros } => {
                let seed = u64::try_from(self.now).unwrap();
                let written = if zeros {
                    vec![0; usize::try_from(len).unwrap()]
                } else {
                    bytes(seed, len)
                };
                living.write(at, &written);
            }
            Act::SetLen { len } => living.set_len(len),
            Act::Copy => {
                let seen = fs::read(&living.path).unwrap();
                let other = &mut self.files[1 - which];
                other.set_len(0);
                other.write(0, &seen);
            }
            Act::KeepWhole => {
                living.touched = Touched::everything();
                self.keep(which);
            }
            Act::Keep => self.keep(which),
            Act::Prune { spared } => self.prune(spared * PIECE),
            Act::Forget => self.forget(which),
            Act::Lose { which } => self.lose(which),
            Act::Reopen => {}
        }
    }

    fn keep(&mut self, which: usize) {
        let living = &mut self.files[which];
        let name = living.keep(&mut self.lab, self.now);
        let seen = fs::read(&living.path).unwrap();
        assert_eq!(&name.content.0, blake3::hash(&seen).as_bytes());
        self.states.insert(name.seq, (living.id, name, seen));
    }

    /// The newest state of each file that can be given back.
    fn newest(&self) -> Vec<Option<VersionName>> {
        let reader = Reader::open(&self.lab.store()).unwrap();
        let newest = |living: &Living| {
            let versions = reader.versions(living.id).unwrap();
            let mut kept = versions
                .iter()
                .filter(|past| past.stored.presence == Presence::Kept);
            kept.next().map(|past| past.stored.version.name)
        };
        self.files.iter().map(newest).collect()
    }

    fn prune(&mut self, budget: u64) {
        let newest = self.newest();
        let none = HashSet::new();
        let vault = &mut self.lab.vault;
        let plan = vault
            .plan_prune(budget, Duration::ZERO, Wall(self.now), &none)
            .unwrap();
        assert_eq!(vault.prune(&plan).unwrap(), plan.frees);
        assert!(plan.over > 0 || vault.usage().bytes <= budget);
        assert_eq!(self.newest(), newest);
    }

    fn lose(&mut self, which: usize) {
        let objects = self.lab.objects();
        if objects.is_empty() {
            return;
        }
        fs::remove_file(&objects[which % objects.len()]).unwrap();
        let reader = Reader::open(&self.lab.store()).unwrap();
        let report = reader.check(&mut |_| {}).unwrap();
        assert!(report.damaged.is_empty() && !report.missing.is_empty());
        self.lab.vault.give_up(&report.lost()).unwrap();
    }

    fn forget(&mut self, which: usize) {
        let living = &mut self.files[which];
        let name = living.path.file_name().unwrap();
        let plan = self
            .lab
            .vault
            .plan_forget(&Path::new("/p").join(name))
            .unwrap();
        self.lab.vault.forget(&plan).unwrap();
        let (gone, stay): (BTreeMap<_, _>, BTreeMap<_, _>) = std::mem::take(&mut self.states)
            .into_iter()
            .partition(|(_, (file, ..))| *file == living.id);
        self.states = stay;
        let size = usize::try_from(PIECE).unwrap();
        let pieces = |states: &BTreeMap<_, (_, _, Vec<u8>)>| -> HashSet<Vec<u8>> {
            let all = states.values().flat_map(|(.., seen)| seen.chunks(size));
            all.map(<[u8]>::to_vec).collect()
        };
        let (mut gone, stay) = (pieces(&gone), pieces(&self.states));
        gone.retain(|piece| piece.iter().any(|byte| *byte != 0) && !stay.contains(piece));
        for object in self.lab.objects() {
            let found = fs::read(object).unwrap();
            for piece in found.chunks(size) {
                assert!(!gone.contains(piece), "a forgotten piece is still there");
            }
        }
    }

    /// Everything that the index says is there is there, and as it was.
    fn hold(&self) {
        sound(&self.lab);
        let reader = Reader::open(&self.lab.store()).unwrap();
        for living in &self.files {
            let versions = reader.versions(living.id).unwrap();
            for past in versions {
                let name = past.stored.version.name;
                let (file, known, seen) = &self.states[&name.seq];
                assert_eq!((*file, *known), (living.id, name));
                assert_eq!(past.stored.version.len, seen.len() as u64);
                if past.stored.presence == Presence::Kept {
                    assert!(restored(&self.lab, name) == *seen, "{name}");
                }
            }
        }
        let stored: u64 = self
            .lab
            .objects()
            .iter()
            .map(|path| {
                let file = fs::File::open(path).unwrap();
                copy::hash(&file).unwrap().stored
            })
            .sum();
        assert_eq!(self.lab.vault.usage().bytes, stored);
        assert_eq!(reader.usage().unwrap(), self.lab.vault.usage());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_state_comes_back_and_what_is_forgotten_does_not(acts in prop::collection::vec(act(), 1..40)) {
        let mut world = World::new();
        for (which, act) in acts {
            let upkeep = matches!(act, Act::Prune { .. } | Act::Forget | Act::Lose { .. });
            if matches!(act, Act::Reopen) {
                let World { lab, files, states, now } = world;
                world = World { lab: lab.reopen(), files, states, now };
            }
            world.act(which, act);
            if upkeep {
                world.hold();
            }
        }
        world.hold();
    }
}
