//! Which path led to what, and when: a path is followed through names that come and go, so that
//! renaming a folder changes one row.

use std::path::{Component, Path, PathBuf};

use hygie_model::{NodeKind, Wall};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{index, sys};

/// What a path led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The node's number: a `FileId` of a file or symbolic link, a `DirId` of a folder.
    pub node: i64,
    /// What it is.
    pub kind: NodeKind,
    /// When the path stopped leading to it; `None`: it does now, or the moment was asked for.
    pub until: Option<Wall>,
    /// The protected folder through which it was found.
    pub root: PathBuf,
}

/// A node that carried a path, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bearer {
    pub(crate) node: i64,
    pub(crate) from: i64,
    pub(crate) until: i64,
}

struct Root {
    path: PathBuf,
    rest: Vec<Vec<u8>>,
    bearer: Bearer,
}

pub(crate) fn lookup(
    db: &Connection,
    path: &Path,
    at: Option<Wall>,
) -> rusqlite::Result<Option<Found>> {
    let moment = crate::reader::moment(at);
    for root in roots_of(db, path)? {
        if !(root.bearer.from..root.bearer.until).contains(&moment) {
            continue;
        }
        if let Some(node) = walk(db, root.bearer.node, &root.rest, moment)? {
            return found(db, node, None, root.path).map(Some);
        }
    }
    if at.is_some() {
        return Ok(None);
    }
    let last = all_bearers(db, path)?
        .into_iter()
        .max_by_key(|(bearer, _)| (bearer.until, bearer.from, bearer.node));
    last.map(|(bearer, root)| found(db, bearer.node, Some(Wall(bearer.until)), root))
        .transpose()
}

/// Each node that this path ever led to.
pub(crate) fn bearers(db: &Connection, path: &Path) -> rusqlite::Result<Vec<Bearer>> {
    Ok(all_bearers(db, path)?
        .into_iter()
        .map(|(bearer, _)| bearer)
        .collect())
}

/// Each node that was in a folder while the folder carried its path.
pub(crate) fn below(db: &Connection, folder: Bearer) -> rusqlite::Result<Vec<Bearer>> {
    db.prepare_cached(
        "SELECT child, max(born, ?2), min(gone, ?3) FROM edge
         WHERE parent = ?1 AND max(born, ?2) < min(gone, ?3)",
    )?
    .query_map([folder.node, folder.from, folder.until], |row| {
        Ok(Bearer {
            node: row.get(0)?,
            from: row.get(1)?,
            until: row.get(2)?,
        })
    })?
    .collect()
}

/// What a name in a folder led to at that moment.
pub(crate) fn child(
    db: &Connection,
    parent: i64,
    name: &[u8],
    moment: i64,
) -> rusqlite::Result<Option<i64>> {
    // Intervals overlap only where the clock was set back; then what was told later counts.
    db.prepare_cached(
        "SELECT child FROM edge WHERE parent = ?1 AND name = ?2 AND gone > ?3 AND born <= ?3
         ORDER BY id DESC LIMIT 1",
    )?
    .query_row(params![parent, name, moment], |row| row.get(0))
    .optional()
}

/// All paths of a node at that moment.
pub(crate) fn names(db: &Connection, node: i64, moment: i64) -> rusqlite::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    climb(db, node, moment, &mut Vec::new(), &mut found)?;
    found.sort();
    Ok(found)
}

pub(crate) fn kind(db: &Connection, node: i64) -> rusqlite::Result<NodeKind> {
    db.prepare_cached("SELECT kind FROM node WHERE id = ?1")?
        .query_row([node], |row| index::kind_of(row.get(0)?))
}

fn climb(
    db: &Connection,
    node: i64,
    moment: i64,
    below: &mut Vec<Vec<u8>>,
    found: &mut Vec<PathBuf>,
) -> rusqlite::Result<()> {
    if below.len() > DEEPEST {
        return Ok(());
    }
    let roots: Vec<Vec<u8>> = db
        .prepare_cached("SELECT path FROM root WHERE dir = ?1 AND gone > ?2 AND born <= ?2")?
        .query_map([node, moment], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for root in roots {
        let mut path = PathBuf::from(sys::name_from_bytes(root));
        path.extend(below.iter().rev().cloned().map(sys::name_from_bytes));
        found.push(path);
    }
    let above: Vec<(i64, Vec<u8>)> = db
        .prepare_cached(
            "SELECT parent, name FROM edge WHERE child = ?1 AND gone > ?2 AND born <= ?2",
        )?
        .query_map([node, moment], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (parent, name) in above {
        below.push(name);
        climb(db, parent, moment, below, found)?;
        below.pop();
    }
    Ok(())
}

fn found(
    db: &Connection,
    node: i64,
    until: Option<Wall>,
    root: PathBuf,
) -> rusqlite::Result<Found> {
    Ok(Found {
        node,
        kind: kind(db, node)?,
        until,
        root,
    })
}

fn walk(
    db: &Connection,
    root: i64,
    names: &[Vec<u8>],
    moment: i64,
) -> rusqlite::Result<Option<i64>> {
    let mut node = root;
    for name in names {
        match child(db, node, name, moment)? {
            Some(next) => node = next,
            None => return Ok(None),
        }
    }
    Ok(Some(node))
}

/// The innermost protected folder, of any time, that `path` lies in.
pub(crate) fn root_of(db: &Connection, path: &Path) -> rusqlite::Result<Option<PathBuf>> {
    Ok(roots_of(db, path)?.into_iter().next().map(|root| root.path))
}

/// The protected folders, of any time, that `path` lies in; the innermost first.
fn roots_of(db: &Connection, path: &Path) -> rusqlite::Result<Vec<Root>> {
    let all: Vec<(Vec<u8>, Bearer)> = db
        .prepare_cached("SELECT path, dir, born, gone FROM root ORDER BY id DESC")?
        .query_map([], |row| {
            let bearer = Bearer {
                node: row.get(1)?,
                from: row.get(2)?,
                until: row.get(3)?,
            };
            Ok((row.get(0)?, bearer))
        })?
        .collect::<Result<_, _>>()?;
    let mut roots: Vec<Root> = all
        .into_iter()
        .filter_map(|(root, bearer)| {
            let root = PathBuf::from(sys::name_from_bytes(root));
            let rest = components(path.strip_prefix(&root).ok()?)?;
            Some(Root {
                path: root,
                rest,
                bearer,
            })
        })
        .collect();
    roots.sort_by_key(|root| root.rest.len());
    Ok(roots)
}

/// The names of a relative path; `None` where it goes up.
pub(crate) fn components(path: &Path) -> Option<Vec<Vec<u8>>> {
    path.components()
        .map(|part| match part {
            Component::Normal(name) => Some(sys::name_bytes(name)),
            Component::Prefix(_)
            | Component::RootDir
            | Component::CurDir
            | Component::ParentDir => None,
        })
        .collect()
}

fn all_bearers(db: &Connection, path: &Path) -> rusqlite::Result<Vec<(Bearer, PathBuf)>> {
    let mut all = Vec::new();
    for root in roots_of(db, path)? {
        let mut level = vec![root.bearer];
        for name in &root.rest {
            let mut next = Vec::new();
            for bearer in level {
                descend(db, bearer, name, &mut next)?;
            }
            level = next;
        }
        all.extend(level.into_iter().map(|bearer| (bearer, root.path.clone())));
    }
    Ok(all)
}

/// What `name` led to while `parent` carried the path so far.
fn descend(
    db: &Connection,
    parent: Bearer,
    name: &[u8],
    into: &mut Vec<Bearer>,
) -> rusqlite::Result<()> {
    let mut query = db.prepare_cached(
        "SELECT child, born, gone FROM edge
         WHERE parent = ?1 AND name = ?2 AND gone > ?3 AND born < ?4",
    )?;
    let mut rows = query.query(params![parent.node, name, parent.from, parent.until])?;
    while let Some(row) = rows.next()? {
        let bearer = Bearer {
            node: row.get(0)?,
            from: row.get::<_, i64>(1)?.max(parent.from),
            until: row.get::<_, i64>(2)?.min(parent.until),
        };
        if bearer.from < bearer.until {
            into.push(bearer);
        }
    }
    Ok(())
}

/// No path of the system has more parts.
const DEEPEST: usize = 2048;
