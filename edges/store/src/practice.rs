//! One practice of the database: the handle that all its verbs hang on.
//! The practice is put into every statement here and nowhere else, so that none can forget it.

use hygie_model::{PracticeId, Wall};

use crate::{
    Store, StoreError,
    db::Tx,
    value::{Row, Value, args},
};

/// One practice of the database. Every statement that it runs names it, so none can reach another's rows.
#[derive(Clone, Copy)]
pub struct Practice<'s> {
    store: &'s Store,
    id: PracticeId,
}

/// A practice as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeFacts {
    /// Who.
    pub id: PracticeId,
    /// Its name, as people say it.
    pub name: String,
    /// The console's name on the network: passkeys bind to it.
    pub host: String,
    /// When it was made.
    pub created: Wall,
}

impl<'s> Practice<'s> {
    pub(crate) fn new(store: &'s Store, id: PracticeId) -> Self {
        Self { store, id }
    }

    /// Which practice this is.
    #[must_use]
    pub fn id(&self) -> PracticeId {
        self.id
    }

    /// What is known of it; `None` where there is no such practice.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn facts(&self) -> Result<Option<PracticeFacts>, StoreError> {
        let row = self.one("reading the practice", FACTS, args![]).await?;
        row.as_ref().map(facts).transpose()
    }

    /// Gives it another name; the console's name stays, for passkeys are bound to it.
    ///
    /// # Errors
    /// There is no such practice.
    pub async fn rename(&self, name: &str) -> Result<(), StoreError> {
        let doing = "renaming the practice";
        let changed = self.change(doing, RENAME, args![name]).await?;
        known(changed, doing)
    }

    pub(crate) fn store(&self) -> &Store {
        self.store
    }

    pub(crate) async fn rows(
        &self,
        doing: &'static str,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        self.store.db().rows(doing, sql, self.first(args)).await
    }

    pub(crate) async fn one(
        &self,
        doing: &'static str,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(doing, sql, args).await?.into_iter().next())
    }

    pub(crate) async fn change(
        &self,
        doing: &'static str,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<u64, StoreError> {
        self.store.db().change(doing, sql, self.first(args)).await
    }

    pub(crate) async fn begin(&self, doing: &'static str) -> Result<PracticeTx, StoreError> {
        Ok(PracticeTx {
            tx: self.store.db().begin(doing).await?,
            id: self.id,
            doing,
        })
    }

    fn first(&self, args: Vec<Value>) -> Vec<Value> {
        first(self.id, args)
    }
}

/// A transaction of one practice.
pub(crate) struct PracticeTx {
    tx: Tx,
    id: PracticeId,
    doing: &'static str,
}

impl PracticeTx {
    pub(crate) async fn rows(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        self.tx.rows(self.doing, sql, first(self.id, args)).await
    }

    pub(crate) async fn change(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<u64, StoreError> {
        self.tx.change(self.doing, sql, first(self.id, args)).await
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit(self.doing).await
    }
}

/// The practice is `$1` of every statement.
pub(crate) fn first(practice: PracticeId, mut args: Vec<Value>) -> Vec<Value> {
    args.insert(0, Value::from(practice));
    args
}

/// A change that met no row named something that is not there.
pub(crate) fn known(changed: u64, doing: &'static str) -> Result<(), StoreError> {
    if changed == 0 {
        return Err(StoreError::Unknown { doing });
    }
    Ok(())
}

pub(crate) fn facts(row: &Row) -> Result<PracticeFacts, StoreError> {
    Ok(PracticeFacts {
        id: row.get(0)?,
        name: row.get(1)?,
        host: row.get(2)?,
        created: row.get(3)?,
    })
}

const FACTS: &str = "SELECT practice, name, host, created FROM practice WHERE practice = $1";
const RENAME: &str = "UPDATE practice SET name = $2 WHERE practice = $1";
