//! A newer format is made in a copy; the file before it is read, never written.
//! Whatever ends this in its middle leaves a part that the next start removes.

use sqlx::{SqliteConnection, sqlite::SqliteJournalMode};

use super::{
    APPLICATION,
    backup::copy,
    check_open, close, common, connect,
    files::{Files, make},
    reading,
};
use crate::{
    StoreError,
    migrations::{self, Steps},
};

/// Makes the file of the newest format from the one of format `found`, or from nothing.
pub(super) async fn migrate(files: &Files, found: u32, steps: Steps) -> Result<(), StoreError> {
    let to = migrations::newest(steps);
    let part = files.part(to);
    let done = build(files, found, steps).await;
    match done {
        Ok(()) => files.publish(to),
        Err(error) => {
            files.remove(&part)?;
            Err(error.migration(to))
        }
    }
}

async fn build(files: &Files, found: u32, steps: Steps) -> Result<(), StoreError> {
    let to = migrations::newest(steps);
    let part = files.part(to);
    make(&part)?;
    if found > 0 {
        let mut old = connect(reading(&files.of(found))).await?;
        let copied = copy(&mut old, &part).await;
        close(old).await?;
        copied?;
    }
    // Nothing is durable before the whole is synced at its end. Foreign keys are checked then: a step may rebuild a table.
    let options = common(&part)
        .journal_mode(SqliteJournalMode::Delete)
        .foreign_keys(false);
    let mut db = connect(options).await?;
    let told = take(&mut db, found, steps).await;
    close(db).await?;
    told
}

async fn take(db: &mut SqliteConnection, found: u32, steps: Steps) -> Result<(), StoreError> {
    let failed = StoreError::engine("changing the format");
    let to = migrations::newest(steps);
    let run = async |db: &mut SqliteConnection, sql: String| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(db)
            .await
            .map(drop)
            .map_err(failed)
    };
    run(db, format!("PRAGMA application_id = {APPLICATION}")).await?;
    for (number, step) in migrations::after(steps, found) {
        run(db, "BEGIN".to_owned()).await?;
        run(db, step.to_owned()).await?;
        run(db, format!("PRAGMA user_version = {number}; COMMIT")).await?;
    }
    let orphans = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut *db)
        .await
        .map_err(failed)?;
    if !orphans.is_empty() {
        return Err(StoreError::Damaged {
            told: format!("{} rows name others that are gone", orphans.len()),
        });
    }
    check_open(db, "quick_check", to).await
}
