//! Makes room: the oldest first, and never what somebody may still need.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use hygie_model::{ContentHash, FileId, VersionName, Wall};
use rusqlite::{Connection, params};

use crate::{
    Vault, VaultError, check,
    contents::{self, Uses},
    index::{self, OPEN},
};

/// How long a state stays restorable after it ended, unless set otherwise.
pub const MIN_AGE: Duration = Duration::from_secs(7 * 24 * 3600);

/// What a prune drops; show it, then [`Vault::prune`] it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrunePlan {
    /// The contents that go, those of the states that ended first at the front.
    pub contents: Vec<ContentHash>,
    /// The versions that lose their content by it.
    pub versions: Vec<VersionName>,
    /// Bytes that come free.
    pub frees: u64,
    /// Bytes by which the store will still be over its budget, since the rest may not go.
    pub over: u64,
}

/// A version of a file, as the plan weighs it.
struct Weighed {
    name: VersionName,
    object: i64,
    /// When the state ended: the next one was kept, or the file was gone. `None`: it may not go.
    ended: Option<i64>,
}

impl Vault {
    /// Plans to drop contents until the store fits `budget` bytes. A content may go when no file in
    /// `protected` has it and every state that it was ended more than `min_age` ago; so neither
    /// the newest version of a file that is there, nor the last one of a file that was deleted
    /// since. Nothing is dropped that would free nothing.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn plan_prune(
        &self,
        budget: u64,
        min_age: Duration,
        now: Wall,
        protected: &HashSet<FileId>,
    ) -> Result<PrunePlan, VaultError> {
        let before =
            i64::try_from(min_age.as_nanos()).map_or(i64::MIN, |age| now.0.saturating_sub(age));
        let over = self.usage.bytes.saturating_sub(budget);
        let mut plan = PrunePlan::default();
        if over > 0 {
            let load = || Ok((weigh(&self.db, protected)?, Uses::load(&self.db)?));
            let (weighed, uses) =
                load().map_err(VaultError::index("planning a prune", &self.layout.index()))?;
            let droppable = droppable(weighed, before);
            let letting = uses.let_go(droppable.iter().map(|object| object.id), over);
            let going: HashSet<i64> = letting.contents.into_iter().collect();
            for object in droppable {
                if going.contains(&object.id) {
                    plan.contents.push(object.content);
                    plan.versions.extend(object.versions);
                }
            }
            plan.frees = letting.frees;
        }
        plan.over = over.saturating_sub(plan.frees);
        Ok(plan)
    }

    /// Does what the plan says, except where a version or a file came back since; the rows stay,
    /// so that what a restore cannot give back is told. Returns the bytes freed.
    ///
    /// # Errors
    /// What the system or SQLite refused. A cut between index and files leaves orphans, which
    /// [`Vault::sweep`] removes.
    pub fn prune(&mut self, plan: &PrunePlan) -> Result<u64, VaultError> {
        let planned: HashSet<i64> = plan.versions.iter().map(|name| name.seq).collect();
        let before = self.usage.bytes;
        let gone = self.change("pruning", |tx| {
            let mut droppable = Vec::new();
            for content in &plan.contents {
                droppable.extend(still_droppable(tx, *content, &planned)?);
            }
            let letting = Uses::load(tx)?.let_go(droppable, u64::MAX);
            for content in &letting.contents {
                contents::run(tx, "UPDATE object SET kept = 0 WHERE id = ?1", [content])?;
            }
            tx.execute_batch(MERGE_DROPPED)?;
            let mut gone = contents::release(tx)?;
            // Contents without bytes were spared, as nothing comes free by them.
            let files = letting.files.into_iter().filter(|(_, stored)| *stored > 0);
            gone.extend(files.map(|(content, _)| content));
            Ok(gone)
        })?;
        gone.iter()
            .try_for_each(|content| check::remove(&self.layout.object(*content)))?;
        Ok(before - self.usage.bytes)
    }
}

/// All versions whose content is kept, with the time at which each state ended.
fn weigh(db: &Connection, protected: &HashSet<FileId>) -> rusqlite::Result<Vec<Weighed>> {
    let mut query = db.prepare(
        "SELECT seq, version.file, object, hash, kept_at, node.gone,
                lead(kept_at) OVER own, kept,
                sum(kept) OVER (own ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
         FROM version JOIN object ON object.id = object JOIN node ON node.id = version.file
         WINDOW own AS (PARTITION BY version.file ORDER BY seq)",
    )?;
    let mut rows = query.query([])?;
    let mut weighed = Vec::new();
    while let Some(row) = rows.next()? {
        if !row.get::<_, bool>(7)? {
            continue;
        }
        let (kept_at, gone): (i64, i64) = (row.get(4)?, row.get(5)?);
        let (next, later): (Option<i64>, Option<i64>) = (row.get(6)?, row.get(8)?);
        let last = later.unwrap_or(0) == 0;
        let ended = match (last, next) {
            _ if protected.contains(&FileId(row.get(1)?)) => None,
            (true, _) => (gone != OPEN).then_some(gone),
            (false, next) => next,
        };
        weighed.push(Weighed {
            name: VersionName {
                content: index::hash_of(row.get_ref(3)?.as_blob()?)?,
                seq: row.get(0)?,
            },
            object: row.get(2)?,
            ended: ended.map(|ended| ended.max(kept_at)),
        });
    }
    Ok(weighed)
}

/// A content, all versions of which may go.
struct Droppable {
    id: i64,
    content: ContentHash,
    ended: i64,
    versions: Vec<VersionName>,
}

fn droppable(weighed: Vec<Weighed>, before: i64) -> Vec<Droppable> {
    let mut objects: HashMap<i64, Option<Droppable>> = HashMap::new();
    for version in weighed {
        let object = objects.entry(version.object).or_insert_with(|| {
            Some(Droppable {
                id: version.object,
                content: version.name.content,
                ended: i64::MIN,
                versions: Vec::new(),
            })
        });
        match (
            version.ended.filter(|ended| *ended <= before),
            object.as_mut(),
        ) {
            (Some(ended), Some(object)) => {
                object.ended = object.ended.max(ended);
                object.versions.push(version.name);
            }
            _ => *object = None,
        }
    }
    let mut objects: Vec<Droppable> = objects.into_values().flatten().collect();
    objects.sort_by_key(|object| (object.ended, object.content));
    objects
}

/// The object of a content that may still go.
fn still_droppable(
    db: &Connection,
    content: ContentHash,
    planned: &HashSet<i64>,
) -> rusqlite::Result<Option<i64>> {
    let mut query = db.prepare_cached(
        "SELECT seq, node.gone = ?2 AND NOT EXISTS (
             SELECT 1 FROM version AS later JOIN object AS its ON its.id = later.object
             WHERE later.file = version.file AND later.seq > version.seq AND its.kept), object.id
         FROM version JOIN object ON object.id = object JOIN node ON node.id = version.file
         WHERE hash = ?1 AND kept",
    )?;
    let mut rows = query.query(params![content.0, OPEN])?;
    let mut object = None;
    while let Some(row) = rows.next()? {
        if row.get(1)? || !planned.contains(&row.get(0)?) {
            return Ok(None);
        }
        object = Some(row.get(2)?);
    }
    Ok(object)
}

/// Of dropped versions in a row the first says it all: from then on the state is not there.
const MERGE_DROPPED: &str = "
    DELETE FROM version WHERE seq IN (
        SELECT seq FROM (
            SELECT seq, kept, lag(kept, 1, 1) OVER (PARTITION BY file ORDER BY seq) AS before
            FROM version JOIN object ON object.id = object)
        WHERE NOT kept AND NOT before);";
