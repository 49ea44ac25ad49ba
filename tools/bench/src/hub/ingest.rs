//! Signals taken in, durable: by the hub's store, and by SQLite alone with the same rows, batches and promises.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result};
use hygie_model::{DeviceId, Wall};
use hygie_store::{Batch, Certificate, Digest, Json, NewDevice, NewSignal, Seq, Store};
use rusqlite::{Connection, params};
use uuid::Uuid;

/// Signals of one commit.
pub(crate) const BATCH: u64 = 500;
const DEVICES: u64 = 4;
const YEAR_NANOS: i64 = 365 * 24 * 3_600 * 1_000_000_000;
const END: i64 = 1_795_507_920_000_000_000;

fn at(number: u64, all: u64) -> Wall {
    let part = i128::from(YEAR_NANOS) * i128::from(number) / i128::from(all.max(1));
    Wall(END - YEAR_NANOS + i64::try_from(part).unwrap_or(0))
}

fn kind(number: u64) -> &'static str {
    ["beat", "state", "incident", "refused"][usize::try_from(number % 4).unwrap_or(0)]
}

fn body(number: u64) -> String {
    format!(r#"{{"files":18412,"versions":{number},"state":"protected","refused":0}}"#)
}

/// A copy of a store that nobody has open.
pub(crate) fn copied(store: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir(to)?;
    for entry in std::fs::read_dir(store)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Signals a second of the hub's store.
pub(crate) fn kept(folder: &Path, signals: u64) -> Result<f64> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = Store::open_sqlite(folder).await?;
        let facts = store
            .practices()
            .await?
            .into_iter()
            .next()
            .context("a practice")?;
        let each = signals / DEVICES;
        for device in 0..DEVICES {
            let new = NewDevice {
                id: DeviceId(Uuid::from_u128(u128::from(device) + 1)),
                name: format!("Poste {device}"),
                version: "0.1.0".to_owned(),
                certificate: Certificate {
                    fingerprint: Digest([u8::try_from(device).unwrap_or(0) + 1; 32]),
                    expires: Wall(END + YEAR_NANOS),
                },
            };
            store.practice(facts.id).add_device(&new, Wall(END)).await?;
        }
        let began = Instant::now();
        let mut tasks = Vec::new();
        for device in 0..DEVICES {
            let store = store.clone();
            tasks.push(tokio::spawn(async move {
                let practice = store.practice(facts.id);
                let mut next = 0;
                while next < each {
                    let upto = (next + BATCH).min(each);
                    let signals = (next..upto)
                        .map(|number| {
                            Ok(NewSignal {
                                seq: Seq(number + 1),
                                at: at(number, each),
                                kind: kind(number).to_owned(),
                                body: Json::parse(body(number))?,
                            })
                        })
                        .collect::<Result<Vec<_>>>()?;
                    let batch = Batch {
                        device: DeviceId(Uuid::from_u128(u128::from(device) + 1)),
                        signals,
                        effects: Vec::new(),
                    };
                    practice.append(batch, at(upto, each)).await?;
                    next = upto;
                }
                anyhow::Ok(())
            }));
        }
        for task in tasks {
            task.await??;
        }
        let spent = began.elapsed();
        store.close().await?;
        Ok(per_second(each * DEVICES, spent))
    })
}

/// Signals a second of SQLite alone: the same columns, keys and batches in one table, nothing else.
pub(crate) fn bare(file: &Path, signals: u64) -> Result<f64> {
    let mut base = Connection::open(file)?;
    base.pragma_update(None, "journal_mode", "WAL")?;
    base.pragma_update(None, "synchronous", "FULL")?;
    base.execute_batch(
        "CREATE TABLE signal (practice BLOB NOT NULL, device BLOB NOT NULL, seq INTEGER NOT NULL, \
         arrival INTEGER NOT NULL, at INTEGER NOT NULL, received INTEGER NOT NULL, kind TEXT NOT NULL, \
         body TEXT NOT NULL, PRIMARY KEY (practice, device, seq)); \
         CREATE UNIQUE INDEX signal_arrival ON signal (practice, arrival);",
    )?;
    let practice = Uuid::from_u128(7);
    let began = Instant::now();
    let mut next = 0;
    while next < signals {
        let upto = (next + BATCH).min(signals);
        let tx = base.transaction()?;
        {
            let mut insert =
                tx.prepare_cached("INSERT INTO signal VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
            for number in next..upto {
                let device = Uuid::from_u128(u128::from(number % DEVICES) + 1);
                let number_kept = i64::try_from(number)?;
                let at = at(number, signals).0;
                insert.execute(params![
                    practice.as_bytes().as_slice(),
                    device.as_bytes().as_slice(),
                    number_kept,
                    number_kept,
                    at,
                    at,
                    kind(number),
                    body(number),
                ])?;
            }
        }
        tx.commit()?;
        next = upto;
    }
    Ok(per_second(signals, began.elapsed()))
}

#[expect(clippy::cast_precision_loss, reason = "a count far below 2^52")]
fn per_second(count: u64, spent: std::time::Duration) -> f64 {
    count as f64 / spent.as_secs_f64()
}
