//! Owner, mode and attributes as the index keeps them. Law: bytes that are read are written as they were, so two
//! versions share a row only if they share their rights.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../edges/vault/src/rights.rs"]
mod rights;

fuzz_target!(|input: (i64, i64, &[u8])| {
    let (mtime_ns, atime_ns, bytes) = input;
    if let Some(meta) = rights::decode(bytes, mtime_ns, atime_ns) {
        assert_eq!((meta.mtime_ns, meta.atime_ns), (mtime_ns, atime_ns));
        assert_eq!(rights::encode(&meta), bytes);
    }
});
