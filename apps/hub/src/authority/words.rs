//! Everything that can be asked of the signer, and answered: one line of JSON each.

use std::net::IpAddr;

use hygie_model::Wall;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    certificate::Fingerprint,
    names::{ConsoleName, PracticeLabel},
};

/// What the hub asks, because a person confirmed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Question {
    /// The console's authority for this name, made if need be. Answered by [`Reply::Authority`].
    Console {
        /// Whose console; only a fresh authority takes it up.
        practice: Option<PracticeLabel>,
        /// None until one is chosen: then it speaks for `localhost` alone.
        name: Option<ConsoleName>,
        /// Where else it is reached.
        addresses: Vec<IpAddr>,
        /// What to do where the present authority may not speak for all this.
        rename: Rename,
    },
    /// Sign the console's server; it gets all its names. Answered by [`Reply::Certificate`].
    ServerCertificate {
        /// A request in PEM; only its key counts.
        csr: String,
    },
    /// Sign a device. Answered by [`Reply::Certificate`].
    DeviceCertificate {
        /// A request in PEM; only its key counts.
        csr: String,
        /// Which device.
        device: Uuid,
    },
    /// A device counts no longer, for ever. Answered by [`Reply::Revocations`].
    Revoke {
        /// Which device.
        device: Uuid,
    },
    /// The list of what counts no longer. Answered by [`Reply::Revocations`].
    Revocations {},
    /// Both authorities. Answered by [`Reply::Authorities`].
    Authorities {},
}

/// Whether an authority with a chosen name may be put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rename {
    /// No: every browser of the practice trusts it.
    Refused,
    /// A person knows that every browser must be told to trust the fresh one.
    Confirmed,
}

/// What the signer answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reply {
    /// The console's authority.
    Authority {
        /// It.
        console: AuthorityTold,
    },
    /// A chain in PEM: the certificate, then its authority's.
    Certificate {
        /// The text.
        chain: String,
    },
    /// Which devices' certificates count no longer.
    Revocations {
        /// A list in PEM, good for a week.
        list: String,
    },
    /// All authorities.
    Authorities {
        /// None before [`Question::Console`].
        console: Option<AuthorityTold>,
        /// The devices'.
        devices: AuthorityTold,
    },
    /// Nothing was done.
    Refused {
        /// Why.
        why: Refusal,
    },
}

/// An authority as others may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityTold {
    /// Its certificate in PEM.
    pub certificate: String,
    /// What people compare before they trust it.
    pub fingerprint: Fingerprint,
    /// The name that it may speak for, besides `localhost`.
    pub name: Option<ConsoleName>,
    /// The end of its life.
    pub until: Wall,
}

/// Why the signer does not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Somebody else than the hub asks.
    #[error("only the hub and root are answered")]
    Stranger,
    /// Not a question.
    #[error("the question cannot be read")]
    Unclear,
    /// Longer than a question.
    #[error("the question is too long")]
    TooLong,
    /// These addresses cannot be spoken for.
    #[error("an address is no machine's, or there are too many")]
    Addresses,
    /// There is no console's authority yet.
    #[error("there is no authority of the console yet")]
    NoConsole,
    /// The authority was made for another name, or for fewer addresses.
    #[error(
        "the authority speaks for another name or other addresses; a person must confirm a fresh one"
    )]
    OtherName,
    /// The request proves no key of a kind that is signed.
    #[error("the request cannot be read, or proves no key that is signed")]
    Request,
    /// The device was revoked.
    #[error("the device was revoked; it comes in again as a new one")]
    Revoked,
    /// More devices than any practice has.
    #[error("too many certificates of devices are alive")]
    Full,
    /// The authority's time is over.
    #[error("the authority's time is over")]
    Expired,
    /// The clock is wrong.
    #[error("the clock cannot be right")]
    Clock,
    /// It could not be kept, or made; the signer's own words say why.
    #[error("the signer could not make or keep it")]
    Failed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_written_so() {
        let console = Question::Console {
            practice: Some(PracticeLabel::new("Dr Durand").unwrap()),
            name: Some(ConsoleName::new("hygie.local").unwrap()),
            addresses: vec!["192.168.1.10".parse().unwrap()],
            rename: Rename::Refused,
        };
        let device = Uuid::from_u128(7);
        let csr = "PEM".to_owned();
        for (question, text) in [
            (
                console,
                r#"{"ask":"console","practice":"Dr Durand","name":"hygie.local","addresses":["192.168.1.10"],"rename":"refused"}"#,
            ),
            (
                Question::ServerCertificate { csr: csr.clone() },
                r#"{"ask":"server_certificate","csr":"PEM"}"#,
            ),
            (
                Question::DeviceCertificate { csr, device },
                r#"{"ask":"device_certificate","csr":"PEM","device":"00000000-0000-0000-0000-000000000007"}"#,
            ),
            (
                Question::Revoke { device },
                r#"{"ask":"revoke","device":"00000000-0000-0000-0000-000000000007"}"#,
            ),
            (Question::Revocations {}, r#"{"ask":"revocations"}"#),
            (Question::Authorities {}, r#"{"ask":"authorities"}"#),
        ] {
            assert_eq!(serde_json::to_string(&question).unwrap(), text);
            assert_eq!(serde_json::from_str::<Question>(text).unwrap(), question);
        }
    }

    #[test]
    fn what_is_no_question_is_refused() {
        for text in [
            "",
            "null",
            "{}",
            r#"{"ask":"everything"}"#,
            r#"{"ask":"authorities","and":"keys"}"#,
            r#"{"ask":"server_certificate"}"#,
            r#"{"ask":"server_certificate","csr":"PEM","name":"bank.example"}"#,
            r#"{"ask":"device_certificate","csr":"PEM","device":"7"}"#,
            r#"{"ask":"revoke","device":""}"#,
            r#"{"ask":"console","practice":null,"name":"localhost","addresses":[],"rename":"refused"}"#,
            r#"{"ask":"console","practice":null,"name":"*.local","addresses":[],"rename":"refused"}"#,
            r#"{"ask":"console","practice":"a\nb","name":null,"addresses":[],"rename":"refused"}"#,
            r#"{"ask":"console","practice":null,"name":null,"addresses":["10.0.0.0/8"],"rename":"refused"}"#,
            r#"{"ask":"console","practice":null,"name":null,"addresses":[],"rename":true}"#,
            r#"{"ask":"console","practice":null,"name":null,"addresses":[]}"#,
        ] {
            assert!(serde_json::from_str::<Question>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn answers_are_written_so() {
        let told = AuthorityTold {
            certificate: "PEM".to_owned(),
            fingerprint: Fingerprint::try_from(["AB"; 32].join(":")).unwrap(),
            name: None,
            until: Wall(0),
        };
        let print = ["AB"; 32].join(":");
        let authority = format!(
            r#"{{"certificate":"PEM","fingerprint":"{print}","name":null,"until":"1970-01-01T00:00:00Z"}}"#
        );
        for (reply, text) in [
            (
                Reply::Authority {
                    console: told.clone(),
                },
                format!(r#"{{"answer":"authority","console":{authority}}}"#),
            ),
            (
                Reply::Authorities {
                    console: None,
                    devices: told,
                },
                format!(r#"{{"answer":"authorities","console":null,"devices":{authority}}}"#),
            ),
            (
                Reply::Certificate {
                    chain: "PEM".to_owned(),
                },
                r#"{"answer":"certificate","chain":"PEM"}"#.to_owned(),
            ),
            (
                Reply::Revocations {
                    list: "PEM".to_owned(),
                },
                r#"{"answer":"revocations","list":"PEM"}"#.to_owned(),
            ),
            (
                Reply::Refused {
                    why: Refusal::OtherName,
                },
                r#"{"answer":"refused","why":"other_name"}"#.to_owned(),
            ),
        ] {
            assert_eq!(serde_json::to_string(&reply).unwrap(), text);
            assert_eq!(serde_json::from_str::<Reply>(&text).unwrap(), reply);
        }
        for bad in [
            "AB",
            &["ab"; 32].join(":"),
            &"AB".repeat(32),
            &["AB"; 33].join(":"),
        ] {
            assert!(Fingerprint::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
