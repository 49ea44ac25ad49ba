//! A message in the form that is judged: owned, bounded, and able to cross from the sandbox that read it.
//! Serialised between two processes of one build only; never kept.

use serde::{Deserialize, Serialize};

/// What somebody received.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Message {
    /// An e-mail.
    Mail(Box<Mail>),
    /// A short message of a telephone.
    Sms(Sms),
}

/// A text message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sms {
    /// Number or name that the telephone shows, where it is known.
    pub sender: Option<String>,
    /// The text.
    pub body: Body,
}

/// An e-mail, as every mail program may show it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    /// Whom it says it is from: each address of each `From`.
    pub from: Vec<Address>,
    /// Who says they sent it for them.
    pub sent_by: Vec<Address>,
    /// Where an answer would go.
    pub reply_to: Vec<Address>,
    /// Where an error would go.
    pub return_path: Option<String>,
    /// Whom it is addressed to.
    pub to: Vec<Address>,
    /// Its subject.
    pub subject: String,
    /// It says which message it answers.
    pub answers: bool,
    /// One leaves its list with one click (`List-Unsubscribe-Post`, RFC 8058).
    pub leaves: bool,
    /// When it says it was written, in seconds since 1970.
    pub date: Option<i64>,
    /// Each text that some program shows, the most faithful first.
    pub bodies: Vec<Body>,
    /// What is attached.
    pub files: Vec<File>,
    /// Messages that are attached.
    pub attached: Vec<Mail>,
    /// What is odd in how it is built.
    pub oddities: Vec<Oddity>,
}

/// Somebody's address and the name beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// What is shown.
    pub name: String,
    /// Where it comes from, as it was written.
    pub address: String,
}

/// One text that is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// What a person reads.
    pub text: String,
    /// What it hides from them.
    pub hidden: String,
    /// Where it leads.
    pub links: Vec<Link>,
    /// How it is made.
    pub page: Page,
}

/// Where something leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The target, as it was written.
    pub target: String,
    /// Where its text stands in [`Body::text`], in bytes.
    pub start: usize,
    /// Where its text ends.
    pub end: usize,
    /// How it is reached.
    pub by: By,
}

/// How a target is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum By {
    /// A word or picture to click.
    Anchor,
    /// The address stands in the text.
    Plain,
    /// A form sends there.
    Form,
    /// The page goes there by itself.
    Refresh,
    /// A code to scan.
    Code,
    /// A document leads there.
    Document,
}

/// How an HTML text is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// It is HTML at all.
    pub html: bool,
    /// Fields that ask for a password.
    pub password_fields: u16,
    /// Other fields to fill in.
    pub fields: u16,
    /// Pictures of some size.
    pub pictures: u16,
    /// Pictures that are the link.
    pub linked_pictures: u16,
    /// Scripts.
    pub scripts: u16,
    /// A script that unpacks a file.
    pub smuggles: bool,
    /// A part of it stands thousands of lines below what a screen shows.
    pub stretched: bool,
    /// Addresses that are relative to a base elsewhere.
    pub base: bool,
    /// More was in it than was read.
    pub cut: bool,
}

/// Something attached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// Its name; may be empty.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is by its content.
    pub is: Is,
    /// Names in it, where it is an archive.
    pub holds: Vec<String>,
    /// An archive in which something cannot be read without a password.
    pub sealed: bool,
    /// It has macros; they start by themselves.
    pub macros: Option<Macros>,
    /// Where it leads.
    pub body: Body,
}

/// Macros of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Macros {
    /// Somebody starts them.
    Waiting,
    /// They start with the document.
    Starting,
}

/// What an attachment is by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Is {
    /// Plain text, CSV, XML.
    Text,
    /// A web page, also as SVG.
    Web,
    /// PDF.
    Pdf,
    /// An Office document.
    Office,
    /// A picture.
    Picture,
    /// Sound or film.
    Media,
    /// An appointment.
    Calendar,
    /// An archive.
    Archive,
    /// Encrypted as a whole.
    Sealed,
    /// An image of a disk.
    Disk,
    /// A program.
    Program,
    /// Something a system would run: script, shortcut, installer.
    Script,
    /// None of these.
    Other,
}

/// What is odd in how a message is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Oddity {
    /// A header that may stand once stands twice.
    TwiceSaid,
    /// Programs disagree on which parts it has.
    Ambiguous,
    /// More than is read of anyone.
    TooMuch,
    /// Messages in messages in messages.
    TooDeep,
    /// It has no headers: only a text.
    NoHeaders,
    /// What it says of its sender is quoted by whoever passed it on.
    Quoted,
}

impl Mail {
    /// The text that is shown first, in which verdicts mark what is suspicious.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.bodies.first().map_or("", |body| &body.text)
    }

    /// Nothing of a message was found: no sender, no subject, no text.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.from.is_empty()
            && self.subject.is_empty()
            && self.bodies.iter().all(|body| *body == Body::default())
    }

    /// The first address that it says it is from.
    #[must_use]
    pub fn sender(&self) -> Option<&Address> {
        self.from.first()
    }
}

impl Message {
    /// The text in which a verdict's marks stand.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Self::Mail(mail) => mail.shown(),
            Self::Sms(sms) => &sms.body.text,
        }
    }
}
