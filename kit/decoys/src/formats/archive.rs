//! ZIP archives: the container of several formats, and a folder that somebody packed.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{picture, plain, sheet};
use crate::Scale;
use crate::dice::Dice;
use crate::place::Place;
use crate::prose::Letter;

/// Packs members in order; a date of 1980, as word processors write it. `mimetype` is stored: it must be
/// readable at a fixed place.
pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        let (method, level) = if *name == "mimetype" {
            (CompressionMethod::Stored, None)
        } else {
            (CompressionMethod::Deflated, Some(6))
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level(level)
            .last_modified_time(zip::DateTime::DEFAULT);
        archive
            .start_file(*name, options)
            .expect("the names are plain and differ");
        archive
            .write_all(content)
            .expect("memory takes every write");
    }
    archive
        .finish()
        .expect("memory takes every write")
        .into_inner()
}

/// What a secretary packs: letters, a table, some photos.
pub(super) fn backup(dice: &mut Dice, place: &Place) -> Vec<u8> {
    let mut members = vec![("Agenda/export.csv".to_owned(), sheet::csv(dice, place))];
    for number in 1..dice.between(6, 20) {
        let letter = Letter::new(dice, place, 1_500);
        members.push((
            format!("Courriers/lettre {number:02}.rtf"),
            plain::rtf(&letter),
        ));
        members.push((
            format!("Courriers/note {number:02}.txt"),
            plain::text(&letter),
        ));
    }
    for number in 1..8 {
        let photo = picture::jpeg(dice, place, picture::Look::Photo, Scale::Large);
        members.push((format!("Photos/IMG_{number:04}.jpg"), photo.bytes));
    }
    let members: Vec<(&str, &[u8])> = members
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    zip(&members)
}
