//! What an authority may speak for: the console's name, its addresses, and whose it is.
//! Texts of the hub become these types or nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// The name that passkeys bind to: of two labels or more, in lower case, letters as a DNS name has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConsoleName(String);

/// How people call their practice, as the authority's own name ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PracticeLabel(String);

/// All that one console's authority may ever speak for; this computer itself is always in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    name: Option<ConsoleName>,
    addresses: Vec<IpAddr>,
}

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Empty, or longer than 253 bytes (a name) or 48 letters (a practice).
    #[error("empty or too long")]
    Length,
    /// One label alone, `localhost` for example: a passkey bound to it would be every machine's.
    #[error("a name of one label alone; choose one that ends in .local, or a domain")]
    OneLabel,
    /// A label is empty, too long, or begins or ends with a hyphen.
    #[error("a part between two dots is empty, too long, or begins or ends with a hyphen")]
    Label,
    /// A sign that stands in no name, or a name written in other letters than a to z.
    #[error("a sign that cannot stand in a name")]
    Sign,
    /// An address in place of a name, or a name that means this computer.
    #[error("an address, or a name below localhost")]
    NoName,
}

/// Why addresses cannot be spoken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// More than sixteen.
    #[error("more than {MOST_ADDRESSES} addresses")]
    TooMany,
    /// No single machine has it.
    #[error("{0} is no machine's address")]
    Nobody(IpAddr),
}

impl ConsoleName {
    /// Reads a name.
    ///
    /// # Errors
    /// The first thing in it that is not right.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let text = text.to_ascii_lowercase();
        if text.is_empty() || text.len() > LONGEST_NAME {
            return Err(NameError::Length);
        }
        let fits = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
        if text.contains(|sign: char| !fits(sign) && sign != '.') {
            return Err(NameError::Sign);
        }
        let labels: Vec<&str> = text.split('.').collect();
        let bad = |label: &&str| {
            label.is_empty()
                || label.len() > LONGEST_LABEL
                || label.starts_with('-')
                || label.ends_with('-')
        };
        if labels.iter().any(bad) {
            return Err(NameError::Label);
        }
        let [.., _, last] = labels.as_slice() else {
            return Err(NameError::OneLabel);
        };
        // Programs take a name whose last label is a number for an address.
        let number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
        if number || *last == LOCALHOST {
            return Err(NameError::NoName);
        }
        Ok(Self(text))
    }

    /// The name as it stands in a certificate.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PracticeLabel {
    /// Reads a label: letters, digits, spaces and a few signs, nothing that hides or turns text.
    ///
    /// # Errors
    /// It is empty, too long, or holds another sign.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST_PRACTICE {
            return Err(NameError::Length);
        }
        let fits = |sign: char| sign.is_alphanumeric() || " '’-.,&()/".contains(sign);
        if !text.chars().all(fits) {
            return Err(NameError::Sign);
        }
        Ok(Self(text.to_owned()))
    }

    /// The label as people wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Allowed {
    /// The console under this name (none before one is chosen) and at these addresses.
    ///
    /// # Errors
    /// An address that no machine has, or too many.
    pub fn new(name: Option<ConsoleName>, addresses: &[IpAddr]) -> Result<Self, AddressError> {
        if addresses.len() > MOST_ADDRESSES {
            return Err(AddressError::TooMany);
        }
        let mut all = LOOPBACK.to_vec();
        for address in addresses {
            let address = address.to_canonical();
            let broadcast = address == IpAddr::V4(Ipv4Addr::BROADCAST);
            if address.is_unspecified() || address.is_multicast() || broadcast {
                return Err(AddressError::Nobody(address));
            }
            all.push(address);
        }
        all.sort_unstable();
        all.dedup();
        Ok(Self {
            name,
            addresses: all,
        })
    }

    /// The chosen name; none while the set-up page is served.
    #[must_use]
    pub fn name(&self) -> Option<&ConsoleName> {
        self.name.as_ref()
    }

    /// Its addresses, sorted, those of this computer to itself among them.
    #[must_use]
    pub fn addresses(&self) -> &[IpAddr] {
        &self.addresses
    }

    /// All DNS names, the chosen one first.
    pub fn dns_names(&self) -> impl Iterator<Item = &str> {
        let chosen = self.name.as_ref().map(ConsoleName::as_str);
        chosen.into_iter().chain([LOCALHOST])
    }

    /// Says whether nothing in `other` would need a fresh authority.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let named = other.name.is_none() || self.name == other.name;
        named
            && other
                .addresses
                .iter()
                .all(|one| self.addresses.contains(one))
    }
}

impl TryFrom<String> for ConsoleName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(&text)
    }
}

impl From<ConsoleName> for String {
    fn from(name: ConsoleName) -> Self {
        name.0
    }
}

impl TryFrom<String> for PracticeLabel {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(&text)
    }
}

impl From<PracticeLabel> for String {
    fn from(label: PracticeLabel) -> Self {
        label.0
    }
}

pub(super) const LOCALHOST: &str = "localhost";
const LOOPBACK: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
];
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;
/// With the words before it, no more than the 64 letters of a common name.
const LONGEST_PRACTICE: usize = 48;
const MOST_ADDRESSES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_passkey_can_bind_to_are_accepted() {
        let long = format!("{}.local", "a".repeat(63));
        for (text, read) in [
            ("hygie.local", "hygie.local"),
            ("HYGIE.Local", "hygie.local"),
            (
                "console.cabinet-durand.example",
                "console.cabinet-durand.example",
            ),
            ("xn--cabinet-lne-ieb.example", "xn--cabinet-lne-ieb.example"),
            ("1.example", "1.example"),
            ("3com.example", "3com.example"),
            (long.as_str(), long.as_str()),
        ] {
            assert_eq!(ConsoleName::new(text).unwrap().as_str(), read, "{text}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let label = format!("{}.local", "a".repeat(64));
        let long = format!("{}local", "a.".repeat(125));
        for (text, why) in [
            ("", NameError::Length),
            (long.as_str(), NameError::Length),
            ("localhost", NameError::OneLabel),
            ("local", NameError::OneLabel),
            ("hygie", NameError::OneLabel),
            ("cabinet.localhost", NameError::NoName),
            ("192.168.1.10", NameError::NoName),
            ("a.0x7f", NameError::NoName),
            ("::1", NameError::Sign),
            ("hygie.local.", NameError::Label),
            (".local", NameError::Label),
            ("a..local", NameError::Label),
            ("-a.local", NameError::Label),
            ("a-.local", NameError::Label),
            (label.as_str(), NameError::Label),
            ("*.local", NameError::Sign),
            ("hygie.local:8443", NameError::Sign),
            ("https://hygie.local", NameError::Sign),
            ("hygie_1.local", NameError::Sign),
            ("hy gie.local", NameError::Sign),
            ("hygie.local\0.evil.example", NameError::Sign),
            ("hygie.local\n", NameError::Sign),
            ("hygié.local", NameError::Sign),
            ("hуgie.local", NameError::Sign), // a Cyrillic letter
        ] {
            assert_eq!(ConsoleName::new(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn every_two_signs_around_a_dot_are_a_name_or_refused_for_a_reason() {
        for first in '\0'..='\u{ff}' {
            for last in '\0'..='\u{ff}' {
                let text = format!("{first}.{last}");
                let Ok(name) = ConsoleName::new(&text) else {
                    continue;
                };
                assert!(first.is_ascii_alphanumeric(), "{text:?}");
                assert!(last.is_ascii_alphabetic(), "{text:?}");
                assert_eq!(ConsoleName::new(name.as_str()).as_ref(), Ok(&name));
            }
        }
    }

    #[test]
    fn labels_of_practices_are_read_as_people_write_them() {
        let fits = "é".repeat(48);
        for text in [
            "Dr Durand",
            "  SELARL Léa & Noé (Évry)  ",
            "Maison de santé de l’Île",
            fits.as_str(),
        ] {
            assert_eq!(PracticeLabel::new(text).unwrap().as_str(), text.trim());
        }
        for (text, why) in [
            ("", NameError::Length),
            ("   ", NameError::Length),
            (&*"é".repeat(49), NameError::Length),
            ("Dr\nDurand", NameError::Sign),
            ("Dr \u{202e}dnaruD", NameError::Sign),
            ("Dr\u{200b}Durand", NameError::Sign),
            ("<b>Dr</b>", NameError::Sign),
            ("a\0b", NameError::Sign),
        ] {
            assert_eq!(PracticeLabel::new(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn this_computer_is_always_among_what_may_be_spoken_for() {
        let allowed = Allowed::new(None, &[]).unwrap();
        assert_eq!(allowed.dns_names().collect::<Vec<_>>(), ["localhost"]);
        assert_eq!(allowed.addresses(), LOOPBACK);
        let lan: Vec<IpAddr> = vec![
            "192.168.1.10".parse().unwrap(),
            "::ffff:192.168.1.10".parse().unwrap(),
        ];
        let name = ConsoleName::new("hygie.local").unwrap();
        let named = Allowed::new(Some(name), &lan).unwrap();
        assert_eq!(
            named.dns_names().collect::<Vec<_>>(),
            ["hygie.local", "localhost"]
        );
        assert_eq!(named.addresses().len(), 3, "one address under two names");
        assert!(named.covers(&allowed) && named.covers(&named));
        assert!(!allowed.covers(&named));
    }

    #[test]
    fn addresses_of_nobody_are_refused() {
        for text in [
            "0.0.0.0",
            "::",
            "224.0.0.251",
            "ff02::fb",
            "255.255.255.255",
        ] {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(
                Allowed::new(None, &[address]),
                Err(AddressError::Nobody(address))
            );
        }
        let many = vec![IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)); 17];
        assert_eq!(Allowed::new(None, &many), Err(AddressError::TooMany));
        assert!(Allowed::new(None, &many[..16]).is_ok());
    }
}
