//! Proofs of the whole: chains that rustls and openssl accept and refuse, the desk, the process, the hub's side.

mod chains;
mod desk;
mod identity;
mod process;
mod requests;

use std::{path::Path, process::Command};

use hygie_model::Wall;
use rcgen::{CertificateParams, KeyPair};
use uuid::Uuid;

use super::{
    ca::{ConsoleAuthority, DeviceAuthority},
    certificate::{Holder, ProvenKey},
    names::{Allowed, ConsoleName, PracticeLabel},
};

const DAY: i64 = 24 * 60 * 60;
/// 2026-09-15, in seconds.
const START: i64 = 1_789_430_400;
const NAME: &str = "hygie.local";
const LAN: &str = "192.168.1.10";

/// So many seconds after the start.
fn at(after: i64) -> Wall {
    Wall((START + after) * 1_000_000_000)
}

fn device() -> Uuid {
    Uuid::from_u128(0x7f3a_0000_0000_0000_0000_0000_0000_0007)
}

fn allowed() -> Allowed {
    let name = ConsoleName::new(NAME).unwrap();
    Allowed::new(Some(name), &[LAN.parse().unwrap()]).unwrap()
}

fn console(now: Wall) -> ConsoleAuthority {
    let practice = PracticeLabel::new("Dr Durand").unwrap();
    ConsoleAuthority::make(Some(&practice), allowed(), now).unwrap()
}

fn devices(now: Wall) -> DeviceAuthority {
    DeviceAuthority::make(now).unwrap()
}

/// A request as an honest hub or device writes it.
fn request(pair: &KeyPair) -> String {
    let params = CertificateParams::default();
    params.serialize_request(pair).unwrap().pem().unwrap()
}

fn proven(pair: &KeyPair) -> ProvenKey {
    ProvenKey::read(&request(pair), Holder::Device).unwrap()
}

/// The first or second certificate of a chain.
fn part(chain: &str, number: usize) -> String {
    pem::encode(&pem::parse_many(chain).unwrap()[number])
}

/// Runs Debian's openssl in a folder; what it said, and whether it agreed.
fn openssl(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let done = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    (
        done.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}
