//! The user that the hub runs as.

use anyhow::{Context, Result, ensure};
use hygie_platform::linux::users;

/// Its number; the user is made where it is missing, as `hygie up` does.
///
/// # Errors
/// There is none and none can be made: without `useradd`, for example.
pub fn hub_user() -> Result<u32> {
    let (ids, _) = users::ensure(NAME).with_context(|| format!("making the user {NAME}"))?;
    ensure!(ids.uid != 0, "{NAME} is root");
    Ok(ids.uid)
}

const NAME: &str = "hygie-hub";
