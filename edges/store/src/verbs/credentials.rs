//! What people sign in with: passkeys, password, the secret of the codes, and the recovery sheet.
//! The store reads none of it: secrets come hashed or sealed.

use hygie_model::{PersonId, Wall};
use uuid::Uuid;

use crate::{
    Digest, Json, Practice, StoreError,
    practice::known,
    value::{Row, args},
};

/// What kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// A passkey; somebody may have several.
    Passkey,
    /// A password's hash; one a person.
    Password,
    /// The sealed secret of one-time codes; one a person.
    Totp,
}

/// A credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// What kind.
    pub kind: CredentialKind,
    /// How the authenticator names it; `None` for what has no such name.
    pub handle: Option<String>,
    /// How its owner calls it.
    pub label: String,
    /// What the sign-in engine keeps of it.
    pub body: Json,
    /// Since when.
    pub created: Wall,
    /// When it was last good.
    pub used: Option<Wall>,
}

impl Practice<'_> {
    /// Adds a credential.
    ///
    /// # Errors
    /// It is there, or the person's one of this kind is ([`StoreError::Taken`]); the person is unknown.
    pub async fn add_credential(&self, credential: &Credential) -> Result<(), StoreError> {
        let args = args![
            credential.id,
            credential.person,
            credential.kind.name(),
            credential.handle.as_ref(),
            &credential.label,
            &credential.body,
            credential.created,
        ];
        self.change("adding the credential", ADD, args)
            .await
            .map(drop)
    }

    /// All of a person's.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn credentials(&self, person: PersonId) -> Result<Vec<Credential>, StoreError> {
        let rows = self.rows(READING, OF_PERSON, args![person]).await?;
        rows.iter().map(credential).collect()
    }

    /// The passkey that an authenticator names so; none of somebody who left.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn credential_of_handle(
        &self,
        handle: &str,
    ) -> Result<Option<Credential>, StoreError> {
        let row = self.one(READING, OF_HANDLE, args![handle]).await?;
        row.as_ref().map(credential).transpose()
    }

    /// Notes that a credential was good: its new body takes the place of the one that was judged. `false` where
    /// another sign-in was faster, so that no one-time code and no counter is good twice.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn use_credential(
        &self,
        judged: &Credential,
        body: &Json,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let args = args![judged.id, &judged.body, body, now, judged.used];
        let changed = self.change("noting a sign-in", USE, args).await?;
        Ok(changed > 0)
    }

    /// Removes one; whether it was there.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn remove_credential(&self, id: Uuid) -> Result<bool, StoreError> {
        let gone = self
            .change("removing the credential", REMOVE, args![id])
            .await?;
        Ok(gone > 0)
    }

    /// Puts a password or a secret of codes in the place of the person's former one.
    ///
    /// # Errors
    /// The person is unknown.
    pub async fn replace_credential(&self, credential: &Credential) -> Result<(), StoreError> {
        let mut tx = self.begin("replacing the credential").await?;
        let kind = credential.kind.name();
        tx.change(REMOVE_KIND, args![credential.person, kind])
            .await?;
        let args = args![
            credential.id,
            credential.person,
            kind,
            credential.handle.as_ref(),
            &credential.label,
            &credential.body,
            credential.created,
        ];
        tx.change(ADD, args).await?;
        tx.commit().await
    }

    /// Puts a new recovery sheet in the place of the former one.
    ///
    /// # Errors
    /// The person is unknown.
    pub async fn set_recovery_codes(
        &self,
        person: PersonId,
        codes: &[Digest],
        now: Wall,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin("keeping the recovery sheet").await?;
        tx.change(DROP_CODES, args![person]).await?;
        for &code in codes {
            tx.change(ADD_CODE, args![person, code, now]).await?;
        }
        tx.commit().await
    }

    /// Uses up a code of the recovery sheet; `false` where it is none, was used, or is of somebody who left.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn use_recovery_code(
        &self,
        person: PersonId,
        code: Digest,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let args = args![person, code, now];
        Ok(self.change("using a recovery code", USE_CODE, args).await? > 0)
    }

    /// How many codes of the sheet are unused.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn recovery_codes_left(&self, person: PersonId) -> Result<u64, StoreError> {
        let row = self.one(READING, CODES_LEFT, args![person]).await?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    /// Gives a credential another label.
    ///
    /// # Errors
    /// It is unknown.
    pub async fn label_credential(&self, id: Uuid, label: &str) -> Result<(), StoreError> {
        let doing = "naming the credential";
        known(self.change(doing, LABEL, args![id, label]).await?, doing)
    }
}

impl CredentialKind {
    const ALL: [Self; 3] = [Self::Passkey, Self::Password, Self::Totp];

    fn name(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Password => "password",
            Self::Totp => "totp",
        }
    }
}

fn credential(row: &Row) -> Result<Credential, StoreError> {
    let kind: String = row.get(2)?;
    Ok(Credential {
        id: row.get(0)?,
        person: row.get(1)?,
        kind: CredentialKind::ALL
            .into_iter()
            .find(|it| it.name() == kind)
            .ok_or_else(|| StoreError::Damaged {
                told: "a credential of no kind".to_owned(),
            })?,
        handle: row.get(3)?,
        label: row.get(4)?,
        body: row.get(5)?,
        created: row.get(6)?,
        used: row.get(7)?,
    })
}

const READING: &str = "reading credentials";

const ADD: &str = "
    INSERT INTO credential (practice, credential, person, kind, handle, label, body, created)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const OF_PERSON: &str = "
    SELECT credential, person, kind, handle, label, body, created, used FROM credential
    WHERE practice = $1 AND person = $2 ORDER BY created, credential";
const OF_HANDLE: &str = "
    SELECT credential, person, kind, handle, label, body, created, used FROM credential
    WHERE practice = $1 AND handle = $2 AND person IN (
        SELECT p.person FROM person p WHERE p.practice = $1 AND p.closed IS NULL)";
const USE: &str = "
    UPDATE credential SET body = $4, used = $5
    WHERE practice = $1 AND credential = $2 AND body = $3 AND COALESCE(used, -1) = COALESCE($6, -1)";
const REMOVE: &str = "DELETE FROM credential WHERE practice = $1 AND credential = $2";
const REMOVE_KIND: &str =
    "DELETE FROM credential WHERE practice = $1 AND person = $2 AND kind = $3";
const LABEL: &str = "UPDATE credential SET label = $3 WHERE practice = $1 AND credential = $2";
const DROP_CODES: &str = "DELETE FROM recovery WHERE practice = $1 AND person = $2";
const ADD_CODE: &str =
    "INSERT INTO recovery (practice, person, code, made) VALUES ($1, $2, $3, $4)";
const USE_CODE: &str = "
    UPDATE recovery SET used = $4
    WHERE practice = $1 AND person = $2 AND code = $3 AND used IS NULL AND person IN (
        SELECT p.person FROM person p WHERE p.practice = $1 AND p.closed IS NULL)";
const CODES_LEFT: &str = "
    SELECT COUNT(*) FROM recovery WHERE practice = $1 AND person = $2 AND used IS NULL";
