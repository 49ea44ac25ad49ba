//! Who has written to this practice, how often, and whom somebody here answered.
//! Holds addresses and counts, never a text; it stays on the practice's machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Authenticated;
use crate::message::{Address, Mail};
use crate::place;

/// What is remembered of senders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    people: BTreeMap<String, Seen>,
}

/// What is remembered of one address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The name last used.
    pub name: String,
    /// When it first wrote, in seconds since 1970.
    pub first: i64,
    /// When it last did.
    pub last: i64,
    /// How many messages came.
    pub received: u32,
    /// How many went back.
    pub answered: u32,
}

impl Memory {
    /// Nothing is remembered.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Somebody wrote. What a server refused to believe is not remembered.
    pub fn received(&mut self, mail: &Mail, authenticated: Authenticated, at: i64) {
        if authenticated == Authenticated::Refused || mail.from.len() != 1 {
            return;
        }
        let Some(sender) = mail.sender() else { return };
        let Some(key) = key(&sender.address) else {
            return;
        };
        let seen = self.people.entry(key).or_default();
        if seen.received == 0 && seen.answered == 0 {
            seen.first = at;
        }
        seen.received = seen.received.saturating_add(1);
        seen.last = seen.last.max(at);
        if !sender.name.is_empty() {
            seen.name.clone_from(&sender.name);
        }
    }

    /// Somebody here wrote to them.
    pub fn sent(&mut self, to: &Address, at: i64) {
        if let Some(key) = key(&to.address) {
            let seen = self.people.entry(key).or_default();
            if seen.received == 0 && seen.answered == 0 {
                seen.first = at;
            }
            seen.answered = seen.answered.saturating_add(1);
            seen.last = seen.last.max(at);
        }
    }

    /// What is remembered of an address.
    #[must_use]
    pub fn of(&self, address: &str) -> Option<&Seen> {
        self.people.get(&key(address)?)
    }

    /// The known address of somebody with this name, where it is one person's.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&str> {
        let mut found = self
            .people
            .iter()
            .filter(|(_, seen)| seen.received + seen.answered >= FAMILIAR)
            .filter(|(_, seen)| seen.name.to_lowercase() == name.to_lowercase());
        let (address, _) = found.next()?;
        found.next().is_none().then_some(address)
    }

    /// Domains that are written from often.
    pub fn domains(&self) -> Vec<&str> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for (address, seen) in &self.people {
            if let Some((_, host)) = address.rsplit_once('@') {
                *counts.entry(host).or_default() += seen.received + seen.answered;
            }
        }
        counts
            .into_iter()
            .filter(|(_, count)| *count >= FAMILIAR)
            .map(|(host, _)| host)
            .collect()
    }

    /// How many addresses are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// None is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Enough is remembered that a new sender is news.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.people.len() >= SETTLED
    }
}

fn key(address: &str) -> Option<String> {
    place::host_of(address)?;
    Some(address.trim().to_lowercase())
}

/// Messages after which somebody is no stranger.
const FAMILIAR: u32 = 3;
/// Addresses after which a memory can be surprised.
const SETTLED: usize = 30;

#[cfg(test)]
mod tests {
    use super::*;

    fn from(name: &str, address: &str) -> Mail {
        Mail {
            from: vec![Address {
                name: name.into(),
                address: address.into(),
            }],
            ..Mail::default()
        }
    }

    #[test]
    fn who_wrote_is_remembered() {
        let mut memory = Memory::new();
        for at in 0..4 {
            memory.received(
                &from("Zoé Petit", "Zoe@Labo.example"),
                Authenticated::Unknown,
                at,
            );
        }
        memory.sent(
            &Address {
                name: String::new(),
                address: "zoe@labo.example".into(),
            },
            9,
        );
        let seen = memory.of("ZOE@labo.example").unwrap();
        assert_eq!(
            (seen.received, seen.answered, seen.first, seen.last),
            (4, 1, 0, 9)
        );
        assert_eq!(memory.by_name("zoé petit"), Some("zoe@labo.example"));
        assert_eq!(memory.domains(), ["labo.example"]);
        assert_eq!((memory.len(), memory.is_empty()), (1, false));
        let kept = serde_json::to_string(&memory).unwrap();
        assert_eq!(serde_json::from_str::<Memory>(&kept).unwrap(), memory);
    }

    #[test]
    fn forged_and_broken_senders_are_not_remembered() {
        let mut memory = Memory::new();
        memory.received(&from("A", "a@b.example"), Authenticated::Refused, 0);
        memory.received(&from("A", "nobody"), Authenticated::Unknown, 0);
        memory.received(&Mail::default(), Authenticated::Unknown, 0);
        assert_eq!(memory, Memory::new());
        assert!(memory.is_empty());
    }
}
