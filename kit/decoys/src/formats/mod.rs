//! One file a family of formats; each makes bytes of a seed.

mod archive;
mod database;
mod dicom;
mod health;
mod mail;
mod office;
mod pdf;
mod picture;
mod plain;
mod secret;
mod sheet;

use crate::dice::Dice;
use crate::place::Place;
use crate::prose::Letter;
use crate::{Kind, Scale};

pub(crate) fn make(dice: &mut Dice, kind: Kind, place: &Place, scale: Scale) -> Vec<u8> {
    let length = letter_length(dice);
    let letter = |dice: &mut Dice| Letter::new(dice, place, length);
    match kind {
        Kind::Docx => office::docx(
            &letter(dice),
            &picture::thumbnail(dice, place, picture::Format::Jpeg),
        ),
        Kind::Odt => office::odt(
            &letter(dice),
            &picture::thumbnail(dice, place, picture::Format::Png),
        ),
        Kind::Rtf => plain::rtf(&letter(dice)),
        Kind::Text => plain::text(&letter(dice)),
        Kind::Html => plain::html(&letter(dice)),
        Kind::Pdf if dice.once_in(3) => {
            let page = picture::jpeg(dice, place, picture::Look::Paper, scale);
            pdf::scan(&letter(dice), &page)
        }
        Kind::Pdf => pdf::report(&letter(dice)),
        Kind::Jpeg => picture::jpeg(dice, place, picture::Look::Photo, scale).bytes,
        Kind::Png => picture::png(dice, place),
        Kind::Dicom => dicom::image(dice, place, scale),
        Kind::Sqlite => database::practice(dice, scale),
        Kind::Xlsx => sheet::xlsx(dice, place),
        Kind::Ods => sheet::ods(dice, place),
        Kind::Csv => sheet::csv(dice, place),
        Kind::Mail => mail::message(dice, place),
        Kind::Hl7 => health::hl7(dice, place),
        Kind::Cda => health::cda(dice, place),
        Kind::Keepass => secret::keepass(dice),
        Kind::Pgp => secret::pgp(dice),
        Kind::Zip => archive::backup(dice, place),
    }
}

/// Most letters have a page, some have many.
fn letter_length(dice: &mut Dice) -> usize {
    let most = if dice.once_in(8) { 40_000 } else { 6_000 };
    dice.between(800, most) as usize
}

/// Text between the tags of XML and HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
