//! Texts of `/proc/PID`. Laws: a name that a process gives itself moves no field behind it; a session's group and a
//! script's path stand in the text; before a script stand only options, none of which brings code.
#![no_main]

use std::os::unix::ffi::OsStrExt as _;

use hygie_platform::linux::kin::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (length, bytes) = input;
    let (name, bytes) = bytes.split_at(usize::from(length).min(bytes.len()));
    let behind = match bytes.iter().rposition(|byte| *byte == b')') {
        Some(at) => &bytes[at + 1..],
        None => bytes,
    };
    let named = [b"1 (", name, b")", behind].concat();
    let plain = [b"1 (sh)", behind].concat();
    assert_eq!(text::stat(&named), text::stat(&plain));
    let _any_answer = (text::status(bytes), text::brings_code(bytes));
    if let Some(group) = text::cgroup(bytes) {
        assert!(group.len() > 1 && bytes.windows(group.len()).any(|part| part == group));
    }
    if let Some(script) = text::script(bytes) {
        let script = script.as_os_str().as_bytes();
        let words = bytes.split(|byte| *byte == 0).skip(1);
        let before: Vec<&[u8]> = words.take_while(|word| *word != script).collect();
        assert!(!script.is_empty());
        for option in before {
            assert!(option.starts_with(b"-") && !option.contains(&b'c'));
        }
    }
});
