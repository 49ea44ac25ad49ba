//! The hub's journal lines, for finding them: by person, by kind, by time.
//! The chain in them is the journal's own; the store only refuses a second line of one number.

use hygie_model::{DeviceId, PersonId, Wall};
use serde::{Deserialize, Serialize};

use crate::{
    Page, Practice, StoreError,
    value::{Row, args, int},
};

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    /// Its number in the practice's chain.
    pub seq: u64,
    /// When.
    pub at: Wall,
    /// What kind of thing it tells.
    pub kind: String,
    /// Who did it, if a person did.
    pub person: Option<PersonId>,
    /// On which device, if on one.
    pub device: Option<DeviceId>,
    /// The line, as it was chained.
    pub line: String,
}

/// What to look for; the default is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// Only what this person did.
    pub person: Option<PersonId>,
    /// Only this kind.
    pub kind: Option<String>,
    /// From this moment on.
    pub from: Option<Wall>,
    /// Until before this one.
    pub to: Option<Wall>,
}

/// Where the next page of the journal begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalCursor {
    /// When the last line shown was.
    pub at: Wall,
    /// Its number.
    pub seq: u64,
}

impl Practice<'_> {
    /// Appends a line. [`StoreError::Taken`] says that another hub was faster: chain it anew to the last line.
    ///
    /// # Errors
    /// The number is taken, the practice is unknown.
    pub async fn append_line(&self, line: &JournalLine) -> Result<(), StoreError> {
        let args = args![
            line.seq,
            line.at,
            &line.kind,
            line.person,
            line.device,
            &line.line,
        ];
        self.change("writing the journal", APPEND, args)
            .await
            .map(drop)
    }

    /// The last line: what the next one is chained to.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn last_line(&self) -> Result<Option<JournalLine>, StoreError> {
        let row = self.one(READING, LAST, args![]).await?;
        row.as_ref().map(line).transpose()
    }

    /// Lines from this number on, in their order: to verify the chain, and to export it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn lines_from(&self, seq: u64, limit: u32) -> Result<Vec<JournalLine>, StoreError> {
        let args = args![seq, i64::from(limit)];
        let rows = self.rows(READING, FROM, args).await?;
        rows.iter().map(line).collect()
    }

    /// Lines that the filter lets through, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn journal(
        &self,
        filter: &JournalFilter,
        after: Option<JournalCursor>,
        limit: u32,
    ) -> Result<Page<JournalLine, JournalCursor>, StoreError> {
        let begin = filter.to.map_or((Wall(i64::MAX), i64::MAX), |to| (to, -1));
        let (at, seq) = after.map_or(begin, |it| (it.at, int(it.seq)));
        let from = filter.from.unwrap_or(Wall(i64::MIN));
        let most = i64::from(limit) + 1;
        let (person, kind) = (filter.person, filter.kind.as_ref());
        let mut args = args![from, at, seq, most];
        let sql = match (person, kind) {
            (None, None) => ALL,
            (Some(person), None) => {
                args.extend(args![person]);
                OF_PERSON
            }
            (None, Some(kind)) => {
                args.extend(args![kind]);
                OF_KIND
            }
            (Some(person), Some(kind)) => {
                args.extend(args![person, kind]);
                OF_BOTH
            }
        };
        let rows = self.rows(READING, sql, args).await?;
        let lines = rows.iter().map(line).collect::<Result<_, _>>()?;
        Ok(Page::cut(lines, limit, |it: &JournalLine| JournalCursor {
            at: it.at,
            seq: it.seq,
        }))
    }

    /// Removes lines before this number: whole months that the journal has dropped.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget_lines(&self, before: u64) -> Result<u64, StoreError> {
        self.change("forgetting old lines", FORGET, args![before])
            .await
    }
}

fn line(row: &Row) -> Result<JournalLine, StoreError> {
    Ok(JournalLine {
        seq: row.get(0)?,
        at: row.get(1)?,
        kind: row.get(2)?,
        person: row.get(3)?,
        device: row.get(4)?,
        line: row.get(5)?,
    })
}

const READING: &str = "reading the journal";

const APPEND: &str = "
    INSERT INTO journal (practice, seq, at, kind, person, device, line)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const LAST: &str = "
    SELECT seq, at, kind, person, device, line FROM journal
    WHERE practice = $1 ORDER BY seq DESC LIMIT 1";
const FROM: &str = "
    SELECT seq, at, kind, person, device, line FROM journal
    WHERE practice = $1 AND seq >= $2 ORDER BY seq LIMIT $3";
const ALL: &str = "
    SELECT seq, at, kind, person, device, line FROM journal
    WHERE practice = $1 AND at >= $2 AND (at, seq) < ($3, $4)
    ORDER BY at DESC, seq DESC LIMIT $5";
const OF_PERSON: &str = "
    SELECT seq, at, kind, person, device, line FROM journal
    WHERE practice = $1 AND person = $6 AND at >= $2 AND (at, seq) < ($3, $4)
    ORDER BY at DESC, seq DESC LIMIT $5";
const OF_KIND: &str = "
    SELECT seq, at, kind, person, device, line FROM journal
    WHERE practice = $1 AND kind = $6 AND at >= $2 AND (at, seq) < ($3, $4)
    ORDER BY at DESC, seq DESC LIMIT $5";
const OF_BOTH: &str = "
    SELECT seq, at, kind, person, device, line FROM journal
    WHERE practice = $1 AND person = $6 AND kind = $7 AND at >= $2 AND (at, seq) < ($3, $4)
    ORDER BY at DESC, seq DESC LIMIT $5";
const FORGET: &str = "DELETE FROM journal WHERE practice = $1 AND seq < $2";
