//! The bytes of fanotify events, on whatever system they are read. Trusts lengths only after checking them: a short
//! or odd record is skipped, never read past. Layouts and numbers: linux/include/uapi/linux/fanotify.h.

use crate::event::{Attributes, Caller, Event, FileKey, NameEvent, NameKind, OnFolder, Place};

/// What a group waits for or leaves out. Values of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mask(pub u64);

impl Mask {
    /// Hold each open.
    pub const OPEN_PERM: Self = Self(0x0001_0000);
    /// Hold each access to the content, with its range (Linux 6.14).
    pub const PRE_ACCESS: Self = Self(0x0010_0000);
    /// A descriptor that could write was closed for the last time.
    pub const CLOSE_WRITE: Self = Self(0x0000_0008);
    /// A name appeared.
    pub const CREATE: Self = Self(0x0000_0100);
    /// A name went.
    pub const DELETE: Self = Self(0x0000_0200);
    /// Owner, mode, times, attributes or the number of names changed.
    pub const ATTRIB: Self = Self(0x0000_0004);
    /// A name left its folder.
    pub const MOVED_FROM: Self = Self(0x0000_0040);
    /// A name came into a folder.
    pub const MOVED_TO: Self = Self(0x0000_0080);
    /// A name moved: both places in one event (Linux 5.17).
    pub const RENAME: Self = Self(0x1000_0000);
    /// Folders too.
    pub const ONDIR: Self = Self(0x4000_0000);
    /// The folder's children.
    pub const ON_CHILD: Self = Self(0x0800_0000);
    /// Events were lost.
    pub const OVERFLOW: Self = Self(0x0000_4000);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any bit of `other` is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The longest handle that the kernel gives (`MAX_HANDLE_SZ`, fcntl.h).
const MAX_HANDLE: usize = 128;
const METADATA: usize = 24;
const INFO_FID: u8 = 1;
const INFO_DFID_NAME: u8 = 2;
const INFO_DFID: u8 = 3;
const INFO_RANGE: u8 = 6;
const INFO_OLD_DFID_NAME: u8 = 10;
const INFO_NEW_DFID_NAME: u8 = 12;

/// An event of a group that holds, as mere numbers: nothing is owned by reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldRecord {
    /// What happened or is asked.
    pub mask: Mask,
    /// The thread that asks.
    pub thread: i32,
    /// The number of the file's descriptor; none for an overflow.
    pub descriptor: Option<i32>,
    /// First byte and length of what a PRE_ACCESS event is about; length 0 means "to the end".
    pub range: Option<(u64, u64)>,
}

/// Splits bytes into records of held events.
pub fn held_records(bytes: &[u8]) -> impl Iterator<Item = HeldRecord> {
    records(bytes).map(|record| HeldRecord {
        mask: record.mask,
        thread: record.pid,
        descriptor: (record.fd >= 0).then_some(record.fd),
        range: infos(record.infos)
            .find(|(kind, _)| *kind == INFO_RANGE)
            .and_then(|(_, body)| Some((word(body, 4)?, word(body, 12)?))),
    })
}

/// Splits bytes into events of names, and of lost events.
pub fn name_events<F>(bytes: &[u8]) -> impl Iterator<Item = Event<F>> {
    records(bytes).filter_map(|record| {
        if record.mask.has(Mask::OVERFLOW) {
            return Some(Event::Lost);
        }
        name_event(&record).map(Event::Name)
    })
}

fn name_event(record: &Record<'_>) -> Option<NameEvent> {
    let mut single = None;
    let mut from = None;
    let mut to = None;
    let mut target = None;
    for (kind, body) in infos(record.infos) {
        match kind {
            INFO_FID => target = key(body).map(|(key, _)| key),
            INFO_DFID_NAME | INFO_DFID => single = place(body),
            INFO_OLD_DFID_NAME => from = place(body),
            INFO_NEW_DFID_NAME => to = place(body),
            _ => {}
        }
    }
    let came = record.mask.has(Mask::CREATE.and(Mask::MOVED_TO));
    let went = record.mask.has(Mask::DELETE.and(Mask::MOVED_FROM));
    let attributes = record.mask.has(Mask::ATTRIB);
    let kind = if record.mask.has(Mask::RENAME) {
        NameKind::Renamed {
            from: from?,
            to: to?,
        }
    } else {
        match (came, went) {
            (true, true) => NameKind::Unclear(single?),
            (true, false) => NameKind::Created(single?),
            (false, true) => NameKind::Deleted(single?),
            (false, false) if attributes => {
                // A folder's own event names the folder itself, as ".", and nothing else.
                target = target.or_else(|| Some(single?.folder));
                NameKind::Stays
            }
            (false, false) => return None,
        }
    };
    Some(NameEvent {
        kind,
        target,
        on_folder: if record.mask.has(Mask::ONDIR) {
            OnFolder::Folder
        } else {
            OnFolder::Other
        },
        attributes: if attributes {
            Attributes::Changed
        } else {
            Attributes::Same
        },
        by: (record.pid > 0).then_some(Caller(record.pid)),
    })
}

struct Record<'a> {
    mask: Mask,
    fd: i32,
    pid: i32,
    infos: &'a [u8],
}

fn records(mut bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let total = usize::try_from(half(bytes, 0)?).ok()?;
        let head = usize::from(u16::from_ne_bytes(bytes.get(6..8)?.try_into().ok()?));
        if total < METADATA || head < METADATA || head > total || total > bytes.len() {
            return None;
        }
        let (record, rest) = bytes.split_at(total);
        bytes = rest;
        Some(Record {
            mask: Mask(word(record, 8)?),
            fd: half(record, 16)?.cast_signed(),
            pid: half(record, 20)?.cast_signed(),
            infos: &record[head..],
        })
    })
}

fn infos(mut bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let kind = *bytes.first()?;
        let length = usize::from(u16::from_ne_bytes(bytes.get(2..4)?.try_into().ok()?));
        if length < 4 || length > bytes.len() {
            return None;
        }
        let (info, rest) = bytes.split_at(length);
        bytes = rest;
        Some((kind, &info[4..]))
    })
}

// After the file system's number (8 bytes): length, type, bytes of the handle. The key is what the index keeps: the
// type, little-endian, then the bytes.
fn key(body: &[u8]) -> Option<(FileKey, &[u8])> {
    let length = usize::try_from(half(body, 8)?).ok()?;
    let kind = half(body, 12)?;
    let rest = body.get(16..)?;
    (length <= rest.len() && length <= MAX_HANDLE).then(|| {
        let (handle, rest) = rest.split_at(length);
        (
            FileKey::new([&kind.to_le_bytes()[..], handle].concat()),
            rest,
        )
    })
}

fn place(body: &[u8]) -> Option<Place> {
    let (folder, rest) = key(body)?;
    let name = rest
        .split(|byte| *byte == 0)
        .next()
        .unwrap_or_default()
        .to_vec();
    Some(Place { folder, name })
}

fn half(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(mask: u64, infos: &[u8]) -> Vec<u8> {
        let total = u32::try_from(METADATA + infos.len()).unwrap();
        let mut bytes = total.to_ne_bytes().to_vec();
        bytes.extend([3, 0]);
        bytes.extend(u16::try_from(METADATA).unwrap().to_ne_bytes());
        bytes.extend(mask.to_ne_bytes());
        bytes.extend((-1_i32).to_ne_bytes());
        bytes.extend(77_i32.to_ne_bytes());
        bytes.extend(infos);
        bytes
    }

    fn named_info(kind: u8, handle: &[u8], name: &str) -> Vec<u8> {
        let mut body = vec![0; 8];
        body.extend(u32::try_from(handle.len()).unwrap().to_ne_bytes());
        body.extend(1_i32.to_ne_bytes());
        body.extend(handle);
        body.extend(name.as_bytes());
        body.push(0);
        while !body.len().is_multiple_of(4) {
            body.push(0);
        }
        let mut info = vec![kind, 0];
        info.extend(u16::try_from(body.len() + 4).unwrap().to_ne_bytes());
        info.extend(body);
        info
    }

    fn names(bytes: &[u8]) -> impl Iterator<Item = Event<()>> {
        name_events(bytes)
    }

    #[test]
    fn a_rename_tells_both_places_and_the_file() {
        let mut infos = named_info(INFO_OLD_DFID_NAME, &[1; 8], "avant");
        infos.extend(named_info(INFO_NEW_DFID_NAME, &[2; 8], "après"));
        infos.extend(named_info(INFO_FID, &[3; 8], ""));
        let bytes = record(Mask::RENAME.0, &infos);
        let events: Vec<_> = names(&bytes).collect();
        assert_eq!(events.len(), 1);
        let Event::Name(event) = &events[0] else {
            panic!("{events:?}")
        };
        let NameKind::Renamed { from, to } = &event.kind else {
            panic!("{event:?}")
        };
        assert_eq!(
            (from.name.as_slice(), to.name.as_slice()),
            (&b"avant"[..], "après".as_bytes())
        );
        let key = FileKey::new([&[1, 0, 0, 0][..], &[3; 8]].concat());
        assert_eq!(event.target, Some(key));
    }

    #[test]
    fn lost_events_are_an_event() {
        let bytes = record(Mask::OVERFLOW.0, &[]);
        assert_eq!(names(&bytes).collect::<Vec<_>>(), [Event::Lost]);
        let record = held_records(&bytes).next().unwrap();
        assert_eq!(record.descriptor, None);
    }

    #[test]
    fn a_range_is_read() {
        let mut info = vec![INFO_RANGE, 0, 24, 0, 0, 0, 0, 0];
        info.extend(4096_u64.to_ne_bytes());
        info.extend(512_u64.to_ne_bytes());
        let bytes = record(Mask::PRE_ACCESS.0, &info);
        let event = held_records(&bytes).next().unwrap();
        assert_eq!((event.range, event.thread), (Some((4096, 512)), 77));
        assert_eq!(event.descriptor, None);
    }

    #[test]
    fn a_handle_longer_than_the_kernel_gives_is_none() {
        for (length, wanted) in [(MAX_HANDLE, 1), (MAX_HANDLE + 1, 0)] {
            let info = named_info(INFO_DFID_NAME, &vec![7; length], "nom");
            let bytes = record(Mask::CREATE.0, &info);
            assert_eq!(names(&bytes).count(), wanted, "{length}");
        }
    }

    #[test]
    fn cut_bytes_end_the_reading_without_harm() {
        let bytes = record(Mask::CREATE.0, &named_info(INFO_DFID_NAME, &[9; 8], "nom"));
        for cut in 0..bytes.len() {
            assert_eq!(names(&bytes[..cut]).count(), 0, "{cut}");
        }
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut odd = bytes.clone();
                odd[at] = value;
                let _ = names(&odd).count();
            }
        }
    }
}
