//! When a practice wants to be told: its quiet hours, how long the second road waits, and in which language letters are.

use std::time::Duration;

use hygie_alert::{Quiet, Rules};
use hygie_store::{Practice, StoreError};
use hygie_text::{Language, TimeZone};
use serde::{Deserialize, Serialize};

/// The setting's name.
pub(crate) const NAME: &str = "alerts";

/// What is set; whoever sets nothing has the usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wishes {
    /// When it sleeps.
    pub(crate) quiet: Quiet,
    /// Hours until the second road, quiet ones not counted.
    pub(crate) second: u8,
    /// `fr` or `en`.
    pub(crate) english: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            quiet: Quiet::default(),
            second: 4,
            english: false,
        }
    }
}

impl Wishes {
    /// In which language letters are written.
    pub(crate) const fn language(self) -> Language {
        if self.english {
            Language::En
        } else {
            Language::Fr
        }
    }

    /// As the engine has them.
    pub(super) fn rules(self, zone: TimeZone) -> Rules {
        Rules {
            zone,
            quiet: self.quiet,
            second_after: Duration::from_secs(u64::from(self.second) * 60 * 60),
        }
    }
}

/// What a practice wants.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn of(practice: Practice<'_>) -> Result<Wishes, StoreError> {
    let setting = practice.setting(NAME).await?;
    let wishes = setting.map(|setting| setting.value.get()).transpose()?;
    Ok(wishes.unwrap_or_default())
}
