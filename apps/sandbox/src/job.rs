//! What the sandbox can be asked to do. The request is a line of JSON, then the bytes that it is about; the answer a line.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{message::Received, preview::Preview};

/// Every kind of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "kebab-case")]
pub enum Work {
    /// Draws what a file holds.
    Preview(Preview),
    /// Reads a message, for the judge.
    Message(Received),
}

/// A kind of work, and its answer.
pub trait Job: Into<Work> {
    /// What comes of it.
    type Answer: Serialize + DeserializeOwned;
    /// No more bytes than this are believed to be an answer. Usually a picture of two megabytes as text, and some words.
    const LONGEST: u64 = 4 * 1024 * 1024;

    /// Does it. Called in the sandbox alone: it may be slow, panic or want too much memory.
    fn run(&self, part: Part<'_>) -> Self::Answer;
}

/// What the work is about.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The first bytes of the content.
    pub bytes: &'a [u8],
    /// How long the whole is.
    pub of: u64,
}

impl<'a> Part<'a> {
    /// A content that is here whole.
    pub(crate) fn all(bytes: &'a [u8]) -> Self {
        let of = bytes.len() as u64;
        Self { bytes, of }
    }

    /// Whether these are all.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.bytes.len() as u64 == self.of
    }
}

/// The line before the bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    #[serde(flatten)]
    pub(crate) work: Work,
    /// So many bytes follow.
    pub(crate) follow: u64,
    /// So many the whole content has.
    pub(crate) of: u64,
}

/// What whoever started the worker says in its place when it ended without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fall {
    /// Its time was over.
    TooLong,
    /// It broke, or the kernel ended it.
    Broke,
    /// The kernel could not shut it in, so it read nothing.
    NotShutIn,
}

/// The line of an answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Said<A> {
    Answer(A),
    Fall(Fall),
}

/// The sandbox reads no more than this of one content.
pub(crate) const MOST: u64 = 48 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_one_form() {
        let request = Request {
            work: Work::Preview(Preview {}),
            follow: 3,
            of: 9,
        };
        let line = r#"{"work":"preview","follow":3,"of":9}"#;
        assert_eq!(serde_json::to_string(&request).unwrap(), line);
        let read: Request = serde_json::from_str(line).unwrap();
        assert_eq!((read.work, read.follow, read.of), (request.work, 3, 9));
        let fall: Said<u8> = Said::Fall(Fall::TooLong);
        assert_eq!(
            serde_json::to_string(&fall).unwrap(),
            r#"{"fall":"too-long"}"#
        );
    }
}
