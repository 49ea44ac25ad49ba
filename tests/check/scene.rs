//! A folder with messages, and the program that is asked about them.

use std::{
    fs,
    io::{Cursor, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const TRAP: &[u8] = include_bytes!("messages/piege.eml");
pub(crate) const ORDINARY: &[u8] = include_bytes!("messages/ordinaire.eml");
pub(crate) const SMS: &[u8] = include_bytes!("messages/sms.txt");

pub(crate) struct Scene(TempDir);

/// What the program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn run(&self, args: &[&str]) -> Said {
        self.run_with(args, b"")
    }

    pub(crate) fn run_with(&self, args: &[&str], handed: &[u8]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hygie"));
        self.asked(&mut command, args, handed)
    }

    /// As a user who has no rights; the program lies where that user can reach it.
    pub(crate) fn run_as(&self, program: &Path, uid: u32, args: &[&str]) -> Said {
        let mut command = Command::new(program);
        command.uid(uid).gid(uid);
        self.asked(&mut command, args, b"")
    }

    fn asked(&self, command: &mut Command, args: &[&str], handed: &[u8]) -> Said {
        let mut child = command
            .args(args)
            .current_dir(self.0.path())
            .env("HYGIE_STATE", self.path("state"))
            .env("LC_ALL", "fr_FR.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(handed).unwrap();
        let done = child.wait_with_output().unwrap();
        Said {
            code: done.status.code().unwrap_or(-1),
            out: String::from_utf8(done.stdout).unwrap(),
            err: String::from_utf8(done.stderr).unwrap(),
        }
    }
}

/// A mailbox file of these.
pub(crate) fn mailbox(messages: &[&[u8]]) -> Vec<u8> {
    let mut mailbox = Vec::new();
    for message in messages {
        mailbox.extend(b"From - Mon Nov 30 10:00:00 2026\n");
        mailbox.extend(*message);
        mailbox.extend(b"\n");
    }
    mailbox
}

/// A mail as Outlook keeps it: a file with one stream a property. Its headers travelled, its text is the whole of its body.
pub(crate) fn outlook(mail: &[u8]) -> Vec<u8> {
    let mail = String::from_utf8(mail.to_vec()).unwrap();
    let mail = mail.replace("\r\n", "\n");
    let (headers, body) = mail.split_once("\n\n").unwrap();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let wide = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let is_page = headers.contains("text/html");
    let body = if is_page {
        ("__substg1.0_10130102", body.as_bytes().to_vec())
    } else {
        ("__substg1.0_1000001F", wide(body))
    };
    for (name, content) in [
        ("__properties_version1.0", vec![0; 32]),
        ("__substg1.0_007D001F", wide(&headers.replace('\n', "\r\n"))),
        body,
    ] {
        file.create_stream(name)
            .unwrap()
            .write_all(&content)
            .unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}
