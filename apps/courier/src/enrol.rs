//! A device joins: makes its key, shows the code to the hub that the code names, and keeps what it gets.

use std::{path::Path, sync::Arc};

use data_encoding::HEXLOWER;
use hygie_platform::linux::walls::{NotWalled, shut_in};
use hygie_wire::{CodeError, ENROL, Enrol, Enrolled, EnrolmentCode, Outbox, OutboxError, Room};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use rustls::pki_types::{CertificateDer, pem::PemObject};

use crate::{
    folder::{FolderError, Identity, Which, forget_next, outbox},
    link::{Link, LinkError},
    pin,
    run::room,
};

/// A device that was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// How people call it at the hub.
    pub name: String,
    /// Where the hub is.
    pub hub: String,
}

/// Why it was not let in.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// What was typed is no code.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The hub.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The outbox: a courier that runs has it.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// The courier's folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A key could not be made, or the certificate is of another key.
    #[error("the device's key: {0}")]
    Key(String),
    /// What it has no use for could not be given up; with it the courier asks nobody.
    #[error("the courier could not give up its rights: {0}")]
    Rights(#[from] NotWalled),
    /// The system.
    #[error("the system refuses: {0}")]
    System(#[from] std::io::Error),
}

/// Joins the hub of this code; what the device was before, if anything, it is no more. To be called by a process that does nothing
/// else: it shuts itself in.
///
/// # Errors
/// Why it was not let in; then it is what it was.
pub fn enrol(dir: &Path, code: &str, version: &str) -> Result<Joined, EnrolError> {
    let code = EnrolmentCode::parse(code)?;
    // Before the code is used up: a courier that runs would go on as whoever it was.
    let mut waiting = Outbox::open(&outbox(dir), Room::default())?;
    shut_in(&room(dir, code.port))?;
    let pair = KeyPair::generate().map_err(key)?;
    let asked = Enrol {
        secret: HEXLOWER.encode(&code.secret.0),
        csr: request(&pair).map_err(key)?,
        version: version.to_owned(),
    };
    let tls = Arc::new(pin::config(code.authority.0, None).map_err(key)?);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let enrolled: Enrolled = runtime.block_on(async {
        let link = Link::open(&code.host, code.port, tls).await?;
        link.post(ENROL, &asked).await
    })?;
    // What cannot be shown to the hub is not kept.
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(enrolled.chain.as_bytes()).collect();
    let own = rustls::pki_types::PrivatePkcs8KeyDer::from(pair.serialize_der());
    pin::config(code.authority.0, Some((chain.map_err(key)?, own.into()))).map_err(key)?;
    waiting.count_anew()?;
    let identity = Identity {
        device: enrolled.device,
        name: enrolled.name.clone(),
        host: code.host.to_string(),
        port: code.port,
        authority: HEXLOWER.encode(&code.authority.0),
        chain: enrolled.chain,
        key: pair.serialize_pem(),
    };
    identity.keep(dir, Which::Present)?;
    // It was of the device of before.
    forget_next(dir)?;
    Ok(Joined {
        name: enrolled.name,
        hub: format!("{}:{}", code.host, code.port),
    })
}

/// A request for a certificate, in PEM. Nothing in it counts but the key.
pub(crate) fn request(pair: &KeyPair) -> Result<String, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.serialize_request(pair)?.pem()
}

fn key(error: impl ToString) -> EnrolError {
    EnrolError::Key(error.to_string())
}
