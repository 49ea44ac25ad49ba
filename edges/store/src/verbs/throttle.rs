//! How often somebody tried to sign in: kept here, so that a restart of the hub forgets no attacker.
//! What the bytes mean is the sign-in engine's; they change only from what it has judged.

use hygie_model::Wall;

use crate::{Practice, StoreError, value::args};

impl Practice<'_> {
    /// What is kept under this key, unless it has expired.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn throttle(&self, key: &str, now: Wall) -> Result<Option<Vec<u8>>, StoreError> {
        let row = self
            .one("reading the throttle", READ, args![key, now])
            .await?;
        row.map(|row| row.get(0)).transpose()
    }

    /// Puts `next` in the place of what was judged; `false` where another try was faster: judge again.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn set_throttle(
        &self,
        key: &str,
        judged: Option<&[u8]>,
        next: &[u8],
        expires: Wall,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let doing = "keeping the throttle";
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
    pub async fn forget_throttles(&self, now: Wall) -> Result<u64, StoreError> {
        self.change("forgetting throttles", FORGET, args![now])
            .await
    }
}

const READ: &str = "SELECT state FROM throttle WHERE practice = $1 AND what = $2 AND expires > $3";
const SWAP: &str = "
    UPDATE throttle SET state = $4, expires = $5
    WHERE practice = $1 AND what = $2 AND state = $3";
const ADD: &str = "
    INSERT INTO throttle (practice, what, state, expires) VALUES ($1, $2, $3, $4)
    ON CONFLICT (practice, what) DO UPDATE SET state = excluded.state, expires = excluded.expires
    WHERE throttle.expires <= $5";
const FORGET: &str = "DELETE FROM throttle WHERE practice = $1 AND expires <= $2";
