//! What is kept for a time only: failed tries to sign in, a passkey's open challenge, a way back that was asked for. Here and not in
//! the hub's memory, so that a restart forgets no attacker; what the bytes mean is whoever keeps them's, and they change only from
//! what was judged.

use hygie_model::Wall;

use crate::{Practice, StoreError, value::args};

impl Practice<'_> {
    /// What is kept under this key, unless it has expired.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn passing(&self, key: &str, now: Wall) -> Result<Option<Vec<u8>>, StoreError> {
        let row = self
            .one("reading what is kept for a time", READ, args![key, now])
            .await?;
        row.map(|row| row.get(0)).transpose()
    }

    /// Puts `next` in the place of what was judged; `false` where another request was faster: judge again.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn set_passing(
        &self,
        key: &str,
        judged: Option<&[u8]>,
        next: &[u8],
        expires: Wall,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let doing = "keeping something for a time";
        let changed = match judged {
            Some(judged) => {
                let args = args![key, judged, next, expires];
                self.change(doing, SWAP, args).await?
            }
            None => {
                let args = args![key, next, expires, now];
                self.change(doing, ADD, args).await?
            }
        };
        Ok(changed > 0)
    }

    /// Removes what has expired.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn forget_passed(&self, now: Wall) -> Result<u64, StoreError> {
        self.change("forgetting what has expired", FORGET, args![now])
            .await
    }
}

const READ: &str = "SELECT state FROM passing WHERE practice = $1 AND what = $2 AND expires > $3";
pub(super) const SWAP: &str = "
    UPDATE passing SET state = $4, expires = $5
    WHERE practice = $1 AND what = $2 AND state = $3";
pub(super) const ADD: &str = "
    INSERT INTO passing (practice, what, state, expires) VALUES ($1, $2, $3, $4)
    ON CONFLICT (practice, what) DO UPDATE SET state = excluded.state, expires = excluded.expires
    WHERE passing.expires <= $5";
const FORGET: &str = "DELETE FROM passing WHERE practice = $1 AND expires <= $2";
