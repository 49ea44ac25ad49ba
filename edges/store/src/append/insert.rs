//! What differs between the engines: many rows at once. SQLite takes them as rows of VALUES, PostgreSQL as columns of UNNEST;
//! each is the faster by far on its engine. On SQLite each statement goes to a thread and back: few large ones, then.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use hygie_model::{DeviceId, PracticeId, Wall};
use sqlx::AssertSqlSafe;

use super::NewSignal;
use crate::{
    Arrival, StoreError,
    db::Tx,
    value::{int, text},
};

/// Writes signals that are new and follow each other; the first one arrives as `arrival`.
pub(super) async fn insert(
    tx: &mut Tx,
    practice: PracticeId,
    device: DeviceId,
    signals: &[&NewSignal],
    arrival: Arrival,
    received: Wall,
) -> Result<(), StoreError> {
    let failed = StoreError::engine("keeping signals");
    match tx {
        Tx::Sqlite(tx) => {
            let mut arrival = int(arrival.0);
            for (sql, chunk) in in_few(signals, &INSERTS) {
                let mut query = sqlx::query(AssertSqlSafe(sql))
                    .bind(practice.0)
                    .bind(device.0)
                    .bind(received.0);
                for signal in chunk {
                    query = query
                        .bind(int(signal.seq.0))
                        .bind(arrival)
                        .bind(signal.at.0)
                        .bind(text(&signal.kind))
                        .bind(signal.body.as_str().to_owned());
                    arrival += 1;
                }
                query.execute(&mut **tx).await.map_err(failed)?;
            }
        }
        Tx::Pg(tx) => {
            let texts = |get: fn(&NewSignal) -> String| -> Vec<String> {
                signals.iter().map(|signal| get(signal)).collect()
            };
            let first = int(arrival.0);
            sqlx::query(UNNEST)
                .bind(practice.0)
                .bind(device.0)
                .bind(received.0)
                .bind(signals.iter().map(|it| int(it.seq.0)).collect::<Vec<_>>())
                .bind((first..).take(signals.len()).collect::<Vec<_>>())
                .bind(signals.iter().map(|it| it.at.0).collect::<Vec<_>>())
                .bind(texts(|it| text(&it.kind)))
                .bind(texts(|it| it.body.as_str().to_owned()))
                .execute(&mut **tx)
                .await
                .map_err(failed)?;
        }
    }
    Ok(())
}

/// Counts signals by hour and kind.
pub(super) async fn count(
    tx: &mut Tx,
    practice: PracticeId,
    hours: &BTreeMap<(i64, &str), i64>,
) -> Result<(), StoreError> {
    let failed = StoreError::engine("counting signals");
    let rows: Vec<_> = hours
        .iter()
        .map(|((hour, kind), count)| (*hour, text(kind), *count))
        .collect();
    match tx {
        Tx::Sqlite(tx) => {
            for (sql, chunk) in in_few(&rows, &COUNTS) {
                let mut query = sqlx::query(AssertSqlSafe(sql));
                for (hour, kind, count) in chunk {
                    query = query.bind(practice.0).bind(*hour);
                    query = query.bind(kind.clone()).bind(*count);
                }
                query.execute(&mut **tx).await.map_err(failed)?;
            }
        }
        Tx::Pg(tx) => {
            sqlx::query(COUNT_UNNEST)
                .bind(practice.0)
                .bind(rows.iter().map(|row| row.0).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.1.clone()).collect::<Vec<_>>())
                .bind(rows.iter().map(|row| row.2).collect::<Vec<_>>())
                .execute(&mut **tx)
                .await
                .map_err(failed)?;
        }
    }
    Ok(())
}

/// Statements for so many rows each, the largest first and the last for one.
type Statements = [(usize, Arc<str>); 3];

/// Cuts rows into as few pieces as these statements allow.
fn in_few<'s, T>(mut rows: &'s [T], statements: &Statements) -> Vec<(Arc<str>, &'s [T])> {
    let mut pieces = Vec::new();
    for (size, sql) in statements {
        while let Some((piece, rest)) = rows.split_at_checked(*size) {
            pieces.push((Arc::clone(sql), piece));
            rows = rest;
        }
    }
    pieces
}

fn statements(make: impl Fn(usize) -> Arc<str>) -> Statements {
    SIZES.map(|size| (size, make(size)))
}

static INSERTS: LazyLock<Statements> = LazyLock::new(|| statements(inserting));
static COUNTS: LazyLock<Statements> = LazyLock::new(|| statements(counting));

/// So many rows. Without a number each: SQLite looks a numbered one up among all others each time that it is bound.
fn marks(rows: usize, row: &str) -> String {
    vec![row; rows].join(", ")
}

/// INSERT with so many rows; practice, device and time of arrival are the same in all.
fn inserting(rows: usize) -> Arc<str> {
    let rows = marks(rows, "(?, ?, ?, ?, ?)");
    let sql = format!(
        "WITH same (practice, device, received) AS (VALUES (?, ?, ?))
         INSERT INTO signal (practice, device, received, seq, arrival, at, kind, body)
         SELECT practice, device, received, column1, column2, column3, column4, column5
         FROM same CROSS JOIN (VALUES {rows})"
    );
    sql.into()
}

fn counting(rows: usize) -> Arc<str> {
    let rows = marks(rows, "(?, ?, ?, ?)");
    let sql =
        format!("INSERT INTO signal_hour (practice, hour, kind, count) VALUES {rows} {ADDED}");
    sql.into()
}

const UNNEST: &str = "
    INSERT INTO signal (practice, device, received, seq, arrival, at, kind, body)
    SELECT $1, $2, $3, seq, arrival, at, kind, body
    FROM UNNEST($4::BIGINT[], $5::BIGINT[], $6::BIGINT[], $7::TEXT[], $8::TEXT[]) AS new (seq, arrival, at, kind, body)";
const COUNT_UNNEST: &str = "
    INSERT INTO signal_hour (practice, hour, kind, count)
    SELECT $1, hour, kind, count
    FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::BIGINT[]) AS new (hour, kind, count)
    ON CONFLICT (practice, hour, kind) DO UPDATE SET count = signal_hour.count + excluded.count";
const ADDED: &str = "
    ON CONFLICT (practice, hour, kind) DO UPDATE SET count = signal_hour.count + excluded.count";

/// Rows of one statement on SQLite: more gain little, and each size is a statement of its own to prepare.
const SIZES: [usize; 3] = [50, 8, 1];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_piece_and_the_pieces_are_few() {
        for (rows, pieces) in [(0, 0), (1, 1), (7, 7), (8, 1), (49, 7), (50, 1), (166, 5)] {
            let all: Vec<usize> = (0..rows).collect();
            let cut = in_few(&all, &COUNTS);
            assert_eq!(cut.len(), pieces, "{rows}");
            let again: Vec<usize> = cut
                .iter()
                .flat_map(|(_, piece)| piece.iter().copied())
                .collect();
            assert_eq!(again, all);
            for (sql, piece) in cut {
                assert_eq!(sql.matches('?').count(), piece.len() * 4);
            }
        }
    }
}
