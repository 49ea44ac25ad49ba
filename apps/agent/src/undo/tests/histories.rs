//! Histories that an undo once got wrong, each with the tree that it shall give.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    Way,
    world::{Seen, World, skip},
};

/// Plays what was before and what happened, undoes it, takes that back, and undoes it again.
fn undone(before: &str, acts: &str, expected: &str) {
    if skip() {
        return;
    }
    let lines = |story: &str| -> Vec<String> {
        let lines = story.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    let mut world = World::empty();
    for line in lines(before) {
        world.play(&format!("honest {line}"));
    }
    world.begin();
    for line in lines(acts) {
        world.play(&line);
    }
    let damaged = world.seen();
    let mut undo = world.undo();
    undo.go(Way::Undo, None);
    let after = world.seen();
    let mut expected = lines(expected);
    expected.sort();
    assert_eq!(shown(&after), expected, "{}", world.story(&undo));
    world.check(&undo, &after).unwrap();
    undo.go(Way::Redo, None);
    assert_eq!(world.seen(), damaged, "taken back {}", world.story(&undo));
    undo.go(Way::Undo, None);
    assert_eq!(world.seen(), after, "undone again {}", world.story(&undo));
}

/// `d/` for a folder, `d/a.odt one` for a file; a mode where it is not the usual one.
fn shown(tree: &BTreeMap<PathBuf, Seen>) -> Vec<String> {
    let line = |(path, seen): (&PathBuf, &Seen)| {
        let (shown, usual) = match &seen.content {
            Some(content) => (
                format!("{} {}", path.display(), String::from_utf8_lossy(content)),
                0o644,
            ),
            None => (format!("{}/", path.display()), 0o755),
        };
        if seen.mode == usual {
            shown
        } else {
            format!("{shown} {:o}", seen.mode)
        }
    };
    let mut all: Vec<String> = tree.iter().map(line).collect();
    all.sort();
    all
}

#[test]
fn what_was_spoilt_under_the_familys_own_name_comes_back_although_its_name_was_taken_away() {
    undone(
        "file a.odt one",
        "them link a.odt b.odt
         honest delete a.odt
         them write b.odt spoilt
         honest replace b.odt two",
        "a.odt one
         b.odt two",
    );
}

#[test]
fn what_comes_back_although_it_was_replaced_leaves_the_name_to_its_successor() {
    undone(
        "file a.odt one",
        "them link a.odt b.odt
         honest replace a.odt two
         them write b.odt spoilt
         honest delete b.odt",
        "a.odt two
         a (plus tard).odt one",
    );
}

#[test]
fn what_comes_back_leaves_the_name_also_to_a_successor_that_is_given_back() {
    undone(
        "file a.odt one",
        "them link a.odt b.odt
         honest replace a.odt two
         them delete a.odt
         them write b.odt spoilt
         honest delete b.odt",
        "a.odt two
         a (plus tard).odt one",
    );
}

#[test]
fn a_second_name_of_the_familys_that_is_moved_leaves_the_first_where_it_was() {
    undone(
        "file a.odt one",
        "them link a.odt b.odt
         honest rename b.odt c.odt
         them delete a.odt
         honest file a.odt two",
        "a.odt one
         a (plus tard).odt two
         c.odt one",
    );
}

#[test]
fn a_name_that_somebody_gives_again_is_not_given_twice() {
    undone(
        "file a.odt one",
        "them rename a.odt b.odt
         honest link b.odt a.odt
         them delete a.odt
         honest rename b.odt c.odt
         honest file a.odt two",
        "a.odt one
         a (plus tard).odt two
         c.odt one",
    );
}

#[test]
fn the_familys_name_goes_also_when_somebody_gave_the_own_one_again() {
    undone(
        "file a.odt one",
        "them rename a.odt b.odt
         honest link b.odt a.odt",
        "a.odt one",
    );
}

#[test]
fn a_name_that_was_given_up_is_no_claim() {
    undone(
        "",
        "honest file a.odt one
         honest rename a.odt b.odt
         honest file a.odt two
         them rename a.odt c.odt
         them write b.odt spoilt
         honest rename b.odt a.odt",
        "a.odt two
         a (plus tard).odt one",
    );
}

#[test]
fn a_folder_that_is_back_already_keeps_its_name() {
    undone(
        "folder a",
        "them rename a b
         honest file a one
         them delete a
         them rename b a",
        "a/
         a (plus tard) one",
    );
}

#[test]
fn what_was_in_a_folder_of_before_has_the_name_first_in_one_that_was_made_again() {
    undone(
        "folder d
         file d/a.odt one",
        "them delete d/a.odt
         them delete d
         honest folder d
         honest file d/a.odt two
         them replace d/a.odt spoilt",
        "d/
         d/a.odt one
         d/a (plus tard).odt two",
    );
}

#[test]
fn a_folder_that_cannot_go_back_into_itself_makes_room_under_a_second_name() {
    undone(
        "folder d
         folder d/e
         folder d/e/f
         file d/a.odt one",
        "them delete d/a.odt
         them rename d/e/f d/a.odt
         honest rename d/e d/a.odt/e",
        "d/
         d/a.odt one
         d/a (plus tard).odt/
         d/a (plus tard).odt/e/",
    );
}

#[test]
fn another_name_of_what_moves_is_not_taken_for_the_one_that_moves() {
    undone(
        "file c.odt one
         folder b",
        "them delete b
         them delete c.odt
         honest file a.odt two
         them rename a.odt c.odt
         honest link c.odt b",
        "a.odt two
         b/
         b (plus tard) two
         c.odt one",
    );
}

#[test]
fn a_full_folder_that_waits_while_an_undo_is_taken_back_goes_when_it_is_empty() {
    undone(
        "folder a
         folder c
         folder c/a",
        "them rename c/a e
         them rename a f
         honest rename f c/b
         them delete c/b
         them delete c
         them folder c",
        "c/
         c/a/
         c/b/",
    );
}

#[test]
fn a_folder_that_lay_where_another_comes_back_does_not_stand_for_it() {
    undone(
        "folder d
         folder d/a",
        "them delete d/a
         them rename d c
         honest delete c
         honest folder c
         them rename c a",
        "c/
         c (plus tard)/
         c (plus tard)/a/",
    );
}

#[test]
fn what_went_beside_twice_comes_back_twice() {
    undone(
        "folder a
         folder a/d",
        "them delete a/d
         them folder a/d
         honest folder a/d/e
         them rename a/d/e a/e
         them delete a/d
         them file b spoilt
         them link b a/d
         honest write b one",
        "a/
         a/d/
         a/d (plus tard)/
         a/d (plus tard)/e/
         b one
         a/d (plus tard) (plus tard) one",
    );
}

#[test]
fn a_folder_that_is_made_again_looks_as_before_the_family() {
    undone(
        "folder d
         file d/a.odt one",
        "them chmod d 700
         them delete d/a.odt
         honest delete d",
        "d/
         d/a.odt one",
    );
}

#[test]
fn names_of_one_file_that_took_each_others_place_are_all_back() {
    undone(
        "file c.odt one
         link c.odt d.odt",
        "them rename d.odt a.odt
         them rename c.odt d.odt",
        "c.odt one
         d.odt one",
    );
}
