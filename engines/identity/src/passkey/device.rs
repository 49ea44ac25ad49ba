//! An authenticator for tests, with the browser before it: it signs as the standard says, and lies where it is told to.

use data_encoding::BASE64URL_NOPAD as B64;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Somebody touched it.
pub const PRESENT: u8 = 0x01;
/// PIN, finger or face.
pub const VERIFIED: u8 = 0x04;
/// Its maker can keep a copy.
pub const CAN_SYNC: u8 = 0x08;
/// Its maker keeps one.
pub const SYNCED: u8 = 0x10;
const ATTESTED: u8 = 0x40;

/// One authenticator with one key.
#[derive(Debug)]
pub struct Device {
    key: SigningKey,
    /// The key's id.
    pub id: Vec<u8>,
    /// Whose it says it is.
    pub user: Vec<u8>,
    /// The page that it believes it is on.
    pub origin: String,
    /// The site that it signs for.
    pub rp: String,
    /// What it says of who holds it.
    pub flags: u8,
    /// How often it signed; 0 where it does not count.
    pub counter: u32,
}

impl Device {
    /// The same of the same seed, which is not 0; on the site `cabinet.local`, port 8443.
    ///
    /// # Panics
    /// With the seed 0.
    #[must_use]
    pub fn new(seed: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).expect("a seed above 0 is a key"),
            id: vec![seed; 20],
            user: Vec::new(),
            origin: "https://cabinet.local:8443".to_owned(),
            rp: "cabinet.local".to_owned(),
            flags: PRESENT | VERIFIED,
            counter: 0,
        }
    }

    /// `navigator.credentials.create()`.
    ///
    /// # Panics
    /// With what is no server's question.
    #[must_use]
    pub fn make(&mut self, options: &Value) -> Vec<u8> {
        let options = &options["publicKey"];
        self.user = B64
            .decode(
                options["user"]["id"]
                    .as_str()
                    .unwrap_or_default()
                    .as_bytes(),
            )
            .expect("the question names a user");
        let mut data = self.data(self.flags | ATTESTED);
        data.extend([0; 16]);
        data.extend(
            u16::try_from(self.id.len())
                .expect("a short id")
                .to_be_bytes(),
        );
        data.extend(&self.id);
        let point = self.key.verifying_key().to_sec1_point(false);
        // COSE: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}.
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point.as_bytes()[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point.as_bytes()[33..]);
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
        let mut object = vec![0xa3];
        object.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).expect("a short key"));
        object.extend(&data);
        self.credential(json!({
            "attestationObject": B64.encode(&object),
            "clientDataJSON": B64.encode(&self.client("webauthn.create", options)),
        }))
    }

    /// `navigator.credentials.get()`.
    #[must_use]
    pub fn sign(&mut self, options: &Value) -> Vec<u8> {
        let options = &options["publicKey"];
        if self.counter > 0 {
            self.counter += 1;
        }
        let data = self.data(self.flags);
        let client = self.client("webauthn.get", options);
        let signed = [data.clone(), sha256(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.credential(json!({
            "authenticatorData": B64.encode(&data),
            "clientDataJSON": B64.encode(&client),
            "signature": B64.encode(signature.to_der().as_bytes()),
            "userHandle": B64.encode(&self.user),
        }))
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = sha256(self.rp.as_bytes());
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// What the browser hands to the page.
    fn credential(&self, response: Value) -> Vec<u8> {
        let id = B64.encode(&self.id);
        let credential = json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": response,
        });
        credential.to_string().into_bytes()
    }

    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        let client = json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false });
        client.to_string().into_bytes()
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}
