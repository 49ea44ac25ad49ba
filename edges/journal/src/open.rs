//! Opening a journal for writing: lock it, check its end, repair what a power cut tore.

use std::{
    fs::{self, File, TryLockError},
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use hygie_model::Wall;

use crate::{
    Break, Broken, Disk, Entry, Error, Kind, LineDigest, Month, Place, RealDisk, Writer,
    chain::Link,
    disk,
    head::{Anchor, Found, Head},
    parse_line,
    segment::{Ending, Segment},
    walk::{Breaks, Walk, walk},
    writer::{Tail, TailEnd, torn_entries},
};

/// What to do when the end of the journal does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBreak {
    /// Do not open it.
    Refuse,
    /// Record the break and go on: a guard must be able to record what happens next.
    /// [`crate::Reader::verify`] tells the break as long as its segment is kept.
    GoOn,
}

/// What was done while opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Nothing was to be done.
    None,
    /// The end was torn, as by a power cut during an append; its bytes were moved into `torn`
    /// records. Nothing that an append had confirmed is lost.
    Torn {
        /// How many.
        bytes: u64,
    },
    /// The chain did not hold; a `break` record says where, and the journal goes on.
    TakenUpAgain(Broken),
}

impl Writer {
    /// Opens the journal in `dir`, made if need be. Checks its last segments and repairs a torn end.
    ///
    /// # Errors
    /// Another writer has it open, its end does not hold, or the file system refuses.
    pub fn open(dir: &Path, on_break: OnBreak, now: Wall) -> Result<(Self, Repair), Error> {
        Self::open_on(RealDisk, dir, on_break, now)
    }
}

impl<D: Disk> Writer<D> {
    /// As [`Writer::open`], on another disk.
    ///
    /// # Errors
    /// As [`Writer::open`].
    pub fn open_on(
        disk: D,
        dir: &Path,
        on_break: OnBreak,
        now: Wall,
    ) -> Result<(Self, Repair), Error> {
        make_dir(dir)?;
        let mut writer = Self::new(dir, disk, lock(dir)?);
        let mut segments = Segment::list(dir)?;
        remove_empty(&mut segments)?;
        let anchor = match Head::read(dir)? {
            Found::Head(head) => head.last,
            Found::Not(Break::HeadMissing) if segments.is_empty() => {
                Head { last: None }.write(dir, &mut writer.disk)?;
                None
            }
            Found::Not(what) => {
                let broken = at_the_end(&segments, None, 0, what);
                return writer.take_up_again(broken, on_break, &segments, None, now);
            }
        };
        let walked = walk(
            tail_of(&segments, anchor.as_ref()),
            anchor.clone(),
            Breaks::Forgiven,
        )?;
        writer.last = walked.chain.last.clone();
        match judge(&walked, &segments, anchor.as_ref()) {
            End::Whole => {
                writer.tail = segments.pop().map(Tail::open).transpose()?;
                Ok((writer, Repair::None))
            }
            End::Torn { keep } => {
                let newest = segments.pop().expect("a torn line lies in a segment");
                writer.repair(newest, keep, now)
            }
            End::Broken(broken) => writer.take_up_again(broken, on_break, &segments, anchor, now),
        }
    }

    /// Moves what follows the first `keep` bytes into `torn` records, at once: after another power
    /// cut the segment is as before or repaired.
    fn repair(mut self, segment: Segment, keep: u64, now: Wall) -> Result<(Self, Repair), Error> {
        let torn = read_from(&segment.path, keep)?;
        let begun = (keep == 0).then_some(segment.month);
        let draft = self.draft(begun, torn_entries(&torn), now)?;
        disk::replace(&mut self.disk, &segment.path, keep, &draft.bytes)
            .and_then(|()| disk::sync_dir(&self.dir))
            .map_err(Error::at(&segment.path))?;
        let len = keep + draft.bytes.len() as u64;
        draft
            .anchor(segment.month, len)
            .write(&self.dir, &mut self.disk)?;
        self.last = draft.last;
        self.tail = Some(Tail::open(segment)?);
        let bytes = torn.len() as u64;
        Ok((self, Repair::Torn { bytes }))
    }

    /// Joins a `break` record to whatever the journal ends with now; changes nothing of it.
    fn take_up_again(
        mut self,
        broken: Broken,
        on_break: OnBreak,
        segments: &[Segment],
        anchor: Option<Anchor>,
        now: Wall,
    ) -> Result<(Self, Repair), Error> {
        if on_break == OnBreak::Refuse {
            return Err(broken.into());
        }
        self.last = after_lost(self.last.take(), anchor, now);
        if let Some(newest) = segments.last() {
            let mut tail = Tail::open(newest.clone())?;
            (self.last, tail.end) = raw_end(newest, self.last)?;
            self.tail = Some(tail);
        }
        let entry = Entry::new(Kind::own(Kind::BREAK))
            .with("segment", broken.place.segment.to_string())
            .with("line", broken.place.line)
            .with("what", broken.what.to_string());
        self.record(vec![entry], now)?;
        Ok((self, Repair::TakenUpAgain(broken)))
    }
}

impl Tail {
    fn open(segment: Segment) -> Result<Self, Error> {
        let file = disk::open(&segment.path).map_err(Error::at(&segment.path))?;
        let len = segment.len()?;
        let end = TailEnd::Whole;
        Ok(Self {
            segment,
            file,
            len,
            end,
        })
    }
}

/// Takes away a newest segment without a byte: an append that failed before its first one.
fn remove_empty(segments: &mut Vec<Segment>) -> Result<(), Error> {
    match segments.pop_if(|newest| newest.len().is_ok_and(|len| len == 0)) {
        Some(empty) => fs::remove_file(&empty.path).map_err(Error::at(&empty.path)),
        None => Ok(()),
    }
}

/// How the journal ends.
enum End {
    Whole,
    /// What follows the first `keep` bytes of the newest segment was never confirmed.
    Torn {
        keep: u64,
    },
    Broken(Broken),
}

/// Nothing that `head` confirmed may be missing or changed; what follows it may be torn.
fn judge(walked: &Walk, segments: &[Segment], anchor: Option<&Anchor>) -> End {
    let newest = segments.last().map(|segment| segment.month);
    match &walked.stop {
        Some(stop) if walked.chain.anchor_met && Some(stop.broken.place.segment) == newest => {
            End::Torn { keep: stop.start }
        }
        Some(stop) => End::Broken(stop.broken.clone()),
        None if walked.chain.anchor_met => End::Whole,
        None => End::Broken(at_the_end(segments, anchor, walked.line, Break::EndCut)),
    }
}

fn at_the_end(segments: &[Segment], anchor: Option<&Anchor>, line: u64, what: Break) -> Broken {
    let newest = segments.last().map(|segment| segment.month);
    let segment = newest.or(anchor.map(|anchor| anchor.segment));
    let segment = segment.unwrap_or(Month::of(Wall(0)));
    Broken {
        place: Place { segment, line },
        what,
    }
}

/// The segments to check: from the anchored one on, and at least the last two.
fn tail_of<'a>(segments: &'a [Segment], anchor: Option<&Anchor>) -> &'a [Segment] {
    let two = segments.len().saturating_sub(2);
    let anchored = segments
        .iter()
        .position(|segment| anchor.is_some_and(|anchor| anchor.segment == segment.month));
    &segments[anchored.unwrap_or(two).min(two)..]
}

/// What to go on from when the end is lost; the numbers of lost lines are not given again.
fn after_lost(last: Option<Link>, anchor: Option<Anchor>, now: Wall) -> Option<Link> {
    let Some(anchor) = anchor else {
        return last;
    };
    Some(match last {
        Some(last) => Link {
            seq: last.seq.max(anchor.seq),
            ..last
        },
        None => Link {
            seq: anchor.seq,
            at: now,
            digest: anchor.digest,
        },
    })
}

/// What the bytes of a broken segment end with, as far as it can be read.
fn raw_end(segment: &Segment, known: Option<Link>) -> Result<(Option<Link>, TailEnd), Error> {
    let (mut last, mut end) = (known, TailEnd::Whole);
    let mut lines = segment.lines()?;
    while let Some(line) = lines.next()? {
        end = match line.ending {
            Ending::Newline => TailEnd::Whole,
            Ending::Torn => TailEnd::Open,
        };
        let digest = LineDigest::of(&line.bytes);
        last = match (parse_line(&line.bytes), last) {
            (Ok(record), before) => Some(Link {
                seq: record.seq.max(before.as_ref().map_or(0, |link| link.seq)),
                at: record.at.max(before.map_or(record.at, |link| link.at)),
                digest,
            }),
            (Err(_), Some(before)) => Some(Link { digest, ..before }),
            (Err(_), None) => None,
        };
    }
    Ok((last, end))
}

fn make_dir(dir: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(Error::at(dir))
}

fn lock(dir: &Path) -> Result<File, Error> {
    let path = dir.join(LOCK);
    let file = disk::open(&path).map_err(Error::at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Locked {
            dir: dir.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(Error::at(path)(error)),
    }
}

fn read_from(path: &Path, start: u64) -> Result<Vec<u8>, Error> {
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(Error::at(path))
}

const LOCK: &str = "lock";
