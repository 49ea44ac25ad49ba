//! One commit for many batches: of all practices on SQLite, of one practice on PostgreSQL.
//! Who sent something that cannot be kept is told so alone; the others' batches are kept.

use std::{collections::BTreeMap, sync::Arc};

use hygie_model::{PracticeId, Wall};
use tokio::{sync::oneshot, task::JoinSet};

use super::{
    Batch, Job, Stored,
    insert::{count, insert},
    plan::plan,
};
use crate::{
    Arrival, Seq, StoreError,
    db::{Db, Tx},
    practice::first,
    value::args,
};

type Answer = oneshot::Sender<Result<Stored, StoreError>>;

/// A batch, its practice and when it came.
struct Work {
    practice: PracticeId,
    batch: Batch,
    now: Wall,
}

/// Keeps the batches and answers each.
pub(super) async fn commit(db: &Arc<Db>, jobs: Vec<Job>) {
    let mut practices: BTreeMap<PracticeId, (Vec<Work>, Vec<Answer>)> = BTreeMap::new();
    for job in jobs {
        let (works, answers) = practices.entry(job.practice).or_default();
        works.push(Work {
            practice: job.practice,
            batch: job.batch,
            now: job.now,
        });
        answers.push(job.answer);
    }
    match **db {
        Db::Sqlite { .. } => {
            let (works, answers): (Vec<_>, Vec<_>) = practices.into_values().unzip();
            let works: Vec<Work> = works.into_iter().flatten().collect();
            together(db, &works, answers.into_iter().flatten()).await;
        }
        // A batch of one practice stays on its shard, and practices do not wait for each other.
        Db::Pg(_) => {
            let mut all = JoinSet::new();
            for (works, answers) in practices.into_values() {
                let db = Arc::clone(db);
                all.spawn(async move { together(&db, &works, answers.into_iter()).await });
            }
            all.join_all().await;
        }
    }
}

async fn together(db: &Db, works: &[Work], answers: impl Iterator<Item = Answer>) {
    match attempt(db, works).await {
        Ok(stored) => answers.zip(stored).for_each(|(answer, told)| {
            // Who no longer listens sends again, and is told then.
            let _gone = answer.send(told);
        }),
        // One batch that the engine refuses must not keep the others out for ever.
        Err(error) if works.len() > 1 && !error.may_pass() => {
            for (answer, work) in answers.zip(works) {
                let told = attempt(db, std::slice::from_ref(work)).await;
                let _gone = answer
                    .send(told.and_then(|mut told| told.pop().unwrap_or(Err(StoreError::Closed))));
            }
        }
        Err(error) => answers.for_each(|answer| {
            let _gone = answer.send(Err(error.clone()));
        }),
    }
}

/// One transaction; what each batch is told once it is durable.
async fn attempt(db: &Db, works: &[Work]) -> Result<Vec<Result<Stored, StoreError>>, StoreError> {
    let mut tx = db.begin(DOING).await?;
    let mut told = Vec::with_capacity(works.len());
    for works in works.chunk_by(|one, next| one.practice == next.practice) {
        of_practice(&mut tx, works, &mut told).await?;
    }
    tx.commit(DOING).await?;
    Ok(told)
}

async fn of_practice(
    tx: &mut Tx,
    works: &[Work],
    told: &mut Vec<Result<Stored, StoreError>>,
) -> Result<(), StoreError> {
    let Some(practice) = works.first().map(|work| work.practice) else {
        return Ok(());
    };
    // Locks the practice's stream: arrivals are counted in the order of commits, so whoever reads on misses none.
    let locked = tx.rows(DOING, LOCK, first(practice, args![])).await?;
    let Some(locked) = locked.first() else {
        let unknown = works
            .iter()
            .map(|_| Err(StoreError::Unknown { doing: DOING }));
        told.extend(unknown);
        return Ok(());
    };
    let before: Arrival = locked.get(0)?;
    let mut arrived = before;
    let mut hours = BTreeMap::new();
    for work in works {
        told.push(of_device(tx, work, &mut arrived, &mut hours).await?);
    }
    count(tx, practice, &hours).await?;
    if arrived != before {
        let args = first(practice, args![arrived]);
        tx.change(DOING, ARRIVED, args).await?;
    }
    Ok(())
}

/// The inner error is this batch's alone.
async fn of_device<'w>(
    tx: &mut Tx,
    work: &'w Work,
    arrived: &mut Arrival,
    hours: &mut BTreeMap<(i64, &'w str), i64>,
) -> Result<Result<Stored, StoreError>, StoreError> {
    let (practice, batch) = (work.practice, &work.batch);
    let of_device = first(practice, args![batch.device]);
    let device = tx.rows(DOING, DEVICE, of_device).await?;
    let Some(device) = device.first() else {
        return Ok(Err(StoreError::Unknown { doing: DOING }));
    };
    if device.get::<Option<Wall>>(1)?.is_some() {
        return Ok(Err(StoreError::Retired));
    }
    let kept: Seq = device.get(0)?;
    let plan = plan(kept, &batch.signals);
    if let Some(replayed) = plan.replayed {
        let args = first(practice, args![batch.device, replayed.seq]);
        let rows = tx.rows(DOING, KEPT, args).await?;
        if let Some(row) = rows.first() {
            let (at, body): (Wall, String) = (row.get(0)?, row.get(1)?);
            if at != replayed.at || body != replayed.body.as_str() {
                return Ok(Err(StoreError::Forked {
                    seq: replayed.seq.0,
                }));
            }
        }
    }
    if !plan.new.is_empty() {
        let first_arrival = Arrival(arrived.0 + 1);
        insert(
            tx,
            practice,
            batch.device,
            &plan.new,
            first_arrival,
            work.now,
        )
        .await?;
        arrived.0 += plan.stored.new;
    }
    for signal in &plan.new {
        let hour = signal.at.0.div_euclid(HOUR) * HOUR;
        *hours.entry((hour, &signal.kind)).or_default() += 1;
    }
    let is_new = |seq: Seq| kept < seq && seq <= plan.stored.upto;
    for effect in batch.effects.iter().filter(|effect| is_new(effect.seq)) {
        let change = &effect.change;
        change
            .carry_out(tx, practice, batch.device, effect.seq)
            .await?;
    }
    let args = first(practice, args![batch.device, plan.stored.upto, work.now]);
    tx.change(DOING, HEARD, args).await?;
    Ok(Ok(plan.stored))
}

const DOING: &str = "keeping signals";
/// Counts are kept by hours of this many nanoseconds.
pub(crate) const HOUR: i64 = 3_600_000_000_000;

const LOCK: &str = "UPDATE stream SET arrived = arrived WHERE practice = $1 RETURNING arrived";
const ARRIVED: &str = "UPDATE stream SET arrived = $2 WHERE practice = $1";
const DEVICE: &str = "SELECT seq, retired FROM device WHERE practice = $1 AND device = $2";
const KEPT: &str = "SELECT at, body FROM signal WHERE practice = $1 AND device = $2 AND seq = $3";
const HEARD: &str = "
    UPDATE device SET seq = $3, seen = CASE WHEN seen > $4 THEN seen ELSE $4 END
    WHERE practice = $1 AND device = $2";
