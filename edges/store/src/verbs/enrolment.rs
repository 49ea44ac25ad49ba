//! Codes with which a device joins: each lets in one device, once, for a short time.
//! The code is kept as its digest.

use hygie_model::{PersonId, Wall};

use super::devices::{self, NewDevice};
use crate::{
    Digest, Practice, StoreError,
    value::{Row, args},
};

/// A code that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Digest of the code.
    pub code: Digest,
    /// How the device will be called.
    pub name: String,
    /// When it was made.
    pub made: Wall,
    /// By whom; `None` for the command line.
    pub by: Option<PersonId>,
    /// Until when it is good.
    pub expires: Wall,
}

impl Practice<'_> {
    /// Keeps a code.
    ///
    /// # Errors
    /// It is there; the practice is unknown.
    pub async fn add_enrolment(&self, code: &Enrolment) -> Result<(), StoreError> {
        let args = args![code.code, &code.name, code.made, code.by, code.expires];
        self.change("keeping the code", ADD, args).await.map(drop)
    }

    /// The code, if it is good now: before a certificate is signed for who brought it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn enrolment(
        &self,
        code: Digest,
        now: Wall,
    ) -> Result<Option<Enrolment>, StoreError> {
        let row = self.one(READING, ONE, args![code, now]).await?;
        row.as_ref().map(enrolment).transpose()
    }

    /// Codes that nothing used, the newest first, expired or not.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn enrolments(&self) -> Result<Vec<Enrolment>, StoreError> {
        let rows = self.rows(READING, OPEN, args![]).await?;
        rows.iter().map(enrolment).collect()
    }

    /// Uses a code up and adds its device in the same breath; `false` where it is not good, and nothing was added.
    ///
    /// # Errors
    /// The device's number or certificate is taken.
    pub async fn enrol(
        &self,
        code: Digest,
        device: &NewDevice,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin("enrolling the device").await?;
        if tx.change(USE, args![code, now, device.id]).await? == 0 {
            return Ok(false);
        }
        devices::add(&mut tx, device, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes a code back; whether it was open.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn withdraw_enrolment(&self, code: Digest) -> Result<bool, StoreError> {
        let gone = self
            .change("withdrawing the code", WITHDRAW, args![code])
            .await?;
        Ok(gone > 0)
    }
}

fn enrolment(row: &Row) -> Result<Enrolment, StoreError> {
    Ok(Enrolment {
        code: row.get(0)?,
        name: row.get(1)?,
        made: row.get(2)?,
        by: row.get(3)?,
        expires: row.get(4)?,
    })
}

const READING: &str = "reading codes";

const ADD: &str = "
    INSERT INTO enrolment (practice, code, name, made, by_person, expires)
    VALUES ($1, $2, $3, $4, $5, $6)";
const ONE: &str = "
    SELECT code, name, made, by_person, expires FROM enrolment
    WHERE practice = $1 AND code = $2 AND used IS NULL AND expires > $3";
const OPEN: &str = "
    SELECT code, name, made, by_person, expires FROM enrolment
    WHERE practice = $1 AND used IS NULL ORDER BY made DESC";
const USE: &str = "
    UPDATE enrolment SET used = $3, device = $4
    WHERE practice = $1 AND code = $2 AND used IS NULL AND expires > $3";
const WITHDRAW: &str = "DELETE FROM enrolment WHERE practice = $1 AND code = $2 AND used IS NULL";
