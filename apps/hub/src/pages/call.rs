//! Whom to call, wherever an incident is told: the name and number of the settings, dialled by a tap.

use hygie_text::console::Shared;

use super::settings::help;
use crate::web::{fault::Fault, icon::Icon, visitor::Visitor};

/// Who is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) label: String,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) icon: String,
    /// The number as a telephone takes it.
    pub(super) dial: String,
}

/// Who was noted in the settings; none where nobody was.
pub(super) async fn call(visitor: &Visitor) -> Result<Option<Call>, Fault> {
    let help = help::known(visitor.practice()?).await?;
    Ok(help.map(|help| Call {
        label: visitor.speech.word(Shared::WhomToCall),
        icon: Icon::Phone.svg(),
        dial: help
            .phone
            .chars()
            .filter(|sign| sign.is_ascii_digit() || *sign == '+')
            .collect(),
        name: help.name,
        phone: help.phone,
    }))
}
