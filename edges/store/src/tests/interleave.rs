//! The law of the append: whatever is sent, sent again, cut short or killed, each signal is kept once.
//! A device sends from what it knows to be kept; it hears, or it does not; the hub dies at any point of a commit.

use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use hygie_model::{DeviceId, PracticeId, Wall};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use uuid::Uuid;

use super::lab::{DESK, LAPTOP, Lab, NOW, Place, batch, new_device, practice, run};
use crate::{Arrival, Batch, Change, Day, Effect, Practice, Seq, Store, Stored};

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A device sends so many, beginning so many before what it knows to be kept.
    Send { laptop: bool, back: u64, many: u64 },
    /// Both send at once.
    Both { many: u64 },
    /// A device sends, and the hub is killed after two to the power of so many polls; the device may not hear.
    Kill { laptop: bool, many: u64, steps: u32 },
    /// The hub is started again.
    Reopen,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (any::<bool>(), 0..5_u64, 0..70_u64)
            .prop_map(|(laptop, back, many)| Event::Send { laptop, back, many }),
        2 => (1..60_u64).prop_map(|many| Event::Both { many }),
        3 => (any::<bool>(), 1..70_u64, 0..15_u32)
            .prop_map(|(laptop, many, steps)| Event::Kill { laptop, many, steps }),
        1 => Just(Event::Reopen),
    ]
}

/// What the two devices believe to be kept.
struct Devices {
    kept: [u64; 2],
}

impl Devices {
    fn batch(&self, laptop: bool, back: u64, many: u64) -> Batch {
        let from = (self.kept[usize::from(laptop)] + 1)
            .saturating_sub(back)
            .max(1);
        let seqs = from..from + many;
        let mut sent = batch(device(laptop), seqs.clone());
        sent.effects = seqs
            .map(|seq| Effect {
                seq: Seq(seq),
                change: Change::Gauge {
                    name: "newest".to_owned(),
                    day: Day(0),
                    value: i64::try_from(seq).unwrap(),
                },
            })
            .collect();
        sent
    }

    fn hear(&mut self, laptop: bool, stored: Stored) {
        let kept = &mut self.kept[usize::from(laptop)];
        assert!(stored.upto.0 >= *kept, "what was kept is kept");
        assert_eq!(stored.beyond, None);
        *kept = stored.upto.0;
    }
}

fn device(laptop: bool) -> DeviceId {
    if laptop { LAPTOP } else { DESK }
}

pub(super) async fn any_interleaving_keeps_each_signal_once(lab: Lab) {
    lab.store.close().await.unwrap();
    let place = lab.place.clone();
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let mut practices = 100..;
    // proptest is no future: it gets a thread without a runtime, and each of its cases one of its own.
    let law = move || {
        let practices = std::cell::RefCell::new(&mut practices);
        TestRunner::new(config).run(&proptest::collection::vec(event(), 1..12), |events| {
            let number = practices.borrow_mut().next().unwrap();
            run(one_case(
                &place,
                PracticeId(Uuid::from_u128(number)),
                events,
            ));
            Ok(())
        })
    };
    std::thread::spawn(law).join().unwrap().unwrap();
}

async fn one_case(place: &Place, id: PracticeId, events: Vec<Event>) {
    let mut store = place.open().await.unwrap();
    store
        .create_practice(&practice(id, &id.0.to_string()))
        .await
        .unwrap();
    for (device, mark) in [(DESK, 1), (LAPTOP, 2)] {
        let new = new_device(device, mark);
        store.practice(id).add_device(&new, NOW).await.unwrap();
    }
    let mut devices = Devices { kept: [0; 2] };
    for event in events {
        store = step(store, place, id, &mut devices, event).await;
    }
    judge(&store.practice(id), &devices).await;
    store.close().await.unwrap();
}

async fn step(
    store: Store,
    place: &Place,
    id: PracticeId,
    devices: &mut Devices,
    event: Event,
) -> Store {
    let here = store.practice(id);
    match event {
        Event::Send { laptop, back, many } => {
            let sent = devices.batch(laptop, back, many);
            devices.hear(laptop, here.append(sent, NOW).await.unwrap());
            store
        }
        Event::Both { many } => {
            let (one, two) = (devices.batch(false, 0, many), devices.batch(true, 0, many));
            let (one, two) = tokio::join!(here.append(one, NOW), here.append(two, NOW));
            devices.hear(false, one.unwrap());
            devices.hear(true, two.unwrap());
            store
        }
        Event::Kill {
            laptop,
            many,
            steps,
        } => {
            let sent = devices.batch(laptop, 1, many);
            let told = Steps {
                left: 1 << steps,
                inner: pin!(here.append(sent, NOW)),
            }
            .await;
            store.kill().await;
            if let Some(stored) = told {
                devices.hear(laptop, stored.unwrap());
            }
            place.open().await.unwrap()
        }
        Event::Reopen => {
            store.close().await.unwrap();
            drop(store);
            place.open().await.unwrap()
        }
    }
}

/// Polls so often, then gives up.
struct Steps<'f, F> {
    left: u32,
    inner: Pin<&'f mut F>,
}

impl<F: Future> Future for Steps<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(told) = self.inner.as_mut().poll(context) {
            return Poll::Ready(Some(told));
        }
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        // The writer runs in the same thread: each round lets it take a step.
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Each signal up to what the database says is there once, arrivals have no gap, and counts fit.
async fn judge(here: &Practice<'_>, devices: &Devices) {
    let all = here.signals_after(Arrival(0), 1_000_000).await.unwrap();
    assert!(
        all.iter()
            .zip(1..)
            .all(|(it, arrival)| it.arrival.0 == arrival)
    );
    let mut counted = 0;
    for laptop in [false, true] {
        let known = here.device(device(laptop)).await.unwrap().unwrap().seq.0;
        assert!(
            known >= devices.kept[usize::from(laptop)],
            "what was told is kept"
        );
        let seqs: Vec<u64> = all
            .iter()
            .filter(|it| it.device == device(laptop))
            .map(|it| it.seq.0)
            .collect();
        assert_eq!(seqs, (1..=known).collect::<Vec<_>>());
        let gauges = here.gauges("newest", Day(0), Day(1)).await.unwrap();
        let newest = gauges.iter().find(|it| it.device == device(laptop));
        assert_eq!(
            newest.map_or(0, |it| it.value),
            i64::try_from(known).unwrap()
        );
        counted += known;
    }
    let hours = here.hour_counts(Wall(0), Wall(i64::MAX)).await.unwrap();
    assert_eq!(hours.iter().map(|it| it.count).sum::<u64>(), counted);
}
