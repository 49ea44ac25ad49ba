//! Takes out of a file that other contents are built from what none of them uses.

use std::{collections::BTreeSet, fs::File, io};

use hygie_model::{ContentHash, FileId};
use rusqlite::{Connection, params};

use crate::{
    Usage, Vault, VaultError, contents,
    copy::Walk,
    index,
    objects::{Fresh, Placing},
    sys,
};

/// A file of which files that stay use parts only, and the rest of which must not stay.
pub(crate) struct Exposed {
    object: i64,
    content: ContentHash,
    stored: u64,
    /// What is used, in order; they neither overlap nor meet.
    used: Vec<Stretch>,
    /// The contents that use it and stay.
    by: Vec<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    start: u64,
    end: u64,
}

impl Exposed {
    /// Bytes that go, holes not counted.
    pub(crate) fn frees(&self) -> u64 {
        let used = self.used.iter().map(|used| used.end - used.start).sum();
        self.stored.saturating_sub(used)
    }
}

/// What would stay of the bytes of these files, sorted, although nothing that stays has them.
pub(crate) fn exposed(db: &Connection, files: &[FileId]) -> rusqlite::Result<Vec<Exposed>> {
    let mut candidates = BTreeSet::new();
    let mut query = db.prepare_cached(
        "SELECT uses.file FROM version JOIN uses ON uses.object = version.object
         WHERE version.file = ?1
         UNION SELECT object FROM version
         WHERE file = ?1 AND EXISTS (SELECT 1 FROM uses WHERE uses.file = version.object)",
    )?;
    for file in files {
        let mut rows = query.query([file.0])?;
        while let Some(row) = rows.next()? {
            candidates.insert(row.get::<_, i64>(0)?);
        }
    }
    let mut found = Vec::new();
    for object in candidates {
        if !stays(db, object, files)? {
            found.extend(judge(db, object, files)?);
        }
    }
    Ok(found)
}

/// Whether a version of another file has it.
fn stays(db: &Connection, object: i64, files: &[FileId]) -> rusqlite::Result<bool> {
    let holding: Vec<i64> = db
        .prepare_cached("SELECT DISTINCT file FROM version WHERE object = ?1")?
        .query_map([object], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(holding
        .into_iter()
        .any(|file| files.binary_search(&FileId(file)).is_err()))
}

fn judge(db: &Connection, object: i64, files: &[FileId]) -> rusqlite::Result<Option<Exposed>> {
    let users: Vec<i64> = db
        .prepare_cached("SELECT object FROM uses WHERE file = ?1")?
        .query_map([object], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut by = Vec::new();
    let mut stretches = Vec::new();
    for user in users {
        if stays(db, user, files)? {
            by.push(user);
            stretches.extend(
                extents(db, user, object)?
                    .into_iter()
                    .map(|part| part.taken),
            );
        }
    }
    let (content, len, stored) = db
        .prepare_cached("SELECT hash, len, stored FROM object WHERE id = ?1")?
        .query_row([object], |row| {
            let content = index::hash_of(row.get_ref(0)?.as_blob()?)?;
            Ok((content, index::len_of(row.get(1)?), row.get(2)?))
        })?;
    let used = joined(stretches);
    if by.is_empty() || used == [(Stretch { start: 0, end: len })] {
        return Ok(None);
    }
    Ok(Some(Exposed {
        object,
        content,
        stored: index::len_of(stored),
        used,
        by,
    }))
}

/// What a content takes from a file.
struct Part {
    at: i64,
    taken: Stretch,
}

fn extents(db: &Connection, object: i64, source: i64) -> rusqlite::Result<Vec<Part>> {
    db.prepare_cached("SELECT at, offset, len FROM extent WHERE object = ?1 AND source = ?2")?
        .query_map([object, source], |row| {
            let start = index::len_of(row.get(1)?);
            let end = start.saturating_add(index::len_of(row.get(2)?));
            Ok(Part {
                at: row.get(0)?,
                taken: Stretch { start, end },
            })
        })?
        .collect()
}

fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_by_key(|stretch| stretch.start);
    let mut joined: Vec<Stretch> = Vec::new();
    for next in stretches {
        match joined.last_mut() {
            Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
            _ => joined.push(next),
        }
    }
    joined
}

impl Vault {
    /// Keeps what is used of these files in new ones, so that nothing that stays needs the old.
    pub(crate) fn repack(&mut self, exposed: &[Exposed]) -> Result<(), VaultError> {
        exposed.iter().try_for_each(|old| self.repack_one(old))
    }

    fn repack_one(&mut self, old: &Exposed) -> Result<(), VaultError> {
        let source = match self.layout.open(old.content) {
            // What is lost exposes nothing; a check tells what went with it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => {
                let path = self.layout.object(old.content);
                opened.map_err(VaultError::io("opening a copy", &path))?
            }
        };
        let (draft, copied) = self
            .objects()
            .fill(|target| copy_used(&source, old, target))?;
        let fresh = Fresh {
            draft,
            content: copied.content,
            len: copied.len,
            stored: copied.stored,
        };
        let failed = VaultError::index("repacking", &self.layout.index());
        let mut placing = Placing::new(&self.layout);
        let tx = self.db.transaction().map_err(&failed)?;
        let (new, fresh) =
            contents::take_file(&tx, &mut Usage::default(), fresh).map_err(&failed)?;
        if let Some(fresh) = fresh {
            placing.place(fresh)?;
            placing.sync(&self.root)?;
        }
        repoint(&tx, old, new).map_err(&failed)?;
        let usage = crate::vault::usage(&tx).map_err(&failed)?;
        let done = tx.commit().map_err(&failed);
        // After an error that is not a full disk the index may hold it when it is opened next.
        if done
            .as_ref()
            .map_or_else(|error| !error.is_no_space(), |()| true)
        {
            placing.keep();
        }
        done?;
        self.usage = usage;
        Ok(())
    }
}

fn copy_used(source: &File, old: &Exposed, target: &File) -> io::Result<crate::copy::Copied> {
    let len = old.used.iter().map(|used| used.end - used.start).sum();
    let put = |bytes: &[u8], at| sys::write_all_at(target, bytes, at);
    let mut walk = Walk::new(len, put);
    for used in &old.used {
        if walk.range(source, used.start, used.end)? < used.end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    target.set_len(len)?;
    Ok(walk.finish())
}

fn repoint(db: &Connection, old: &Exposed, new: i64) -> rusqlite::Result<()> {
    for user in &old.by {
        for part in extents(db, *user, old.object)? {
            let offset = moved(&old.used, part.taken.start);
            contents::run(
                db,
                "UPDATE extent SET source = ?3, offset = ?4 WHERE object = ?1 AND at = ?2",
                params![user, part.at, new, index::len_code(offset)],
            )?;
        }
        contents::run(
            db,
            "DELETE FROM uses WHERE object = ?1 AND file = ?2",
            [*user, old.object],
        )?;
        contents::run(
            db,
            "INSERT INTO uses(object, file) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            [*user, new],
        )?;
    }
    Ok(())
}

/// Where in the new file a place of the old one is.
fn moved(used: &[Stretch], place: u64) -> u64 {
    let before = used.iter().take_while(|used| used.end <= place);
    let skipped: u64 = before.map(|used| used.end - used.start).sum();
    let within = used
        .iter()
        .find(|used| used.end > place)
        .map_or(0, |used| place - used.start);
    skipped + within
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch((start, end): (u64, u64)) -> Stretch {
        Stretch { start, end }
    }

    #[test]
    fn used_stretches_are_joined_and_found_again() {
        let used = joined(
            [(8, 12), (0, 2), (4, 6), (5, 8), (1, 2)]
                .map(stretch)
                .to_vec(),
        );
        assert_eq!(used, [(0, 2), (4, 12)].map(stretch));
        let places = [0, 1, 4, 11].map(|place| moved(&used, place));
        assert_eq!(places, [0, 1, 2, 9]);
    }
}
