//! From one act on one file to the degree of each signal.
//! Knows nothing of who acts: what a change is, it is whoever did it.

use hygie_kind::{Extension, Form, Kind, Name, Stem};

use super::{
    signal::Signal,
    words::{Change, Facts},
};

/// The degree of each signal that one file shows, in hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks([u8; 20]);

impl Marks {
    pub(super) fn with(mut self, signal: Signal, degree: u64) -> Self {
        let degree = u8::try_from(degree.min(100)).expect("it is at most a hundred");
        let mark = &mut self.0[signal.index()];
        *mark = degree.max(*mark);
        self
    }

    pub(super) fn get(&self, signal: Signal) -> u32 {
        u32::from(self.0[signal.index()])
    }

    pub(super) fn without(mut self, signal: Signal) -> Self {
        self.0[signal.index()] = 0;
        self
    }

    pub(super) fn most(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|index| {
            self.0[index].max(other.0[index])
        }))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&degree| degree == 0)
    }

    /// Only what honest programs show all day.
    pub(super) fn is_weak(&self) -> bool {
        self.0.iter().map(|&degree| u32::from(degree)).sum::<u32>() < 50
    }

    /// The file itself is damaged, not only its name.
    pub(super) fn is_harm(&self) -> bool {
        HARM.into_iter().any(|signal| self.get(signal) >= 50) || self.get(Signal::NameLost) == 100
    }
}

/// Looks as if only a key opens it.
pub(super) fn is_sealed(facts: &Facts) -> bool {
    facts.kind == Kind::Sealed
        || (facts.kind == Kind::Unknown && facts.len >= 32 && facts.spread.fill >= SEALED_FILL)
}

/// A short text, such as a note.
pub(super) fn is_note(facts: &Facts) -> bool {
    facts.kind == Kind::Text && (16..=16 * 1024).contains(&facts.len)
}

/// What a change in place, or by a rename over it, shows.
pub(super) fn change(change: &Change) -> Marks {
    let Change {
        before,
        after,
        likeness,
    } = change;
    let mut marks = replaced(before, after);
    let framed = is_framed(before, after);
    // What only a key opens is another one each time.
    let readable = before.kind.is_meaningful() || before.spread.fill < SEALED_FILL;
    let unlike = likeness.kept < 50 && likeness.resemblance < 50;
    if readable && unlike && before.len > 0 && after.len > 0 {
        marks = marks.with(Signal::Unlike, if framed { 10 } else { 100 });
    }
    let grown = after.len >= before.len / 10 * 9;
    if likeness.turned > 0 && likeness.kept > 0 && grown {
        let degree = if before.kind == Kind::Database {
            // It keeps scans and letters in its pages.
            20
        } else if before.kind == Kind::Unknown {
            // A disk image, a virtual machine, an unknown program's store.
            40
        } else {
            100
        };
        marks = marks.with(Signal::Stirred, degree);
    }
    if is_torn(change) {
        marks = marks.with(Signal::Torn, 100);
    }
    marks
}

/// What can be said without comparing the bytes.
pub(super) fn replaced(before: &Facts, after: &Facts) -> Marks {
    let mut marks = Marks::default();
    let worth = if before.kind.is_work() { 100 } else { 30 };
    if after.len == 0 {
        return match before.len {
            16.. if before.kind.is_meaningful() => marks.with(Signal::Emptied, worth),
            _ => marks,
        };
    }
    if before.kind.is_meaningful() {
        marks = if matches!(after.kind, Kind::Unknown | Kind::Sealed) {
            marks.with(Signal::KindLost, worth)
        } else if after.kind == before.kind {
            marks
        } else {
            marks.with(Signal::KindChanged, distance(before.kind, after.kind))
        };
    }
    let rise = u64::from(after.spread.fill.saturating_sub(before.spread.fill));
    // Who compresses gets a smaller file; who encrypts does not.
    let smaller = after.len < before.len / 10 * 9;
    let counts = before.len > 0 && !(smaller && is_framed(before, after));
    if rise > SLACK && counts {
        let degree = (rise - SLACK) / 3;
        // Packing, or a password within the format, is what these formats are for.
        let within = before.kind.is_packed() && is_framed(before, after);
        marks = marks.with(
            Signal::EntropyRose,
            if within { degree.min(40) } else { degree },
        );
    }
    marks
}

/// The same format, with head and tail in place. Text has no frame to speak of, yet is told by every byte.
fn is_framed(before: &Facts, after: &Facts) -> bool {
    let same = after.kind == before.kind || distance(before.kind, after.kind) < 50;
    same && after.form == Form::Whole && after.kind != Kind::Unknown
}

/// How far apart two kinds are: a ZIP written by another program may begin with another entry.
fn distance(one: Kind, two: Kind) -> u64 {
    let image = |kind| matches!(kind, Kind::Jpeg | Kind::Png | Kind::Image);
    let packed = |kind| matches!(kind, Kind::Office | Kind::Archive);
    let text = |kind| matches!(kind, Kind::Text | Kind::Compound | Kind::Office);
    match (one, two) {
        _ if (image(one) && image(two)) || (packed(one) && packed(two)) => 25,
        _ if text(one) && text(two) => 50,
        _ => 100,
    }
}

/// The head is right and the rest is not: the tail is gone; or a packed content, which no program
/// edits in the middle, has other random blocks there and not a byte's difference in length.
fn is_torn(change: &Change) -> bool {
    let Change {
        before,
        after,
        likeness,
    } = change;
    if before.kind != after.kind || before.form != Form::Whole {
        return false;
    }
    if after.form == Form::Torn {
        return true;
    }
    let same_len = after.len == before.len;
    let footed = (before.len..=before.len + FOOTER).contains(&after.len);
    let patched = likeness.kept > 0
        && likeness.replaced >= 2
        && ((same_len && likeness.replaced >= 2) || (footed && likeness.stretches >= 2));
    let redone =
        likeness.kept == 0 && same_len && likeness.replaced >= 2 && likeness.resemblance < 300;
    before.kind.is_packed() && (patched || redone)
}

/// What a new name shows. What people and programs set aside is honest; so is a known extension.
pub(super) fn rename(from: &Name, to: &Name, what: &Facts) -> Marks {
    let mut marks = Marks::default();
    if !what.kind.is_meaningful() && !is_sealed(what) {
        return marks;
    }
    let lost = from.extension == Extension::Known && to.extension == Extension::Unknown;
    if lost {
        marks = marks.with(Signal::ExtensionLost, 100);
    }
    if from.stem == Stem::Plain && to.stem == Stem::Meaningless {
        let degree = match to.extension {
            Extension::Known => 50,
            Extension::None | Extension::Aside | Extension::Unknown => 100,
        };
        marks = marks.with(Signal::NameLost, degree);
    }
    marks
}

/// Random bytes reach 1000 ± 15; deflate and JPEG 970 to 998, but these have a kind.
const SEALED_FILL: u16 = 965;

/// A change of entropy that an edit may bring, in thousandths of chance's.
const SLACK: u64 = 50;

/// Attackers append a key: a few hundred bytes.
const FOOTER: u64 = 4096;

const HARM: [Signal; 7] = [
    Signal::KindLost,
    Signal::KindChanged,
    Signal::EntropyRose,
    Signal::Stirred,
    Signal::Torn,
    Signal::Emptied,
    Signal::Deleted,
];
