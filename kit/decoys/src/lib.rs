//! The files of a small practice, made up from a seed: real formats that real programs open, nobody's data.
//!
//! **Never**: touches a disk, reads a clock, names a living person, or makes a file that does not say somewhere
//! inside that it is fictitious ([`MARK`]).

mod dice;
mod formats;
mod people;
mod place;
mod prose;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use dice::Dice;
use people::Person;
use place::Place;

/// One file. Whoever writes it to a disk chooses where, and may give it the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoy {
    /// Where it lies, relative to the practice's folder; accents and spaces as a French secretary types them.
    pub path: PathBuf,
    /// Its format.
    pub kind: Kind,
    /// When it would have been written last: 2019 to 2025, as its text says.
    pub written: SystemTime,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The format of a decoy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A letter of Word.
    Docx,
    /// A letter of LibreOffice.
    Odt,
    /// A letter in rich text.
    Rtf,
    /// A note.
    Text,
    /// A page of results.
    Html,
    /// A report with text, or the scan of one.
    Pdf,
    /// A photo, with EXIF.
    Jpeg,
    /// A screenshot.
    Png,
    /// A slice, or frames of an ultrasound.
    Dicom,
    /// The database of patients and appointments.
    Sqlite,
    /// A table of Excel.
    Xlsx,
    /// A table of LibreOffice.
    Ods,
    /// An exported table.
    Csv,
    /// A message with an attachment.
    Mail,
    /// Results of a laboratory, HL7 2.5.
    Hl7,
    /// A clinical document, CDA R2.
    Cda,
    /// A password vault.
    Keepass,
    /// A message that OpenPGP encrypted.
    Pgp,
    /// An archive.
    Zip,
}

/// How many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// 60, 7 to 13 MB: some seeds have more ultrasounds.
    Small,
    /// 600, about 70 MB.
    Medium,
    /// 5,000, about 130 MB: its images are smaller.
    Large,
}

/// The words that stand in every decoy.
pub const MARK: &str = "Document fictif";

/// All files of a practice, one after the other, each made when it is asked for. The same seed and scale give
/// the same paths, times and bytes.
pub fn practice(seed: u64, scale: Scale) -> impl Iterator<Item = Decoy> {
    let mut dice = Dice::new(seed, u64::MAX);
    let people: Vec<Person> = (0..scale.people())
        .map(|number| Person::new(&mut dice, number))
        .collect();
    let mut taken = BTreeSet::new();
    (0..scale.files()).map(move |number| {
        let mut dice = Dice::new(seed, number);
        let kind = kind_of(number);
        let person = dice.pick(&people);
        let mut place = Place::new(&mut dice, kind, person, number);
        while !taken.insert(place.path.clone()) {
            place.another(number);
        }
        let bytes = formats::make(&mut dice, kind, &place, scale);
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(place.day.seconds());
        Decoy {
            path: place.path,
            kind,
            written,
            bytes,
        }
    })
}

/// What a practice has once comes first, the daily files repeat.
fn kind_of(number: u64) -> Kind {
    let at = usize::try_from(number).unwrap_or(0);
    let daily = || {
        let at = at.saturating_sub(ONCE.len()) % DAILY.len();
        DAILY.get(at).copied().unwrap_or(Kind::Text)
    };
    ONCE.get(at).copied().unwrap_or_else(daily)
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 19] = [
        Self::Docx,
        Self::Odt,
        Self::Rtf,
        Self::Text,
        Self::Html,
        Self::Pdf,
        Self::Jpeg,
        Self::Png,
        Self::Dicom,
        Self::Sqlite,
        Self::Xlsx,
        Self::Ods,
        Self::Csv,
        Self::Mail,
        Self::Hl7,
        Self::Cda,
        Self::Keepass,
        Self::Pgp,
        Self::Zip,
    ];

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Rtf => "rtf",
            Self::Text => "txt",
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Dicom => "dcm",
            Self::Sqlite => "db",
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Csv => "csv",
            Self::Mail => "eml",
            Self::Hl7 => "hl7",
            Self::Cda => "xml",
            Self::Keepass => "kdbx",
            Self::Pgp => "asc",
            Self::Zip => "zip",
        }
    }
}

impl Scale {
    /// How many files it has.
    pub fn files(self) -> u64 {
        match self {
            Self::Small => 60,
            Self::Medium => 600,
            Self::Large => 5_000,
        }
    }

    fn people(self) -> u32 {
        match self {
            Self::Small => 12,
            Self::Medium => 90,
            Self::Large => 600,
        }
    }
}

const ONCE: [Kind; 5] = [
    Kind::Sqlite,
    Kind::Dicom,
    Kind::Keepass,
    Kind::Zip,
    Kind::Pgp,
];
/// Shuffled by hand, so that any few in a row are a mix. No database: a practice has one.
const DAILY: [Kind; 56] = {
    use Kind::{
        Cda, Csv, Dicom, Docx, Hl7, Html, Jpeg, Mail, Ods, Odt, Pdf, Png, Rtf, Text, Xlsx, Zip,
    };
    [
        Docx, Pdf, Jpeg, Odt, Dicom, Mail, Hl7, Text, Xlsx, Pdf, Docx, Rtf, Png, Cda, Jpeg, Pdf,
        Html, Docx, Csv, Dicom, Odt, Pdf, Mail, Jpeg, Docx, Hl7, Ods, Pdf, Text, Rtf, Jpeg, Docx,
        Dicom, Cda, Pdf, Odt, Mail, Png, Docx, Text, Pdf, Jpeg, Html, Zip, Dicom, Rtf, Docx, Xlsx,
        Pdf, Mail, Jpeg, Odt, Cda, Text, Png, Pdf,
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_practice_has_every_kind() {
        let kinds: BTreeSet<Kind> = (0..Scale::Small.files()).map(kind_of).collect();
        assert_eq!(kinds, BTreeSet::from(Kind::ALL));
    }
}
