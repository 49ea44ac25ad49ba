//! Codes to scan in pictures: a link that no text shows.
//! Decodes pictures of bounded size alone.

use std::borrow::Cow;
use std::io::Cursor;

use image::{GrayImage, ImageReader, Limits};

use super::plain;
use crate::message::{By, Link};

/// Where the codes of a picture lead.
pub(super) fn links(bytes: &[u8]) -> Vec<Link> {
    decoded(bytes).map_or_else(Vec::new, |picture| within(&picture))
}

/// Where the codes in a picture lead: at the size at which most are found, light on dark, and as large as it is.
pub(super) fn within(picture: &GrayImage) -> Vec<Link> {
    let is_large = picture.width().max(picture.height()) > ENOUGH;
    let small = if is_large {
        Cow::Owned(image::imageops::thumbnail(
            picture,
            scaled(picture).0,
            scaled(picture).1,
        ))
    } else {
        Cow::Borrowed(picture)
    };
    let mut found = seen(&small);
    if found.is_empty() {
        let mut turned = small.into_owned();
        image::imageops::invert(&mut turned);
        found = seen(&turned);
    }
    if found.is_empty() && is_large && picture.width().max(picture.height()) <= LARGEST {
        found = seen(picture);
    }
    found
}

/// As large as is enough, in the same form.
fn scaled(picture: &GrayImage) -> (u32, u32) {
    let longest = picture.width().max(picture.height()).max(1);
    let side = |side: u32| (side * ENOUGH / longest).max(1);
    (side(picture.width()), side(picture.height()))
}

fn seen(picture: &GrayImage) -> Vec<Link> {
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(
        picture.width() as usize,
        picture.height() as usize,
        |x, y| picture.get_pixel(x as u32, y as u32).0[0],
    );
    prepared
        .detect_grids()
        .iter()
        .take(MOST_CODES)
        .filter_map(|grid| grid.decode().ok())
        .map(|(_, text)| Link {
            target: plain::target(&text),
            start: 0,
            end: 0,
            by: By::Code,
        })
        .collect()
}

fn decoded(bytes: &[u8]) -> Option<GrayImage> {
    if bytes.len() > MOST_BYTES {
        return None;
    }
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let picture = reader.decode().ok()?;
    if picture.width() < SMALLEST || picture.height() < SMALLEST {
        return None;
    }
    Some(picture.into_luma8())
}

const MOST_BYTES: usize = 4 << 20;
/// Points on one side.
pub(super) const SIDE: u32 = 4000;
const MEMORY: u64 = 32 << 20;
/// A code has 21 modules or more.
pub(super) const SMALLEST: u32 = 21;
/// A code that a telephone reads is found at this size.
const ENOUGH: u32 = 1000;
/// Larger ones are looked at small alone.
const LARGEST: u32 = 2500;
const MOST_CODES: usize = 4;

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn png(picture: &image::GrayImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    pub(in crate::parse) fn code(text: &str) -> Vec<u8> {
        let code = qrcode::QrCode::new(text).unwrap();
        let side = code.width();
        let colors = code.to_colors();
        let picture =
            image::GrayImage::from_fn((side as u32 + 8) * 4, (side as u32 + 8) * 4, |x, y| {
                let (x, y) = ((x / 4) as usize, (y / 4) as usize);
                let inside = (4..side + 4).contains(&x) && (4..side + 4).contains(&y);
                let dark = inside && colors[(y - 4) * side + x - 4] == qrcode::Color::Dark;
                image::Luma([if dark { 0 } else { 255 }])
            });
        png(&picture)
    }

    #[test]
    fn a_code_is_a_link() {
        let found = links(&code("https://paiement.example/x"));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (&*found[0].target, found[0].by),
            ("https://paiement.example/x", By::Code)
        );
    }

    #[test]
    fn a_small_code_in_a_large_picture_and_a_light_one_on_dark_are_found() {
        let mut code = image::load_from_memory(&code("https://a.example/x"))
            .unwrap()
            .into_luma8();
        let mut page = image::GrayImage::from_pixel(1654, 2339, image::Luma([255]));
        image::imageops::overlay(&mut page, &code, 700, 1500);
        assert_eq!(links(&png(&page)).len(), 1);
        image::imageops::invert(&mut code);
        assert_eq!(links(&png(&code)).len(), 1);
    }

    #[test]
    fn other_pictures_have_none() {
        assert!(links(&png(&image::GrayImage::new(100, 100))).is_empty());
        assert!(links(b"\x89PNG\r\n\x1a\njunk").is_empty());
        assert!(links(b"").is_empty());
        // Declared far larger than it may be: refused by its head.
        let mut huge = png(&image::GrayImage::new(100, 100));
        huge[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        assert!(links(&huge).is_empty());
    }
}
