//! Bytes of the kernel's process events. Laws: nothing is made up (no more events than headers fit, every number of an
//! event stands in the bytes); bytes that are cut give the same events as far as they go.
#![no_main]

use hygie_platform::linux::forks::{Event, What, events};
use libfuzzer_sys::fuzz_target;

/// Bytes of the heads of a message, of what the connector adds, and of an event.
const HEADS: usize = 16 + 20 + 16;

fuzz_target!(|input: (u16, &[u8])| {
    let (cut, bytes) = input;
    let told: Vec<Event> = events(bytes).collect();
    assert!(told.len() <= bytes.len() / HEADS);
    for event in &told {
        assert!(is_within(&event.at.to_ne_bytes(), bytes));
        let numbers = match event.what {
            What::Fork { parent, child } => [parent, child],
            What::Thread { process, thread } | What::Exit { process, thread } => [process, thread],
            What::Exec { process } => [process, process],
            What::Lost => panic!("a loss is told by the socket, not by bytes"),
        };
        for number in numbers {
            assert!(is_within(&number.to_ne_bytes(), bytes));
        }
    }
    let cut = &bytes[..usize::from(cut).min(bytes.len())];
    assert!(told.starts_with(&events(cut).collect::<Vec<_>>()));
});

fn is_within(part: &[u8], whole: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}
