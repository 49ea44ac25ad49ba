//! What a file holds, as the sandbox draws it. Laws: whatever the bytes, there is an answer; a picture is a small PNG that reads
//! back as such; a text is short and holds nothing that a screen obeys; of a part of a file no picture is drawn.
#![no_main]

use hygie_sandbox::{
    Job, Part,
    preview::{Png, Preview, Shown},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let of = bytes.len() as u64;
    obeys(&Preview {}.run(Part { bytes, of }));
    let of = of + 1;
    let shown = Preview {}.run(Part { bytes, of });
    assert!(
        !matches!(shown, Shown::Picture { .. }),
        "a part is no picture"
    );
    obeys(&shown);
});

fn obeys(shown: &Shown) {
    match shown {
        Shown::Picture {
            png, width, height, ..
        } => {
            assert_eq!(Png::new(png.as_bytes().to_vec()).as_ref(), Ok(png));
            assert!(
                png.width() <= *width && png.height() <= *height,
                "never larger"
            );
        }
        Shown::Text { text, .. } => {
            assert!(text.lines().count() <= 200);
            let obeyed = |sign: char| sign.is_control() && sign != '\n' && sign != '\t';
            assert!(!text.contains(obeyed), "{text:?}");
        }
        Shown::Nothing { .. } => {}
    }
    let line = serde_json::to_string(shown).expect("it is text");
    let again: Shown = serde_json::from_str(&line).expect("what was written is read");
    assert_eq!(&again, shown);
}
