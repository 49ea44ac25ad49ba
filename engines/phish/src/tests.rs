//! What holds of each verdict.

use super::*;
use crate::intel::Practice;

fn judged(raw: &str) -> Verdict {
    let message = parse::mail(raw.replace('\n', "\r\n").as_bytes());
    judge(
        &message,
        Authenticated::Unknown,
        &Intel::new(Practice::default()),
        &Memory::new(),
        0,
    )
}

#[test]
fn every_point_of_the_score_belongs_to_a_reason() {
    let verdict = judged(
        "From: Ameli <info@relance.example>\nTo: claire@tilleuls.example\nSubject: Votre carte Vitale expire\n\n\
         Cher client, votre carte sera suspendue sous 24 heures. Cliquez ici : https://carte.example/x\n",
    );
    let layer = model::Model::built_in().mail;
    let sum: i32 = verdict.reasons.iter().map(|one| one.points).sum();
    assert!((layer.likely(layer.start + sum) - verdict.score).abs() < 1e-9);
    assert!(
        verdict
            .reasons
            .windows(2)
            .all(|two| two[0].points.abs() >= two[1].points.abs())
    );
    for mark in &verdict.marks {
        assert!(mark.reason < verdict.reasons.len());
    }
    let kept = serde_json::to_string(&verdict).unwrap();
    assert_eq!(serde_json::from_str::<Verdict>(&kept).unwrap(), verdict);
}

#[test]
fn words_of_reasons_stand_once() {
    let mut words: Vec<&str> = Clue::ALL.iter().map(|clue| clue.word()).collect();
    words.sort_unstable();
    assert!(words.windows(2).all(|two| two[0] != two[1]));
}
