//! Bytes of fanotify events. Laws: nothing is made up (no more events than headers fit, every name and key stands in
//! the bytes); bytes that are cut give the same events as far as they go; a key is a handle that the index reads back.
#![no_main]

use hygie_platform::{
    event::{Event, FileKey, NameEvent, NameKind, Place},
    fanotify_bytes::{held_records, name_events},
    linux::handle::Handle,
};
use libfuzzer_sys::fuzz_target;

/// Bytes of an event's header.
const HEADER: usize = 24;

fuzz_target!(|input: (u16, &[u8])| {
    let (cut, bytes) = input;
    let held: Vec<_> = held_records(bytes).collect();
    let named: Vec<Event<()>> = name_events(bytes).collect();
    let most = bytes.len() / HEADER;
    assert!(held.len() <= most && named.len() <= held.len());
    assert!(
        held.iter()
            .all(|one| one.descriptor >= Some(0) || one.descriptor.is_none())
    );
    for event in &named {
        match event {
            Event::Name(event) => stands_in(event, bytes),
            Event::Lost => {}
            Event::Held(_) | Event::Closed(..) => panic!("names hold nothing"),
        }
    }
    let cut = &bytes[..usize::from(cut).min(bytes.len())];
    assert!(held.starts_with(&held_records(cut).collect::<Vec<_>>()));
    assert!(named.starts_with(&name_events(cut).collect::<Vec<_>>()));
});

fn stands_in(event: &NameEvent, bytes: &[u8]) {
    let places: Vec<&Place> = match &event.kind {
        NameKind::Created(place) | NameKind::Deleted(place) | NameKind::Unclear(place) => {
            vec![place]
        }
        NameKind::Renamed { from, to } => vec![from, to],
        NameKind::Stays => Vec::new(),
    };
    for Place { folder, name } in places {
        assert!(!name.contains(&0) && is_within(name, bytes));
        fits(folder, bytes);
    }
    if let Some(target) = &event.target {
        fits(target, bytes);
    }
}

fn fits(key: &FileKey, bytes: &[u8]) {
    assert!(is_within(&key.as_bytes()[4..], bytes));
    let handle = Handle::from_stored(key.as_bytes()).expect("a key is a handle");
    assert_eq!(handle.to_stored(), key.as_bytes());
}

fn is_within(part: &[u8], whole: &[u8]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}
