//! The database as a whole: opened, confirmed, saved, closed; and the door to each practice.
//! Only what is before all practices is asked here: which there are, and the set-up.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use hygie_model::{PracticeId, Wall};

use crate::{
    StoreError,
    append::Appender,
    db::Db,
    lite,
    migrations::{self, STEPS, Steps},
    pg,
    practice::{Practice, PracticeFacts, facts},
    value::args,
};

/// The hub's database. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    db: Arc<Db>,
    appender: Appender,
    files: Option<lite::Files>,
    format: u32,
}

/// What a backup holds; it was read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Length of the file.
    pub bytes: u64,
    /// Rows of all tables.
    pub rows: u64,
}

impl Store {
    /// Opens the database in a folder of the hub's own; makes it where there is none. A file of an older format is
    /// copied and kept until [`Store::confirm`]. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// The folder is another hub's, the file is newer, damaged or cannot be brought to this format, the disk is full.
    pub async fn open_sqlite(dir: &Path) -> Result<Self, StoreError> {
        Self::open_sqlite_with(dir, STEPS).await
    }

    /// As a later Hygie would, which knows further changes of the format. For tests of other crates.
    ///
    /// # Errors
    /// As [`Store::open_sqlite`].
    #[cfg(feature = "test-util")]
    pub async fn open_sqlite_later(
        dir: &Path,
        further: &[&'static str],
    ) -> Result<Self, StoreError> {
        let steps = [STEPS, further].concat();
        Self::open_sqlite_with(dir, steps.leak()).await
    }

    pub(crate) async fn open_sqlite_with(dir: &Path, steps: Steps) -> Result<Self, StoreError> {
        let (db, files) = lite::open(dir, steps).await?;
        Ok(Self::new(db, Some(files), steps))
    }

    /// Opens the database of a PostgreSQL server (`postgres://…`). Backups, checks of the disk and the way back from a
    /// change of format are its operator's: `pg_basebackup` with archived logs, or `pg_dump` before an update, and a
    /// rehearsed restore. A change of format is one transaction; hubs of the version before go on beside it. On Citus
    /// `practice` and `setup` are reference tables, all others are distributed by `practice`.
    ///
    /// # Errors
    /// The server does not answer or refuses, the database is newer or cannot be brought to this format.
    pub async fn open_pg(url: &str) -> Result<Self, StoreError> {
        Self::open_pg_with(url, STEPS).await
    }

    pub(crate) async fn open_pg_with(url: &str, steps: Steps) -> Result<Self, StoreError> {
        Ok(Self::new(pg::open(url, steps).await?, None, steps))
    }

    fn new(db: Db, files: Option<lite::Files>, steps: Steps) -> Self {
        let db = Arc::new(db);
        let appender = Appender::start(Arc::clone(&db));
        Self {
            inner: Arc::new(Inner {
                db,
                appender,
                files,
                format: migrations::newest(steps),
            }),
        }
    }

    /// The hub serves well with this format: files of older ones go that no Hygie has written to since that moment. Returns
    /// how many went.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub fn confirm(&self, quiet_since: Wall) -> Result<u32, StoreError> {
        match &self.inner.files {
            Some(files) => files.drop_before(self.inner.format, quiet_since),
            None => Ok(0),
        }
    }

    /// Goes back to the file of the format before, which an earlier Hygie can open: the newer one stays beside it
    /// under another name, with whatever came in since. `None` where no older file is kept.
    ///
    /// # Errors
    /// A hub runs, or a file cannot be renamed.
    pub fn fall_back(dir: &Path) -> Result<Option<u32>, StoreError> {
        lite::Files::lock(dir)?.set_newest_aside()
    }

    /// Copies the database into a new file while the hub works, and reads the copy back.
    ///
    /// # Errors
    /// The file is there already, the disk is full, the copy is not whole; [`StoreError::ByOperator`] on PostgreSQL.
    pub async fn backup(&self, to: &Path) -> Result<Backup, StoreError> {
        match &*self.inner.db {
            Db::Sqlite { readers, .. } => {
                lite::backup::backup(readers, to, self.inner.format).await
            }
            Db::Pg(_) => Err(StoreError::ByOperator { doing: "a backup" }),
        }
    }

    /// Looks whether the database is whole, as each start does.
    ///
    /// # Errors
    /// It is damaged, or cannot be read. What runs on PostgreSQL its operator watches.
    pub async fn check(&self) -> Result<(), StoreError> {
        match &*self.inner.db {
            Db::Sqlite { readers, .. } => lite::look(readers, self.inner.format).await,
            Db::Pg(_) => Ok(()),
        }
    }

    /// The database file, where there is one.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        let files = self.inner.files.as_ref()?;
        Some(files.of(self.inner.format))
    }

    /// Waits for what is under way, closes all connections and lets another hub have the folder.
    ///
    /// # Errors
    /// The folder cannot be let go; it is when the program ends.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.inner.appender.stop().await;
        self.inner.db.close().await;
        match &self.inner.files {
            Some(files) => files.release(),
            None => Ok(()),
        }
    }

    /// Ends as a kill would: nothing is finished, nobody is told.
    #[cfg(test)]
    pub(crate) async fn kill(self) {
        self.inner.appender.kill().await;
    }

    /// From here on the file may not grow, as on a full disk.
    #[cfg(test)]
    pub(crate) async fn fill(&self) {
        if let Db::Sqlite { writer, .. } = &*self.inner.db {
            let pages = "PRAGMA max_page_count = 1";
            sqlx::raw_sql(pages).execute(writer).await.unwrap();
        }
    }

    /// The practice of this number; whether there is one, its verbs tell.
    #[must_use]
    pub fn practice(&self, id: PracticeId) -> Practice<'_> {
        Practice::new(self, id)
    }

    /// Makes a practice.
    ///
    /// # Errors
    /// There is one of this number or console name.
    pub async fn create_practice(&self, facts: &PracticeFacts) -> Result<(), StoreError> {
        let doing = "making the practice";
        let mut tx = self.inner.db.begin(doing).await?;
        let row = args![facts.id, &facts.name, &facts.host, facts.created];
        tx.change(doing, CREATE, row).await?;
        tx.change(doing, CREATE_STREAM, args![facts.id]).await?;
        tx.commit(doing).await
    }

    /// All practices, by name.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn practices(&self) -> Result<Vec<PracticeFacts>, StoreError> {
        let rows = self
            .db()
            .rows("reading practices", PRACTICES, args![])
            .await?;
        rows.iter().map(facts).collect()
    }

    /// The practice whose console has this name on the network.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn practice_of_host(&self, host: &str) -> Result<Option<PracticeFacts>, StoreError> {
        let rows = self
            .db()
            .rows("reading the practice", OF_HOST, args![host])
            .await?;
        rows.first().map(facts).transpose()
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn appender(&self) -> &Appender {
        &self.inner.appender
    }
}

const CREATE: &str = "INSERT INTO practice (practice, name, host, created) VALUES ($1, $2, $3, $4)";
const CREATE_STREAM: &str = "INSERT INTO stream (practice, arrived) VALUES ($1, 0)";
const PRACTICES: &str =
    "SELECT practice, name, host, created FROM practice ORDER BY name, practice";
const OF_HOST: &str = "SELECT practice, name, host, created FROM practice WHERE host = $1";
