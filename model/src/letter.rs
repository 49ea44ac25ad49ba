//! A letter to a person who is not looking at Hygie, the roads that it may take, and why it did not get through.

use serde::{Deserialize, Serialize};

/// Which of the two ways to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// What is tried at once.
    First,
    /// What is tried where nobody has read the first.
    Second,
}

impl Slot {
    /// Both, in their order.
    pub const ALL: [Self; 2] = [Self::First, Self::Second];
}

/// A way to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "road", rename_all = "snake_case", deny_unknown_fields)]
pub enum Road {
    /// By e-mail, through the practice's own account.
    Mail {
        /// The name of the server that takes letters; its certificate must bear it.
        server: String,
        /// Its port.
        port: u16,
        /// How the connection becomes private.
        security: Security,
        /// Who signs in there; none where the server asks nobody.
        user: Option<String>,
        /// The address that stands as sender.
        from: String,
        /// The addresses that it goes to.
        to: Vec<String>,
    },
    /// To a program that waits for it, after the Standard Webhooks scheme.
    Webhook {
        /// Where; `https`, or `http` on this machine.
        url: String,
    },
}

/// How a connection to a mail server becomes private; there is no third.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// From the first byte, usually port 465.
    Tls,
    /// After a word of greeting, usually port 587. A server that does not offer it gets nothing.
    StartTls,
}

/// What is told. No patient's data, and no file's name: whoever writes it sees to that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// The rest.
    pub text: String,
}

/// Why a letter was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Trouble {
    /// No road is set.
    #[error("no road is set; set one on the console's settings page")]
    NoRoad,
    /// Nobody knows the server's name.
    #[error("nobody knows the server's name; look at how it is written, and at the network")]
    NameUnknown,
    /// The server does not take the connection.
    #[error("the server cannot be reached; look at its port, and at the network")]
    NotReached,
    /// It offers no private connection, or not in this way.
    #[error("the server offers no private connection in this way; try the other one")]
    TlsRefused,
    /// Its certificate is not to be believed: nothing was said to it.
    #[error("the server's certificate is not trusted, over, or another name's")]
    CertificateRefused,
    /// User or password.
    #[error("the server refuses user or password; type both again")]
    LoginRefused,
    /// The sender's address, or every addressee's.
    #[error("the server refuses the sender, or all addressees; look at the addresses")]
    AddressRefused,
    /// Anything else that it will not, for good.
    #[error("the server refuses the letter (code {code})")]
    Refused {
        /// What it answered.
        code: u16,
    },
    /// It will not now.
    #[error("the server does not take the letter for now (code {code})")]
    Later {
        /// What it answered.
        code: u16,
    },
    /// It did not answer in time. The letter may have been taken all the same.
    #[error("the server does not answer in time")]
    TooSlow,
    /// The line broke, or what came was no answer. The letter may have been taken all the same.
    #[error("the connection broke before the server said that it has the letter")]
    BrokenOff,
    /// More letters than may go out in a minute or a day.
    #[error("too many letters went out lately; the next ones wait")]
    Full,
}

impl Trouble {
    /// Whether the same letter may be taken later, without anybody changing the road.
    #[must_use]
    pub const fn may_pass(self) -> bool {
        match self {
            Self::NameUnknown
            | Self::NotReached
            | Self::Later { .. }
            | Self::TooSlow
            | Self::BrokenOff
            | Self::Full => true,
            Self::NoRoad
            | Self::TlsRefused
            | Self::CertificateRefused
            | Self::LoginRefused
            | Self::AddressRefused
            | Self::Refused { .. } => false,
        }
    }
}

/// What of a road is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// No server's name.
    #[error("the server's name")]
    Server,
    /// No port.
    #[error("the port")]
    Port,
    /// No user's name, or one that no server knows.
    #[error("the user")]
    User,
    /// A password without a user, a user without a password, a secret that is none.
    #[error("the password or secret")]
    Secret,
    /// No address.
    #[error("the sender's address")]
    From,
    /// None, too many, or one that is no address.
    #[error("the addressees")]
    To,
    /// No address of a webhook, or one that is not private.
    #[error("the webhook's address")]
    Url,
}

/// Bytes of a subject at most.
pub const LONGEST_SUBJECT: usize = 200;
/// Bytes of a letter's text at most.
pub const LONGEST_TEXT: usize = 16 * 1024;
/// Addressees of a road at most: what is taken over must not become a gun.
pub const MOST_ADDRESSEES: usize = 8;
