//! A store for one case, on either engine, and the people and devices that cases are about.
//! No case reads a clock: moments are small numbers.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    pin::Pin,
};

use hygie_model::{DeviceId, PersonId, PracticeId, Role, Wall};
use uuid::Uuid;

use super::cluster::Cluster;
use crate::{
    Arrival, Batch, Certificate, Digest, Json, NewDevice, NewSignal, Person, PracticeFacts, Seq,
    Store, StoreError,
    migrations::{STEPS, Steps},
};

/// How a store is opened again after it was closed or killed.
#[derive(Clone)]
pub(super) enum Place {
    Sqlite(std::path::PathBuf),
    Pg(String),
}

impl Place {
    pub(super) async fn open(&self) -> Result<Store, StoreError> {
        match self {
            Self::Sqlite(dir) => Store::open_sqlite(dir).await,
            Self::Pg(url) => Store::open_pg(url).await,
        }
    }
}

/// A store with one practice.
pub(super) struct Lab {
    pub(super) store: Store,
    pub(super) place: Place,
}

/// One test of the suite.
pub(super) type Case = fn(Lab) -> Pin<Box<dyn Future<Output = ()>>>;

pub(super) const HERE: PracticeId = PracticeId(Uuid::from_u128(1));
pub(super) const ELSEWHERE: PracticeId = PracticeId(Uuid::from_u128(2));
pub(super) const CLAIRE: PersonId = PersonId(Uuid::from_u128(10));
pub(super) const DESK: DeviceId = DeviceId(Uuid::from_u128(20));
pub(super) const LAPTOP: DeviceId = DeviceId(Uuid::from_u128(21));
pub(super) const NOW: Wall = Wall(1_790_000_000_000_000_000);

/// A moment some seconds after [`NOW`].
pub(super) fn after(seconds: i64) -> Wall {
    Wall(NOW.0 + seconds * 1_000_000_000)
}

pub(super) fn digest(number: u8) -> Digest {
    Digest([number; 32])
}

pub(super) fn json(text: &str) -> Json {
    Json::parse(text).unwrap()
}

pub(super) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

pub(super) fn on_sqlite(case: Case) {
    let dir = tempfile::tempdir().unwrap();
    run(async {
        case(Lab::new(Place::Sqlite(dir.path().join("hub"))).await).await;
    });
}

/// All cases, each on a database of its own; every failure is told.
pub(super) fn on_postgres(cases: &[(&str, Case)]) {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let failed: Vec<&str> = cases
        .iter()
        .filter(|(name, case)| {
            let one = || {
                run(async {
                    let url = cluster.database(name).await;
                    case(Lab::new(Place::Pg(url)).await).await;
                });
            };
            catch_unwind(AssertUnwindSafe(one)).is_err()
        })
        .map(|(name, _)| *name)
        .collect();
    assert!(failed.is_empty(), "on PostgreSQL failed: {failed:?}");
}

impl Lab {
    pub(super) async fn new(place: Place) -> Self {
        let store = place.open().await.unwrap();
        store
            .create_practice(&practice(HERE, "tilleuls"))
            .await
            .unwrap();
        Self { store, place }
    }

    /// With Claire, a practitioner, and two devices.
    pub(super) async fn peopled(self) -> Self {
        let here = self.store.practice(HERE);
        here.add_person(&claire()).await.unwrap();
        for (device, mark) in [(DESK, 1), (LAPTOP, 2)] {
            here.add_device(&new_device(device, mark), NOW)
                .await
                .unwrap();
        }
        self
    }

    pub(super) async fn reopen(&mut self) {
        self.store.close().await.unwrap();
        self.store = self.place.open().await.unwrap();
    }
}

pub(super) fn practice(id: PracticeId, name: &str) -> PracticeFacts {
    PracticeFacts {
        id,
        name: format!("Cabinet {name}"),
        host: format!("{name}.local"),
        created: NOW,
    }
}

pub(super) fn claire() -> Person {
    Person {
        id: CLAIRE,
        name: "Claire Morin".to_owned(),
        login: "claire".to_owned(),
        role: Role::Practitioner,
        address: Some("claire@tilleuls.example".to_owned()),
        created: NOW,
        until: None,
        closed: None,
    }
}

pub(super) fn new_device(id: DeviceId, mark: u8) -> NewDevice {
    NewDevice {
        id,
        name: format!("Poste {mark}"),
        version: "0.1.0".to_owned(),
        certificate: Certificate {
            fingerprint: digest(mark),
            expires: after(1_000_000),
        },
    }
}

pub(super) fn signal(seq: u64) -> NewSignal {
    NewSignal {
        seq: Seq(seq),
        at: after(i64::try_from(seq).unwrap()),
        kind: "guard.copied".to_owned(),
        body: Json::of(&seq).unwrap(),
    }
}

pub(super) fn batch(device: DeviceId, seqs: impl IntoIterator<Item = u64>) -> Batch {
    Batch {
        device,
        signals: seqs.into_iter().map(signal).collect(),
        effects: Vec::new(),
    }
}

/// A hundred signals of the desk's, and Claire.
pub(super) async fn assert_whole(store: &Store) {
    let here = store.practice(HERE);
    assert_eq!(
        here.signals_after(Arrival(0), 1_000).await.unwrap().len(),
        100
    );
    assert_eq!(here.people().await.unwrap(), [claire()]);
}

const NEXT: &str = "
    CREATE TABLE further (practice UUID PRIMARY KEY NOT NULL, word TEXT NOT NULL);
    INSERT INTO further (practice, word) SELECT practice, name FROM practice;
    ALTER TABLE person ADD COLUMN further TEXT;";
/// A format after the first.
pub(super) const WITH_NEXT: Steps = &[STEPS[0], NEXT];
/// Fails after it has changed much.
pub(super) const WITH_FAILING: Steps = &[
    STEPS[0],
    NEXT,
    "DELETE FROM signal; CREATE TABLE half (a TEXT); INSERT INTO nowhere VALUES (1);",
];

/// Every file below a folder with its content.
pub(super) fn contents(dir: &Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let mut all: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap()))
        .collect();
    all.sort();
    all
}
