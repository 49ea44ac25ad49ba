//! Handles as the index keeps them. Laws: what is read is written as it was; two handles share a file name only
//! if they are the same, and that name needs no quoting.
#![no_main]

use hygie_platform::linux::handle::{Handle, MAX_HANDLE};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &[u8])| {
    let (Some(one), Some(other)) = (read(input.0), read(input.1)) else {
        return;
    };
    assert_eq!(one == other, one.to_name() == other.to_name());
});

fn read(stored: &[u8]) -> Option<Handle> {
    let handle = Handle::from_stored(stored);
    assert_eq!(
        handle.is_some(),
        (4..=4 + MAX_HANDLE).contains(&stored.len())
    );
    let handle = handle?;
    assert_eq!(handle.to_stored(), stored);
    let name = handle.to_name();
    assert!(
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    );
    Some(handle)
}
