//! Every row under a guard of its own, then all of them in one day of one session.

use crate::desk::Desk;
use crate::table::{Alike, Row};
use crate::{databases, hands, images, machine, packing, papers, usual};

/// Plays each row, and prints it; a guard for each where `each`, else one for all.
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

fn every_row() -> Vec<&'static Alike> {
    let all = [
        packing::ROWS,
        images::ROWS,
        papers::ROWS,
        databases::ROWS,
        hands::ROWS,
        machine::ROWS,
    ];
    // One at a time: HYGIE_ALIKE=gpg.
    let part = std::env::var("HYGIE_ALIKE").unwrap_or_default();
    let rows = all.into_iter().flatten();
    rows.filter(|row| row.name.contains(&part)).collect()
}

/// A guard for each row.
#[test]
#[ignore = "minutes"]
fn heavy_every_program() {
    if here() {
        all_left_alone(&every_row(), None, FILES);
    }
}

/// One guard, one session: what unrelated honest work adds up to.
#[test]
#[ignore = "minutes"]
fn heavy_all_in_one_day() {
    if here() {
        let desk = Desk::open(FILES).expect("a guarded folder");
        all_left_alone(&every_row(), Some(desk), FILES);
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

const FILES: usize = 240;
const FEW: usize = 60;
