//! Steps and notes of an undo as they are kept. Laws: what is read is written as what reads the same; a step of before
//! there were second names still reads.
#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use serde::{Serialize, de::DeserializeOwned};
use step::{Note, Step};

// Nobody outside the agent shall make steps: their form is shared here, not their module.
#[expect(dead_code, reason = "only what is kept is of interest here")]
#[path = "../../apps/agent/src/undo/step.rs"]
mod step;

fuzz_target!(|text: &[u8]| {
    if let Some(step) = read_twice::<Step>(text) {
        let mut older = serde_json::to_value(&step).expect("it was read");
        let fields = older.as_object_mut().expect("a step has fields");
        let named = fields.remove("naming").is_some();
        let older: Step = serde_json::from_value(older).expect("the naming may lack");
        assert_eq!(older.place(), step.place());
        assert_eq!(older.node(), step.node());
        assert!(named || older == step);
    }
    read_twice::<Note>(text);
});

fn read_twice<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(text).ok()?;
    let written = serde_json::to_string(&read).expect("it was read as UTF-8");
    let again: T = serde_json::from_str(&written).expect("what was written is read");
    assert_eq!(again, read);
    Some(read)
}
