//! Recoveries by a second person, as the engine made them: one a person, changed only from what was judged, so that of two who
//! answer at once (one confirms, one stops it) the second judges anew.

use std::time::Duration;

use hygie_identity::recovery::{Rung, RungId};
use hygie_model::{PersonId, Wall};
use hygie_store::Practice;

use crate::web::fault::Fault;

/// A recovery, and the bytes that it was read from.
pub(crate) struct Kept {
    /// What the engine says.
    pub(crate) rung: Rung,
    bytes: Vec<u8>,
}

/// Her latest recovery.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn of(
    practice: Practice<'_>,
    person: PersonId,
    now: Wall,
) -> Result<Option<Kept>, Fault> {
    let Some(bytes) = practice.passing(&key(person), now).await? else {
        return Ok(None);
    };
    let rung = serde_json::from_slice(&bytes).map_err(|_| Fault::broken("a recovery"))?;
    Ok(Some(Kept { rung, bytes }))
}

/// Puts `rung` in the place of what was judged; `false` where somebody was faster.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn put(
    practice: Practice<'_>,
    judged: Option<&Kept>,
    rung: &Rung,
    now: Wall,
) -> Result<bool, Fault> {
    let bytes = serde_json::to_vec(rung).map_err(|_| Fault::broken("a recovery"))?;
    let judged = judged.map(|kept| kept.bytes.as_slice());
    let expires = now.after(KEPT);
    Ok(practice
        .set_passing(&key(rung.person), judged, &bytes, expires, now)
        .await?)
}

/// What the browser in which it was asked for shows, and whoever confirms types: so she confirms the one whom she has before
/// her, and not a stranger who asked at the same time. It stands nowhere else.
pub(crate) fn control(rung: RungId) -> String {
    let digest = blake3::derive_key("hygie 2026 hub recovery control", rung.0.as_bytes());
    let number = u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]) % 1_000_000;
    format!("{:03} {:03}", number / 1_000, number % 1_000)
}

/// Whether somebody typed those digits, with a space or without.
pub(crate) fn is_control(rung: RungId, typed: &str) -> bool {
    let digits =
        |text: &str| -> String { text.chars().filter(|sign| !sign.is_whitespace()).collect() };
    digits(&control(rung)) == digits(typed)
}

fn key(person: PersonId) -> String {
    format!("rung {}", person.0)
}

/// Longer than a recovery and the wait after one that was stopped.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn six_digits_of_one_recovery() {
        let (one, two) = (RungId(Uuid::from_u128(1)), RungId(Uuid::from_u128(2)));
        let digits = control(one);
        assert_eq!(digits.len(), 7, "{digits}");
        assert_ne!(digits, control(two));
        assert!(is_control(one, &digits) && is_control(one, &digits.replace(' ', "")));
        for other in ["", "123", &control(two)] {
            assert!(!is_control(one, other), "{other}");
        }
    }
}
