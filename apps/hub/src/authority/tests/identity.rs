//! The hub's own certificate: made, kept, renewed, and made anew where it no longer fits.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use hygie_platform::linux::secrets::SecretsError;
use rustix::process::geteuid;

use super::{super::*, *};
use crate::authority::{
    desk::Desk,
    signer::{Signer, listen},
};

/// A signer whose clock a test turns, and the hub's folder.
struct World {
    place: tempfile::TempDir,
    seconds: Arc<AtomicI64>,
    door: SignerDoor,
}

impl World {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let seconds = Arc::new(AtomicI64::new(0));
        let socket = place.path().join("signer.sock");
        let listener = listen(&socket).unwrap();
        let desk = Desk::open(&place.path().join("authority")).unwrap();
        let hub = geteuid().as_raw();
        let clock = Arc::clone(&seconds);
        std::thread::spawn(move || {
            let mut signer = Signer { desk, hub };
            signer.serve(&listener, || at(clock.load(Ordering::Relaxed)));
        });
        Self {
            place,
            seconds,
            door: SignerDoor::new(socket),
        }
    }

    fn name(&self, name: &str, rename: Rename) {
        let asked = Question::Console {
            practice: None,
            name: ConsoleName::new(name).ok(),
            addresses: Vec::new(),
            rename,
        };
        self.door.ask(&asked).unwrap();
    }

    fn folder(&self) -> PathBuf {
        self.place.path().join("hub")
    }

    fn file(&self) -> PathBuf {
        self.folder().join("server.pem")
    }

    /// The certificate that the hub serves so long after the start.
    fn kept(&self, after: i64) -> Vec<u8> {
        self.seconds.store(after, Ordering::Relaxed);
        let kept = ServerIdentity::kept(&self.door, &self.folder(), at(after)).unwrap();
        let own = kept.certificate().unwrap().to_vec();
        kept.into_config(None).unwrap();
        own
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_key_in_memory_alone_is_ready_for_rustls() {
    let world = World::new();
    let none = ServerIdentity::fresh(&world.door);
    assert!(matches!(none, Err(AskError::Refused(Refusal::NoConsole))));
    world.name(NAME, Rename::Refused);
    let fresh = ServerIdentity::fresh(&world.door).unwrap();
    let (chain, _) = fresh.into_parts();
    assert_eq!(chain.len(), 2);
    let verifier = {
        let Reply::Authorities { devices, .. } = world.door.ask(&Question::Authorities {}).unwrap()
        else {
            panic!("no authorities");
        };
        let Reply::Revocations { list } = world.door.ask(&Question::Revocations {}).unwrap() else {
            panic!("no list");
        };
        device_verifier(&devices.certificate, &list).unwrap()
    };
    let fresh = ServerIdentity::fresh(&world.door).unwrap();
    assert!(fresh.into_config(Some(verifier)).is_ok());
}

#[test]
fn the_kept_one_serves_until_a_third_of_its_life_is_left() {
    let world = World::new();
    world.name(NAME, Rename::Refused);
    let first = world.kept(0);
    assert_eq!(mode(&world.folder()), 0o700);
    assert_eq!(mode(&world.file()), 0o600);
    assert_eq!(world.kept(1), first);
    assert_eq!(world.kept(264 * DAY), first);
    let second = world.kept(265 * DAY);
    assert_ne!(second, first);
    assert_eq!(world.kept(266 * DAY), second);
}

#[test]
fn two_that_renew_at_once_serve_the_same() {
    let world = World::new();
    world.name(NAME, Rename::Refused);
    let all: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..4).map(|_| scope.spawn(|| world.kept(0))).collect();
        let ended = running.into_iter().map(|one| one.join().unwrap());
        ended.collect()
    });
    assert!(all.iter().all(|one| *one == all[0]));
}

#[test]
fn another_name_means_another_certificate() {
    let world = World::new();
    world.name(NAME, Rename::Refused);
    let first = world.kept(0);
    world.name("other.local", Rename::Confirmed);
    let second = world.kept(1);
    assert_ne!(second, first);
    assert_eq!(world.kept(2), second);
}

#[test]
fn what_is_damaged_is_made_anew() {
    let world = World::new();
    world.name(NAME, Rename::Refused);
    let mut last = world.kept(0);
    let whole = fs::read_to_string(world.file()).unwrap();
    let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
    for text in [
        String::new(),
        whole[..whole.len() / 2].to_owned(),
        part(&whole, 0),
        other + &part(&whole, 1) + &part(&whole, 2),
        part(&whole, 0) + &part(&whole, 2) + &part(&whole, 1),
    ] {
        fs::write(world.file(), text).unwrap();
        let next = world.kept(1);
        assert_ne!(next, last);
        last = next;
    }
}

#[test]
fn a_key_that_others_could_read_is_not_used() {
    let world = World::new();
    world.name(NAME, Rename::Refused);
    world.kept(0);
    fs::set_permissions(world.file(), fs::Permissions::from_mode(0o644)).unwrap();
    let refused = ServerIdentity::kept(&world.door, &world.folder(), at(1));
    assert!(matches!(
        refused,
        Err(AskError::Keeper(KeeperError::Secrets(
            SecretsError::Exposed { .. }
        )))
    ));
}

#[test]
fn while_the_signer_is_silent_the_kept_one_serves_on() {
    let world = World::new();
    world.name(NAME, Rename::Refused);
    let own = world.kept(0);
    let nobody = SignerDoor::new(world.place.path().join("nobody.sock"));
    let kept = ServerIdentity::kept(&nobody, &world.folder(), at(396 * DAY)).unwrap();
    assert_eq!(kept.certificate().unwrap().as_ref(), own);
    for (folder, after) in [
        (world.folder(), 397 * DAY),
        (world.folder(), -700),
        (world.place.path().join("fresh"), 1),
    ] {
        let none = ServerIdentity::kept(&nobody, &folder, at(after));
        assert!(matches!(none, Err(AskError::Silent(_))), "{after}");
    }
}
