//! The guard's door as the hub sees it: one question at a time, for the person who is signed in.
//! Its word is asked for each page anew; the hub keeps no name of a file.

use std::{io, path::PathBuf, time::Duration};

use hygie_agent::door::{Caller, Question, Reply};
use hygie_model::PersonId;
use serde_json::Value;

/// Where the guard of this machine is asked.
#[derive(Clone, Debug)]
pub(crate) struct Door(PathBuf);

/// No answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// No guard runs, or it does not answer in time.
    #[error("the guard does not answer: {0}")]
    Silent(#[from] io::Error),
    /// The thread that asked is gone.
    #[error("the question was not asked: {0}")]
    Lost(#[from] tokio::task::JoinError),
}

impl Door {
    /// The door of that socket.
    pub(crate) fn at(socket: PathBuf) -> Self {
        Self(socket)
    }

    /// Asks what the hub may ask for itself: states, no names.
    ///
    /// # Errors
    /// No guard answers.
    pub(crate) async fn ask(&self, question: Question) -> Result<Reply, NoAnswer> {
        self.ask_within(question, QUICK).await
    }

    /// Asks for a person who is signed in and may.
    ///
    /// # Errors
    /// No guard answers.
    pub(crate) async fn ask_for(
        &self,
        person: PersonId,
        question: Question,
    ) -> Result<Reply, NoAnswer> {
        let does = matches!(
            question,
            Question::Undo { .. } | Question::Redo { .. } | Question::Restore { .. }
        );
        let time = if does { LONG } else { READING };
        let ask = Box::new(question);
        self.ask_within(Question::For { person, ask }, time).await
    }

    /// Hands on a person's signed answer. The guard does what its challenge named, or says why not.
    ///
    /// # Errors
    /// No guard answers.
    pub(crate) async fn confirm(&self, id: String, answer: Value) -> Result<Reply, NoAnswer> {
        self.ask_within(Question::Confirm { id, answer }, LONG)
            .await
    }

    async fn ask_within(&self, question: Question, time: Duration) -> Result<Reply, NoAnswer> {
        let socket = self.0.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let mut caller = Caller::knock(&socket)?;
            caller.waits(time)?;
            caller.ask(&question)
        });
        Ok(asked.await??)
    }
}

/// For what the guard has at hand.
const QUICK: Duration = Duration::from_secs(5);
/// For what it must read: a plan over thousands of files.
const READING: Duration = Duration::from_secs(30);
/// For what it does: an undo of thousands of files.
const LONG: Duration = Duration::from_secs(600);
