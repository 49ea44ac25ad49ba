//! Where a secretary would put a file and how she would call it.

use std::path::{Path, PathBuf};

use crate::Kind;
use crate::dice::Dice;
use crate::people::{DOCTORS, Day, Person};

/// Path, patient and day of one file: what its name says, its content says too.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) person: Person,
    pub(crate) doctor: &'static str,
    pub(crate) colleague: &'static str,
    pub(crate) day: Day,
    pub(crate) imaging: Imaging,
}

/// What a DICOM file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Imaging {
    /// One slice.
    Slice,
    /// The frames of an ultrasound: megabytes.
    Frames,
}

impl Place {
    pub(crate) fn new(dice: &mut Dice, kind: Kind, person: &Person, number: u64) -> Self {
        // The first image of a practice is a large one.
        let imaging = if number < 5 || dice.once_in(5) {
            Imaging::Frames
        } else {
            Imaging::Slice
        };
        let day = Day::new(dice, 2019, 2026);
        let mut place = Self {
            path: PathBuf::new(),
            person: person.clone(),
            doctor: dice.pick::<&str>(DOCTORS),
            colleague: dice.pick::<&str>(DOCTORS),
            day,
            imaging,
        };
        let file = format!("{}.{}", place.name(dice, kind), kind.ending());
        place.path = place.folder(dice, kind).join(file);
        place
    }

    /// The same name with a number, as a file manager would.
    pub(crate) fn another(&mut self, number: u64) {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let ending = self.path.extension().unwrap_or_default().to_string_lossy();
        let name = format!("{stem} ({number}).{ending}");
        self.path.set_file_name(name);
    }

    fn folder(&self, dice: &mut Dice, kind: Kind) -> PathBuf {
        let year = self.day.year.to_string();
        let patient = Path::new("Patients").join(self.person.folder());
        match kind {
            Kind::Sqlite => PathBuf::from("Logiciel métier"),
            Kind::Keepass => PathBuf::from("Secrétariat"),
            Kind::Zip => Path::new("Sauvegardes").join(year),
            Kind::Xlsx | Kind::Ods | Kind::Csv => Path::new("Comptabilité").join(year),
            Kind::Hl7 | Kind::Html => {
                Path::new("Résultats labo").join(format!("{}-{:02}", self.day.year, self.day.month))
            }
            Kind::Mail | Kind::Pgp => Path::new("Messagerie sécurisée").join(year),
            Kind::Dicom if dice.once_in(2) => Path::new("Imagerie").join(year),
            Kind::Docx | Kind::Odt | Kind::Rtf if dice.once_in(3) => {
                Path::new("Courriers").join(year).join("À envoyer")
            }
            Kind::Text if dice.once_in(2) => PathBuf::from("Secrétariat"),
            Kind::Docx
            | Kind::Odt
            | Kind::Rtf
            | Kind::Text
            | Kind::Pdf
            | Kind::Jpeg
            | Kind::Png
            | Kind::Dicom
            | Kind::Cda => {
                if dice.once_in(3) {
                    patient
                } else {
                    patient.join(year)
                }
            }
        }
    }

    fn name(&self, dice: &mut Dice, kind: Kind) -> String {
        let (title, last) = (self.person.title, self.person.last.to_uppercase());
        let (first, day) = (self.person.first, self.day);
        let dashed = day.french().replace('/', "-");
        let stem = match kind {
            Kind::Docx | Kind::Odt | Kind::Rtf => dice.pick(LETTERS),
            Kind::Pdf => dice.pick(REPORTS),
            Kind::Jpeg => dice.pick(&[
                "Photo plaie",
                "IMG",
                "scan",
                "Mélanome contrôle",
                "Carte mutuelle",
            ]),
            Kind::Png => dice.pick(&["Capture d'écran", "ECG", "courbe de croissance"]),
            Kind::Dicom if self.imaging == Imaging::Frames => &"Échographie",
            Kind::Dicom => dice.pick(&["Scanner thorax", "Scanner abdomen", "Scanner genou"]),
            Kind::Text => dice.pick(&["à rappeler", "note", "Pense-bête"]),
            Kind::Html | Kind::Hl7 => dice.pick(&["Résultats", "Biologie", "NFS + CRP"]),
            Kind::Csv => dice.pick(&["export agenda", "Relevé bancaire", "télétransmission"]),
            Kind::Xlsx | Kind::Ods => {
                dice.pick(&["Honoraires", "Planning congés", "Stock vaccins"])
            }
            Kind::Cda => dice.pick(&["Volet de synthèse médicale", "CR hospitalisation"]),
            Kind::Mail => dice.pick(&["Demande d'avis", "TR Compte rendu", "RDV déplacé"]),
            Kind::Sqlite => return "Dossiers patients".to_owned(),
            Kind::Keepass => return "Mots de passe du cabinet".to_owned(),
            Kind::Pgp => dice.pick(&["Courrier chiffré", "Message protégé"]),
            Kind::Zip => dice.pick(&["Sauvegarde", "Archives", "Envoi comptable"]),
        };
        match kind {
            Kind::Xlsx | Kind::Ods | Kind::Csv | Kind::Zip | Kind::Pgp => {
                format!("{stem} {}-{:02}-{:02}", day.year, day.month, day.day)
            }
            Kind::Jpeg if *stem == "IMG" => format!("IMG_{}_{}", day.plain(), day.time()),
            Kind::Jpeg if *stem == "scan" => format!("scan{:04}", dice.between(1, 9999)),
            Kind::Dicom => format!(
                "{stem} - {last} {first} {dashed} IM{:04}",
                dice.between(1, 400)
            ),
            Kind::Text
            | Kind::Docx
            | Kind::Odt
            | Kind::Rtf
            | Kind::Html
            | Kind::Pdf
            | Kind::Jpeg
            | Kind::Png
            | Kind::Mail
            | Kind::Hl7
            | Kind::Cda
            | Kind::Sqlite
            | Kind::Keepass => format!("{stem} {title} {last} {first} {dashed}"),
        }
    }
}

const LETTERS: &[&str] = &[
    "Courrier",
    "CR consultation",
    "Certificat d'aptitude",
    "Lettre au spécialiste",
    "Ordonnance renouvellement",
    "Arrêt de travail (modèle)",
    "Réponse confrère",
];
const REPORTS: &[&str] = &[
    "CR opératoire",
    "Compte rendu d'échographie",
    "Ordonnance",
    "Scan dossier",
    "Devis",
    "Feuille de soins",
    "Consentement éclairé signé",
];
