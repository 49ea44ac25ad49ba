//! Each format, honest and broken.

use std::io::Cursor;

use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};

use super::*;

fn shown(bytes: &[u8]) -> Shown {
    Preview {}.run(Part {
        bytes,
        of: bytes.len() as u64,
    })
}

/// The left half red, the right half blue.
fn flag(width: u32, height: u32) -> DynamicImage {
    DynamicImage::from(RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([200, 10, 10])
        } else {
            Rgb([10, 10, 200])
        }
    }))
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

fn drawn(bytes: &[u8]) -> (DynamicImage, (u32, u32), Pages) {
    let shown = shown(bytes);
    let Shown::Picture {
        png,
        width,
        height,
        pages,
    } = shown
    else {
        panic!("{shown:?}")
    };
    let picture = image::load_from_memory_with_format(png.as_bytes(), ImageFormat::Png).unwrap();
    assert_eq!(picture.dimensions(), (png.width(), png.height()));
    (picture, (width, height), pages)
}

fn is_red(picture: &DynamicImage, x: u32, y: u32) -> bool {
    let [red, _, blue, _] = picture.get_pixel(x, y).0;
    red > 150 && blue < 60
}

const FORMATS: [(ImageFormat, Pages); 6] = [
    (ImageFormat::Png, Pages::One),
    (ImageFormat::Jpeg, Pages::One),
    (ImageFormat::Bmp, Pages::One),
    (ImageFormat::Gif, Pages::First),
    (ImageFormat::WebP, Pages::First),
    (ImageFormat::Tiff, Pages::First),
];

#[test]
fn each_format_is_drawn_small() {
    for (format, pages) in FORMATS {
        let (picture, sides, told) = drawn(&written(&flag(1600, 40), format));
        assert_eq!((sides, told), ((1600, 40), pages), "{format:?}");
        assert_eq!(picture.dimensions(), (1000, 25), "{format:?}");
        assert!(is_red(&picture, 100, 12), "{format:?}");
        assert!(!is_red(&picture, 900, 12), "{format:?}");
        let (picture, ..) = drawn(&written(&flag(40, 20), format));
        assert_eq!(picture.dimensions(), (40, 20), "{format:?}: never larger");
    }
}

#[test]
fn deep_colours_and_glass_are_drawn_too() {
    for picture in [
        DynamicImage::new_rgba16(30, 20),
        DynamicImage::new_luma16(30, 20),
        DynamicImage::new_luma_a8(30, 20),
    ] {
        let (small, ..) = drawn(&written(&picture, ImageFormat::Png));
        assert_eq!(small.dimensions(), (30, 20));
        assert_eq!(small.color().has_alpha(), picture.color().has_alpha());
    }
}

#[test]
fn a_picture_without_rows_is_none() {
    // Found by the fuzzer: shrunk, it would have had one row more than before.
    let gif = b"GIF89a\x09\x05\0\0\x80\0\0\0\0\0\0\0\0!\xf9\x04\x08\0\0\0\0,\x04\0/\0\x09\0\x05\0\x80\n\n\xc8\xc8\n\n\
        \x02\n\x8c\x03\x99\x87\n\xec\xdc\x89\xd0\x15\0;";
    let why = Why::Unreadable;
    assert_eq!(shown(gif), Shown::Nothing { why });
}

#[test]
fn a_cut_picture_is_refused() {
    let unreadable = Shown::Nothing {
        why: Why::Unreadable,
    };
    for (format, _) in FORMATS {
        let whole = written(&flag(300, 200), format);
        for part in [whole.len() / 2, whole.len() / 3, 40] {
            let shown = shown(&whole[..part]);
            // Of a photograph, what is there is seen, as browsers show it: its rest is grey.
            let is_seen = format == ImageFormat::Jpeg && part > 1000;
            let seen = matches!(shown, Shown::Picture { .. });
            assert!(seen == is_seen, "{format:?} {part}: {shown:?}");
            assert!(is_seen || shown == unreadable, "{format:?} {part}");
        }
    }
}

/// A photograph that lies on its side, with a remark of its camera.
fn turned(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let remark = b"SECRET-PLACE";
    let jpeg = written(&flag(80, 40), ImageFormat::Jpeg);
    let mut bytes = jpeg[..2].to_vec();
    for (marker, data) in [(0xe1_u8, &exif[..]), (0xfe, &remark[..])] {
        let len = u16::try_from(data.len() + 2).unwrap();
        bytes.extend([0xff, marker]);
        bytes.extend(len.to_be_bytes());
        bytes.extend(data);
    }
    bytes.extend(&jpeg[2..]);
    bytes
}

#[test]
fn a_photograph_is_turned_upright_and_loses_its_remarks() {
    // 6: what is the left side lies on top once it is upright.
    let bytes = turned(6);
    let (picture, sides, _) = drawn(&bytes);
    assert_eq!((picture.dimensions(), sides), ((40, 80), (40, 80)));
    assert!(is_red(&picture, 20, 10) && !is_red(&picture, 20, 70));
    let (picture, ..) = drawn(&turned(3));
    assert!(is_red(&picture, 70, 20) && !is_red(&picture, 10, 20));
    let (picture, ..) = drawn(&turned(99));
    assert!(is_red(&picture, 10, 20), "no such turn");
    let Shown::Picture { png, .. } = shown(&bytes) else {
        panic!()
    };
    for left in [&b"SECRET"[..], b"Exif", b"eXIf"] {
        let found = png.as_bytes().windows(left.len()).any(|at| at == left);
        assert!(!found, "{left:?}");
    }
}

/// A PNG of which the header says these sides, with its sum right.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = written(&flag(8, 8), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
        }
    }
    !sum
}

#[test]
fn a_picture_larger_than_memory_is_refused_by_its_header() {
    let large = Shown::Nothing { why: Why::TooLarge };
    for (width, height) in [
        (65_535, 65_535),
        (20_000, 20_000),
        (20_001, 1),
        (u32::MAX >> 1, 1),
    ] {
        assert_eq!(shown(&claims(width, height)), large, "{width}×{height}");
    }
    // Four hundred thousand bytes that are eighty million points.
    let picture = DynamicImage::new_luma8(9000, 9000);
    let bytes = written(&picture, ImageFormat::Png);
    assert!(bytes.len() < 500_000, "{}", bytes.len());
    assert_eq!(drawn(&bytes).1, (9000, 9000));
}

#[test]
fn a_picture_that_does_not_compress_becomes_small_enough() {
    let mut state = 1_u64;
    let noise = RgbImage::from_fn(1000, 1000, |_, _| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let [.., a, b, c] = state.to_be_bytes();
        Rgb([state.to_be_bytes()[0], a ^ b, c])
    });
    let (picture, sides, _) = drawn(&written(&noise.into(), ImageFormat::Png));
    assert_eq!((picture.dimensions(), sides), ((500, 500), (1000, 1000)));
}

#[test]
fn texts_are_read_in_the_letters_that_they_are_written_in() {
    let utf16: Vec<u8> = "\u{feff}Été\r\nà"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let table: [(&[u8], &str, &str); 5] = [
        ("Nom;Prénom\nDupont;Zoé\n".as_bytes(), "Nom;Prénom\nDupont;Zoé", "UTF-8"),
        (b"\xef\xbb\xbfNom\r\n\r\n", "Nom", "UTF-8"),
        (
            b"Le patient a \xe9t\xe9 re\xe7u \xe0 l'h\xf4pital : 20 \x80",
            "Le patient a été reçu à l'hôpital : 20 €",
            "windows-1252",
        ),
        (&utf16, "Été\nà", "UTF-16LE"),
        (b"\x1b]0;title\x07plain text of a terminal, long enough that two signs in it are few, \
           and a hundred letters more so that they are: abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz \
           abcdefghijklmnopqrstuvwxyz", 
         "]0;titleplain text of a terminal, long enough that two signs in it are few, \
           and a hundred letters more so that they are: abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz \
           abcdefghijklmnopqrstuvwxyz", "UTF-8"),
    ];
    for (bytes, wanted, wanted_letters) in table {
        let Shown::Text { text, all, letters } = shown(bytes) else {
            panic!("{wanted}")
        };
        assert_eq!(
            (text.as_str(), all, letters.as_str()),
            (wanted, true, wanted_letters)
        );
    }
}

#[test]
fn a_long_text_is_shown_in_part() {
    let lines = "ligne\n".repeat(300);
    let long_line = "é".repeat(500);
    let large = "é\n".repeat(40_000);
    for (bytes, rows) in [(&lines, 200), (&long_line, 1), (&large, 200)] {
        let Shown::Text { text, all, .. } = shown(bytes.as_bytes()) else {
            panic!()
        };
        assert!(!all);
        assert_eq!(text.lines().count(), rows);
        assert!(text.chars().count() <= 200 * 402);
    }
    let Shown::Text { text, all, .. } = shown("a\n".repeat(200).as_bytes()) else {
        panic!()
    };
    assert!(all && text.lines().count() == 200);
    // A letter that the bound of what is looked at went through.
    let cut = format!("a{}", "é".repeat(40_000));
    let Shown::Text { letters, .. } = shown(cut.as_bytes()) else {
        panic!()
    };
    assert_eq!(letters, "UTF-8");
}

#[test]
fn what_is_neither_is_said_to_be_of_another_kind() {
    let kind = Shown::Nothing { why: Why::Kind };
    let random: Vec<u8> = (0..4000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    for bytes in [
        &b"%PDF-1.7\n1 0 obj"[..],
        b"{\\rtf1\\ansi Bonjour}",
        b"PK\x03\x04\x14\0\0\0",
        b"abc\0def",
        &random,
        // A picture of a kind that is not read here.
        b"qoif\0\0\0\x08\0\0\0\x08\x03\0",
    ] {
        assert_eq!(shown(bytes), kind, "{:?}", &bytes[..8]);
    }
    assert_eq!(shown(b""), Shown::Nothing { why: Why::Empty });
}

#[test]
fn an_answer_has_one_form() {
    let text = Shown::Text {
        text: "a".into(),
        all: true,
        letters: "UTF-8".into(),
    };
    for (shown, line) in [
        (
            text,
            r#"{"shown":"text","text":"a","all":true,"letters":"UTF-8"}"#,
        ),
        (
            Shown::Nothing {
                why: Why::NoSandbox,
            },
            r#"{"shown":"nothing","why":"no-sandbox"}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&shown).unwrap(), line);
        assert_eq!(serde_json::from_str::<Shown>(line).unwrap(), shown);
    }
}

#[test]
#[ignore = "writes the seeds of the fuzz target; run it when a format comes to the list"]
fn seeds() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/preview");
    for (format, _) in FORMATS {
        let name = format.extensions_str()[0];
        std::fs::write(folder.join(name), written(&flag(9, 5), format)).unwrap();
    }
    std::fs::write(folder.join("turned"), turned(6)).unwrap();
    std::fs::write(folder.join("large"), claims(65_535, 65_535)).unwrap();
}
