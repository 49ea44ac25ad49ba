//! A device that is switched off says so; one whose Hygie is stopped while it runs says nothing.

use std::net::IpAddr;

use anyhow::{Context, Result, ensure};
use hygie_testkit::Bus;
use zbus::blocking::{Connection, connection::Builder};

use super::scene::{Device, Hub};

struct Manager(&'static str);

#[zbus::interface(name = "org.freedesktop.systemd1.Manager")]
impl Manager {
    #[zbus(property)]
    fn system_state(&self) -> &str {
        self.0
    }
}

/// Systemd on a system's bus, which says this of the whole.
fn systemd(bus: &Bus, says: &'static str) -> Result<Connection> {
    Ok(Builder::address(bus.address())?
        .name("org.freedesktop.systemd1")?
        .serve_at("/org/freedesktop/systemd1", Manager(says))?
        .build()?)
}

#[test]
fn only_a_device_that_goes_down_says_good_bye() -> Result<()> {
    let mut hub = Hub::new(IpAddr::from([127, 0, 0, 1]))?;
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let mut device = Device::new(None)?;
    ensure!(device.enrol(&code)?.0, "not enrolled");
    for (says, told) in [("running", vec![]), ("stopping", vec!["off".to_owned()])] {
        let bus = Bus::start()?;
        let _systemd = systemd(&bus, says)?;
        let before = hub.count()?;
        device.start_on(bus.address())?;
        device.guard.stops(before + 1..=before + 1);
        hub.has(before + 1)?;
        device.terminate()?;
        ensure!(hub.left()? == told, "{says}: {:?}", hub.left()?);
    }
    Ok(())
}
