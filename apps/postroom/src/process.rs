//! The process: takes its folder and socket, gives up its rights, then serves.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Barrier},
    time::Duration,
};

use hygie_platform::{
    clock,
    linux::{
        secrets::SecretsError,
        service::{listen, start_nothing},
        walls::{NotWalled, Ports, Room, shut_in},
    },
};
use hygie_post::{TlsError, Trust};
use tokio::{net::UnixListener, runtime::Builder};

use crate::{
    desk::{AT_ONCE, Clock, Desk},
    door::serve,
    roads::Roads,
};

/// What the post is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its roads; made if there is none, the last part of the path only.
    pub folder: PathBuf,
    /// Where it is asked. Whoever may write the folder around it can put another one there.
    pub socket: PathBuf,
    /// The number of the user that the hub runs as.
    pub hub: u32,
}

/// Why the post does not run.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// Its folder.
    #[error("the post's folder: {0}")]
    Folder(#[from] SecretsError),
    /// Its socket.
    #[error(
        "{path}: {source}; the folder around the post's socket must be there and be writable for it"
    )]
    Socket {
        /// Where it was to be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// What it has no use for could not be given up; with it the post does not go on.
    #[error("the post could not give up its rights: {0}")]
    Rights(#[from] NotWalled),
    /// The system.
    #[error("the post cannot run: {0}")]
    System(#[from] io::Error),
}

/// Runs the post until it is ended. To be called by a process that does nothing else.
///
/// # Errors
/// Its folder or socket is not right, or its rights cannot be given up: before anything is answered.
pub fn run(options: &Options) -> Result<(), PostError> {
    run_with(options, Trust::system()?)
}

pub(crate) fn run_with(options: &Options, trust: Trust) -> Result<(), PostError> {
    let roads = Roads::open(&options.folder)?;
    let listener = listen(&options.socket).map_err(|source| PostError::Socket {
        path: options.socket.clone(),
        source,
    })?;
    // Before there is a second thread: each is shut in by the one that starts it.
    let walls = shut_in(&room(&options.folder))?;
    if let Some(missing) = walls.missing() {
        let _ = writeln!(io::stderr(), "hygie post: {missing}");
    }
    let clock = Clock {
        wall: clock::wall,
        mono: clock::mono,
    };
    let desk = Arc::new(Desk::new(roads, trust, clock));
    // Names are asked for by threads: all that it takes are there before no further one may begin.
    let runtime = Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(AT_ONCE)
        .thread_keep_alive(FOR_EVER)
        .build()?;
    runtime.block_on(async {
        let all_here = Arc::new(Barrier::new(AT_ONCE));
        let threads = (0..AT_ONCE).map(|_| {
            let all_here = Arc::clone(&all_here);
            tokio::task::spawn_blocking(move || {
                all_here.wait();
            })
        });
        for thread in threads.collect::<Vec<_>>() {
            thread.await.map_err(io::Error::from)?;
        }
        start_nothing().map_err(NotWalled::from)?;
        listener.set_nonblocking(true)?;
        serve(UnixListener::from_std(listener)?, desk, options.hub).await;
        Ok(())
    })
}

/// Its roads, and what the system opens to find a name. People say on the console which ports their servers have, so it may connect
/// to any; nobody connects to it.
pub(crate) fn room(folder: &Path) -> Room {
    Room {
        keeps: vec![folder.to_owned()],
        connects: Ports::Any,
        memory: MEMORY,
        files: MOST_FILES,
        ..Room::bare()
    }
    .and_names()
}

/// A letter is short; the authorities that the system trusts are a few megabytes.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Its folder, its socket, its askers, its letters; and what the system opens to find a name.
const MOST_FILES: u64 = 128;
const FOR_EVER: Duration = Duration::from_secs(u32::MAX as u64);
