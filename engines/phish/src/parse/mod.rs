//! From bytes to a [`Message`]: hostile input, read within bounds by the field's parsers.
//! Meant to run in the sandbox; never fails, never executes, never looks anything up.

mod archive;
mod bounds;
mod code;
mod corners;
mod file;
mod html;
mod mail;
mod outlook;
mod pasted;
mod pdf;
mod plain;
mod readings;
mod rtf;
mod style;

pub(crate) use bounds::beginning;
pub(crate) use file::{PROGRAMS, SCRIPTS, ends_with};
pub use pasted::{is_passed_on, is_source, pasted};

use crate::message::{File, Mail, Message, Sms};

/// Reads an e-mail: as it travelled (RFC 5322), or as Outlook keeps it (.msg).
#[must_use]
pub fn mail(raw: &[u8]) -> Message {
    Message::Mail(Box::new(read_mail(raw)))
}

/// Reads the text of an SMS and the number or name that the telephone shows.
#[must_use]
pub fn sms(text: &str, sender: Option<&str>) -> Message {
    Message::Sms(Sms {
        sender: sender.map(|sender| bounds::beginning(sender, bounds::WORD).to_owned()),
        body: plain::read(text.trim()),
    })
}

/// Reads something attached: what the fuzzer of all that is no mail looks at.
#[must_use]
pub fn attached(name: &str, bytes: &[u8]) -> File {
    file::read_of(name, bytes, &mut code::Points::of_a_message())
}

/// Reads an e-mail, as itself.
#[must_use]
pub fn read_mail(raw: &[u8]) -> Mail {
    mail::read(raw)
}
