//! What stands in a certificate or a request, read with x509-parser; what people compare of it.

use std::{fmt, net::IpAddr};

use data_encoding::HEXUPPER;
use hygie_model::Wall;
use rcgen::{
    PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PublicKeyData,
    SubjectPublicKeyInfo,
};
use ring::digest;
use rustls::pki_types::{CertificateDer, CertificateSigningRequestDer, pem::PemObject};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use x509_parser::{
    certificate::X509Certificate,
    certification_request::X509CertificationRequest,
    extensions::{GeneralName, GeneralSubtree, NameConstraints},
    prelude::FromDer,
};

use super::{
    ca::CaError,
    names::{Allowed, ConsoleName, LOCALHOST},
};

/// SHA-256 of a certificate, as browsers and `openssl x509 -fingerprint -sha256` show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 32]);

/// A key that somebody proved to hold; all else in his request is ignored.
#[derive(Clone, Debug)]
pub(super) struct ProvenKey(SubjectPublicKeyInfo);

/// Who may have which kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// Browsers read no Ed25519.
    Server,
    /// Devices sign reports with Ed25519.
    Device,
}

/// Why a request for a certificate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RequestError {
    /// Longer than any honest one.
    #[error("it is too long")]
    TooLong,
    /// Not the text of a request, or something behind it.
    #[error("it cannot be read")]
    Unreadable,
    /// The sender does not hold the key.
    #[error("its signature is wrong")]
    Signature,
    /// A kind of key that is not signed.
    #[error("its key is of another kind")]
    Key,
}

/// What Hygie needs to know of a certificate of its own.
#[derive(Debug)]
pub(super) struct Facts {
    /// The bytes of its public key alone.
    pub(super) public_key: Vec<u8>,
    /// Seconds since 1970.
    pub(super) from: i64,
    /// The last second.
    pub(super) until: i64,
    /// May sign others.
    pub(super) authority: bool,
    /// What it permits, if it is the console's authority.
    pub(super) allowed: Option<Allowed>,
    /// Vouches for no name and no address, as the devices' authority does.
    pub(super) nameless: bool,
}

/// Says whether a third of its life, or less, is left to a certificate, or none at all.
///
/// # Errors
/// It is not a certificate.
pub fn renew_due(certificate: &CertificateDer<'_>, now: Wall) -> Result<bool, CaError> {
    let facts = Facts::of(certificate)?;
    let now = seconds(now);
    let left = facts.until.saturating_sub(now);
    let life = facts.until.saturating_sub(facts.from);
    // One that is not valid yet was made by a clock that went wrong.
    Ok(now < facts.from || left.saturating_mul(3) <= life)
}

/// The device that a certificate of the devices' authority names. Whoever asks has verified it before.
#[must_use]
pub fn device_of(certificate: &CertificateDer<'_>) -> Option<Uuid> {
    let (_, read) = X509Certificate::from_der(certificate).ok()?;
    let mut names = read.subject().iter_attributes();
    let (only, None) = (names.next()?, names.next()) else {
        return None;
    };
    let name = only.as_str().ok()?;
    let device = Uuid::try_parse(name).ok()?;
    // One way to write it: what is compared as a text elsewhere is the same device.
    (device.hyphenated().to_string() == name).then_some(device)
}

/// Whole seconds since 1970.
pub(super) fn seconds(at: Wall) -> i64 {
    at.0.div_euclid(1_000_000_000)
}

impl Fingerprint {
    /// Of a certificate.
    #[must_use]
    pub fn of(certificate: &CertificateDer<'_>) -> Self {
        let digest = digest::digest(&digest::SHA256, certificate);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Self(bytes)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|byte| HEXUPPER.encode(&[*byte]))
            .collect();
        out.write_str(&pairs.join(":"))
    }
}

impl From<Fingerprint> for String {
    fn from(print: Fingerprint) -> Self {
        print.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = HEXUPPER
            .decode(text.replace(':', "").as_bytes())
            .map_err(|_| "not hexadecimal")?;
        let print = Self(bytes.try_into().map_err(|_| "not 32 bytes")?);
        (print.to_string() == text)
            .then_some(print)
            .ok_or("not written in pairs")
    }
}

impl ProvenKey {
    /// Takes the key out of a request (PEM), once its signature proved that the sender holds it.
    pub(super) fn read(request: &str, holder: Holder) -> Result<Self, RequestError> {
        if request.len() > LONGEST_REQUEST {
            return Err(RequestError::TooLong);
        }
        let der = CertificateSigningRequestDer::from_pem_slice(request.as_bytes())
            .map_err(|_| RequestError::Unreadable)?;
        let (rest, read) =
            X509CertificationRequest::from_der(&der).map_err(|_| RequestError::Unreadable)?;
        if !rest.is_empty() {
            return Err(RequestError::Unreadable);
        }
        read.verify_signature()
            .map_err(|_| RequestError::Signature)?;
        let key = SubjectPublicKeyInfo::from_der(read.certification_request_info.subject_pki.raw)
            .map_err(|_| RequestError::Key)?;
        let kind = key.algorithm();
        // The length too: the signature may have been of another kind than the key says.
        let length = if kind == &PKCS_ECDSA_P256_SHA256 {
            65
        } else if kind == &PKCS_ECDSA_P384_SHA384 {
            97
        } else if kind == &PKCS_ED25519 && holder == Holder::Device {
            32
        } else {
            return Err(RequestError::Key);
        };
        if key.der_bytes().len() == length {
            Ok(Self(key))
        } else {
            Err(RequestError::Key)
        }
    }
}

impl PublicKeyData for ProvenKey {
    fn der_bytes(&self) -> &[u8] {
        self.0.der_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.0.algorithm()
    }
}

impl Facts {
    /// Reads a certificate.
    pub(super) fn of(certificate: &CertificateDer<'_>) -> Result<Self, CaError> {
        let (rest, read) =
            X509Certificate::from_der(certificate).map_err(|_| CaError::Certificate)?;
        if !rest.is_empty() {
            return Err(CaError::Certificate);
        }
        let basics = read.basic_constraints().map_err(|_| CaError::Certificate)?;
        let names = read.name_constraints().map_err(|_| CaError::Certificate)?;
        let names = names.map(|found| found.value);
        Ok(Self {
            public_key: read.public_key().subject_public_key.data.to_vec(),
            from: read.validity().not_before.timestamp(),
            until: read.validity().not_after.timestamp(),
            authority: basics.is_some_and(|found| found.value.ca),
            allowed: names.and_then(permitted),
            nameless: names.is_some_and(nothing),
        })
    }
}

/// Reads back what [`Allowed`] became in the authority's certificate.
fn permitted(names: &NameConstraints<'_>) -> Option<Allowed> {
    let mut chosen = None;
    let mut localhost = false;
    let mut addresses = Vec::new();
    for GeneralSubtree { base } in names.permitted_subtrees.as_ref()? {
        if let GeneralName::IPAddress(subnet) = base {
            addresses.push(single(subnet)?);
        } else if *base == GeneralName::DNSName(LOCALHOST) {
            localhost = true;
        } else if let GeneralName::DNSName(name) = base
            && chosen.is_none()
        {
            chosen = Some(ConsoleName::new(name).ok()?);
        } else {
            return None;
        }
    }
    let count = addresses.len();
    // This computer's own addresses are put in by `Allowed`, and do not count.
    addresses.retain(|address| !address.is_loopback());
    let allowed = Allowed::new(chosen, &addresses).ok()?;
    (localhost && allowed.addresses().len() == count).then_some(allowed)
}

/// An address whose mask covers all of it.
fn single(subnet: &[u8]) -> Option<IpAddr> {
    let (address, mask) = subnet.split_at_checked(subnet.len() / 2)?;
    if mask.iter().any(|byte| *byte != u8::MAX) {
        return None;
    }
    if let Ok(octets) = <[u8; 4]>::try_from(address) {
        return Some(octets.into());
    }
    <[u8; 16]>::try_from(address).ok().map(IpAddr::from)
}

/// All names and both kinds of addresses are taken out.
fn nothing(names: &NameConstraints<'_>) -> bool {
    let Some(excluded) = &names.excluded_subtrees else {
        return false;
    };
    let has = |wanted: &GeneralName<'_>| excluded.iter().any(|subtree| subtree.base == *wanted);
    has(&GeneralName::DNSName(""))
        && has(&GeneralName::IPAddress(&[0; 8]))
        && has(&GeneralName::IPAddress(&[0; 32]))
}

/// A P-384 request with a long subject is a quarter of it.
const LONGEST_REQUEST: usize = 8 * 1024;
