//! Pictures: decoded within bounds, turned upright, drawn small, encoded anew.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat,
    ImageReader, ImageResult, Limits,
    codecs::png::{CompressionType, FilterType, PngEncoder},
    metadata::Orientation,
};

use super::{
    Pages, Png, Shown, Why,
    png::{MOST_BYTES, SIDE},
};
use crate::Part;

/// `None`: it does not begin as a picture does.
pub(super) fn draw(part: Part<'_>) -> Option<Shown> {
    let format = image::guess_format(part.bytes).ok()?;
    let pages = pages(format)?;
    Some(if part.is_whole() {
        drawn(part.bytes, format, pages).unwrap_or_else(|error| Shown::Nothing { why: why(&error) })
    } else {
        Shown::Nothing { why: Why::TooLarge }
    })
}

/// The formats that are read here.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the crate may learn further formats; these are those that it is built with"
)]
fn pages(format: ImageFormat) -> Option<Pages> {
    match format {
        ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Bmp => Some(Pages::One),
        ImageFormat::Gif | ImageFormat::WebP | ImageFormat::Tiff => Some(Pages::First),
        _ => None,
    }
}

fn drawn(bytes: &[u8], format: ImageFormat, pages: Pages) -> ImageResult<Shown> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    // What it says of itself is believed before the memory for it is asked for.
    limits.reserve(decoder.total_bytes())?;
    // A picture whose remarks are broken is shown as it lies.
    let upright = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let whole = DynamicImage::from_decoder(decoder)?;
    // A GIF may say that it has no rows; there is nothing to shrink then.
    if whole.width() == 0 || whole.height() == 0 {
        let why = Why::Unreadable;
        return Ok(Shown::Nothing { why });
    }
    let (width, height) = sides(&whole, upright);
    let mut side = SIDE;
    let mut small = shrunk(whole, side);
    small.apply_orientation(upright);
    loop {
        let encoded = encoded(&small)?;
        if encoded.len() <= MOST_BYTES {
            let png = Png::new(encoded).map_err(|error| {
                let hint = image::error::ImageFormatHint::Exact(ImageFormat::Png);
                ImageError::Encoding(image::error::EncodingError::new(hint, error))
            })?;
            return Ok(Shown::Picture {
                png,
                width,
                height,
                pages,
            });
        }
        side /= 2;
        small = shrunk(small, side);
    }
}

/// As it is seen upright.
fn sides(whole: &DynamicImage, upright: Orientation) -> (u32, u32) {
    let (width, height) = (whole.width(), whole.height());
    match upright {
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => (width, height),
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (height, width),
    }
}

/// Never larger than it was.
fn shrunk(picture: DynamicImage, side: u32) -> DynamicImage {
    if picture.width() <= side && picture.height() <= side {
        picture
    } else {
        picture.thumbnail(side, side)
    }
}

/// Eight bits a colour; nothing beside the points.
fn encoded(picture: &DynamicImage) -> ImageResult<Vec<u8>> {
    let (points, colours) = if picture.color().has_alpha() {
        (picture.to_rgba8().into_raw(), ExtendedColorType::Rgba8)
    } else if picture.color().has_color() {
        (picture.to_rgb8().into_raw(), ExtendedColorType::Rgb8)
    } else {
        (picture.to_luma8().into_raw(), ExtendedColorType::L8)
    };
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(&points, picture.width(), picture.height(), colours)?;
    Ok(bytes)
}

fn why(error: &ImageError) -> Why {
    match error {
        ImageError::Limits(_) => Why::TooLarge,
        ImageError::Unsupported(_) => Why::Kind,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::IoError(_) => Why::Unreadable,
    }
}

/// A camera of today has 9,000.
const LONGEST_SIDE: u32 = 20_000;
/// Of the decoded picture; the sandbox has more, for what decoders need beside it.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
