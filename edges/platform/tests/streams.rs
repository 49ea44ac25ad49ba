//! Streams that were recorded from real kernels, on any system: the kernel's bytes say what the recording says, and
//! the recording is told again as it was. `tests/record` writes both.

use std::{
    fs,
    path::{Path, PathBuf},
};

use hygie_platform::{
    event::{Answer, Event, EventBuffer, Events, NameEvent, NameKind, Want},
    fanotify_bytes::{Mask, held_records, name_events},
    stream::{Origin, Recorded, RecordedFile},
};

fn folders() -> Vec<PathBuf> {
    let streams = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/streams");
    let mut folders: Vec<PathBuf> = fs::read_dir(streams)
        .expect("the recordings")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 3, "recordings are missing: {folders:?}");
    folders
}

fn recordings() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders() {
        let before = found.len();
        for entry in fs::read_dir(folder).expect("recordings of a kernel") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "stream") {
                found.push(path);
            }
        }
        assert!(found.len() - before >= 15, "recordings are missing");
    }
    found.sort();
    found
}

fn recorded(path: &Path) -> Recorded {
    let text = fs::read_to_string(path).expect("a recording");
    Recorded::read(&text).unwrap_or_else(|bad| panic!("{}: {bad}", path.display()))
}

/// All that a recording tells, in order, each call let go on.
fn told(recorded: &Recorded) -> Vec<(Origin, Event<RecordedFile>)> {
    let mut room = EventBuffer::new();
    let mut all = Vec::new();
    while let Some((_, origin)) = recorded.next() {
        for event in recorded.take(&mut room).expect("a take") {
            if let Event::Held(held) = &event {
                let answered = recorded.answer(held.call, Answer::Allow);
                assert!(answered.is_ok(), "each call is told once");
            }
            all.push((origin, event));
        }
    }
    all
}

#[test]
fn the_kernels_bytes_say_what_was_recorded() {
    for path in recordings() {
        let told = told(&recorded(&path));
        let bytes = fs::read(path.with_extension("names.bin")).expect("bytes of names");
        let names: Vec<Event<RecordedFile>> = name_events(&bytes).map(of_nobody).collect();
        let wanted: Vec<Event<RecordedFile>> = told
            .iter()
            .filter(|(origin, _)| *origin == Origin::Names)
            .map(|(_, event)| event.clone())
            .collect();
        assert_eq!(names, wanted, "{}", path.display());
        let bytes = fs::read(path.with_extension("held.bin")).expect("bytes of holds");
        let held: Vec<String> = held_records(&bytes)
            .map(|record| {
                assert!(record.descriptor.is_some() && record.thread > 0);
                if record.mask.has(Mask::CLOSE_WRITE) {
                    "closed".to_owned()
                } else if record.mask.has(Mask::PRE_ACCESS) {
                    format!("content {:?}", record.range)
                } else {
                    assert!(record.mask.has(Mask::OPEN_PERM));
                    "open".to_owned()
                }
            })
            .collect();
        let wanted: Vec<String> = told
            .iter()
            .filter(|(origin, _)| *origin != Origin::Names)
            .filter_map(|(_, event)| match event {
                Event::Closed(..) => Some("closed".to_owned()),
                Event::Held(held) => Some(match held.want {
                    Want::Open => "open".to_owned(),
                    Want::Content(range) => format!("content {range:?}"),
                }),
                Event::Name(_) | Event::Lost => None,
            })
            .collect();
        assert_eq!(held, wanted, "{}", path.display());
    }
}

/// Recordings leave out who did it.
fn of_nobody(event: Event<RecordedFile>) -> Event<RecordedFile> {
    match event {
        Event::Name(name) => Event::Name(NameEvent { by: None, ..name }),
        other @ (Event::Held(_) | Event::Closed(..) | Event::Lost) => other,
    }
}

#[test]
fn bytes_that_are_cut_give_the_same_events_as_far_as_they_go() {
    for path in recordings() {
        let bytes = fs::read(path.with_extension("names.bin")).expect("bytes of names");
        let whole: Vec<Event<()>> = name_events(&bytes).collect();
        for cut in 0..bytes.len().min(2048) {
            let part: Vec<Event<()>> = name_events(&bytes[..cut]).collect();
            assert!(whole.starts_with(&part), "{} at {cut}", path.display());
        }
        let bytes = fs::read(path.with_extension("held.bin")).expect("bytes of holds");
        let whole: Vec<_> = held_records(&bytes).collect();
        for cut in 0..bytes.len() {
            let part: Vec<_> = held_records(&bytes[..cut]).collect();
            assert!(whole.starts_with(&part), "{} at {cut}", path.display());
        }
    }
}

#[test]
fn a_queue_that_ran_over_ends_with_lost_events() {
    for folder in folders() {
        let bytes = fs::read(folder.join("overflow.names.bin")).expect("bytes of names");
        let events: Vec<Event<()>> = name_events(&bytes).collect();
        assert_eq!(events.len(), 3, "{}", folder.display());
        assert_eq!(events.last(), Some(&Event::Lost), "{}", folder.display());
    }
}

/// What each kernel must tell of a situation, in this order; `content` only from Linux 6.14 on.
#[test]
fn each_kernel_tells_what_the_guard_builds_on() {
    let wanted = [
        ("new-file", "open closed open content content"),
        (
            "save-in-place",
            "open closed open content content content closed",
        ),
        ("save-by-rename", "open closed open closed renamed stays"),
        ("truncate-by-path", "open closed content"),
        ("mmap-writer", "open closed open content closed"),
        (
            "two-writers",
            "open closed open open content closed content closed",
        ),
        ("unnamed-then-linked", "open stays created closed"),
        (
            "moved-out-and-back",
            "open closed renamed open content closed renamed",
        ),
    ];
    for folder in folders() {
        let newer = folder.ends_with("6.18");
        for (name, wanted) in wanted {
            let path = folder.join(name).with_extension("stream");
            let mut found: Vec<&str> = told(&recorded(&path))
                .iter()
                .filter_map(|(_, event)| word(event))
                .collect();
            let mut wanted: Vec<&str> = wanted
                .split(' ')
                .filter(|word| newer || *word != "content")
                .collect();
            // Names are told apart from the rest: between the two no order is promised.
            found.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{}", path.display());
        }
    }
}

/// The making of the files and folders of the scene itself says nothing.
fn word<F>(event: &Event<F>) -> Option<&'static str> {
    match event {
        Event::Closed(..) => Some("closed"),
        Event::Held(held) if held.want == Want::Open => Some("open"),
        Event::Held(_) => Some("content"),
        Event::Lost => Some("lost"),
        Event::Name(NameEvent { kind, .. }) => match kind {
            NameKind::Created(place) => (place.name == b"bericht.pdf").then_some("created"),
            NameKind::Renamed { .. } => Some("renamed"),
            NameKind::Stays => Some("stays"),
            NameKind::Deleted(_) => Some("deleted"),
            NameKind::Unclear(_) => Some("unclear"),
        },
    }
}

#[test]
fn what_is_no_recording_is_refused() {
    for (text, why) in [
        ("5us names lost\n4us names lost\n", "line 2: time goes back"),
        ("# said\n\n5us names gone\n", "line 3: `gone`?"),
    ] {
        let refused = Recorded::read(text).expect_err("refused");
        assert_eq!(refused.to_string(), why);
    }
}

#[test]
fn a_call_is_answered_once() {
    let recorded = Recorded::read("1us wide open c7 p1 - write\n").expect("a recording");
    let mut room = EventBuffer::new();
    let events = recorded.take(&mut room).expect("a take");
    let Event::Held(held) = &events[0] else {
        panic!("{events:?}")
    };
    assert_eq!(recorded.waiting(), 1);
    assert!(recorded.answer(held.call, Answer::DenyBusy).is_ok());
    assert!(recorded.answer(held.call, Answer::Allow).is_err());
    assert_eq!((recorded.waiting(), recorded.next()), (0, None));
}
