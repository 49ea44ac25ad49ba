//! What both authorities are inside: a key that signs, its certificate, and a span of time.

use std::{fmt, time::Duration};

use hygie_model::Wall;
use pem::Pem;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
    PublicKeyData, SerialNumber, SigningKey, date_time_ymd,
};
use ring::rand::{SecureRandom, SystemRandom};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, pem::PemObject};
use zeroize::{Zeroize, Zeroizing};

use super::{
    ca::CaError,
    certificate::{Facts, Fingerprint, seconds},
    register::Serial,
};

/// A key that signs, and its certificate.
pub(super) struct Authority {
    pub(super) issuer: Issuer<'static, Secret>,
    pub(super) certificate: CertificateDer<'static>,
    /// Its last second.
    pub(super) until: i64,
}

/// A private key, wiped when it is dropped (as far as the libraries let it).
pub(super) struct Secret(KeyPair);

/// From when to when, in seconds since 1970.
#[derive(Clone, Copy)]
pub(super) struct Life {
    pub(super) from: u64,
    pub(super) until: u64,
}

impl Authority {
    pub(super) fn make(
        name: &str,
        constraints: NameConstraints,
        purpose: ExtendedKeyUsagePurpose,
        now: Wall,
    ) -> Result<Self, CaError> {
        let life = Life::starting(now, AUTHORITY_LIFE)?;
        let key = Secret(KeyPair::generate()?);
        let mut params = dated(CertificateParams::default(), life);
        params.serial_number = Some(Serial::draw()?.number());
        params.distinguished_name = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.extended_key_usages = vec![purpose];
        params.name_constraints = Some(constraints);
        let certificate: Certificate = params.self_signed(&key)?;
        Ok(Self {
            certificate: certificate.into(),
            issuer: Issuer::new(params, key),
            until: life.until.cast_signed(),
        })
    }

    pub(super) fn from_pem(text: &str) -> Result<(Self, Facts), CaError> {
        let key = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()).map_err(|_| CaError::Key)?;
        let key = Secret(KeyPair::try_from(&key).map_err(|_| CaError::Key)?);
        let certificate =
            CertificateDer::from_pem_slice(text.as_bytes()).map_err(|_| CaError::Certificate)?;
        let facts = Facts::of(&certificate)?;
        if !facts.authority {
            return Err(CaError::Certificate);
        }
        if facts.public_key != key.der_bytes() {
            return Err(CaError::Key);
        }
        let authority = Self {
            issuer: Issuer::from_ca_cert_der(&certificate, key)?,
            certificate,
            until: facts.until,
        };
        Ok((authority, facts))
    }

    /// One file holds both, so that a key never lies beside another one's certificate.
    pub(super) fn to_pem(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(self.issuer.key().0.serialize_pem());
        Zeroizing::new([key.as_str(), &self.certificate_pem()].concat())
    }

    pub(super) fn certificate_pem(&self) -> String {
        pem_of(&self.certificate)
    }

    /// A life that begins now and does not outlast the authority's.
    pub(super) fn life_within(&self, now: Wall, longest: Duration) -> Result<Life, CaError> {
        if seconds(now) >= self.until {
            return Err(CaError::Expired);
        }
        let life = Life::starting(now, longest)?;
        let own = self.until.cast_unsigned();
        Ok(Life {
            until: life.until.min(own),
            ..life
        })
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let print = Fingerprint::of(&self.certificate);
        out.debug_struct("Authority")
            .field("fingerprint", &print.to_string())
            .finish_non_exhaustive()
    }
}

impl PublicKeyData for Secret {
    fn der_bytes(&self) -> &[u8] {
        self.0.der_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.0.algorithm()
    }
}

impl SigningKey for Secret {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.0.sign(message)
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Life {
    /// Begins a little earlier: clocks of a practice differ by minutes.
    fn starting(now: Wall, length: Duration) -> Result<Self, CaError> {
        let at = seconds(now);
        if !(EARLIEST..LATEST).contains(&at) {
            return Err(CaError::Clock(now.to_rfc3339()));
        }
        let from = at.cast_unsigned() - EARLIER;
        // The last second counts.
        let until = from + length.as_secs() - 1;
        Ok(Self { from, until })
    }
}

impl Serial {
    /// Draws one that nobody can foretell.
    pub(super) fn draw() -> Result<Self, CaError> {
        let mut bytes = [0; 16];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| CaError::Random)?;
        // Positive, and always as long.
        bytes[0] = bytes[0] & 0x7f | 0x40;
        Ok(Self(bytes))
    }

    pub(super) fn number(&self) -> SerialNumber {
        SerialNumber::from_slice(&self.0)
    }
}

/// The text of a certificate.
pub(super) fn pem_of(certificate: &CertificateDer<'_>) -> String {
    let lines = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_config(&Pem::new("CERTIFICATE", certificate.as_ref()), lines)
}

/// What both kinds of leaves share.
pub(super) fn leaf(life: Life, serial: &Serial) -> CertificateParams {
    let mut params = dated(CertificateParams::default(), life);
    params.serial_number = Some(serial.number());
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    params
}

fn dated(mut params: CertificateParams, life: Life) -> CertificateParams {
    let zero = date_time_ymd(1970, 1, 1);
    params.not_before = zero + Duration::from_secs(life.from);
    params.not_after = zero + Duration::from_secs(life.until);
    params
}

pub(super) fn named(name: &str) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    subject
}

pub(super) fn since_1970(at: Wall) -> Duration {
    Duration::from_secs(u64::try_from(seconds(at)).unwrap_or(0))
}

pub(super) fn wall(seconds: i64) -> Wall {
    Wall(seconds.saturating_mul(1_000_000_000))
}

pub(super) const DAY: u64 = 24 * 60 * 60;
const AUTHORITY_LIFE: Duration = Duration::from_secs(3652 * DAY);
const EARLIER: u64 = 10 * 60;
/// 2026-01-01: before this was written.
const EARLIEST: i64 = 1_767_225_600;
/// 2200-01-01: ten years later a [`Wall`] still holds it.
const LATEST: i64 = 7_258_118_400;
