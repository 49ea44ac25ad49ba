//! Two authorities, apart: the console's signs servers, the devices' signs devices, and neither can do the other's.

use std::time::Duration;

use hygie_model::Wall;
use rcgen::{
    CertificateRevocationListParams, CidrSubnet, ExtendedKeyUsagePurpose, GeneralSubtree,
    KeyIdMethod, NameConstraints, RevocationReason, RevokedCertParams, SanType, SerialNumber,
    date_time_ymd,
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    certificate::{Fingerprint, ProvenKey},
    issuer::{Authority, DAY, leaf, named, since_1970, wall},
    names::{Allowed, PracticeLabel},
    register::Serial,
};

/// Signs servers that carry the names of one practice's console.
#[derive(Debug)]
pub(super) struct ConsoleAuthority {
    authority: Authority,
    allowed: Allowed,
}

/// Signs devices, and says which it no longer knows.
#[derive(Debug)]
pub(super) struct DeviceAuthority(Authority);

/// A certificate of a device, and what the register needs to know of it.
#[derive(Debug)]
pub(super) struct DeviceCertificate {
    pub(super) pem: String,
    pub(super) serial: Serial,
    /// The end of its life.
    pub(super) until: Wall,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// A key or a certificate could not be made.
    #[error("no key or certificate could be made: {0}")]
    Library(#[from] rcgen::Error),
    /// Something else stands where a certificate should.
    #[error("this is not a certificate that Hygie made")]
    Certificate,
    /// Something else stands where a key should, or a key of another certificate.
    #[error("the key cannot be read, or is not the certificate's")]
    Key,
    /// The system has no randomness.
    #[error("the system gave no random bytes")]
    Random,
    /// A certificate made now would be valid at no time that counts.
    #[error("the clock says {0}, which cannot be: set it, then try again")]
    Clock(String),
    /// The authority's own time is over.
    #[error("the authority's ten years are over: a fresh one is needed")]
    Expired,
}

impl ConsoleAuthority {
    /// Makes a fresh one.
    pub(super) fn make(
        practice: Option<&PracticeLabel>,
        allowed: Allowed,
        now: Wall,
    ) -> Result<Self, CaError> {
        let name = practice.map_or_else(
            || PRODUCT.to_owned(),
            |practice| format!("{PRODUCT}, cabinet {}", practice.as_str()),
        );
        let names = allowed
            .dns_names()
            .map(|name| GeneralSubtree::DnsName(name.to_owned()));
        let addresses = allowed.addresses().iter().map(|address| {
            let whole = if address.is_ipv4() { 32 } else { 128 };
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, whole))
        });
        let constraints = NameConstraints {
            permitted_subtrees: names.chain(addresses).collect(),
            excluded_subtrees: Vec::new(),
        };
        let purpose = ExtendedKeyUsagePurpose::ServerAuth;
        let authority = Authority::make(&name, constraints, purpose, now)?;
        Ok(Self { authority, allowed })
    }

    /// Takes up the one that was kept.
    pub(super) fn from_pem(text: &str) -> Result<Self, CaError> {
        let (authority, facts) = Authority::from_pem(text)?;
        let allowed = facts.allowed.ok_or(CaError::Certificate)?;
        Ok(Self { authority, allowed })
    }

    /// What it may speak for.
    pub(super) fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    /// Signs a server that carries all names and addresses of this console, and no other.
    /// Returns its certificate and the authority's, in PEM.
    pub(super) fn sign(&self, key: &ProvenKey, now: Wall) -> Result<String, CaError> {
        let life = self.authority.life_within(now, SERVER_LIFE)?;
        let mut params = leaf(life, &Serial::draw()?);
        let first = self.allowed.dns_names().next().unwrap_or(PRODUCT);
        params.distinguished_name = named(first);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        for name in self.allowed.dns_names() {
            let name = name.try_into()?;
            params.subject_alt_names.push(SanType::DnsName(name));
        }
        let addresses = self.allowed.addresses().iter();
        params
            .subject_alt_names
            .extend(addresses.map(|address| SanType::IpAddress(*address)));
        let signed = params.signed_by(key, &self.authority.issuer)?;
        Ok(signed.pem() + &self.certificate_pem())
    }

    /// The text to keep.
    pub(super) fn to_pem(&self) -> Zeroizing<String> {
        self.authority.to_pem()
    }

    /// Its certificate, which people's browsers are told to trust.
    pub(super) fn certificate_pem(&self) -> String {
        self.authority.certificate_pem()
    }

    /// What people compare.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.authority.certificate)
    }

    /// The end of its life.
    pub(super) fn until(&self) -> Wall {
        wall(self.authority.until)
    }
}

impl DeviceAuthority {
    /// Makes a fresh one. It vouches for no name: a browser that trusted it would trust no page more.
    pub(super) fn make(now: Wall) -> Result<Self, CaError> {
        let constraints = NameConstraints {
            permitted_subtrees: Vec::new(),
            excluded_subtrees: vec![
                GeneralSubtree::DnsName(String::new()),
                GeneralSubtree::IpAddress(CidrSubnet::V4([0; 4], [0; 4])),
                GeneralSubtree::IpAddress(CidrSubnet::V6([0; 16], [0; 16])),
            ],
        };
        let name = format!("{PRODUCT}, postes");
        let purpose = ExtendedKeyUsagePurpose::ClientAuth;
        Authority::make(&name, constraints, purpose, now).map(Self)
    }

    /// Takes up the one that was kept.
    pub(super) fn from_pem(text: &str) -> Result<Self, CaError> {
        let (authority, facts) = Authority::from_pem(text)?;
        if facts.nameless {
            Ok(Self(authority))
        } else {
            Err(CaError::Certificate)
        }
    }

    /// Signs a device.
    pub(super) fn sign(
        &self,
        key: &ProvenKey,
        device: Uuid,
        now: Wall,
    ) -> Result<DeviceCertificate, CaError> {
        let life = self.0.life_within(now, DEVICE_LIFE)?;
        let serial = Serial::draw()?;
        let mut params = leaf(life, &serial);
        params.distinguished_name = named(&device.hyphenated().to_string());
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let signed = params.signed_by(key, &self.0.issuer)?;
        Ok(DeviceCertificate {
            pem: signed.pem() + &self.certificate_pem(),
            serial,
            until: wall(life.until.cast_signed()),
        })
    }

    /// The list of the certificates that count no longer, in PEM.
    pub(super) fn revocations(
        &self,
        revoked: &[(Serial, Wall)],
        now: Wall,
    ) -> Result<String, CaError> {
        let life = self.0.life_within(now, LIST_LIFE)?;
        let zero = date_time_ymd(1970, 1, 1);
        let revoked_certs = revoked.iter().map(|(serial, at)| RevokedCertParams {
            serial_number: serial.number(),
            revocation_time: zero + since_1970(*at),
            reason_code: Some(RevocationReason::CessationOfOperation),
            invalidity_date: None,
        });
        let list = CertificateRevocationListParams {
            this_update: zero + Duration::from_secs(life.from),
            next_update: zero + Duration::from_secs(life.until),
            // Grows with the clock, without a count to keep.
            crl_number: SerialNumber::from(now.0.cast_unsigned()),
            issuing_distribution_point: None,
            revoked_certs: revoked_certs.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(list.signed_by(&self.0.issuer)?.pem()?)
    }

    /// The text to keep.
    pub(super) fn to_pem(&self) -> Zeroizing<String> {
        self.0.to_pem()
    }

    /// Its certificate, which the hub knows devices by.
    pub(super) fn certificate_pem(&self) -> String {
        self.0.certificate_pem()
    }

    /// What an enrolment code carries.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.0.certificate)
    }

    /// The end of its life.
    pub(super) fn until(&self) -> Wall {
        wall(self.0.until)
    }
}

/// The first word of every authority's name, whoever asked for it.
const PRODUCT: &str = "Hygie";
/// What browsers accept of public authorities; some hold private ones to it.
const SERVER_LIFE: Duration = Duration::from_secs(397 * DAY);
const DEVICE_LIFE: Duration = Duration::from_secs(90 * DAY);
const LIST_LIFE: Duration = Duration::from_secs(7 * DAY);
