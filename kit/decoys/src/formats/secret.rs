//! Files that are encrypted for good reasons, in formats that real programs know. Nobody has their keys.

use sha2::{Digest, Sha256};

use super::mail::folded;
use crate::MARK;
use crate::dice::Dice;

/// KDBX 4: the header with its digest is right, so KeePassXC asks for the password; the rest is noise.
pub(super) fn keepass(dice: &mut Dice) -> Vec<u8> {
    let mut file = b"\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5\0\0\x04\0".to_vec();
    let mut field = |id: u8, value: &[u8]| {
        file.push(id);
        file.extend_from_slice(&length(value.len()).to_le_bytes());
        file.extend_from_slice(value);
    };
    field(2, &AES_256);
    field(3, &1_u32.to_le_bytes());
    field(4, &dice.bytes(32));
    field(7, &dice.bytes(16));
    let derivation = dictionary(&[
        (0x42, "$UUID", &ARGON2D),
        (0x04, "V", &0x13_u32.to_le_bytes()),
        (0x42, "S", &dice.bytes(32)),
        (0x05, "I", &3_u64.to_le_bytes()),
        (0x05, "M", &(64_u64 << 20).to_le_bytes()),
        (0x04, "P", &2_u32.to_le_bytes()),
    ]);
    field(11, &derivation);
    field(12, &dictionary(&[(0x18, "Mention", MARK.as_bytes())]));
    field(0, b"\r\n\r\n");
    let digest = Sha256::digest(&file);
    file.extend_from_slice(&digest);
    file.extend_from_slice(&dice.bytes(32));
    let content = dice.between(12_000, 60_000) as usize;
    for length_of_block in [content.next_multiple_of(16), 0] {
        file.extend_from_slice(&dice.bytes(32));
        file.extend_from_slice(&length(length_of_block).to_le_bytes());
        file.extend_from_slice(&dice.bytes(length_of_block));
    }
    file
}

/// An armoured message, encrypted with a passphrase: its packets are right, what they hold is noise.
pub(super) fn pgp(dice: &mut Dice) -> Vec<u8> {
    // Version 4, AES-256, iterated and salted SHA-512.
    let mut packets = b"\x8c\x0d\x04\x09\x03\x0a".to_vec();
    packets.extend_from_slice(&dice.bytes(8));
    packets.push(0xFF);
    let content = dice.between(4_000, 30_000) as usize;
    packets.extend_from_slice(b"\xd2\xff");
    packets.extend_from_slice(&length(content + 1).to_be_bytes());
    packets.push(1);
    packets.extend_from_slice(&dice.bytes(content));
    format!(
        "-----BEGIN PGP MESSAGE-----\r\nComment: {MARK}\r\n\r\n{}-----END PGP MESSAGE-----\r\n",
        folded(&packets)
    )
    .into_bytes()
}

/// KDBX's own map: type, name, value.
fn dictionary(entries: &[(u8, &str, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0, 1];
    for (kind, name, value) in entries {
        bytes.push(*kind);
        for part in [name.as_bytes(), value] {
            bytes.extend_from_slice(&length(part.len()).to_le_bytes());
            bytes.extend_from_slice(part);
        }
    }
    bytes.push(0);
    bytes
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("vaults here are small")
}

const AES_256: [u8; 16] = *b"\x31\xC1\xF2\xE6\xBF\x71\x43\x50\xBE\x58\x05\x21\x6A\xFC\x5A\xFF";
const ARGON2D: [u8; 16] = *b"\xEF\x63\x6D\xDF\x8C\x29\x44\x4B\x91\xF7\xA9\xA4\x03\xE3\x0A\x0C";
