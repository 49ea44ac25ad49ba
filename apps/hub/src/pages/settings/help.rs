//! Whom to call: the IT provider's name and number, for the notices of this page's neighbours.

use axum::response::Response;
use hygie_store::{Json, Practice, Setting};
use hygie_text::console::Settings;
use serde::{Deserialize, Serialize};

use super::{Slip, draw, is_too_long, tidy, too_long};
use crate::web::{
    fault::Fault,
    form::Sent,
    visitor::{Visitor, see},
};

/// The setting's name.
pub(crate) const NAME: &str = "help";

/// Who is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Help {
    /// How people call her.
    #[serde(default)]
    pub(crate) name: String,
    /// Her number, as it was typed.
    #[serde(default)]
    pub(crate) phone: String,
}

/// Who was noted; `None` where nobody was.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn known(practice: Practice<'_>) -> Result<Option<Help>, Fault> {
    let setting = practice.setting(NAME).await?;
    Ok(setting.map(|setting| setting.value.get()).transpose()?)
}

pub(super) async fn change(visitor: Visitor, Sent(typed): Sent<Help>) -> Result<Response, Fault> {
    let help = Help {
        name: tidy(&typed.name),
        phone: tidy(&typed.phone),
    };
    let help_name = if help.name.is_empty() {
        Some(visitor.speech.word(Settings::HelpNameMissing))
    } else {
        is_too_long(&help.name).then(|| too_long(&visitor))
    };
    let wrong = || visitor.speech.word(Settings::HelpPhoneWrong);
    let help_phone = (!is_phone(&help.phone)).then(wrong);
    if help_name.is_some() || help_phone.is_some() {
        let slip = Slip {
            help: Some(typed),
            help_name,
            help_phone,
            ..Slip::default()
        };
        return draw(&visitor, slip, None).await;
    }
    let note = visitor
        .note()?
        .with("name", help.name.as_str())
        .with("phone", help.phone.as_str());
    visitor.tell("setting.help", note).await?;
    let setting = Setting {
        name: NAME.to_owned(),
        value: Json::of(&help)?,
        changed: visitor.now,
        by: Some(visitor.person()?),
    };
    visitor.practice()?.set(&setting).await?;
    Ok(see("/settings?done=help"))
}

/// Digits with what people write between them; a plus only before them.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    let signs = rest
        .chars()
        .all(|sign| sign.is_ascii_digit() || " .-()/".contains(sign));
    (3..=15).contains(&digits) && signs && text.len() <= 30
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for good in [
            "01 99 00 12 34",
            "+33 1.99.00.12.34",
            "3237",
            "(01) 99-00/12 34",
            "15 15",
        ] {
            assert!(is_phone(good), "{good}");
        }
        for bad in [
            "",
            "15",
            "01 99 00 12 34 ext. 5",
            "1234567890123456",
            "01+99+00",
            "tel:0199001234",
            "٠١٢٣",
        ] {
            assert!(!is_phone(bad), "{bad}");
        }
        assert!(!is_phone(&format!("15{}15", " ".repeat(40))));
    }
}
