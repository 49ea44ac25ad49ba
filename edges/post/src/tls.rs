//! Which certificates are believed: what this system trusts, checked with the name that was asked for. There is no way
//! around it.

use std::{io, sync::Arc};

use hygie_model::letter::Trouble;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, ServerName},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::line::Line;

/// Whom servers' certificates must be signed by.
#[derive(Clone, Debug)]
pub struct Trust(Arc<ClientConfig>);

/// Why nobody could be believed.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The library refuses what it is to begin with.
    #[error("the TLS library cannot be set up: {0}")]
    Library(#[from] rustls::Error),
}

impl Trust {
    /// The system's authorities. A system that has none believes nobody, and letters say so.
    ///
    /// # Errors
    /// The TLS library cannot be set up.
    pub fn system() -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self::of(roots)
    }

    /// These authorities alone.
    ///
    /// # Errors
    /// One of them is no certificate.
    pub fn only(
        roots: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Self, TlsError> {
        let mut store = RootCertStore::empty();
        for root in roots {
            store.add(root)?;
        }
        Self::of(store)
    }

    fn of(roots: RootCertStore) -> Result<Self, TlsError> {
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }

    /// Makes a connection private. Before this has come back well nothing of ours was said.
    pub(crate) async fn over(
        &self,
        name: ServerName<'static>,
        line: Line,
    ) -> Result<TlsStream<Line>, Trouble> {
        TlsConnector::from(Arc::clone(&self.0))
            .connect(name, line)
            .await
            .map_err(|error| why(&error))
    }
}

fn why(error: &io::Error) -> Trouble {
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => {
            Trouble::CertificateRefused
        }
        // Whatever else the library says: they do not find a language that both speak.
        Some(_) => Trouble::TlsRefused,
        None if error.kind() == io::ErrorKind::UnexpectedEof => Trouble::TlsRefused,
        None => Trouble::BrokenOff,
    }
}
