//! A practice repeats byte for byte, and what it holds is what it claims: read again by other code.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Component;
use std::process::Command;
use std::sync::OnceLock;

use hygie_decoys::{Decoy, Kind, MARK, Scale, practice};
use image::{ImageDecoder, ImageReader};
use rusqlite::Connection;

fn small() -> &'static [Decoy] {
    static SMALL: OnceLock<Vec<Decoy>> = OnceLock::new();
    SMALL.get_or_init(|| practice(7, Scale::Small).collect())
}

fn of(kind: Kind) -> Vec<Decoy> {
    let all = small().iter();
    let found: Vec<_> = all.filter(|decoy| decoy.kind == kind).cloned().collect();
    assert!(!found.is_empty(), "{kind:?}");
    found
}

fn members(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|at| {
            let mut member = archive.by_index(at).expect("a member");
            let mut content = Vec::new();
            member
                .read_to_end(&mut content)
                .expect("its checksum holds");
            (member.name().expect("text").into_owned(), content)
        })
        .collect()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn a_seed_repeats_and_another_differs() {
    let again: Vec<Decoy> = practice(7, Scale::Small).collect();
    assert_eq!(again.len(), 60);
    assert!(small() == again);
    let other: BTreeSet<Vec<u8>> = practice(8, Scale::Small).map(|decoy| decoy.bytes).collect();
    assert!(again.iter().all(|decoy| !other.contains(&decoy.bytes)));
}

#[test]
fn paths_are_relative_unique_french_and_end_as_their_kind() {
    let all: Vec<Decoy> = practice(3, Scale::Large).take(150).collect();
    let paths: BTreeSet<_> = all.iter().map(|decoy| &decoy.path).collect();
    assert_eq!(paths.len(), all.len());
    for decoy in &all {
        assert!(
            decoy
                .path
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
        );
        assert_eq!(decoy.path.extension(), Some(decoy.kind.ending().as_ref()));
        let name = decoy.path.file_name().expect("a name");
        assert!(name.len() < 200 && !name.to_string_lossy().contains([':', '?', '"', '\\']));
    }
    let names: String = paths.iter().map(|path| path.to_string_lossy()).collect();
    assert!(names.contains('é') && names.contains(' ') && names.contains("Patients/"));
}

#[test]
fn a_small_practice_has_about_8_mb_and_large_files() {
    let sizes: Vec<usize> = small().iter().map(|decoy| decoy.bytes.len()).collect();
    let whole: usize = sizes.iter().sum();
    assert!((5 << 20..14 << 20).contains(&whole), "{whole}");
    assert!(sizes.iter().any(|&size| size > 1 << 20));
    assert!(sizes.iter().filter(|&&size| size < 10_000).count() > 10);
}

/// Where the format packs its text, the words stand in the unpacked part.
#[test]
fn each_says_that_it_is_fictitious() {
    for decoy in small() {
        let inside: Vec<Vec<u8>> = match decoy.kind {
            Kind::Docx | Kind::Odt | Kind::Xlsx | Kind::Ods | Kind::Zip => {
                members(&decoy.bytes).into_values().collect()
            }
            Kind::Rtf
            | Kind::Text
            | Kind::Html
            | Kind::Pdf
            | Kind::Jpeg
            | Kind::Png
            | Kind::Dicom
            | Kind::Sqlite
            | Kind::Csv
            | Kind::Mail
            | Kind::Hl7
            | Kind::Cda
            | Kind::Keepass
            | Kind::Pgp => vec![decoy.bytes.clone()],
        };
        let says = inside.iter().any(|bytes| {
            bytes
                .windows(MARK.len())
                .any(|part| part == MARK.as_bytes())
        });
        assert!(says, "{}", decoy.path.display());
    }
}

#[test]
fn office_documents_open() {
    for (kind, part) in [
        (Kind::Docx, "word/document.xml"),
        (Kind::Odt, "content.xml"),
        (Kind::Ods, "content.xml"),
        (Kind::Xlsx, "xl/worksheets/sheet1.xml"),
    ] {
        for decoy in of(kind) {
            let members = members(&decoy.bytes);
            assert!(text(members.get(part).expect("its text")).len() > 500);
        }
    }
    let odt = of(Kind::Odt).remove(0).bytes;
    assert_eq!(
        odt.get(38..54),
        Some(&b"application/vnd."[..]),
        "stored at its fixed place"
    );
}

#[test]
fn images_decode_with_their_exif() {
    for kind in [Kind::Jpeg, Kind::Png] {
        for decoy in of(kind) {
            let reader = ImageReader::new(Cursor::new(&decoy.bytes))
                .with_guessed_format()
                .expect("a format");
            let mut decoder = reader.into_decoder().expect("an image");
            let exif = decoder.exif_metadata().expect("metadata").expect("EXIF");
            assert!(exif.starts_with(b"II*\0"));
            let (width, height) = decoder.dimensions();
            let pixels = image::DynamicImage::from_decoder(decoder).expect("pixels");
            assert_eq!(pixels.to_rgb8().len(), (width * height * 3) as usize);
        }
    }
}

#[test]
fn the_database_is_whole() {
    let decoy = of(Kind::Sqlite).remove(0);
    assert!(decoy.bytes.len() > 300_000);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("copy.db");
    std::fs::write(&path, &decoy.bytes).expect("write");
    let database = Connection::open(&path).expect("open");
    let fine: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .expect("check");
    assert_eq!(fine, "ok");
    let orphans: u32 = database
        .query_row(
            "SELECT count(*) FROM rendez_vous WHERE patient NOT IN (SELECT id FROM patient)",
            [],
            |row| row.get(0),
        )
        .expect("count");
    assert_eq!(orphans, 0);
}

/// Walks every element to the end of the file.
#[test]
fn dicom_elements_are_in_order_and_pixels_are_complete() {
    for decoy in of(Kind::Dicom) {
        let bytes = &decoy.bytes;
        assert_eq!(&bytes[128..132], b"DICM");
        let (mut at, mut before, mut seen) = (132, 0, BTreeMap::new());
        while at < bytes.len() {
            let half = |at: usize| u32::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
            let tag = half(at) << 16 | half(at + 2);
            assert!(tag > before, "{tag:08x} after {before:08x}");
            before = tag;
            let long = matches!(&bytes[at + 4..at + 6], b"OB" | b"OW");
            let (start, length) = if long {
                (at + 12, half(at + 8) | half(at + 10) << 16)
            } else {
                (at + 8, half(at + 6))
            };
            assert!(length % 2 == 0);
            at = start + length as usize;
            seen.insert(tag, bytes[start..at].to_vec());
        }
        assert_eq!(at, bytes.len());
        let number = |tag: u32| usize::from(u16::from_le_bytes([seen[&tag][0], seen[&tag][1]]));
        let frames = seen
            .get(&0x0028_0008)
            .map_or(1, |frames| text(frames).trim().parse().expect("a number"));
        let expected = number(0x0028_0010) * number(0x0028_0011) * number(0x0028_0100) / 8 * frames;
        assert_eq!(seen[&0x7FE0_0010].len(), expected);
    }
}

#[test]
fn messages_of_health_software_are_well_formed() {
    for decoy in of(Kind::Hl7) {
        let lines: Vec<&str> = text(&decoy.bytes).split_terminator('\r').collect();
        assert!(lines[0].starts_with("MSH|^~\\&|") && lines.len() > 10);
    }
    for decoy in of(Kind::Mail) {
        let mail = text(&decoy.bytes);
        assert!(mail.lines().all(|line| line.len() < 200));
        assert!(mail.contains(".example>") && mail.trim_end().ends_with("--"));
    }
}

/// Programs that are not ours; each only where it is installed.
#[test]
fn other_programs_open_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut opened = BTreeMap::new();
    for (number, decoy) in small().iter().enumerate() {
        let path = folder
            .path()
            .join(format!("{number}.{}", decoy.kind.ending()));
        std::fs::write(&path, &decoy.bytes).expect("write");
        for (program, arguments) in opener(decoy.kind) {
            let Ok(output) = Command::new(program).args(*arguments).arg(&path).output() else {
                println!("skipped: {program} is not here");
                continue;
            };
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let complained = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success(),
                "{program} {}: {said} {complained}",
                decoy.path.display()
            );
            *opened.entry((decoy.kind, *program)).or_insert(0) += 1;
            if *program == "file" {
                assert!(
                    said.contains(called(decoy.kind)),
                    "{}: {said}",
                    decoy.path.display()
                );
            }
        }
    }
    println!("{opened:?}");
}

fn opener(kind: Kind) -> &'static [(&'static str, &'static [&'static str])] {
    match kind {
        Kind::Docx | Kind::Odt | Kind::Xlsx | Kind::Ods | Kind::Zip => {
            &[("file", &["-b"]), ("unzip", &["-tq"])]
        }
        Kind::Pdf => &[("file", &["-b"]), ("pdfinfo", &[]), ("qpdf", &["--check"])],
        Kind::Jpeg | Kind::Png => &[
            ("file", &["-b"]),
            ("identify", &["-regard-warnings"]),
            ("exiftool", &["-validate"]),
        ],
        Kind::Dicom => &[("file", &["-b"]), ("dcmdump", &["-q"])],
        Kind::Cda => &[("file", &["-b"]), ("xmllint", &["--noout"])],
        Kind::Rtf
        | Kind::Text
        | Kind::Html
        | Kind::Sqlite
        | Kind::Csv
        | Kind::Mail
        | Kind::Hl7
        | Kind::Keepass
        | Kind::Pgp => &[("file", &["-b"])],
    }
}

/// What `file` calls it.
fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::Docx => "Microsoft",
        Kind::Odt | Kind::Ods => "OpenDocument",
        Kind::Rtf => "Rich Text Format",
        Kind::Html => "HTML document",
        Kind::Pdf => "PDF document",
        Kind::Jpeg => "JPEG image data",
        Kind::Png => "PNG image data",
        Kind::Dicom => "DICOM",
        Kind::Sqlite => "SQLite 3.x database",
        Kind::Xlsx => "Microsoft",
        Kind::Text | Kind::Csv | Kind::Mail | Kind::Hl7 => "text",
        Kind::Cda => "XML",
        Kind::Keepass => "eepass",
        Kind::Pgp => "PGP message",
        Kind::Zip => "Zip archive",
    }
}
