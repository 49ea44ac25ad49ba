//! Whether an element's own style hides its words.
//! Reads inline styles alone: a sheet that hides would hide from nobody but the judge.

use html5gum::StartTag;

use super::html::attribute;

/// What an element's words stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// Nothing was said.
    White,
    /// A colour was.
    Of([u8; 3]),
    /// A picture, or what cannot be told.
    Unknown,
}

/// How an element shows.
pub(super) struct Shown {
    /// Nobody sees its words.
    pub(super) hidden: bool,
    /// What they stand on.
    pub(super) ground: Ground,
}

/// How an element on this ground shows.
pub(super) fn of(tag: &StartTag<()>, above: Ground) -> Shown {
    let mut ground = above;
    let mut ink = attribute(tag, b"color").and_then(|color| color_of(&color));
    let mut hidden = tag.attributes.contains_key(&b"hidden"[..]);
    if let Some(color) = attribute(tag, b"bgcolor") {
        ground = color_of(&color).map_or(Ground::Unknown, Ground::Of);
    }
    if tag.attributes.contains_key(&b"background"[..]) {
        ground = Ground::Unknown;
    }
    let style = attribute(tag, b"style")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let (mut flat, mut clipped) = (false, false);
    for (name, value) in style
        .split(';')
        .take(MOST)
        .filter_map(|one| one.split_once(':'))
    {
        let (name, value) = (
            name.trim(),
            value.trim().trim_end_matches("!important").trim(),
        );
        match name {
            "display" => hidden |= value == "none",
            "visibility" => hidden |= value == "hidden",
            "font-size" => hidden |= length(value).is_some_and(|size| size < 2.0),
            "opacity" => hidden |= value.parse().is_ok_and(|shown: f32| shown < 0.05),
            "text-indent" | "left" | "top" => hidden |= length(value).is_some_and(|at| at < -900.0),
            "max-height" | "height" | "width" | "max-width" => {
                flat |= length(value).is_some_and(|size| size < 2.0);
            }
            "overflow" => clipped |= value == "hidden",
            "color" => ink = color_of(value).or(ink),
            "background" | "background-color" | "background-image" => {
                ground = value
                    .split_ascii_whitespace()
                    .next()
                    .and_then(color_of)
                    .filter(|_| !value.contains("url"))
                    .map_or(Ground::Unknown, Ground::Of);
            }
            _ => {}
        }
    }
    hidden |= flat && clipped;
    hidden |= ink.is_some_and(|ink| is_unreadable(ink, ground));
    Shown { hidden, ground }
}

/// Whether a sheet or an element's style puts something further down than anybody scrolls.
pub(super) fn is_stretched(style: &str) -> bool {
    style.split(['{', '}', ';']).any(|one| {
        let Some((name, value)) = one.split_once(':') else {
            return false;
        };
        let value = value.trim();
        let end = value
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(value.len());
        let (number, unit) = value.split_at(end);
        let most = match unit.get(..2) {
            Some("px") => PIXELS,
            Some("vh") => SCREENS,
            Some(_) | None => return false,
        };
        STRETCHING.contains(&name.trim().to_ascii_lowercase().as_str())
            && number.parse().is_ok_and(|number: u32| number >= most)
    })
}

/// Whether a picture is more than a dot.
pub(super) fn is_seen(tag: &StartTag<()>) -> bool {
    let dot = |name: &[u8]| {
        attribute(tag, name).is_some_and(|size| length(&size).is_some_and(|size| size < 4.0))
    };
    !dot(b"width") && !dot(b"height") && !of(tag, Ground::Unknown).hidden
}

fn is_unreadable(ink: [u8; 3], ground: Ground) -> bool {
    let ground = match ground {
        Ground::White => [255; 3],
        Ground::Of(color) => color,
        Ground::Unknown => return false,
    };
    ink.iter()
        .zip(ground)
        .all(|(&one, two)| one.abs_diff(two) <= 6)
}

/// A length in pixels or what is about as long.
fn length(value: &str) -> Option<f32> {
    let digits = value
        .find(|letter: char| !(letter.is_ascii_digit() || letter == '.' || letter == '-'))
        .unwrap_or(value.len());
    let number: f32 = value[..digits].parse().ok()?;
    match value[digits..].trim() {
        "" | "px" | "pt" => Some(number),
        "em" | "rem" => Some(number * 16.0),
        "%" if number == 0.0 => Some(0.0),
        _ => None,
    }
}

fn color_of(value: &str) -> Option<[u8; 3]> {
    let value = value.trim();
    match value {
        "white" => return Some([255; 3]),
        "black" => return Some([0; 3]),
        _ => {}
    }
    if let Some(parts) = value
        .strip_prefix("rgb(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        let mut color = [0; 3];
        let mut parts = parts.split(',');
        for one in &mut color {
            *one = parts.next()?.trim().parse().ok()?;
        }
        return Some(color);
    }
    let hex = value.strip_prefix('#')?;
    if !hex.is_ascii() {
        return None;
    }
    let byte = |text: &str| u8::from_str_radix(text, 16).ok();
    match hex.len() {
        3 => Some([
            byte(&hex[..1])? * 17,
            byte(&hex[1..2])? * 17,
            byte(&hex[2..])? * 17,
        ]),
        6 => Some([byte(&hex[..2])?, byte(&hex[2..4])?, byte(&hex[4..])?]),
        _ => None,
    }
}

/// Declarations of one style.
const MOST: usize = 40;

/// What makes an element tall, or pushes it down.
const STRETCHING: [&str; 6] = [
    "height",
    "min-height",
    "margin-top",
    "margin-bottom",
    "padding-top",
    "padding-bottom",
];
/// Pixels, and hundredths of a screen, that nobody scrolls down.
const PIXELS: u32 = 10_000;
const SCREENS: u32 = 2000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_lengths_are_read() {
        assert_eq!(color_of("#fff"), Some([255; 3]));
        assert_eq!(color_of("#0A0b0C"), Some([10, 11, 12]));
        assert_eq!(color_of("rgb(1, 2,3)"), Some([1, 2, 3]));
        for odd in ["", "#", "#ééé", "#12345", "rgb(1,2)", "red", "rgb(999,1,1)"] {
            assert_eq!(color_of(odd), None, "{odd}");
        }
        assert_eq!(length("12px"), Some(12.0));
        assert_eq!(length("0"), Some(0.0));
        assert_eq!(length("1.5em"), Some(24.0));
        assert_eq!(length("100%"), None);
        assert_eq!(length("auto"), None);
    }
}
