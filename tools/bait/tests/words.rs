//! Whatever the judge may say has its sentence in both languages, with the facts that it holds.

use hygie_phish::{Advice, Clue, Level};
use hygie_text::Message;
use hygie_text::console::Phish;

#[test]
fn each_reason_level_and_advice_has_its_sentence() {
    let wanted = Clue::ALL
        .iter()
        .map(|clue| format!("phish-reason-{}", clue.word()))
        .chain(
            Level::ALL
                .iter()
                .map(|level| format!("phish-level-{}", level.word())),
        )
        .chain(
            Advice::ALL
                .iter()
                .map(|advice| format!("phish-advice-{}", advice.word())),
        );
    let mut found = 0;
    for key in wanted {
        assert!(Phish::ALL.iter().any(|one| one.key() == key), "{key}");
        found += 1;
    }
    assert_eq!(
        found,
        Phish::ALL.len(),
        "the catalogue says more than the judge"
    );
}
