//! What is put into a message.

use std::{fmt::Write, path::Path, time::Duration};

use hygie_model::Wall;

/// The values that a message needs, by name; the catalogue writes each in its language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Args(Vec<(&'static str, Arg)>);

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Arg {
    Text(String),
    Count(u64),
    Bytes(u64),
    Spent(Duration),
    Left(Duration),
    Moment(Wall),
}

impl Args {
    /// No value yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Words. What could move the cursor or turn the reading direction is shown, not obeyed:
    /// a file's name comes from anyone.
    #[must_use]
    pub fn text(self, name: &'static str, text: &str) -> Self {
        self.with(name, Arg::Text(shown(text)))
    }

    /// Another message, already said.
    #[must_use]
    pub fn nested(self, name: &'static str, said: String) -> Self {
        self.with(name, Arg::Text(said))
    }

    /// A path; what is not UTF-8 in it is shown as `\u{fffd}`.
    #[must_use]
    pub fn path(self, name: &'static str, path: &Path) -> Self {
        self.text(name, &path.to_string_lossy())
    }

    /// A number of things.
    #[must_use]
    pub fn count(self, name: &'static str, count: u64) -> Self {
        self.with(name, Arg::Count(count))
    }

    /// A size.
    #[must_use]
    pub fn bytes(self, name: &'static str, bytes: u64) -> Self {
        self.with(name, Arg::Bytes(bytes))
    }

    /// A time that was measured.
    #[must_use]
    pub fn spent(self, name: &'static str, time: Duration) -> Self {
        self.with(name, Arg::Spent(time))
    }

    /// A time still to come.
    #[must_use]
    pub fn left(self, name: &'static str, time: Duration) -> Self {
        self.with(name, Arg::Left(time))
    }

    /// A point of the calendar.
    #[must_use]
    pub fn moment(self, name: &'static str, moment: Wall) -> Self {
        self.with(name, Arg::Moment(moment))
    }

    fn with(mut self, name: &'static str, arg: Arg) -> Self {
        self.0.push((name, arg));
        self
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &Arg)> {
        self.0.iter().map(|(name, arg)| (*name, arg))
    }
}

/// A text that comes from anyone, as it may be put on a screen: what could move the cursor or turn the
/// reading direction is shown, not obeyed.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for sign in text.chars() {
        if sign.is_control() || TURNING.contains(&sign) {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(sign));
        } else {
            shown.push(sign);
        }
    }
    shown
}

/// Line ends and the marks that turn or isolate the reading direction.
const TURNING: [char; 14] = [
    '\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{202a}', '\u{202b}', '\u{202c}',
    '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        for (name, seen) in [
            ("a\nb", "a\\u{a}b"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("facture\u{202e}fdp.exe", "facture\\u{202e}fdp.exe"),
            ("déjà «vu» 1\u{202f}204", "déjà «vu» 1\u{202f}204"),
        ] {
            assert_eq!(
                Args::new().text("path", name).0,
                [("path", Arg::Text(seen.into()))]
            );
        }
    }
}
