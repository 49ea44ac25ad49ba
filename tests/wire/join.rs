//! Who gets in: who has the code, once, and shows what the hub's own authority signed.

use std::net::IpAddr;

use anyhow::{Context, Result, ensure};
use hygie_testkit::Network;
use hygie_wire::EnrolmentCode;
use serde_json::Value;

use super::scene::{Device, Hub};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

#[test]
fn a_code_lets_one_device_in_and_only_to_the_hub_that_it_names() -> Result<()> {
    let mut hub = Hub::new(HERE)?;
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let device = Device::new(None)?;
    for wrong in ["", "K7QX", &code[1..]] {
        ensure!(!device.enrol(wrong)?.0, "{wrong}");
    }
    // Another hub than the one of which the code has the fingerprint: the code is not even shown to it.
    let mut other = EnrolmentCode::parse(&code)?;
    other.authority.0[0] ^= 1;
    let (done, said) = device.enrol(&other.to_text())?;
    ensure!(
        !done && said.contains("not the one that the code names"),
        "{said}"
    );
    // The right hub, and a code that it never gave.
    let mut other = EnrolmentCode::parse(&code)?;
    other.secret.0[0] ^= 1;
    let (done, said) = device.enrol(&other.to_text())?;
    ensure!(!done && said.contains("does not serve"), "{said}");
    let (done, said) = device.enrol(&code)?;
    ensure!(done && said.contains("\"name\":\"Accueil\""), "{said}");
    let second = Device::new(None)?;
    let (done, said) = second.enrol(&code)?;
    ensure!(!done && said.contains("does not serve"), "{said}");
    ensure!(!second.dir().join("device.json").exists(), "it was refused");
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(device.dir().join("device.json"))?
        .permissions()
        .mode();
    ensure!(mode & 0o777 == 0o600, "{mode:o}");
    Ok(())
}

#[test]
fn a_retired_device_is_refused() -> Result<()> {
    let mut hub = Hub::new(HERE)?;
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let mut device = Device::new(None)?;
    ensure!(device.enrol(&code)?.0, "{code}");
    device.start()?;
    device.guard.stops(1..=3);
    hub.has(3)?;
    hub.retire()?;
    hub.start(None)?;
    device.guard.stops(4..=6);
    device.says("does not know this device, or it was retired")?;
    ensure!(hub.count()? == 3, "it was retired");
    Ok(())
}

#[test]
fn a_certificate_of_another_authority_does_not_get_in() -> Result<()> {
    let (mut hub, mut foreign) = (Hub::new(HERE)?, Hub::new(HERE)?);
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let theirs = foreign.start(Some("Accueil"))?.context("no code")?;
    let (own, mut stranger) = (Device::new(None)?, Device::new(None)?);
    ensure!(
        own.enrol(&code)?.0 && stranger.enrol(&theirs)?.0,
        "both join"
    );
    // Knows the hub, comes with what another authority signed for the very same number.
    let read = |device: &Device| -> Result<Value> {
        Ok(serde_json::from_slice(&std::fs::read(
            device.dir().join("device.json"),
        )?)?)
    };
    let (right, mut forged) = (read(&own)?, read(&stranger)?);
    for field in ["host", "port", "authority", "device"] {
        forged[field] = right[field].clone();
    }
    std::fs::write(stranger.dir().join("device.json"), forged.to_string())?;
    stranger.guard.stops(1..=3);
    stranger.start()?;
    stranger.says("does not take this device's certificate")?;
    ensure!(hub.count()? == 0, "a stranger");
    Ok(())
}

#[test]
fn a_device_in_a_network_of_its_own_reports_and_waits_while_the_line_is_down() -> Result<()> {
    if let Some(why) = hygie_testkit::not_root() {
        eprintln!("skipped: {why}");
        return Ok(());
    }
    let network = Network::new()?;
    let mut hub = Hub::new(network.here)?;
    let code = hub.start(Some("Salle de soins"))?.context("no code")?;
    let mut device = Device::new(Some(network.name()))?;
    let (done, said) = device.enrol(&code)?;
    ensure!(done, "{said}");
    device.start()?;
    device.guard.stops(1..=20);
    hub.has(20)?;
    network.line("down")?;
    device.guard.stops(21..=40);
    // The hub is away as well, and comes back before the line does.
    hub.kill()?;
    hub.start(None)?;
    ensure!(hub.count()? == 20, "the line is down");
    network.line("up")?;
    hub.has(40)?;
    let kept = hub.kept()?;
    ensure!(
        kept.len() == 40 && kept.values().all(|times| *times == 1),
        "{kept:?}"
    );
    Ok(())
}
