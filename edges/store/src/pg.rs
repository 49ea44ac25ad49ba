//! PostgreSQL as the hub's engine, for an operator of many practices.
//! Backups and their rehearsal are the operator's, with the server's own tools; the store says so where it is asked.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    ConnectOptions as _, PgConnection, PgPool, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    StoreError,
    db::Db,
    migrations::{self, Steps},
};

/// Opens the database that the address names, after bringing it to the format of `steps`.
pub(crate) async fn open(url: &str, steps: Steps) -> Result<Db, StoreError> {
    let failed = StoreError::engine("opening the database");
    let options = PgConnectOptions::from_str(url)
        .map_err(failed)?
        .application_name("hygie")
        .disable_statement_logging();
    // One that fails to connect says why; a pool would only say that it waited.
    let mut first = options.connect().await.map_err(failed)?;
    migrate(&mut first, steps).await?;
    sqlx::Connection::close(first).await.map_err(failed)?;
    let pool = pool(options).await?;
    Ok(Db::Pg(pool))
}

async fn pool(options: PgConnectOptions) -> Result<PgPool, StoreError> {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await
        .map_err(StoreError::engine("opening the database"))
}

/// All missing steps in one transaction: a failing one leaves the database to the program that runs now.
async fn migrate(db: &mut PgConnection, steps: Steps) -> Result<(), StoreError> {
    let failed = StoreError::engine("changing the format");
    let known = migrations::newest(steps);
    let mut tx = sqlx::Connection::begin(db).await.map_err(failed)?;
    // Many hubs may start at once.
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOCK)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS hygie_format (format BIGINT PRIMARY KEY)")
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
    let found: i64 = sqlx::query("SELECT COALESCE(MAX(format), 0) FROM hygie_format")
        .fetch_one(&mut *tx)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(failed)?;
    let found = u32::try_from(found).unwrap_or(u32::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (to, step) in migrations::after(steps, found) {
        let told = |error| failed(error).migration(to);
        sqlx::raw_sql(step).execute(&mut *tx).await.map_err(told)?;
        sqlx::query("INSERT INTO hygie_format (format) VALUES ($1)")
            .bind(i64::from(to))
            .execute(&mut *tx)
            .await
            .map_err(told)?;
    }
    tx.commit().await.map_err(failed)
}

/// Each hub of many takes its share of what the server offers (100 unless set).
const CONNECTIONS: u32 = 8;
/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// "Hygi": the advisory lock of a change of format.
const LOCK: i64 = 0x4879_6769;
