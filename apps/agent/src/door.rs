//! The guard's door: a local socket for few, typed questions. Who asks is told by the kernel,
//! what he may have is decided by the kernel as that user; nothing here holds up the guard's loop.

mod afar;
mod asker;
mod caller;
mod commands;
mod find;
mod here;
mod incidents;
mod inside;
mod path_word;
mod places;
mod restore;
mod rights;
mod rule;
mod sieve;
mod signing;
mod unprotect;
mod versions;
mod words;

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::{
        fs::PermissionsExt,
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
    sync::mpsc::sync_channel,
    time::Duration,
};

use hygie_platform::{clock, linux::pulse::Word};
use hygie_sandbox::Sandbox;
use hygie_vault::{Reader, VaultError};
use rustix::process::{Pid, Signal, kill_process, setpriority_process};

pub use asker::{COURIER_USER, HUB_USER};
pub use caller::Caller;
pub use words::{
    Brought, FileFound, FileTold, FolderFound, HealthyTold, KeysAsked, Look, MissingTold,
    NotUnprotected, OutcomeTold, Pick, PlanTold, ProblemTold, Question, Reply, Told, TouchedNow,
    VersionTold, WhyTold,
};

use crate::{
    StateDir,
    guard::{Fact, Forgetting, Inside, Keeper, NotForgotten, Work},
    incidents::Incidents,
    keys::{Forgets, Keys, NotSigned},
    orders::Orders,
};
use asker::{Asker, user_of};
use places::{Places, Room};
use rule::{Rank, Verdict, judge};

/// What each who serves needs.
#[derive(Clone)]
struct House {
    inside: Inside,
    incidents: Incidents,
    keys: Keys,
    orders: Orders,
    sandbox: Sandbox,
    /// Who is at work: plans lie in memory.
    desks: Places,
    /// What a hub asked for people there.
    lately: afar::Lately,
}

/// Opens the door and serves it in threads of its own.
///
/// # Errors
/// When the socket cannot be made.
pub fn open(orders: &Orders, inside: Inside, incidents: Incidents) -> io::Result<()> {
    let state = &StateDir::at(&orders.state);
    let socket = &state.socket();
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(socket)?;
    // Anyone may knock; what each may ask is decided question by question.
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o666))?;
    let house = House {
        inside,
        incidents,
        keys: Keys::at(state),
        orders: orders.clone(),
        sandbox: Sandbox::at(&state.sandbox()),
        desks: Places::new(DESKS),
        lately: afar::Lately::default(),
    };
    signing::look(&house);
    std::thread::Builder::new()
        .name("hygie-door".into())
        .spawn(move || listen(&listener, &house))?;
    Ok(())
}

/// Takes in those for whom there is a place; the others are sent away at once.
fn listen(listener: &UnixListener, house: &House) {
    let chairs = Places::new(CHAIRS);
    for stream in listener.incoming() {
        let Ok(stream) = stream else {
            // No descriptors, for example: trying again at once would not help.
            std::thread::sleep(PAUSE);
            continue;
        };
        let Ok(user) = user_of(&stream) else {
            continue;
        };
        let asker = Asker::new(user);
        let Some(place) = chairs.take(asker.seat(), Duration::ZERO) else {
            continue;
        };
        let house = house.clone();
        // Where no thread can be made, the asker sees that nobody answers.
        let _ = std::thread::Builder::new()
            .name("hygie-asker".into())
            .spawn(move || {
                let _ = serve(&stream, &asker, &house);
                drop(place);
            });
    }
}

fn serve(stream: &UnixStream, asker: &Asker, house: &House) -> io::Result<()> {
    stream.set_write_timeout(Some(WRITING))?;
    if asker.rank != Rank::Root {
        // Of this thread alone: who asks much must not slow the guard.
        let _ = setpriority_process(None, NICE);
    }
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    while let Some(line) = read_line(&mut reader)? {
        let reply = match serde_json::from_slice(&line) {
            Ok(question) => answer(question, asker, house)?,
            Err(_) => Reply::Unclear,
        };
        let mut bytes = serde_json::to_vec(&reply)?;
        bytes.push(b'\n');
        writer.write_all(&bytes)?;
        if line.len() as u64 >= LONGEST {
            // The rest of it is no question of its own.
            return Ok(());
        }
    }
    Ok(())
}

/// A line, or as much of it as a question may have; `None` when the asker is gone. Whoever sends
/// a byte now and then does not keep his place for ever.
fn read_line(reader: &mut BufReader<&UnixStream>) -> io::Result<Option<Vec<u8>>> {
    let until = clock::mono().after(QUIET);
    let mut line = Vec::new();
    loop {
        let left = until.since(clock::mono());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        reader.get_ref().set_read_timeout(Some(left))?;
        let more = LONGEST - line.len() as u64;
        reader.fill_buf()?;
        let here = reader.buffer().len() as u64;
        let read = reader
            .by_ref()
            .take(here.min(more))
            .read_until(b'\n', &mut line)?;
        if line.ends_with(b"\n") || line.len() as u64 >= LONGEST {
            return Ok(Some(line));
        }
        if read == 0 {
            return Ok((!line.is_empty()).then_some(line));
        }
    }
}

fn answer(question: Question, asker: &Asker, house: &House) -> io::Result<Reply> {
    let verdict = judge(asker.rank, &question);
    match (verdict, question) {
        (Verdict::Refused, _) => Ok(Reply::Refused),
        (Verdict::Signed, Question::For { person, ask }) => {
            let asker = asker.on_behalf_of(person);
            Ok(signing::challenge(&ask, (&asker, person), house))
        }
        // Nobody in particular cannot sign.
        (Verdict::Signed, _) => Ok(Reply::Refused),
        (Verdict::Answered | Verdict::AsUser, Question::For { person, ask }) => {
            give(*ask, &asker.on_behalf_of(person), house)
        }
        (Verdict::Answered | Verdict::AsUser, question) => give(question, asker, house),
    }
}

/// What was judged before is answered, with the asker's rights.
fn give(question: Question, asker: &Asker, house: &House) -> io::Result<Reply> {
    let (inside, user) = (&house.inside, &asker.user);
    Ok(match question {
        Question::Status => Reply::Status(Box::new(inside.board.status())),
        Question::Events { from } => {
            let (events, next) = inside.board.events(from, NEWS);
            Reply::Events { events, next }
        }
        Question::Versions { path } => {
            house.at_desk(asker, |reader| versions::tell(reader, &path, user))
        }
        Question::Plan { path, pick } => {
            house.at_desk(asker, |reader| restore::plan(reader, &path, pick, user))
        }
        Question::Restore { path, pick } => {
            let reply = house.at_desk(asker, |reader| restore::run(reader, &path, pick, user));
            house.note(asker, &path, &reply);
            reply
        }
        Question::Look(Look::Find { text, limit }) => {
            house.at_desk(asker, |reader| find::find(reader, &text, limit))
        }
        Question::Look(Look::Folder { path, from }) => {
            house.at_desk(asker, |reader| find::folder(reader, &path, from))
        }
        Question::Look(Look::Inside { path, number }) => {
            inside::look(&path, number, (asker, house))
        }
        Question::Forget { path } => forget(house, asker, (path, None)),
        Question::Incidents
        | Question::Incident { .. }
        | Question::UndoPlan { .. }
        | Question::Undo { .. }
        | Question::Redo { .. }
        | Question::Allow { .. }
        | Question::Revoke { .. } => incidents::decided(&question, asker, house),
        Question::Keys(asked) => signing::keys(asked, asker, house),
        Question::Confirm { id, answer } => signing::confirm(&id, &answer, asker, house),
        Question::Courier(Brought::Command(command)) => commands::obey(&command, asker, house),
        Question::Courier(Brought::Asked(asked)) => afar::answer(&asked, asker, house),
        Question::Courier(Brought::Word) => {
            inside.hub.heard(clock::wall(), clock::mono());
            Reply::Done
        }
        Question::Stop { folder: None } => {
            end(inside)?;
            Reply::Done
        }
        Question::Stop {
            folder: Some(folder),
        } => unprotect::run(&folder.0, asker, house),
        Question::For { .. } => Reply::Refused,
    })
}

impl House {
    /// Does what reads the store, with few others at the same time.
    fn at_desk(
        &self,
        asker: &Asker,
        work: impl FnOnce(&Reader) -> Result<Reply, VaultError>,
    ) -> Reply {
        let Some(_desk) = self.desks.take(asker.seat(), WAITING) else {
            return Reply::Busy;
        };
        // What was told before this question is in the store before it is answered.
        let (bell, rung) = sync_channel(1);
        if self.inside.store.send(Work::Flush(bell)).is_ok() {
            let _ = rung.recv_timeout(WAITING);
        }
        Reader::open(&self.inside.vault)
            .and_then(|reader| work(&reader))
            .unwrap_or_else(|error| Reply::Failed {
                reason: error.to_string(),
            })
    }

    /// The journal, for what this asker changes.
    fn keeper(&self, asker: &Asker) -> Keeper {
        self.inside.keeper.on_behalf_of(asker.person)
    }

    fn note(&self, asker: &Asker, path: &Path, reply: &Reply) {
        if let Reply::Restored(done) = reply {
            let facts = [
                ("uid", asker.uid.into()),
                ("path", path.to_string_lossy().into()),
                ("files", done.files.into()),
                ("refused", done.refused.len().into()),
            ];
            self.keeper(asker).tell(Fact::Restored, facts);
        }
    }
}

/// Ends the guard in good order.
fn end(inside: &Inside) -> io::Result<()> {
    let guard = i32::try_from(inside.pulse.get(Word::GuardProcess)).ok();
    if let Some(pid) = guard.and_then(Pid::from_raw) {
        kill_process(pid, Signal::TERM)?;
    }
    Ok(())
}

/// Forgets a path; where somebody signed for it, exactly what she signed.
fn forget(house: &House, asker: &Asker, (path, only): (PathBuf, Option<Forgets>)) -> Reply {
    let (reply, done) = sync_channel(1);
    let forgetting = Forgetting {
        path,
        only,
        person: asker.person,
        reply,
    };
    if house.inside.store.send(Work::Forget(forgetting)).is_err() {
        return Reply::Unclear;
    }
    match done.recv_timeout(FORGETTING) {
        Ok(Ok(plan)) => Reply::Forgotten {
            versions: plan.versions,
            bytes: plan.bytes,
            still_held: plan
                .still_held
                .into_iter()
                .flat_map(|held| held.by)
                .collect(),
            present: plan.present,
        },
        Ok(Err(NotForgotten::Otherwise)) => Reply::NotSigned(NotSigned::Otherwise),
        Ok(Err(NotForgotten::Vault(error))) => Reply::Failed {
            reason: error.to_string(),
        },
        Err(_) => Reply::Failed {
            reason: "no answer from the store".into(),
        },
    }
}

/// Connections served at once; more are closed at once.
const CHAIRS: Room = Room {
    for_one: 4,
    for_all: 12,
    for_hub: 16,
    for_root: 8,
};
/// Those who read the store or have something restored at once.
const DESKS: Room = Room {
    for_one: 1,
    for_all: 3,
    for_hub: 4,
    for_root: 4,
};
/// A question is never longer. A passkey's answer has one or two thousand bytes.
const LONGEST: u64 = 8192;
/// How long an asker may be silent before his place is another's.
const QUIET: Duration = Duration::from_secs(60);
/// How long an answer may find nobody who reads it.
const WRITING: Duration = Duration::from_secs(5);
/// How long the door waits for news before it answers that there is none.
const NEWS: Duration = Duration::from_millis(500);
/// How long an asker waits for those before him, and for the store.
const WAITING: Duration = Duration::from_secs(10);
/// How long forgetting may take before the asker is told that it goes on.
const FORGETTING: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);
const NICE: i32 = 5;

/// A signed-in person, for tests.
#[cfg(test)]
pub(crate) fn somebody() -> hygie_model::PersonId {
    serde_json::from_str("\"018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e5f\"").unwrap()
}
