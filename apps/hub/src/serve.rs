//! The hub as a process: opens its database and journal, serves the console over TLS, and says where.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::{Router, http::StatusCode, middleware::from_fn, response::IntoResponse};
use hygie_identity::{
    secret::{Code, Purpose, SecretText},
    setup::SetUp,
};
use hygie_platform::linux::walls::{NotWalled, Ports, Programs, Room, Walls, shut_in};
use hygie_post::sender::{Names, System};
use hygie_store::{Digest, Store, StoreError};
use hygie_text::TimeZone;
use hyper_util::rt::TokioTimer;
use ring::rand::SecureRandom;

use crate::{
    authority::AskError,
    core::{
        self, CLOCK, Hub, Parts,
        places::{BROWSERS, Gate},
    },
    pages,
    web::{headers, route, speech::Catalogs},
};

/// What the hub is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The hub's own folder: database, journal, sealing key.
    pub dir: PathBuf,
    /// The guard's door on this machine.
    pub guard: PathBuf,
    /// The file in which root leaves a way back (`hygie hub recover`).
    pub recovery: PathBuf,
    /// The signer's socket.
    pub signer: PathBuf,
    /// The post's socket.
    pub post: PathBuf,
    /// Where browsers connect.
    pub listen: SocketAddr,
    /// Where devices report.
    pub devices: SocketAddr,
    /// A device for which a code is made at this start.
    pub invite: Option<String>,
    /// In which moments are told.
    pub zone: TimeZone,
}

/// What the hub says when it serves. Printed by the command, which knows where a secret may go.
#[derive(Debug)]
pub enum Serving {
    /// The console is there.
    Console {
        /// Where.
        url: String,
    },
    /// It waits to be set up.
    SetUp {
        /// Where.
        url: String,
        /// The one-time code: for the terminal or a root-only file, never a log.
        code: SecretText,
    },
    /// A code was made for a device.
    Invited {
        /// How the device will be called.
        name: String,
        /// The code: as the set-up's.
        code: SecretText,
    },
}

/// Why the hub cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// Its folder.
    #[error("the hub's folder {}: {source}; look at the disk and the folder's owner", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The address.
    #[error(
        "cannot listen on {address}: {source}; stop the program that listens there, or choose another address with --listen"
    )]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal.
    #[error("the hub's journal: {0}")]
    Journal(#[from] hygie_journal::Error),
    /// The certificate.
    #[error(
        "the console's certificate: {0}; start Hygie again, and look at the signer if it stays"
    )]
    Certificate(#[from] AskError),
    /// What it has no use for could not be given up; with it the hub does not go on.
    #[error("the hub could not give up its rights: {0}")]
    Rights(#[from] NotWalled),
    /// The system.
    #[error("the hub cannot run: {0}")]
    System(#[from] io::Error),
}

/// Serves until the process is ended.
///
/// # Errors
/// What keeps it from serving.
pub fn run(options: &Options, told: impl FnMut(Serving)) -> Result<(), HubError> {
    std::fs::create_dir_all(&options.dir).map_err(|source| HubError::Folder {
        path: options.dir.clone(),
        source,
    })?;
    // Where the resolver is stands in a file that the hub reads no more once it is shut in; nobody is asked before the practice
    // wants it.
    let names = System::new().ok();
    // Before there is a second thread: each is shut in by the one that starts it.
    let walls = shut_in(&room(options))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(serve(options, (walls, names), told))
}

/// Its own folder, and where root leaves a way back; its two ports, and none that it connects to: guard, signer and post are paths.
/// The messages that people bring are read by workers, which are this program again.
pub(crate) fn room(options: &Options) -> Room {
    Room {
        keeps: vec![options.dir.clone()],
        reads: options
            .recovery
            .parent()
            .map(Path::to_owned)
            .into_iter()
            .collect(),
        programs: Programs::Itself,
        listens: Ports::These(vec![options.listen.port(), options.devices.port()]),
        memory: MEMORY,
        files: MOST_FILES,
        ..Room::bare()
    }
}

/// Threads have two megabytes each, and there may be five hundred that wait for the guard.
const MEMORY: u64 = 3 * 1024 * 1024 * 1024;
/// Browsers, devices, the database's readers.
const MOST_FILES: u64 = 4096;

async fn serve(
    options: &Options,
    (walls, names): (Walls, Option<System>),
    mut told: impl FnMut(Serving),
) -> Result<(), HubError> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut parts = open(options).await?;
    parts.names = names.map(|system| Arc::new(system) as Arc<dyn Names + Send + Sync>);
    let practice = parts.store.practices().await?.into_iter().next();
    let tls = parts.tls.begin(practice.as_ref(), CLOCK()).await?;
    let devices = parts.tls.begin_devices(CLOCK()).await?;
    let refused = |source| HubError::Listen {
        address: options.listen,
        source,
    };
    let listener = TcpListener::bind(options.listen).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    let port = listener.local_addr().map_err(refused)?.port();
    let hub = parts.on_port(port);
    if let Some(missing) = walls.missing() {
        core::walls::tell(&hub, &missing).await;
    }
    tokio::spawn(core::tls::keep_fresh(hub.clone()));
    tokio::spawn(core::chain::mend(hub.clone()));
    tokio::spawn(core::jobs::tidy(hub.clone()));
    tokio::spawn(core::jobs::follow_up(hub.clone()));
    tokio::spawn(core::alerts::keep_watch(hub.clone()));
    tokio::spawn(core::announce::keep(hub.clone(), options.listen));
    tokio::spawn(core::proposals::begin(hub.clone()));
    tokio::spawn(crate::devices::serve(hub.clone(), devices));
    told(waits(&hub, port).await?);
    if let Some(invited) = invited(&hub, options).await {
        told(invited);
    }
    let app = app(&hub).into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp(listener)?
        .acceptor(Gate::new(tls, BROWSERS))
        .first_request_timeout(SILENT);
    let builder = server.http_builder();
    // Whoever connects and says nothing, or a letter now and then, gives the place up.
    let mut old = builder.http1();
    old.timer(TokioTimer::new()).header_read_timeout(SILENT);
    let mut new = builder.http2();
    new.timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEADERS)
        .keep_alive_interval(ALIVE)
        .keep_alive_timeout(ALIVE);
    server.serve(app).await?;
    Ok(())
}

const SILENT: Duration = Duration::from_secs(20);
const ALIVE: Duration = Duration::from_secs(30);
const STREAMS: u32 = 64;
const HEADERS: u32 = 16 * 1024;

/// The console with all its gates.
pub(crate) fn app(hub: &Hub) -> Router {
    route::router(pages::routes(), hub)
        .fallback(async || StatusCode::NOT_FOUND.into_response())
        .layer(from_fn(headers::shut))
        .with_state(hub.clone())
}

async fn open(options: &Options) -> Result<Parts, HubError> {
    let folder = |source| HubError::Folder {
        path: options.dir.clone(),
        source,
    };
    std::fs::create_dir_all(&options.dir).map_err(folder)?;
    let seal = core::seal::Seal::load(&options.dir.join("seal.key")).map_err(folder)?;
    let store = Store::open_sqlite(&options.dir.join("store")).await?;
    let journal = core::journal::Journal::open(&options.dir.join("journal"), CLOCK())?;
    Ok(Parts {
        lane: crate::core::lane::Lane::default(),
        dir: options.dir.clone(),
        store,
        catalogs: Catalogs::new(&options.zone),
        zone: options.zone.clone(),
        guard: core::guard::Door::at(options.guard.clone()),
        post: core::post::PostDoor::at(options.post.clone()),
        sandbox: hygie_sandbox::Sandbox::own(),
        recovery: options.recovery.clone(),
        senders: options.recovery.with_file_name("senders.json"),
        names: None,
        journal,
        seal,
        tls: core::tls::Tls::new(options.signer.clone(), options.dir.join("tls")),
        port: options.listen.port(),
        devices: options.devices,
        announced: core::announce::Board::default(),
        clock: CLOCK,
    })
}

/// The code that was asked for at this start; before the set-up there is nobody whom it could let in.
async fn invited(hub: &Hub, options: &Options) -> Option<Serving> {
    let name = options.invite.clone()?;
    let practice = hub.practice().await.ok()??;
    match crate::devices::invite(hub, &practice, &name, None).await {
        Ok(code) => Some(Serving::Invited {
            name,
            code: SecretText::new(code.to_text()),
        }),
        Err(fault) => {
            crate::web::frame::log(&fault);
            None
        }
    }
}

/// A hub that nobody has set up makes a new code at each start; the one before is worth nothing then.
async fn waits(hub: &Hub, port: u16) -> Result<Serving, HubError> {
    let url = format!("https://localhost:{port}");
    if hub
        .store
        .setup()
        .await?
        .is_some_and(|setup| setup.done.is_some())
    {
        let host = hub.store.practices().await?.into_iter().next();
        let url = host.map_or(url, |facts| format!("https://{}:{port}", facts.host));
        return Ok(Serving::Console { url });
    }
    let mut random = [0; hygie_identity::secret::CODE_BYTES];
    ring::rand::SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| io::Error::other("the system gives no random bytes"))?;
    let code = Code::of(random);
    let now = hub.now();
    let until = SetUp::begin(&code, now).until();
    let digest = Digest(*code.digest(Purpose::SetUp).as_bytes());
    hub.store.begin_setup(digest, until, now).await?;
    Ok(Serving::SetUp {
        url: format!("{url}/setup"),
        code: code.to_text(),
    })
}

#[cfg(test)]
mod tests {
    use hygie_store::PracticeFacts;

    use super::*;

    fn options(dir: &std::path::Path) -> Options {
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        Options {
            dir: dir.to_owned(),
            guard: dir.join("guard.sock"),
            recovery: dir.join("recovery.json"),
            signer: dir.join("signer.sock"),
            post: dir.join("post.sock"),
            listen: nowhere,
            devices: nowhere,
            invite: None,
            zone: TimeZone::UTC,
        }
    }

    /// Not a test of its own: the process that the next one starts.
    #[test]
    fn inner_taken_over() {
        hygie_testkit::taken_over(|dir| room(&options(dir)));
    }

    /// It may listen where it was told, here on any port; what it starts is itself.
    #[test]
    fn a_hub_that_was_taken_over_reads_no_other_file_starts_no_other_program_and_connects_to_nobody()
     {
        let through = hygie_testkit::tried("serve::tests::inner_taken_over");
        through.unwrap().are(&["listen"]);
    }

    async fn practices(options: &Options) -> Vec<String> {
        let parts = open(options).await.unwrap();
        let practices = parts.store.practices().await.unwrap();
        parts.store.close().await.unwrap();
        practices.into_iter().map(|facts| facts.name).collect()
    }

    /// A later Hygie that cannot change the format ends at its start; the one before starts as if nothing had been.
    #[tokio::test]
    async fn a_change_of_format_that_does_not_work_leaves_the_version_before_able_to_serve() {
        let folder = tempfile::tempdir().unwrap();
        let options = options(folder.path());
        let parts = open(&options).await.unwrap();
        let facts = PracticeFacts {
            id: hygie_model::PracticeId(uuid::Uuid::from_u128(1)),
            name: "Cabinet des Tilleuls".to_owned(),
            host: "cabinet.local".to_owned(),
            created: CLOCK(),
        };
        parts.store.create_practice(&facts).await.unwrap();
        parts.store.close().await.unwrap();
        drop(parts);
        let store = folder.path().join("store");
        let before = std::fs::read(store.join("hub-1.db")).unwrap();
        for broken in [
            "ALTER TABLE person ADD COLUMN badge TEXT; UPDATE nowhere SET badge = 1;",
            "DROP TABLE",
            "PRAGMA foreign_keys = OFF; DELETE FROM practice; SELECT raise_no_such(1);",
        ] {
            let later = Store::open_sqlite_later(&store, &[broken]).await;
            let error = later.err().expect("it cannot work");
            assert!(matches!(error, StoreError::Migration { .. }), "{error:?}");
            assert_eq!(practices(&options).await, ["Cabinet des Tilleuls"]);
            let mut left: Vec<_> = std::fs::read_dir(&store)
                .unwrap()
                .map(|entry| entry.unwrap().file_name())
                .collect();
            left.sort();
            assert_eq!(left, ["hub-1.db", "hub.lock"], "{broken}");
            assert_eq!(std::fs::read(store.join("hub-1.db")).unwrap(), before);
        }
        // One that works keeps the older file, and the older Hygie says that it is not the one.
        let later =
            Store::open_sqlite_later(&store, &["ALTER TABLE person ADD COLUMN badge TEXT;"]);
        let later = later.await.unwrap();
        assert_eq!(later.confirm(hygie_model::Wall(0)).unwrap(), 0);
        later.close().await.unwrap();
        assert_eq!(std::fs::read(store.join("hub-1.db")).unwrap(), before);
        let refused = open(&options).await.err().expect("the format is newer");
        assert!(
            matches!(refused, HubError::Store(StoreError::Newer { .. })),
            "{refused}"
        );
        assert_eq!(Store::fall_back(&store).unwrap(), Some(1));
        assert_eq!(practices(&options).await, ["Cabinet des Tilleuls"]);
    }
}
