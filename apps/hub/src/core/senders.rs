//! Who wrote to the practice before: what `hygie check --learn` keeps of it, which root lets the hub read. The hub never writes it,
//! keeps no copy, and shows nobody more of it than how many there are.

use std::{collections::BTreeSet, fs::File, io, io::Read, path::Path};

use hygie_phish::Memory;
use hygie_post::sender::Server;
use serde::Deserialize;

/// What is remembered. The file holds more, which is for the command that learns.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Remembered {
    /// Of the file; another one is for another Hygie.
    #[serde(rename = "format")]
    _format: Format,
    /// Addresses and domains of the practice.
    #[serde(default)]
    pub(crate) own: BTreeSet<String>,
    /// Its mail servers.
    #[serde(default)]
    pub(crate) trusted: BTreeSet<Server>,
    /// Who wrote, and whom somebody answered.
    pub(crate) memory: Memory,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
enum Format {
    #[default]
    #[serde(rename = "hygie.senders/1")]
    First,
}

/// How many the hub may count, and knows nothing more of without a message that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nobody learnt yet.
    Nothing,
    /// So many addresses.
    Addresses(usize),
    /// There is something that this hub cannot read.
    Unreadable,
}

/// What is there; `None` where nobody learnt.
///
/// # Errors
/// It may not be read, or is not what it should be. A message is judged without it then.
pub(crate) fn read(path: &Path) -> io::Result<Option<Remembered>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(Some(serde_json::from_slice(&bytes)?))
}

/// How many are remembered.
pub(crate) fn known(path: &Path) -> Known {
    match read(path) {
        Ok(None) => Known::Nothing,
        Ok(Some(remembered)) => Known::Addresses(remembered.memory.len()),
        Err(_) => Known::Unreadable,
    }
}

/// Some hundred thousand messages take ten megabytes.
const LONGEST: u64 = 256 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    /// As the command writes it (`apps/hygie/src/commands/check/senders.rs` tests the same line).
    const KEPT: &str = r#"{"format":"hygie.senders/1","own":["cabinet.example"],"trusted":["mx.cabinet.example"],"counted":["0123"],"memory":{"people":{"zoe@labo.example":{"name":"Zoé","first":5,"last":9,"received":3,"answered":1}}}}"#;

    #[test]
    fn what_the_command_keeps_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("senders.json");
        assert_eq!(known(&path), Known::Nothing);
        std::fs::write(&path, KEPT).unwrap();
        let read = read(&path).unwrap().unwrap();
        assert_eq!(read.memory.of("zoe@labo.example").unwrap().answered, 1);
        assert!(read.own.contains("cabinet.example"));
        assert_eq!(read.trusted.first().unwrap().as_str(), "mx.cabinet.example");
        assert_eq!(known(&path), Known::Addresses(1));
        for damaged in [
            "",
            "{",
            r#"{"format":"hygie.senders/2","memory":{"people":{}}}"#,
        ] {
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(known(&path), Known::Unreadable, "{damaged}");
        }
    }
}
