//! What the hub must be able to read back (the secret of one-time codes), and what passes through a browser's hands and must
//! come back unchanged: sealed with a key that lies beside the database, in a file of the hub's own.

use std::{
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use data_encoding::BASE64URL_NOPAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::chance;
use crate::web::fault::Fault;

/// The key, loaded once.
pub(crate) struct Seal {
    key: LessSafeKey,
    forms: [u8; 32],
}

impl Seal {
    /// Reads the key's file; makes it where there is none.
    ///
    /// # Errors
    /// The file cannot be read or made, or holds something else.
    pub(crate) fn load(file: &Path) -> io::Result<Self> {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(file)?,
            Err(error) => return Err(error),
        };
        let broken = || io::Error::from(io::ErrorKind::InvalidData);
        let own: [u8; 32] = bytes.as_slice().try_into().map_err(|_| broken())?;
        let sealing = Zeroizing::new(blake3::derive_key("hygie 2026 hub seal", &own));
        let key = UnboundKey::new(&CHACHA20_POLY1305, sealing.as_slice()).map_err(|_| broken())?;
        Ok(Self {
            key: LessSafeKey::new(key),
            forms: blake3::derive_key("hygie 2026 hub forms", &own),
        })
    }

    /// Seals bytes for one use: what is opened with another `about` does not open.
    ///
    /// # Errors
    /// No random bytes.
    pub(crate) fn close(&self, about: &str, open: &[u8]) -> Result<String, Fault> {
        let nonce: [u8; NONCE_LEN] = chance::bytes()?;
        let mut bytes = open.to_vec();
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(about.as_bytes()),
                &mut bytes,
            )
            .map_err(|_| Fault::broken("sealing"))?;
        let mut whole = nonce.to_vec();
        whole.append(&mut bytes);
        Ok(BASE64URL_NOPAD.encode(&whole))
    }

    /// Opens what [`Seal::close`] gave; `None` for anything else.
    pub(crate) fn open(&self, about: &str, closed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let whole = BASE64URL_NOPAD.decode(closed.as_bytes()).ok()?;
        let (nonce, sealed) = whole.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut bytes = Zeroizing::new(sealed.to_vec());
        let length = self
            .key
            .open_in_place(nonce, Aad::from(about.as_bytes()), bytes.as_mut_slice())
            .ok()?
            .len();
        bytes.truncate(length);
        Some(bytes)
    }

    /// What a form of the browser that carries `cookie` has to bring back: no other site can know it.
    pub(crate) fn form_token(&self, cookie: &str) -> String {
        BASE64URL_NOPAD.encode(blake3::keyed_hash(&self.forms, cookie.as_bytes()).as_bytes())
    }

    /// Whether a form brought back what was given to that browser. Compared in constant time.
    pub(crate) fn is_own_form(&self, cookie: &str, brought: &str) -> bool {
        let own = blake3::keyed_hash(&self.forms, cookie.as_bytes());
        let brought: Option<[u8; 32]> = BASE64URL_NOPAD
            .decode(brought.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        brought.is_some_and(|brought| own == blake3::Hash::from_bytes(brought))
    }
}

fn make(file: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; 32]);
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("the system gives no random bytes"))?;
    let mut made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    made.write_all(&bytes)?;
    made.sync_all()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_use_alone_and_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let seal = Seal::load(&file).unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let closed = seal.close("codes of a", b"secret").unwrap();
        let again = Seal::load(&file).unwrap();
        assert_eq!(
            again.open("codes of a", &closed).unwrap().as_slice(),
            b"secret"
        );
        assert!(again.open("codes of b", &closed).is_none());
        for broken in ["", "AAAA", &closed[1..], &format!("{closed}A")] {
            assert!(again.open("codes of a", broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn a_form_belongs_to_one_browser() {
        let folder = tempfile::tempdir().unwrap();
        let seal = Seal::load(&folder.path().join("key")).unwrap();
        let token = seal.form_token("one");
        assert!(seal.is_own_form("one", &token));
        assert!(!seal.is_own_form("two", &token));
        assert!(!seal.is_own_form("one", ""));
    }

    #[test]
    fn a_key_that_is_no_key_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, b"short").unwrap();
        assert!(Seal::load(&file).is_err());
        assert_eq!(std::fs::read(&file).unwrap(), b"short");
    }
}
