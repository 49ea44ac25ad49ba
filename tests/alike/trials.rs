//! Every row under a guard of its own, then all of them in one day of one session.

use crate::desk::Desk;
use crate::table::{Alike, Row};
use crate::{
    databases, further, further_desks, further_scripts, hands, images, machine, packing, papers,
    usual,
};

/// Plays each row, and prints it: under a guard of its own, or all under the one of this desk.
fn play(rows: &[&Alike], desk: &mut Option<Desk>, files: usize) -> Vec<Row> {
    let own = desk.is_none();
    let mut played = Vec::new();
    for alike in rows {
        if let Some(program) = alike.missing() {
            println!("| {} | | | not installed: {program} | |", alike.name);
            continue;
        }
        if desk.is_none() {
            *desk = Some(Desk::open(files).expect("a guarded folder"));
        }
        let row = {
            let desk = desk.as_mut().expect("it was opened above");
            if !own {
                let room = desk.another_room(played.len());
                room.expect("files of its own");
            }
            alike.row(desk).expect("the guard can be asked")
        };
        println!("{row}");
        played.push(row);
        if own && let Some(desk) = desk.take() {
            desk.close().expect("the guard ends well");
        }
    }
    played
}

fn all_left_alone(rows: &[&Alike], desk: Option<Desk>, files: usize) {
    let mut desk = desk;
    let played = play(rows, &mut desk, files);
    if let Some(desk) = desk {
        desk.close().expect("the guard ends well");
    }
    let bad: Vec<String> = played
        .iter()
        .filter(|row| !row.is_well())
        .map(ToString::to_string)
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

fn here() -> bool {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return false;
    }
    println!("| work | changed | made | stopped | highest told, of 100 |");
    println!("|---|---|---|---|---|");
    true
}

fn named<'a>(all: &[&'a [Alike]]) -> Vec<&'a Alike> {
    // One at a time: HYGIE_ALIKE=gpg, or a few: HYGIE_ALIKE='gpg|zip'.
    let parts = std::env::var("HYGIE_ALIKE").unwrap_or_default();
    let named = |row: &&Alike| parts.split('|').any(|part| row.name.contains(part));
    all.iter().copied().flatten().filter(named).collect()
}

/// A guard for each row.
#[test]
#[ignore = "minutes"]
fn heavy_every_program() {
    if here() {
        let all = [A_DAY, &FURTHER].concat();
        all_left_alone(&named(&all), None, FILES);
    }
}

/// One guard, one session: what unrelated honest work adds up to.
#[test]
#[ignore = "minutes"]
fn heavy_all_in_one_day() {
    if here() {
        let desk = Desk::open(FILES).expect("a guarded folder");
        all_left_alone(&named(A_DAY), Some(desk), FILES);
    }
}

/// What every Debian has, in half a minute.
#[test]
fn usual_programs_are_left_alone() {
    if here() {
        let rows: Vec<&Alike> = usual::ROWS.iter().collect();
        let desk = Desk::open(FEW).expect("a guarded folder");
        all_left_alone(&rows, Some(desk), FEW);
    }
}

/// What one session may hold.
const A_DAY: &[&[Alike]] = &[
    packing::ROWS,
    images::ROWS,
    papers::ROWS,
    databases::ROWS,
    hands::ROWS,
    machine::ROWS,
];
const FURTHER: [&[Alike]; 3] = [further::ROWS, further_scripts::ROWS, further_desks::ROWS];
const FILES: usize = 240;
const FEW: usize = 60;
