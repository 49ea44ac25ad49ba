//! What the loop tells the judge: who closed, named, moved and deleted what.

use std::os::fd::AsFd;

use anyhow::Result;
use hygie_acts::Place;
use hygie_guard::{
    Standing, State,
    harm::{Purpose, Twin},
};
use hygie_model::{DirId, FileId, NodeKind, Wall};
use hygie_platform::{event::Answer, linux::pulse::Word};

use super::{
    run::{Guard, Inbox},
    tree::Node,
};
use crate::{
    StateDir,
    incidents::Incidents,
    judge::{self, Last, Spot, Stopper, Told, What},
};

/// A name event before it was dealt with.
pub(super) struct Before {
    thread: i32,
    from: Option<(DirId, Vec<u8>, Node)>,
    to: Option<(DirId, Vec<u8>, Option<Node>)>,
    spot: Option<Spot>,
    /// What it is if the name that goes is the last one.
    last: Last,
}

impl Guard {
    /// Starts the judge.
    pub(super) fn let_judge(&mut self, incidents: &Incidents, inbox: Inbox) -> Result<()> {
        for space in &self.spaces {
            let mount = space.door.mount.as_fd().try_clone_to_owned()?;
            let keep = space.door.keep.as_fd().try_clone_to_owned()?;
            incidents.reach(space.fsid, mount, keep);
        }
        let witness = u32::try_from(self.pulse.get(Word::WitnessProcess)).ok();
        let stopper = Stopper {
            halted: self.halted.clone(),
            inbox,
            store: self.store.clone(),
            board: self.board.clone(),
            keeper: self.keeper.clone(),
            guards: witness.into_iter().collect(),
            attackers: self.orders.attackers,
        };
        let vault = StateDir::at(&self.orders.state).vault();
        self.witnessed = judge::start(vault, incidents.clone(), stopper);
        Ok(())
    }

    pub(super) fn witness(&self, what: What) {
        self.witnessed.tell(Told {
            at: self.wall,
            now: self.now,
            what,
        });
    }

    /// A state was closed by a thread; the law knows of it.
    pub(super) fn witness_close(&self, file: FileId, thread: i32) {
        let Some(state) = self.law.state(file) else {
            return;
        };
        let place = self.tree.place(Node::File(file));
        self.witness(What::Closed {
            file,
            thread,
            spot: place.and_then(|(dir, name)| self.spot(dir, name)),
            state,
            settled: self.law.is_safe(file),
            unjudged: (self.known.standing(thread) == Standing::Unknown)
                .then(|| self.pacing.count()),
        });
    }

    /// A copy whose lease proves that it holds what was closed meanwhile too: no other one follows.
    pub(super) fn witness_settled(&self, file: FileId, copied: State) {
        if let Some(state) = self.law.state(file)
            && state > copied
            && self.law.is_safe(file)
        {
            self.witness(What::Rested { file, state });
        }
    }

    /// What a name event is about, before it changes what is known; `None` where nobody is told to have done it.
    pub(super) fn before(
        &self,
        thread: i32,
        from: Option<(DirId, Vec<u8>)>,
        to: Option<(DirId, Vec<u8>)>,
    ) -> Before {
        let from = from.and_then(|(dir, name)| {
            let node = self.tree.at(dir, &name)?;
            Some((dir, name, node))
        });
        let spot = from
            .as_ref()
            .and_then(|(dir, name, _)| self.spot(*dir, name));
        let last = match &from {
            Some((_, _, Node::File(file))) if self.law.is_safe(*file) => Last::AtRest,
            Some(_) | None => Last::Moving,
        };
        Before {
            thread,
            last,
            from,
            to: to.map(|(dir, name)| {
                let was = self.tree.at(dir, &name);
                (dir, name, was)
            }),
            spot,
        }
    }

    /// Tells a name event that was dealt with.
    pub(super) fn witness_name(&self, before: Before) {
        let thread = before.thread;
        let to = before.to.and_then(|(dir, name, was)| {
            let node = self.tree.at(dir, &name)?;
            Some((Place { dir, name }, node, was))
        });
        match (before.from, before.spot, to) {
            (Some((_, _, moved)), Some(from), Some((to, node, was))) if moved == node => {
                let over = match was {
                    Some(Node::File(other)) if Node::File(other) != node => Some(other),
                    Some(_) | None => None,
                };
                if let Some(other) = over {
                    self.witness_gone_over(other, thread, &to);
                }
                self.witness(What::Moved {
                    node: node.number(),
                    kind: kind(node),
                    thread,
                    from,
                    to,
                    over,
                });
            }
            (from, spot, to) => {
                if let (Some((_, _, node)), Some(spot)) = (from, spot) {
                    self.witness(What::Gone {
                        node: node.number(),
                        kind: kind(node),
                        thread,
                        spot,
                        last: if self.tree.is_named(node) {
                            Last::No
                        } else {
                            before.last
                        },
                    });
                }
                if let Some((place, node, was)) = to
                    && (was.is_none() || was == Some(node))
                {
                    self.witness(What::Born {
                        node: node.number(),
                        kind: kind(node),
                        thread,
                        place,
                        first: self.tree.names(node) < 2,
                    });
                }
            }
        }
    }

    /// A file that lost its name to another one: for the log; the engine hears of it with the move.
    fn witness_gone_over(&self, other: FileId, thread: i32, place: &Place) {
        if let Some(spot) = self.spot(place.dir, &place.name) {
            self.witness(What::Gone {
                node: other.0,
                kind: NodeKind::File,
                thread,
                spot,
                last: Last::No,
            });
        }
    }

    /// Whether one of these files has a name and rests as its newest version.
    pub(super) fn stand(&self, files: &[FileId]) -> Twin {
        let stands =
            |file: &FileId| self.tree.is_named(Node::File(*file)) && self.law.is_safe(*file);
        if files.iter().any(stands) {
            Twin::Stands
        } else {
            Twin::None
        }
    }

    /// Owner, mode, times or attributes of a node were changed by a thread.
    pub(super) fn witness_attributes(&self, node: Node, thread: i32, since: Wall) {
        self.witness(What::Attributes {
            node: node.number(),
            kind: kind(node),
            thread,
            since,
        });
    }

    fn spot(&self, dir: DirId, name: &[u8]) -> Option<Spot> {
        let mut folders = vec![dir];
        let mut purpose = purpose(name);
        let mut at = dir;
        while !self.tree.is_root(at) {
            let (above, name) = self.tree.place(Node::Dir(at))?;
            if is_backup(name) {
                purpose = Purpose::Backup;
            }
            folders.push(above);
            at = above;
            if folders.len() > DEEPEST {
                return None;
            }
        }
        Some(Spot {
            place: Place {
                dir,
                name: name.to_vec(),
            },
            folders,
            purpose,
        })
    }

    /// Refuses what stopped processes wait for, so that they stop instead of going on.
    pub(super) fn refuse_halted(&mut self) {
        let halted: Vec<_> = self
            .asks
            .iter()
            .filter(|(_, pending)| self.halted.holds(pending.thread))
            .map(|(ask, _)| *ask)
            .collect();
        for ask in halted {
            if let Some(pending) = self.asks.remove(&ask) {
                self.respond(pending.source, pending.call, Answer::Deny);
                if let Some(slot) = pending.slot {
                    self.pulse.free(slot);
                }
            }
        }
    }
}

fn kind(node: Node) -> NodeKind {
    match node {
        Node::File(_) => NodeKind::File,
        Node::Dir(_) => NodeKind::Dir,
        Node::Symlink(_) => NodeKind::Symlink,
    }
}

fn purpose(name: &[u8]) -> Purpose {
    if is_backup(name) {
        Purpose::Backup
    } else {
        Purpose::Work
    }
}

/// Whether a name says that this is a backup, in French or English.
fn is_backup(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    WORDS
        .iter()
        .any(|word| name.windows(word.len()).any(|part| part == word.as_bytes()))
}

const WORDS: [&str; 6] = ["sauvegarde", "backup", "snapshot", "restic", "borg", ".bak"];
/// Deeper trees than any file system makes are not climbed for ever.
const DEEPEST: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_are_known_by_their_names() {
        for (name, backup) in [
            ("Sauvegardes", true),
            ("patients.bak", true),
            ("Backup 2025", true),
            ("courriers", false),
            ("bak", false),
        ] {
            assert_eq!(is_backup(name.as_bytes()), backup, "{name}");
        }
    }
}
