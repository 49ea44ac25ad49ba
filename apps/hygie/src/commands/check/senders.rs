//! The memory of senders on this device: addresses, names, counts, and digests of the messages that were counted; no text. It is
//! its owner's alone, and whole or not at all.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::Result;
use hygie_agent::StateDir;
use hygie_phish::{
    Authenticated, Memory,
    message::{Address, Mail},
};
use hygie_text::{Args, Id};
use serde::{Deserialize, Serialize};

use super::Context;
use crate::screen::said;

/// What is remembered.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Senders {
    format: Format,
    /// Addresses and domains of the practice.
    own: BTreeSet<String>,
    /// Messages that were counted.
    counted: BTreeSet<String>,
    pub(crate) memory: Memory,
}

/// Of the file; another one is for another Hygie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Format {
    #[default]
    #[serde(rename = "hygie.senders/1")]
    First,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remembered {
    Received,
    Sent,
    Already,
    LeftOut,
}

/// How many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Learnt {
    pub(crate) received: u64,
    pub(crate) sent: u64,
    pub(crate) already: u64,
    pub(crate) left_out: u64,
}

impl Learnt {
    pub(crate) fn count(&mut self, remembered: Remembered) {
        *match remembered {
            Remembered::Received => &mut self.received,
            Remembered::Sent => &mut self.sent,
            Remembered::Already => &mut self.already,
            Remembered::LeftOut => &mut self.left_out,
        } += 1;
    }
}

impl Senders {
    /// What is remembered, for judging: nothing where nobody learnt, or where it is somebody else's.
    pub(crate) fn read(context: &Context<'_>) -> Result<Self> {
        let path = context.state().senders();
        match read(&path) {
            Ok(senders) => Ok(senders.unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let args = Args::new().path("path", &path);
                context.screen.say(Id::CheckNoMemory, &args);
                Ok(Self::default())
            }
            Err(error) => Err(unread(&path, &error)),
        }
    }

    pub(crate) fn add_own(&mut self, own: &[String]) -> Result<()> {
        for text in own {
            let place = text.rsplit('@').next().unwrap_or(text);
            let is_place = place.contains('.')
                && place
                    .split('.')
                    .all(|label| !label.is_empty() && !label.contains(char::is_whitespace));
            if !is_place || text.starts_with('@') {
                return Err(said(Id::CheckOwn, Args::new().text("text", text)));
            }
            self.own.insert(text.trim().to_lowercase());
        }
        Ok(())
    }

    pub(crate) fn knows_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// Domains that are the practice's as a whole; an address alone says nothing of its neighbours.
    pub(crate) fn own_domains(&self) -> Vec<String> {
        let domains = self.own.iter().filter(|own| !own.contains('@'));
        domains.cloned().collect()
    }

    /// Whether somebody of the practice wrote it.
    pub(crate) fn is_own(&self, mail: &Mail) -> bool {
        matches!(&mail.from[..], [from] if self.owns(from))
    }

    fn owns(&self, address: &Address) -> bool {
        let address = address.address.trim().to_lowercase();
        let domain = address.rsplit_once('@').map(|(_, domain)| domain);
        self.own.contains(&address) || domain.is_some_and(|domain| self.own.contains(domain))
    }

    /// Counts a message once, however often it is met.
    pub(crate) fn remember(&mut self, mail: &Mail, now: i64) -> Remembered {
        if !self.counted.insert(digest(mail)) {
            return Remembered::Already;
        }
        // What says that it is of tomorrow is of today.
        let at = mail.date.map_or(now, |date| date.min(now));
        if self.is_own(mail) {
            let strangers = mail.to.iter().filter(|to| !self.owns(to));
            for to in strangers.cloned().collect::<Vec<_>>() {
                self.memory.sent(&to, at);
            }
            Remembered::Sent
        } else {
            self.memory.received(mail, Authenticated::Unknown, at);
            Remembered::Received
        }
    }
}

/// The memory while it is being filled, by one process at a time.
pub(crate) struct Keep {
    pub(crate) senders: Senders,
    state: StateDir,
    /// Held until the end.
    _alone: File,
}

impl Keep {
    pub(crate) fn open(context: &Context<'_>) -> Result<Self> {
        let refused = |error: io::Error| {
            let args = Args::new().path("path", &context.state);
            said(
                Id::ErrorStateFolder,
                args.text("reason", &error.to_string()),
            )
        };
        let state = StateDir::open(&context.state).map_err(refused)?;
        let path = state.senders();
        let alone = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path.with_extension("lock"))
            .map_err(refused)?;
        alone.lock().map_err(refused)?;
        let senders = read(&path).map_err(|error| unread(&path, &error))?;
        Ok(Self {
            senders: senders.unwrap_or_default(),
            state,
            _alone: alone,
        })
    }

    /// Writes it, and says how many people it knows.
    pub(crate) fn save(&self) -> Result<u64> {
        let path = self.state.senders();
        let value = serde_json::to_value(&self.senders)?;
        let people = value["memory"]["people"].as_object();
        let people = people.map_or(0, |people| people.len() as u64);
        write(&path, value.to_string().as_bytes()).map_err(|error| {
            let args = Args::new().path("path", &path);
            said(Id::ErrorFile, args.text("reason", &error.to_string()))
        })?;
        Ok(people)
    }
}

fn unread(path: &Path, error: &io::Error) -> anyhow::Error {
    let args = Args::new().path("path", path);
    if error.kind() == ErrorKind::InvalidData {
        said(Id::CheckMemoryDamaged, args)
    } else {
        said(Id::ErrorFile, args.text("reason", &error.to_string()))
    }
}

/// `None` where there is none yet.
fn read(path: &Path) -> io::Result<Option<Senders>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    let senders = serde_json::from_slice(&bytes);
    senders.map(Some).map_err(|_| ErrorKind::InvalidData.into())
}

/// Whole or not at all, also through a power cut.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new: PathBuf = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Err(_) | Ok(()) => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(path.parent().unwrap_or(Path::new("/")))?.sync_all()
}

/// The same message is the same in two mailboxes, whatever programs noted in its headers.
fn digest(mail: &Mail) -> String {
    let mut digest = blake3::Hasher::new();
    let mut put = |text: &str| {
        digest.update(&(text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    for address in mail.from.iter().chain(&mail.to) {
        put(&address.address);
    }
    put(&mail.subject);
    put(mail.shown());
    put(&mail.date.unwrap_or(0).to_string());
    let mut digest = digest.finalize().to_hex().to_string();
    digest.truncate(DIGEST);
    digest
}

/// Enough signs that no two messages of a practice have the same.
const DIGEST: usize = 24;
/// Of a file that is believed to be a memory: some hundred thousand messages take ten megabytes.
const LONGEST: u64 = 256 << 20;

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn address(address: &str) -> Address {
        let address = address.to_owned();
        Address {
            name: String::new(),
            address,
        }
    }

    fn mail(from: &str, to: &str, subject: &str) -> Mail {
        Mail {
            from: vec![address(from)],
            to: vec![address(to)],
            subject: subject.to_owned(),
            date: Some(5),
            ..Mail::default()
        }
    }

    #[test]
    fn a_message_counts_once_and_answers_count_for_whom_they_went_to() {
        let mut senders = Senders::default();
        senders.add_own(&["Cabinet.example".to_owned()]).unwrap();
        let came = mail("zoe@labo.example", "a@cabinet.example", "Bilan");
        assert_eq!(senders.remember(&came, 9), Remembered::Received);
        assert_eq!(senders.remember(&came, 9), Remembered::Already);
        let went = mail("A@cabinet.example", "zoe@labo.example", "Re: Bilan");
        assert_eq!(senders.remember(&went, 9), Remembered::Sent);
        let inside = mail("a@cabinet.example", "b@cabinet.example", "Café");
        assert_eq!(senders.remember(&inside, 9), Remembered::Sent);
        let zoe = senders.memory.of("zoe@labo.example").unwrap();
        assert_eq!((zoe.received, zoe.answered, zoe.last), (1, 1, 5));
        assert_eq!(senders.memory.of("b@cabinet.example"), None);
        let late = Mail {
            date: Some(99),
            ..mail("y@x.example", "a@cabinet.example", "")
        };
        senders.remember(&late, 9);
        assert_eq!(senders.memory.of("y@x.example").unwrap().last, 9);
    }

    #[test]
    fn own_is_an_address_or_a_domain() {
        let mut senders = Senders::default();
        for wrong in [
            "",
            "cabinet",
            "@cabinet.example",
            "a@",
            "a@b",
            "a b.example",
            "a@b..example",
        ] {
            assert!(senders.add_own(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
        senders.add_own(&["a@free.example".to_owned()]).unwrap();
        assert!(senders.own_domains().is_empty());
        assert!(senders.is_own(&mail("a@FREE.example", "", "")));
        assert!(!senders.is_own(&mail("b@free.example", "", "")));
    }

    #[test]
    fn the_file_is_its_owner_s_alone_and_reads_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("senders.json");
        assert_eq!(read(&path).unwrap(), None);
        let mut senders = Senders::default();
        senders.remember(&mail("zoe@labo.example", "a@cabinet.example", "Bilan"), 9);
        // What a run that was ended left.
        fs::write(path.with_extension("new"), "half").unwrap();
        write(&path, &serde_json::to_vec(&senders).unwrap()).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(read(&path).unwrap(), Some(senders));
        assert!(!fs::read_to_string(&path).unwrap().contains("Bilan"));
        for damaged in ["", "{}", r#"{"format":"hygie.senders/2"}"#] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(
                read(&path).unwrap_err().kind(),
                ErrorKind::InvalidData,
                "{damaged}"
            );
        }
    }
}
