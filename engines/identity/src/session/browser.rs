//! What a browser says that it is, in two words for the list of sessions. It may lie: nothing is decided by it.

use serde::{Deserialize, Serialize};

/// A browser on a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browser {
    /// Which browser.
    pub family: Family,
    /// On what.
    pub system: System,
}

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Firefox.
    Firefox,
    /// Edge.
    Edge,
    /// Opera.
    Opera,
    /// Chrome or Chromium.
    Chrome,
    /// Safari.
    Safari,
    /// Another one.
    Other,
}

/// On what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// An iPhone.
    IPhone,
    /// An iPad.
    IPad,
    /// Android.
    Android,
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
    /// Linux.
    Linux,
    /// Something else.
    Other,
}

impl Browser {
    /// Of a `User-Agent`. The first word found counts: each browser also names those whose pages it wants.
    #[must_use]
    pub fn of(agent: &str) -> Self {
        let start = (0..=agent.len().min(MOST_BYTES))
            .rev()
            .find(|at| agent.is_char_boundary(*at));
        let agent = agent.get(..start.unwrap_or(0)).unwrap_or_default();
        let family = FAMILIES.iter().find(|(word, _)| agent.contains(word));
        let system = SYSTEMS.iter().find(|(word, _)| agent.contains(word));
        Self {
            family: family.map_or(Family::Other, |(_, family)| *family),
            system: system.map_or(System::Other, |(_, system)| *system),
        }
    }
}

const MOST_BYTES: usize = 512;

const FAMILIES: [(&str, Family); 9] = [
    ("Firefox/", Family::Firefox),
    ("FxiOS/", Family::Firefox),
    ("Edg/", Family::Edge),
    ("EdgA/", Family::Edge),
    ("OPR/", Family::Opera),
    ("CriOS/", Family::Chrome),
    ("Chromium/", Family::Chrome),
    ("Chrome/", Family::Chrome),
    ("Safari/", Family::Safari),
];

const SYSTEMS: [(&str, System); 7] = [
    ("iPhone", System::IPhone),
    ("iPad", System::IPad),
    ("Android", System::Android),
    ("Windows", System::Windows),
    ("Mac OS X", System::MacOs),
    ("Macintosh", System::MacOs),
    ("Linux", System::Linux),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        for (agent, family, system) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                Family::Firefox,
                System::Linux,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                Family::Edge,
                System::Windows,
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
                Family::Chrome,
                System::Android,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                Family::Safari,
                System::IPhone,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                Family::Safari,
                System::MacOs,
            ),
            ("curl/8.5", Family::Other, System::Other),
            ("", Family::Other, System::Other),
        ] {
            assert_eq!(Browser::of(agent), Browser { family, system }, "{agent}");
        }
        assert_eq!(Browser::of(&"é".repeat(1_000_000)).family, Family::Other);
    }
}
