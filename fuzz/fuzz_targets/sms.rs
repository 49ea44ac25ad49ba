//! Texts that somebody pastes. Law: any text from any sender is judged, and each mark stands in the shown text.
#![no_main]

use std::sync::LazyLock;

use hygie_phish::{Authenticated, Intel, Memory, Practice, judge, parse};
use libfuzzer_sys::fuzz_target;

static INTEL: LazyLock<Intel> = LazyLock::new(|| Intel::new(Practice::default()));

fuzz_target!(|input: (&str, Option<&str>)| {
    let (text, sender) = input;
    let message = parse::sms(text, sender);
    let verdict = judge(&message, Authenticated::Unknown, &INTEL, &Memory::new(), 0);
    assert!((0.0..=1.0).contains(&verdict.score));
    for mark in &verdict.marks {
        assert!(message.shown().get(mark.place.clone()).is_some(), "{mark:?}");
    }
});
