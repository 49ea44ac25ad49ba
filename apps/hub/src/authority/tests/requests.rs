//! Requests of people who mean no good: what is signed is a proven key, and nothing else of theirs.

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
    PublicKeyData,
};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::*;
use crate::authority::certificate::RequestError;

#[test]
fn what_a_request_asks_for_is_ignored() {
    let mut params = CertificateParams::new(vec![
        "bank.example".to_owned(),
        "*.example".to_owned(),
        "8.8.8.8".to_owned(),
    ])
    .unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "bank.example");
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Bank");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any];
    let extension = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![0x05, 0x00]);
    params.custom_extensions = vec![extension];
    let pair = KeyPair::generate().unwrap();
    let greedy = params.serialize_request(&pair).unwrap().pem().unwrap();

    let key = ProvenKey::read(&greedy, Holder::Server).unwrap();
    let chain = console(at(0)).sign(&key, at(0)).unwrap();
    let own = pem::parse_many(&chain).unwrap().swap_remove(0);
    let (_, read) = X509Certificate::from_der(own.contents()).unwrap();
    assert_eq!(
        read.public_key().subject_public_key.data,
        pair.public_key_raw()
    );
    assert_eq!(read.subject().to_string(), "CN=hygie.local");
    let basics = read.basic_constraints().unwrap().unwrap();
    assert!(!basics.value.ca);
    let usage = read.key_usage().unwrap().unwrap().value;
    assert!(usage.digital_signature() && !usage.key_cert_sign());
    let purposes = read.extended_key_usage().unwrap().unwrap().value;
    assert!(purposes.server_auth && !purposes.any && !purposes.client_auth);
    let names = &read
        .subject_alternative_name()
        .unwrap()
        .unwrap()
        .value
        .general_names;
    let dns: Vec<_> = names
        .iter()
        .filter_map(|name| {
            let GeneralName::DNSName(name) = name else {
                return None;
            };
            Some(*name)
        })
        .collect();
    assert_eq!(dns, [NAME, "localhost"]);
    assert_eq!(names.len(), 2 + allowed().addresses().len());
    // Its names, its uses, its constraints and its keys' numbers; nothing that was asked for.
    assert_eq!(read.extensions().len(), 6);

    let key = ProvenKey::read(&greedy, Holder::Device).unwrap();
    let signed = devices(at(0)).sign(&key, device(), at(0)).unwrap();
    let own = pem::parse_many(&signed.pem).unwrap().swap_remove(0);
    let (_, read) = X509Certificate::from_der(own.contents()).unwrap();
    assert_eq!(read.subject().to_string(), format!("CN={}", device()));
    assert!(read.subject_alternative_name().unwrap().is_none());
    let purposes = read.extended_key_usage().unwrap().unwrap().value;
    assert!(purposes.client_auth && !purposes.server_auth && !purposes.any);
}

#[test]
fn keys_that_others_can_verify_are_signed() {
    for (kind, server) in [
        (&PKCS_ECDSA_P256_SHA256, true),
        (&PKCS_ECDSA_P384_SHA384, true),
        (&PKCS_ED25519, false),
    ] {
        let text = request(&KeyPair::generate_for(kind).unwrap());
        assert!(ProvenKey::read(&text, Holder::Device).is_ok());
        assert_eq!(ProvenKey::read(&text, Holder::Server).is_ok(), server);
    }
}

#[test]
fn requests_of_openssl_are_read_and_its_other_kinds_of_keys_refused() {
    let place = tempfile::tempdir().unwrap();
    for (kind, wanted) in [
        (vec!["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], None),
        (vec!["ed25519"], None),
        (vec!["rsa:2048"], Some(RequestError::Key)),
        (
            vec!["ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
            Some(RequestError::Signature),
        ),
        (
            vec!["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
            Some(RequestError::Signature),
        ),
        (vec!["ed448"], Some(RequestError::Signature)),
    ] {
        let mut arguments = vec!["req", "-new", "-nodes", "-subj", "/O=x/CN=y", "-newkey"];
        arguments.extend(&kind);
        arguments.extend(["-keyout", "key.pem", "-out", "csr.pem"]);
        let (made, said) = openssl(place.path(), &arguments);
        assert!(made, "{said}");
        let text = std::fs::read_to_string(place.path().join("csr.pem")).unwrap();
        let read = ProvenKey::read(&text, Holder::Device).map(|_| ());
        assert_eq!(read.err(), wanted, "{kind:?}");
    }
}

#[test]
fn what_is_no_request_is_refused() {
    let pair = KeyPair::generate().unwrap();
    let honest = request(&pair);
    let der = pem::parse(&honest).unwrap().into_contents();
    let written = |tag: &str, bytes: &[u8]| pem::encode(&pem::Pem::new(tag, bytes));
    let behind = [der.as_slice(), b"more"].concat();
    let long = format!("{honest}{}", " ".repeat(8192));
    for (text, why) in [
        (String::new(), RequestError::Unreadable),
        ("no PEM at all".to_owned(), RequestError::Unreadable),
        (
            honest.replace("REQUEST", "QUESTION"),
            RequestError::Unreadable,
        ),
        (
            honest[..honest.len() / 2].to_owned(),
            RequestError::Unreadable,
        ),
        (
            written("CERTIFICATE REQUEST", &behind),
            RequestError::Unreadable,
        ),
        (
            written("CERTIFICATE REQUEST", &[]),
            RequestError::Unreadable,
        ),
        (
            written("CERTIFICATE REQUEST", &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]),
            RequestError::Unreadable,
        ),
        (
            written("CERTIFICATE REQUEST", &[0x30; 4000]),
            RequestError::Unreadable,
        ),
        (console(at(0)).certificate_pem(), RequestError::Unreadable),
        (pair.serialize_pem(), RequestError::Unreadable),
        (long, RequestError::TooLong),
    ] {
        assert_eq!(
            ProvenKey::read(&text, Holder::Device).map(|_| ()),
            Err(why),
            "{text}"
        );
    }
}

#[test]
fn no_changed_byte_and_no_cut_gets_another_key_signed() {
    let pair = KeyPair::generate().unwrap();
    let der = pem::parse(request(&pair)).unwrap().into_contents();
    let read = |bytes: &[u8]| {
        let text = pem::encode(&pem::Pem::new("CERTIFICATE REQUEST", bytes));
        ProvenKey::read(&text, Holder::Device)
    };
    assert!(read(&der).is_ok());
    for place in 0..der.len() {
        assert!(read(&der[..place]).is_err(), "cut at {place}");
        for change in [0x01, 0x80, 0xff] {
            let mut other = der.clone();
            other[place] ^= change;
            // Some bytes around the signature may be written in more than one way; the key may not.
            if let Ok(key) = read(&other) {
                assert_eq!(key.der_bytes(), pair.public_key_raw(), "byte {place}");
            }
        }
    }
}

#[test]
fn a_key_that_the_sender_does_not_hold_is_refused() {
    let (own, others) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let mut der = pem::parse(request(&own)).unwrap().into_contents();
    let key = own.public_key_raw();
    let place = der
        .windows(key.len())
        .position(|window| window == key)
        .unwrap();
    der[place..place + key.len()].copy_from_slice(others.public_key_raw());
    let text = pem::encode(&pem::Pem::new("CERTIFICATE REQUEST", der));
    assert_eq!(
        ProvenKey::read(&text, Holder::Device).map(|_| ()),
        Err(RequestError::Signature)
    );
}

/// Says that its key is of one kind, and signs with another.
struct Mixed {
    pair: KeyPair,
    asked: std::cell::Cell<u32>,
}

impl PublicKeyData for Mixed {
    fn der_bytes(&self) -> &[u8] {
        self.pair.der_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        // rcgen asks for the key's kind first, then for the signature's.
        let first = self.asked.replace(1) == 0;
        if first {
            &PKCS_ECDSA_P256_SHA256
        } else {
            &PKCS_ED25519
        }
    }
}

impl rcgen::SigningKey for Mixed {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.pair.sign(message)
    }
}

#[test]
fn a_key_of_one_kind_under_the_name_of_another_is_refused() {
    let mixed = Mixed {
        pair: KeyPair::generate_for(&PKCS_ED25519).unwrap(),
        asked: std::cell::Cell::new(0),
    };
    let params = CertificateParams::default();
    let text = params.serialize_request(&mixed).unwrap().pem().unwrap();
    for holder in [Holder::Server, Holder::Device] {
        let read = ProvenKey::read(&text, holder).map(|_| ());
        assert_eq!(read, Err(RequestError::Key));
    }
}
