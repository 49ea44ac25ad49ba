//! Documents written here: packed, hidden, locked, bombs, and a code to scan in their pictures.

use std::io::{self, Write};

use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;

use super::super::code::tests::code;
use super::super::file;
use super::*;

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut writer = ZlibEncoder::new(Vec::new(), Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// A document of these objects, numbered from 1; the first is the catalogue.
pub(crate) fn document(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n", number + 1).bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    bytes.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    bytes
}

fn stream(dict: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = format!("<< {dict} /Length {} >>\nstream\n", content.len()).into_bytes();
    bytes.extend(content);
    bytes.extend(b"\nendstream");
    bytes
}

const CATALOGUE: &[u8] = b"<< /Type /Catalog /Pages 2 0 R >>";
const PAGES: &[u8] = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE: &[u8] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Annots [4 0 R] >>";

fn with(rest: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![CATALOGUE.to_vec(), PAGES.to_vec(), PAGE.to_vec()];
    objects.extend_from_slice(rest);
    document(&objects)
}

fn found(bytes: &[u8]) -> Vec<(String, By)> {
    let file = file::read("a.pdf", bytes);
    assert_eq!(file.is, crate::message::Is::Pdf);
    let links = file.body.links.into_iter();
    links.map(|link| (link.target, link.by)).collect()
}

#[test]
fn a_link_is_found_however_it_is_written() {
    for (annotation, target) in [
        (
            "<< /A << /S /URI /URI (https://a.example/x) >> >>",
            "https://a.example/x",
        ),
        (
            r"<< /A << /S /URI /URI (https://a.example/\(x\)\057y) >> >>",
            "https://a.example/(x)/y",
        ),
        (
            "<< /A << /S /URI /URI <68747470733A2F2F612E6578616D706C65> >> >>",
            "https://a.example",
        ),
        (
            "<< /A << /S /URI /U#52I (https://a.example/z) >> >>",
            "https://a.example/z",
        ),
        (
            "<< /A << /S /URI /URI 5 0 R >> >>",
            "https://elsewhere.example",
        ),
    ] {
        let document = with(&[annotation.into(), b"(https://elsewhere.example)".to_vec()]);
        let found = found(&document);
        assert!(
            found
                .iter()
                .any(|(link, by)| link == target && *by == By::Document),
            "{annotation}: {found:?}"
        );
    }
}

#[test]
fn links_in_packed_objects_are_found_with_and_without_a_table() {
    let inner = "4 0 << /A << /S /URI /URI <68747470733a2f2f7061636b65642e6578616d706c65> >> >>";
    let object = stream(
        "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode",
        &packed(inner.as_bytes()),
    );
    // Without a table of what is packed the reader looks through the file.
    let mut document = with(&[]);
    let end = document
        .windows(4)
        .position(|four| four == b"xref")
        .unwrap();
    document.truncate(end);
    document.extend(b"9 0 obj\n");
    document.extend(object);
    document.extend(b"\nendobj\ntrailer << /Root 1 0 R >>\n");
    assert_eq!(
        found(&document),
        [("https://packed.example".to_owned(), By::Document)]
    );
    // Torn at its end, and with a structure that nobody reads: what stands in clear within is found.
    let clear = stream(
        "/Filter /FlateDecode",
        &packed(b"<< /S /URI /URI (https://torn.example) >>"),
    );
    let mut torn = b"%PDF-1.5\n1 0 obj\n".to_vec();
    torn.extend(clear);
    assert_eq!(
        found(&torn),
        [("https://torn.example".to_owned(), By::Document)]
    );
}

#[test]
fn a_code_in_a_picture_is_a_link() {
    let png = code("https://paiement.example/x");
    let picture = image::load_from_memory(&png).unwrap().into_luma8();
    let head = format!(
        "/Type /XObject /Subtype /Image /Width {} /Height {}",
        picture.width(),
        picture.height()
    );
    let gray = picture.as_raw().clone();
    let colored: Vec<u8> = gray.iter().flat_map(|light| [*light; 3]).collect();
    let row = picture.width().div_ceil(8) as usize;
    let mut bits = vec![0; row * picture.height() as usize];
    for (x, y, light) in picture.enumerate_pixels() {
        if light.0[0] > 127 {
            bits[y as usize * row + x as usize / 8] |= 0x80 >> (x % 8);
        }
    }
    let mut jpeg = io::Cursor::new(Vec::new());
    picture
        .write_to(&mut jpeg, image::ImageFormat::Jpeg)
        .unwrap();
    for (dict, content) in [
        (
            "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode",
            packed(&gray),
        ),
        (
            "/BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode",
            packed(&colored),
        ),
        (
            "/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /FlateDecode",
            packed(&bits),
        ),
        ("/BitsPerComponent 8 /ColorSpace /DeviceGray", gray.clone()),
        (
            "/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode",
            jpeg.into_inner(),
        ),
    ]
    .map(|(dict, content)| (dict, content))
    {
        let document = with(&[stream(&format!("{head} {dict}"), &content)]);
        let wanted = ("https://paiement.example/x".to_owned(), By::Code);
        assert_eq!(found(&document), [wanted], "{dict}");
    }
}

#[test]
fn a_bomb_is_not_unpacked_and_its_neighbours_are_read() {
    let bomb = packed(&vec![b' '; 64 << 20]);
    let link = b"<< /A << /S /URI /URI <68747470733a2f2f612e6578616d706c65> >> >>".to_vec();
    let document = with(&[
        link,
        stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &bomb),
    ]);
    assert!(document.len() < 1 << 20);
    assert_eq!(
        found(&document),
        [("https://a.example".to_owned(), By::Document)]
    );
    let mut links = Links(Vec::new());
    let scan = scanned(&document, &mut links);
    assert!(scan.is_tame);
    let at = document
        .windows(bomb.len())
        .position(|part| part == bomb)
        .unwrap();
    assert_eq!(&scan.bytes[at..at + 2], NOTHING);
}

#[test]
fn what_is_packed_twice_is_not_read_by_its_structure() {
    for (filter, tame) in [
        ("/Filter /FlateDecode", true),
        ("/Filter [/ASCII85Decode /FlateDecode]", true),
        ("/Filter [ /FlateDecode ] /F 4", true),
        ("/Filter [/FlateDecode /FlateDecode]", false),
        ("/Filter [/Fl %x\n /F#6c]", false),
        ("/F [/Fl 5 0 R]", false),
        ("/Filter 5 0 R", false),
        ("/F 5 0 R", false),
        ("/Filter /LZWDecode", false),
        ("/Filter /#4cZW", false),
    ] {
        assert_eq!(is_tame(filter.as_bytes()), tame, "{filter}");
    }
    let file = file::read("a.pdf", &with(&[stream("/Filter [/Fl /Fl]", b"x")]));
    assert!(file.body.page.cut);
}

#[test]
fn a_locked_document_is_told_and_one_with_an_empty_key_is_read() {
    // Written with `openssl`-like tables by hand would be a cipher of our own: the reader's refusal is what is looked at.
    let mut locked = with(&[b"<< /A << /S /URI /URI (x) >> >>".to_vec()]);
    let encrypt = format!(
        "<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{}> /U <{}> >>",
        "11".repeat(32),
        "22".repeat(32)
    );
    let trailer = locked
        .windows(8)
        .position(|word| word == b"/Root 1 ")
        .unwrap();
    locked.splice(
        trailer..trailer,
        format!("/Encrypt {encrypt} /ID [<00><00>] ").bytes(),
    );
    assert!(file::read("a.pdf", &locked).sealed);
    assert!(!file::read("a.pdf", &with(&[])).sealed);
}

proptest! {
    #![proptest_config(ProptestConfig { fork: false, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_broken_document_is_read(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let object = stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &packed(b"4 0 << /URI (x) >>"));
        let mut document = with(&[object]);
        for (at, byte) in changes {
            let at = at.index(document.len());
            document[at] = byte;
        }
        file::read("a.pdf", &document);
    }
}
