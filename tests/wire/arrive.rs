//! Signals arrive once each, in order, whoever is killed meanwhile.

use std::{
    fs::File,
    io::{ErrorKind, Write},
    net::IpAddr,
    path::Path,
    time::Duration,
};

use anyhow::{Context, Result, ensure};

use hygie_testkit::LoopFs;

use super::scene::{Device, Hub, until};

#[test]
fn signals_arrive_once_though_the_hub_is_killed_twenty_times() -> Result<()> {
    killed(20)
}

#[test]
#[ignore = "heavy: 200 rounds"]
fn heavy_signals_arrive_once_though_the_hub_is_killed_two_hundred_times() -> Result<()> {
    killed(200)
}

/// In each round some come, the hub is killed as they arrive; each third time the courier too.
fn killed(rounds: u64) -> Result<()> {
    let mut hub = Hub::new(IpAddr::from([127, 0, 0, 1]))?;
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let mut device = Device::new(None)?;
    ensure!(device.enrol(&code)?.0, "not enrolled");
    device.start()?;
    let (mut told, mut chance) = (0, 0x9e37_79b9_7f4a_7c15_u64);
    for round in 0..rounds {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let before = hub.count()?;
        // More than one batch holds, now and then.
        let more = 1 + (chance >> 33) % 700;
        device.guard.stops(told + 1..=told + more);
        told += more;
        until(Duration::from_secs(60), "a signal of this round", || {
            Ok(hub.count()? > before)
        })?;
        // A moment by chance, while others are under way: no test of what follows.
        std::thread::sleep(Duration::from_micros((chance >> 40) % 30_000));
        hub.kill()?;
        if round % 3 == 2 {
            device.kill()?;
            device.start()?;
        }
        hub.start(None)?;
    }
    hub.has(told)?;
    let kept = hub.kept()?;
    let twice: Vec<_> = kept.iter().filter(|(_, times)| **times != 1).collect();
    ensure!(twice.is_empty(), "not once: {twice:?}");
    ensure!(
        kept.keys().copied().eq(1..=told),
        "{} of {told}",
        kept.len()
    );
    eprintln!("{told} signals, {rounds} kills: each once");
    Ok(())
}

#[test]
fn what_waits_while_the_hub_is_away_arrives_when_it_is_back() -> Result<()> {
    let mut hub = Hub::new(IpAddr::from([127, 0, 0, 1]))?;
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let mut device = Device::new(None)?;
    ensure!(device.enrol(&code)?.0, "not enrolled");
    hub.kill()?;
    device.start()?;
    device.guard.stops(1..=500);
    device.says("the hub cannot be reached")?;
    device.kill()?;
    device.guard.stops(501..=1_000);
    device.start()?;
    device.guard.stops(1_001..=1_500);
    hub.start(None)?;
    hub.has(1_500)?;
    let kept = hub.kept()?;
    ensure!(
        kept.len() == 1_500 && kept.values().all(|times| *times == 1),
        "{}",
        kept.len()
    );
    Ok(())
}

/// The disk is a loop image's, filled by a file beside the hub's.
#[test]
fn what_a_full_hub_refuses_waits_and_arrives_once_there_is_room() -> Result<()> {
    let disk = LoopFs::ext4(64)?;
    let mut hub = Hub::on(IpAddr::from([127, 0, 0, 1]), Some(&disk.path()))?;
    let code = hub.start(Some("Accueil"))?.context("no code")?;
    let mut device = Device::new(None)?;
    ensure!(device.enrol(&code)?.0, "not enrolled");
    device.start()?;
    device.guard.stops(1..=100);
    hub.has(100)?;
    let other = disk.path().join("other");
    fill(&other)?;
    // Far more than a write-ahead log that is there already has room for.
    device.guard.stops(101..=20_000);
    device.says("the hub's disk is full")?;
    let kept = hub.count()?;
    ensure!(kept < 20_000, "{kept}: it was not full");
    std::fs::remove_file(&other)?;
    hub.has(20_000)?;
    let kept = hub.kept()?;
    ensure!(
        kept.len() == 20_000 && kept.values().all(|times| *times == 1),
        "{} of 20000",
        kept.len()
    );
    device.kill()?;
    hub.kill()
}

fn fill(path: &Path) -> Result<()> {
    let mut file = File::create(path)?;
    let mut piece = vec![1; 1 << 20];
    loop {
        match file.write(&piece) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::StorageFull => {
                if piece.len() == 1 {
                    return Ok(file.sync_all()?);
                }
                piece.truncate(piece.len() / 2);
            }
            Err(error) => return Err(error.into()),
        }
    }
}
