//! What was done to one file or folder, by whom, and what follows for its names and its content. Pure.

use std::collections::BTreeMap;

use hygie_acts::{Deed, Left, Place};
use hygie_model::{NodeKind, Wall};

/// Whose act it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// A stopped family's, and it is to be undone.
    Them,
    /// Anybody else's, and it stays.
    Others,
}

/// One act on one node.
#[derive(Clone, Debug)]
pub(crate) struct Touch {
    pub(crate) id: i64,
    pub(crate) by: By,
    pub(crate) at: Wall,
    pub(crate) deed: Deed,
}

/// Where a name comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Honest work left it there, or would have, under this name.
    Honest(Place),
    /// The family gave it.
    Theirs,
}

/// What follows from all acts on one node.
#[derive(Debug)]
pub(crate) struct Fate {
    pub(crate) kind: NodeKind,
    /// The family made it.
    pub(crate) theirs: bool,
    /// The names that it has now, by the acts.
    pub(crate) names: BTreeMap<Place, Origin>,
    /// Names that honest work gave it since, and by which act.
    pub(crate) late: BTreeMap<Place, i64>,
    /// Names that the family took, which it shall have again.
    pub(crate) taken: Vec<Place>,
    /// Names that honest programs took from it after it had been spoilt.
    pub(crate) dropped: Vec<Place>,
    /// The name that an honest program took from it last while it was whole.
    pub(crate) let_go: Option<Place>,
    /// The family's first change of the content.
    pub(crate) spoilt: Option<(Wall, Left)>,
    /// The honest change after it that came last, and whether the family changed it again.
    pub(crate) mended: Option<(Left, Spoilt)>,
    /// The family's first change of attributes.
    pub(crate) restyled: Option<(Wall, Left)>,
    /// The last honest change of attributes after the family's first of any.
    pub(crate) styled: Option<(Wall, Left)>,
    /// Whether the family changed them again after that.
    pub(crate) restyled_again: Spoilt,
}

/// Whether the family had the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoilt {
    Again,
    No,
}

impl Fate {
    /// Goes through the acts in their order.
    pub(crate) fn of(kind: NodeKind, touches: &[Touch]) -> Self {
        let mut fate = Self {
            kind,
            theirs: false,
            names: BTreeMap::new(),
            late: BTreeMap::new(),
            taken: Vec::new(),
            dropped: Vec::new(),
            let_go: None,
            spoilt: None,
            mended: None,
            restyled: None,
            styled: None,
            restyled_again: Spoilt::No,
        };
        let mut touched = false;
        for (nth, touch) in touches.iter().enumerate() {
            fate.add(touch, nth, touched);
            touched |= touch.by == By::Them;
        }
        fate
    }

    fn add(&mut self, touch: &Touch, nth: usize, touched: bool) {
        match (touch.by, &touch.deed) {
            (By::Them, Deed::Made(at)) => {
                self.theirs |= nth == 0;
                self.names.insert(at.clone(), Origin::Theirs);
            }
            (By::Them, Deed::Linked(at)) => {
                self.names.insert(at.clone(), Origin::Theirs);
            }
            (By::Others, Deed::Made(at) | Deed::Linked(at)) => self.honest(at, touch.id),
            (By::Them, Deed::Renamed { from, to }) => {
                let origin = self.leave(from);
                self.names.insert(to.clone(), origin);
            }
            (By::Others, Deed::Renamed { from, to }) => {
                if let Origin::Honest(former) = self.leave(from) {
                    self.late.remove(&former);
                }
                self.honest(to, touch.id);
            }
            (By::Them, Deed::Deleted(from)) => {
                if let Origin::Honest(former) = self.leave(from) {
                    self.taken.push(former);
                }
            }
            (By::Others, Deed::Deleted(from)) => {
                if let Origin::Honest(former) = self.leave(from) {
                    // Whoever threw away what the family spoilt or hid under another name did not mean what it was before.
                    if self.spoilt.is_some() || former != *from {
                        self.dropped.push(former);
                    } else {
                        self.late.remove(&former);
                        self.let_go = Some(former);
                    }
                }
            }
            (By::Them, Deed::Changed(left)) => {
                self.spoilt.get_or_insert((touch.at, *left));
                if let Some((_, spoilt)) = &mut self.mended {
                    *spoilt = Spoilt::Again;
                }
            }
            (By::Others, Deed::Changed(left)) => {
                if touched {
                    self.mended = Some((*left, Spoilt::No));
                }
            }
            (By::Them, Deed::Attributes(left)) => {
                self.restyled.get_or_insert((touch.at, *left));
                self.restyled_again = Spoilt::Again;
            }
            (By::Others, Deed::Attributes(left)) => {
                if touched {
                    self.styled = Some((touch.at, *left));
                    self.restyled_again = Spoilt::No;
                }
            }
        }
    }

    /// A name that no act told of before was there before.
    fn leave(&mut self, from: &Place) -> Origin {
        self.names
            .remove(from)
            .unwrap_or_else(|| Origin::Honest(from.clone()))
    }

    fn honest(&mut self, at: &Place, id: i64) {
        self.late.entry(at.clone()).or_insert(id);
        // It has this name again: nothing else stands for it any more.
        self.taken.retain(|taken| taken != at);
        self.dropped.retain(|dropped| dropped != at);
        for origin in self.names.values_mut() {
            if matches!(origin, Origin::Honest(former) if former == at) {
                *origin = Origin::Theirs;
            }
        }
        self.names.insert(at.clone(), Origin::Honest(at.clone()));
    }
}
