//! What the signer must not forget: which devices it signed, and which count no longer. Pure; the keeper writes it.

use std::collections::BTreeMap;

use data_encoding::HEXUPPER;
use hygie_model::Wall;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The number of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Serial(pub(super) [u8; 16]);

/// One certificate of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Issued {
    pub(super) serial: Serial,
    pub(super) device: Uuid,
    pub(super) until: Wall,
}

/// All that was signed and still lives, and all that was revoked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Register {
    /// There is a console's authority: if its file is gone, it was lost.
    pub(super) console: Made,
    /// There is a devices' authority.
    pub(super) devices: Made,
    issued: Vec<Issued>,
    revoked: BTreeMap<Uuid, Wall>,
}

/// Whether an authority was ever made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Made {
    /// Not yet.
    #[default]
    Never,
    /// Once; a missing file is a loss.
    Once,
}

/// Why a device is not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotNoted {
    /// It was revoked; whoever holds it now comes in as a new device.
    Revoked,
    /// So many certificates are alive that somebody asks for them without end.
    Full,
}

impl Register {
    /// Says whether a device could be signed now.
    pub(super) fn admits(&self, device: Uuid, now: Wall) -> Result<(), NotNoted> {
        if self.revoked.contains_key(&device) {
            return Err(NotNoted::Revoked);
        }
        let alive = self.issued.iter().filter(|one| one.until > now);
        if alive.count() < MOST_ALIVE {
            Ok(())
        } else {
            Err(NotNoted::Full)
        }
    }

    /// The register with one more certificate, and without those whose time is over.
    pub(super) fn with(mut self, issued: Issued, now: Wall) -> Result<Self, NotNoted> {
        self.admits(issued.device, now)?;
        self.issued.retain(|one| one.until > now);
        self.issued.push(issued);
        Ok(self)
    }

    /// The register in which a device counts no longer; it never will again.
    pub(super) fn without(mut self, device: Uuid, now: Wall) -> Result<Self, NotNoted> {
        // Whoever has a certificate can always be revoked; what nobody signed only within bounds.
        let known = self.issued.iter().any(|one| one.device == device);
        if !known && self.revoked.len() >= MOST_REVOKED && !self.revoked.contains_key(&device) {
            return Err(NotNoted::Full);
        }
        self.revoked.entry(device).or_insert(now);
        Ok(self)
    }

    /// The living certificates of revoked devices, and since when.
    pub(super) fn revocations(&self, now: Wall) -> Vec<(Serial, Wall)> {
        let alive = self.issued.iter().filter(|one| one.until > now);
        alive
            .filter_map(|one| {
                let since = self.revoked.get(&one.device)?;
                Some((one.serial.clone(), *since))
            })
            .collect()
    }
}

impl From<Serial> for String {
    fn from(serial: Serial) -> Self {
        HEXUPPER.encode(&serial.0)
    }
}

impl TryFrom<String> for Serial {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = HEXUPPER
            .decode(text.as_bytes())
            .map_err(|_| "not hexadecimal")?;
        bytes.try_into().map(Self).map_err(|_| "not 16 bytes")
    }
}

/// A practice has some dozens of devices, an operator's hub some hundreds.
const MOST_ALIVE: usize = 4096;
const MOST_REVOKED: usize = 16_384;

#[cfg(test)]
mod tests {
    use super::*;

    fn issued(number: u8, device: u128, until: i64) -> Issued {
        Issued {
            serial: Serial([number; 16]),
            device: Uuid::from_u128(device),
            until: Wall(until),
        }
    }

    #[test]
    fn all_living_certificates_of_a_revoked_device_are_listed() {
        let at = Wall(10);
        let register = Register::default()
            .with(issued(1, 7, 20), at)
            .and_then(|register| register.with(issued(2, 7, 30), at))
            .and_then(|register| register.with(issued(3, 8, 30), at))
            .and_then(|register| register.without(Uuid::from_u128(7), Wall(11)))
            .unwrap();
        let first = (Serial([1; 16]), Wall(11));
        let second = (Serial([2; 16]), Wall(11));
        assert_eq!(register.revocations(Wall(12)), [first, second.clone()]);
        assert_eq!(register.revocations(Wall(25)), [second]);
        assert_eq!(register.revocations(Wall(40)), []);
        // The first time counts.
        let again = register
            .clone()
            .without(Uuid::from_u128(7), Wall(15))
            .unwrap();
        assert_eq!(again, register);
    }

    #[test]
    fn a_revoked_device_is_never_signed_again() {
        let device = Uuid::from_u128(7);
        let register = Register::default().without(device, Wall(1)).unwrap();
        assert_eq!(register.admits(device, Wall(2)), Err(NotNoted::Revoked));
        assert_eq!(
            register.clone().with(issued(1, 7, 9), Wall(2)),
            Err(NotNoted::Revoked)
        );
        assert_eq!(register.admits(Uuid::from_u128(8), Wall(2)), Ok(()));
    }

    #[test]
    fn a_full_register_has_room_again_when_certificates_end() {
        let mut register = Register {
            issued: vec![issued(1, 7, 20); MOST_ALIVE],
            ..Register::default()
        };
        let next = issued(2, 8, 90);
        assert_eq!(
            register.clone().with(next.clone(), Wall(19)),
            Err(NotNoted::Full)
        );
        register = register.with(next.clone(), Wall(20)).unwrap();
        assert_eq!(register.issued, std::slice::from_ref(&next));
        register.revoked = (0..MOST_REVOKED as u128)
            .map(|number| (Uuid::from_u128(number), Wall(1)))
            .collect();
        let fresh = Uuid::from_u128(u128::MAX);
        assert_eq!(
            register.clone().without(fresh, Wall(2)),
            Err(NotNoted::Full)
        );
        let signed = Uuid::from_u128(8 << 64);
        register.issued.push(Issued {
            device: signed,
            ..next
        });
        assert!(
            register
                .clone()
                .without(Uuid::from_u128(0), Wall(2))
                .is_ok()
        );
        assert!(register.without(signed, Wall(2)).is_ok());
    }

    #[test]
    fn it_is_written_so() {
        let register = Register {
            devices: Made::Once,
            ..Register::default()
        }
        .with(issued(0x4a, 7, 20_000_000_000), Wall(1))
        .and_then(|register| register.without(Uuid::from_u128(7), Wall(2)))
        .unwrap();
        let text = r#"{"console":"never","devices":"once","issued":[{"serial":"4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A4A","device":"00000000-0000-0000-0000-000000000007","until":"1970-01-01T00:00:20Z"}],"revoked":{"00000000-0000-0000-0000-000000000007":"1970-01-01T00:00:00.000000002Z"}}"#;
        assert_eq!(serde_json::to_string(&register).unwrap(), text);
        assert_eq!(serde_json::from_str::<Register>(text).unwrap(), register);
        for bad in [
            "",
            "{}",
            r#"{"console":"never","devices":"once","issued":[],"revoked":{},"more":1}"#,
            r#"{"console":"twice","devices":"once","issued":[],"revoked":{}}"#,
            r#"{"console":"never","devices":"once","issued":[{"serial":"4a","device":"00000000-0000-0000-0000-000000000007","until":"1970-01-01T00:00:20Z"}],"revoked":{}}"#,
        ] {
            assert!(serde_json::from_str::<Register>(bad).is_err(), "{bad}");
        }
    }
}
