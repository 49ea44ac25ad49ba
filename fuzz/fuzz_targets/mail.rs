//! E-mails of anybody. Law: any bytes are read and judged; the score is between 0 and 1, each mark stands in the shown
//! text and has its reason, what crosses from the sandbox comes back as it was, and the same mail has the same verdict.
#![no_main]

use std::sync::LazyLock;

use hygie_phish::{Authenticated, Intel, Memory, Message, Practice, judge, parse};
use libfuzzer_sys::fuzz_target;

static INTEL: LazyLock<Intel> = LazyLock::new(|| Intel::new(Practice::default()));

fuzz_target!(|raw: &[u8]| {
    let message = parse::mail(raw);
    let verdict = judge(&message, Authenticated::Unknown, &INTEL, &Memory::new(), 0);
    assert!((0.0..=1.0).contains(&verdict.score));
    for mark in &verdict.marks {
        assert!(message.shown().get(mark.place.clone()).is_some(), "{mark:?}");
        assert!(mark.reason < verdict.reasons.len());
    }
    let sent = serde_json::to_vec(&message).expect("a message is text and numbers");
    let received: Message = serde_json::from_slice(&sent).expect("what was written is read");
    assert_eq!(judge(&received, Authenticated::Unknown, &INTEL, &Memory::new(), 0), verdict);
});
