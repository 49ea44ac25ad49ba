//! The process: one thread asks the guard, one sends; the outbox is between them.

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

use data_encoding::HEXLOWER;
use hygie_wire::{Outbox, OutboxError, Room};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use crate::{
    feed::{Shared, feed},
    folder::{FolderError, Identity, outbox},
    pin,
    send::{Way, send},
};

/// What the courier is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its own folder.
    pub dir: PathBuf,
    /// The guard's door.
    pub guard: PathBuf,
}

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// Its folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The outbox.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// What it was enrolled with cannot be used.
    #[error("the device's key and certificate: {0}; enrol this device again")]
    Identity(String),
    /// The system.
    #[error("the courier cannot run: {0}")]
    System(#[from] io::Error),
}

/// Runs until the process is ended.
///
/// # Errors
/// What keeps it from running.
pub fn run(options: &Options) -> Result<(), CourierError> {
    let way = way(&Identity::load(&options.dir)?)?;
    let shared = Shared::new(open(options)?);
    let guard = options.guard.clone();
    let feeding = Arc::clone(&shared);
    std::thread::Builder::new()
        .name("hygie-feed".into())
        .spawn(move || feed(&guard, &feeding))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(send(&way, &shared));
    Ok(())
}

/// One that is damaged is put aside, so that the device does not fall silent for ever.
fn open(options: &Options) -> Result<Outbox, CourierError> {
    let file = outbox(&options.dir);
    match Outbox::open(&file, Room::default()) {
        Err(error @ OutboxError::Damaged(_)) => {
            log(&error.to_string());
            for end in ["", "-wal"] {
                let name = format!("outbox.db{end}");
                match std::fs::rename(
                    options.dir.join(&name),
                    options.dir.join(format!("damaged-{name}")),
                ) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    Err(_) | Ok(()) => {}
                }
            }
            Ok(Outbox::open(&file, Room::default())?)
        }
        opened => Ok(opened?),
    }
}

fn way(identity: &Identity) -> Result<Way, CourierError> {
    let wrong = |error: &str| CourierError::Identity(error.to_owned());
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

/// Where whoever runs the device reads it; names no file.
pub(crate) fn log(text: &str) {
    let _ = writeln!(io::stderr(), "courier: {text}");
}

#[cfg(test)]
mod tests {
    use hygie_wire::Cursor;

    use super::*;

    #[test]
    fn a_damaged_outbox_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            dir: folder.path().to_owned(),
            guard: PathBuf::new(),
        };
        std::fs::write(folder.path().join("outbox.db"), "no database".repeat(999)).unwrap();
        let opened = open(&options).unwrap();
        assert_eq!(opened.cursor().unwrap(), Cursor::default());
        assert!(folder.path().join("damaged-outbox.db").exists());
    }
}
