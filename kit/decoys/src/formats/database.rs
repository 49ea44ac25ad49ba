//! The practice's software: a SQLite database of patients, appointments and notes, made in memory.

use rusqlite::Connection;

use crate::dice::Dice;
use crate::people::{Day, Person};
use crate::prose::sentence;
use crate::{MARK, Scale};

/// Several hundred kilobytes, more in a large practice.
pub(super) fn practice(dice: &mut Dice, scale: Scale) -> Vec<u8> {
    let patients = match scale {
        Scale::Small => 1_200,
        Scale::Medium => 2_000,
        Scale::Large => 5_000,
    };
    filled(dice, patients).expect("SQLite in memory takes rows that its schema allows")
}

fn filled(dice: &mut Dice, patients: u32) -> rusqlite::Result<Vec<u8>> {
    let mut database = Connection::open_in_memory()?;
    database.execute_batch(
        "PRAGMA user_version = 12; PRAGMA application_id = 1179206484;
         CREATE TABLE a_propos (cle TEXT PRIMARY KEY, valeur TEXT NOT NULL);
         CREATE TABLE patient (id INTEGER PRIMARY KEY, dossier TEXT UNIQUE, nom TEXT NOT NULL, prenom TEXT NOT NULL, naissance TEXT, sexe TEXT, telephone TEXT);
         CREATE TABLE rendez_vous (id INTEGER PRIMARY KEY, patient INTEGER NOT NULL REFERENCES patient, jour TEXT NOT NULL, heure TEXT NOT NULL, motif TEXT);
         CREATE TABLE observation (id INTEGER PRIMARY KEY, patient INTEGER NOT NULL REFERENCES patient, jour TEXT NOT NULL, texte TEXT NOT NULL);
         CREATE INDEX rdv_jour ON rendez_vous (jour);
         CREATE INDEX obs_patient ON observation (patient);",
    )?;
    let all = database.transaction()?;
    all.execute("INSERT INTO a_propos VALUES ('mention', ?1)", [MARK])?;
    for number in 0..patients {
        let person = Person::new(dice, number);
        all.prepare_cached("INSERT INTO patient VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute((
                person.number,
                person.id(),
                person.last,
                person.first,
                person.born.iso(),
                person.sex(),
                &person.phone,
            ))?;
        for _ in 0..dice.between(1, 6) {
            let day = Day::new(dice, 2019, 2026);
            all.prepare_cached(
                "INSERT INTO rendez_vous (patient, jour, heure, motif) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((person.number, day.iso(), day.time(), dice.pick(MOTIVES)))?;
            if dice.once_in(2) {
                let text = format!("{} {}", sentence(dice), sentence(dice));
                all.prepare_cached(
                    "INSERT INTO observation (patient, jour, texte) VALUES (?1, ?2, ?3)",
                )?
                .execute((person.number, day.iso(), text))?;
            }
        }
    }
    all.commit()?;
    Ok(database.serialize("main")?.to_vec())
}

const MOTIVES: &[&str] = &[
    "consultation",
    "renouvellement",
    "vaccin",
    "suivi",
    "certificat",
    "résultats",
];
