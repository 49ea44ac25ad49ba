//! Messages in Outlook's own form. Law: any bytes are read and judged, and what was read crosses from the sandbox as it was.
#![no_main]

use std::sync::LazyLock;

use hygie_phish::{Authenticated, Intel, Memory, Message, Practice, judge, parse};
use libfuzzer_sys::fuzz_target;

static INTEL: LazyLock<Intel> = LazyLock::new(|| Intel::new(Practice::default()));
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

fuzz_target!(|raw: &[u8]| {
    // Whatever does not begin so is the other target's.
    let mut raw = raw.to_vec();
    raw.splice(..raw.len().min(COMPOUND.len()), COMPOUND.iter().copied());
    let message = parse::mail(&raw);
    let verdict = judge(&message, Authenticated::Unknown, &INTEL, &Memory::new(), 0);
    assert!((0.0..=1.0).contains(&verdict.score));
    let sent = serde_json::to_vec(&message).expect("a message is text and numbers");
    let received: Message = serde_json::from_slice(&sent).expect("what was written is read");
    assert_eq!(received, message);
});
