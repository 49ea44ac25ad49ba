//! The bytes of fanotify events. Trusts lengths only after checking them: a short or odd record
//! is skipped, never read past.

use std::os::fd::{FromRawFd, OwnedFd, RawFd};

use super::Mask;
use crate::linux::handle::{Handle, MAX_HANDLE};

const METADATA: usize = 24;
const INFO_FID: u8 = 1;
const INFO_DFID_NAME: u8 = 2;
const INFO_DFID: u8 = 3;
const INFO_RANGE: u8 = 6;
const INFO_OLD_DFID_NAME: u8 = 10;
const INFO_NEW_DFID_NAME: u8 = 12;

/// An event of a group that holds. Its descriptor is open for reading and makes no events.
#[derive(Debug)]
pub struct HeldEvent {
    /// What happened or is asked.
    pub mask: Mask,
    /// The thread that asks.
    pub thread: i32,
    /// The file; none for an overflow.
    pub file: Option<OwnedFd>,
    /// First byte and length of what a PRE_ACCESS event is about; length 0 means "to the end".
    pub range: Option<(u64, u64)>,
}

/// The same as mere numbers: nothing is owned yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldRecord {
    /// What happened or is asked.
    pub mask: Mask,
    /// The thread that asks.
    pub thread: i32,
    /// The number of the file's descriptor.
    pub descriptor: Option<RawFd>,
    /// As in [`HeldEvent`].
    pub range: Option<(u64, u64)>,
}

/// A folder and a name in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRecord {
    /// The folder's handle.
    pub folder: Handle,
    /// The name in it, as bytes.
    pub name: Vec<u8>,
}

/// What happened to a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// It appeared.
    Created(NameRecord),
    /// It went.
    Deleted(NameRecord),
    /// It moved within the file system.
    Renamed {
        /// Where it was.
        from: NameRecord,
        /// Where it is.
        to: NameRecord,
    },
    /// Nothing happened to it.
    Stays,
    /// It appeared and went, in an order that the kernel does not tell.
    Unclear(NameRecord),
    /// Events were lost: everything must be looked at again.
    Overflow,
}

/// An event of a group of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameEvent {
    /// What happened.
    pub kind: NameKind,
    /// The file or folder that the name led to, where the kernel tells.
    pub target: Option<Handle>,
    /// Whether the target is a folder.
    pub on_folder: OnFolder,
    /// Whether the target's attributes changed.
    pub attributes: Attributes,
}

/// Whether owner, mode, times or attributes changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attributes {
    /// They may have.
    Changed,
    /// Not that anybody knows.
    Same,
}

/// Whether a name event is about a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFolder {
    /// About a folder.
    Folder,
    /// About anything else.
    Other,
}

/// Splits what one read gave into held events; each descriptor is owned from here on. The bytes must
/// be the kernel's, and be given once.
pub fn held_events(bytes: &[u8]) -> impl Iterator<Item = HeldEvent> {
    held_records(bytes).map(|record| HeldEvent {
        mask: record.mask,
        thread: record.thread,
        // SAFETY: the kernel opened this descriptor for the reader of the event, and each record
        // is looked at once.
        file: (record.descriptor).map(|number| unsafe { OwnedFd::from_raw_fd(number) }),
        range: record.range,
    })
}

/// Splits what one read gave into records of held events, whoever wrote the bytes.
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

/// Splits what one read gave into name events.
pub fn name_events(bytes: &[u8]) -> impl Iterator<Item = NameEvent> {
    records(bytes).filter_map(|record| {
        let mut single = None;
        let mut from = None;
        let mut to = None;
        let mut target = None;
        for (kind, body) in infos(record.infos) {
            match kind {
                INFO_FID => target = handle(body).map(|(handle, _)| handle),
                INFO_DFID_NAME | INFO_DFID => single = named(body),
                INFO_OLD_DFID_NAME => from = named(body),
                INFO_NEW_DFID_NAME => to = named(body),
                _ => {}
            }
        }
        let on_folder = if record.mask.has(Mask::ONDIR) {
            OnFolder::Folder
        } else {
            OnFolder::Other
        };
        let came = record.mask.has(Mask::CREATE.and(Mask::MOVED_TO));
        let went = record.mask.has(Mask::DELETE.and(Mask::MOVED_FROM));
        let kind = if record.mask.has(Mask::OVERFLOW) {
            NameKind::Overflow
        } else if record.mask.has(Mask::RENAME) {
            NameKind::Renamed {
                from: from?,
                to: to?,
            }
        } else {
            match (came, went) {
                (true, true) => NameKind::Unclear(single?),
                (true, false) => NameKind::Created(single?),
                (false, true) => NameKind::Deleted(single?),
                (false, false) if record.mask.has(Mask::ATTRIB) => {
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
            on_folder,
            attributes: if record.mask.has(Mask::ATTRIB) {
                Attributes::Changed
            } else {
                Attributes::Same
            },
        })
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

// After the file system's number (8 bytes): length, type, bytes of the handle.
fn handle(body: &[u8]) -> Option<(Handle, &[u8])> {
    let length = usize::try_from(half(body, 8)?).ok()?;
    let kind = half(body, 12)?.cast_signed();
    let rest = body.get(16..)?;
    (length <= rest.len() && length <= MAX_HANDLE)
        .then(|| (Handle::from_parts(kind, &rest[..length]), &rest[length..]))
}

fn named(body: &[u8]) -> Option<NameRecord> {
    let (folder, rest) = handle(body)?;
    let name = rest
        .split(|byte| *byte == 0)
        .next()
        .unwrap_or_default()
        .to_vec();
    Some(NameRecord { folder, name })
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

    #[test]
    fn a_rename_tells_both_places_and_the_file() {
        let mut infos = named_info(INFO_OLD_DFID_NAME, &[1; 8], "avant");
        infos.extend(named_info(INFO_NEW_DFID_NAME, &[2; 8], "après"));
        infos.extend(named_info(INFO_FID, &[3; 8], ""));
        let bytes = record(Mask::RENAME.0, &infos);
        let events: Vec<_> = name_events(&bytes).collect();
        assert_eq!(events.len(), 1);
        let NameKind::Renamed { from, to } = &events[0].kind else {
            panic!("{events:?}")
        };
        assert_eq!(
            (from.name.as_slice(), to.name.as_slice()),
            (&b"avant"[..], "après".as_bytes())
        );
        assert_eq!(events[0].target, Some(Handle::from_parts(1, &[3; 8])));
    }

    #[test]
    fn a_range_is_read() {
        let mut info = vec![INFO_RANGE, 0, 24, 0, 0, 0, 0, 0];
        info.extend(4096_u64.to_ne_bytes());
        info.extend(512_u64.to_ne_bytes());
        let bytes = record(Mask::PRE_ACCESS.0, &info);
        let event = held_events(&bytes).next().unwrap();
        assert_eq!((event.range, event.thread), (Some((4096, 512)), 77));
        assert!(event.file.is_none());
    }

    #[test]
    fn a_handle_longer_than_the_kernel_gives_is_none() {
        for (length, wanted) in [(MAX_HANDLE, 1), (MAX_HANDLE + 1, 0)] {
            let info = named_info(INFO_DFID_NAME, &vec![7; length], "nom");
            let bytes = record(Mask::CREATE.0, &info);
            assert_eq!(name_events(&bytes).count(), wanted, "{length}");
        }
    }

    #[test]
    fn cut_bytes_end_the_reading_without_harm() {
        let bytes = record(Mask::CREATE.0, &named_info(INFO_DFID_NAME, &[9; 8], "nom"));
        for cut in 0..bytes.len() {
            assert_eq!(name_events(&bytes[..cut]).count(), 0, "{cut}");
        }
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut odd = bytes.clone();
                odd[at] = value;
                let _ = name_events(&odd).count();
            }
        }
    }
}
