//! A copy of the whole database while the hub works, proven by reading it back.
//! It does not leave the machine from here: carrying it away is the backup's duty.

use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection, SqlitePool};

use super::{
    check_open, close, connect,
    files::{make, publish},
    reading,
};
use crate::{Backup, StoreError};

/// Copies the database into a new file; one of this name must not be there.
pub(crate) async fn backup(
    readers: &SqlitePool,
    to: &Path,
    format: u32,
) -> Result<Backup, StoreError> {
    if to.exists() {
        return Err(StoreError::Taken {
            doing: "writing the backup",
        });
    }
    let part = part_of(to);
    // What an earlier try left.
    if part.exists() {
        std::fs::remove_file(&part).map_err(StoreError::io("removing", &part))?;
    }
    make(&part)?;
    let done = copy_and_read(readers, &part, format).await;
    if done.is_err() {
        std::fs::remove_file(&part).map_err(StoreError::io("removing", &part))?;
    }
    let backup = done?;
    publish(&part, to)?;
    Ok(backup)
}

async fn copy_and_read(
    readers: &SqlitePool,
    part: &Path,
    format: u32,
) -> Result<Backup, StoreError> {
    let mut db = readers
        .acquire()
        .await
        .map_err(StoreError::engine("writing the backup"))?;
    copy(&mut db, part).await?;
    drop(db);
    // Read-only and without the hub's memory of pages: what is read here came from the file.
    let mut copied = connect(reading(part)).await?;
    let told = read_back(&mut copied, format).await;
    close(copied).await?;
    let rows = told?;
    let bytes = std::fs::metadata(part)
        .map_err(StoreError::io("reading", part))?
        .len();
    Ok(Backup { bytes, rows })
}

/// A whole and settled copy of what this connection sees, also while others write.
pub(super) async fn copy(db: &mut SqliteConnection, to: &Path) -> Result<(), StoreError> {
    let name = to.to_str().ok_or_else(|| {
        StoreError::io("naming", to)(std::io::Error::from(std::io::ErrorKind::InvalidFilename))
    })?;
    sqlx::query("VACUUM INTO $1")
        .bind(name)
        .execute(db)
        .await
        .map(drop)
        .map_err(StoreError::engine("copying the database"))
}

/// Every page is read by the check, every row by the count.
async fn read_back(db: &mut SqliteConnection, format: u32) -> Result<u64, StoreError> {
    check_open(db, "integrity_check", format).await?;
    let failed = StoreError::engine("reading the backup back");
    let tables = sqlx::query("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .fetch_all(&mut *db)
        .await
        .map_err(failed)?;
    let mut rows = 0;
    for table in tables {
        let name: String = table.try_get(0).map_err(failed)?;
        let count: i64 = sqlx::query(AssertSqlSafe(format!("SELECT COUNT(*) FROM \"{name}\"")))
            .fetch_one(&mut *db)
            .await
            .and_then(|row| row.try_get(0))
            .map_err(failed)?;
        rows += u64::try_from(count).unwrap_or(0);
    }
    Ok(rows)
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}
