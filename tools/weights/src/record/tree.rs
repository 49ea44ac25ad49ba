//! A practice's folders: about 150 files of 13 formats in 22 folders.

use std::path::Path;

use anyhow::Result;

use super::{cipher::Chance, files};

/// Makes them below `root`; always the same for the same seed.
pub(super) fn plant(root: &Path, seed: u64) -> Result<()> {
    let mut chance = Chance::new(seed);
    for folder in FOLDERS {
        std::fs::create_dir_all(root.join(folder))?;
    }
    for number in 0..150 {
        let folder = FOLDERS[chance.below(FOLDERS.len())];
        let (name, bytes) = file(&mut chance, number);
        std::fs::write(root.join(folder).join(name), bytes)?;
    }
    Ok(())
}

fn file(chance: &mut Chance, number: usize) -> (String, Vec<u8>) {
    let words = 60 + chance.below(2500);
    let side = 64 + 32 * u32::try_from(chance.below(8)).unwrap_or(0);
    match number % 15 {
        0 | 1 => (
            format!("lettre {number}.odt"),
            files::office(chance, words, number.is_multiple_of(4)),
        ),
        2 => (
            format!("Compte rendu {number}.docx"),
            files::office(chance, words * 2, true),
        ),
        3 => (
            format!("planning_{number}.xlsx"),
            files::office(chance, words, false),
        ),
        4 | 5 => (
            format!("bilan_{number}.pdf"),
            files::pdf(chance, 1 + number % 9, !number.is_multiple_of(3)),
        ),
        6 | 7 => (
            format!("IMG_{:04}.jpg", 4000 + number),
            files::photo(chance, side, 85),
        ),
        8 => (format!("schema{number}.png"), files::png(chance, side / 2)),
        9 => (
            format!("CT.{number}.dcm"),
            files::dicom(chance, 128 + 16 * (number % 8)),
        ),
        10 => (
            format!("note {number}.txt"),
            files::prose(chance, words).into_bytes(),
        ),
        11 => (
            format!("releve_{number}.csv"),
            files::table(chance, words / 2).into_bytes(),
        ),
        12 => (
            format!("courrier_{number}.doc"),
            files::compound(chance, words),
        ),
        13 => {
            let attached = files::photo(chance, 96, 70);
            (
                format!("message {number}.eml"),
                files::mail(chance, &attached).into_bytes(),
            )
        }
        _ => (
            format!("video_{number}.mp4"),
            files::film(chance, 20_000 + words * 30),
        ),
    }
}

const FOLDERS: [&str; 22] = [
    "Patients/A-C",
    "Patients/D-F",
    "Patients/G-J",
    "Patients/K-M",
    "Patients/N-R",
    "Patients/S-Z",
    "Courriers/2022",
    "Courriers/2023",
    "Courriers/2024",
    "Imagerie/CT",
    "Imagerie/Photos",
    "Imagerie/Echo",
    "Comptabilite/2022",
    "Comptabilite/2023",
    "Comptabilite/2024",
    "Secretariat",
    "Secretariat/Modeles",
    "Secretariat/Planning",
    "Reunions",
    "Formation",
    "Qualite",
    "Divers",
];
