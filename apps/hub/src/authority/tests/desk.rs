//! The desk: what is made, kept, refused, and found again after a restart or a damage.

use std::{fs, net::IpAddr, os::unix::fs::PermissionsExt, path::Path};

use rcgen::{BasicConstraints, CertificateParams, GeneralSubtree, IsCa, KeyPair, NameConstraints};

use super::{super::*, *};
use crate::authority::{
    desk::{CONSOLE, DEVICES, Desk, REGISTER, Trouble},
    words::AuthorityTold,
};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> std::path::PathBuf {
        self.0.path().join("authority")
    }

    fn desk(&self) -> Desk {
        Desk::open(&self.folder()).unwrap()
    }
}

fn ask_console(name: Option<&str>, addresses: &[&str], rename: Rename) -> Question {
    Question::Console {
        practice: None,
        name: name.map(|name| ConsoleName::new(name).unwrap()),
        addresses: addresses.iter().map(|one| one.parse().unwrap()).collect(),
        rename,
    }
}

fn told(reply: Result<Reply, Trouble>) -> AuthorityTold {
    let Ok(Reply::Authority { console }) = reply else {
        panic!("{reply:?}");
    };
    console
}

fn why<T: std::fmt::Debug>(reply: Result<T, Trouble>) -> Refusal {
    reply.unwrap_err().refusal()
}

fn list_of(reply: Reply) -> String {
    let Reply::Revocations { list } = reply else {
        panic!("{reply:?}");
    };
    list
}

fn ask_device(number: u128) -> Question {
    Question::DeviceCertificate {
        csr: request(&KeyPair::generate().unwrap()),
        device: Uuid::from_u128(number),
    }
}

fn ask_server() -> Question {
    Question::ServerCertificate {
        csr: request(&KeyPair::generate().unwrap()),
    }
}

#[test]
fn a_console_begins_with_this_computer_alone_and_is_named_once() {
    let place = Place::new();
    let mut desk = place.desk();
    assert_eq!(why(desk.answer(ask_server(), at(0))), Refusal::NoConsole);
    let bare = told(desk.answer(ask_console(None, &[], Rename::Refused), at(0)));
    assert_eq!(bare.name, None);
    assert!(desk.answer(ask_server(), at(0)).is_ok());
    // The first name needs no confirmation of a change, and then stays.
    let named = told(desk.answer(ask_console(Some(NAME), &[LAN], Rename::Refused), at(1)));
    assert_eq!(named.name, ConsoleName::new(NAME).ok());
    assert_ne!(named.fingerprint, bare.fingerprint);
    for (name, addresses) in [
        (Some(NAME), &[LAN][..]),
        (Some(NAME), &[]),
        (None, &[]),
        (Some("HYGIE.local"), &["127.0.0.1"]),
    ] {
        for rename in [Rename::Refused, Rename::Confirmed] {
            let again = told(desk.answer(ask_console(name, addresses, rename), at(2)));
            assert_eq!(again.fingerprint, named.fingerprint);
        }
    }
    for (name, addresses) in [
        (Some("other.local"), &[][..]),
        (Some("a.hygie.local"), &[]),
        (Some(NAME), &["192.168.1.11"]),
        (None, &["192.168.1.11"]),
    ] {
        let asked = ask_console(name, addresses, Rename::Refused);
        assert_eq!(why(desk.answer(asked, at(3))), Refusal::OtherName);
    }
    let other = told(desk.answer(
        ask_console(Some("other.local"), &[], Rename::Confirmed),
        at(4),
    ));
    assert_ne!(other.fingerprint, named.fingerprint);
    drop(desk);
    // After a restart it is the same one.
    let mut desk = place.desk();
    let Reply::Authorities { console, devices } =
        desk.answer(Question::Authorities {}, at(5)).unwrap()
    else {
        panic!("no authorities");
    };
    assert_eq!(console, Some(other));
    assert_eq!(devices.name, None);
}

#[test]
fn an_authority_whose_time_is_over_is_replaced_by_a_person_alone() {
    let place = Place::new();
    let mut desk = place.desk();
    let first = told(desk.answer(ask_console(Some(NAME), &[], Rename::Refused), at(0)));
    let late = at(3660 * DAY);
    assert_eq!(why(desk.answer(ask_server(), late)), Refusal::Expired);
    let asked = ask_console(Some(NAME), &[], Rename::Refused);
    assert_eq!(why(desk.answer(asked, late)), Refusal::Expired);
    let next = told(desk.answer(ask_console(Some(NAME), &[], Rename::Confirmed), late));
    assert_ne!(next.fingerprint, first.fingerprint);
    assert!(desk.answer(ask_server(), late).is_ok());
}

#[test]
fn what_cannot_be_is_refused() {
    let place = Place::new();
    let mut desk = place.desk();
    for bad in [&["0.0.0.0"][..], &["224.0.0.1"], &["10.0.0.1"; 17]] {
        let asked = ask_console(Some(NAME), bad, Rename::Confirmed);
        assert_eq!(why(desk.answer(asked, at(0))), Refusal::Addresses);
    }
    let asked = ask_console(Some(NAME), &[], Rename::Confirmed);
    assert_eq!(why(desk.answer(asked.clone(), Wall(0))), Refusal::Clock);
    desk.answer(asked, at(0)).unwrap();
    for csr in [String::new(), "x".repeat(60_000)] {
        let server = Question::ServerCertificate { csr: csr.clone() };
        assert_eq!(why(desk.answer(server, at(0))), Refusal::Request);
        let device = Question::DeviceCertificate {
            csr,
            device: device(),
        };
        assert_eq!(why(desk.answer(device, at(0))), Refusal::Request);
    }
}

#[test]
fn a_revoked_device_stays_revoked_over_restarts_and_comes_in_no_more() {
    let place = Place::new();
    let mut desk = place.desk();
    desk.answer(ask_device(7), at(0)).unwrap();
    desk.answer(ask_device(7), at(1)).unwrap();
    desk.answer(ask_device(8), at(1)).unwrap();
    let empty = list_of(desk.answer(Question::Revocations {}, at(2)).unwrap());
    assert_eq!(serials(&empty), 0);
    let device = Uuid::from_u128(7);
    let list = list_of(desk.answer(Question::Revoke { device }, at(3)).unwrap());
    assert_eq!(serials(&list), 2);
    drop(desk);
    let mut desk = place.desk();
    assert_eq!(why(desk.answer(ask_device(7), at(4))), Refusal::Revoked);
    assert!(desk.answer(ask_device(8), at(4)).is_ok());
    let later = list_of(desk.answer(Question::Revocations {}, at(5)).unwrap());
    assert_eq!(serials(&later), 2);
    // What nobody would accept any more need not be listed.
    let over = list_of(desk.answer(Question::Revocations {}, at(91 * DAY)).unwrap());
    assert_eq!(serials(&over), 0);
    assert_eq!(
        why(desk.answer(ask_device(7), at(91 * DAY))),
        Refusal::Revoked
    );
    // A device that was never signed can be kept out as well.
    let device = Uuid::from_u128(9);
    desk.answer(Question::Revoke { device }, at(6)).unwrap();
    assert_eq!(why(desk.answer(ask_device(9), at(7))), Refusal::Revoked);
}

fn serials(list: &str) -> usize {
    use x509_parser::{prelude::FromDer, revocation_list::CertificateRevocationList};
    let der = pem::parse(list).unwrap().into_contents();
    let (_, read) = CertificateRevocationList::from_der(&der).unwrap();
    read.iter_revoked_certificates().count()
}

#[test]
fn every_file_is_its_owners_alone() {
    let place = Place::new();
    let mut desk = place.desk();
    desk.answer(ask_console(Some(NAME), &[], Rename::Refused), at(0))
        .unwrap();
    desk.answer(ask_device(7), at(0)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&place.folder()), 0o700);
    let mut names: Vec<_> = fs::read_dir(place.folder())
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            assert_eq!(mode(&entry.path()), 0o600, "{entry:?}");
            entry.file_name().into_string().unwrap()
        })
        .collect();
    names.sort();
    assert_eq!(names, [CONSOLE, DEVICES, REGISTER]);
}

#[test]
fn nothing_leaves_that_could_not_be_kept() {
    let place = Place::new();
    let mut desk = place.desk();
    desk.answer(ask_device(7), at(0)).unwrap();
    let before = fs::read_to_string(place.folder().join(REGISTER)).unwrap();
    // The register cannot be written: a folder stands where it is prepared.
    let beside = place.folder().join("register.json.new");
    fs::create_dir(&beside).unwrap();
    assert_eq!(why(desk.answer(ask_device(8), at(1))), Refusal::Failed);
    let device = Uuid::from_u128(7);
    let revoke = Question::Revoke { device };
    assert_eq!(why(desk.answer(revoke.clone(), at(1))), Refusal::Failed);
    let list = list_of(desk.answer(Question::Revocations {}, at(1)).unwrap());
    assert_eq!(serials(&list), 0, "it was not done, and is not said to be");
    assert_eq!(
        fs::read_to_string(place.folder().join(REGISTER)).unwrap(),
        before
    );
    fs::remove_dir(&beside).unwrap();
    assert_eq!(serials(&list_of(desk.answer(revoke, at(2)).unwrap())), 1);
}

/// Makes everything, lets somebody change the folder, and says how the next start goes.
#[expect(clippy::unwrap_in_result, reason = "a helper of tests")]
fn after(change: impl FnOnce(&Path)) -> Result<Desk, KeeperError> {
    let place = Place::new();
    let mut desk = place.desk();
    desk.answer(ask_console(Some(NAME), &[LAN], Rename::Refused), at(0))
        .unwrap();
    desk.answer(ask_device(7), at(0)).unwrap();
    drop(desk);
    change(&place.folder());
    Desk::open(&place.folder())
}

fn rewrite(path: &Path, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, change(text)).unwrap();
}

#[test]
fn a_missing_file_is_a_loss_and_not_a_fresh_start() {
    assert!(after(|_| {}).is_ok());
    for name in [CONSOLE, DEVICES, REGISTER] {
        let error = after(|folder| fs::remove_file(folder.join(name)).unwrap()).unwrap_err();
        assert!(
            matches!(&error, KeeperError::Missing(path) if path.ends_with(name)),
            "{error}"
        );
        assert!(error.to_string().contains("backup"));
    }
    // All of it moved away is a fresh start: a person's deed.
    assert!(
        after(|folder| {
            fs::remove_dir_all(folder).unwrap();
        })
        .is_ok()
    );
}

#[test]
fn a_power_cut_between_an_authority_and_its_line_loses_nothing() {
    for name in [CONSOLE, DEVICES] {
        let mut desk = after(|folder| {
            rewrite(&folder.join(REGISTER), |text| {
                let word = name.trim_end_matches(".pem");
                let line = format!(r#""{word}":"once""#);
                assert!(text.contains(&line));
                text.replace(&line, &format!(r#""{word}":"never""#))
            });
        })
        .unwrap();
        assert!(desk.answer(ask_server(), at(1)).is_ok());
    }
}

#[test]
fn a_damaged_file_is_named() {
    let other_key = KeyPair::generate().unwrap().serialize_pem();
    type Damage = Box<dyn FnOnce(String) -> String>;
    let damages: Vec<(&str, Damage)> = vec![
        (CONSOLE, Box::new(|_| String::new())),
        (CONSOLE, Box::new(|text| text[..text.len() / 2].to_owned())),
        (CONSOLE, Box::new(|text| part(&text, 0))),
        (CONSOLE, Box::new(|text| part(&text, 1))),
        (
            CONSOLE,
            Box::new(move |text| other_key.clone() + &part(&text, 1)),
        ),
        (CONSOLE, Box::new(|_| devices(at(0)).to_pem().to_string())),
        (DEVICES, Box::new(|_| console(at(0)).to_pem().to_string())),
        (CONSOLE, Box::new(|text| part(&text, 0) + &leaf_of(&text))),
        (DEVICES, Box::new(|_| "not a key".to_owned())),
        (REGISTER, Box::new(|_| String::new())),
        (REGISTER, Box::new(|text| text[..text.len() - 1].to_owned())),
        (REGISTER, Box::new(|text| text.replace("once", "twice"))),
        (REGISTER, Box::new(|text| text + "{}")),
    ];
    for (number, (name, damage)) in damages.into_iter().enumerate() {
        let error = after(|folder| rewrite(&folder.join(name), damage)).unwrap_err();
        assert!(
            matches!(&error, KeeperError::Damaged { path, .. } if path.ends_with(name)),
            "{number}: {error}"
        );
    }
}

#[test]
fn a_certificate_that_was_not_made_so_is_not_taken_up() {
    let loopback = ["127.0.0.1/32", "::1/128"];
    let taken = |names: &[&str], addresses: &[&str], is_ca: IsCa| {
        let subnet = |one: &&str| GeneralSubtree::IpAddress(one.parse().unwrap());
        let mut permitted: Vec<_> = addresses.iter().map(subnet).collect();
        permitted.extend(
            names
                .iter()
                .map(|name| GeneralSubtree::DnsName((*name).to_owned())),
        );
        let mut params = CertificateParams::default();
        params.is_ca = is_ca;
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: permitted,
            excluded_subtrees: Vec::new(),
        });
        let pair = KeyPair::generate().unwrap();
        let own = params.self_signed(&pair).unwrap();
        ConsoleAuthority::from_pem(&(pair.serialize_pem() + &own.pem())).is_ok()
    };
    let ca = || IsCa::Ca(BasicConstraints::Constrained(0));
    assert!(taken(&["localhost"], &loopback, ca()));
    assert!(taken(&[NAME, "localhost"], &loopback, ca()));
    for (names, addresses, is_ca) in [
        (&[NAME, "localhost"][..], &loopback[..], IsCa::ExplicitNoCa),
        (&[NAME], &loopback, ca()),
        (&[], &loopback, ca()),
        (&["com", "localhost"], &loopback, ca()),
        (&["", "localhost"], &loopback, ca()),
        (&[NAME, "other.local", "localhost"], &loopback, ca()),
        (&[NAME, "localhost"], &[], ca()),
        (&[NAME, "localhost"], &loopback[..1], ca()),
        (&[NAME, "localhost"], &["127.0.0.1/8", "::1/128"], ca()),
        (
            &[NAME, "localhost"],
            &[loopback[0], loopback[1], "192.168.1.10/24"],
            ca(),
        ),
        (
            &[NAME, "localhost"],
            &[loopback[0], loopback[1], "0.0.0.0/0"],
            ca(),
        ),
    ] {
        assert!(!taken(names, addresses, is_ca), "{names:?} {addresses:?}");
    }
}

/// A server's certificate in the place of its authority's.
fn leaf_of(text: &str) -> String {
    let authority = ConsoleAuthority::from_pem(text).unwrap();
    let chain = authority
        .sign(&proven(&KeyPair::generate().unwrap()), at(0))
        .unwrap();
    part(&chain, 0)
}

#[test]
fn addresses_are_read_back_as_they_were_given() {
    let place = Place::new();
    let given = ["192.168.1.10", "fd00::10", "2001:db8::1", "10.0.0.7"];
    let mut desk = place.desk();
    let first = told(desk.answer(ask_console(Some(NAME), &given, Rename::Refused), at(0)));
    drop(desk);
    let mut desk = place.desk();
    let again = told(desk.answer(ask_console(Some(NAME), &given, Rename::Refused), at(1)));
    assert_eq!(again, first);
    let other: IpAddr = "fd00::11".parse().unwrap();
    let asked = ask_console(Some(NAME), &[&other.to_string()], Rename::Refused);
    assert_eq!(why(desk.answer(asked, at(1))), Refusal::OtherName);
}
