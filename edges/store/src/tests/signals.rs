//! Cases about devices and what they send: enrolment, appending, reading, counting, forgetting.
//! The interleavings that nobody thought of are in `interleave`.

use hygie_model::{DeviceId, Wall};
use uuid::Uuid;

use super::lab::{
    CLAIRE, DESK, ELSEWHERE, HERE, LAPTOP, Lab, NOW, after, batch, digest, json, new_device,
    practice, signal,
};
use crate::{
    Arrival, Batch, Certificate, Change, Day, Effect, Enrolment, Gauge, HUB, HourCount, Json,
    NewSignal, Seq, StoreError, Stored,
};

fn stored(upto: u64, new: u64) -> Stored {
    Stored {
        upto: Seq(upto),
        new,
        beyond: None,
    }
}

pub(super) async fn a_device_joins_by_a_code_once(lab: Lab) {
    let here = lab.store.practice(HERE);
    let code = Enrolment {
        code: digest(9),
        name: "Accueil".to_owned(),
        made: NOW,
        by: Some(CLAIRE),
        expires: after(60),
    };
    here.add_enrolment(&code).await.unwrap();
    assert_eq!(
        here.enrolment(digest(9), after(59)).await.unwrap(),
        Some(code.clone())
    );
    assert_eq!(here.enrolment(digest(9), after(60)).await.unwrap(), None);
    let desk = new_device(DESK, 1);
    assert!(!here.enrol(digest(9), &desk, after(60)).await.unwrap());
    assert!(!here.enrol(digest(8), &desk, after(1)).await.unwrap());
    assert_eq!(here.devices().await.unwrap(), []);
    assert!(here.enrol(digest(9), &desk, after(1)).await.unwrap());
    assert!(
        !here
            .enrol(digest(9), &new_device(LAPTOP, 2), after(2))
            .await
            .unwrap()
    );
    let devices = here.devices().await.unwrap();
    assert_eq!(
        (devices.len(), devices[0].id, devices[0].seq),
        (1, DESK, Seq(0))
    );
    assert_eq!(here.enrolments().await.unwrap(), []);
    here.add_enrolment(&code).await.unwrap_err();
    let other = Enrolment {
        code: digest(7),
        by: None,
        ..code
    };
    here.add_enrolment(&other).await.unwrap();
    // The device's number is taken: the code stays good.
    assert!(here.enrol(digest(7), &desk, after(3)).await.is_err());
    assert_eq!(here.enrolments().await.unwrap(), [other]);
    assert!(here.withdraw_enrolment(digest(7)).await.unwrap());
    assert!(!here.withdraw_enrolment(digest(9)).await.unwrap());
}

pub(super) async fn a_certificate_lets_in_until_it_is_revoked(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    let who = async |mark| {
        let device = here
            .device_of_certificate(digest(mark), after(10))
            .await
            .unwrap();
        device.map(|it| it.id)
    };
    assert_eq!((who(1).await, who(2).await), (Some(DESK), Some(LAPTOP)));
    let next = Certificate {
        fingerprint: digest(3),
        expires: after(50),
    };
    here.add_certificate(DESK, &next, after(1)).await.unwrap();
    assert_eq!((who(1).await, who(3).await), (Some(DESK), Some(DESK)));
    assert_eq!(
        here.revoke_certificates(DESK, Some(digest(3)), after(2))
            .await
            .unwrap(),
        1
    );
    assert_eq!((who(1).await, who(3).await), (None, Some(DESK)));
    assert_eq!(
        here.device_of_certificate(digest(3), after(50))
            .await
            .unwrap(),
        None
    );
    here.rename_device(DESK, "Secrétariat").await.unwrap();
    here.hear_device(DESK, after(7)).await.unwrap();
    here.hear_device(DESK, after(6)).await.unwrap();
    let device = here.device(DESK).await.unwrap().unwrap();
    assert_eq!(
        (device.name.as_str(), device.seen),
        ("Secrétariat", Some(after(7)))
    );
    here.retire_device(DESK, after(8)).await.unwrap();
    assert_eq!((who(3).await, who(2).await), (None, Some(LAPTOP)));
    assert!(matches!(
        here.retire_device(DESK, after(9)).await,
        Err(StoreError::Unknown { .. })
    ));
}

pub(super) async fn signals_are_kept_once_and_in_order(lab: Lab) {
    let mut lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    assert_eq!(
        here.append(batch(DESK, [1, 2]), NOW).await.unwrap(),
        stored(2, 2)
    );
    assert_eq!(
        here.append(batch(DESK, [1, 2]), after(1)).await.unwrap(),
        stored(2, 0)
    );
    assert_eq!(
        here.append(batch(DESK, [4, 2, 3]), after(2)).await.unwrap(),
        stored(4, 2)
    );
    assert_eq!(
        here.append(batch(LAPTOP, [1]), after(3)).await.unwrap(),
        stored(1, 1)
    );
    assert_eq!(
        here.append(batch(DESK, []), after(4)).await.unwrap(),
        stored(4, 0)
    );
    lab.reopen().await;
    let here = lab.store.practice(HERE);
    let all = here.signals_after(Arrival(0), 100).await.unwrap();
    let kept: Vec<_> = all
        .iter()
        .map(|it| (it.arrival.0, it.device, it.seq.0))
        .collect();
    assert_eq!(
        kept,
        [
            (1, DESK, 1),
            (2, DESK, 2),
            (3, DESK, 3),
            (4, DESK, 4),
            (5, LAPTOP, 1)
        ]
    );
    assert_eq!(all[0].body, signal(1).body);
    assert_eq!((all[0].at, all[0].received), (signal(1).at, NOW));
    let desk = here.device(DESK).await.unwrap().unwrap();
    assert_eq!((desk.seq, desk.seen), (Seq(4), Some(after(4))));
}

pub(super) async fn a_gap_is_told_and_nothing_beyond_is_kept(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    let told = here.append(batch(DESK, [1, 3, 4]), NOW).await.unwrap();
    assert_eq!(
        (told.upto, told.new, told.beyond),
        (Seq(1), 1, Some(Seq(3)))
    );
    assert_eq!(here.signals_after(Arrival(0), 9).await.unwrap().len(), 1);
    assert_eq!(
        here.append(batch(DESK, 2..=4), NOW).await.unwrap(),
        stored(4, 3)
    );
}

pub(super) async fn what_a_device_lost_is_noted(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    here.append(batch(DESK, [1]), NOW).await.unwrap();
    assert_eq!(here.give_up_before(DESK, Seq(2), NOW).await.unwrap(), None);
    let loss = here
        .give_up_before(DESK, Seq(5), after(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((loss.first, loss.last), (Seq(2), Seq(4)));
    assert_eq!(
        here.give_up_before(DESK, Seq(5), after(2)).await.unwrap(),
        None
    );
    assert_eq!(
        here.append(batch(DESK, [5, 6]), after(3)).await.unwrap(),
        stored(6, 2)
    );
    assert_eq!(here.losses().await.unwrap(), [loss]);
    let nobody = DeviceId(Uuid::from_u128(99));
    assert!(matches!(
        here.give_up_before(nobody, Seq(5), NOW).await,
        Err(StoreError::Unknown { .. })
    ));
}

pub(super) async fn a_device_set_back_is_told(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    here.append(batch(DESK, 1..=3), NOW).await.unwrap();
    let mut other = batch(DESK, [2, 3]);
    other.signals[1].body = json("\"another\"");
    let told = here.append(other, after(1)).await;
    assert!(
        matches!(told, Err(StoreError::Forked { seq: 3 })),
        "{told:?}"
    );
    assert_eq!(
        here.append(batch(DESK, [3, 4]), after(2)).await.unwrap(),
        stored(4, 1)
    );
}

pub(super) async fn who_is_unknown_or_retired_is_refused_alone(lab: Lab) {
    let lab = lab.peopled().await;
    let store = &lab.store;
    let here = store.practice(HERE);
    store
        .create_practice(&practice(ELSEWHERE, "acacias"))
        .await
        .unwrap();
    let there = store.practice(ELSEWHERE);
    let nowhere = store.practice(hygie_model::PracticeId(Uuid::nil()));
    here.retire_device(LAPTOP, NOW).await.unwrap();
    // All wait for the same commit.
    let (good, retired, stranger, unknown) = join4(
        here.append(batch(DESK, [1]), NOW),
        here.append(batch(LAPTOP, [1]), NOW),
        there.append(batch(DESK, [1]), NOW),
        nowhere.append(batch(DESK, [1]), NOW),
    )
    .await;
    assert_eq!(good.unwrap(), stored(1, 1));
    assert!(matches!(retired, Err(StoreError::Retired)), "{retired:?}");
    assert!(
        matches!(stranger, Err(StoreError::Unknown { .. })),
        "{stranger:?}"
    );
    assert!(
        matches!(unknown, Err(StoreError::Unknown { .. })),
        "{unknown:?}"
    );
    assert_eq!(there.newest_arrival().await.unwrap(), Arrival(0));
    assert!(nowhere.newest_arrival().await.is_err());
}

async fn join4<T>(
    a: impl Future<Output = T>,
    b: impl Future<Output = T>,
    c: impl Future<Output = T>,
    d: impl Future<Output = T>,
) -> (T, T, T, T) {
    tokio::join!(a, b, c, d)
}

pub(super) async fn a_large_batch_is_kept_whole(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    assert_eq!(
        here.append(batch(DESK, 1..=2_345), NOW).await.unwrap(),
        stored(2_345, 2_345)
    );
    let all = here.signals_after(Arrival(0), 10_000).await.unwrap();
    assert!(
        all.iter()
            .zip(1..)
            .all(|(it, n)| (it.seq.0, it.arrival.0) == (n, n))
    );
    assert!(all.iter().all(|it| it.body == signal(it.seq.0).body));
    assert_eq!(all.len(), 2_345);
}

pub(super) async fn live_pages_read_on(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    let mut seen = here.newest_arrival().await.unwrap();
    for (device, seqs) in [(DESK, 1..=2), (LAPTOP, 1..=3), (DESK, 3..=3)] {
        here.append(batch(device, seqs), NOW).await.unwrap();
    }
    let mut read = Vec::new();
    loop {
        let next = here.signals_after(seen, 4).await.unwrap();
        let Some(last) = next.last() else { break };
        seen = last.arrival;
        read.extend(next.into_iter().map(|it| it.seq.0));
    }
    assert_eq!(read, [1, 2, 1, 2, 3, 3]);
    assert_eq!(here.newest_arrival().await.unwrap(), seen);
}

pub(super) async fn lists_have_pages(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    here.append(batch(DESK, 1..=5), NOW).await.unwrap();
    here.append(batch(LAPTOP, 1..=2), NOW).await.unwrap();
    let mut cursor = None;
    let mut sizes = Vec::new();
    let mut all = Vec::new();
    loop {
        let page = here.signals_before(cursor, 3).await.unwrap();
        sizes.push(page.items.len());
        all.extend(page.items.into_iter().map(|it| it.arrival.0));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(
        (sizes, all),
        (vec![3, 3, 1], (1..=7).rev().collect::<Vec<_>>())
    );
    let page = here.signals_of(DESK, None, 3).await.unwrap();
    let seqs = |page: &crate::Page<crate::Signal, Seq>| -> Vec<u64> {
        page.items.iter().map(|it| it.seq.0).collect()
    };
    assert_eq!((seqs(&page), page.next), (vec![5, 4, 3], Some(Seq(3))));
    let page = here.signals_of(DESK, page.next, 3).await.unwrap();
    assert_eq!((seqs(&page), page.next), (vec![2, 1], None));
}

pub(super) async fn charts_count_hours_days_and_gauges(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    const HOUR: i64 = 3_600_000_000_000;
    let at = |seq, hour: i64, kind: &str| NewSignal {
        seq: Seq(seq),
        at: Wall(hour * HOUR + 5),
        kind: kind.to_owned(),
        body: Json::empty(),
    };
    let gauge = |seq, day, value| Effect {
        seq: Seq(seq),
        change: Change::Gauge {
            name: "files".to_owned(),
            day: Day(day),
            value,
        },
    };
    let first = Batch {
        device: DESK,
        signals: vec![at(1, 22, "a"), at(2, 23, "a"), at(3, 23, "b")],
        effects: vec![gauge(1, 0, 10), gauge(3, 0, 12), gauge(4, 0, 99)],
    };
    for _replay in 0..2 {
        here.append(first.clone(), NOW).await.unwrap();
    }
    let second = Batch {
        device: DESK,
        signals: vec![at(4, 23, "a"), at(5, 24, "a"), at(6, -1, "a")],
        effects: vec![gauge(5, 1, 13)],
    };
    here.append(second, NOW).await.unwrap();
    let hour = |hour, kind: &str, count| HourCount {
        hour: Wall(hour * HOUR),
        kind: kind.to_owned(),
        count,
    };
    assert_eq!(
        here.hour_counts(Wall(22 * HOUR), Wall(24 * HOUR))
            .await
            .unwrap(),
        [hour(22, "a", 1), hour(23, "a", 2), hour(23, "b", 1)]
    );
    // Days that begin at 23 h UTC: midnight in Paris in winter.
    let days = [-1, 23, 47].map(|hour| Wall(hour * HOUR));
    assert_eq!(here.day_counts("a", &days).await.unwrap(), [2, 3]);
    assert!(here.day_counts("a", &[]).await.unwrap().is_empty());
    let gauges = here.gauges("files", Day(0), Day(2)).await.unwrap();
    let of = |day, value| Gauge {
        day: Day(day),
        device: DESK,
        value,
    };
    assert_eq!(gauges, [of(0, 12), of(1, 13)]);
}

pub(super) async fn old_signals_go_in_parts(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    assert_eq!(here.forget_signals(NOW, 10).await.unwrap(), 0);
    here.append(batch(DESK, 1..=5), NOW).await.unwrap();
    here.append(batch(DESK, 6..=7), after(10)).await.unwrap();
    for gone in [3, 2, 0] {
        assert_eq!(here.forget_signals(after(1), 3).await.unwrap(), gone);
    }
    assert_eq!(here.signals_after(Arrival(0), 9).await.unwrap().len(), 2);
    // What went is not taken again, and is no sign of a device set back.
    assert_eq!(
        here.append(batch(DESK, 4..=8), after(11)).await.unwrap(),
        stored(8, 1)
    );
    assert_eq!(here.signals_after(Arrival(0), 9).await.unwrap().len(), 3);
}

pub(super) async fn the_hub_reports_too(lab: Lab) {
    let lab = lab.peopled().await;
    let here = lab.store.practice(HERE);
    here.append(batch(DESK, 1..=2), NOW).await.unwrap();
    let body = json(r#"{"kind":"judged","verdict":"dangerous"}"#);
    assert_eq!(here.report("judged", &body, NOW).await.unwrap(), Seq(1));
    here.append(batch(DESK, 3..=3), NOW).await.unwrap();
    assert_eq!(
        here.report("judged", &body, after(1)).await.unwrap(),
        Seq(2)
    );
    let all = here.signals_after(Arrival(0), 99).await.unwrap();
    let from: Vec<_> = all.iter().map(|one| (one.arrival.0, one.device)).collect();
    assert_eq!(from, [(1, DESK), (2, DESK), (3, HUB), (4, DESK), (5, HUB)]);
    assert_eq!(
        (&all[2].kind[..], &all[2].body, all[2].at),
        ("judged", &body, NOW)
    );
    let hours = here.hour_counts(Wall(0), after(600)).await.unwrap();
    let judged = hours.iter().filter(|one| one.kind == "judged");
    assert_eq!(judged.map(|one| one.count).sum::<u64>(), 2);
    let nobody = lab
        .store
        .practice(hygie_model::PracticeId(Uuid::from_u128(99)));
    let told = nobody.report("judged", &body, NOW).await;
    assert!(matches!(told, Err(StoreError::Unknown { .. })), "{told:?}");
}
