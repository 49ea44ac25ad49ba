//! What goes into a statement and comes out of a row, the same for both engines.
//! Numbers are BIGINT, names and JSON are TEXT, identities are UUID, secrets' digests are BYTEA: nothing else is kept.

use hygie_model::{DeviceId, PersonId, PracticeId, Role, Wall};
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};
use uuid::Uuid;

use crate::{Arrival, Digest, Json, Seq, StoreError};

/// One parameter of a statement.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Id(Option<Uuid>),
    Bytes(Vec<u8>),
}

/// The parameters of a statement from `$2` on; `$1` is the practice.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Value::from($value)),*] };
}
pub(crate) use args;

macro_rules! into_value {
    ($($from:ty => |$one:pat_param| $variant:ident($value:expr)),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from($one: $from) -> Self {
                Self::$variant(Some($value))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map(|$one| $value))
            }
        }
    )*};
}

into_value! {
    i64 => |it| Int(it),
    u64 => |it| Int(int(it)),
    Wall => |Wall(it)| Int(it),
    Seq => |Seq(it)| Int(int(it)),
    Arrival => |Arrival(it)| Int(int(it)),
    Uuid => |it| Id(it),
    PracticeId => |PracticeId(it)| Id(it),
    PersonId => |PersonId(it)| Id(it),
    DeviceId => |DeviceId(it)| Id(it),
    &str => |it| Text(text(it)),
    &String => |it| Text(text(it)),
    &Json => |it| Text(it.as_str().to_owned()),
    Role => |it| Text(role_name(it).to_owned()),
}

impl From<Digest> for Value {
    fn from(Digest(bytes): Digest) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

/// Numbers of ours count up from zero and never reach the end of 63 bits.
pub(crate) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// PostgreSQL keeps no NUL in a text, so neither engine does.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The name of a role in the database; the same as in JSON (a test holds them together).
pub(crate) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Practitioner => "practitioner",
        Role::Assistant => "assistant",
        Role::ItProvider => "it-provider",
        Role::MonitoringOperator => "monitoring-operator",
    }
}

/// One row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Pg(PgRow),
}

/// What can stand in a column.
pub(crate) trait Column: Sized {
    fn of(row: &Row, at: usize) -> sqlx::Result<Self>;
}

macro_rules! native_column {
    ($($native:ty),*) => {$(
        impl Column for $native {
            fn of(row: &Row, at: usize) -> sqlx::Result<Self> {
                match row {
                    Row::Sqlite(row) => row.try_get(at),
                    Row::Pg(row) => row.try_get(at),
                }
            }
        }
        impl Column for Option<$native> {
            fn of(row: &Row, at: usize) -> sqlx::Result<Self> {
                match row {
                    Row::Sqlite(row) => row.try_get(at),
                    Row::Pg(row) => row.try_get(at),
                }
            }
        }
    )*};
}
native_column!(i64, String, Uuid, Vec<u8>);

macro_rules! wrapped_column {
    ($($ours:ty: $native:ty => |$it:ident| $made:expr),* $(,)?) => {$(
        impl Column for $ours {
            fn of(row: &Row, at: usize) -> sqlx::Result<Self> {
                let $it = <$native>::of(row, at)?;
                $made
            }
        }
        impl Column for Option<$ours> {
            fn of(row: &Row, at: usize) -> sqlx::Result<Self> {
                Option::<$native>::of(row, at)?.map(|$it| $made).transpose()
            }
        }
    )*};
}

wrapped_column! {
    u64: i64 => |it| u64::try_from(it).map_err(wrong),
    Wall: i64 => |it| Ok(Wall(it)),
    Seq: u64 => |it| Ok(Seq(it)),
    Arrival: u64 => |it| Ok(Arrival(it)),
    PracticeId: Uuid => |it| Ok(PracticeId(it)),
    PersonId: Uuid => |it| Ok(PersonId(it)),
    DeviceId: Uuid => |it| Ok(DeviceId(it)),
    Json: String => |it| Ok(Json::kept(it)),
    Digest: Vec<u8> => |it| it.try_into().map(Digest).map_err(|_| wrong("not 32 bytes")),
    Role: String => |it| {
        Role::ALL
            .into_iter()
            .find(|&role| role_name(role) == it)
            .ok_or_else(|| wrong("no role"))
    },
}

fn wrong(told: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(told.into())
}

impl Row {
    /// The column at this place of the SELECT.
    pub(crate) fn get<T: Column>(&self, at: usize) -> Result<T, StoreError> {
        T::of(self, at).map_err(StoreError::engine("reading a row"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_one_name_everywhere() {
        for role in Role::ALL {
            let json = Json::of(&role).unwrap();
            assert_eq!(json.get::<String>().unwrap(), role_name(role));
        }
    }
}
