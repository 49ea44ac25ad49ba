//! Protection as whoever may not see names reads it: an IT provider is told of a point that is not covered, not of a patient.

use hygie_identity::Act;
use hygie_model::{Exception, Protection};
use hygie_text::console::Shared;

use crate::web::visitor::Visitor;

/// The same; with *a file* and *a folder* in the place of what her role may not see.
pub(super) fn unnamed(visitor: &Visitor, protection: &Protection) -> Protection {
    let mut protection = protection.clone();
    let Protection::ProtectedBut { exceptions } = &mut protection else {
        return protection;
    };
    for exception in exceptions {
        match exception {
            Exception::StateWithoutCopy { path }
            | Exception::Unreadable { path }
            | Exception::OpenBefore { path } => {
                if !visitor.may(Act::FindFile) {
                    *path = visitor.speech.word(Shared::AFile);
                }
            }
            Exception::FolderUnwatched { path } => {
                if !visitor.may(Act::SeeProtection) {
                    *path = visitor.speech.word(Shared::AFolder);
                }
            }
            Exception::TruncateUnheld
            | Exception::TruncateAtClose
            | Exception::JournalSilent
            | Exception::WitnessSilent
            | Exception::NoRoom => {}
        }
    }
    protection
}
