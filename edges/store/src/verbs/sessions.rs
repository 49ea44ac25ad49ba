//! Sessions: who is signed in, from where, since when; each can be ended by hand.
//! A session is found by its token's digest alone; the token is never kept.

use std::time::Duration;

use hygie_model::{PersonId, Wall};

use super::people::{Person, person};
use crate::{
    Digest, Json, Practice, StoreError,
    value::{Row, args},
};

/// A session that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Digest of its token.
    pub token: Digest,
    /// Whose.
    pub person: PersonId,
    /// From where.
    pub address: String,
    /// With what browser.
    pub browser: String,
    /// What the sign-in engine keeps with it.
    pub body: Json,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What it began with.
    pub session: NewSession,
    /// Since when.
    pub created: Wall,
    /// When it was last used, to within the step of [`Practice::touch_session`].
    pub used: Wall,
    /// When it was ended by hand.
    pub revoked: Option<Wall>,
}

impl Practice<'_> {
    /// Begins a session.
    ///
    /// # Errors
    /// The person is unknown.
    pub async fn begin_session(&self, new: &NewSession, now: Wall) -> Result<(), StoreError> {
        let args = args![
            new.token,
            new.person,
            now,
            &new.address,
            &new.browser,
            &new.body,
        ];
        self.change("beginning a session", BEGIN, args)
            .await
            .map(drop)
    }

    /// The session of a token that was not ended, and whose it is. Whether both are still good, the sign-in engine says.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn session(&self, token: Digest) -> Result<Option<(Session, Person)>, StoreError> {
        let row = self.one(READING, OF_TOKEN, args![token]).await?;
        row.map(|row| Ok((session(&row)?, person(&row, 8)?)))
            .transpose()
    }

    /// A person's sessions that were not ended, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn sessions(&self, person: PersonId) -> Result<Vec<Session>, StoreError> {
        let rows = self.rows(READING, OF_PERSON, args![person]).await?;
        rows.iter().map(session).collect()
    }

    /// Notes a use, at most once a `step`: a page that is looked at must not cost a write each time.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn touch_session(
        &self,
        token: Digest,
        step: Duration,
        now: Wall,
    ) -> Result<(), StoreError> {
        let step = i64::try_from(step.as_nanos()).unwrap_or(i64::MAX);
        let before = Wall(now.0.saturating_sub(step));
        let args = args![token, now, before];
        self.change("noting a session's use", TOUCH, args)
            .await
            .map(drop)
    }

    /// Keeps what the sign-in engine has to say of a session (a fresh passkey, a challenge).
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn note_in_session(&self, token: Digest, body: &Json) -> Result<bool, StoreError> {
        let noted = self
            .change("noting in a session", NOTE, args![token, body])
            .await?;
        Ok(noted > 0)
    }

    /// Ends one session; whether it was open.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn end_session(&self, token: Digest, now: Wall) -> Result<bool, StoreError> {
        let ended = self
            .change("ending a session", END, args![token, now])
            .await?;
        Ok(ended > 0)
    }

    /// Ends all sessions of a person but one; how many were open.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn end_sessions(
        &self,
        person: PersonId,
        but: Option<Digest>,
        now: Wall,
    ) -> Result<u64, StoreError> {
        // No token has the digest zero.
        let but = but.unwrap_or(Digest([0; 32]));
        let args = args![person, now, but];
        self.change("ending sessions", END_OTHERS, args).await
    }

    /// Removes sessions that nobody used since, ended or not.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget_sessions(&self, unused_since: Wall) -> Result<u64, StoreError> {
        self.change("forgetting old sessions", FORGET, args![unused_since])
            .await
    }
}

fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        session: NewSession {
            token: row.get(0)?,
            person: row.get(1)?,
            address: row.get(4)?,
            browser: row.get(5)?,
            body: row.get(6)?,
        },
        created: row.get(2)?,
        used: row.get(3)?,
        revoked: row.get(7)?,
    })
}

const READING: &str = "reading sessions";

const BEGIN: &str = "
    INSERT INTO session (practice, token, person, created, used, address, browser, body)
    VALUES ($1, $2, $3, $4, $4, $5, $6, $7)";
const OF_TOKEN: &str = "
    SELECT s.token, s.person, s.created, s.used, s.address, s.browser, s.body, s.revoked,
        p.person, p.name, p.login, p.role, p.address, p.created, p.until, p.closed
    FROM session s JOIN person p ON p.practice = s.practice AND p.person = s.person
    WHERE s.practice = $1 AND s.token = $2 AND s.revoked IS NULL";
const OF_PERSON: &str = "
    SELECT token, person, created, used, address, browser, body, revoked FROM session
    WHERE practice = $1 AND person = $2 AND revoked IS NULL ORDER BY created DESC";
const TOUCH: &str = "
    UPDATE session SET used = $3 WHERE practice = $1 AND token = $2 AND used <= $4";
const NOTE: &str = "
    UPDATE session SET body = $3 WHERE practice = $1 AND token = $2 AND revoked IS NULL";
const END: &str = "
    UPDATE session SET revoked = $3 WHERE practice = $1 AND token = $2 AND revoked IS NULL";
const END_OTHERS: &str = "
    UPDATE session SET revoked = $3
    WHERE practice = $1 AND person = $2 AND token <> $4 AND revoked IS NULL";
const FORGET: &str = "DELETE FROM session WHERE practice = $1 AND used < $2";
