//! What an archive or an Office document holds: names, locks and macros, from its table of contents.
//! Unpacks one thing alone, the macros of a document, and of that a bounded part.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::bounds;
use crate::message::{File, Macros};

/// Fills in what the file holds.
pub(super) fn read(file: &mut File, bytes: &[u8]) {
    if bytes.starts_with(COMPOUND) {
        file.macros = macros_of(
            bytes
                .get(..MOST_MACROS.min(bytes.len()))
                .unwrap_or_default(),
        );
        return;
    }
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return;
    };
    let mut project = None;
    for at in 0..archive.len().min(bounds::NAMES) {
        let Ok(entry) = archive.by_index_raw(at) else {
            continue;
        };
        file.sealed |= entry.encrypted();
        let Ok(name) = entry.name() else {
            continue;
        };
        if name.ends_with("vbaProject.bin") {
            project = Some(at);
        }
        file.holds
            .push(bounds::beginning(&name, bounds::WORD).to_owned());
    }
    if let Some(at) = project {
        let mut unpacked = Vec::new();
        if let Ok(entry) = archive.by_index(at) {
            // What cannot be read whole is judged by what could.
            let _ = entry.take(MOST_MACROS as u64).read_to_end(&mut unpacked);
        }
        file.macros = macros_of(&unpacked).or(Some(Macros::Waiting));
    }
}

/// The macros of a compound file.
fn macros_of(bytes: &[u8]) -> Option<Macros> {
    // Older documents hold the project in a storage of their own; where its streams are not at the root the words that
    // start it still stand in the file, in clear or packed with their first letters in clear.
    let source = ovba::open_project(bytes.to_vec()).ok().map(|project| {
        project
            .modules
            .iter()
            .take(MOST_MODULES)
            .filter_map(|module| project.module_source(&module.name).ok())
            .collect::<String>()
            .to_ascii_lowercase()
    });
    match source {
        Some(source) if STARTS.iter().any(|word| source.contains(word)) => Some(Macros::Starting),
        Some(_) => Some(Macros::Waiting),
        None => has_project(bytes).then_some(Macros::Waiting),
    }
}

/// The storage of macros by its name, in UTF-16 as compound files write names.
fn has_project(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "_VBA_PROJECT"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    bytes.windows(name.len()).any(|part| part == name)
}

const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const MOST_MACROS: usize = 2 << 20;
const MOST_MODULES: usize = 50;
const STARTS: [&str; 8] = [
    "sub autoopen",
    "sub auto_open",
    "sub document_open",
    "sub workbook_open",
    "sub autoexec",
    "sub document_close",
    "sub auto_close",
    "sub workbook_activate",
];

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::super::file;
    use super::*;
    use crate::message::Is;

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn names_in_an_archive_are_told() {
        let file = file::read(
            "a.zip",
            &zip(&[("facture.pdf.exe", b"MZ"), ("lisez.txt", b"x")]),
        );
        assert_eq!(file.is, Is::Archive);
        assert_eq!(file.holds, ["facture.pdf.exe", "lisez.txt"]);
        assert!(!file.sealed && file.macros.is_none());
    }

    #[test]
    fn a_lock_is_seen_without_its_key() {
        let mut bytes = zip(&[("facture.exe", b"MZ")]);
        // The flag of encryption stands in the local header and in the table of contents.
        let table = bytes
            .windows(4)
            .position(|four| four == b"PK\x01\x02")
            .unwrap();
        bytes[6] |= 1;
        bytes[table + 8] |= 1;
        let file = file::read("a.zip", &bytes);
        assert!(file.sealed, "{file:?}");
    }

    #[test]
    fn a_document_with_macros_is_told_even_where_they_cannot_be_read() {
        let file = file::read(
            "a.docm",
            &zip(&[
                ("[Content_Types].xml", b"<Types/>"),
                ("word/vbaProject.bin", b"junk"),
            ]),
        );
        assert_eq!(file.macros, Some(Macros::Waiting));
        let file = file::read(
            "a.docx",
            &zip(&[
                ("[Content_Types].xml", b"<Types/>"),
                ("word/document.xml", b"junk"),
            ]),
        );
        assert_eq!(file.macros, None);
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let zeros = vec![0; 64 << 20];
        let bomb = zip(&[
            ("word/vbaProject.bin", &zeros),
            ("[Content_Types].xml", b"<Types/>"),
        ]);
        assert!(bomb.len() < 1 << 20);
        assert_eq!(file::read("a.docm", &bomb).macros, Some(Macros::Waiting));
        for cut in [1, 10, 50, bomb.len() - 1] {
            file::read("a.zip", &bomb[..cut]);
        }
    }
}
