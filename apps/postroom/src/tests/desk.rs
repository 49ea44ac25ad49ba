//! The desk: letters that go, and letters that do not.

use std::{path::Path, sync::Arc};

use hygie_model::{
    Mono, Wall,
    letter::{Flaw, Letter, Slot, Trouble},
};
use hygie_post::Trust;
use hygie_wire::post::{Answer, Ask, Refusal};

use super::{heard, hook, letter, mail, number, receiver, say_well, secret};
use crate::{
    desk::{AT_ONCE, Clock, Desk},
    pace::A_MINUTE,
    roads::Roads,
};

fn desk(place: &Path) -> Desk {
    let roads = Roads::open(&place.join("roads")).unwrap();
    let clock = Clock {
        wall: || Wall(1_795_507_920_000_000_000),
        mono: || Mono(7),
    };
    Desk::new(roads, Trust::only([]).unwrap(), clock)
}

fn send(slot: Slot, id: u128) -> Ask {
    Ask::Send {
        slot,
        id: number(id),
        letter: letter(),
    }
}

fn not_taken(trouble: Trouble) -> Answer {
    Answer::NotTaken { trouble }
}

#[tokio::test]
async fn a_letter_goes_by_the_road_that_was_set() {
    let place = tempfile::tempdir().unwrap();
    let desk = desk(place.path());
    let no_road = not_taken(Trouble::NoRoad);
    assert_eq!(desk.answer(send(Slot::Second, 1)).await, no_road);
    let (listener, port) = receiver();
    let keep = Ask::Keep {
        slot: Slot::Second,
        road: hook(port),
        secret: None,
    };
    assert_eq!(desk.answer(keep).await, Answer::Kept {});
    assert_eq!(desk.answer(send(Slot::First, 1)).await, no_road);
    let hearing = std::thread::spawn(move || {
        let (id, body, stream) = heard(&listener);
        say_well(&stream);
        (id, body)
    });
    let left_out = Vec::new();
    assert_eq!(
        desk.answer(send(Slot::Second, 1)).await,
        Answer::Taken { left_out }
    );
    let (id, body) = hearing.join().unwrap();
    assert_eq!(id, number(1).to_string());
    assert!(body.contains("Un programme a été arrêté"), "{body}");
    let forget = Ask::Drop { slot: Slot::Second };
    assert_eq!(desk.answer(forget).await, Answer::Dropped {});
    assert_eq!(desk.answer(send(Slot::Second, 2)).await, no_road);
}

#[tokio::test]
async fn no_answer_holds_a_secret() {
    let place = tempfile::tempdir().unwrap();
    let desk = desk(place.path());
    let keep = Ask::Keep {
        slot: Slot::First,
        road: mail(),
        secret: secret("Iris"),
    };
    for ask in [keep, Ask::State {}] {
        let answer = desk.answer(ask).await;
        let line = serde_json::to_string(&answer).unwrap();
        assert!(!line.contains("Iris") && !format!("{answer:?}").contains("Iris"));
    }
    let bad = Ask::Keep {
        slot: Slot::First,
        road: mail(),
        secret: secret(""),
    };
    let why = Refusal::Road { flaw: Flaw::Secret };
    assert_eq!(desk.answer(bad).await, Answer::Refused { why });
}

#[tokio::test]
async fn what_is_no_letter_is_refused_before_any_road() {
    let place = tempfile::tempdir().unwrap();
    let desk = desk(place.path());
    let ask = Ask::Send {
        slot: Slot::First,
        id: number(1),
        letter: Letter {
            subject: "a\nBcc: x@evil.example".to_owned(),
            text: "b".to_owned(),
        },
    };
    let why = Refusal::Letter;
    assert_eq!(desk.answer(ask).await, Answer::Refused { why });
}

#[tokio::test]
async fn letters_have_a_bound_at_once_and_a_minute() {
    let place = tempfile::tempdir().unwrap();
    let desk = Arc::new(desk(place.path()));
    let (listener, port) = receiver();
    let keep = Ask::Keep {
        slot: Slot::First,
        road: hook(port),
        secret: None,
    };
    desk.answer(keep).await;
    let full = not_taken(Trouble::Full);
    // So many are on their way, and nobody answers them yet.
    let going: Vec<_> = (0..AT_ONCE)
        .map(|one| {
            let desk = Arc::clone(&desk);
            tokio::spawn(async move { desk.answer(send(Slot::First, one as u128)).await })
        })
        .collect();
    let mut lines = Vec::new();
    for _ in 0..AT_ONCE {
        let (back, listening) = tokio::task::spawn_blocking({
            let listener = listener.try_clone().unwrap();
            move || (heard(&listener).2, ())
        })
        .await
        .unwrap();
        lines.push((back, listening));
    }
    assert_eq!(desk.answer(send(Slot::First, 100)).await, full);
    for (line, ()) in &lines {
        say_well(line);
    }
    for one in going {
        assert!(matches!(one.await.unwrap(), Answer::Taken { .. }));
    }
    // What could not even be sent counts too: a gun that misses is one.
    drop(listener);
    for one in AT_ONCE..A_MINUTE {
        let answer = desk.answer(send(Slot::First, one as u128)).await;
        assert_eq!(answer, not_taken(Trouble::NotReached), "{one}");
    }
    assert_eq!(desk.answer(send(Slot::First, 100)).await, full);
}
