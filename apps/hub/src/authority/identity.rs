//! By what the hub proves its name, and knows its devices: made ready for rustls.

use std::{path::Path, sync::Arc};

use hygie_model::Wall;
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring::default_provider,
    pki_types::{
        CertificateDer, CertificateRevocationListDer, PrivateKeyDer, PrivatePkcs8KeyDer,
        pem::PemObject,
    },
    server::{ClientCertVerifierBuilder, WebPkiClientVerifier, danger::ClientCertVerifier},
};
use zeroize::Zeroizing;

use super::{
    asking::{AskError, SignerDoor},
    ca::CaError,
    certificate::{Facts, renew_due, seconds},
    issuer::pem_of,
    keeper::Keeper,
    words::{Question, Reply},
};

/// A certificate of the console's server, its authority's behind it, and its key.
#[derive(Debug)]
pub struct ServerIdentity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl ServerIdentity {
    /// A fresh key, signed, kept in memory alone.
    ///
    /// # Errors
    /// The signer does not answer, or there is no console's authority yet.
    pub fn fresh(door: &SignerDoor) -> Result<Self, AskError> {
        let pair = KeyPair::generate().map_err(CaError::from)?;
        let mut params = CertificateParams::default();
        // Nothing in it counts but the key.
        params.distinguished_name = rcgen::DistinguishedName::new();
        let request = params.serialize_request(&pair).map_err(CaError::from)?;
        let csr = request.pem().map_err(CaError::from)?;
        let Reply::Certificate { chain } = door.ask(&Question::ServerCertificate { csr })? else {
            return Err(AskError::Answer);
        };
        let key = PrivatePkcs8KeyDer::from(pair);
        Self::of(&chain, key.into())
    }

    /// The one kept in the hub's own folder, or a fresh one: where a third of its life is left, where
    /// the console's authority is another one by now, or where what is kept cannot be used.
    /// While the signer is silent, one whose time is not over serves on.
    ///
    /// # Errors
    /// The signer does not answer and there is none yet, or the folder is not right.
    pub fn kept(door: &SignerDoor, folder: &Path, now: Wall) -> Result<Self, AskError> {
        // Two that renew at once: the second one finds what the first one made.
        let keeper = Keeper::wait(folder)?;
        // What is damaged is made anew: nobody trusts this key by itself.
        let kept = keeper
            .read(FILE)?
            .and_then(|text| Self::from_text(&text).ok());
        let authority = match door.ask(&Question::Authorities {}) {
            Ok(Reply::Authorities { console, .. }) => console,
            Ok(_) => return Err(AskError::Answer),
            Err(error) => {
                return match kept {
                    Some(kept) if kept.lives(now) => Ok(kept),
                    Some(_) | None => Err(error),
                };
            }
        };
        if let Some(kept) = kept
            && let Some(authority) = authority
            && kept.comes_from(&authority.certificate)
            && !renew_due(kept.certificate()?, now)?
        {
            return Ok(kept);
        }
        let fresh = Self::fresh(door)?;
        keeper.write(FILE, &fresh.to_text())?;
        Ok(fresh)
    }

    /// The server's own certificate: what [`renew_due`] asks for.
    ///
    /// # Errors
    /// Never for one that was made here.
    pub fn certificate(&self) -> Result<&CertificateDer<'static>, AskError> {
        self.chain.first().ok_or(AskError::Answer)
    }

    /// The chain and the key, as rustls takes them.
    #[must_use]
    pub fn into_parts(self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        (self.chain, self.key)
    }

    /// A server with it: for browsers, or with `devices` for those whom it knows.
    /// The protocols above TLS (ALPN) are the caller's.
    ///
    /// # Errors
    /// The key does not fit: never for one that was made here.
    pub fn into_config(
        self,
        devices: Option<Arc<dyn ClientCertVerifier>>,
    ) -> Result<ServerConfig, AskError> {
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(tls)?;
        let builder = match devices {
            None => builder.with_no_client_auth(),
            Some(devices) => builder.with_client_cert_verifier(devices),
        };
        builder.with_single_cert(self.chain, self.key).map_err(tls)
    }

    /// Reads a chain of two; its first is the key's.
    fn of(chain: &str, key: PrivateKeyDer<'static>) -> Result<Self, AskError> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain.as_bytes()).collect();
        let chain = read.map_err(|_| AskError::Answer)?;
        let [own, authority] = chain.as_slice() else {
            return Err(AskError::Answer);
        };
        let own = Facts::of(own)?;
        let pair = KeyPair::try_from(&key).map_err(|_| CaError::Key)?;
        if own.public_key != pair.der_bytes() {
            return Err(CaError::Key.into());
        }
        if own.authority || !Facts::of(authority)?.authority {
            return Err(AskError::Answer);
        }
        Ok(Self { chain, key })
    }

    fn from_text(text: &str) -> Result<Self, AskError> {
        let key = PrivatePkcs8KeyDer::from_pem_slice(text.as_bytes()).map_err(|_| CaError::Key)?;
        Self::of(text, key.into())
    }

    fn to_text(&self) -> Zeroizing<String> {
        let key = pem::Pem::new("PRIVATE KEY", self.key.secret_der());
        let key = Zeroizing::new(pem::encode(&key));
        let chain: String = self.chain.iter().map(pem_of).collect();
        Zeroizing::new([key.as_str(), &chain].concat())
    }

    fn comes_from(&self, authority: &str) -> bool {
        self.chain.last().map(pem_of).as_deref() == Some(authority)
    }

    fn lives(&self, now: Wall) -> bool {
        let facts = self.certificate().map(Facts::of);
        let now = seconds(now);
        matches!(facts, Ok(Ok(facts)) if facts.from <= now && now <= facts.until)
    }
}

/// Knows the devices that the authority signed and did not revoke; others do not get in.
/// `authority` and `revocations` are texts of [`Reply::Authorities`] and [`Reply::Revocations`]:
/// a list older than a week lets nobody in, so it is to be asked for every day.
///
/// # Errors
/// One of them cannot be read.
pub fn device_verifier(
    authority: &str,
    revocations: &str,
) -> Result<Arc<dyn ClientCertVerifier>, AskError> {
    verifier(authority, revocations)?.build().map_err(tls)
}

/// The same, but whoever shows no certificate gets in as well: to ask for one, and for nothing else, which is for the caller
/// to see to. A certificate that is shown must be good.
///
/// # Errors
/// As [`device_verifier`].
pub fn devices_and_newcomers(
    authority: &str,
    revocations: &str,
) -> Result<Arc<dyn ClientCertVerifier>, AskError> {
    let known = verifier(authority, revocations)?;
    known.allow_unauthenticated().build().map_err(tls)
}

fn verifier(authority: &str, revocations: &str) -> Result<ClientCertVerifierBuilder, AskError> {
    let authority =
        CertificateDer::from_pem_slice(authority.as_bytes()).map_err(|_| AskError::Answer)?;
    let list = CertificateRevocationListDer::from_pem_slice(revocations.as_bytes())
        .map_err(|_| AskError::Answer)?;
    let mut roots = RootCertStore::empty();
    roots.add(authority).map_err(tls)?;
    let provider = Arc::new(default_provider());
    Ok(
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .with_crls([list])
            .enforce_revocation_expiration(),
    )
}

fn tls(error: impl ToString) -> AskError {
    AskError::Tls(error.to_string())
}

const FILE: &str = "server.pem";
