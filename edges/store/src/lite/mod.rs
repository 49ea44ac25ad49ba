//! SQLite as the hub's engine: files in a folder of the hub's own, each named after its format.
//! A file of an older format is never changed: the newer one is made beside it, and named last.

pub(crate) mod backup;
mod files;
mod migrate;

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions as _, Connection as _, Row as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub(crate) use files::Files;

use crate::{
    StoreError,
    db::Db,
    migrations::{self, Steps},
};

/// Opens the newest file of the folder, after bringing it to the format of `steps`.
pub(crate) async fn open(dir: &Path, steps: Steps) -> Result<(Db, Files), StoreError> {
    let files = Files::lock(dir)?;
    let known = migrations::newest(steps);
    let found = files.newest()?.unwrap_or(0);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found > 0 {
        check(&files.of(found), found).await?;
    }
    if found < known {
        migrate::migrate(&files, found, steps).await?;
    }
    let path = files.of(known);
    let failed = StoreError::engine("opening the database");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(BUSY * 2)
        // A full disk has SQLite take a transaction back by itself, which the driver does not count: such a connection would never
        // begin another one.
        .before_acquire(|db, _| Box::pin(async move { Ok(!db.is_in_transaction()) }))
        .connect_with(writing(&path))
        .await
        .map_err(failed)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(BUSY)
        .connect_with(reading(&path))
        .await
        .map_err(failed)?;
    Ok((Db::Sqlite { writer, readers }, files))
}

/// Refuses a file that is damaged, another program's, or not of the format in its name.
async fn check(path: &Path, format: u32) -> Result<(), StoreError> {
    let mut db = connect(reading(path)).await?;
    let told = check_open(&mut db, "quick_check(20)", format).await;
    close(db).await?;
    told
}

/// As [`check`], on one of the connections that read.
pub(crate) async fn look(readers: &sqlx::SqlitePool, format: u32) -> Result<(), StoreError> {
    let mut db = readers
        .acquire()
        .await
        .map_err(StoreError::engine("checking the database"))?;
    check_open(&mut db, "quick_check", format).await
}

/// As [`check`], on a connection; `pragma` says how thoroughly.
async fn check_open(
    db: &mut SqliteConnection,
    pragma: &'static str,
    format: u32,
) -> Result<(), StoreError> {
    let damaged = |told: String| Err(StoreError::Damaged { told });
    let application = number(db, "SELECT application_id FROM pragma_application_id").await?;
    if application != APPLICATION {
        return damaged("the file is not of Hygie's hub".to_owned());
    }
    let version = number(db, "SELECT user_version FROM pragma_user_version").await?;
    if version > i64::from(format) {
        return Err(StoreError::Newer {
            found: u32::try_from(version).unwrap_or(u32::MAX),
            known: format,
        });
    }
    if version < i64::from(format) {
        return damaged(format!("format {version} in the file of format {format}"));
    }
    let sql = match pragma {
        "integrity_check" => "PRAGMA integrity_check(20)",
        _ => "PRAGMA quick_check(20)",
    };
    let rows = sqlx::query(sql)
        .fetch_all(&mut *db)
        .await
        .map_err(StoreError::engine("checking the database"))?;
    let told: Vec<String> = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()
        .map_err(StoreError::engine("checking the database"))?;
    if told == ["ok"] {
        Ok(())
    } else {
        damaged(told.join("; "))
    }
}

async fn number(db: &mut SqliteConnection, sql: &'static str) -> Result<i64, StoreError> {
    sqlx::query(sql)
        .fetch_one(db)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(StoreError::engine("opening the database"))
}

async fn connect(options: SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    options
        .connect()
        .await
        .map_err(StoreError::engine("opening the database"))
}

async fn close(db: SqliteConnection) -> Result<(), StoreError> {
    db.close()
        .await
        .map_err(StoreError::engine("closing the database"))
}

/// The one connection that writes. FULL: a device drops a signal when it hears that it is kept.
fn writing(path: &Path) -> SqliteConnectOptions {
    common(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("wal_autocheckpoint", "4000")
        .pragma("journal_size_limit", "67108864")
}

/// A connection that cannot change anything.
fn reading(path: &Path) -> SqliteConnectOptions {
    common(path).read_only(true)
}

fn common(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY)
        .statement_cache_capacity(STATEMENTS)
        // Whoever uses it may be shut in with its own folder alone: a file in the system's one for such would be refused.
        .pragma("temp_store", "MEMORY")
        .pragma("trusted_schema", "OFF")
        .disable_statement_logging()
}

/// "Hygi": tells our files from another program's.
const APPLICATION: i64 = 0x4879_6769;
/// How long one connection waits for another.
const BUSY: Duration = Duration::from_secs(5);
/// Pages are read in well under a millisecond: few connections serve many people.
const READERS: u32 = 4;
/// More than the store has.
const STATEMENTS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    /// A hub that is shut in may open no file outside its own folder, and a large batch spills.
    #[tokio::test]
    async fn what_does_not_fit_stays_in_memory() {
        const MEMORY: i64 = 2;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        std::fs::File::create(&path).unwrap();
        for options in [writing(&path), reading(&path)] {
            let mut db = connect(options).await.unwrap();
            let kept = number(&mut db, "PRAGMA temp_store").await.unwrap();
            assert_eq!(kept, MEMORY);
            close(db).await.unwrap();
        }
    }
}
