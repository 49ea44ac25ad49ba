//! What the hub asks reaches the guard, and what came of it the hub, whoever is killed meanwhile.

use std::{net::IpAddr, time::Duration};

use anyhow::{Context, Result, ensure};
use hygie_model::Wall;
use hygie_platform::clock;
use hygie_wire::Outcome;

use super::scene::{Device, Hub, until};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
const HOUR: Duration = Duration::from_secs(60 * 60);

fn joined() -> Result<(Hub, Device)> {
    let mut hub = Hub::new(HERE)?;
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let device = Device::new(None)?;
    ensure!(device.enrol(&code)?.0, "not enrolled");
    Ok((hub, device))
}

/// Once the hub knows what came of all of them.
fn all_told(hub: &Hub, count: usize) -> Result<Vec<String>> {
    until(Duration::from_secs(90), "outcomes at the hub", || {
        Ok(hub.outcomes()?.iter().flatten().count() >= count)
    })?;
    Ok(hub.outcomes()?.into_iter().flatten().collect())
}

#[test]
fn a_command_is_done_and_told_and_a_late_one_is_told_as_late() -> Result<()> {
    let (mut hub, mut device) = joined()?;
    device.start()?;
    // The hub's word is told to the guard, which judges the hub by it.
    until(Duration::from_secs(60), "a word of the hub", || {
        Ok(device.guard.words() > 0)
    })?;
    hub.asks(1..=3, clock::wall().after(HOUR))?;
    hub.start(None)?;
    let told = all_told(&hub, 3)?;
    ensure!(told == vec![r#"{"outcome":"done"}"#; 3], "{told:?}");
    ensure!(device.guard.heard().len() == 3);
    // It was told while the device was away, and its time passed: the hub does not even give it out.
    device.kill()?;
    hub.asks(4..=4, Wall(clock::wall().0 + 1))?;
    hub.start(None)?;
    device.start()?;
    device.guard.stops(1..=1);
    hub.has(1)?;
    ensure!(device.guard.heard().len() == 3, "it is nothing any more");
    Ok(())
}

#[test]
fn what_was_done_is_told_though_the_hub_was_away_when_it_was_done() -> Result<()> {
    let (mut hub, mut device) = joined()?;
    hub.asks(1..=1, clock::wall().after(HOUR))?;
    hub.start(None)?;
    device.start()?;
    until(Duration::from_secs(60), "the command", || {
        Ok(!device.guard.heard().is_empty())
    })?;
    hub.kill()?;
    device.kill()?;
    device.start()?;
    hub.start(None)?;
    let told = all_told(&hub, 1)?;
    ensure!(told == [r#"{"outcome":"done"}"#], "{told:?}");
    Ok(())
}

#[test]
fn a_device_that_is_retired_is_refused_at_once_on_the_connection_that_it_has() -> Result<()> {
    let (hub, mut device) = joined()?;
    device.start()?;
    device.guard.stops(1..=1);
    hub.has(1)?;
    hub.retire_beside()?;
    // Nothing is sent: it holds a question open, and that ends.
    device.says("does not know this device, or it was retired")?;
    device.guard.stops(2..=9);
    ensure!(hub.count()? == 1, "it was retired");
    Ok(())
}

#[test]
fn commands_are_done_and_told_through_ten_kills() -> Result<()> {
    killed(10)
}

#[test]
#[ignore = "heavy: 150 rounds"]
fn heavy_commands_are_done_and_told_through_a_hundred_and_fifty_kills() -> Result<()> {
    killed(150)
}

/// In each round some are asked for; the courier is killed at a moment by chance, and the hub when some arrived.
fn killed(rounds: u64) -> Result<()> {
    let (mut hub, mut device) = joined()?;
    let (mut asked, mut chance) = (0_u128, 0x9e37_79b9_7f4a_7c15_u64);
    for _ in 0..rounds {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let more = 1 + u128::from((chance >> 33) % 5);
        hub.asks(asked + 1..=asked + more, clock::wall().after(HOUR))?;
        asked += more;
        hub.start(None)?;
        device.start()?;
        // A moment by chance, before, while or after they are under way: no test of what follows.
        std::thread::sleep(Duration::from_micros((chance >> 40) % 400_000));
        if chance >> 62 == 0 {
            hub.kill()?;
        }
        device.kill()?;
    }
    hub.kill()?;
    hub.start(None)?;
    device.start()?;
    let count = usize::try_from(asked)?;
    let told = all_told(&hub, count)?;
    ensure!(
        told.iter().all(|told| told == r#"{"outcome":"done"}"#),
        "{told:?}"
    );
    let heard = device.guard.heard();
    ensure!(heard.len() == count, "{} of {count}", heard.len());
    ensure!(heard.values().all(|(outcome, _)| *outcome == Outcome::Done));
    let again: u64 = heard.values().map(|(_, times)| times - 1).sum();
    eprintln!("{count} commands, {rounds} kills: each done, {again} heard again");
    Ok(())
}
