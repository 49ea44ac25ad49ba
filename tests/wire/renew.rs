//! A device's certificate is renewed over the line that the old one opened; whoever is killed when, one of both works.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use anyhow::{Context, Result, ensure};

use super::scene::{Device, Hub, until};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
/// It is always due.
const ALWAYS: [&str; 2] = ["--renew-at", "0"];

fn joined() -> Result<(Hub, Device)> {
    let mut hub = Hub::new(HERE)?;
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let device = Device::new(None)?;
    ensure!(device.enrol(&code)?.0, "not enrolled");
    Ok((hub, device))
}

fn identity(device: &Device) -> PathBuf {
    device.dir().join("device.json")
}

#[test]
fn a_new_certificate_is_used_and_the_old_one_is_good_no_longer() -> Result<()> {
    let (hub, mut device) = joined()?;
    let file = identity(&device);
    let old = std::fs::read(&file)?;
    device.start_with(&ALWAYS)?;
    until(Duration::from_secs(60), "a new certificate", || {
        Ok(std::fs::read(&file)? != old)
    })?;
    device.kill()?;
    device.start()?;
    device.guard.stops(1..=3);
    hub.has(3)?;
    device.kill()?;
    // Killed after the hub took the new one, before that was noted here: both lie there, and the old one is refused.
    let next = device.dir().join("next-device.json");
    std::fs::rename(&file, &next)?;
    std::fs::write(&file, &old)?;
    device.start()?;
    device.guard.stops(4..=6);
    hub.has(6)?;
    until(Duration::from_secs(60), "the new one in its place", || {
        Ok(!next.exists() && std::fs::read(&file)? != old)
    })?;
    device.kill()?;
    // Nobody gets in with the old one alone: a copy of it that was stolen is worth nothing.
    std::fs::write(&file, &old)?;
    device.start()?;
    device.says("does not know this device, or it was retired")?;
    Ok(())
}

#[test]
fn a_renewed_certificate_that_the_hub_never_saw_used_does_not_lock_the_device_out() -> Result<()> {
    let (hub, mut device) = joined()?;
    let (old, mut strange) = (std::fs::read_to_string(identity(&device))?, joined()?);
    // As if the hub had been killed before it kept what was signed: it does not know the next one.
    let theirs: serde_json::Value = serde_json::from_slice(&std::fs::read(identity(&strange.1))?)?;
    let mut next: serde_json::Value = serde_json::from_str(&old)?;
    next["chain"] = theirs["chain"].clone();
    next["key"] = theirs["key"].clone();
    std::fs::write(device.dir().join("next-device.json"), next.to_string())?;
    strange.1.kill()?;
    device.start()?;
    device.guard.stops(1..=3);
    hub.has(3)?;
    ensure!(std::fs::read_to_string(identity(&device))? == old);
    until(Duration::from_secs(60), "the unknown one is gone", || {
        Ok(!device.dir().join("next-device.json").exists())
    })
}

#[test]
fn a_courier_killed_while_it_renews_always_comes_back() -> Result<()> {
    killed(6)
}

#[test]
#[ignore = "heavy: 100 rounds"]
fn heavy_a_courier_killed_while_it_renews_always_comes_back() -> Result<()> {
    // A device gets so many certificates and no more; another one is another device.
    for _ in 0..10 {
        killed(10)?;
    }
    Ok(())
}

fn killed(rounds: u64) -> Result<()> {
    let (mut hub, mut device) = joined()?;
    let (mut told, mut chance) = (0, 0x9e37_79b9_7f4a_7c15_u64);
    let first = std::fs::read(identity(&device))?;
    for round in 0..rounds {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        device.start_with(&ALWAYS)?;
        // A moment by chance within the first renewals: no test of what follows.
        std::thread::sleep(Duration::from_micros((chance >> 40) % 900_000));
        if round % 3 == 2 {
            hub.kill()?;
        }
        device.kill()?;
        if round % 3 == 2 {
            hub.start(None)?;
        }
        device.start()?;
        told += 1;
        device.guard.stops(told..=told);
        hub.has(told)
            .with_context(|| format!("after round {round}"))?;
        device.kill()?;
    }
    ensure!(
        std::fs::read(identity(&device))? != first,
        "nothing was renewed"
    );
    Ok(())
}
