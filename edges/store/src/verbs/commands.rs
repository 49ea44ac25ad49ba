//! Commands from the hub to a device: they wait until it asks, and not for ever.
//! A command is done when the device says so, never when it was fetched.

use hygie_model::{DeviceId, PersonId, Wall};
use uuid::Uuid;

use crate::{
    Json, Practice, StoreError,
    value::{Row, args},
};

/// A command to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCommand {
    /// Which.
    pub id: Uuid,
    /// For which device.
    pub device: DeviceId,
    /// What kind.
    pub kind: String,
    /// All of it.
    pub body: Json,
    /// Who asked; `None` for the hub itself.
    pub by: Option<PersonId>,
    /// Until when it may be carried out.
    pub expires: Wall,
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What was asked.
    pub command: NewCommand,
    /// When.
    pub made: Wall,
    /// When the device said that it was done.
    pub done: Option<Wall>,
    /// What the device said.
    pub outcome: Option<Json>,
}

impl Practice<'_> {
    /// Keeps a command until the device asks.
    ///
    /// # Errors
    /// The device is unknown, the number is taken.
    pub async fn command(&self, new: &NewCommand, now: Wall) -> Result<(), StoreError> {
        let args = args![
            new.id,
            new.device,
            &new.kind,
            &new.body,
            new.by,
            now,
            new.expires,
        ];
        self.change("keeping the command", ADD, args)
            .await
            .map(drop)
    }

    /// What a device has to do now, the oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn commands_for(
        &self,
        device: DeviceId,
        now: Wall,
    ) -> Result<Vec<Command>, StoreError> {
        let rows = self.rows(READING, OPEN, args![device, now]).await?;
        rows.iter().map(command).collect()
    }

    /// A device says what came of a command. Told twice, the first word stays. `false` where the command is unknown,
    /// another device's, or was told before.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn acknowledge(
        &self,
        device: DeviceId,
        id: Uuid,
        outcome: &Json,
        now: Wall,
    ) -> Result<bool, StoreError> {
        let args = args![id, device, outcome, now];
        Ok(self.change("noting the outcome", DONE, args).await? > 0)
    }

    /// One command.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn command_of(&self, id: Uuid) -> Result<Option<Command>, StoreError> {
        let row = self.one(READING, ONE, args![id]).await?;
        row.as_ref().map(command).transpose()
    }

    /// A device's newest commands, done or not.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn newest_commands(
        &self,
        device: DeviceId,
        limit: u32,
    ) -> Result<Vec<Command>, StoreError> {
        let args = args![device, i64::from(limit)];
        let rows = self.rows(READING, NEWEST, args).await?;
        rows.iter().map(command).collect()
    }

    /// Commands that ran out undone between two moments: to be told, and journaled.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn commands_expired(
        &self,
        after: Wall,
        upto: Wall,
    ) -> Result<Vec<Command>, StoreError> {
        let rows = self.rows(READING, EXPIRED, args![after, upto]).await?;
        rows.iter().map(command).collect()
    }
}

fn command(row: &Row) -> Result<Command, StoreError> {
    Ok(Command {
        command: NewCommand {
            id: row.get(0)?,
            device: row.get(1)?,
            kind: row.get(2)?,
            body: row.get(3)?,
            by: row.get(4)?,
            expires: row.get(6)?,
        },
        made: row.get(5)?,
        done: row.get(7)?,
        outcome: row.get(8)?,
    })
}

const READING: &str = "reading commands";

const ADD: &str = "
    INSERT INTO command (practice, command, device, kind, body, by_person, made, expires)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const OPEN: &str = "
    SELECT command, device, kind, body, by_person, made, expires, done, outcome FROM command
    WHERE practice = $1 AND device = $2 AND done IS NULL AND expires > $3 ORDER BY made";
const ONE: &str = "
    SELECT command, device, kind, body, by_person, made, expires, done, outcome FROM command
    WHERE practice = $1 AND command = $2";
const NEWEST: &str = "
    SELECT command, device, kind, body, by_person, made, expires, done, outcome FROM command
    WHERE practice = $1 AND device = $2 ORDER BY made DESC LIMIT $3";
const EXPIRED: &str = "
    SELECT command, device, kind, body, by_person, made, expires, done, outcome FROM command
    WHERE practice = $1 AND done IS NULL AND expires > $2 AND expires <= $3 ORDER BY expires";
const DONE: &str = "
    UPDATE command SET outcome = $4, done = $5
    WHERE practice = $1 AND command = $2 AND device = $3 AND done IS NULL";
