//! What can go wrong with an arena, a cage or a comparison.

use std::io;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum CageError {
    /// Giving files to another user, namespaces and cgroups need root.
    #[error("a simulator cannot be caged: it needs root")]
    NotRoot,
    /// The system refused.
    #[error("{doing}: {source}")]
    System {
        /// What was being done.
        doing: String,
        /// What the system said.
        source: io::Error,
    },
    /// The simulator ended, or said something else than was waited for.
    #[error("the simulator {0}")]
    Simulator(String),
}

/// Says what was being done when the system refused.
pub(crate) trait Doing<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, CageError>;
}

impl<T, E: Into<io::Error>> Doing<T> for Result<T, E> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, CageError> {
        self.map_err(|error| CageError::System {
            doing: what(),
            source: error.into(),
        })
    }
}

impl From<io::Error> for CageError {
    fn from(source: io::Error) -> Self {
        Self::System {
            doing: "with an arena".to_owned(),
            source,
        }
    }
}

impl From<rustix::io::Errno> for CageError {
    fn from(errno: rustix::io::Errno) -> Self {
        io::Error::from(errno).into()
    }
}
