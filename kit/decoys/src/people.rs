//! Patients who never lived: names from lists, telephone numbers that France keeps for films.

use crate::dice::Dice;

/// Somebody made up.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) number: u32,
    pub(crate) title: &'static str,
    pub(crate) last: &'static str,
    pub(crate) first: &'static str,
    pub(crate) born: Day,
    pub(crate) phone: String,
}

/// A day of the calendar, and a second in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    pub(crate) year: u32,
    pub(crate) month: u32,
    pub(crate) day: u32,
    second: u32,
}

impl Person {
    pub(crate) fn new(dice: &mut Dice, number: u32) -> Self {
        let (first, title) = *dice.pick(FIRST);
        let last = dice.pick(LAST);
        Self {
            number: number + 1,
            title,
            last,
            first,
            born: Day::new(dice, 1931, 2018),
            phone: format!(
                "06 39 98 {:02} {:02}",
                dice.between(0, 100),
                dice.between(0, 100)
            ),
        }
    }

    /// As on a folder: `LEFÈVRE Chloé`.
    pub(crate) fn folder(&self) -> String {
        format!("{} {}", self.last.to_uppercase(), self.first)
    }

    /// As in a letter: `Mme Chloé LEFÈVRE`.
    pub(crate) fn polite(&self) -> String {
        format!("{} {} {}", self.title, self.first, self.last.to_uppercase())
    }

    /// The practice's own number; no real number has this shape.
    pub(crate) fn id(&self) -> String {
        format!("FICTIF-{:05}", self.number)
    }

    pub(crate) fn sex(&self) -> &'static str {
        if self.title == "M." { "M" } else { "F" }
    }
}

impl Day {
    /// A working hour from the first year up to and without the last.
    pub(crate) fn new(dice: &mut Dice, from: u32, to: u32) -> Self {
        Self {
            year: dice.between(from, to),
            month: dice.between(1, 13),
            day: dice.between(1, 29),
            second: dice.between(8 * 3600, 19 * 3600),
        }
    }

    /// `20240312`
    pub(crate) fn plain(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// `12/03/2024`
    pub(crate) fn french(self) -> String {
        format!("{:02}/{:02}/{:04}", self.day, self.month, self.year)
    }

    /// `2024-03-12`
    pub(crate) fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `143012`
    pub(crate) fn time(self) -> String {
        let (hour, minute) = (self.second / 3600, self.second / 60 % 60);
        format!("{hour:02}{minute:02}{:02}", self.second % 60)
    }

    /// Since 1970 (Howard Hinnant's days_from_civil, for years after 1970).
    pub(crate) fn seconds(self) -> u64 {
        let year = u64::from(self.year) - u64::from(self.month <= 2);
        let shifted = (u64::from(self.month) + 9) % 12;
        let of_year = (153 * shifted + 2) / 5 + u64::from(self.day) - 1;
        let (era, of_era) = (year / 400, year % 400);
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        (days - 719_468) * 86_400 + u64::from(self.second)
    }
}

pub(crate) const DOCTORS: &[&str] = &[
    "Dr Hélène Vasseur-Fictif",
    "Dr Étienne Fictif-Laroche",
    "Dr Maïwenn Fictif",
    "Dr Raphaël Deschamps-Fictif",
];
pub(crate) const PRACTICE: &str = "Cabinet médical des Trois-Fictifs";
const LAST: &[&str] = &[
    "Lefèvre",
    "Dupont",
    "N'Guyen",
    "Özdemir",
    "Müller",
    "Le Gall",
    "Martin",
    "Béranger",
    "Da Silva",
    "Crépin",
    "d'Arcy",
    "Haddad",
    "Girault",
    "Œuvrard",
    "Château",
    "Benoît",
    "Traoré",
    "Kowalski",
    "Peña",
    "Schaëfer",
    "Boué",
    "L'Hermitte",
    "Noël",
    "Saint-Prix",
];
const FIRST: &[(&str, &str)] = &[
    ("Chloé", "Mme"),
    ("Jérôme", "M."),
    ("Anaïs", "Mme"),
    ("Michel", "M."),
    ("Zoé", "Mme"),
    ("François", "M."),
    ("Marie-Thérèse", "Mme"),
    ("Loïc", "M."),
    ("Inès", "Mme"),
    ("Théo", "M."),
    ("Gaëlle", "Mme"),
    ("Aurélien", "M."),
    ("Noémie", "Mme"),
    ("Rémi", "M."),
    ("Bérénice", "Mme"),
    ("Jean-François", "M."),
    ("Sélène", "Mme"),
    ("Maël", "M."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970() {
        for (year, month, day, seconds) in [
            (1970, 1, 1, 0),
            (2000, 2, 29, 951_782_400),
            (2024, 3, 1, 1_709_251_200),
        ] {
            let day = Day {
                year,
                month,
                day,
                second: 0,
            };
            assert_eq!(day.seconds(), seconds);
        }
    }
}
