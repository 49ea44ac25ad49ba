//! French sentences of letters and reports, with numbers that differ each time.

use crate::MARK;
use crate::dice::Dice;
use crate::people::PRACTICE;
use crate::place::Place;

/// What a letter says, paragraph by paragraph; the first ones name the practice and the fiction.
pub(crate) struct Letter {
    pub(crate) title: String,
    pub(crate) paragraphs: Vec<String>,
}

impl Letter {
    /// A letter about the place's patient with at least so many characters.
    pub(crate) fn new(dice: &mut Dice, place: &Place, length: usize) -> Self {
        let person = &place.person;
        let mut paragraphs = vec![
            format!("{PRACTICE} — {}", place.doctor),
            format!("{MARK} : aucune personne, aucune maladie et aucun soin ici n'est réel."),
            format!(
                "Le {}, à l'attention de {}",
                place.day.french(),
                place.colleague
            ),
            format!(
                "Concerne : {}, né(e) le {}, dossier {}, tél. {}",
                person.polite(),
                person.born.french(),
                person.id(),
                person.phone
            ),
        ];
        let mut written = 0;
        while written < length {
            let sentences = dice.between(2, 7);
            let paragraph: Vec<String> = (0..sentences).map(|_| sentence(dice)).collect();
            let paragraph = paragraph.join(" ");
            written += paragraph.len();
            paragraphs.push(paragraph);
        }
        paragraphs.push(format!("Bien confraternellement, {}", place.doctor));
        Self {
            title: format!("{} — {}", person.folder(), place.day.french()),
            paragraphs,
        }
    }

    pub(crate) fn text(&self, between: &str) -> String {
        self.paragraphs.join(between)
    }
}

/// One sentence of a consultation.
pub(crate) fn sentence(dice: &mut Dice) -> String {
    let (low, mid, high) = (
        dice.between(1, 10),
        dice.between(10, 99),
        dice.between(100, 400),
    );
    let (drug, organ, when) = (dice.pick(DRUGS), dice.pick(ORGANS), dice.pick(WHEN));
    match dice.between(0, 14) {
        0 => format!("Je vous remercie de m'avoir adressé ce patient pour avis sur {organ}."),
        1 => format!(
            "La tension artérielle est mesurée à {}/{} mmHg {when}.",
            100 + mid,
            50 + mid / 2
        ),
        2 => format!("L'examen de {organ} est sans particularité {when}."),
        3 => format!(
            "Le bilan montre une créatinine à {mid} µmol/L et une CRP à {low},{} mg/L.",
            mid % 10
        ),
        4 => format!("Je propose {drug} {high} mg, {low} fois par jour pendant {mid} jours."),
        5 => format!("La radiographie de {organ} ne montre pas de foyer évolutif."),
        6 => format!(
            "Antécédents : appendicectomie en {}, allergie à {drug} non retrouvée.",
            1950 + mid / 2 + low
        ),
        7 => format!("Une échographie de {organ} est prévue dans {mid} semaines."),
        8 => format!(
            "Poids {mid} kg, taille {} cm, saturation {} %.",
            120 + mid / 2,
            90 + low
        ),
        9 => format!("Le traitement par {drug} est bien toléré, sans effet indésirable {when}."),
        10 => {
            format!("Devant la persistance d'une douleur de {organ}, un avis est demandé {when}.")
        }
        11 => format!(
            "Hémoglobine {low},{} g/dL, plaquettes {high} G/L, leucocytes {low},{} G/L.",
            mid % 10,
            high % 10
        ),
        12 => format!("Le carnet de vaccination a été vérifié ; rappel à faire dans {mid} mois."),
        _ => format!("Renouvellement de {drug} pour {mid} jours, à réévaluer {when}."),
    }
}

const DRUGS: &[&str] = &[
    "paracétamol",
    "amoxicilline",
    "ramipril",
    "metformine",
    "lévothyroxine",
    "oméprazole",
    "atorvastatine",
    "furosémide",
    "salbutamol",
    "apixaban",
    "bisoprolol",
    "prégabaline",
];
const ORGANS: &[&str] = &[
    "la thyroïde",
    "l'épaule droite",
    "l'abdomen",
    "la hanche gauche",
    "la peau du dos",
    "l'œil droit",
    "la cheville",
    "l'oreille gauche",
    "la colonne lombaire",
    "l'aorte",
];
const WHEN: &[&str] = &[
    "ce jour",
    "au repos",
    "depuis trois semaines",
    "à distance du repas",
    "lors du contrôle",
    "en présence de l'interne",
    "avant l'hiver",
    "après l'effort",
];
