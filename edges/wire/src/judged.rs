//! What was answered when somebody asked about a message: how dangerous it is, and why in kinds. No word of it, no address; and
//! how it waits on the device until the courier takes it.

use hygie_model::Wall;
use serde::{Deserialize, Serialize};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// What was asked about.
    pub message: MessageSort,
    /// How dangerous it is.
    pub verdict: Danger,
    /// Kinds of reasons, as the judge calls them, the weightiest first.
    pub reasons: Vec<String>,
}

/// What somebody received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageSort {
    /// An e-mail.
    Mail,
    /// A text message.
    Sms,
}

/// How dangerous something is, in the words of contracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Danger {
    /// Nothing to worry about.
    Safe,
    /// To be checked.
    Doubtful,
    /// Probably a trap.
    Dangerous,
}

/// One that waits: a line of a file that whoever asked left for the courier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// When it was answered.
    pub at: Wall,
    /// What.
    #[serde(flatten)]
    pub judged: Judged,
}

impl Judged {
    /// With kinds of reasons alone: whatever is no word of the judge's is not kept, and neither are many.
    #[must_use]
    pub fn without_words(mut self) -> Self {
        self.reasons.retain(|reason| is_kind(reason));
        self.reasons.truncate(MOST_REASONS);
        self
    }
}

fn is_kind(reason: &str) -> bool {
    let is_sign = |sign: u8| sign.is_ascii_lowercase() || sign == b'-';
    (1..=LONGEST_KIND).contains(&reason.len()) && reason.bytes().all(is_sign)
}

const LONGEST_KIND: usize = 40;
const MOST_REASONS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_has_one_form() {
        let waiting = Waiting {
            at: Wall(0),
            judged: Judged {
                message: MessageSort::Sms,
                verdict: Danger::Dangerous,
                reasons: vec!["small-sum".to_owned()],
            },
        };
        let line = r#"{"at":"1970-01-01T00:00:00Z","message":"sms","verdict":"dangerous","reasons":["small-sum"]}"#;
        assert_eq!(serde_json::to_string(&waiting).unwrap(), line);
        assert_eq!(serde_json::from_str::<Waiting>(line).unwrap(), waiting);
    }

    #[test]
    fn kinds_alone_get_out() {
        let mut reasons: Vec<String> = [
            "wants-password",
            "zoe@labo.example",
            "Votre colis",
            "",
            "/srv/Dupont",
        ]
        .map(str::to_owned)
        .to_vec();
        reasons.extend((0..99).map(|_| "again".to_owned()));
        let judged = Judged {
            message: MessageSort::Mail,
            verdict: Danger::Safe,
            reasons,
        };
        let kept = judged.without_words().reasons;
        assert_eq!(
            (kept.len(), &kept[..2]),
            (32, &["wants-password".to_owned(), "again".to_owned()][..])
        );
    }
}
