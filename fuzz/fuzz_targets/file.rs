//! What is attached: archives, documents, PDF, pages, calendars, pictures. Law: any bytes under any name are read within the
//! judge's bounds, and each link stands in the text that it is in.
#![no_main]

use hygie_phish::parse;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] = [
    "", "a.pdf", "a.zip", "a.docm", "a.html", "a.ics", "a.png", "a.url",
];

fuzz_target!(|input: &[u8]| {
    let Some((number, bytes)) = input.split_first() else {
        return;
    };
    let file = parse::attached(NAMES[usize::from(*number) % NAMES.len()], bytes);
    assert!(file.holds.len() <= 200 && file.body.links.len() <= 400);
    for link in &file.body.links {
        assert!(link.target.len() <= 4096);
        assert!(file.body.text.get(link.start..link.end).is_some());
    }
});
