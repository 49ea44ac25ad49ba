//! Chains, judged by rustls's verifier and by openssl: two opinions that share no code.

use std::{fs, net::IpAddr, os::unix::net::UnixStream, sync::Arc, time::Duration};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, RootCertStore, ServerConnection,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{super::*, *};
use crate::authority::{certificate::Facts, register::Serial};

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

fn roots(authority: &str) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add(der(authority)).unwrap();
    Arc::new(roots)
}

/// What rustls says of a server so many seconds after the start.
#[expect(clippy::unwrap_in_result, reason = "a helper of tests")]
fn judge(authority: &str, server: &str, name: &str, after: i64) -> Result<(), rustls::Error> {
    let provider = Arc::new(default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(roots(authority), provider)
        .build()
        .unwrap();
    let time = Duration::from_secs(u64::try_from(START + after).unwrap());
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let time = UnixTime::since_unix_epoch(time);
    verifier
        .verify_server_cert(&der(server), &[], &name, &[], time)
        .map(|_| ())
}

fn openssl_agrees(authority: &str, leaf: &str, after: i64, more: &[&str]) -> (bool, String) {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("ca.pem"), authority).unwrap();
    fs::write(place.path().join("leaf.pem"), leaf).unwrap();
    let time = (START + after).to_string();
    let mut arguments = vec!["verify", "-x509_strict", "-attime", &time];
    arguments.extend(["-no-CApath", "-CAfile", "ca.pem"]);
    arguments.extend(more);
    arguments.push("leaf.pem");
    openssl(place.path(), &arguments)
}

/// What somebody could sign who stole the authority's key.
fn stolen(text: &str) -> Issuer<'static, KeyPair> {
    let key = KeyPair::from_pem(&part(text, 0)).unwrap();
    Issuer::from_ca_cert_pem(&part(text, 1), key).unwrap()
}

/// A leaf for a server of this name, by that thief.
fn forged(text: &str, name: &str) -> String {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "forged");
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let pair = KeyPair::generate().unwrap();
    params.signed_by(&pair, &stolen(text)).unwrap().pem()
}

#[test]
fn the_consoles_chain_is_good_for_its_names_and_no_other() {
    let console = console(at(0));
    let chain = console
        .sign(&proven(&KeyPair::generate().unwrap()), at(0))
        .unwrap();
    let (server, authority) = (part(&chain, 0), console.certificate_pem());
    assert_eq!(der(&part(&chain, 1)), der(&authority));
    for name in [NAME, "HYGIE.local", "localhost", LAN, "127.0.0.1", "::1"] {
        judge(&authority, &server, name, 1).unwrap();
        let asked = if name.parse::<IpAddr>().is_ok() {
            "-verify_ip"
        } else {
            "-verify_hostname"
        };
        let (agreed, said) = openssl_agrees(
            &authority,
            &server,
            1,
            &["-purpose", "sslserver", asked, name],
        );
        assert!(agreed, "{name}: {said}");
    }
    for name in [
        "other.local",
        "a.hygie.local",
        "bank.example",
        "192.168.1.11",
        "8.8.8.8",
    ] {
        assert!(judge(&authority, &server, name, 1).is_err(), "{name}");
    }
    let (agreed, said) = openssl_agrees(
        &authority,
        &server,
        1,
        &["-verify_hostname", "bank.example"],
    );
    assert!(!agreed, "{said}");
    // A server is no device.
    let (agreed, said) = openssl_agrees(&authority, &server, 1, &["-purpose", "sslclient"]);
    assert!(!agreed, "{said}");
}

#[test]
fn a_stolen_key_of_the_console_speaks_for_nothing_else() {
    let text = console(at(0)).to_pem();
    let authority = part(&text, 1);
    for good in [NAME, LAN, "127.0.0.1", "localhost"] {
        judge(&authority, &forged(&text, good), good, 1).unwrap();
    }
    for bad in [
        "bank.example",
        "local",
        "xhygie.local",
        "192.168.1.11",
        "8.8.8.8",
        "2001:db8::1",
    ] {
        let leaf = forged(&text, bad);
        let judged = format!("{:?}", judge(&authority, &leaf, bad, 1));
        assert!(
            judged.contains("NameConstraintViolation"),
            "{bad}: {judged}"
        );
        let (agreed, said) = openssl_agrees(&authority, &leaf, 1, &[]);
        assert!(
            !agreed && said.contains("permitted subtree"),
            "{bad}: {said}"
        );
    }
    // No authority below it either.
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.use_authority_key_identifier_extension = true;
    let pair = KeyPair::generate().unwrap();
    let below = params.signed_by(&pair, &stolen(&text)).unwrap().pem();
    let both = [pair.serialize_pem(), below.clone()].concat();
    let leaf = forged(&both, NAME);
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("below.pem"), &below).unwrap();
    let below = place.path().join("below.pem");
    let (agreed, said) = openssl_agrees(
        &authority,
        &leaf,
        1,
        &["-untrusted", below.to_str().unwrap()],
    );
    assert!(!agreed && said.contains("path length"), "{said}");
}

#[test]
fn lives_are_as_long_as_they_should_be() {
    let console = console(at(0));
    let authority = console.certificate_pem();
    let pair = KeyPair::generate().unwrap();
    let server = part(&console.sign(&proven(&pair), at(0)).unwrap(), 0);
    let devices = devices(at(0));
    let signed = devices.sign(&proven(&pair), device(), at(0)).unwrap();
    for (pem, days) in [
        (&authority, 3652),
        (&server, 397),
        (&part(&signed.pem, 0), 90),
    ] {
        let facts = Facts::of(&der(pem)).unwrap();
        assert_eq!(facts.from, START - 600);
        // Both ends count.
        assert_eq!(facts.until - facts.from + 1, days * DAY);
    }
    for (after, good) in [
        (-601, false),
        (-600, true),
        (397 * DAY - 601, true),
        (397 * DAY - 600, false),
    ] {
        let judged = judge(&authority, &server, NAME, after);
        assert_eq!(judged.is_ok(), good, "{after}: {judged:?}");
        // openssl counts the last second as over.
        if after != 397 * DAY - 601 {
            let (agreed, said) = openssl_agrees(&authority, &server, after, &[]);
            assert_eq!(agreed, good, "{after}: {said}");
        }
    }
}

#[test]
fn nothing_outlives_its_authority() {
    let console = console(at(0));
    let key = proven(&KeyPair::generate().unwrap());
    let late = at(3600 * DAY);
    let chain = console.sign(&key, late).unwrap();
    let (own, authority) = (der(&part(&chain, 0)), der(&part(&chain, 1)));
    assert_eq!(
        Facts::of(&own).unwrap().until,
        Facts::of(&authority).unwrap().until
    );
    for over in [console.until(), at(3653 * DAY)] {
        assert!(matches!(console.sign(&key, over), Err(CaError::Expired)));
    }
    let devices = devices(at(0));
    let over = devices.until();
    assert!(matches!(
        devices.sign(&key, device(), over),
        Err(CaError::Expired)
    ));
    assert!(matches!(
        devices.revocations(&[], over),
        Err(CaError::Expired)
    ));
}

#[test]
fn a_clock_that_cannot_be_right_signs_nothing() {
    for now in [
        Wall(0),
        Wall(i64::MIN),
        Wall(-1),
        Wall(1_767_225_599_999_999_999),
        Wall(7_258_118_400_000_000_000),
        Wall(i64::MAX),
    ] {
        assert!(matches!(DeviceAuthority::make(now), Err(CaError::Clock(_))));
    }
    for now in [
        Wall(1_767_225_600_000_000_000),
        Wall(7_258_118_399_999_999_999),
    ] {
        assert!(DeviceAuthority::make(now).is_ok());
    }
}

#[test]
fn every_certificate_has_a_number_of_its_own() {
    let devices = devices(at(0));
    let key = proven(&KeyPair::generate().unwrap());
    let mut seen = std::collections::HashSet::new();
    for _ in 0..50 {
        let signed = devices.sign(&key, device(), at(0)).unwrap();
        let own = der(&part(&signed.pem, 0));
        let (_, read) = X509Certificate::from_der(&own).unwrap();
        assert_eq!(read.raw_serial(), signed.serial.0);
        assert!(seen.insert(signed.serial.0));
    }
}

#[test]
fn what_is_kept_is_taken_up_again() {
    let console = console(at(0));
    let again = ConsoleAuthority::from_pem(&console.to_pem()).unwrap();
    assert_eq!(again.allowed(), &allowed());
    assert_eq!(again.fingerprint(), console.fingerprint());
    assert_eq!(again.until(), console.until());
    let key = proven(&KeyPair::generate().unwrap());
    let chain = again.sign(&key, at(1)).unwrap();
    judge(&console.certificate_pem(), &part(&chain, 0), NAME, 2).unwrap();
    let (agreed, said) = openssl_agrees(&console.certificate_pem(), &part(&chain, 0), 2, &[]);
    assert!(agreed, "{said}");

    let bare = ConsoleAuthority::make(None, Allowed::new(None, &[]).unwrap(), at(0)).unwrap();
    let again = ConsoleAuthority::from_pem(&bare.to_pem()).unwrap();
    assert_eq!(again.allowed(), bare.allowed());

    let devices = devices(at(0));
    let again = DeviceAuthority::from_pem(&devices.to_pem()).unwrap();
    assert_eq!(again.fingerprint(), devices.fingerprint());
}

#[test]
fn the_fingerprint_is_the_one_that_openssl_shows() {
    let console = console(at(0));
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("ca.pem"), console.certificate_pem()).unwrap();
    let asked = ["x509", "-in", "ca.pem", "-noout", "-fingerprint", "-sha256"];
    let (_, said) = openssl(place.path(), &asked);
    assert_eq!(
        said.trim().split_once('=').unwrap().1,
        console.fingerprint().to_string()
    );
    let (_, said) = openssl(
        place.path(),
        &[
            "x509",
            "-in",
            "ca.pem",
            "-noout",
            "-subject",
            "-nameopt",
            "utf8,RFC2253",
            "-ext",
            "nameConstraints,keyUsage,basicConstraints,extendedKeyUsage",
        ],
    );
    for part in [
        "CN=Hygie\\, cabinet Dr Durand",
        "CA:TRUE, pathlen:0",
        "Certificate Sign, CRL Sign",
        "TLS Web Server Authentication",
        "DNS:hygie.local",
        "DNS:localhost",
        "IP:192.168.1.10/255.255.255.255",
        "IP:127.0.0.1/255.255.255.255",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(said.matches("critical").count(), 3, "{said}");
}

#[test]
fn a_device_is_known_by_its_certificate_until_it_is_revoked() {
    let devices = devices(at(0));
    let key = proven(&KeyPair::generate().unwrap());
    let kept = devices.sign(&key, device(), at(0)).unwrap();
    let gone = devices.sign(&key, Uuid::from_u128(8), at(0)).unwrap();
    let authority = devices.certificate_pem();
    let list = devices
        .revocations(&[(gone.serial.clone(), at(1))], at(2))
        .unwrap();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("list.pem");
    fs::write(&file, &list).unwrap();
    let more = [
        "-purpose",
        "sslclient",
        "-crl_check",
        "-CRLfile",
        file.to_str().unwrap(),
    ];
    let (agreed, said) = openssl_agrees(&authority, &part(&kept.pem, 0), 3, &more);
    assert!(agreed, "{said}");
    let (agreed, said) = openssl_agrees(&authority, &part(&gone.pem, 0), 3, &more);
    assert!(!agreed && said.contains("revoked"), "{said}");
    // The list is over after a week, and a device is no server.
    let (agreed, said) = openssl_agrees(&authority, &part(&kept.pem, 0), 8 * DAY, &more);
    assert!(!agreed && said.contains("CRL has expired"), "{said}");
    let (agreed, said) = openssl_agrees(
        &authority,
        &part(&kept.pem, 0),
        3,
        &["-purpose", "sslserver"],
    );
    assert!(!agreed, "{said}");

    let verifier = device_verifier(&authority, &list).unwrap();
    let judged = |chain: &str, after: i64| {
        let time = Duration::from_secs(u64::try_from(START + after).unwrap());
        let time = UnixTime::since_unix_epoch(time);
        verifier
            .verify_client_cert(&der(&part(chain, 0)), &[], time)
            .map(|_| ())
    };
    judged(&kept.pem, 3).unwrap();
    assert_eq!(judged(&gone.pem, 3), Err(CertificateError::Revoked.into()));
    assert!(judged(&kept.pem, 8 * DAY).is_err(), "the list is too old");
    assert_eq!(device_of(&der(&part(&kept.pem, 0))), Some(device()));
    let other = super::devices(at(0));
    let stranger = other.sign(&key, device(), at(0)).unwrap();
    assert!(judged(&stranger.pem, 3).is_err());
    // Those who know nobody's list let nobody in.
    assert!(device_verifier(&authority, "").is_err());
    assert!(device_verifier("", &list).is_err());
}

#[test]
fn the_devices_authority_vouches_for_no_name() {
    let text = devices(at(0)).to_pem();
    let authority = part(&text, 1);
    for name in [NAME, "bank.example", LAN, "2001:db8::1"] {
        let leaf = forged(&text, name);
        assert!(judge(&authority, &leaf, name, 1).is_err(), "{name}");
        let (agreed, said) = openssl_agrees(&authority, &leaf, 1, &[]);
        assert!(
            !agreed && said.contains("excluded subtree"),
            "{name}: {said}"
        );
    }
}

#[test]
fn only_one_name_written_in_one_way_is_a_device() {
    let issuer = devices(at(0)).to_pem();
    let pair = KeyPair::generate().unwrap();
    let with = |names: &[(DnType, &str)]| {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        for (kind, name) in names {
            params.distinguished_name.push(kind.clone(), *name);
        }
        let signed = params.signed_by(&pair, &stolen(&issuer)).unwrap();
        device_of(signed.der())
    };
    let own = device().to_string();
    let cn = DnType::CommonName;
    assert_eq!(with(&[(cn.clone(), &own)]), Some(device()));
    let shouted = own.to_uppercase();
    let simple = device().simple().to_string();
    for names in [
        vec![],
        vec![(cn.clone(), "")],
        vec![(cn.clone(), "hygie.local")],
        vec![(cn.clone(), shouted.as_str())],
        vec![(cn.clone(), simple.as_str())],
        vec![(cn, own.as_str()), (DnType::OrganizationName, "x")],
    ] {
        assert_eq!(with(&names), None, "{names:?}");
    }
    assert_eq!(device_of(&CertificateDer::from(vec![0x30, 0x00])), None);
}

#[test]
fn a_server_is_renewed_in_the_last_third_of_its_life() {
    let console = console(at(0));
    let chain = console
        .sign(&proven(&KeyPair::generate().unwrap()), at(0))
        .unwrap();
    let own = der(&part(&chain, 0));
    for (after, due) in [
        (0, false),
        (264 * DAY, false),
        (265 * DAY, true),
        (397 * DAY, true),
        (500 * DAY, true),
        (-601, true),
    ] {
        assert_eq!(renew_due(&own, at(after)).unwrap(), due, "{after}");
    }
    let nothing = CertificateDer::from(b"nothing".to_vec());
    assert!(renew_due(&nothing, at(0)).is_err());
}

#[test]
fn rustls_shakes_hands_with_both_sides() {
    // By the machine's clock: this is what runs.
    let now = hygie_platform::clock::wall();
    let (console, devices) = (console(now), devices(now));
    let (own, pair) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let chain = console.sign(&proven(&own), now).unwrap();
    let device_chain = devices.sign(&proven(&pair), device(), now).unwrap();
    let hand = |name: &str, revoked: &[(Serial, Wall)]| {
        let list = devices.revocations(revoked, now).unwrap();
        let verifier = device_verifier(&devices.certificate_pem(), &list).unwrap();
        let key = PrivateKeyDer::try_from(own.serialize_der()).unwrap();
        let chain = pem::parse_many(&chain).unwrap();
        let chain = chain.iter().map(|one| one.contents().to_vec().into());
        let server = rustls::ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain.collect(), key)
            .unwrap();
        let client = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots(&console.certificate_pem()))
            .with_client_auth_cert(
                vec![der(&part(&device_chain.pem, 0))],
                PrivateKeyDer::try_from(pair.serialize_der()).unwrap(),
            )
            .unwrap();
        let (mut near, mut far) = UnixStream::pair().unwrap();
        let served = std::thread::spawn(move || {
            let mut tls = ServerConnection::new(Arc::new(server)).unwrap();
            while tls.is_handshaking() {
                tls.complete_io(&mut far).ok()?;
            }
            let seen = tls.peer_certificates()?.first()?.clone();
            device_of(&seen)
        });
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let mut tls = ClientConnection::new(Arc::new(client), name).unwrap();
        while tls.is_handshaking() {
            if tls.complete_io(&mut near).is_err() {
                break;
            }
        }
        // Until the other end has said its last, an alert perhaps, and hung up.
        while tls.complete_io(&mut near).is_ok_and(|(read, _)| read > 0) {}
        served.join().unwrap()
    };
    assert_eq!(hand(NAME, &[]), Some(device()));
    assert_eq!(hand(LAN, &[]), Some(device()));
    assert_eq!(hand("bank.example", &[]), None);
    assert_eq!(hand(NAME, &[(device_chain.serial.clone(), now)]), None);
}
