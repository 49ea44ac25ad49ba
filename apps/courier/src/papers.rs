//! What the device shows to its hub, and how that is renewed: a new key is made here, the hub has it signed, and the old
//! certificate is good until the new one was taken. Whatever is killed when, one of the two works.

use std::{path::PathBuf, sync::Arc};

use data_encoding::HEXLOWER;
use hygie_model::Wall;
use hygie_wire::{Host, RENEW, Renew, Renewed};
use rcgen::KeyPair;
use rustls::{
    ClientConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::{
    enrol::request,
    folder::{FolderError, Identity, Which, forget_next, promote},
    link::{Link, LinkError},
    pin,
};

/// Where the hub is, and how it is spoken to.
pub(crate) struct Way {
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) tls: Arc<ClientConfig>,
}

/// The device's identity, and while it is being renewed the next one.
pub(crate) struct Papers {
    dir: PathBuf,
    renew_at: u8,
    present: Identity,
    next: Option<Identity>,
    shows: Which,
}

/// Whether there is another certificate to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    /// It is shown next time.
    Tried,
    /// There is none.
    None,
}

/// Why a device's identity cannot be used or renewed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PapersError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The hub.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// What is in the folder, or came from the hub.
    #[error("the device's key and certificate: {0}; enrol this device again")]
    Identity(String),
}

impl Papers {
    /// Takes up what is in the folder. One that was signed and not yet taken is shown first: the hub may have taken it, and
    /// this device may have been killed before it noted that.
    pub(crate) fn load(dir: PathBuf, renew_at: u8) -> Result<Self, FolderError> {
        let present = Identity::load(&dir, Which::Present)?;
        let next = Identity::load(&dir, Which::Next).ok();
        let next = next.filter(|next| next.device == present.device);
        Ok(Self {
            shows: next.as_ref().map_or(Which::Present, |_| Which::Next),
            dir,
            renew_at,
            present,
            next,
        })
    }

    /// How the hub is spoken to now.
    pub(crate) fn way(&self) -> Result<Way, PapersError> {
        way(match (self.shows, &self.next) {
            (Which::Next, Some(next)) => next,
            (Which::Next | Which::Present, _) => &self.present,
        })
    }

    /// The hub's port: the next identity is of the same hub.
    pub(crate) fn port(&self) -> u16 {
        self.present.port
    }

    /// The hub took what was shown.
    pub(crate) fn taken(&mut self) -> Result<(), FolderError> {
        match (self.shows, &self.next) {
            (_, None) => {}
            (Which::Next, Some(next)) => {
                promote(&self.dir)?;
                self.present.clone_from(next);
            }
            // The hub has never seen the next one, or it would not take this one any more.
            (Which::Present, Some(_)) => forget_next(&self.dir)?,
        }
        (self.next, self.shows) = (None, Which::Present);
        Ok(())
    }

    /// It did not. The other one is not forgotten for that: who refuses may be somebody else.
    pub(crate) fn refused(&mut self) -> Other {
        if self.next.is_none() {
            return Other::None;
        }
        self.shows = match self.shows {
            Which::Present => Which::Next,
            Which::Next => Which::Present,
        };
        Other::Tried
    }

    /// Whether it is time for a new certificate.
    pub(crate) fn is_due(&self, now: Wall) -> bool {
        self.next.is_none()
            && life(&self.present.chain)
                .is_some_and(|life| is_due(life, now.0.div_euclid(1_000_000_000), self.renew_at))
    }

    /// Has a new key signed, and shows it from the next connection on.
    pub(crate) async fn renew(&mut self, link: &Link) -> Result<(), PapersError> {
        let key = |error: rcgen::Error| PapersError::Identity(error.to_string());
        let pair = KeyPair::generate().map_err(key)?;
        let csr = request(&pair).map_err(key)?;
        let Renewed { chain } = link.post(RENEW, &Renew { csr }).await?;
        let next = Identity {
            chain,
            key: pair.serialize_pem(),
            ..self.present.clone()
        };
        // What cannot be shown is not kept.
        way(&next)?;
        next.keep(&self.dir, Which::Next)?;
        (self.next, self.shows) = (Some(next), Which::Next);
        Ok(())
    }
}

fn way(identity: &Identity) -> Result<Way, PapersError> {
    let wrong = |error: &str| PapersError::Identity(error.to_owned());
    let authority = HEXLOWER
        .decode(identity.authority.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| wrong("the authority"))?;
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(identity.chain.as_bytes()).collect();
    let chain = chain.map_err(|error| wrong(&error.to_string()))?;
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes())
        .map_err(|error| wrong(&error.to_string()))?;
    let tls =
        pin::config(authority, Some((chain, key))).map_err(|error| wrong(&error.to_string()))?;
    Ok(Way {
        host: identity.host().ok_or_else(|| wrong("the hub's address"))?,
        port: identity.port,
        tls: Arc::new(tls),
    })
}

/// From when to when the first certificate of a chain is good, in seconds since 1970.
fn life(chain: &str) -> Option<(i64, i64)> {
    let own = CertificateDer::from_pem_slice(chain.as_bytes()).ok()?;
    let (_, read) = X509Certificate::from_der(&own).ok()?;
    let validity = read.validity();
    Some((
        validity.not_before.timestamp(),
        validity.not_after.timestamp(),
    ))
}

/// Whether so many hundredths of a life are over.
fn is_due((from, until): (i64, i64), now: i64, hundredths: u8) -> bool {
    let over = i128::from(now) - i128::from(from);
    over * 100 >= (i128::from(until) - i128::from(from)) * i128::from(hundredths)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, date_time_ymd};
    use uuid::Uuid;

    use super::*;

    fn identity(name: &str) -> Identity {
        let pair = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(2026, 4, 1);
        Identity {
            device: Uuid::from_u128(1),
            name: name.to_owned(),
            host: "::1".to_owned(),
            port: 8444,
            authority: "ab".repeat(32),
            chain: params.self_signed(&pair).unwrap().pem(),
            key: pair.serialize_pem(),
        }
    }

    fn load(dir: &std::path::Path) -> Papers {
        Papers::load(dir.to_owned(), 50).unwrap()
    }

    #[test]
    fn it_is_due_at_half_its_life_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        identity("a").keep(folder.path(), Which::Present).unwrap();
        let papers = load(folder.path());
        // 2026-01-01 and half of 90 days.
        let half = 1_767_225_600 + 45 * 24 * 60 * 60;
        let at = |seconds: i64| Wall(seconds * 1_000_000_000);
        assert!(!papers.is_due(at(half - 1)));
        assert!(papers.is_due(at(half)));
        assert!(papers.is_due(at(i64::MAX / 1_000_000_000)));
    }

    #[test]
    fn whatever_was_killed_when_one_of_both_works() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path();
        let (old, new) = (identity("old"), identity("new"));
        old.keep(dir, Which::Present).unwrap();
        // Killed while the next one was being written: it is not there.
        std::fs::write(dir.join("next-device.json.new"), "half").unwrap();
        let papers = load(dir);
        assert!(papers.next.is_none() && papers.way().is_ok());
        // Killed after it was kept; the hub may have taken it, so it is shown first.
        new.keep(dir, Which::Next).unwrap();
        let mut papers = load(dir);
        assert_eq!(papers.shows, Which::Next);
        // The hub does not know it: the old one is shown, and both stay until one is taken.
        assert_eq!(papers.refused(), Other::Tried);
        assert_eq!(papers.shows, Which::Present);
        assert_eq!(papers.refused(), Other::Tried);
        assert_eq!(load(dir).shows, Which::Next);
        papers.taken().unwrap();
        assert!(Identity::load(dir, Which::Present).unwrap() == new);
        assert!(load(dir).next.is_none());
        assert_eq!(papers.refused(), Other::None);
        // It takes the old one: then it has never seen the next.
        identity("third").keep(dir, Which::Next).unwrap();
        let mut papers = load(dir);
        papers.refused();
        papers.taken().unwrap();
        assert!(Identity::load(dir, Which::Present).unwrap() == new);
        assert!(load(dir).next.is_none());
        // A next one of another enrolment is nobody's.
        let other = Identity {
            device: Uuid::from_u128(2),
            ..identity("other")
        };
        other.keep(dir, Which::Next).unwrap();
        assert!(load(dir).next.is_none());
        // Nor is one that is damaged.
        std::fs::write(dir.join("next-device.json"), "{}").unwrap();
        assert!(load(dir).next.is_none());
    }
}
