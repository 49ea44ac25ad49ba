//! The memory of senders on this device: addresses, names, counts, and digests of the messages that were counted; no text. It is
//! its owner's alone, and whole or not at all.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use hygie_agent::{StateDir, door::HUB_USER};
use hygie_phish::{
    Authenticated, Memory,
    message::{Address, Mail},
};
use hygie_platform::linux::users;
use hygie_post::sender::Server;
use hygie_text::{Args, Id};
use serde::{Deserialize, Serialize};

use super::Context;
use crate::{commands::hub, screen::said};

/// What is remembered.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Senders {
    format: Format,
    /// Addresses and domains of the practice.
    own: BTreeSet<String>,
    /// Its mail servers, whose results are believed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    trusted: BTreeSet<Server>,
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

    pub(crate) fn add_trusted(&mut self, servers: &[String]) -> Result<()> {
        for text in servers {
            let server = Server::of(text);
            let wrong = || said(Id::CheckServer, Args::new().text("text", text));
            self.trusted.insert(server.ok_or_else(wrong)?);
        }
        Ok(())
    }

    pub(crate) fn trusted(&self) -> Vec<Server> {
        self.trusted.iter().cloned().collect()
    }

    /// Addresses of the practice's people, where their domain is anybody's; how they are called nobody said.
    pub(crate) fn own_people(&self) -> Vec<(String, String)> {
        let people = self.own.iter().filter(|own| own.contains('@'));
        people.map(|own| (String::new(), own.clone())).collect()
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

    fn for_hub(&self) -> Self {
        Self {
            format: self.format,
            own: self.own.clone(),
            trusted: self.trusted.clone(),
            counted: BTreeSet::new(),
            memory: self.memory.clone(),
        }
    }

    /// Counts a message once, however often it is met.
    pub(crate) fn remember(
        &mut self,
        mail: &Mail,
        authenticated: Authenticated,
        now: i64,
    ) -> Remembered {
        if !self.counted.insert(digest(mail)) {
            return Remembered::Already;
        }
        // What says that it is of tomorrow is of today.
        let at = mail.date.map_or(now, |date| date.min(now));
        // What is not from us says nothing of whom we answer.
        if self.is_own(mail) && authenticated != Authenticated::Refused {
            let strangers = mail.to.iter().filter(|to| !self.owns(to));
            for to in strangers.cloned().collect::<Vec<_>>() {
                self.memory.sent(&to, at);
            }
            Remembered::Sent
        } else {
            if authenticated == Authenticated::Refused {
                return Remembered::LeftOut;
            }
            self.memory.received(mail, authenticated, at);
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
        let bytes = serde_json::to_vec(&self.senders)?;
        write(&path, &bytes, None).map_err(|error| {
            let args = Args::new().path("path", &path);
            said(Id::ErrorFile, args.text("reason", &error.to_string()))
        })?;
        self.hand_to_hub()
            .with_context(|| format!("handing it to the console's hub, in {}", path.display()))?;
        Ok(self.senders.memory.len() as u64)
    }
}

impl Keep {
    /// The console's judge knows whom root learnt: in the folder in which root leaves what the hub may read, and not write, it has what
    /// judging needs, without the marks of messages.
    fn hand_to_hub(&self) -> Result<()> {
        let is_root = rustix::process::geteuid().is_root();
        let Some(ids) = users::find(HUB_USER)?.filter(|_| is_root) else {
            return Ok(());
        };
        let reader = Some(ids.gid);
        hub::recovery_folder(&self.state, reader)?;
        let path = hub::recovery(&self.state.socket()).with_file_name("senders.json");
        write(&path, &serde_json::to_vec(&self.senders.for_hub())?, reader)?;
        Ok(())
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
fn write(path: &Path, bytes: &[u8], reader: Option<u32>) -> io::Result<()> {
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
    if reader.is_some() {
        fchown(&file, None, reader)?;
        file.set_permissions(fs::Permissions::from_mode(0o640))?;
    }
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
    use std::os::unix::fs::MetadataExt;

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
        assert_eq!(
            senders.remember(&came, Authenticated::Unknown, 9),
            Remembered::Received
        );
        assert_eq!(
            senders.remember(&came, Authenticated::Unknown, 9),
            Remembered::Already
        );
        let went = mail("A@cabinet.example", "zoe@labo.example", "Re: Bilan");
        assert_eq!(
            senders.remember(&went, Authenticated::Unknown, 9),
            Remembered::Sent
        );
        let inside = mail("a@cabinet.example", "b@cabinet.example", "Café");
        assert_eq!(
            senders.remember(&inside, Authenticated::Unknown, 9),
            Remembered::Sent
        );
        let zoe = senders.memory.of("zoe@labo.example").unwrap();
        assert_eq!((zoe.received, zoe.answered, zoe.last), (1, 1, 5));
        assert_eq!(senders.memory.of("b@cabinet.example"), None);
        let late = Mail {
            date: Some(99),
            ..mail("y@x.example", "a@cabinet.example", "")
        };
        senders.remember(&late, Authenticated::Unknown, 9);
        assert_eq!(senders.memory.of("y@x.example").unwrap().last, 9);
    }

    #[test]
    fn what_is_forged_is_not_remembered() {
        let mut senders = Senders::default();
        senders.add_own(&["cabinet.example".to_owned()]).unwrap();
        for from in ["zoe@labo.example", "a@cabinet.example"] {
            let forged = mail(from, "x@evil.example", "Bilan");
            let remembered = senders.remember(&forged, Authenticated::Refused, 9);
            assert_eq!(remembered, Remembered::LeftOut);
        }
        assert!(senders.memory.is_empty());
    }

    #[test]
    fn servers_are_names_of_hosts() {
        let mut senders = Senders::default();
        assert!(senders.add_trusted(&["mx".to_owned()]).is_err());
        assert!(
            senders
                .add_trusted(&["mx.a.example; x".to_owned()])
                .is_err()
        );
        // What an earlier Hygie kept has none.
        let kept = serde_json::to_string(&senders).unwrap();
        assert!(!kept.contains("trusted"));
        senders.add_trusted(&["MX.a.example".to_owned()]).unwrap();
        let kept = serde_json::to_string(&senders).unwrap();
        let senders: Senders = serde_json::from_str(&kept).unwrap();
        assert_eq!(senders.trusted()[0].as_str(), "mx.a.example");
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

    /// The hub reads the same line (`apps/hub/src/core/senders.rs`).
    #[test]
    fn what_the_hub_reads_is_what_is_kept() {
        let line = r#"{"format":"hygie.senders/1","own":["cabinet.example"],"trusted":["mx.cabinet.example"],"counted":["0123"],"memory":{"people":{"zoe@labo.example":{"name":"Zoé","first":5,"last":9,"received":3,"answered":1}}}}"#;
        let senders: Senders = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&senders).unwrap(), line);
    }

    #[test]
    fn who_may_read_it_is_one_group() {
        if let Some(why) = hygie_testkit::not_root() {
            println!("{why}");
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("senders.json");
        write(&path, b"{}", Some(4242)).unwrap();
        let about = fs::metadata(&path).unwrap();
        assert_eq!(
            (about.mode() & 0o777, about.uid(), about.gid()),
            (0o640, 0, 4242)
        );
    }

    #[test]
    fn the_file_is_its_owner_s_alone_and_reads_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("senders.json");
        assert_eq!(read(&path).unwrap(), None);
        let mut senders = Senders::default();
        senders.remember(
            &mail("zoe@labo.example", "a@cabinet.example", "Bilan"),
            Authenticated::Unknown,
            9,
        );
        // What a run that was ended left.
        fs::write(path.with_extension("new"), "half").unwrap();
        write(&path, &serde_json::to_vec(&senders).unwrap(), None).unwrap();
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
