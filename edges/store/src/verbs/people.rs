//! People of a practice: who they are, and their end.
//! Nobody is removed: the journal names them for a year.

use hygie_model::{PersonId, Role, Wall};

use crate::{
    Practice, StoreError,
    practice::known,
    value::{Row, args},
};

/// Somebody who signs in, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// As others call this person.
    pub name: String,
    /// What is typed to sign in; one of a practice's open people has it.
    pub login: String,
    /// What this person is in the practice.
    pub role: Role,
    /// Where alerts go, if anywhere.
    pub address: Option<String>,
    /// Since when.
    pub created: Wall,
    /// Until when at most: an IT provider's time.
    pub until: Option<Wall>,
    /// When this person left.
    pub closed: Option<Wall>,
}

/// What somebody who leaves could reach, and no longer can.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Sessions that were open.
    pub sessions: u64,
    /// Passkeys, passwords and codes that no longer let in.
    pub credentials: u64,
    /// Invitations of this person's that nobody had taken.
    pub invitations: u64,
}

impl Practice<'_> {
    /// Adds somebody.
    ///
    /// # Errors
    /// The number or the login is taken, the practice is unknown.
    pub async fn add_person(&self, person: &Person) -> Result<(), StoreError> {
        self.change("adding the person", ADD, row_of(person))
            .await
            .map(drop)
    }

    /// Everybody, those who left too, by name.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let rows = self.rows(READING, ALL, args![]).await?;
        rows.iter().map(|row| person(row, 0)).collect()
    }

    /// One person.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let row = self.one(READING, ONE, args![id]).await?;
        row.as_ref().map(|row| person(row, 0)).transpose()
    }

    /// Who signs in with this name; nobody who left.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn person_of_login(&self, login: &str) -> Result<Option<Person>, StoreError> {
        let row = self.one(READING, OF_LOGIN, args![login]).await?;
        row.as_ref().map(|row| person(row, 0)).transpose()
    }

    /// Writes name, login, role, address and time of somebody who has not left.
    ///
    /// # Errors
    /// The login is taken; the person is unknown or left.
    pub async fn change_person(&self, person: &Person) -> Result<(), StoreError> {
        let doing = "changing the person";
        let args = args![
            person.id,
            &person.name,
            &person.login,
            person.role,
            person.address.as_ref(),
            person.until,
        ];
        known(self.change(doing, CHANGE, args).await?, doing)
    }

    /// Closes a person in one gesture: no session, credential, code or invitation of hers is good afterwards. Her credentials
    /// and the codes of her sheet are kept, for a closing can be taken back; [`Practice::erase_access`] ends that.
    ///
    /// # Errors
    /// The person is unknown or left before.
    pub async fn close_person(&self, id: PersonId, now: Wall) -> Result<Reach, StoreError> {
        let doing = "closing the person";
        let mut tx = self.begin(doing).await?;
        known(tx.change(CLOSE, args![id, now]).await?, doing)?;
        let mut credentials = 0;
        for sql in [COUNT_CREDENTIALS, COUNT_CODES] {
            let rows = tx.rows(sql, args![id]).await?;
            credentials += rows.first().map_or(Ok(0), |row| row.get::<u64>(0))?;
        }
        let reach = Reach {
            sessions: tx.change(END_SESSIONS, args![id, now]).await?,
            credentials,
            invitations: tx.change(END_INVITATIONS, args![id]).await?,
        };
        tx.commit().await?;
        Ok(reach)
    }

    /// Takes a closing back: her credentials and the codes that are left are good again. Her sessions and invitations are not.
    ///
    /// # Errors
    /// Nobody of this number left; somebody else signs in with her name meanwhile.
    pub async fn reopen_person(&self, id: PersonId) -> Result<(), StoreError> {
        let doing = "reopening the person";
        known(self.change(doing, REOPEN, args![id]).await?, doing)
    }

    /// Erases what is left of the access of somebody who left: she cannot come back with it. How many credentials and codes.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn erase_access(&self, id: PersonId) -> Result<u64, StoreError> {
        let mut tx = self.begin("erasing an access").await?;
        let gone = tx.change(ERASE_CREDENTIALS, args![id]).await?
            + tx.change(ERASE_CODES, args![id]).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

pub(super) fn row_of(person: &Person) -> Vec<crate::value::Value> {
    args![
        person.id,
        &person.name,
        &person.login,
        person.role,
        person.address.as_ref(),
        person.created,
        person.until,
    ]
}

/// The columns of `COLUMNS` from this place on.
pub(super) fn person(row: &Row, at: usize) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.get(at)?,
        name: row.get(at + 1)?,
        login: row.get(at + 2)?,
        role: row.get(at + 3)?,
        address: row.get(at + 4)?,
        created: row.get(at + 5)?,
        until: row.get(at + 6)?,
        closed: row.get(at + 7)?,
    })
}

const READING: &str = "reading people";

pub(super) const ADD: &str = "
    INSERT INTO person (practice, person, name, login, role, address, created, until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const ALL: &str = "
    SELECT person, name, login, role, address, created, until, closed FROM person
    WHERE practice = $1 ORDER BY name, person";
const ONE: &str = "
    SELECT person, name, login, role, address, created, until, closed FROM person
    WHERE practice = $1 AND person = $2";
const OF_LOGIN: &str = "
    SELECT person, name, login, role, address, created, until, closed FROM person
    WHERE practice = $1 AND login = $2 AND closed IS NULL";
const CHANGE: &str = "
    UPDATE person SET name = $3, login = $4, role = $5, address = $6, until = $7
    WHERE practice = $1 AND person = $2 AND closed IS NULL";
const CLOSE: &str = "
    UPDATE person SET closed = $3 WHERE practice = $1 AND person = $2 AND closed IS NULL";
const END_SESSIONS: &str = "
    UPDATE session SET revoked = $3 WHERE practice = $1 AND person = $2 AND revoked IS NULL";
const COUNT_CREDENTIALS: &str =
    "SELECT COUNT(*) FROM credential WHERE practice = $1 AND person = $2";
const COUNT_CODES: &str = "
    SELECT COUNT(*) FROM recovery WHERE practice = $1 AND person = $2 AND used IS NULL";
const REOPEN: &str = "
    UPDATE person SET closed = NULL WHERE practice = $1 AND person = $2 AND closed IS NOT NULL";
const ERASE_CREDENTIALS: &str = "
    DELETE FROM credential WHERE practice = $1 AND person = $2 AND EXISTS (
        SELECT 1 FROM person p WHERE p.practice = $1 AND p.person = $2 AND p.closed IS NOT NULL)";
const ERASE_CODES: &str = "
    DELETE FROM recovery WHERE practice = $1 AND person = $2 AND EXISTS (
        SELECT 1 FROM person p WHERE p.practice = $1 AND p.person = $2 AND p.closed IS NOT NULL)";
const END_INVITATIONS: &str = "
    DELETE FROM invitation WHERE practice = $1 AND by_person = $2 AND used IS NULL";
