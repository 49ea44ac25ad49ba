//! What is asked and answered at the guard's door. Law: a message that is read is written as one that reads as
//! the same message.
#![no_main]

use std::fmt::Debug;

use hygie_agent::door::{Question, Reply};
use libfuzzer_sys::fuzz_target;
use serde_json::{from_slice, to_vec};

fuzz_target!(|line: &[u8]| {
    if let Ok(question) = from_slice::<Question>(line) {
        let written = to_vec(&question).expect("it was read as UTF-8");
        assert_same(&question, from_slice(&written));
        // The door reads no more of a line.
        assert!(written.len() <= 4096 || line.len() > 600, "{question:?}");
    }
    if let Ok(reply) = from_slice::<Reply>(line) {
        let written = to_vec(&reply).expect("it was read as UTF-8");
        assert_same(&reply, from_slice(&written));
        assert!(!written.contains(&b'\n'), "one message a line");
    }
});

fn assert_same<T: Debug + PartialEq>(read: &T, again: serde_json::Result<T>) {
    assert_eq!(&again.expect("what was written is read"), read);
}
