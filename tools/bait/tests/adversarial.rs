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
    ("look-alike letters", 95, 96),
    ("invisible signs in words", 95, 96),
    ("soft hyphens in words", 95, 96),
    ("letters by their number", 95, 96),
    ("comments in words", 95, 96),
    ("hidden words in words", 95, 96),
    ("words written backwards and turned", 87, 96),
    ("base 64", 95, 96),
    ("quoted-printable, cut everywhere", 95, 96),
    ("all text in a picture", 92, 96),
    ("a salad of words below", 81, 96),
    ("an ordinary letter below", 88, 96),
    ("an ordinary letter hidden above", 95, 96),
    ("a known site that sends on", 95, 96),
    (
        "a known name before the host, and letters by their number",
        95,
        96,
    ),
    (
        "a slash the other way and a line end in the address",
        95,
        96,
    ),
    ("the kind said twice", 95, 96),
    ("an encoding that is none", 85, 96),
    ("the boundary said twice", 95, 96),
    ("behind the last boundary", 95, 96),
    ("in an attached message", 70, 96),
    ("in a message attached as a file", 70, 96),
    ("in an appointment", 75, 96),
    ("in an attached page with a form", 95, 96),
    ("in an attached page that unpacks a file", 95, 96),
    ("as a code in a picture", 86, 95),
    ("as a code in a document", 44, 92),
    ("as a link in a packed document", 79, 96),
    ("in a locked archive, the key in the text", 95, 96),
];
