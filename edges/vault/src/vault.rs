//! The writer's side of the store.

use std::{fs::File, path::Path, sync::Arc};

use hygie_model::{DirId, VersionName, Wall};
use rusqlite::{Connection, Row, TransactionBehavior};

use crate::{
    Entry, Fingerprint, KnownName, KnownNode, KnownRoot, Objects, Pending, Usage, VaultError,
    batch::{Batch, Refused},
    contents,
    index::{self, OPEN},
    layout::Layout,
    objects::Placing,
    sys::{self, Made},
};

/// The store, open for writing: one at a time.
#[derive(Debug)]
pub struct Vault {
    pub(crate) layout: Arc<Layout>,
    pub(crate) db: Connection,
    pub(crate) usage: Usage,
    next_node: i64,
    pub(crate) root: File,
    _lock: File,
}

impl Vault {
    /// Opens the store in `dir`, making it where it is missing, and keeps other writers out.
    ///
    /// # Errors
    /// [`VaultError::Busy`] when another writer has it; else what the system or SQLite refused.
    pub fn open(dir: &Path) -> Result<Self, VaultError> {
        let layout = Layout::new(dir);
        let made = layout.create()?;
        let lock = lock(&layout)?;
        layout.clear_tmp()?;
        let db = index::open_writer(&layout)?;
        let failed = VaultError::index("reading the counters", &layout.index());
        let next_node = db
            .query_row("SELECT value FROM counter WHERE name = 'node'", [], |row| {
                row.get(0)
            })
            .map_err(&failed)?;
        let usage = usage(&db).map_err(&failed)?;
        let root = sys::open_dir(dir).map_err(VaultError::io("opening the store", dir))?;
        if made == Made::New {
            sys::sync_file_system(&root).map_err(VaultError::io("writing out the store", dir))?;
        }
        Ok(Self {
            layout: Arc::new(layout),
            db,
            usage,
            next_node,
            root,
            _lock: lock,
        })
    }

    /// The door by which copying threads bring contents in.
    #[must_use]
    pub fn objects(&self) -> Objects {
        Objects::new(Arc::clone(&self.layout))
    }

    /// A number for a new file or folder. One that no commit used may be given again after a restart.
    pub fn next_node(&mut self) -> i64 {
        self.next_node += 1;
        self.next_node
    }

    /// What the store holds.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// Whether what a copy was built on is still kept: a batch with one that cannot be taken is
    /// refused as a whole.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn can_take(&self, copy: &Pending) -> Result<bool, VaultError> {
        contents::can_take(&self.db, copy)
            .map_err(VaultError::index("looking at a copy", &self.layout.index()))
    }

    /// Takes a batch in as a whole; `now` is when its copies count as kept. On return it is safe on
    /// disk. Gives the name of each [`Entry::Version`] in order; a state that differs from the
    /// file's newest version at most in the time of access keeps that version's name.
    ///
    /// # Errors
    /// Nothing of the batch is kept then, be it [`VaultError::NoSpace`],
    /// [`VaultError::UnknownNode`], [`VaultError::BaseGone`] or what the system or SQLite refused.
    pub fn commit(&mut self, batch: Vec<Entry>, now: Wall) -> Result<Vec<VersionName>, VaultError> {
        let failed = VaultError::index("keeping a batch", &self.layout.index());
        // A caller that numbers nodes by itself, from where the store had come to, is followed.
        self.next_node = batch.iter().map(number).fold(self.next_node, i64::max);
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        let mut writing = Batch::new(&tx, now);
        let mut placing = Placing::new(&self.layout);
        for entry in batch {
            let fresh = writing.apply(entry).map_err(|refused| match refused {
                Refused::Index(error) => failed(error),
                Refused::BaseGone(file) => VaultError::BaseGone { file },
            })?;
            if let Some(fresh) = fresh {
                placing.place(fresh)?;
            }
        }
        placing.sync(&self.root)?;
        let done = writing.finish(self.next_node).map_err(&failed)?;
        match tx.commit().map_err(&failed) {
            Ok(()) => placing.keep(),
            // A full disk wrote no end mark, so the names may go. After any other error the index
            // may hold the batch when it is opened next: its objects stay, at worst as orphans.
            Err(error) => {
                if !error.is_no_space() {
                    placing.keep();
                }
                return Err(error);
            }
        }
        self.usage.objects += done.added.objects;
        self.usage.bytes += done.added.bytes;
        Ok(done.names)
    }

    /// Each node that is not gone.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn load_nodes(&self, f: &mut dyn FnMut(KnownNode)) -> Result<(), VaultError> {
        self.each(
            "SELECT node.id, kind, fs, handle, size, node.mtime, ctime, version.seq, object.hash
             FROM node
             LEFT JOIN version ON version.seq =
                 (SELECT seq FROM version WHERE file = node.id ORDER BY seq DESC LIMIT 1)
             LEFT JOIN object ON object.id = version.object AND object.kept
             WHERE node.gone = ?1",
            &mut |row| {
                f(known_node(row)?);
                Ok(())
            },
        )
    }

    /// Each name that leads to something now.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn load_names(&self, f: &mut dyn FnMut(KnownName)) -> Result<(), VaultError> {
        self.each(
            "SELECT parent, name, child FROM edge WHERE gone = ?1",
            &mut |row| {
                f(KnownName {
                    parent: DirId(row.get(0)?),
                    name: row.get(1)?,
                    child: row.get(2)?,
                });
                Ok(())
            },
        )
    }

    /// Each protected folder where it stands now.
    ///
    /// # Errors
    /// What SQLite refused.
    pub fn load_roots(&self, f: &mut dyn FnMut(KnownRoot)) -> Result<(), VaultError> {
        self.each(
            "SELECT dir, fs, path, born FROM root WHERE gone = ?1",
            &mut |row| {
                f(KnownRoot {
                    dir: DirId(row.get(0)?),
                    fs: row.get(1)?,
                    path: sys::name_from_bytes(row.get(2)?).into(),
                    born: Wall(row.get(3)?),
                });
                Ok(())
            },
        )
    }

    fn each(
        &self,
        sql: &str,
        f: &mut dyn FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), VaultError> {
        let mut run = || {
            let mut query = self.db.prepare(sql)?;
            let mut rows = query.query([OPEN])?;
            while let Some(row) = rows.next()? {
                f(row)?;
            }
            Ok(())
        };
        run().map_err(VaultError::index(
            "loading what is known",
            &self.layout.index(),
        ))
    }
}

fn number(entry: &Entry) -> i64 {
    match entry {
        Entry::Node { id, .. } => *id,
        Entry::Root { .. }
        | Entry::NameBorn { .. }
        | Entry::NameGone { .. }
        | Entry::Version { .. }
        | Entry::Attributes { .. }
        | Entry::Meta { .. }
        | Entry::Fingerprint { .. }
        | Entry::NodeGone { .. } => 0,
    }
}

fn known_node(row: &Row<'_>) -> rusqlite::Result<KnownNode> {
    let fingerprint = match (row.get(4)?, row.get(5)?, row.get(6)?) {
        (Some(size), Some(mtime_ns), Some(ctime_ns)) => Some(Fingerprint {
            size: index::len_of(size),
            mtime_ns,
            ctime_ns,
        }),
        _ => None,
    };
    let newest = match (row.get(7)?, row.get::<_, Option<Vec<u8>>>(8)?) {
        (Some(seq), Some(hash)) => Some(VersionName {
            content: index::hash_of(&hash)?,
            seq,
        }),
        _ => None,
    };
    Ok(KnownNode {
        id: row.get(0)?,
        kind: index::kind_of(row.get(1)?)?,
        fs: row.get(2)?,
        handle: row.get(3)?,
        fingerprint,
        newest,
    })
}

pub(crate) fn usage(db: &Connection) -> rusqlite::Result<Usage> {
    db.query_row(
        "SELECT count(*), coalesce(sum(stored), 0) FROM object WHERE kept",
        [],
        |row| {
            Ok(Usage {
                objects: index::len_of(row.get(0)?),
                bytes: index::len_of(row.get(1)?),
            })
        },
    )
}

fn lock(layout: &Layout) -> Result<File, VaultError> {
    let path = layout.lock();
    let file = sys::private_file(&path).map_err(VaultError::io("opening the lock", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(VaultError::Busy {
            dir: layout.dir().to_path_buf(),
        }),
        Err(std::fs::TryLockError::Error(error)) => {
            Err(VaultError::io("locking the store", &path)(error))
        }
    }
}
