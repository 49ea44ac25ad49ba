//! Mail as a client exports it, with a report attached.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::pdf;
use crate::MARK;
use crate::dice::Dice;
use crate::place::Place;
use crate::prose::Letter;

/// RFC 5322 and MIME; addresses that lead nowhere.
pub(super) fn message(dice: &mut Dice, place: &Place) -> Vec<u8> {
    let letter = Letter::new(dice, place, 1_200);
    let day = place.day;
    let subject = word(&format!("Avis pour {}", place.person.polite()));
    let boundary = format!("----=_fictif_{:016x}", dice.word());
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = months.get(day.month as usize - 1).unwrap_or(&"Jan");
    let mut mail = format!(
        "Return-Path: <secretariat@cabinet.example>\r\nMessage-ID: <{:016x}@cabinet.example>\r\nDate: {} {month} {} 09:30:00 +0100\r\nFrom: {} <secretariat@cabinet.example>\r\nTo: {} <confrere@hopital.example>\r\nSubject: {subject}\r\nX-Mention: {MARK}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n",
        dice.word(),
        day.day,
        day.year,
        word(place.doctor),
        word(place.colleague)
    );
    let _infallible = write!(
        mail,
        "--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--{boundary}\r\nContent-Type: application/pdf; name=\"compte-rendu.pdf\"\r\nContent-Disposition: attachment; filename=\"compte-rendu.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--{boundary}--\r\n",
        folded(letter.text("\r\n\r\n").as_bytes()),
        folded(&pdf::report(&letter))
    );
    mail.into_bytes()
}

/// A word of a header that is not ASCII.
fn word(text: &str) -> String {
    format!("=?UTF-8?B?{}?=", STANDARD.encode(text))
}

/// Base64 in lines of 76 characters.
pub(super) fn folded(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let mut lines = String::with_capacity(text.len() + text.len() / 38);
    for (at, character) in text.char_indices() {
        if at > 0 && at % 76 == 0 {
            lines.push_str("\r\n");
        }
        lines.push(character);
    }
    lines + "\r\n"
}
