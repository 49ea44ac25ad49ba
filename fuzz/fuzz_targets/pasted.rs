//! What somebody pasted of an e-mail. Law: any text is a source, a message that was passed on, or neither; its sender's address holds
//! no blanks, and the shown text is the paste.
#![no_main]

use hygie_phish::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = parse::is_source(text);
    let mail = parse::pasted(text, None);
    assert_eq!(parse::is_passed_on(text), !mail.from.is_empty());
    for one in mail.from.iter().chain(&mail.to) {
        assert!(!one.address.contains(char::is_whitespace));
    }
    assert_eq!(mail.bodies.len(), 1);
});
