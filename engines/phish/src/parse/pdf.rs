//! Where a PDF leads: its links, and the codes to scan in its pictures, also where it is packed, or locked with an empty password.
//! Draws no page: what is drawn line by line is not read. Nothing is unpacked before it is known how much comes out.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, Stream};
use hayro_syntax::{DecryptionError, Filter, LoadPdfError, Pdf};
use image::GrayImage;
use memchr::memmem;

use super::code::{self, Points};
use super::{bounds, plain};
use crate::message::{By, File, Link};

/// Fills in where it leads, and whether it is locked.
pub(super) fn read(file: &mut File, bytes: &[u8], points: &mut Points) {
    let mut links = Links(Vec::new());
    in_clear(bytes, &mut links);
    let scan = scanned(bytes, &mut links);
    if bytes.len() > MOST_BYTES || !scan.is_tame {
        file.body.page.cut = true;
    } else {
        let sealed = bytes.windows(8).any(|word| word == b"/Encrypt");
        if sealed && bytes.len() > MOST_SEALED {
            file.body.page.cut = true;
        } else {
            match Pdf::new(scan.bytes.into_owned()) {
                Ok(pdf) => Walk::of(&mut links, points).walk(&pdf),
                Err(LoadPdfError::Decryption(error)) => {
                    file.sealed = error == DecryptionError::PasswordProtected;
                }
                // Torn: what stands in clear was found above.
                Err(LoadPdfError::Invalid) => {}
            }
        }
    }
    file.body.links = links.0;
}

struct Links(Vec<Link>);

impl Links {
    fn is_full(&self) -> bool {
        self.0.len() >= bounds::NAMES
    }

    fn add(&mut self, written: &[u8], by: By) {
        let target = plain::target(&text(written));
        if !target.is_empty() && !self.is_full() && self.0.iter().all(|one| one.target != target) {
            self.0.push(Link {
                target,
                start: 0,
                end: 0,
                by,
            });
        }
    }
}

/// Words of a document: UTF-16 where they say so, else one letter a byte or UTF-8.
fn text(written: &[u8]) -> Cow<'_, str> {
    match written.strip_prefix(b"\xfe\xff") {
        Some(wide) => encoding_rs::UTF_16BE.decode_without_bom_handling(wide).0,
        None => String::from_utf8_lossy(written),
    }
}

/// Targets that stand in clear, wherever they stand: also in what no table of contents names any more.
fn in_clear(bytes: &[u8], links: &mut Links) {
    let mut from = 0;
    // Where the next bracket closes, which is looked for once however many open before it.
    let mut close = 0;
    while !links.is_full()
        && let Some(at) = memmem::find(&bytes[from..], b"/URI")
    {
        from += at + 4;
        let Some(open) = bytes[from..].iter().take(8).position(|&byte| byte == b'(') else {
            continue;
        };
        let start = from + open + 1;
        if close < start {
            let found = memchr::memchr(b')', &bytes[start..]);
            close = found.map_or(bytes.len(), |found| start + found);
        }
        if close < bytes.len().min(start + bounds::LINK) {
            links.add(&bytes[start..close], By::Document);
        }
    }
}

/// What was seen before anything is read by its structure.
struct Scan<'a> {
    /// Streams from which too much would come out are made empty.
    bytes: Cow<'a, [u8]>,
    /// No stream is packed twice, or in a way that cannot be measured.
    is_tame: bool,
}

/// Unpacks each stream within bounds: a target may stand in it, and it may be a bomb. The reader below unpacks whatever it comes
/// across, however much comes out.
fn scanned<'a>(bytes: &'a [u8], links: &mut Links) -> Scan<'a> {
    let mut scan = Scan {
        bytes: Cow::Borrowed(bytes),
        is_tame: is_tame(bytes),
    };
    let mut left = MOST_UNPACKED;
    let mut from = 0;
    while let Some(found) = bytes[from..].windows(6).position(|six| six == b"stream") {
        let at = from + found;
        from = at + 6;
        let start = match &bytes[from..] {
            [b'\r', b'\n', ..] => from + 2,
            [b'\r' | b'\n', ..] => from + 1,
            _ => continue,
        };
        if bytes[..at].ends_with(b"end") {
            continue;
        }
        let (unpacked, ended) = unpacked(&bytes[start..], left.min(MOST_OF_ONE));
        left -= unpacked.len();
        in_clear(&unpacked, links);
        scan.is_tame &= is_tame(&unpacked);
        if ended != Ended::Well && start + 2 <= bytes.len() && is_packed(bytes, at, ended) {
            scan.bytes.to_mut()[start..start + 2].copy_from_slice(NOTHING);
        }
    }
    scan
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// All of it came out.
    Well,
    /// More would.
    TooMuch,
    /// It is not packed, or torn.
    Torn,
}

fn unpacked(packed: &[u8], most: usize) -> (Vec<u8>, Ended) {
    fn read(from: impl Read, most: usize) -> (Vec<u8>, Ended) {
        let mut bytes = Vec::new();
        let read = from.take(most as u64 + 1).read_to_end(&mut bytes);
        let ended = match read {
            _ if bytes.len() > most => Ended::TooMuch,
            Ok(_) => Ended::Well,
            Err(_) => Ended::Torn,
        };
        bytes.truncate(most);
        (bytes, ended)
    }
    if has_head(packed) {
        read(ZlibDecoder::new(packed), most)
    } else {
        read(DeflateDecoder::new(packed), most)
    }
}

fn has_head(packed: &[u8]) -> bool {
    matches!(packed, [method, flags, ..]
        if method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31))
}

/// A stream that is not packed at all is torn too, as a packed one; the words before it tell.
fn is_packed(bytes: &[u8], at: usize, ended: Ended) -> bool {
    let start = &bytes[at + 6..];
    let start = &start[usize::from(start.starts_with(b"\r"))..];
    let before = &bytes[at.saturating_sub(WINDOW)..at];
    ended == Ended::TooMuch
        || has_head(start.get(1..).unwrap_or_default())
        || before.windows(3).any(|word| word == b"/Fl")
}

/// Whether no stream is packed twice, or with what cannot be measured here.
fn is_tame(bytes: &[u8]) -> bool {
    let mut row = 0;
    let mut expected = 0;
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        let (name, end) = name_at(bytes, at + 1);
        if at != expected {
            row = 0;
        }
        match &*name {
            b"LZWDecode" | b"LZW" => return false,
            b"FlateDecode" | b"Fl" | b"RunLengthDecode" | b"RL" => {
                row += 1;
                if row > 1 {
                    return false;
                }
            }
            b"Filter" | b"F" => {
                let value = &bytes[blank(bytes, end).min(bytes.len())..];
                let list = value.first() == Some(&b'[');
                let value = &value[..value.len().min(LONGEST_LIST)];
                let close = value.iter().position(|&byte| byte == b']');
                let is_named_elsewhere = if list {
                    close.is_none_or(|close| has_number(&value[..close]))
                } else {
                    &*name == b"Filter" && value.first().is_some_and(u8::is_ascii_digit)
                        || is_reference(value)
                };
                if is_named_elsewhere {
                    return false;
                }
            }
            _ => {}
        }
        expected = blank(bytes, end);
    }
    true
}

/// Whether a list holds a number, and so perhaps the number of an object that holds a name.
fn has_number(list: &[u8]) -> bool {
    list.windows(2)
        .any(|two| two[1].is_ascii_digit() && !two[0].is_ascii_alphanumeric())
}

/// `12 0 R`.
fn is_reference(value: &[u8]) -> bool {
    let mut words = value
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    let mut is_number = || {
        words
            .next()
            .is_some_and(|word| word.iter().all(u8::is_ascii_digit))
    };
    is_number() && is_number() && words.next().is_some_and(|word| word.starts_with(b"R"))
}

/// A name, with what is written by its number, and where it ends.
fn name_at(bytes: &[u8], start: usize) -> (Vec<u8>, usize) {
    let is_part = |byte: &u8| !byte.is_ascii_whitespace() && !b"()<>[]{}/%\0".contains(byte);
    let mut name = Vec::new();
    let mut at = start;
    while let Some(&byte) = bytes.get(at).filter(|byte| is_part(byte)) {
        let digit = |at: usize| {
            bytes
                .get(at)
                .and_then(|byte| char::from(*byte).to_digit(16))
        };
        let coded = (byte == b'#')
            .then(|| digit(at + 1).zip(digit(at + 2)))
            .flatten();
        match coded.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(byte) => {
                name.push(byte);
                at += 3;
            }
            None => {
                name.push(byte);
                at += 1;
            }
        }
        if name.len() > LONGEST_NAME {
            break;
        }
    }
    (name, at)
}

/// After blanks and remarks.
fn blank(bytes: &[u8], mut at: usize) -> usize {
    let mut in_remark = false;
    while let Some(&byte) = bytes.get(at) {
        in_remark = byte == b'%' || in_remark && !matches!(byte, b'\r' | b'\n');
        if !in_remark && byte != 0 && !byte.is_ascii_whitespace() {
            break;
        }
        at += 1;
    }
    at
}

/// The way through all objects.
struct Walk<'a> {
    links: &'a mut Links,
    points: &'a mut Points,
    /// Values that may still be looked at.
    values: usize,
    pictures: usize,
}

impl<'a> Walk<'a> {
    fn of(links: &'a mut Links, points: &'a mut Points) -> Self {
        Self {
            links,
            points,
            values: MOST_VALUES,
            pictures: MOST_PICTURES,
        }
    }

    fn walk(mut self, pdf: &Pdf) {
        for object in pdf.objects() {
            if self.values == 0 || self.links.is_full() {
                return;
            }
            self.visit(&object, 0);
        }
    }

    fn visit(&mut self, object: &Object<'_>, depth: usize) {
        if depth > DEEPEST || self.values == 0 {
            return;
        }
        self.values -= 1;
        match object {
            Object::Dict(dict) => self.dict(dict, depth),
            Object::Array(array) => self.array(array, depth),
            Object::Stream(stream) => {
                self.dict(stream.dict(), depth);
                self.picture(stream);
            }
            Object::Null(_)
            | Object::Boolean(_)
            | Object::Number(_)
            | Object::String(_)
            | Object::Name(_) => {}
        }
    }

    fn dict(&mut self, dict: &Dict<'_>, depth: usize) {
        for (name, value) in dict.entries() {
            match value {
                MaybeRef::NotRef(Object::String(target)) if &*name == b"URI" => {
                    self.links.add(&target, By::Document);
                }
                MaybeRef::NotRef(value) => self.visit(&value, depth + 1),
                MaybeRef::Ref(_) if &*name == b"URI" => {
                    if let Some(Object::String(target)) = dict.get::<Object<'_>>("URI") {
                        self.links.add(&target, By::Document);
                    }
                }
                // Each object is visited once, where it stands.
                MaybeRef::Ref(_) => {}
            }
        }
    }

    fn array(&mut self, array: &Array<'_>, depth: usize) {
        for value in array.raw_iter() {
            if let MaybeRef::NotRef(value) = value {
                self.visit(&value, depth + 1);
            }
        }
    }

    fn picture(&mut self, stream: &Stream<'_>) {
        let is_picture = stream
            .dict()
            .get::<Name<'_>>("Subtype")
            .is_some_and(|kind| &*kind == b"Image");
        if !is_picture || self.pictures == 0 {
            return;
        }
        self.pictures -= 1;
        let found = match &stream.filters()[..] {
            [Filter::DctDecode] => code::links(&stream.raw_data(), self.points),
            []
            | [Filter::FlateDecode | Filter::AsciiHexDecode | Filter::Ascii85Decode]
            | [
                Filter::AsciiHexDecode | Filter::Ascii85Decode,
                Filter::FlateDecode,
            ] => drawn(stream, self.points).map_or_else(Vec::new, code::within),
            // Fax and JPEG 2000: pictures of scanners, which are not read.
            _ => Vec::new(),
        };
        for link in found {
            self.links.add(link.target.as_bytes(), By::Code);
        }
    }
}

/// The points of a picture, as light as they are; of one with a palette the numbers, which a code of two colours survives.
fn drawn(stream: &Stream<'_>, left: &mut Points) -> Option<GrayImage> {
    let dict = stream.dict();
    let side = |long: &str, short: &str| {
        dict.get::<u32>(long)
            .or_else(|| dict.get::<u32>(short))
            .filter(|side| (code::SMALLEST..=code::SIDE).contains(side))
    };
    let (width, height) = (side("Width", "W")?, side("Height", "H")?);
    let points = width as usize * height as usize;
    if points > MOST_POINTS || !left.take(points as u64) {
        return None;
    }
    let bits = dict
        .get::<u8>("BitsPerComponent")
        .or_else(|| dict.get::<u8>("BPC"))
        .unwrap_or(1);
    let data = stream.decoded_data().ok()?;
    let row = data.len() / height as usize;
    let colors = match bits {
        1 | 2 | 4 => 1,
        8 => (row / width as usize).clamp(1, 4),
        _ => return None,
    };
    let row = match bits {
        8 => width as usize * colors,
        bits => (width as usize * usize::from(bits)).div_ceil(8),
    };
    let mut picture = GrayImage::new(width, height);
    for (y, line) in data.chunks_exact(row).take(height as usize).enumerate() {
        for x in 0..width as usize {
            let light = if bits == 8 {
                let point = &line[x * colors..(x + 1) * colors];
                let sum: usize = point.iter().map(|one| usize::from(*one)).sum();
                u8::try_from(sum / colors).unwrap_or(u8::MAX)
            } else {
                let (each, bits) = (8 / usize::from(bits), usize::from(bits));
                let byte = usize::from(line[x / each]);
                let most = (1 << bits) - 1;
                let value = byte >> (8 - bits * (x % each + 1)) & most;
                u8::try_from(value * 255 / most).unwrap_or(u8::MAX)
            };
            let at = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
            picture.put_pixel(at.0, at.1, image::Luma([light]));
        }
    }
    Some(picture)
}

/// Read by its structure; larger ones only by what stands in clear.
const MOST_BYTES: usize = 8 << 20;
/// One that is locked with an empty password: what its streams unpack to cannot be measured before.
const MOST_SEALED: usize = 512 << 10;
/// Of one stream, and of all.
const MOST_OF_ONE: usize = 8 << 20;
const MOST_UNPACKED: usize = 48 << 20;
/// How a stream begins from which nothing comes out.
const NOTHING: &[u8] = b"\xff\xff";
/// Where a stream's filter is looked for.
const WINDOW: usize = 400;
const LONGEST_NAME: usize = 24;
const LONGEST_LIST: usize = 200;
const MOST_VALUES: usize = 200_000;
const DEEPEST: usize = 8;
/// Pictures that are looked at for codes, and their points.
const MOST_PICTURES: usize = 8;
const MOST_POINTS: usize = 8 << 20;

#[cfg(test)]
#[path = "pdf_tests.rs"]
mod tests;
