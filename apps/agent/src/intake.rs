//! What a system's events are to the law: which question they put, and with what.
//! Pure, so that recorded streams ask the law the same as the guard does.

use hygie_guard::{Ask, Found, Intent, Leased, Opening, Seen, Standing};
use hygie_model::FileId;
use hygie_platform::{
    Access, Reach,
    event::{Event, Held, Want},
};

/// What the guard knows of the file that an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The law watches it.
    Watched(FileId),
    /// The index has it from an earlier run; the walk has not met it yet.
    Remembered(FileId),
    /// Nothing.
    No,
}

impl Known {
    fn file(self) -> Option<FileId> {
        match self {
            Self::Watched(file) | Self::Remembered(file) => Some(file),
            Self::No => None,
        }
    }
}

/// What becomes of an event about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It goes on, or is no news.
    Pass,
    /// A state was closed.
    Closed(FileId),
    /// Its content is wanted, in this range.
    Content(FileId, Option<(u64, u64)>),
    /// It is opened.
    Open(FileId),
    /// It is opened before the walk has met it: the law hears of it first.
    OpenRemembered(FileId),
    /// It is opened, and nobody knows it.
    OpenUnknown,
}

/// The course of an event about a file.
#[must_use]
pub fn course<F>(event: &Event<F>, known: Known) -> Course {
    match event {
        Event::Closed(..) => known.file().map_or(Course::Pass, Course::Closed),
        Event::Held(Held {
            want: Want::Content(range),
            ..
        }) => known
            .file()
            .map_or(Course::Pass, |file| Course::Content(file, *range)),
        Event::Held(Held {
            want: Want::Open, ..
        }) => match known {
            Known::Watched(file) => Course::Open(file),
            Known::Remembered(file) => Course::OpenRemembered(file),
            Known::No => Course::OpenUnknown,
        },
        Event::Name(_) | Event::Lost => Course::Pass,
    }
}

/// What an unknown file is to the law when it is opened in a protected folder.
#[must_use]
pub fn first_met(size: u64) -> Found {
    if size == 0 {
        Found::New
    } else {
        Found::NotKept
    }
}

/// What the index's file is to the law when it is opened before the walk has met it.
#[must_use]
pub fn met_again(seen: Seen) -> Found {
    match seen {
        Seen::Same => Found::Kept,
        Seen::Differs => Found::NotKept,
    }
}

/// What was found out about a held open before its caller is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Looked {
    /// Whether the file looks as its newest version did.
    pub seen: Seen,
    /// Whether the law has a copy of what it holds, as far as it knows.
    pub kept: Kept,
    /// Whether a lease was granted now.
    pub lease: Leased,
    /// Whether it must be known of each caller what he may change.
    pub follow: Follow,
}

impl Looked {
    fn is_safe(self) -> bool {
        self.kept == Kept::Yes && self.seen == Seen::Same
    }

    // A lease proves a reader, but for one that empties the file with O_RDONLY|O_TRUNC, which matters only while
    // there is no copy.
    fn proves_a_reader(self) -> bool {
        self.lease == Leased::Granted && self.is_safe()
    }
}

/// Whether the present state has a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It has.
    Yes,
    /// It has none.
    No,
}

/// Whether the changes of a file are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// They are.
    Yes,
    /// They are not.
    No,
}

/// A held open, understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Understood {
    /// What the caller will do.
    pub intent: Intent,
    /// How far he is trusted.
    pub standing: Standing,
    /// How much of the file the open itself may change.
    pub reach: Reach,
    seen: Seen,
    lease: Leased,
}

impl Understood {
    /// The question to the law.
    #[must_use]
    pub fn opening(self, ask: Ask, file: FileId) -> Opening {
        Opening {
            ask,
            file,
            intent: self.intent,
            standing: self.standing,
            seen: self.seen,
            lease: self.lease,
        }
    }

    /// Whether the call goes on if nobody decides.
    #[must_use]
    pub fn if_undecided(self) -> Undecided {
        match (self.intent, self.standing) {
            (Intent::Read, _) | (_, Standing::Known) => Undecided::GoesOn,
            (Intent::Write, Standing::Unknown) => Undecided::Fails,
        }
    }
}

/// What becomes of a held call that nobody decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// It goes on.
    GoesOn,
    /// It fails.
    Fails,
}

/// Understands a held open. `access` and `standing` cost calls of the system, and are asked only where it matters.
pub fn understand(
    looked: Looked,
    access: impl FnOnce() -> Access,
    standing: impl FnOnce() -> Standing,
) -> Understood {
    let proven = looked.proves_a_reader();
    let access = if proven && looked.follow == Follow::No {
        Access::Read
    } else {
        access()
    };
    Understood {
        intent: match access {
            Access::Read => Intent::Read,
            Access::Write | Access::Change if proven => Intent::Read,
            Access::Write | Access::Change => Intent::Write,
        },
        standing: if looked.is_safe() {
            Standing::Unknown
        } else {
            standing()
        },
        reach: if access == Access::Change {
            Reach::Everything
        } else {
            Reach::Nothing
        },
        seen: looked.seen,
        lease: looked.lease,
    }
}

/// What becomes of a held change that nobody decides.
#[must_use]
pub fn change_undecided(standing: Standing) -> Undecided {
    match standing {
        Standing::Known => Undecided::GoesOn,
        Standing::Unknown => Undecided::Fails,
    }
}

#[cfg(test)]
mod tests {
    use hygie_platform::event::{Call, Caller};

    use super::*;

    const AT_REST: Looked = Looked {
        seen: Seen::Same,
        kept: Kept::Yes,
        lease: Leased::Granted,
        follow: Follow::No,
    };

    fn nobody<T>() -> T {
        panic!("this is not asked: it costs a call of the system")
    }

    #[test]
    fn a_lease_on_a_safe_file_proves_a_reader_and_nothing_else_is_asked() {
        let reader = understand(AT_REST, nobody, nobody);
        assert_eq!(reader.intent, Intent::Read);
        assert_eq!(reader.reach, Reach::Nothing);
        assert_eq!(reader.if_undecided(), Undecided::GoesOn);
    }

    #[test]
    fn of_a_followed_file_it_is_known_who_empties_it_under_a_lease() {
        let followed = Looked {
            follow: Follow::Yes,
            ..AT_REST
        };
        let empties = understand(followed, || Access::Change, nobody);
        assert_eq!(empties.intent, Intent::Read);
        assert_eq!(empties.reach, Reach::Everything);
    }

    #[test]
    fn who_writes_a_state_without_a_copy_is_looked_at() {
        for (kept, seen) in [(Kept::No, Seen::Same), (Kept::Yes, Seen::Differs)] {
            for lease in [Leased::Granted, Leased::Refused] {
                let looked = Looked {
                    seen,
                    kept,
                    lease,
                    follow: Follow::No,
                };
                let writer = understand(looked, || Access::Write, || Standing::Unknown);
                assert_eq!(writer.intent, Intent::Write);
                assert_eq!(writer.if_undecided(), Undecided::Fails);
                let known = understand(looked, || Access::Change, || Standing::Known);
                assert_eq!(known.if_undecided(), Undecided::GoesOn);
                let opening = known.opening(Ask(3), FileId(7));
                assert_eq!((opening.ask, opening.file), (Ask(3), FileId(7)));
                assert_eq!((opening.seen, opening.lease), (seen, lease));
            }
        }
    }

    #[test]
    fn each_event_takes_its_course() {
        let held = |want| {
            Event::Held(Held {
                call: Call(1),
                caller: Caller(1),
                want,
                file: (),
            })
        };
        let file = FileId(7);
        let range = Some((0, 4096));
        let known = [Known::Watched(file), Known::Remembered(file), Known::No];
        for (event, courses) in [
            (
                held(Want::Open),
                [
                    Course::Open(file),
                    Course::OpenRemembered(file),
                    Course::OpenUnknown,
                ],
            ),
            (
                held(Want::Content(range)),
                [
                    Course::Content(file, range),
                    Course::Content(file, range),
                    Course::Pass,
                ],
            ),
            (
                Event::Closed((), None),
                [Course::Closed(file), Course::Closed(file), Course::Pass],
            ),
            (Event::Lost, [Course::Pass; 3]),
        ] {
            assert_eq!(known.map(|known| course(&event, known)), courses);
        }
    }
}
