//! The set-up, before there is a practice: one code that serves once, and whether it was done.
//! Kept here, so that a restart neither brings a code back nor opens a finished set-up again.

use hygie_model::Wall;

use crate::{Digest, Store, StoreError, value::args};

/// Where the set-up stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// When the code was made.
    pub made: Wall,
    /// Until when it is good.
    pub expires: Wall,
    /// How many wrong ones were tried.
    pub tries: u64,
    /// When it was used.
    pub used: Option<Wall>,
    /// When the set-up was finished: no code is good any more.
    pub done: Option<Wall>,
}

impl Store {
    /// Where the set-up stands; `None` before the first code.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn setup(&self) -> Result<Option<Setup>, StoreError> {
        let rows = self.db().rows(READING, READ, args![]).await?;
        let row = rows.first();
        row.map(|row| {
            Ok(Setup {
                made: row.get(0)?,
                expires: row.get(1)?,
                tries: row.get(2)?,
                used: row.get(3)?,
                done: row.get(4)?,
            })
        })
        .transpose()
    }

    /// Makes a new code the only good one; `false` where the set-up is done.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin_setup(
        &self,
        code: Digest,
        expires: Wall,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let args = args![code, now, expires];
        Ok(self.db().change(KEEPING, BEGIN, args).await? > 0)
    }

    /// Uses the code up; `false` where it is another, expired, used, or was missed `most` times. A wrong one counts.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn use_setup_code(
        &self,
        code: Digest,
        most: u64,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let args = args![code, now, most];
        if self.db().change(KEEPING, USE, args).await? > 0 {
            return Ok(true);
        }
        self.db().change(KEEPING, MISSED, args![code]).await?;
        Ok(false)
    }

    /// The set-up is done: no code is good from here on.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn finish_setup(&self, now: Wall) -> Result<bool, StoreError> {
        Ok(self.db().change(KEEPING, FINISH, args![now]).await? > 0)
    }
}

const READING: &str = "reading the set-up";
const KEEPING: &str = "keeping the set-up";

const READ: &str = "SELECT made, expires, tries, used, done FROM setup WHERE one = 1";
const BEGIN: &str = "
    INSERT INTO setup (one, code, made, expires, tries) VALUES (1, $1, $2, $3, 0)
    ON CONFLICT (one) DO UPDATE
    SET code = excluded.code, made = excluded.made, expires = excluded.expires, tries = 0, used = NULL
    WHERE setup.done IS NULL";
const USE: &str = "
    UPDATE setup SET used = $2
    WHERE one = 1 AND code = $1 AND expires > $2 AND tries < $3 AND used IS NULL AND done IS NULL";
const MISSED: &str = "UPDATE setup SET tries = tries + 1 WHERE one = 1 AND code <> $1";
const FINISH: &str = "UPDATE setup SET done = $1 WHERE one = 1 AND done IS NULL";
