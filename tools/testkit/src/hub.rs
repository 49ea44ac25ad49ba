//! The user that the hub runs as.

use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Its number; the user is made where it is missing, as `hygie up` does.
///
/// # Errors
/// There is none and none can be made: without `useradd`, for example.
pub fn hub_user() -> Result<u32> {
    if let Some(uid) = known()? {
        return Ok(uid);
    }
    let status = Command::new("useradd")
        .args(["--system", "--no-create-home", "--home-dir", "/nonexistent"])
        .args(["--shell", "/usr/sbin/nologin", NAME])
        .status()
        .context("useradd cannot be run")?;
    // Another test may have been quicker.
    known()?.with_context(|| format!("useradd ended with {status}"))
}

fn known() -> Result<Option<u32>> {
    let list = std::fs::read_to_string("/etc/passwd")?;
    for line in list.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        if fields.first() == Some(&NAME) && fields.len() > 2 {
            let uid = fields[2].parse()?;
            ensure!(uid != 0, "{NAME} is root");
            return Ok(Some(uid));
        }
    }
    Ok(None)
}

const NAME: &str = "hygie-hub";
