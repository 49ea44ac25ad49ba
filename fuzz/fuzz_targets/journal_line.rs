//! Journal lines. Law: what is read as a record is written as a line that reads as the same record, and a line
//! that the journal wrote comes out byte for byte.
#![no_main]

use hygie_journal::{NotARecord, parse_line};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &[u8]| {
    let Ok(record) = parse_line(line) else {
        return;
    };
    let written = match record.to_line() {
        Ok(written) => written,
        // A short form of a number may be longer as the journal writes it.
        Err(NotARecord::TooLong(_)) => return,
        Err(error) => panic!("{record:?} cannot be written: {error}"),
    };
    let again = parse_line(&written).expect("what was written is read");
    assert_eq!(again, record);
    assert_eq!(again.to_line().expect("it was written before"), written);
});
