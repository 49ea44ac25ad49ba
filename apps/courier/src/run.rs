//! The process: one thread asks the guard, one sends and hears, one hands commands to the guard; the outbox is between them.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use hygie_platform::linux::walls::{self, NotWalled, Ports, shut_in};
use hygie_wire::{Outbox, OutboxError, Room};

use crate::{
    feed::{Shared, feed},
    folder::{FolderError, outbox},
    leave,
    orders::obey,
    papers::{Papers, PapersError},
    send::send,
};

/// What the courier is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its own folder.
    pub dir: PathBuf,
    /// The guard's door.
    pub guard: PathBuf,
    /// After so many hundredths of its certificate's life it gets a new one.
    pub renew_at: u8,
}

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// Its folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The outbox.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    /// What it was enrolled with cannot be used.
    #[error("{0}")]
    Identity(String),
    /// What it has no use for could not be given up; with it the courier does not go on.
    #[error("the courier could not give up its rights: {0}")]
    Rights(#[from] NotWalled),
    /// The system.
    #[error("the courier cannot run: {0}")]
    System(#[from] io::Error),
}

/// Runs until the process is ended.
///
/// # Errors
/// What keeps it from running.
pub fn run(options: &Options) -> Result<(), CourierError> {
    let mut papers = Papers::load(options.dir.clone(), options.renew_at)?;
    papers
        .way()
        .map_err(|error: PapersError| CourierError::Identity(error.to_string()))?;
    let outbox = open(options)?;
    // Before there is a second thread: each is shut in by the one that starts it.
    let had = shut_in(&room(&options.dir, papers.port()))?;
    if let Some(missing) = had.missing() {
        log(&missing);
    }
    let shared = Shared::new(outbox);
    let guard = options.guard.clone();
    let feeding = Arc::clone(&shared);
    std::thread::Builder::new()
        .name("hygie-feed".into())
        .spawn(move || feed(&guard, &feeding))?;
    let (guard, obeying) = (options.guard.clone(), Arc::clone(&shared));
    std::thread::Builder::new()
        .name("hygie-obey".into())
        .spawn(move || obey(&guard, &obeying))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        tokio::select! {
            () = send(&mut papers, &shared, &options.guard) => {}
            ended = leave::asked_to_end() => ended?,
        }
        leave::say(&papers).await;
        Ok(())
    })
}

/// Its folder, the verdicts that wait beside it, the hub's port, and what the system opens to find a name. The guard's door is a
/// path, and a connection to one is the door's own to judge.
pub(crate) fn room(dir: &Path, port: u16) -> walls::Room {
    walls::Room {
        keeps: vec![dir.to_owned()],
        reads: vec![dir.with_file_name("verdicts")],
        connects: Ports::These(vec![port, NAMES]),
        memory: MEMORY,
        files: MOST_FILES,
        ..walls::Room::bare()
    }
    .and_names()
}

/// Where servers of names answer what is too long for one packet.
const NAMES: u16 = 53;
const MEMORY: u64 = 512 * 1024 * 1024;
/// The outbox, the guard's door, one connection, and what the system opens to find a name.
const MOST_FILES: u64 = 128;

/// One that is damaged is put aside, so that the device does not fall silent for ever.
fn open(options: &Options) -> Result<Outbox, CourierError> {
    let file = outbox(&options.dir);
    match Outbox::open(&file, Room::default()) {
        Err(error @ OutboxError::Damaged(_)) => {
            log(&error.to_string());
            for end in ["", "-wal"] {
                let name = format!("outbox.db{end}");
                match std::fs::rename(
                    options.dir.join(&name),
                    options.dir.join(format!("damaged-{name}")),
                ) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    Err(_) | Ok(()) => {}
                }
            }
            Ok(Outbox::open(&file, Room::default())?)
        }
        opened => Ok(opened?),
    }
}

/// Where whoever runs the device reads it; names no file.
pub(crate) fn log(text: &str) {
    let _ = writeln!(io::stderr(), "courier: {text}");
}

#[cfg(test)]
mod tests {
    use hygie_wire::Cursor;

    use super::*;

    /// Not a test of its own: the process that the next one starts.
    #[test]
    fn inner_taken_over() {
        hygie_testkit::taken_over(|dir| room(dir, 8444));
    }

    #[test]
    fn a_courier_that_was_taken_over_reads_no_other_file_starts_nothing_and_reaches_its_hub_alone()
    {
        let through = hygie_testkit::tried("run::tests::inner_taken_over");
        through.unwrap().are(&[]);
    }

    #[test]
    fn a_damaged_outbox_is_put_aside() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            dir: folder.path().to_owned(),
            guard: PathBuf::new(),
            renew_at: 50,
        };
        std::fs::write(folder.path().join("outbox.db"), "no database".repeat(999)).unwrap();
        let opened = open(&options).unwrap();
        assert_eq!(opened.cursor().unwrap(), Cursor::default());
        assert!(folder.path().join("damaged-outbox.db").exists());
    }
}
