//! A device that is switched off says so; one whose Hygie is stopped while it runs says nothing.

use std::{net::IpAddr, os::unix::fs::PermissionsExt};

use anyhow::{Context, Result, ensure};

use super::scene::{Device, Hub};

/// A `systemctl` that says this of the whole system.
fn system(says: &str) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
    let program = folder.path().join("systemctl");
    std::fs::write(&program, format!("#!/bin/sh\necho {says}\n"))?;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
    Ok(folder)
}

#[test]
fn only_a_device_that_goes_down_says_good_bye() -> Result<()> {
    let mut hub = Hub::new(IpAddr::from([127, 0, 0, 1]))?;
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let mut device = Device::new(None)?;
    ensure!(device.enrol(&code)?.0, "not enrolled");
    for (says, told) in [("running", vec![]), ("stopping", vec!["off".to_owned()])] {
        let system = system(says)?;
        let before = hub.count()?;
        device.start_on(system.path())?;
        device.guard.stops(before + 1..=before + 1);
        hub.has(before + 1)?;
        device.terminate()?;
        ensure!(hub.left()? == told, "{says}: {:?}", hub.left()?);
    }
    Ok(())
}
