//! No trick may take more than so many of the written traps away.

use hygie_bait::adversarial::rows;

#[test]
fn no_trick_takes_a_verdict_below_its_floor() {
    let rows = rows().expect("written messages");
    for (row, (trick, kept, noticed)) in rows.iter().zip(FLOORS) {
        assert_eq!(row.trick, *trick);
        assert!(row.of > 50, "{row:?}");
        assert!(
            row.kept() >= *kept && row.noticed() >= *noticed,
            "{row:?} below {kept} and {noticed} of a hundred"
        );
    }
    assert_eq!(rows.len(), FLOORS.len());
}

/// Of a hundred traps: still dangerous, at least to be checked.
const FLOORS: &[(&str, usize, usize)] = &[
    ("look-alike letters", 95, 95),
    ("invisible signs in words", 95, 95),
    ("soft hyphens in words", 95, 95),
    ("letters by their number", 95, 95),
    ("comments in words", 95, 95),
    ("hidden words in words", 95, 95),
    ("words written backwards and turned", 60, 91),
    ("base 64", 95, 95),
    ("quoted-printable, cut everywhere", 95, 95),
    ("all text in a picture", 81, 95),
    ("a salad of words below", 61, 90),
    ("an ordinary letter below", 51, 82),
    ("an ordinary letter hidden above", 95, 95),
    ("a known site that sends on", 95, 95),
    (
        "a known name before the host, and letters by their number",
        95,
        95,
    ),
    (
        "a slash the other way and a line end in the address",
        95,
        95,
    ),
    ("the kind said twice", 95, 95),
    ("an encoding that is none", 68, 95),
    ("the boundary said twice", 95, 95),
    ("behind the last boundary", 95, 95),
    ("in an attached message", 50, 90),
    ("in a message attached as a file", 50, 90),
    ("in an appointment", 49, 92),
    ("in an attached page with a form", 95, 95),
    ("in an attached page that unpacks a file", 95, 95),
    ("as a code in a picture", 77, 90),
    ("as a code in a document", 17, 79),
    ("as a link in a packed document", 60, 92),
    ("in a locked archive, the key in the text", 95, 95),
];
