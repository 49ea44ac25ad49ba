//! Records streams of events from a real kernel into `tests/streams`, on this machine or in a guest.
//! `cargo test -p hygie-platform --test record -- --ignored` writes them anew; then bless `apps/agent/tests/streams`.
#![cfg(target_os = "linux")]
#![expect(
    clippy::print_stdout,
    reason = "a guest hands over what it recorded by printing"
)]

mod overflow;
mod situations;
mod stage;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use hygie_guest::{Disk, Folder, Guest, Kernel};
use hygie_platform::{
    event::{Answer, Event, EventBuffer, Events, NameEvent},
    fanotify_bytes::{held_records, name_events},
    stream::{Recorded, RecordedFile},
};
use hygie_testkit::LoopFs;
use situations::SITUATIONS;

/// A folder on a file system that may be marked, in place of a loop image: set in a guest.
const ON: &str = "HYGIE_RECORD_ON";

#[test]
#[ignore = "writes into the repository"]
fn record_here() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let (image, on) = match env::var_os(ON) {
        Some(folder) => (None, PathBuf::from(folder)),
        None => {
            let image = LoopFs::ext4(64).expect("a loop image");
            let on = image.path();
            (Some(image), on)
        }
    };
    for situation in SITUATIONS {
        let shot = stage::record(&on, situation).expect(situation.name);
        for (ending, bytes) in [
            ("stream", shot.text.as_bytes()),
            ("held.bin", &shot.held),
            ("names.bin", &shot.names),
        ] {
            keep(&format!("{}.{ending}", situation.name), bytes);
        }
    }
    let end = overflow::end_of_a_queue(&on).expect("an overflow");
    keep("overflow.names.bin", &end);
    drop(image);
}

#[test]
#[ignore = "boots machines; writes into the repository"]
fn record_in_guests() {
    if let Some(why) = hygie_guest::why_not() {
        println!("{why}");
        return;
    }
    for kernel in [Kernel::Debian12, Kernel::Debian13] {
        let folder = Folder::new().expect("a folder");
        let disk = Disk::ext4(&folder.path().join("disk"), 64).expect("a disk");
        let recorder = env::current_exe().expect("this program");
        let guest = Guest::new(kernel)
            .disk(&disk)
            .mounted()
            .program("hygie-record", &recorder)
            .variable(ON, "/disk");
        let run = "hygie-record --ignored --exact record_here --nocapture";
        let command: Vec<&str> = run.split(' ').collect();
        let running = guest.start(&command).expect("a guest");
        while let Some(line) = running.line().expect("a line") {
            match Printed::read(&line) {
                Some(printed) => printed.keep(),
                None => println!("{line}"),
            }
        }
        assert_eq!(running.finish().expect("an end").code, 0);
    }
}

/// What this kernel tells now, without a file: the recording says the same as the kernel's bytes, to the last event.
#[test]
fn what_is_recorded_is_told_again() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let image = LoopFs::ext4(64).expect("a loop image");
    for situation in SITUATIONS {
        let shot = stage::record(&image.path(), situation).expect(situation.name);
        let recorded = Recorded::read(&shot.text).expect("a recording");
        let mut room = EventBuffer::new();
        let (mut held, mut names) = (0, Vec::new());
        while recorded.next().is_some() {
            for event in recorded.take(&mut room).expect("a take") {
                match event {
                    Event::Held(call) => {
                        held += 1;
                        assert!(recorded.answer(call.call, Answer::Allow).is_ok());
                    }
                    Event::Closed(..) => held += 1,
                    Event::Name(_) | Event::Lost => names.push(event),
                }
            }
        }
        assert_eq!(held_records(&shot.held).count(), held, "{}", situation.name);
        // Recordings leave out who did it.
        let told: Vec<Event<RecordedFile>> = name_events(&shot.names)
            .map(|event| match event {
                Event::Name(name) => Event::Name(NameEvent { by: None, ..name }),
                other @ (Event::Held(_) | Event::Closed(..) | Event::Lost) => other,
            })
            .collect();
        assert_eq!(told, names, "{}", situation.name);
        assert!(held > 0 && !names.is_empty(), "{}", situation.name);
    }
}

/// Keeps what was recorded: here as a file, in a guest as a line that its host reads.
fn keep(name: &str, bytes: &[u8]) {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").expect("the kernel's version");
    let version: Vec<&str> = release.split('.').take(2).collect();
    let printed = Printed {
        file: format!("{}/{name}", version.join(".")),
        bytes: bytes.to_vec(),
    };
    if env::var_os(ON).is_some() {
        printed.print();
    } else {
        printed.keep();
    }
}

struct Printed {
    file: String,
    bytes: Vec<u8>,
}

impl Printed {
    fn print(&self) {
        let digits: String = self
            .bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        println!("{MARK}{} {digits}", self.file);
    }

    fn read(line: &str) -> Option<Self> {
        let (file, digits) = line.split_once(MARK)?.1.trim_end().split_once(' ')?;
        let bytes = (0..digits.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
            .collect::<Option<Vec<u8>>>()?;
        Some(Self {
            file: file.to_owned(),
            bytes,
        })
    }

    fn keep(&self) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/streams")
            .join(&self.file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, &self.bytes).expect("a file");
        println!("wrote {}", self.file);
    }
}

const MARK: &str = "recorded: ";
