//! Whether the hub's journal is whole: the chain of files by itself, and line by line what the database shows of it.
//! Pages read the database, where whoever reaches it can change a line; only the chain says that nobody did.

use std::time::Duration;

use hygie_journal::{Broken, Ends, Error, Kind, Record, Verification, parse_line};
use hygie_model::{DeviceId, PersonId};
use hygie_store::{JournalLine, Practice, StoreError};
use uuid::Uuid;

use super::{
    hub::Hub,
    journal::{Journal, Note},
};
use crate::web::{fault::Fault, frame};

/// How the journal stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Whole {
    /// The chain holds, and the database has each of its lines and no other.
    Holds {
        /// Lines of the chain.
        lines: u64,
        /// The first and the last one.
        ends: Option<Ends>,
    },
    /// The chain does not hold.
    Broken(Broken),
    /// Its files cannot be read.
    Unread,
    /// The database has a line that is not the chain's.
    Differs {
        /// Its number.
        line: u64,
    },
    /// The database lacks lines of the chain: the hub was ended between the two, or an older copy was put back.
    Lacks {
        /// Their numbers.
        lines: Vec<u64>,
    },
}

/// Looks at all of it.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn verify(journal: &Journal, practice: Practice<'_>) -> Result<Whole, Fault> {
    match look(journal, practice).await? {
        holds @ Whole::Holds { .. } => Ok(holds),
        // A line that is being told just now is half written, or in the chain and not yet in the database.
        Whole::Broken(_) | Whole::Unread | Whole::Differs { .. } | Whole::Lacks { .. } => {
            tokio::time::sleep(AGAIN).await;
            look(journal, practice).await
        }
    }
}

/// Writes lines that the database lacks into it, from the chain; how many.
///
/// # Errors
/// The files cannot be read, or the database takes one not.
pub(crate) async fn refill(
    journal: &Journal,
    practice: Practice<'_>,
    lacking: Vec<u64>,
) -> Result<u64, Fault> {
    let Some(first) = lacking.first().copied() else {
        return Ok(0);
    };
    let reader = journal.reader();
    let records = blocking(move || {
        let records = reader.entries_from(first)?;
        let lacks = |record: &Record| lacking.binary_search(&record.seq).is_ok();
        records
            .filter(|record| record.as_ref().is_ok_and(lacks) || record.is_err())
            .collect::<Result<Vec<_>, Error>>()
    })
    .await?
    .map_err(|error| Fault::Journal(error.to_string()))?;
    let mut filled = 0;
    for record in records {
        let (person, device) = named(&record);
        let line = JournalLine {
            seq: record.seq,
            at: record.at,
            kind: record.kind.as_str().to_owned(),
            person,
            device,
            line: text(&record).ok_or(Fault::broken("a line that cannot be written"))?,
        };
        match practice.append_line(&line).await {
            Ok(()) => filled += 1,
            // Told meanwhile.
            Err(StoreError::Taken { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(filled)
}

/// At the hub's start: what the database lacks is put back from the chain, and told. Where the chain does not hold, or shows
/// something else than the database, nothing is changed: that is for a person to look at.
pub(crate) async fn mend(hub: Hub) {
    if let Err(fault) = mended(&hub).await {
        frame::log(&fault);
    }
}

async fn mended(hub: &Hub) -> Result<(), Fault> {
    let Some(facts) = hub.practice().await? else {
        return Ok(());
    };
    let (journal, practice) = (&hub.journal, hub.of(&facts));
    let Whole::Lacks { lines } = verify(journal, practice).await? else {
        return Ok(());
    };
    let note = Note::default().with("lines", lines.len());
    journal
        .tell(practice, "journal.refilled", note, hub.now())
        .await?;
    refill(journal, practice, lines).await?;
    Ok(())
}

/// A line of the chain that a caller told; what the journal writes for itself is in the files alone.
struct Told {
    seq: u64,
    digest: blake3::Hash,
}

async fn look(journal: &Journal, practice: Practice<'_>) -> Result<Whole, Fault> {
    let reader = journal.reader();
    let read = blocking(move || {
        let verification = reader.verify()?;
        let mut told = Vec::new();
        if matches!(verification, Verification::Verified(_)) {
            for record in reader.entries()? {
                let record = record?;
                if Kind::new(record.kind.as_str()).is_ok() {
                    let line = text(&record).unwrap_or_default();
                    told.push(Told {
                        seq: record.seq,
                        digest: blake3::hash(line.as_bytes()),
                    });
                }
            }
        }
        Ok((verification, told))
    })
    .await?;
    let Ok((verification, told)) = read else {
        return Ok(Whole::Unread);
    };
    let verified = match verification {
        Verification::Verified(verified) => verified,
        Verification::Broken(broken) => return Ok(Whole::Broken(broken)),
    };
    let mut told = told.into_iter().peekable();
    let mut lacking = Vec::new();
    let mut from = 0;
    loop {
        let lines = practice.lines_from(from, AT_ONCE).await?;
        let Some(last) = lines.last() else {
            break;
        };
        from = last.seq + 1;
        for line in lines {
            while let Some(passed) = told.next_if(|told| told.seq < line.seq) {
                lacking.push(passed.seq);
            }
            let own = told.next_if(|told| told.seq == line.seq);
            if !own.is_some_and(|own| is_of(&line, &own)) {
                return Ok(Whole::Differs { line: line.seq });
            }
        }
    }
    lacking.extend(told.map(|told| told.seq));
    Ok(if lacking.is_empty() {
        Whole::Holds {
            lines: verified.records,
            ends: verified.ends,
        }
    } else {
        Whole::Lacks { lines: lacking }
    })
}

/// By its text, and by what it is found with.
fn is_of(line: &JournalLine, told: &Told) -> bool {
    let Ok(record) = parse_line(line.line.as_bytes()) else {
        return false;
    };
    blake3::hash(line.line.as_bytes()) == told.digest
        && record.seq == line.seq
        && record.at == line.at
        && record.kind.as_str() == line.kind
        && named(&record) == (line.person, line.device)
}

/// Who did it, and on which device.
pub(crate) fn named(record: &Record) -> (Option<PersonId>, Option<DeviceId>) {
    let number = |name: &str| {
        let text = record.fields.get(name)?.as_str()?;
        Uuid::parse_str(text).ok()
    };
    (
        number("person").map(PersonId),
        number("device").map(DeviceId),
    )
}

fn text(record: &Record) -> Option<String> {
    record
        .to_line()
        .ok()
        .and_then(|line| String::from_utf8(line).ok())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<Result<T, Error>, Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Fault::broken("the journal's thread"))
}

/// Lines read from the database at once.
const AT_ONCE: u32 = 1000;
const AGAIN: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::testing::{Console, NOW};

    async fn told(console: &Console, kind: &'static str) {
        let facts = console.hub.practice().await.unwrap().unwrap();
        let practice = console.hub.of(&facts);
        let journal = &console.hub.journal;
        let done = journal.tell(practice, kind, Note::default(), NOW).await;
        done.unwrap();
    }

    async fn kinds(console: &Console) -> Vec<String> {
        let facts = console.hub.practice().await.unwrap().unwrap();
        let practice = console.hub.of(&facts);
        let lines = practice.lines_from(0, 100).await.unwrap();
        lines.into_iter().map(|line| line.kind).collect()
    }

    /// A copy of an hour ago was put back, while the journal's files went on.
    #[tokio::test]
    async fn lines_that_an_older_database_lacks_are_back_after_the_start() {
        let console = Console::new().await;
        told(&console, "test.first").await;
        let copy = console.hub.dir.join("copy.db");
        console.hub.store.backup(&copy).await.unwrap();
        told(&console, "test.second").await;
        told(&console, "test.third").await;
        let console = console.restarted_with(&copy).await;
        assert_eq!(kinds(&console).await, ["test.first"]);
        mend(console.hub.clone()).await;
        let whole = [
            "test.first",
            "test.second",
            "test.third",
            "journal.refilled",
        ];
        assert_eq!(kinds(&console).await, whole);
        // Once: the next start finds nothing to do.
        mend(console.hub.clone()).await;
        assert_eq!(kinds(&console).await, whole);
        let facts = console.hub.practice().await.unwrap().unwrap();
        let practice = console.hub.of(&facts);
        let stands = verify(&console.hub.journal, practice).await.unwrap();
        assert!(matches!(stands, Whole::Holds { .. }), "{stands:?}");
    }
}
