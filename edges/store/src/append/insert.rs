//! The one statement that differs between the engines: many signals at once.
//! SQLite takes them as rows of VALUES, PostgreSQL as columns of UNNEST; each is the faster by far on its engine.

use std::sync::{Arc, LazyLock};

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
            let (many, few) = signals.as_chunks::<ROWS>();
            let many = many.iter().map(|chunk| (&MANY, &chunk[..]));
            for (sql, chunk) in many.chain(few.chunks(1).map(|chunk| (&ONE, chunk))) {
                let mut query = sqlx::query(AssertSqlSafe(Arc::clone(sql)))
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

static ONE: LazyLock<Arc<str>> = LazyLock::new(|| values(1));
static MANY: LazyLock<Arc<str>> = LazyLock::new(|| values(ROWS));

/// INSERT with so many rows; practice, device and time of arrival are the same in all.
fn values(rows: usize) -> Arc<str> {
    let rows: Vec<String> = (0..rows)
        .map(|row| {
            let at = 4 + row * 5;
            let [seq, arrival, at, kind, body] = [at, at + 1, at + 2, at + 3, at + 4];
            format!("($1, $2, $3, ${seq}, ${arrival}, ${at}, ${kind}, ${body})")
        })
        .collect();
    let sql = format!(
        "INSERT INTO signal (practice, device, received, seq, arrival, at, kind, body) VALUES {}",
        rows.join(", ")
    );
    sql.into()
}

const UNNEST: &str = "
    INSERT INTO signal (practice, device, received, seq, arrival, at, kind, body)
    SELECT $1, $2, $3, seq, arrival, at, kind, body
    FROM UNNEST($4::BIGINT[], $5::BIGINT[], $6::BIGINT[], $7::TEXT[], $8::TEXT[]) AS new (seq, arrival, at, kind, body)";

/// Rows of one statement on SQLite: more gain little, and each size is a statement of its own to prepare.
const ROWS: usize = 50;
