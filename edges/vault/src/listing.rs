//! What is in a folder, and what was: one level, page by page.

use std::{
    cmp::Reverse,
    path::{Path, PathBuf},
};

use hygie_model::{NodeKind, Wall};
use rusqlite::Connection;

use crate::{
    Reader, Seen, VaultError,
    few::{Few, Place},
    find::{EDGES, Edge, Patience, changed, has_version, seen},
    fold::fold_into,
    index::OPEN,
    paths::{self, Bearer},
    sys,
};

/// A folder in a folder, now or formerly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenFolder {
    /// Its path, from the top of the machine.
    pub path: PathBuf,
    /// When it came; of one that is gone, when it went.
    pub changed: Wall,
    /// Whether it is there now.
    pub present: bool,
}

/// A part of what is in a folder: what is there first, then what is gone; of each, folders first,
/// then files, by their names without capitals and accents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The folders.
    pub folders: Vec<SeenFolder>,
    /// The files.
    pub files: Vec<Seen>,
    /// Whether others come after these.
    pub more: bool,
}

impl Reader {
    /// What is in the folder of this path and was in it while it had this path, from the `from`th
    /// on and no more than `most`. Of a folder that is gone, what was in it last. A file that is
    /// gone is told if a version of it was ever kept. `None`: the path never led to a folder.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn listing(
        &self,
        path: &Path,
        from: usize,
        most: usize,
    ) -> Result<Option<Listing>, VaultError> {
        self.read(|db| listing(db, path, from, most))
    }

    /// Where the protected folders of now stand.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn roots(&self) -> Result<Vec<SeenFolder>, VaultError> {
        self.read(|db| {
            db.prepare_cached("SELECT path, born FROM root WHERE gone = ?1 ORDER BY path")?
                .query_map([OPEN], |row| {
                    Ok(SeenFolder {
                        path: sys::name_from_bytes(row.get(0)?).into(),
                        changed: Wall(row.get(1)?),
                        present: true,
                    })
                })?
                .collect()
        })
    }
}

/// What is gone comes last, folders come first, then the folded name; of one name, what went last.
type Key = (bool, bool, String, Reverse<i64>);

fn listing(
    db: &Connection,
    path: &Path,
    from: usize,
    most: usize,
) -> rusqlite::Result<Option<Listing>> {
    let mut bearers = Vec::new();
    for bearer in paths::bearers(db, path)? {
        if paths::kind(db, bearer.node)? == NodeKind::Dir {
            bearers.push(bearer);
        }
    }
    // The last one first: patience may not last for all.
    bearers.sort_by_key(|one| Reverse((one.until, one.from)));
    let Some(last) = bearers.first().copied() else {
        return Ok(None);
    };
    let (mut few, mut patience) = (Few::new(from.saturating_add(most)), Patience::new());
    for bearer in &bearers {
        // What a former folder of this path took along is not gone.
        let is_last = (bearer.until, bearer.from) == (last.until, last.from);
        let took_along = is_last && last.until != OPEN;
        fill(db, (path, *bearer), took_along, (&mut few, &mut patience))?;
    }
    let mut listing = Listing {
        more: few.has_more(),
        ..Listing::default()
    };
    for (_, path, (kind, bearer)) in few.into_first().skip(from) {
        let changed = match (kind, bearer.until) {
            (_, until) if until != OPEN => until,
            (NodeKind::Dir, _) => bearer.from,
            (NodeKind::File | NodeKind::Symlink, _) => changed(db, bearer)?,
        };
        match kind {
            NodeKind::Dir => listing.folders.push(SeenFolder {
                path,
                changed: Wall(changed),
                present: bearer.until == OPEN,
            }),
            NodeKind::File | NodeKind::Symlink => {
                listing.files.push(seen(db, path, bearer, changed)?);
            }
        }
    }
    Ok(Some(listing))
}

fn fill(
    db: &Connection,
    (path, folder): (&Path, Bearer),
    took_along: bool,
    (few, patience): (&mut Few<Key, (NodeKind, Bearer)>, &mut Patience),
) -> rusqlite::Result<()> {
    let mut query = db.prepare_cached(EDGES)?;
    let mut rows = query.query([folder.node, folder.from, folder.until])?;
    while let Some(row) = rows.next()? {
        if !patience.lasts(folder) {
            few.leave_some();
            break;
        }
        let Some(edge) = Edge::of(row)? else {
            continue;
        };
        let name = row.get_ref(0)?.as_blob()?;
        if edge.kind == NodeKind::Symlink || !(edge.ended_itself() || took_along) {
            continue;
        }
        let mut folded = String::new();
        fold_into(name, &mut folded);
        let is_file = edge.kind != NodeKind::Dir;
        let key = (
            !edge.is_present(),
            is_file,
            folded,
            Reverse(edge.child.until),
        );
        let path = path.join(sys::name_from_bytes(name.to_vec()));
        let counts = || {
            Ok::<_, rusqlite::Error>(
                edge.is_present() || !is_file || has_version(db, edge.child.node)?,
            )
        };
        match few.place(&key, &path) {
            Place::Known => {}
            Place::Beyond if few.has_more() => {}
            Place::Wanted | Place::Beyond if !counts()? => {}
            Place::Wanted => few.put(key, path, (edge.kind, edge.child)),
            Place::Beyond => few.leave_some(),
        }
    }
    Ok(())
}
