//! What a version holds: read here, parsed in the sandbox. The guard hands bytes over and takes a small picture or a text back;
//! it knows no format.

use std::{
    io::{self, Read},
    path::Path,
};

use hygie_model::{ContentHash, NodeKind};
use hygie_sandbox::{
    NoAnswer, Sandbox,
    preview::{Preview, Shown, Why},
};
use hygie_vault::{Content, Presence, Reader, VaultError};

use super::{House, Reply, asker::Asker};
use crate::guard::Fact;

/// A version's content, open, and what it is to be.
struct Found {
    content: Content,
    hash: ContentHash,
}

/// Who may was decided before: root, and the hub for a person whose row allows it.
pub(super) fn look(path: &Path, number: i64, (asker, house): (&Asker, &House)) -> Reply {
    let mut found = None;
    let reply = house.at_desk(asker, |reader| {
        let (reply, content) = open(reader, path, number)?;
        found = content;
        Ok(reply)
    });
    let Some(found) = found else {
        return reply;
    };
    let facts = [
        ("uid", asker.uid.into()),
        ("path", path.to_string_lossy().into()),
        ("number", number.into()),
    ];
    // It is written before it is shown; and the desk is free again, for drawing may take its time.
    let keeper = house.keeper(asker);
    keeper.tell(Fact::Looked, facts);
    keeper.flush();
    shown(&house.sandbox, found)
}

fn open(reader: &Reader, path: &Path, number: i64) -> Result<(Reply, Option<Found>), VaultError> {
    let kind = match reader.lookup(path, None) {
        Ok(found) => found.kind,
        Err(VaultError::UnknownPath { .. }) => return Ok((Reply::Unknown, None)),
        Err(other) => return Err(other),
    };
    let mut all = reader.history(path)?.into_iter();
    let past = all.find(|past| past.stored.version.name.seq == number);
    let is_file = kind == NodeKind::File;
    match past.filter(|past| is_file && past.stored.presence == Presence::Kept) {
        None => Ok((Reply::Unknown, None)),
        Some(past) => {
            let hash = past.stored.version.name.content;
            let content = reader.open_content(hash)?;
            Ok((Reply::Unknown, Some(Found { content, hash })))
        }
    }
}

fn shown(sandbox: &Sandbox, Found { content, hash }: Found) -> Reply {
    let len = content.len();
    let mut handed = Handed {
        content,
        at: 0,
        digest: blake3::Hasher::new(),
    };
    let why = match sandbox.ask(Preview {}, (&mut handed, len)) {
        Ok(shown) => {
            // Of what was handed in whole it is known whether it is what was kept.
            let whole = handed.at == len;
            if !whole || handed.digest.finalize() == blake3::Hash::from_bytes(hash.0) {
                return Reply::Inside(Box::new(shown));
            }
            Why::Damaged
        }
        Err(NoAnswer::Absent(_) | NoAnswer::NotStarted(_) | NoAnswer::NotShutIn) => Why::NoSandbox,
        Err(NoAnswer::Content(_)) => Why::Damaged,
        Err(NoAnswer::TooLong) => Why::TooLong,
        Err(NoAnswer::Broke) => Why::Unreadable,
    };
    Reply::Inside(Box::new(Shown::Nothing { why }))
}

/// A content from its beginning on, with the digest of what was read.
struct Handed {
    content: Content,
    at: u64,
    digest: blake3::Hasher,
}

impl Read for Handed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read_at(buffer, self.at)?;
        self.digest.update(&buffer[..read]);
        self.at += read as u64;
        Ok(read)
    }
}
