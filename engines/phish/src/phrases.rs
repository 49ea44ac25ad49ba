//! Words that traps use, found in one pass and only as whole words.
//! The lists are data (`data/phrases.toml`); here is no word of any language.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

/// Phrases by topic.
#[derive(Clone, Debug)]
pub(crate) struct Phrases {
    finder: AhoCorasick,
    topics: Vec<usize>,
    open: Vec<bool>,
}

/// A phrase that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The number of its topic.
    pub(crate) topic: usize,
    /// Where it stands in the folded text.
    pub(crate) range: Range<usize>,
}

/// What phrases are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Topic {
    Urgency,
    Threat,
    Account,
    Secrets,
    Gift,
    Secrecy,
    BankChange,
    Fortune,
    Extortion,
    Parcel,
    Refund,
    Fine,
    Invoice,
    CallBack,
    Stranger,
    Click,
    Errand,
    Password,
    FileKey,
    Health,
    Coins,
    Miracle,
    NewNumber,
}

impl Topic {
    pub(crate) const ALL: [Self; 23] = [
        Self::Urgency,
        Self::Threat,
        Self::Account,
        Self::Secrets,
        Self::Gift,
        Self::Secrecy,
        Self::BankChange,
        Self::Fortune,
        Self::Extortion,
        Self::Parcel,
        Self::Refund,
        Self::Fine,
        Self::Invoice,
        Self::CallBack,
        Self::Stranger,
        Self::Click,
        Self::Errand,
        Self::Password,
        Self::FileKey,
        Self::Health,
        Self::Coins,
        Self::Miracle,
        Self::NewNumber,
    ];
}

impl Phrases {
    /// The lists of the repository; topics are numbered as in [`Topic::ALL`].
    pub(crate) fn built_in() -> Self {
        #[derive(Deserialize)]
        struct File {
            phrases: Vec<List>,
        }
        #[derive(Deserialize)]
        struct List {
            topic: Topic,
            fr: Vec<String>,
            en: Vec<String>,
        }
        let file: File = toml::from_str(include_str!("../data/phrases.toml"))
            .expect("a file of the repository; a test reads it");
        Self::new(file.phrases.into_iter().flat_map(|list| {
            let topic = Topic::ALL
                .iter()
                .position(|one| *one == list.topic)
                .unwrap_or_default();
            list.fr
                .into_iter()
                .chain(list.en)
                .map(move |phrase| (topic, phrase))
        }))
    }

    /// Folded phrases with their topics; one that ends with `~` goes on in any way.
    pub(crate) fn new(phrases: impl IntoIterator<Item = (usize, String)>) -> Self {
        let (mut topics, mut open, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (topic, phrase) in phrases {
            topics.push(topic);
            open.push(phrase.ends_with('~'));
            texts.push(phrase.trim_end_matches('~').to_owned());
        }
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&texts)
            .expect("a few hundred short phrases of the repository; a test builds them");
        Self {
            finder,
            topics,
            open,
        }
    }

    /// Phrases of a folded text, whole words only.
    pub(crate) fn find(&self, folded: &str) -> impl Iterator<Item = Hit> {
        let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        self.finder.find_iter(folded).filter_map(move |found| {
            let at = found.pattern().as_usize();
            let before = folded[..found.start()].chars().next_back();
            let after = folded[found.end()..].chars().next();
            let whole = !is_letter(before) && (self.open[at] || !is_letter(after));
            whole.then(|| Hit {
                topic: self.topics[at],
                range: found.range(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    #[test]
    fn the_lists_are_folded_and_said_once() {
        let text: toml::Table = toml::from_str(include_str!("../data/phrases.toml")).unwrap();
        let mut all = Vec::new();
        for list in text["phrases"].as_array().unwrap() {
            for language in ["fr", "en"] {
                for phrase in list[language].as_array().unwrap() {
                    let phrase = phrase.as_str().unwrap();
                    assert_eq!(fold(phrase), phrase);
                    all.push(phrase);
                }
            }
        }
        all.sort_unstable();
        let twice: Vec<_> = all.windows(2).filter(|two| two[0] == two[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        for topic in Topic::ALL {
            let at = Topic::ALL.iter().position(|one| *one == topic);
            assert!(
                Phrases::built_in().topics.contains(&at.unwrap()),
                "{topic:?}"
            );
        }
    }

    #[test]
    fn whole_words_are_found() {
        let phrases = Phrases::new([(0, "ups".into()), (1, "suspend~".into())]);
        let found: Vec<Hit> = phrases.find("cups ups, suspended").collect();
        assert_eq!(
            found,
            [
                Hit {
                    topic: 0,
                    range: 5..8
                },
                Hit {
                    topic: 1,
                    range: 10..17
                }
            ]
        );
    }
}
