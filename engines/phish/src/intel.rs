//! What is known of the world and of the practice: institutions, hosts that anybody uses, whom one works with.
//! The built-in part is data of the repository; the practice's part is given and never kept here.

use serde::Deserialize;

use crate::fold::fold;
use crate::model::Model;
use crate::phrases::Phrases;
use crate::place::{self, is_below};

/// What is known.
#[derive(Clone, Debug)]
pub struct Intel {
    pub(crate) institutions: Vec<Institution>,
    pub(crate) hosts: Hosts,
    pub(crate) phrases: Phrases,
    pub(crate) practice: Practice,
    names: Phrases,
    model: Model,
}

/// What is known of the practice.
#[derive(Clone, Debug, Default)]
pub struct Practice {
    /// Its domains.
    pub domains: Vec<String>,
    /// Its people: name and address.
    pub people: Vec<(String, String)>,
    /// Domains that it really exchanges with.
    pub partners: Vec<String>,
}

/// Whom a trap may pretend to be.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Institution {
    /// As people call it.
    pub(crate) name: String,
    /// What it is recognised by.
    pub(crate) names: Vec<String>,
    /// What is its own.
    pub(crate) domains: Vec<String>,
    /// The names as hosts carry them, and the words that it registered: made once, for each host is compared with all of them.
    #[serde(skip)]
    joined: Vec<String>,
    #[serde(skip)]
    labels: Vec<String>,
}

/// Places that say nothing of who stands behind them.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Hosts {
    pub(crate) free_mail: Vec<String>,
    pub(crate) shorteners: Vec<String>,
    pub(crate) free_pages: Vec<String>,
    pub(crate) redirectors: Vec<String>,
    pub(crate) odd_endings: Vec<String>,
}

impl Intel {
    /// What the repository knows, and this practice.
    #[must_use]
    pub fn new(practice: Practice) -> Self {
        #[derive(Deserialize)]
        struct File {
            institution: Vec<Institution>,
        }
        let mut file: File = toml::from_str(include_str!("../data/institutions.toml"))
            .expect("a file of the repository; a test reads it");
        for one in &mut file.institution {
            one.joined = one.names.iter().map(|name| joined(name)).collect();
            let labels = one.domains.iter().map(|domain| place::label(domain));
            one.labels = labels.map(str::to_owned).collect();
        }
        let hosts = toml::from_str(include_str!("../data/hosts.toml"))
            .expect("a file of the repository; a test reads it");
        let names = file
            .institution
            .iter()
            .zip(0..)
            .flat_map(|(one, at)| one.names.iter().map(move |name| (at, name.clone())));
        Self {
            names: Phrases::new(names),
            phrases: Phrases::built_in(),
            institutions: file.institution,
            hosts,
            practice,
            model: Model::built_in(),
        }
    }

    /// The same with another model: training weighs what is seen anew.
    #[must_use]
    pub fn with_model(mut self, model: Model) -> Self {
        self.model = model;
        self
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    /// Institutions that a folded text names.
    pub(crate) fn named(&self, folded: &str) -> Vec<&Institution> {
        let mut found: Vec<usize> = self.names.find(folded).map(|hit| hit.topic).collect();
        found.sort_unstable();
        found.dedup();
        found
            .into_iter()
            .filter_map(|at| self.institutions.get(at))
            .collect()
    }

    /// Whose name a host carries or imitates that is not its own, and whether it only looks like it.
    pub(crate) fn borrowed(&self, host: &str) -> Option<Borrowed<'_>> {
        if self.is_owned(host) {
            return None;
        }
        let (seen, _) = idna::domain_to_unicode(host);
        let folded = fold(&seen);
        let own = place::label(&folded);
        let (bare, swapped_back) = (folded.replace('-', ""), unswapped(own));
        // What is registered as the name alone, under an ordinary ending, is its own elsewhere: amazon.com.au.
        let odd = self
            .hosts
            .odd_endings
            .iter()
            .any(|ending| ending == place::ending(host));
        for institution in &self.institutions {
            for theirs in &institution.labels {
                if theirs.len() < SHORTEST {
                    continue;
                }
                if own == theirs && (folded != *seen || odd) {
                    return Some(Borrowed {
                        institution,
                        alike: true,
                    });
                }
                let near = theirs.len() > SHORTEST + 1
                    && own.len().abs_diff(theirs.len()) <= 1
                    && is_one_off(own, theirs);
                if near || swapped_back == *theirs && own != theirs {
                    return Some(Borrowed {
                        institution,
                        alike: true,
                    });
                }
            }
            for name in &institution.joined {
                if carries(&folded, &bare, own, name) {
                    return Some(Borrowed {
                        institution,
                        alike: false,
                    });
                }
            }
        }
        None
    }

    /// A domain that the practice exchanges with and that this one is meant to be taken for.
    pub(crate) fn like_partner(&self, host: &str, known: &[&str]) -> Option<String> {
        let (seen, _) = idna::domain_to_unicode(host);
        let folded = fold(&seen);
        let own = place::label(&folded);
        let swapped_back = unswapped(own);
        let ours = self
            .practice
            .partners
            .iter()
            .chain(&self.practice.domains)
            .map(String::as_str);
        ours.chain(known.iter().copied())
            .filter(|domain| !is_below(host, domain))
            .find(|domain| {
                let theirs = place::label(domain);
                let alike = own == theirs || swapped_back == theirs;
                theirs.len() >= SHORTEST
                    && (alike || theirs.len() > SHORTEST && is_one_off(own, theirs))
            })
            .map(str::to_owned)
    }

    /// Some institution's own.
    pub(crate) fn is_owned(&self, host: &str) -> bool {
        self.institutions.iter().any(|one| one.owns(host))
    }

    /// A mailbox that anybody opens.
    pub(crate) fn is_free_mail(&self, host: &str) -> bool {
        self.hosts
            .free_mail
            .iter()
            .any(|domain| is_below(host, domain))
    }
}

/// A name that a host has no right to.
pub(crate) struct Borrowed<'a> {
    /// Whose name.
    pub(crate) institution: &'a Institution,
    /// It only looks like it.
    pub(crate) alike: bool,
}

impl Institution {
    /// Its own host: one of its domains, or its very name registered elsewhere.
    pub(crate) fn owns(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| is_below(host, domain))
    }

    /// It could be its own, in a country that the list does not have.
    pub(crate) fn may_own(&self, host: &str, intel: &Intel) -> bool {
        let odd = intel
            .hosts
            .odd_endings
            .iter()
            .any(|ending| ending == place::ending(host));
        let label = place::label(host);
        self.owns(host)
            || !odd
                && self
                    .joined
                    .iter()
                    .any(|name| *name == label.replace('-', ""))
            || !odd && self.labels.iter().any(|theirs| theirs == label)
    }
}

/// The host has the name as a word of its own, or within one that somebody put together.
fn carries(host: &str, bare: &str, own: &str, name: &str) -> bool {
    if own == name {
        return false;
    }
    let is_word = || host.split(['.', '-', '_']).any(|word| word == name);
    name.len() >= 6 && bare.contains(name) || name.len() >= 3 && is_word()
}

/// One letter more, less, another or swapped with its neighbour.
fn is_one_off(one: &str, other: &str) -> bool {
    let long = |text: &str| text.chars().count();
    let same = |(a, b): &(char, char)| a == b;
    let before = one.chars().zip(other.chars()).take_while(same).count();
    let after = one.chars().rev().zip(other.chars().rev());
    let after = after.take_while(same).count();
    // Nearly all differ in more, and measuring how far takes a hundred times as long.
    before + after + 2 >= long(one).max(long(other)) && strsim::osa_distance(one, other) == 1
}

fn joined(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Digits and pairs as the letters that they are drawn like.
fn unswapped(label: &str) -> String {
    label
        .replace("rn", "m")
        .replace("vv", "w")
        .replace('0', "o")
        .replace('1', "l")
        .replace('3', "e")
        .replace('5', "s")
}

/// Shorter names are near to too many honest ones.
const SHORTEST: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_in_order() {
        let intel = Intel::new(Practice::default());
        let mut names = Vec::new();
        let mut domains = Vec::new();
        for one in &intel.institutions {
            for name in &one.names {
                assert_eq!(fold(name), *name, "{}", one.name);
                names.push(name);
            }
            for domain in &one.domains {
                assert!(
                    psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known()),
                    "{domain}"
                );
                domains.push(domain);
            }
        }
        for mut list in [names, domains] {
            let all = list.len();
            list.sort();
            list.dedup();
            assert_eq!(list.len(), all);
        }
    }

    #[test]
    fn borrowed_names_are_seen() {
        let intel = Intel::new(Practice::default());
        for (host, whose, alike) in [
            ("ameli-carte-vitale.example", "l'Assurance Maladie", false),
            ("www.arneli.fr", "l'Assurance Maladie", true),
            ("doctolib.secure-login.example", "Doctolib", false),
            ("docto1ib.fr", "Doctolib", true),
            ("xn--pypal-4ve.com", "PayPal", true),
            ("impots-gouv.remboursement.example", "les impôts", false),
            ("mon-chronopost-colis.example", "Chronopost", false),
            ("doctolib.top", "Doctolib", true),
        ] {
            let found = intel.borrowed(host).unwrap_or_else(|| panic!("{host}"));
            assert_eq!(
                (&*found.institution.name, found.alike),
                (whose, alike),
                "{host}"
            );
        }
        for host in [
            "www.ameli.fr",
            "assure.ameli.fr",
            "amazon.com.au",
            "tilleuls.example",
            "cabinet-martin.fr",
            "sfrench.example",
            "pineapple.example",
            "github.com",
            "lists.debian.org",
            "mail.yahoo.com",
        ] {
            assert!(intel.borrowed(host).is_none(), "{host}");
        }
    }

    #[test]
    fn what_is_one_off_is_at_a_distance_of_one() {
        let words = [
            "ameli",
            "amelli",
            "ameil",
            "aneli",
            "meli",
            "amel",
            "ameli",
            "ilema",
            "doctolib",
            "docotlib",
            "doctolibb",
            "été",
            "éte",
            "tée",
            "",
            "a",
            "ab",
            "ba",
        ];
        for one in words {
            for other in words {
                let far = strsim::osa_distance(one, other);
                assert_eq!(is_one_off(one, other), far == 1, "{one} {other}");
            }
        }
    }

    #[test]
    fn partners_are_compared_too() {
        let intel = Intel::new(Practice {
            partners: vec!["fdouest.example".into()],
            ..Practice::default()
        });
        assert_eq!(
            intel.like_partner("fdouset.example", &[]).as_deref(),
            Some("fdouest.example")
        );
        assert_eq!(intel.like_partner("fdouest.example", &[]), None);
        assert_eq!(
            intel
                .like_partner("labo-sud.example", &["labosud.example"])
                .as_deref(),
            Some("labosud.example")
        );
        assert_eq!(
            intel.like_partner("other.example", &["labosud.example"]),
            None
        );
    }
}
