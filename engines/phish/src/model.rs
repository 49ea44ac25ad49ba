//! How much each reason counts: a calibrated logistic layer for mails, one for SMS, learnt by `cargo xtask train phish`.
//! What speaks against a message can never lower its score, and what speaks for it never raise it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::message::Message;
use crate::reason::{Clue, Side};
use crate::text::Words;

/// What was learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// How mails read.
    pub mail_words: Words,
    /// How SMS read: nobody writes them as they write a mail.
    pub sms_words: Words,
    /// How reasons count in an e-mail.
    pub mail: Layer,
    /// How they count in an SMS.
    pub sms: Layer,
}

/// How reasons count, in hundredths of a natural unit of evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Layer {
    /// Where a message without any reason stands.
    pub start: i32,
    /// From here on it is to be checked.
    pub doubtful: i32,
    /// From here on it is probably a trap.
    pub probable: i32,
    /// From here on it is very probably one.
    pub very_probable: i32,
    /// The sum at which one of two messages is a trap.
    pub even: i32,
    /// How fast certainty grows with the sum, in hundredths.
    pub steepness: i32,
    /// The weights, by the clue's word.
    pub weights: BTreeMap<String, i32>,
}

/// The layers as a file.
#[derive(Serialize, Deserialize)]
struct File {
    mail: Layer,
    sms: Layer,
}

impl Model {
    /// The one that ships.
    #[must_use]
    pub fn built_in() -> Self {
        Self::read(
            include_str!("../data/layers.toml"),
            include_bytes!("../data/words.bin"),
        )
        .expect("files of the repository; a test reads them")
    }

    /// From the files that training writes.
    #[must_use]
    pub fn read(layers: &str, words: &[u8]) -> Option<Self> {
        let File { mail, sms } = toml::from_str(layers).ok()?;
        let (mail_words, sms_words) = words.split_at_checked(Words::LENGTH)?;
        let mail_words = Words::from_bytes(mail_words)?;
        let sms_words = Words::from_bytes(sms_words)?;
        (mail.is_monotone() && sms.is_monotone()).then_some(Self {
            mail_words,
            sms_words,
            mail,
            sms,
        })
    }

    /// The words as a file: those of mails, then those of SMS.
    #[must_use]
    pub fn words(&self) -> Vec<u8> {
        let mut bytes = self.mail_words.to_bytes();
        bytes.extend(self.sms_words.to_bytes());
        bytes
    }

    /// How messages of this kind read.
    #[must_use]
    pub fn words_of(&self, message: &Message) -> &Words {
        match message {
            Message::Mail(_) => &self.mail_words,
            Message::Sms(_) => &self.sms_words,
        }
    }

    /// The layers as a file.
    #[must_use]
    pub fn layers(&self) -> String {
        let file = File {
            mail: self.mail.clone(),
            sms: self.sms.clone(),
        };
        toml::to_string(&file).unwrap_or_default()
    }
}

impl Layer {
    /// How much a clue counts.
    #[must_use]
    pub fn weight(&self, clue: Clue) -> i32 {
        self.weights.get(clue.word()).copied().unwrap_or_default()
    }

    /// Of 0 to 1: how likely a message with this sum is a trap.
    #[must_use]
    pub fn likely(&self, sum: i32) -> f64 {
        let distance = f64::from(sum - self.even) / 100.0 * f64::from(self.steepness) / 100.0;
        // Ten thousandths are as exact as any of this is, and come back from every format as they were.
        (10_000.0 / (1.0 + (-distance).exp())).round() / 10_000.0
    }

    fn is_monotone(&self) -> bool {
        let known = |word: &str| Clue::ALL.iter().find(|clue| clue.word() == word);
        self.weights
            .iter()
            .all(|(word, weight)| match known(word).map(|clue| clue.side()) {
                Some(Side::Against) => *weight >= 0,
                Some(Side::For) => *weight <= 0,
                None => false,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_model_is_read_and_monotone() {
        let model = Model::built_in();
        for layer in [&model.mail, &model.sms] {
            assert!(layer.is_monotone());
            assert!(layer.start < layer.doubtful);
            assert!(layer.doubtful <= layer.probable && layer.probable <= layer.very_probable);
        }
        let again = Model::read(&model.layers(), &model.words());
        assert_eq!(again, Some(model));
    }

    #[test]
    fn a_layer_that_rewards_a_trap_is_refused() {
        let text = Model::built_in().layers();
        let wrong = text.replacen("[mail.weights]\n", "[mail.weights]\nxyz = 1\n", 1);
        assert!(Model::read(&wrong, &Model::built_in().words()).is_none());
        let mut layer = Layer::default();
        layer.weights.insert("impersonates".into(), -1);
        assert!(!layer.is_monotone());
    }
}
