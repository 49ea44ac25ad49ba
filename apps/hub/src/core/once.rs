//! What waits for one answer of a browser (a passkey's ceremony): kept in the database, so that any hub takes the answer up,
//! and given out once, so that none is taken twice.

use std::time::Duration;

use hygie_model::Wall;
use hygie_store::Practice;

use super::chance;
use crate::web::fault::Fault;

/// Keeps bytes for `time`; the number is what to ask for them with.
///
/// # Errors
/// The database.
pub(crate) async fn keep(
    practice: Practice<'_>,
    bytes: &[u8],
    time: Duration,
    now: Wall,
) -> Result<String, Fault> {
    let id = chance::number()?.to_string();
    let kept = practice
        .set_passing(&key(&id), None, bytes, now.after(time), now)
        .await?;
    if kept {
        Ok(id)
    } else {
        Err(Fault::broken("a number came twice"))
    }
}

/// Takes them; `None` when they were taken, have expired or never were.
///
/// # Errors
/// The database.
pub(crate) async fn take(
    practice: Practice<'_>,
    id: &str,
    now: Wall,
) -> Result<Option<Vec<u8>>, Fault> {
    if id.len() > LONGEST {
        return Ok(None);
    }
    let key = key(id);
    let Some(bytes) = practice.passing(&key, now).await? else {
        return Ok(None);
    };
    if bytes.is_empty() {
        return Ok(None);
    }
    // Who swaps it has it.
    let mine = practice
        .set_passing(&key, Some(&bytes), b"", now, now)
        .await?;
    Ok(mine.then_some(bytes))
}

fn key(id: &str) -> String {
    format!("once {id}")
}

const LONGEST: usize = 64;
