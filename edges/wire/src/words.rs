//! What is said over the connection, each way: one JSON object a request, one an answer.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Numbers, Signal};

/// A device asks for its certificate. Answered by [`Enrolled`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// The code's secret, in hexadecimal.
    pub secret: String,
    /// A request for a certificate in PEM; only its key counts.
    pub csr: String,
    /// The program's version.
    pub version: String,
}

/// The device is let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Its number.
    pub device: Uuid,
    /// How people call it.
    pub name: String,
    /// Its certificate and its authority's, in PEM.
    pub chain: String,
}

/// A device gets a certificate for a key that it made anew. Answered by [`Renewed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// A request for a certificate in PEM; only its key counts.
    pub csr: String,
}

/// The new certificate. The one of before is good until this one was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// The certificate and its authority's, in PEM.
    pub chain: String,
}

/// Signals on their way. Answered by [`Stored`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The oldest number that the device still has: what is before it cannot be sent any more.
    pub oldest: u64,
    /// In their order.
    pub signals: Vec<Signal>,
}

/// What the hub has now, durably.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Every signal up to this one: the device may forget them.
    pub upto: u64,
    /// The first of the batch that stood beyond a gap, if one did. Send from `upto` on.
    pub beyond: Option<u64>,
}

/// A device lives. Answered by [`Heard`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beat {
    /// The program's version.
    pub version: String,
    /// What its courier hears of its guard.
    pub guard: Guard,
    /// How much it holds, where the guard says it.
    pub numbers: Option<Numbers>,
    /// Signals that wait for the hub.
    pub waiting: u64,
    /// Facts that found no room in the outbox, and were not told yet.
    pub left_out: u64,
}

/// What a courier hears of its guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// It answers, and everything is protected.
    Well,
    /// It answers, and not everything is.
    Trouble,
    /// It does not answer.
    Silent,
}

/// A device says good-bye: until it is heard again its silence is no trouble, for a bounded time. Answered with nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// How.
    pub how: Leaves,
}

/// How a device leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leaves {
    /// It goes to sleep.
    Asleep,
    /// It is switched off.
    Off,
}

/// The hub heard it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Up to which number it has the device's signals.
    pub upto: u64,
    /// Commands that wait.
    pub commands: u64,
}

/// Not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Why.
    pub refused: Refusal,
}

/// Why the hub does not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The code is wrong, used or too old.
    #[error("the code does not serve, or not any more: make a new one on the hub's page")]
    Code,
    /// No certificate, or one that does not let in (any more).
    #[error("the hub does not know this device, or it was retired: enrol it again")]
    Unknown,
    /// Not a message, or too long a one.
    #[error("the hub cannot read this; is it of the same version?")]
    Unreadable,
    /// A number was used before for another signal: this device was set back to an older image.
    #[error("this device counts anew what it had counted before: enrol it again")]
    Forked,
    /// More than the hub can do now. Come again.
    #[error("the hub has too much to do")]
    Busy,
    /// The hub's disk is full. Keep it, and come again.
    #[error("the hub's disk is full")]
    Full,
    /// A fault of the hub's own. Come again.
    #[error("something is wrong at the hub: its log says what")]
    Broken,
}

impl Refusal {
    /// Whether the same may be taken later.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        match self {
            Self::Busy | Self::Full | Self::Broken => true,
            Self::Code | Self::Unknown | Self::Unreadable | Self::Forked => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use hygie_model::{Protection, Wall};
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::Fact;

    fn is_told_as<T: Serialize + DeserializeOwned + PartialEq + Debug>(said: &T, line: &str) {
        assert_eq!(serde_json::to_string(said).unwrap(), line);
        assert_eq!(&serde_json::from_str::<T>(line).unwrap(), said);
    }

    #[test]
    fn what_a_device_says_has_one_form() {
        let enrol = Enrol {
            secret: "00ff".to_owned(),
            csr: "PEM".to_owned(),
            version: "0.1.0".to_owned(),
        };
        let line = serde_json::to_string(&enrol).unwrap();
        assert_eq!(line, r#"{"secret":"00ff","csr":"PEM","version":"0.1.0"}"#);
        let csr = "PEM".to_owned();
        is_told_as(&Renew { csr }, r#"{"csr":"PEM"}"#);
        is_told_as(
            &Batch {
                oldest: 4,
                signals: vec![Signal {
                    seq: 4,
                    at: Wall(0),
                    fact: Fact::State {
                        version: "0.1.0".to_owned(),
                        protection: Protection::Protected,
                    },
                }],
            },
            concat!(
                r#"{"oldest":4,"signals":[{"seq":4,"at":"1970-01-01T00:00:00Z","#,
                r#""kind":"state","version":"0.1.0","protection":"protected"}]}"#
            ),
        );
        is_told_as(
            &Beat {
                version: "0.1.0".to_owned(),
                guard: Guard::Silent,
                numbers: None,
                waiting: 2,
                left_out: 0,
            },
            r#"{"version":"0.1.0","guard":"silent","numbers":null,"waiting":2,"left_out":0}"#,
        );
    }

    #[test]
    fn a_good_bye_has_one_form() {
        is_told_as(
            &Leave {
                how: Leaves::Asleep,
            },
            r#"{"how":"asleep"}"#,
        );
        is_told_as(&Leave { how: Leaves::Off }, r#"{"how":"off"}"#);
        assert!(serde_json::from_str::<Leave>(r#"{"how":"gone"}"#).is_err());
    }

    #[test]
    fn what_the_hub_says_has_one_form() {
        is_told_as(
            &Enrolled {
                device: Uuid::from_u128(1),
                name: "Accueil".to_owned(),
                chain: "PEM".to_owned(),
            },
            r#"{"device":"00000000-0000-0000-0000-000000000001","name":"Accueil","chain":"PEM"}"#,
        );
        let chain = "PEM".to_owned();
        is_told_as(&Renewed { chain }, r#"{"chain":"PEM"}"#);
        is_told_as(
            &Stored {
                upto: 9,
                beyond: Some(12),
            },
            r#"{"upto":9,"beyond":12}"#,
        );
        is_told_as(
            &Heard {
                upto: 9,
                commands: 1,
            },
            r#"{"upto":9,"commands":1}"#,
        );
        for (refused, name) in [
            (Refusal::Code, "code"),
            (Refusal::Unknown, "unknown"),
            (Refusal::Unreadable, "unreadable"),
            (Refusal::Forked, "forked"),
            (Refusal::Busy, "busy"),
            (Refusal::Full, "full"),
            (Refusal::Broken, "broken"),
        ] {
            is_told_as(&Refused { refused }, &format!(r#"{{"refused":"{name}"}}"#));
        }
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for bad in [
            "",
            "{}",
            r#"{"oldest":-1,"signals":[]}"#,
            r#"{"oldest":1,"signals":[{}]}"#,
            r#"{"oldest":1,"signals":[],"more":1}"#,
            r#"{"oldest":1,"signals":[{"seq":1,"at":"1970-01-01T00:00:00Z","kind":"other"}]}"#,
            r#"{"oldest":1,"signals":[{"seq":1,"at":"yesterday","kind":"loss","count":1}]}"#,
        ] {
            assert!(serde_json::from_str::<Batch>(bad).is_err(), "{bad}");
        }
    }
}
