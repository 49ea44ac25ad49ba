//! Bytes of fanotify events. Laws: nothing is made up (no more events than headers fit, every name and handle
//! stands in the bytes); bytes that are cut give the same events as far as they go; a handle fits the kernel's room.
#![no_main]

use hygie_platform::linux::{
    fanotify::{NameEvent, NameKind, NameRecord, held_records, name_events},
    handle::Handle,
};
use libfuzzer_sys::fuzz_target;

/// Bytes of an event's header.
const HEADER: usize = 24;

fuzz_target!(|input: (u16, &[u8])| {
    let (cut, bytes) = input;
    // Never `held_events`: it takes the descriptors that the numbers name.
    let held: Vec<_> = held_records(bytes).collect();
    let named: Vec<_> = name_events(bytes).collect();
    let most = bytes.len() / HEADER;
    assert!(held.len() <= most && named.len() <= held.len());
    assert!(
        held.iter()
            .all(|one| one.descriptor >= Some(0) || one.descriptor.is_none())
    );
    for event in &named {
        stands_in(event, bytes);
    }
    let cut = &bytes[..usize::from(cut).min(bytes.len())];
    assert!(held.starts_with(&held_records(cut).collect::<Vec<_>>()));
    assert!(named.starts_with(&name_events(cut).collect::<Vec<_>>()));
});

fn stands_in(event: &NameEvent, bytes: &[u8]) {
    let records: Vec<&NameRecord> = match &event.kind {
        NameKind::Created(record) | NameKind::Deleted(record) | NameKind::Unclear(record) => {
            vec![record]
        }
        NameKind::Renamed { from, to } => vec![from, to],
        NameKind::Stays | NameKind::Overflow => Vec::new(),
    };
    for NameRecord { folder, name } in records {
        assert!(!name.contains(&0) && is_within(name, bytes));
        fits(folder, bytes);
    }
    if let Some(target) = &event.target {
        fits(target, bytes);
    }
}

fn fits(handle: &Handle, bytes: &[u8]) {
    let stored = handle.to_stored();
    assert!(is_within(&stored[4..], bytes));
    assert_eq!(Handle::from_stored(&stored).as_ref(), Some(handle));
}

fn is_within(part: &[u8], whole: &[u8]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}
