//! Where the healthy version of a file is, and one button to have it back. Names come from the guard for each page anew, for
//! the person who asks; the hub keeps none.

mod find;
mod folder;
mod inside;
mod judged;
mod line;
pub(super) mod path;
mod restore;
mod versions;

#[cfg(test)]
mod inside_tests;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use hygie_agent::door::{Question, Reply};
use hygie_identity::Act;
use hygie_text::{
    Args, Explained,
    console::{Files, Shared},
};

use crate::web::{fault::Fault, route::Route, visitor::Visitor};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/files", Act::FindFile, find::show),
        Route::get("/files/of", Act::SeeVersions, versions::show),
        Route::get("/files/inside", Act::PreviewFile, inside::show),
        Route::post("/files/restore", Act::RestoreVersion, restore::restore),
        Route::get("/files/folder", Act::RestoreFolder, folder::show),
        Route::post("/files/folder", Act::RestoreFolder, folder::restore),
    ]
}

/// Why the guard says nothing of what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mute {
    /// It does not answer.
    Silent,
    Busy,
    Refused,
    /// The vault could not be read, or the guard speaks otherwise than this hub.
    Failed,
}

impl Mute {
    fn explain(self, visitor: &Visitor) -> Explained {
        let speech = &visitor.speech;
        match self {
            Self::Silent => speech.explain(Shared::FaultGuard, &Args::new()),
            Self::Busy => speech.explain(Files::Busy, &Args::new()),
            Self::Refused => speech.explain(Files::Refused, &Args::new()),
            Self::Failed => speech.explain(Files::Failed, &Args::new()),
        }
    }
}

/// Asks the guard for whoever is signed in. A guard that does not answer is a state of the page, not its end.
async fn ask(visitor: &Visitor, question: Question) -> Result<Result<Reply, Mute>, Fault> {
    let asked = visitor.hub.guard.ask_for(visitor.person()?, question).await;
    Ok(match asked {
        Err(_) => Err(Mute::Silent),
        Ok(Reply::Busy) => Err(Mute::Busy),
        Ok(Reply::Refused) => Err(Mute::Refused),
        Ok(Reply::Failed { .. } | Reply::Unclear) => Err(Mute::Failed),
        Ok(reply) => Ok(reply),
    })
}
