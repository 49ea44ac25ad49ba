//! The two engines behind one type: the same statements, bound and read in one place each.
//! SQLite has one connection that writes and others that only read; PostgreSQL has one pool.

use std::sync::Arc;

use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction, postgres::PgArguments, query::Query,
    sqlite::SqliteArguments,
};

use crate::{
    StoreError,
    value::{Row, Value},
};

/// One engine, opened.
pub(crate) enum Db {
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Pg(PgPool),
}

/// Several statements that hold together or not at all; dropped without a commit, none does.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Pg(Transaction<'static, Postgres>),
}

impl Db {
    /// Rows of a statement that changes nothing.
    pub(crate) async fn rows(
        &self,
        doing: &'static str,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let failed = self.failed(doing);
        match self {
            Self::Sqlite { readers, .. } => {
                let rows = bind_sqlite(sqlx::query(sql), args).fetch_all(readers).await;
                Ok(rows.map_err(failed)?.into_iter().map(Row::Sqlite).collect())
            }
            Self::Pg(pool) => {
                let rows = bind_pg(sqlx::query(sql), args).fetch_all(pool).await;
                Ok(rows.map_err(failed)?.into_iter().map(Row::Pg).collect())
            }
        }
    }

    /// One statement that changes something, for itself; how many rows it changed.
    pub(crate) async fn change(
        &self,
        doing: &'static str,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let failed = self.failed(doing);
        match self {
            Self::Sqlite { writer, .. } => {
                let done = bind_sqlite(sqlx::query(sql), args).execute(writer).await;
                Ok(done.map_err(failed)?.rows_affected())
            }
            Self::Pg(pool) => {
                let done = bind_pg(sqlx::query(sql), args).execute(pool).await;
                Ok(done.map_err(failed)?.rows_affected())
            }
        }
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self, doing: &'static str) -> Result<Tx, StoreError> {
        let failed = self.failed(doing);
        Ok(match self {
            // IMMEDIATE: a transaction that reads first and then writes could otherwise be refused in its middle.
            Self::Sqlite { writer, .. } => {
                Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?)
            }
            Self::Pg(pool) => Tx::Pg(pool.begin().await.map_err(failed)?),
        })
    }

    /// As [`StoreError::engine`]; a pool that waited in vain and has no connection at all waited for the server.
    fn failed(&self, doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError + '_ {
        move |error| match (self, &error) {
            (Self::Pg(pool), sqlx::Error::PoolTimedOut) if pool.size() == 0 => {
                StoreError::Unreachable {
                    doing,
                    source: Arc::new(error),
                }
            }
            _ => StoreError::engine(doing)(error),
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                // The last connection that may write empties the log into the file.
                readers.close().await;
                writer.close().await;
            }
            Self::Pg(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Rows that a statement reads or returns.
    pub(crate) async fn rows(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let failed = StoreError::engine(doing);
        match self {
            Self::Sqlite(tx) => {
                let rows = bind_sqlite(sqlx::query(sql), args)
                    .fetch_all(&mut **tx)
                    .await;
                Ok(rows.map_err(failed)?.into_iter().map(Row::Sqlite).collect())
            }
            Self::Pg(tx) => {
                let rows = bind_pg(sqlx::query(sql), args).fetch_all(&mut **tx).await;
                Ok(rows.map_err(failed)?.into_iter().map(Row::Pg).collect())
            }
        }
    }

    /// How many rows a statement changed.
    pub(crate) async fn change(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let failed = StoreError::engine(doing);
        match self {
            Self::Sqlite(tx) => {
                let done = bind_sqlite(sqlx::query(sql), args).execute(&mut **tx).await;
                Ok(done.map_err(failed)?.rows_affected())
            }
            Self::Pg(tx) => {
                let done = bind_pg(sqlx::query(sql), args).execute(&mut **tx).await;
                Ok(done.map_err(failed)?.rows_affected())
            }
        }
    }

    /// Makes it durable.
    pub(crate) async fn commit(self, doing: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Pg(tx) => tx.commit().await,
        }
        .map_err(StoreError::engine(doing))
    }
}

fn bind_sqlite(
    query: Query<'static, Sqlite, SqliteArguments>,
    args: Vec<Value>,
) -> Query<'static, Sqlite, SqliteArguments> {
    args.into_iter().fold(query, |query, value| match value {
        Value::Int(it) => query.bind(it),
        Value::Text(it) => query.bind(it),
        Value::Id(it) => query.bind(it),
        Value::Bytes(it) => query.bind(it),
    })
}

fn bind_pg(
    query: Query<'static, Postgres, PgArguments>,
    args: Vec<Value>,
) -> Query<'static, Postgres, PgArguments> {
    args.into_iter().fold(query, |query, value| match value {
        Value::Int(it) => query.bind(it),
        Value::Text(it) => query.bind(it),
        Value::Id(it) => query.bind(it),
        Value::Bytes(it) => query.bind(it),
    })
}
