//! Codes to scan in pictures: a link that no text shows.
//! Decodes pictures of bounded size alone.

use std::io::Cursor;

use image::{GrayImage, ImageReader, Limits};

use super::{corners::Bitmap, plain};
use crate::message::{By, Link};

/// How many points of pictures are still looked at in one message, and how many bytes of attached pages.
pub(super) struct Points {
    points: u64,
    pages: usize,
    /// A page was cut.
    pub(super) is_cut: bool,
}

impl Points {
    /// A whole message's.
    pub(super) const fn of_a_message() -> Self {
        Self {
            points: POINTS,
            pages: PAGES,
            is_cut: false,
        }
    }

    /// Takes a picture's where it is no more than half of what is left: whoever sends large ones first leaves room for the small
    /// one in which the code is.
    pub(super) fn take(&mut self, points: u64) -> bool {
        let fits = points <= self.points / 2;
        if fits {
            self.points = self.points.saturating_sub(points.max(LEAST));
        }
        fits
    }

    /// Takes what may still be read of an attached page.
    pub(super) fn take_page<'a>(&mut self, page: &'a [u8]) -> &'a [u8] {
        let kept = &page[..page.len().min(self.pages)];
        self.pages -= kept.len();
        self.is_cut |= kept.len() < page.len();
        kept
    }
}

/// Where the codes of a picture lead.
pub(super) fn links(bytes: &[u8], points: &mut Points) -> Vec<Link> {
    decoded(bytes, points).map_or_else(Vec::new, within)
}

/// Where the codes in a picture lead, dark on light or light on dark.
pub(super) fn within(mut picture: GrayImage) -> Vec<Link> {
    let found = seen(&picture);
    if !found.is_empty() {
        return found;
    }
    image::imageops::invert(&mut picture);
    seen(&picture)
}

fn seen(picture: &GrayImage) -> Vec<Link> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let Some(map) = Bitmap::of(picture).bounded() else {
        return Vec::new();
    };
    let mut prepared =
        rqrr::PreparedImage::prepare_from_bitmap(width, height, |x, y| map.is_black(x, y));
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

fn decoded(bytes: &[u8], points: &mut Points) -> Option<GrayImage> {
    if bytes.len() > MOST_BYTES {
        return None;
    }
    let (width, height) = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?
        .into_dimensions()
        .ok()?;
    let is_small = width < SMALLEST || height < SMALLEST;
    if is_small || !points.take(u64::from(width) * u64::from(height)) {
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
    let picture = if picture.width().max(picture.height()) > ENOUGH {
        picture.thumbnail(ENOUGH, ENOUGH)
    } else {
        picture
    };
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
const MOST_CODES: usize = 4;
/// A large photograph, and then smaller ones.
const POINTS: u64 = 32_000_000;
/// One long page, and then some: reading a megabyte takes ten milliseconds.
const PAGES: usize = 4 << 20;
/// A picture costs as much as one of so many points, however small it is.
const LEAST: u64 = 40_000;

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn links_of(bytes: &[u8]) -> Vec<Link> {
        links(bytes, &mut Points::of_a_message())
    }

    #[test]
    fn no_more_than_so_much_of_attached_pages_is_read() {
        let mut points = Points::of_a_message();
        let page = vec![b' '; PAGES - 10];
        assert_eq!(points.take_page(&page).len(), page.len());
        assert!(!points.is_cut);
        assert_eq!(points.take_page(b"<html>123456789").len(), 10);
        assert!(points.is_cut && points.take_page(b"x").is_empty());
    }

    #[test]
    fn large_pictures_leave_room_for_small_ones() {
        let mut points = Points::of_a_message();
        let photographs = (0..40).filter(|_| points.take(12_000_000)).count();
        let others = (0..40).filter(|_| points.take(1_000_000)).count();
        assert_eq!((photographs, others), (1, 19));
        let small = code("https://paiement.example/x");
        assert_eq!(links(&small, &mut points).len(), 1);
        let some = (0..10_000).filter(|_| points.take(1)).count();
        assert!((10..1000).contains(&some), "{some}");
    }

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
        let found = links_of(&code("https://paiement.example/x"));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (&*found[0].target, found[0].by),
            ("https://paiement.example/x", By::Code)
        );
    }

    #[test]
    fn corners_around_a_code_do_not_hide_it() {
        let code = image::load_from_memory(&code("https://paiement.example/x")).unwrap();
        let code = code.into_luma8();
        // A page full of small corners, and the code in its midst.
        let mut page = image::GrayImage::from_fn(1000, 1000, |x, y| {
            let ring = (x / 2 % 9).abs_diff(3).max((y / 2 % 9).abs_diff(3));
            image::Luma([if ring == 2 || ring > 3 { 255 } else { 0 }])
        });
        image::imageops::replace(&mut page, &code, 400, 400);
        let found = links_of(&png(&page));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].target, "https://paiement.example/x");
    }

    #[test]
    fn other_pictures_have_none() {
        assert!(links_of(&png(&image::GrayImage::new(100, 100))).is_empty());
        assert!(links_of(b"\x89PNG\r\n\x1a\njunk").is_empty());
        assert!(links_of(b"").is_empty());
        // Declared far larger than it may be: refused by its head.
        let mut huge = png(&image::GrayImage::new(100, 100));
        huge[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        assert!(links_of(&huge).is_empty());
    }
}
