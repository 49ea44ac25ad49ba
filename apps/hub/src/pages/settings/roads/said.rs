//! What a server said to a try, through the page's address and in words.

use hygie_text::{Args, Explained, console::Roads};
use hygie_wire::post::{LETTERS_A_DAY, LETTERS_A_MINUTE, Trouble};

use crate::web::speech::Speech;

/// One of a closed list, as an address carries it; a number beside some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    word: Word,
    number: u16,
}

macro_rules! words {
    ($($word:ident $text:literal $says:ident;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Word {
            $($word,)+
        }

        impl Word {
            fn read(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$word),)+
                    _ => None,
                }
            }

            const fn text(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)+
                }
            }

            const fn says(self) -> Roads {
                match self {
                    $(Self::$word => Roads::$says,)+
                }
            }
        }
    };
}

words! {
    Taken "taken" Taken;
    TakenBut "taken-but" TakenBut;
    NoRoad "no-road" NoRoad;
    NameUnknown "name-unknown" NameUnknown;
    NotReached "not-reached" NotReached;
    TlsRefused "tls-refused" TlsRefused;
    CertificateRefused "certificate-refused" CertificateRefused;
    LoginRefused "login-refused" LoginRefused;
    AddressRefused "address-refused" AddressRefused;
    Refused "refused" Refused;
    Later "later" Later;
    TooSlow "too-slow" TooSlow;
    BrokenOff "broken-off" BrokenOff;
    Full "full" Full;
}

impl Said {
    /// What an address says, if it says something.
    pub(super) fn read(word: &str, number: &str) -> Option<Self> {
        Some(Self {
            word: Word::read(word)?,
            number: number.parse().ok()?,
        })
    }

    /// The server has it, but for so many addresses.
    pub(super) fn taken(left_out: usize) -> Self {
        let word = if left_out == 0 {
            Word::Taken
        } else {
            Word::TakenBut
        };
        Self {
            word,
            number: u16::try_from(left_out).unwrap_or(u16::MAX),
        }
    }

    /// It has not.
    pub(super) const fn trouble(trouble: Trouble) -> Self {
        let (word, number) = match trouble {
            Trouble::NoRoad => (Word::NoRoad, 0),
            Trouble::NameUnknown => (Word::NameUnknown, 0),
            Trouble::NotReached => (Word::NotReached, 0),
            Trouble::TlsRefused => (Word::TlsRefused, 0),
            Trouble::CertificateRefused => (Word::CertificateRefused, 0),
            Trouble::LoginRefused => (Word::LoginRefused, 0),
            Trouble::AddressRefused => (Word::AddressRefused, 0),
            Trouble::Refused { code } => (Word::Refused, code),
            Trouble::Later { code } => (Word::Later, code),
            Trouble::TooSlow => (Word::TooSlow, 0),
            Trouble::BrokenOff => (Word::BrokenOff, 0),
            Trouble::Full => (Word::Full, 0),
        };
        Self { word, number }
    }

    /// Behind the page's address.
    pub(super) fn query(self) -> String {
        format!("said={}&number={}", self.word.text(), self.number)
    }

    /// What happened, and what to do.
    pub(super) fn explained(self, speech: &Speech) -> Explained {
        let number = u64::from(self.number);
        let args = match self.word {
            Word::TakenBut => Args::new().count("count", number),
            Word::Refused | Word::Later => Args::new().count("code", number),
            Word::Taken
            | Word::NoRoad
            | Word::NameUnknown
            | Word::NotReached
            | Word::TlsRefused
            | Word::CertificateRefused
            | Word::LoginRefused
            | Word::AddressRefused
            | Word::TooSlow
            | Word::BrokenOff => Args::new(),
            Word::Full => Args::new()
                .count("minute", LETTERS_A_MINUTE.into())
                .count("day", LETTERS_A_DAY.into()),
        };
        speech.explain(self.word.says(), &args)
    }
}
