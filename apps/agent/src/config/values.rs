//! The values of the settings: each exists only when it is right.

use std::{fmt, num::NonZeroU64, str::FromStr, time::Duration};

use hygie_text::Language;

use super::units::{DAY, GB, MB, SIZES, TB, TIMES, WEEK, measure, millis, within, written};

/// Why something is no value of a setting.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotAValue {
    /// It is not written as it should be.
    #[error("not written as it should be")]
    Form,
    /// It is too small or too large.
    #[error("not from {least} to {most}")]
    Range {
        /// The smallest value.
        least: String,
        /// The largest one.
        most: String,
    },
}

/// A value that the configuration can hold.
pub(super) trait Setting: Sized {
    /// A line that would be right.
    const EXAMPLE: &'static str;

    fn from_text(text: &str) -> Result<Self, NotAValue>;

    fn from_number(_: i64) -> Result<Self, NotAValue> {
        Err(NotAValue::Form)
    }
}

/// A size such as `1 GB`, 1 MB to 1,000 TB; also in `Go` and `GiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(NonZeroU64);

/// From which size on a file is kept by its changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LargeFrom(Size);

/// A share of a whole, 1 % to 90 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u8);

/// The room that versions may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// So much.
    Size(Size),
    /// So much of the disk.
    Share(Percent),
}

/// How old a version is at least before it may go: 7 days to 3,650 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MinAge(Duration);

/// How long a program may wait: 1 s to 60 s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bound(Duration);

/// How long the hub may be silent, while this device is awake, before that is told: 1 h to 30 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HubSilence(Duration);

/// Whom people call: one line, 100 characters at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call(String);

/// How long a program is allowed something: 1 min to 366 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AllowFor(Duration);

/// How many files are held by a lease.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leases {
    /// As many as memory and descriptors allow.
    #[default]
    Auto,
    /// So many, 1,000,000 at most; with 0 each open is held by fanotify.
    AtMost(u32),
}

/// What becomes of a program that harms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attackers {
    /// It is noted in the journal.
    Note,
    /// It is stopped, and a person decides.
    #[default]
    Stop,
}

/// How many threads copy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Threads {
    /// By the processor.
    #[default]
    Auto,
    /// So many, 1 to 64.
    Exactly(u8),
}

impl Size {
    /// The size in bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0.get()
    }
}

impl LargeFrom {
    /// The size in bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0.bytes()
    }
}

impl Percent {
    /// So many of a hundred.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The share of `whole`.
    #[must_use]
    pub fn of(self, whole: u64) -> u64 {
        let share = u128::from(whole) * u128::from(self.0) / 100;
        u64::try_from(share).unwrap_or(whole)
    }
}

impl MinAge {
    /// The age.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl Bound {
    /// The time.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl HubSilence {
    /// The time.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl AllowFor {
    /// The time.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl Default for AllowFor {
    fn default() -> Self {
        Self(Duration::from_secs(30 * DAY))
    }
}

impl Default for Size {
    fn default() -> Self {
        Self(NonZeroU64::new(GB).expect("a constant above 0"))
    }
}

impl Default for LargeFrom {
    /// 64 MB, which a disk of a practice's computer copies in well under a second.
    fn default() -> Self {
        Self(Size(NonZeroU64::new(64 * MB).expect("a constant above 0")))
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::Share(Percent(20))
    }
}

impl Default for MinAge {
    fn default() -> Self {
        Self(Duration::from_secs(WEEK))
    }
}

impl Default for HubSilence {
    fn default() -> Self {
        Self(Duration::from_secs(DAY))
    }
}

impl Default for Bound {
    fn default() -> Self {
        Self(Duration::from_secs(5))
    }
}

impl FromStr for Size {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        let bytes = measure(text, &SIZES)?;
        within(bytes, MB, 1000 * TB, |bytes| written(bytes, &SIZES))?;
        NonZeroU64::new(bytes).map(Self).ok_or(NotAValue::Form)
    }
}

impl FromStr for LargeFrom {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        text.parse().map(Self)
    }
}

impl FromStr for Percent {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        let percent = measure(text, &[("%", 1)])?;
        within(percent, 1, 90, |percent| format!("{percent} %"))?;
        u8::try_from(percent).map_or(Err(NotAValue::Form), |percent| Ok(Self(percent)))
    }
}

impl FromStr for Budget {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        if text.trim_end().ends_with('%') {
            text.parse().map(Self::Share)
        } else {
            text.parse().map(Self::Size)
        }
    }
}

impl FromStr for MinAge {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        let millis = measure(text, &TIMES)?;
        within(millis, WEEK * 1000, 3650 * DAY * 1000, |millis| {
            written(millis, &TIMES)
        })?;
        Ok(Self(Duration::from_millis(millis)))
    }
}

impl FromStr for HubSilence {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        let millis = measure(text, &TIMES)?;
        within(millis, 3_600_000, 30 * DAY * 1000, |millis| {
            written(millis, &TIMES)
        })?;
        Ok(Self(Duration::from_millis(millis)))
    }
}

impl FromStr for AllowFor {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        let millis = measure(text, &TIMES)?;
        within(millis, 60_000, 366 * DAY * 1000, |millis| {
            written(millis, &TIMES)
        })?;
        Ok(Self(Duration::from_millis(millis)))
    }
}

impl FromStr for Call {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        let text = text.trim();
        let right = !text.is_empty() && !text.chars().any(char::is_control);
        if right && text.chars().count() <= 100 {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAValue::Form)
        }
    }
}

impl FromStr for Bound {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        let millis = measure(text, &TIMES)?;
        // 60 s is what people call it, not 1 min.
        within(millis, 1000, 60_000, |millis| {
            format!("{} s", millis / 1000)
        })?;
        Ok(Self(Duration::from_millis(millis)))
    }
}

macro_rules! written_as {
    ($($type:ty: $value:ident => $text:expr;)*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let $value = self;
                f.write_str(&$text)
            }
        }
    )*};
}

written_as! {
    Size: size => written(size.bytes(), &SIZES);
    LargeFrom: from => from.0.to_string();
    Percent: percent => format!("{} %", percent.0);
    Budget: budget => match budget {
        Budget::Size(size) => size.to_string(),
        Budget::Share(percent) => percent.to_string(),
    };
    MinAge: age => written(millis(age.0), &TIMES);
    HubSilence: silence => written(millis(silence.0), &TIMES);
    Call: call => call.0;
    Bound: bound => written(millis(bound.0), &TIMES);
}

macro_rules! settings_in_text {
    ($($type:ty: $example:literal;)*) => {$(
        impl Setting for $type {
            const EXAMPLE: &'static str = $example;

            fn from_text(text: &str) -> Result<Self, NotAValue> {
                text.parse()
            }
        }
    )*};
}

settings_in_text! {
    Size: r#"reserve = "1 GB""#;
    LargeFrom: r#"large_from = "64 MB""#;
    Budget: r#"budget = "200 GB""#;
    MinAge: r#"min_age = "7 days""#;
    HubSilence: r#"silence = "24 h""#;
    Call: r#"call = "Mme Roux, 01 23 45 67 89""#;
    Bound: r#"bound = "5 s""#;
}

impl Setting for Language {
    const EXAMPLE: &'static str = r#"lang = "fr""#;

    fn from_text(text: &str) -> Result<Self, NotAValue> {
        text.parse().map_err(|_| NotAValue::Form)
    }
}

impl Setting for Leases {
    const EXAMPLE: &'static str = r#"leases = "auto""#;

    fn from_text(text: &str) -> Result<Self, NotAValue> {
        if text == "auto" {
            Ok(Self::Auto)
        } else {
            Err(NotAValue::Form)
        }
    }

    fn from_number(number: i64) -> Result<Self, NotAValue> {
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        within(number, 0, 1_000_000, |number| number.to_string())?;
        u32::try_from(number).map_or(Err(NotAValue::Form), |number| Ok(Self::AtMost(number)))
    }
}

impl Setting for Attackers {
    const EXAMPLE: &'static str = r#"attackers = "stop""#;

    fn from_text(text: &str) -> Result<Self, NotAValue> {
        match text {
            "note" => Ok(Self::Note),
            "stop" => Ok(Self::Stop),
            _ => Err(NotAValue::Form),
        }
    }
}

impl Setting for Threads {
    const EXAMPLE: &'static str = r#"threads = "auto""#;

    fn from_text(text: &str) -> Result<Self, NotAValue> {
        if text == "auto" {
            Ok(Self::Auto)
        } else {
            Err(NotAValue::Form)
        }
    }

    fn from_number(number: i64) -> Result<Self, NotAValue> {
        let number = u64::try_from(number).unwrap_or(0);
        within(number, 1, 64, |number| number.to_string())?;
        u8::try_from(number).map_or(Err(NotAValue::Form), |number| Ok(Self::Exactly(number)))
    }
}
