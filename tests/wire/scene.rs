//! A hub and a signer, a courier, and a guard that says what the test wants; each in a folder of its own.

use std::os::unix::{fs::MetadataExt, process::CommandExt};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{IpAddr, SocketAddr, TcpListener},
    os::unix::{fs::PermissionsExt, net::UnixListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use hygie_agent::{
    door::{Brought, Question, Reply},
    guard::Status,
};
use hygie_model::{CopyCounts, DeviceId, IncidentState, PracticeId, Protection, UpEvent, Wall};
use hygie_store::{Json as Kept, NewCommand, Practice, PracticeFacts, Store};
use hygie_wire::{Deed, Fact, Outcome};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

/// Whose hub it is.
pub(crate) const PRACTICE: PracticeId = PracticeId(Uuid::from_u128(7));

/// A hub with its signer.
pub(crate) struct Hub {
    folder: TempDir,
    /// Where it keeps everything.
    dir: PathBuf,
    signer: Child,
    hub: Option<Child>,
    console: SocketAddr,
    pub(crate) devices: SocketAddr,
}

impl Hub {
    /// Set up, not yet serving. Devices report at `address`.
    pub(crate) fn new(address: IpAddr) -> Result<Self> {
        Self::on(address, None)
    }

    /// The same, with all that the hub keeps on a file system of its own.
    pub(crate) fn on(address: IpAddr, disk: Option<&Path>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("hygie-wire-").tempdir()?;
        let kept = disk.unwrap_or(folder.path()).join("hub");
        let dir = folder.path().join("signer");
        std::fs::create_dir(&dir)?;
        let uid = rustix::process::geteuid().as_raw();
        let signer = hygie(&["signer"])
            .arg("--dir")
            .arg(dir.join("keys"))
            .arg("--socket")
            .arg(dir.join("signer.sock"))
            .args(["--hub", &uid.to_string()])
            .spawn()?;
        let store = kept.join("store");
        std::fs::create_dir_all(&store)?;
        block(async {
            let store = Store::open_sqlite(&store).await?;
            let facts = PracticeFacts {
                id: PRACTICE,
                name: "Cabinet des Tilleuls".to_owned(),
                host: "hygie-cabinet.local".to_owned(),
                created: Wall(0),
            };
            store.create_practice(&facts).await?;
            Ok(store.close().await?)
        })?;
        let socket = dir.join("signer.sock");
        until(
            Duration::from_secs(30),
            "the signer",
            || Ok(socket.exists()),
        )?;
        Ok(Self {
            folder,
            dir: kept,
            signer,
            hub: None,
            console: free([127, 0, 0, 1].into())?,
            devices: free(address)?,
        })
    }

    /// Serves; the code for a device of this name, if one is asked for.
    pub(crate) fn start(&mut self, invite: Option<&str>) -> Result<Option<String>> {
        let dir = self.folder.path();
        let mut child = hygie(&["serve-hub"])
            .arg("--dir")
            .arg(&self.dir)
            .arg("--guard")
            .arg(dir.join("none.sock"))
            .arg("--signer")
            .arg(dir.join("signer/signer.sock"))
            .arg("--post")
            .arg(dir.join("none.sock"))
            .args(["--listen", &self.console.to_string()])
            .args(["--devices", &self.devices.to_string()])
            .args(invite.map(|name| format!("--invite={name}")))
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().context("the hub's pipe")?;
        self.hub = Some(child);
        let mut lines = BufReader::new(stdout).lines();
        lines.next().context("the hub ended")??;
        if invite.is_none() {
            return Ok(None);
        }
        let line: Value = serde_json::from_str(&lines.next().context("no code")??)?;
        let code = line["invited"]["code"].as_str().context("no code")?;
        Ok(Some(code.to_owned()))
    }

    /// kill -9.
    pub(crate) fn kill(&mut self) -> Result<()> {
        if let Some(mut hub) = self.hub.take() {
            hub.kill()?;
            hub.wait()?;
        }
        Ok(())
    }

    /// How many incidents are kept; read beside the hub, whether it runs or not.
    pub(crate) fn count(&self) -> Result<u64> {
        let file = self.file()?;
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let Ok(db) = rusqlite::Connection::open_with_flags(&file, flags) else {
            return Ok(0);
        };
        db.busy_timeout(Duration::from_secs(5))?;
        let count: i64 = db.query_row(
            "SELECT COUNT(*) FROM signal WHERE kind = ?1",
            ["incident"],
            |row| row.get(0),
        )?;
        Ok(u64::try_from(count)?)
    }

    /// Once this many incidents are kept.
    pub(crate) fn has(&self, count: u64) -> Result<()> {
        until(Duration::from_secs(90), "signals at the hub", || {
            Ok(self.count()? >= count)
        })
    }

    /// Of the one device: how often each incident was kept, with the hub killed. Numbers have no gap.
    pub(crate) fn kept(&mut self) -> Result<BTreeMap<u64, u64>> {
        self.kill()?;
        let store = self.dir.join("store");
        block(async {
            let store = Store::open_sqlite(&store).await?;
            let practice = store.practice(PRACTICE);
            let mut kept = BTreeMap::new();
            let devices = practice.devices().await?;
            for device in &devices {
                let page = practice.signals_of(device.id, None, 100_000).await?;
                let mut seq = page.items.len() as u64;
                ensure!(device.seq.0 == seq, "{} of {seq}", device.seq.0);
                for signal in page.items {
                    ensure!(signal.seq.0 == seq, "{} is not {seq}", signal.seq.0);
                    seq -= 1;
                    if let Fact::Incident { number, .. } = signal.body.get()? {
                        *kept.entry(number).or_default() += 1;
                    }
                }
            }
            ensure!(
                practice.losses().await?.is_empty(),
                "something was given up"
            );
            store.close().await?;
            Ok(kept)
        })
    }

    /// Retires all devices, with the hub killed.
    pub(crate) fn retire(&mut self) -> Result<()> {
        self.each_device(async |practice, device| {
            Ok(practice.retire_device(device, Wall(1)).await?)
        })
    }

    /// Retires all devices beside the hub, which runs on.
    pub(crate) fn retire_beside(&self) -> Result<()> {
        let db = rusqlite::Connection::open(self.file()?)?;
        db.busy_timeout(Duration::from_secs(5))?;
        db.execute("UPDATE device SET retired = 1", [])?;
        Ok(())
    }

    /// Asks all devices for an undo under these numbers, with the hub killed.
    pub(crate) fn asks(
        &mut self,
        numbers: impl Iterator<Item = u128> + Clone,
        expires: Wall,
    ) -> Result<()> {
        self.each_device(async |practice, device| {
            for number in numbers.clone() {
                let deed = Deed::Undo { incident: 1 };
                let command = NewCommand {
                    id: Uuid::from_u128(number),
                    device,
                    kind: deed.kind().to_owned(),
                    body: Kept::of(&deed)?,
                    by: None,
                    expires,
                };
                practice.command(&command, Wall(1)).await?;
            }
            Ok(())
        })
    }

    /// What the hub knows of commands: outcome, or none yet. Read beside the hub.
    pub(crate) fn outcomes(&self) -> Result<Vec<Option<String>>> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let Ok(db) = rusqlite::Connection::open_with_flags(self.file()?, flags) else {
            return Ok(Vec::new());
        };
        db.busy_timeout(Duration::from_secs(5))?;
        let mut read = db.prepare("SELECT outcome FROM command")?;
        let rows = read.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Which good-byes are kept; read beside the hub.
    pub(crate) fn left(&self) -> Result<Vec<String>> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let db = rusqlite::Connection::open_with_flags(self.file()?, flags)?;
        db.busy_timeout(Duration::from_secs(5))?;
        let mut read = db.prepare("SELECT state FROM duty WHERE what = 'left'")?;
        let rows = read.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn each_device(
        &mut self,
        act: impl AsyncFn(Practice<'_>, DeviceId) -> Result<()>,
    ) -> Result<()> {
        self.kill()?;
        let store = self.dir.join("store");
        block(async {
            let store = Store::open_sqlite(&store).await?;
            let practice = store.practice(PRACTICE);
            for device in practice.devices().await? {
                act(practice, device.id).await?;
            }
            Ok(store.close().await?)
        })
    }

    fn file(&self) -> Result<PathBuf> {
        let folder = std::fs::read_dir(self.dir.join("store"))?;
        folder
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|end| end == "db"))
            .context("the hub's database")
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.kill();
        let _ = self.signer.kill();
        let _ = self.signer.wait();
    }
}

/// A device: a courier, and a guard that the test speaks for.
pub(crate) struct Device {
    pub(crate) folder: TempDir,
    pub(crate) guard: Guard,
    courier: Option<Child>,
    /// In which network it stands; the machine's own where none is named.
    network: Option<String>,
}

impl Device {
    pub(crate) fn new(network: Option<&str>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("hygie-device-").tempdir()?;
        // The courier's own user passes through.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
        let state = folder.path().join("state");
        std::fs::create_dir(&state)?;
        let guard = Guard::at(&state.join("guard.sock"))?;
        Ok(Self {
            folder,
            guard,
            courier: None,
            network: network.map(str::to_owned),
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        match &self.network {
            None => hygie(arguments),
            Some(network) => {
                let mut command = Command::new("ip");
                command
                    .args(["netns", "exec", network, env!("CARGO_BIN_EXE_hygie")])
                    .args(arguments)
                    .stdin(Stdio::null());
                command
            }
        }
    }

    /// `hygie agent --enrol`, as a person types it; what it says.
    pub(crate) fn enrol(&self, code: &str) -> Result<(bool, String)> {
        let state = self.folder.path().join("state");
        let done = self
            .command(&["--json", "--lang", "en"])
            .arg("--state")
            .arg(&state)
            .args(["agent", "--enrol", code])
            .output()?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        Ok((done.status.success(), said))
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("state/courier")
    }

    pub(crate) fn start(&mut self) -> Result<()> {
        self.start_with(&[])
    }

    /// With these arguments besides.
    pub(crate) fn start_with(&mut self, more: &[&str]) -> Result<()> {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))?;
        let mut courier = self.command(&["courier"]);
        if self.network.is_none() {
            // As `hygie up` starts it: root without its rights could not write here. Only root enters a network.
            let owner = std::fs::metadata(self.dir())?;
            courier.uid(owner.uid()).gid(owner.gid());
        }
        let child = courier
            .arg("--dir")
            .arg(self.dir())
            .arg("--guard")
            .arg(self.folder.path().join("state/guard.sock"))
            .args(more)
            .stderr(log)
            .spawn()?;
        self.courier = Some(child);
        Ok(())
    }

    /// On a system whose bus is at this address.
    pub(crate) fn start_on(&mut self, bus: &str) -> Result<()> {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))?;
        let child = self
            .command(&["courier"])
            .env("DBUS_SYSTEM_BUS_ADDRESS", bus)
            .arg("--dir")
            .arg(self.dir())
            .arg("--guard")
            .arg(self.folder.path().join("state/guard.sock"))
            .stderr(log)
            .spawn()?;
        self.courier = Some(child);
        Ok(())
    }

    /// Asks the courier to end, and waits until it has.
    pub(crate) fn terminate(&mut self) -> Result<()> {
        if let Some(mut courier) = self.courier.take() {
            let pid = rustix::process::Pid::from_child(&courier);
            rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
            courier.wait()?;
        }
        Ok(())
    }

    /// kill -9.
    pub(crate) fn kill(&mut self) -> Result<()> {
        if let Some(mut courier) = self.courier.take() {
            courier.kill()?;
            courier.wait()?;
        }
        Ok(())
    }

    /// Once the courier's log says this.
    pub(crate) fn says(&self, text: &str) -> Result<()> {
        let log = self.folder.path().join("log");
        until(Duration::from_secs(60), text, || {
            Ok(std::fs::read_to_string(&log)?.contains(text))
        })
        .with_context(|| std::fs::read_to_string(&log).unwrap_or_default())
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// A guard's door.
#[derive(Clone)]
pub(crate) struct Guard(Arc<(Mutex<Says>, Condvar)>);

struct Says {
    since: Wall,
    events: Vec<UpEvent>,
    /// Commands by number: what came of each, and how often it was heard.
    heard: BTreeMap<Uuid, (Outcome, u64)>,
    /// How often a word of the hub came.
    words: u64,
}

impl Guard {
    fn at(socket: &Path) -> Result<Self> {
        let listener = UnixListener::bind(socket)?;
        std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o666))?;
        let says = Says {
            since: Wall(1),
            events: Vec::new(),
            heard: BTreeMap::new(),
            words: 0,
        };
        let guard = Self(Arc::new((Mutex::new(says), Condvar::new())));
        let own = guard.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let own = own.clone();
                std::thread::spawn(move || {
                    let mut lines = BufReader::new(&stream).lines();
                    while let Some(Ok(line)) = lines.next() {
                        let said = serde_json::from_str(&line)
                            .and_then(|question| serde_json::to_string(&own.reply(&question)));
                        let Ok(said) = said else {
                            return;
                        };
                        if writeln!(&stream, "{said}").is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Ok(guard)
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a courier may ask nothing else"
    )]
    fn reply(&self, question: &Question) -> Reply {
        let (says, news) = &*self.0;
        let mut says = says.lock().unwrap_or_else(PoisonError::into_inner);
        match question {
            Question::Courier(Brought::Word) => {
                says.words += 1;
                Reply::Done
            }
            // As the guard does: once by its number, by its own clock.
            Question::Courier(Brought::Command(command)) => {
                let is_late = command.expires <= hygie_platform::clock::wall();
                let outcome = if is_late {
                    Outcome::Expired
                } else {
                    Outcome::Done
                };
                let (outcome, times) = says.heard.entry(command.id).or_insert((outcome, 0));
                *times += 1;
                Reply::Obeyed {
                    outcome: *outcome,
                    count: None,
                }
            }
            Question::Status => Reply::Status(Box::new(Status {
                protection: Protection::Protected,
                since: says.since,
                counts: CopyCounts::default(),
                leases: 0,
                versions: 0,
                vault_bytes: 0,
                folders: vec!["/srv/Dupont".to_owned()],
                last_event: None,
                refused: 0,
                trouble: None,
                hub: None,
            })),
            Question::Events { from } => {
                let wait = Duration::from_millis(100);
                let none = |says: &mut Says| says.events.len() <= *from;
                let (says, _) = news
                    .wait_timeout_while(says, wait, none)
                    .unwrap_or_else(PoisonError::into_inner);
                Reply::Events {
                    events: says.events.get(*from..).unwrap_or_default().to_vec(),
                    next: says.events.len(),
                }
            }
            Question::Incidents => Reply::Incidents {
                incidents: Vec::new(),
                allowed: Vec::new(),
            },
            _ => Reply::Refused,
        }
    }

    /// What came of each command, and how often it was heard.
    pub(crate) fn heard(&self) -> BTreeMap<Uuid, (Outcome, u64)> {
        let says = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        says.heard.clone()
    }

    /// How often the courier said that the hub answered.
    pub(crate) fn words(&self) -> u64 {
        self.0
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .words
    }

    /// Stops programs of these numbers.
    pub(crate) fn stops(&self, numbers: impl Iterator<Item = u64>) {
        let events = numbers.map(|id| UpEvent::Incident {
            at: Wall(i64::try_from(id).unwrap_or_default()),
            id,
            state: IncidentState::Stopped,
        });
        let mut says = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        says.events.extend(events);
        drop(says);
        self.0.1.notify_all();
    }
}

/// Until it is so; the time is for machines that are busy.
pub(crate) fn until(
    time: Duration,
    what: &str,
    mut so: impl FnMut() -> Result<bool>,
) -> Result<()> {
    let end = Instant::now() + time;
    while !so()? {
        ensure!(Instant::now() < end, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

pub(crate) fn hygie(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hygie"));
    command.args(arguments).stdin(Stdio::null());
    command
}

pub(crate) fn free(address: IpAddr) -> Result<SocketAddr> {
    Ok(TcpListener::bind((address, 0))?.local_addr()?)
}

fn block<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?
        .block_on(work)
}
