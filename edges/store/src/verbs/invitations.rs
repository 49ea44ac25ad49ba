//! Invitations by link: each lets in one person, once, for a time.
//! The code of the link is kept as its digest.

use hygie_model::{PersonId, Role, Wall};

use super::people::{self, Person};
use crate::{
    Digest, Practice, StoreError,
    value::{Row, args},
};

/// An invitation to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInvitation {
    /// Digest of its code.
    pub code: Digest,
    /// For whom.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Who invites.
    pub by: PersonId,
    /// Until when it is good.
    pub expires: Wall,
    /// How long the person may stay: an IT provider's time.
    pub until: Option<Wall>,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// What was sent.
    pub invitation: NewInvitation,
    /// When.
    pub made: Wall,
}

impl Practice<'_> {
    /// Keeps an invitation.
    ///
    /// # Errors
    /// The inviting person is unknown.
    pub async fn invite(&self, new: &NewInvitation, now: Wall) -> Result<(), StoreError> {
        let args = args![
            new.code,
            &new.name,
            new.role,
            now,
            new.by,
            new.expires,
            new.until,
        ];
        self.change("keeping the invitation", ADD, args)
            .await
            .map(drop)
    }

    /// The invitation of this code, if it is good now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn invitation(
        &self,
        code: Digest,
        now: Wall,
    ) -> Result<Option<Invitation>, StoreError> {
        let row = self.one(READING, ONE, args![code, now]).await?;
        row.as_ref().map(invitation).transpose()
    }

    /// Those that nobody has taken, expired or not, the newest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, StoreError> {
        let rows = self.rows(READING, OPEN, args![]).await?;
        rows.iter().map(invitation).collect()
    }

    /// Uses up an invitation and adds the person in the same breath; `false` where it is not good, and nobody was added.
    ///
    /// # Errors
    /// The person's number or login is taken.
    pub async fn accept_invitation(
        &self,
        code: Digest,
        person: &Person,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin("accepting the invitation").await?;
        let used = tx.change(USE, args![code, now, person.id]).await?;
        if used == 0 {
            return Ok(false);
        }
        tx.change(people::ADD, people::row_of(person)).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes an invitation back; whether it was open.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn withdraw_invitation(&self, code: Digest) -> Result<bool, StoreError> {
        let gone = self
            .change("withdrawing the invitation", WITHDRAW, args![code])
            .await?;
        Ok(gone > 0)
    }
}

fn invitation(row: &Row) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        invitation: NewInvitation {
            code: row.get(0)?,
            name: row.get(1)?,
            role: row.get(2)?,
            by: row.get(3)?,
            expires: row.get(4)?,
            until: row.get(5)?,
        },
        made: row.get(6)?,
    })
}

const READING: &str = "reading invitations";

const ADD: &str = "
    INSERT INTO invitation (practice, code, name, role, made, by_person, expires, until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const ONE: &str = "
    SELECT code, name, role, by_person, expires, until, made FROM invitation
    WHERE practice = $1 AND code = $2 AND used IS NULL AND expires > $3";
const OPEN: &str = "
    SELECT code, name, role, by_person, expires, until, made FROM invitation
    WHERE practice = $1 AND used IS NULL ORDER BY made DESC";
const USE: &str = "
    UPDATE invitation SET used = $3, person = $4
    WHERE practice = $1 AND code = $2 AND used IS NULL AND expires > $3";
const WITHDRAW: &str = "DELETE FROM invitation WHERE practice = $1 AND code = $2 AND used IS NULL";
