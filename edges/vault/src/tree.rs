//! A folder and all below it as it was.

use std::{collections::HashSet, path::PathBuf};

use hygie_model::{DirId, FileId, Metadata, NodeKind};
use rusqlite::{Connection, params};

use crate::{Stored, history, index, sys};

/// One name in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeItem {
    /// Path from the folder asked for.
    pub path: PathBuf,
    /// What it was.
    pub what: TreeNode,
}

/// What a name led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeNode {
    /// A folder.
    Folder {
        /// Its number.
        dir: DirId,
        /// Owner, mode, times, attributes, where they were told.
        meta: Option<Metadata>,
    },
    /// A file; names of equal number are hard links.
    File {
        /// Its number.
        file: FileId,
        /// Its state; `None` when no version is known.
        state: Option<Stored>,
    },
    /// A symbolic link; the content is its target.
    Symlink {
        /// Its number.
        file: FileId,
        /// Its state; `None` when no version is known.
        state: Option<Stored>,
    },
}

pub(crate) fn tree(db: &Connection, dir: DirId, moment: i64) -> rusqlite::Result<Vec<TreeItem>> {
    let mut items = Vec::new();
    let mut seen = HashSet::from([dir.0]);
    let mut left = vec![(dir.0, PathBuf::new())];
    while let Some((dir, path)) = left.pop() {
        for (name, child, kind) in children(db, dir, moment)? {
            let path = path.join(sys::name_from_bytes(name));
            if kind == NodeKind::Dir {
                // A folder has one name; what the clock made of it must not turn in circles.
                if !seen.insert(child) {
                    continue;
                }
                left.push((child, path.clone()));
            }
            let what = node(db, child, kind, moment)?;
            items.push(TreeItem { path, what });
        }
    }
    Ok(items)
}

pub(crate) fn node(
    db: &Connection,
    id: i64,
    kind: NodeKind,
    moment: i64,
) -> rusqlite::Result<TreeNode> {
    let file = FileId(id);
    Ok(match kind {
        NodeKind::Dir => TreeNode::Folder {
            dir: DirId(id),
            meta: history::folder(db, id, moment)?,
        },
        NodeKind::File => TreeNode::File {
            file,
            state: history::state(db, file, moment)?,
        },
        NodeKind::Symlink => TreeNode::Symlink {
            file,
            state: history::state(db, file, moment)?,
        },
    })
}

fn children(
    db: &Connection,
    dir: i64,
    moment: i64,
) -> rusqlite::Result<Vec<(Vec<u8>, i64, NodeKind)>> {
    let mut query = db.prepare_cached(
        "SELECT name, child, kind FROM edge JOIN node ON node.id = child
         WHERE parent = ?1 AND edge.gone > ?2 AND born <= ?2 ORDER BY name, edge.id DESC",
    )?;
    let mut found: Vec<(Vec<u8>, i64, NodeKind)> = query
        .query_map(params![dir, moment], |row| {
            Ok((row.get(0)?, row.get(1)?, index::kind_of(row.get(2)?)?))
        })?
        .collect::<Result<_, _>>()?;
    found.dedup_by(|later, first| later.0 == first.0);
    Ok(found)
}
