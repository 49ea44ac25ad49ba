//! Sends letters: by SMTP with TLS, and to webhooks after the Standard Webhooks scheme. Says whether a mail is from whom it says.
//! Never speaks without TLS to another machine (but to the system's resolver), never follows where an answer points, never
//! decides whom to write to.

mod line;
mod mail;
pub mod sender;
mod tls;
mod way;
mod webhook;

use std::time::Duration;

use hygie_model::{
    Wall,
    letter::{Letter, Trouble},
};
use uuid::Uuid;

pub use tls::{TlsError, Trust};
pub use way::{Way, is_letter, leads_as};

/// The server accepted a letter. Nobody has read it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Addresses that it did not want; the letter went to the others.
    pub left_out: Vec<String>,
}

/// Sends one letter by one way, and says what the server said. Its number goes with it, so that whoever gets it twice
/// knows.
///
/// # Errors
/// It was not taken, or nobody knows whether it was.
pub async fn send(
    trust: &Trust,
    way: &Way,
    id: Uuid,
    letter: &Letter,
    now: Wall,
) -> Result<Taken, Trouble> {
    let sent = async {
        match way {
            Way::Mail(mail) => mail::send(trust, mail, id, letter, now).await,
            Way::Webhook(webhook) => webhook::send(trust, webhook, id, letter, now).await,
        }
    };
    tokio::time::timeout(LONGEST, sent)
        .await
        .unwrap_or(Err(Trouble::TooSlow))
}

/// For a whole letter, whatever a server does: shorter than whoever asks waits.
const LONGEST: Duration = Duration::from_secs(45);

#[cfg(test)]
mod tests;
