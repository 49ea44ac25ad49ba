//! One look at everything that could need telling: the doors of guard, signer and post, what devices said, the disk, the database, the
//! journal, who wants back in, who got in. Facts with numbers only: no program's and no file's name comes this far.

use std::{collections::BTreeSet, time::Duration};

use hygie_acts::State;
use hygie_agent::door::{Question, Reply};
use hygie_alert::{Alerts, Farewell, Heard, Rhythm, Thing, What, Who, Word};
use hygie_identity::recovery::Stage;
use hygie_model::{Cause, Exception, Protection, Wall};
use hygie_store::{Device, Duty, PracticeFacts, StoreError};
use hygie_wire::{Beat, Guard, post::Ask};

use super::kept::Book;
use crate::{
    authority::{Question as Signing, Reply as Signed},
    core::{Hub, chain, copies, heard, rungs},
    web::fault::Fault,
};

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    words: Vec<(Thing, Heard)>,
    farewells: Vec<(Who, Farewell, Wall)>,
    /// Kinds of which each one that was not seen is gone.
    whole: BTreeSet<What>,
    /// The guard of this machine did not say which of its incidents are open.
    is_here_unknown: bool,
    happened: Vec<(Thing, Wall)>,
    from: Option<u64>,
    book: Book,
}

impl Seen {
    /// Tells the engine. What another hub has told it meanwhile is not told twice.
    pub(super) fn feed(&self, alerts: &mut Alerts, book: &mut Book, now: Wall) {
        for (thing, heard) in &self.words {
            alerts.handle_heard(thing, heard, now);
        }
        for (who, how, at) in &self.farewells {
            alerts.handle_farewell(who, *how, *at, now);
        }
        for what in &self.whole {
            let gone: Vec<Thing> = alerts
                .known(*what)
                .filter(|thing| !self.words.iter().any(|(seen, _)| seen == *thing))
                // This machine's duties stay: what it does not say is silence.
                .filter(|thing| {
                    !is_here(thing) || (*what == What::Incident && !self.is_here_unknown)
                })
                .cloned()
                .collect();
            for thing in gone {
                alerts.handle_gone(&thing, now);
            }
        }
        if book.roads.is_some() && book.roads != self.book.roads {
            alerts.handle_roads();
        }
        if book.line == self.from {
            for (thing, at) in &self.happened {
                alerts.handle_happened(thing, *at, now);
            }
            *book = self.book.clone();
        }
    }

    fn say(&mut self, thing: Thing, word: Word, rhythm: Rhythm, at: Wall) {
        self.words.push((thing, Heard { at, word, rhythm }));
    }

    fn looked(&mut self, what: What, is_well: bool, now: Wall) {
        let word = if is_well { Word::Well } else { Word::Trouble };
        self.say(Thing::here(what), word, Rhythm::Looked, now);
    }
}

/// Looks.
///
/// # Errors
/// The database does not answer.
pub(super) async fn look(
    hub: &Hub,
    facts: &PracticeFacts,
    book: &Book,
    now: Wall,
) -> Result<Seen, Fault> {
    let mut seen = Seen {
        from: book.line,
        book: book.clone(),
        ..Seen::default()
    };
    let practice = hub.of(facts);
    let duties = practice.duties().await?;
    let devices = practice.devices().await?;
    guard(hub, facts, &mut seen, now).await?;
    incidents(hub, facts, &mut seen, now).await?;
    for device in devices.iter().filter(|device| device.retired.is_none()) {
        of_device(device, &duties, &mut seen);
    }
    seen.whole
        .extend([What::Device, What::Guard, What::Points, What::Recovery]);
    processes(hub, &mut seen, now).await;
    for person in practice.people().await? {
        let kept = rungs::of(practice, person.id, now).await?;
        let runs = kept.is_some_and(|kept| {
            matches!(
                kept.rung.stage(now),
                Stage::Waits { .. } | Stage::Delayed { .. } | Stage::Open { .. }
            )
        });
        if runs {
            let thing = Thing::new(What::Recovery, Who(person.id.0.to_string()));
            seen.say(thing, Word::Trouble, Rhythm::Looked, now);
        }
    }
    journal(hub, facts, &mut seen, now).await?;
    own(hub, facts, &mut seen, now).await?;
    Ok(seen)
}

async fn guard(hub: &Hub, facts: &PracticeFacts, seen: &mut Seen, now: Wall) -> Result<(), Fault> {
    let Ok(Reply::Status(status)) = hub.guard.ask(Question::Status).await else {
        // Silent: its last word stands, and its time runs.
        return Ok(());
    };
    heard::note(hub.of(facts), Some(&status), now).await?;
    let rhythm = Rhythm::Within(QUICK);
    let (guard, points) = judged(&status.protection);
    seen.say(Thing::here(What::Guard), guard, rhythm, now);
    seen.say(Thing::here(What::Points), points, Rhythm::Looked, now);
    Ok(())
}

async fn incidents(
    hub: &Hub,
    facts: &PracticeFacts,
    seen: &mut Seen,
    now: Wall,
) -> Result<(), Fault> {
    let here = match hub.guard.ask(Question::Incidents).await {
        Ok(Reply::Incidents { incidents, .. }) => incidents,
        Ok(_) | Err(_) => {
            seen.is_here_unknown = true;
            Vec::new()
        }
    };
    seen.whole.insert(What::Incident);
    let mut say = |who: String| {
        let thing = Thing::new(What::Incident, Who(who));
        seen.say(thing, Word::Trouble, Rhythm::Looked, now);
    };
    for incident in here.iter().filter(|incident| incident.state.is_open()) {
        say(format!("here {}", incident.id));
    }
    let told = hub.of(facts).incidents(None, None, TOLD).await?;
    for one in told.items {
        let state: Option<State> = serde_json::from_value(one.state.as_str().into()).ok();
        let is_open = state.is_none_or(State::is_open);
        if is_open
            && !here
                .iter()
                .any(|own| heard::is_same(own, one.number, one.began))
        {
            say(format!("{} {}", one.device.0, one.number));
        }
    }
    Ok(())
}

fn of_device(device: &Device, duties: &[Duty], seen: &mut Seen) {
    let number = device.id.0.to_string();
    let who = Who(number.clone());
    let of = |what: &str| {
        duties
            .iter()
            .find(|duty| duty.who == number && duty.what == what)
    };
    let at = device.seen.unwrap_or(device.enrolled);
    seen.say(
        Thing::new(What::Device, who.clone()),
        Word::Well,
        Rhythm::Within(SILENT),
        at,
    );
    if let Some(left) = of(crate::devices::LEFT) {
        let how = if left.state == crate::devices::ASLEEP {
            Farewell::Sleep
        } else {
            Farewell::Off
        };
        seen.farewells.push((who.clone(), how, left.heard));
    }
    let told: Option<Protection> = device.state.get().ok();
    let beat = of("guard").and_then(|duty| Some((duty.heard, duty.body.get::<Beat>().ok()?)));
    let (mut guard, points) = told.as_ref().map_or((Word::Well, Word::Well), judged);
    let (heard, is_silent) = beat.map_or((at, false), |(heard, beat)| {
        (heard, beat.guard == Guard::Silent)
    });
    if is_silent {
        guard = Word::Trouble;
    }
    if told.is_some() || is_silent {
        let with = Rhythm::With(who.clone());
        seen.say(
            Thing::new(What::Guard, who.clone()),
            guard,
            with.clone(),
            heard,
        );
        seen.say(Thing::new(What::Points, who), points, with, heard);
    }
}

/// What protection says of the guard, and of the points that somebody can do something about.
fn judged(protection: &Protection) -> (Word, Word) {
    match protection {
        Protection::Protected => (Word::Well, Word::Well),
        Protection::ProtectedBut { exceptions } => {
            let asks = exceptions.iter().any(asks);
            (Word::Well, if asks { Word::Trouble } else { Word::Well })
        }
        Protection::NotProtected {
            cause: Cause::Starting,
            ..
        } => (Word::Mending, Word::Well),
        Protection::NotProtected { .. } => (Word::Trouble, Word::Well),
    }
}

/// As today's page has it: what the kernel lacks nobody can do anything about.
pub(crate) const fn asks(exception: &Exception) -> bool {
    match exception {
        Exception::TruncateUnheld | Exception::TruncateAtClose => false,
        Exception::StateWithoutCopy { .. }
        | Exception::Unreadable { .. }
        | Exception::OpenBefore { .. }
        | Exception::JournalSilent
        | Exception::WitnessSilent
        | Exception::FolderUnwatched { .. }
        | Exception::NoRoom => true,
    }
}

/// Signer and post, by their doors.
async fn processes(hub: &Hub, seen: &mut Seen, now: Wall) {
    let signer = hub.tls.ask(Signing::Authorities {}).await;
    seen.looked(What::Signer, signer.is_ok(), now);
    if let Ok(Signed::Authorities {
        console: Some(told),
        ..
    }) = signer
    {
        seen.looked(What::Certificate, told.until > now.after(ENDS_SOON), now);
    }
    let post = hub.post.ask(Ask::State {}).await;
    seen.looked(What::Post, post.is_ok(), now);
    if let Ok(roads) = &post {
        let bytes = serde_json::to_vec(roads).unwrap_or_default();
        seen.book.roads = Some(blake3::hash(&bytes).to_hex().to_string());
    }
}

/// Who got in, and who tries: the journal from where the last look ended.
async fn journal(
    hub: &Hub,
    facts: &PracticeFacts,
    seen: &mut Seen,
    now: Wall,
) -> Result<(), Fault> {
    let practice = hub.of(facts);
    let Some(from) = seen.from else {
        // Before the first look there was nobody to tell.
        let last = practice.last_line().await?;
        seen.book.line = Some(last.map_or(0, |line| line.seq));
        return Ok(());
    };
    for line in practice.lines_from(from + 1, LINES).await? {
        seen.book.line = Some(line.seq);
        let what = match line.kind.as_str() {
            "person.joined" => What::NewPerson,
            "person.passkey-added" => What::NewKey,
            "person.refused" => {
                if seen.book.refused.len() == MANY {
                    seen.book.refused.remove(0);
                }
                seen.book.refused.push(line.at);
                continue;
            }
            _ => continue,
        };
        if let Some(person) = line.person {
            let thing = Thing::new(what, Who(person.0.to_string()));
            seen.happened.push((thing, line.at));
        }
    }
    let lately = |at: &Wall| at.after(HOUR) > now;
    seen.book.refused.retain(lately);
    let is_calm = seen.book.refused.len() < MANY;
    seen.looked(What::Guessing, is_calm, now);
    Ok(())
}

/// The hub's own house: room, copies, and each hour the database and the chain.
async fn own(hub: &Hub, facts: &PracticeFacts, seen: &mut Seen, now: Wall) -> Result<(), Fault> {
    if let Ok(room) = rustix::fs::statvfs(&hub.dir) {
        let free = room.f_bavail.saturating_mul(room.f_frsize);
        let all = room.f_blocks.saturating_mul(room.f_frsize);
        seen.looked(What::Disk, !is_nearly_full(free, all), now);
    }
    let copies = copies::kept(&hub.dir).await?;
    let last = copies.last.map_or(facts.created, |last| last.at);
    seen.looked(What::Copies, last.after(OLD) > now, now);
    if seen
        .book
        .checked
        .is_none_or(|at| at.after(HOUR) <= now || at > now)
    {
        seen.book.checked = Some(now);
        match hub.store.check().await {
            Err(StoreError::Damaged { .. }) => seen.looked(What::Database, false, now),
            Ok(()) => seen.looked(What::Database, true, now),
            // Busy: it is looked at again in an hour.
            Err(_) => {}
        }
        let whole = chain::verify(&hub.journal, hub.of(facts)).await?;
        let holds = match whole {
            // Lines that only the database lacks are filled in from the chain, on the journal's page.
            chain::Whole::Holds { .. } | chain::Whole::Lacks { .. } => true,
            chain::Whole::Broken(_) | chain::Whole::Unread | chain::Whole::Differs { .. } => false,
        };
        seen.looked(What::Journal, holds, now);
    }
    Ok(())
}

/// Less than a twentieth, of large disks less than 5 GB; of small ones never less than 200 MB.
pub(super) fn is_nearly_full(free: u64, all: u64) -> bool {
    free < (all / 20).clamp(LEAST, MOST)
}

fn is_here(thing: &Thing) -> bool {
    thing.who.0.starts_with("here")
}

const LEAST: u64 = 200_000_000;
const MOST: u64 = 5_000_000_000;
/// The guard here is asked each minute.
const QUICK: Duration = Duration::from_secs(2 * 60);
/// Couriers say each minute that they live.
const SILENT: Duration = Duration::from_secs(15 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: u64 = 24 * 60 * 60;
/// It is renewed long before.
const ENDS_SOON: Duration = Duration::from_secs(30 * DAY);
/// A copy of the database is old then.
const OLD: Duration = Duration::from_secs(31 * DAY);
/// Wrong tries within an hour: nobody mistypes so often.
const MANY: usize = 20;
/// As many of the devices' incidents, and lines of the journal, are looked at at once.
const TOLD: u32 = 200;
const LINES: u32 = 500;
