//! What programs do.

use super::{
    duties::Actor,
    kernel::{Act, Desc, Inode, NameEvent, Part, Quiet},
    world::{World, pick},
};

/// What a program does; `slot` is a name in the protected folder, or in the one outside.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Create {
        process: u8,
        slot: u8,
    },
    Open {
        process: u8,
        slot: u8,
        write: bool,
        empty: bool,
        nonblock: bool,
    },
    OpenOutside {
        process: u8,
        slot: u8,
        write: bool,
        empty: bool,
    },
    Write {
        desc: u8,
        part: Part,
    },
    Map {
        desc: u8,
    },
    /// Through a mapping; `quiet` leaves the times as they are.
    Store {
        desc: u8,
        part: Part,
        quiet: bool,
    },
    Read {
        desc: u8,
    },
    Close {
        desc: u8,
    },
    Truncate {
        process: u8,
        slot: u8,
        whole: bool,
    },
    Touch {
        slot: u8,
    },
    Unlink {
        slot: u8,
    },
    Rename {
        from: u8,
        to: u8,
    },
    Link {
        from: u8,
        to: u8,
    },
    MoveOut {
        from: u8,
        to: u8,
    },
    MoveIn {
        from: u8,
        to: u8,
    },
    LinkOut {
        from: u8,
        to: u8,
    },
    CreateOutside {
        slot: u8,
    },
    UnlinkOutside {
        slot: u8,
    },
}

impl World {
    pub(super) fn deed(&mut self, deed: Deed) {
        match deed {
            Deed::Create { process, slot } => self.create(process, slot),
            Deed::Open {
                process,
                slot,
                write,
                empty,
                nonblock,
            } => {
                let act = Act::Open {
                    write,
                    empty,
                    nonblock,
                };
                self.begin_at(self.named(slot), process, act, true);
            }
            Deed::OpenOutside {
                process,
                slot,
                write,
                empty,
            } => {
                let nonblock = false;
                let act = Act::Open {
                    write,
                    empty,
                    nonblock,
                };
                self.begin_at(self.named_outside(slot), process, act, false);
            }
            Deed::Truncate {
                process,
                slot,
                whole,
            } => self.begin_at(self.named(slot), process, Act::Truncate { whole }, true),
            Deed::Write { desc, part } => self.write(desc, part),
            Deed::Map { desc } => self.map(desc),
            Deed::Store { desc, part, quiet } => self.store_by(desc, part, quiet),
            Deed::Read { desc } => self.read(desc),
            Deed::Close { desc } => {
                if let Some((at, _)) = self.open_desc(desc) {
                    self.close(at);
                }
            }
            Deed::Touch { slot } => {
                if let Some(inode) = self.named(slot) {
                    self.touch(inode);
                }
            }
            Deed::Unlink { slot } => self.unlink_name(slot),
            Deed::Rename { from, to } => self.rename(from, to),
            Deed::Link { from, to } => self.link(from, to),
            Deed::MoveOut { from, to } => self.move_out(from, to),
            Deed::MoveIn { from, to } => self.move_in(from, to),
            Deed::LinkOut { from, to } => self.link_out(from, to),
            Deed::CreateOutside { slot } => self.create_outside(slot),
            Deed::UnlinkOutside { slot } => self.unlink_outside(slot),
        }
    }

    fn begin_at(&mut self, inode: Option<usize>, process: u8, act: Act, by_inside: bool) {
        if let Some(inode) = inode {
            self.begin(process, inode, act, by_inside);
        }
    }

    fn open_desc(&self, number: u8) -> Option<(usize, Desc)> {
        let all = self.descs.iter().enumerate();
        let open: Vec<_> = all.filter_map(|(at, desc)| Some((at, (*desc)?))).collect();
        pick(number, open.len()).map(|at| open[at])
    }

    fn write(&mut self, number: u8, part: Part) {
        if let Some((desc, open)) = self.open_desc(number)
            && open.write
        {
            self.begin(open.process, open.inode, Act::Write { desc, part }, true);
        }
    }

    fn map(&mut self, number: u8) {
        if let Some((desc, open)) = self.open_desc(number) {
            self.begin(open.process, open.inode, Act::Map { desc }, true);
        }
    }

    fn store_by(&mut self, number: u8, part: Part, quiet: bool) {
        if let Some((desc, _)) = self.open_desc(number) {
            self.store_mapped(desc, part, if quiet { Quiet::Yes } else { Quiet::No });
        }
    }

    /// Only where it is held.
    fn read(&mut self, number: u8) {
        if let Some((_, open)) = self.open_desc(number)
            && open.gated
            && self.inodes[open.inode].near
        {
            self.begin(open.process, open.inode, Act::Read, true);
        }
    }

    fn create(&mut self, process: u8, slot: u8) {
        let inode = self.named(slot).unwrap_or_else(|| {
            let inode = self.inodes.len();
            self.inodes.push(Inode {
                inside: vec![slot],
                ..Inode::default()
            });
            self.names.push_back(NameEvent::Came { slot, inode });
            inode
        });
        let act = Act::Open {
            write: true,
            empty: true,
            nonblock: false,
        };
        self.begin(process, inode, act, true);
    }

    fn unname(&mut self, slot: u8) -> Option<usize> {
        let inode = self.named(slot)?;
        self.inodes[inode].inside.retain(|one| *one != slot);
        self.touch(inode);
        Some(inode)
    }

    fn unlink_name(&mut self, slot: u8) {
        if let Some(inode) = self.unname(slot) {
            self.names.push_back(NameEvent::Went { slot });
            self.free_if_gone(inode);
        }
    }

    fn rename(&mut self, from: u8, to: u8) {
        if self.named(from) == self.named(to) {
            return;
        }
        if let Some(inode) = self.unname(from) {
            self.arrive(Some(from), to, inode);
        }
    }

    fn arrive(&mut self, from: Option<u8>, to: u8, inode: usize) {
        let over = self.unname(to);
        self.inodes[inode].inside.push(to);
        let to = Some(to);
        self.names.push_back(NameEvent::Moved { from, to, inode });
        if let Some(over) = over {
            self.free_if_gone(over);
        }
    }

    fn link(&mut self, from: u8, to: u8) {
        if let (Some(inode), None) = (self.named(from), self.named(to)) {
            self.inodes[inode].inside.push(to);
            self.names.push_back(NameEvent::Came { slot: to, inode });
            self.touch(inode);
        }
    }

    fn move_out(&mut self, from: u8, to: u8) {
        if self.named_outside(to).is_none()
            && let Some(inode) = self.unname(from)
        {
            self.inodes[inode].outside.push(to);
            let (from, to) = (Some(from), None);
            self.names.push_back(NameEvent::Moved { from, to, inode });
        }
    }

    fn move_in(&mut self, from: u8, to: u8) {
        let coming = self.named_outside(from);
        let Some(inode) = coming.filter(|inode| self.named(to) != Some(*inode)) else {
            return;
        };
        self.inodes[inode].outside.retain(|one| *one != from);
        self.arrive(None, to, inode);
        if !self.knows(inode) {
            // It is a state from now on, though the guard cannot know of it yet.
            self.closed_state(inode, &Actor::new(0));
        }
    }

    fn link_out(&mut self, from: u8, to: u8) {
        if let (Some(inode), None) = (self.named(from), self.named_outside(to)) {
            self.inodes[inode].outside.push(to);
            self.touch(inode);
        }
    }

    fn create_outside(&mut self, slot: u8) {
        if self.named_outside(slot).is_none() {
            let fresh = self.fresh();
            self.inodes.push(Inode {
                content: [fresh, fresh],
                outside: vec![slot],
                ..Inode::default()
            });
        }
    }

    fn unlink_outside(&mut self, slot: u8) {
        if let Some(inode) = self.named_outside(slot) {
            self.inodes[inode].outside.retain(|one| *one != slot);
            self.free_if_gone(inode);
        }
    }
}
