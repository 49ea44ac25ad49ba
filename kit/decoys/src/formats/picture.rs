//! JPEG and PNG images that compress as photos and screens do, with EXIF.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::dice::Dice;
use crate::place::Place;
use crate::{MARK, Scale};

/// What is on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Soft colours and the grain of a telephone's camera.
    Photo,
    /// Dark lines on a light sheet.
    Paper,
}

/// How it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
}

pub(super) struct Jpeg {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes: Vec<u8>,
}

pub(super) fn jpeg(dice: &mut Dice, place: &Place, look: Look, scale: Scale) -> Jpeg {
    let (width, height) = match (look, scale) {
        (Look::Photo, Scale::Small | Scale::Medium) => (1280, 960),
        (Look::Photo, Scale::Large) => (400, 304),
        (Look::Paper, Scale::Small | Scale::Medium) => (620, 877),
        (Look::Paper, Scale::Large) => (310, 438),
    };
    let pixels = match look {
        Look::Photo => photo(dice, width, height),
        Look::Paper => paper(dice, width, height),
    };
    let bytes = encoded(Format::Jpeg, place, &pixels, width, height);
    Jpeg {
        width,
        height,
        bytes,
    }
}

/// A curve on a grid, as a screenshot of an ECG.
pub(super) fn png(dice: &mut Dice, place: &Place) -> Vec<u8> {
    let (width, height) = (640_u32, 360_u32);
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    let trace: Vec<u32> = (0..width)
        .map(|x| {
            let beat = if x % 90 < 6 {
                dice.between(60, 140)
            } else {
                dice.between(0, 8)
            };
            height / 2 - beat
        })
        .collect();
    for y in 0..height {
        for at in &trace {
            let x = pixels.len() as u32 / 3 % width;
            let grid = x.is_multiple_of(20) || y.is_multiple_of(20);
            let colour: [u8; 3] = if y.abs_diff(*at) < 2 {
                [20, 20, 60]
            } else if grid {
                [240, 190, 190]
            } else {
                [255, 248, 248]
            };
            pixels.extend_from_slice(&colour);
        }
    }
    encoded(Format::Png, place, &pixels, width, height)
}

/// A small picture of the first page, as word processors keep one.
pub(super) fn thumbnail(dice: &mut Dice, place: &Place, format: Format) -> Vec<u8> {
    let (width, height) = match format {
        Format::Jpeg => (255, 360),
        Format::Png => (128, 181),
    };
    encoded(format, place, &paper(dice, width, height), width, height)
}

fn encoded(format: Format, place: &Place, pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    fn write(
        mut encoder: impl ImageEncoder,
        place: &Place,
        pixels: &[u8],
        width: u32,
        height: u32,
    ) {
        encoder
            .set_exif_metadata(exif(place))
            .expect("both formats have a place for EXIF");
        encoder
            .write_image(pixels, width, height, ExtendedColorType::Rgb8)
            .expect("memory takes every write");
    }
    let mut bytes = Vec::new();
    match format {
        Format::Jpeg => {
            write(
                JpegEncoder::new_with_quality(&mut bytes, 88),
                place,
                pixels,
                width,
                height,
            );
        }
        Format::Png => write(PngEncoder::new(&mut bytes), place, pixels, width, height),
    }
    bytes
}

/// Colours on a coarse grid, spread between its points, and grain over all of it.
fn photo(dice: &mut Dice, width: u32, height: u32) -> Vec<u8> {
    let columns = width / GRID + 2;
    let coarse: Vec<[u32; 3]> = (0..columns * (height / GRID + 2))
        .map(|_| {
            let light = dice.between(40, 200);
            [light + 40, light, light.saturating_sub(20)].map(|base| base + dice.between(0, 30))
        })
        .collect();
    let at = |column: u32, row: u32| {
        coarse
            .get((row * columns + column) as usize)
            .unwrap_or(&[0; 3])
    };
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        let (row, down) = (y / GRID, y % GRID);
        for x in 0..width {
            let (column, right) = (x / GRID, x % GRID);
            let corners = [
                at(column, row),
                at(column + 1, row),
                at(column, row + 1),
                at(column + 1, row + 1),
            ];
            let weights = [
                (GRID - right) * (GRID - down),
                right * (GRID - down),
                (GRID - right) * down,
                right * down,
            ];
            let grain = dice.word();
            for channel in 0..3 {
                let sum: u32 = corners
                    .iter()
                    .zip(weights)
                    .map(|(corner, weight)| corner.get(channel).unwrap_or(&0) * weight)
                    .sum();
                let noise = u32::try_from((grain >> (channel * 8)) & 7).unwrap_or(0);
                pixels.push(u8::try_from(sum / (GRID * GRID) + noise).unwrap_or(u8::MAX));
            }
        }
    }
    pixels
}

/// Lines of marks that look like words from afar.
fn paper(dice: &mut Dice, width: u32, height: u32) -> Vec<u8> {
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    let mut ink = Vec::new();
    for y in 0..height {
        if y.is_multiple_of(14) {
            ink = (0..width / 4).map(|_| dice.between(0, 7)).collect();
        }
        for x in 0..width {
            let inside = x > 40 && x + 40 < width && y > 50 && y + 60 < height && y % 14 < 8;
            let word = ink.get((x / 4) as usize).copied().unwrap_or(0);
            let noise = u8::try_from(dice.word() & 7).unwrap_or(0);
            let dark = inside && word != 0 && (x + y * word) % 3 != 0;
            let light = if dark { 50 + noise } else { 240 + noise };
            pixels.extend_from_slice(&[light, light, light.saturating_sub(4)]);
        }
    }
    pixels
}

/// One directory of TIFF, little endian: what it is, who made it, when, and that nothing of it is real.
fn exif(place: &Place) -> Vec<u8> {
    let day = place.day;
    let time = day.time();
    let (hour, rest) = time.split_at(2);
    let (minute, second) = rest.split_at(2);
    let taken = format!(
        "{:04}:{:02}:{:02} {hour}:{minute}:{second}",
        day.year, day.month, day.day
    );
    let entries: [(u16, String); 5] = [
        (0x010E, format!("{MARK} {}", place.person.id())),
        (0x010F, "Hygie".to_owned()),
        (0x0110, "Appareil fictif".to_owned()),
        (0x0132, taken),
        (0x8298, MARK.to_owned()),
    ];
    let mut directory = b"II*\0\x08\0\0\0".to_vec();
    directory.extend_from_slice(&5_u16.to_le_bytes());
    let mut texts = Vec::new();
    let first_text = 8 + 2 + entries.len() * 12 + 4;
    for (tag, text) in &entries {
        let place = u32::try_from(first_text + texts.len()).unwrap_or(0);
        let length = u32::try_from(text.len() + 1).unwrap_or(0);
        directory.extend_from_slice(&tag.to_le_bytes());
        directory.extend_from_slice(&ASCII.to_le_bytes());
        directory.extend_from_slice(&length.to_le_bytes());
        directory.extend_from_slice(&place.to_le_bytes());
        texts.extend_from_slice(text.as_bytes());
        texts.push(0);
        // Each value begins at an even place, and none here is short enough to stand in its entry.
        texts.resize(texts.len().next_multiple_of(2), 0);
    }
    directory.extend_from_slice(&[0; 4]);
    directory.extend_from_slice(&texts);
    directory
}

const GRID: u32 = 20;
const ASCII: u16 = 2;
