//! Which message says what of an incident: one mapping for the command line and the console.
//! Keeps no sentence of its own.

use hygie_acts::{Doing, Incident, Reason, State};
use hygie_text::{Args, Id, Message};

use super::{DeedTold, Trouble, UndoTold};

/// The stopped program, as a person would recognise it; nothing where the guard told no name.
#[must_use]
pub fn program(incident: &Incident) -> Option<&str> {
    let first = incident.opening.members.first();
    first.map(|member| member.command.as_str())
}

/// Where an incident stands.
#[must_use]
pub const fn state(state: State) -> Id {
    match state {
        State::Stopped => Id::StateStopped,
        State::EndedEvidenceKept => Id::StateEnded,
        State::Undone => Id::StateUndone,
        State::Allowed => Id::StateAllowed,
    }
}

/// What was done to a file.
#[must_use]
pub const fn deed(deed: DeedTold) -> Id {
    match deed {
        DeedTold::Made => Id::DeedMade,
        DeedTold::Linked => Id::DeedLinked,
        DeedTold::Changed => Id::DeedChanged,
        DeedTold::Attributes => Id::DeedAttributes,
        DeedTold::Renamed => Id::DeedRenamed,
        DeedTold::Deleted => Id::DeedDeleted,
    }
}

/// What a person allowed.
#[must_use]
pub const fn doing(doing: Doing) -> Id {
    match doing {
        Doing::Change => Id::DoingChange,
        Doing::Delete => Id::DoingDelete,
        Doing::Rename => Id::DoingRename,
        Doing::Make => Id::DoingMake,
    }
}

/// A reason in plain words. A part of a file counts as one.
#[must_use]
pub fn reason(reason: &Reason) -> (Id, Args) {
    let id = match reason.signal.as_str() {
        "kind-lost" => Id::ReasonKindLost,
        "kind-changed" => Id::ReasonKindChanged,
        "entropy-rose" => Id::ReasonEntropyRose,
        "unlike" => Id::ReasonUnlike,
        "stirred" => Id::ReasonStirred,
        "torn" => Id::ReasonTorn,
        "emptied" => Id::ReasonEmptied,
        "sealed-made" => Id::ReasonSealedMade,
        "displaced" => Id::ReasonDisplaced,
        "swallowed" => Id::ReasonSwallowed,
        "deleted" => Id::ReasonDeleted,
        "deleted-by-tool" => Id::ReasonDeletedByTool,
        "backups-deleted" => Id::ReasonBackupsDeleted,
        "name-lost" => Id::ReasonNameLost,
        "extension-lost" => Id::ReasonExtensionLost,
        "notes" => Id::ReasonNotes,
        "folders" => Id::ReasonFolders,
        "kinds" => Id::ReasonKinds,
        "kinds-read" => Id::ReasonKindsRead,
        "pace" => Id::ReasonPace,
        other => return (Id::ReasonOther, Args::new().text("signal", other)),
    };
    let name = id.needs().first().map_or("files", |(name, _)| name);
    let count = u64::from(reason.hundredths.div_ceil(100));
    (id, Args::new().count(name, count))
}

/// Why a path did not come back.
#[must_use]
pub fn trouble(why: &Trouble) -> (Id, Args) {
    let id = match why {
        Trouble::FolderGone => Id::TroubleFolderGone,
        Trouble::Elsewhere => Id::TroubleElsewhere,
        Trouble::NotKept => Id::TroubleNotKept,
        Trouble::Damaged => Id::TroubleDamaged,
        Trouble::NoRoom => Id::TroubleNoRoom,
        Trouble::NotMounted => Id::TroubleNotMounted,
        Trouble::NotSet => Id::TroubleNotSet,
        Trouble::NotEmpty => Id::TroubleNotEmpty,
        Trouble::System { said } => {
            return (Id::TroubleSystem, Args::new().text("said", said));
        }
    };
    (id, Args::new())
}

/// What an undo does or did, in counts; one sentence where that is nothing.
#[must_use]
pub fn counts(told: &UndoTold) -> Vec<(Id, Args)> {
    let counts = [
        (Id::UndoGivenBack, "files", told.given_back),
        (Id::UndoRenamed, "files", told.renamed),
        (Id::UndoAttributes, "files", told.attributes),
        (Id::UndoQuarantined, "files", told.quarantined),
        (Id::UndoFolders, "folders", told.folders),
    ];
    let lines: Vec<_> = counts
        .into_iter()
        .filter(|(_, _, count)| *count > 0)
        .map(|(id, name, count)| (id, Args::new().count(name, count)))
        .collect();
    if lines.is_empty() {
        return vec![(Id::UndoNothing, Args::new())];
    }
    lines
}

#[cfg(test)]
mod tests {
    use hygie_text::{Catalog, Language, TimeZone};

    use super::{
        super::{signal_word, signals},
        *,
    };

    #[test]
    fn each_signal_of_the_engine_has_a_sentence() {
        let catalog = Catalog::new(Language::Fr, TimeZone::UTC);
        let of = |signal: String, hundredths| {
            reason(&Reason {
                signal,
                hundredths,
                points: 1,
            })
        };
        for signal in signals() {
            let (id, args) = of(signal_word(signal), 1150);
            assert_ne!(id, Id::ReasonOther, "{signal:?}");
            let said = catalog.say(id, &args);
            assert!(said.contains("12"), "{said}");
        }
        let (id, args) = of("kind-lost".into(), 1200);
        assert_eq!(
            catalog.say(id, &args),
            "12 fichiers sont devenus illisibles"
        );
    }
}
