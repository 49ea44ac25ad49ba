//! A line in plain words: one sentence for each kind that the hub tells. A kind that is not in the list yet is shown with its
//! facts as they are, never left out.

use std::collections::BTreeMap;

use hygie_journal::{Record, parse_line};
use hygie_model::{PersonId, Role, Wall};
use hygie_store::JournalLine;
use hygie_text::{
    Args, Message,
    console::{Journal, Phish},
};
use serde_json::Value;
use uuid::Uuid;

use crate::web::{frame::role, speech::Speech};

/// How a kind is told.
pub(super) struct Known {
    pub(super) kind: &'static str,
    /// In a list to choose from.
    pub(super) label: Journal,
    says: Journal,
    facts: &'static [(&'static str, Fact)],
}

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    Text,
    Count,
    Moment,
    Means,
    /// Somebody else, by number.
    Person,
    Role,
    /// What was answered about a message.
    Level,
}

/// What happened, as it is read.
pub(super) fn sentence(
    speech: &Speech,
    people: &BTreeMap<PersonId, String>,
    line: &JournalLine,
) -> String {
    let who = match line.person {
        Some(person) => name(speech, people, person),
        None => speech.word(Journal::TheConsole),
    };
    let args = Args::new().text("who", &who);
    let Ok(record) = parse_line(line.line.as_bytes()) else {
        return speech.say(Journal::Other, &args.text("kind", &line.kind));
    };
    match KINDS.iter().find(|known| known.kind == line.kind) {
        Some(known) => speech.say(known.says, &filled(speech, people, known, &record, args)),
        None => other(speech, &record, args),
    }
}

fn filled(
    speech: &Speech,
    people: &BTreeMap<PersonId, String>,
    known: &Known,
    record: &Record,
    args: Args,
) -> Args {
    known.facts.iter().fold(args, |args, (name, fact)| {
        let Some(value) = record.fields.get(*name) else {
            return args;
        };
        match fact {
            Fact::Text => args.text(name, &plain(value)),
            Fact::Count => args.count(name, value.as_u64().unwrap_or_default()),
            Fact::Moment => match serde_json::from_value::<Wall>(value.clone()) {
                Ok(at) => args.moment(name, at),
                Err(_) => args.text(name, &plain(value)),
            },
            Fact::Means => args.nested(name, means(speech, value)),
            Fact::Person => args.text(name, &somebody(speech, people, value)),
            Fact::Role => match serde_json::from_value::<Role>(value.clone()) {
                Ok(found) => args.nested(name, speech.word(role(found))),
                Err(_) => args.text(name, &plain(value)),
            },
            Fact::Level => args.nested(name, level(speech, value)),
        }
    })
}

/// A kind without a sentence: its name and its facts.
fn other(speech: &Speech, record: &Record, args: Args) -> String {
    let facts: Vec<String> = record
        .fields
        .iter()
        .filter(|(name, _)| !["person", "device"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name} = {}", plain(value)))
        .collect();
    let args = args.text("kind", record.kind.as_str());
    if facts.is_empty() {
        speech.say(Journal::Other, &args)
    } else {
        speech.say(Journal::OtherFacts, &args.text("facts", &facts.join(", ")))
    }
}

fn name(speech: &Speech, people: &BTreeMap<PersonId, String>, person: PersonId) -> String {
    people
        .get(&person)
        .cloned()
        .unwrap_or_else(|| speech.word(Journal::Unknown))
}

fn somebody(speech: &Speech, people: &BTreeMap<PersonId, String>, value: &Value) -> String {
    let id = value.as_str().and_then(|text| Uuid::parse_str(text).ok());
    match id {
        Some(id) => name(speech, people, PersonId(id)),
        None => plain(value),
    }
}

fn means(speech: &Speech, value: &Value) -> String {
    let words = match value.as_str() {
        Some("passkey") => Journal::MeansPasskey,
        Some("password-and-code") => Journal::MeansPassword,
        Some("recovery-sheet") => Journal::MeansSheet,
        Some("second-person") => Journal::MeansSecond,
        Some("first-time") => Journal::MeansFirst,
        Some(_) | None => return plain(value),
    };
    speech.word(words)
}

fn level(speech: &Speech, value: &Value) -> String {
    let word = plain(value);
    let known = Phish::ALL
        .iter()
        .find(|one| one.key().strip_prefix("phish-level-") == Some(word.as_str()));
    known.map_or(word, |known| speech.word(*known))
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

macro_rules! kinds {
    ($($kind:literal $label:ident $says:ident ($($fact:ident: $what:ident),*);)*) => {
        /// The kinds that have a sentence.
        pub(super) const KINDS: &[Known] = &[$(Known {
            kind: $kind,
            label: Journal::$label,
            says: Journal::$says,
            facts: &[$((stringify!($fact), Fact::$what)),*],
        },)*];
    };
}

kinds! {
    "hub.set-up" KindSetUp SetUp ();
    "person.signed-in" KindSignedIn SignedIn (means: Means, address: Text);
    "person.proved" KindProved Proved (means: Means, address: Text);
    "person.signed-out" KindSignedOut SignedOut ();
    "person.refused" KindRefused Refused (address: Text);
    "person.session-ended" KindSessionEnded SessionEnded ();
    "person.sheet-made" KindSheetMade SheetMade ();
    "person.sheet-tested" KindSheetTested SheetTested ();
    "person.passkey-added" KindKeyAdded KeyAdded (name: Text);
    "person.passkey-removed" KindKeyRemoved KeyRemoved (name: Text);
    "person.password-set" KindPasswordSet PasswordSet ();
    "journal.exported" KindExported Exported ();
    "journal.refilled" KindRefilled LinesRefilled (lines: Count);
    "practice.renamed" KindRenamed Renamed (before: Text, name: Text);
    "setting.help" KindHelp HelpNoted (name: Text, phone: Text);
    "alert.road-set" KindRoadSet RoadSet (slot: Text, by: Text, to: Text);
    "alert.road-dropped" KindRoadDropped RoadDropped (slot: Text);
    "alert.road-tried" KindRoadTried RoadTried (slot: Text);
    "setting.messages" KindMessages MessagesSet (own: Count, servers: Count);
    "message.asked" KindMessageAsked MessageAsked (verdict: Level);
    "hub.backed-up" KindBackedUp BackedUp (file: Text);
    "device.invited" KindDeviceInvited DeviceInvited (name: Text);
    "device.enrolled" KindDeviceEnrolled DeviceEnrolled (name: Text);
    "device.renamed" KindDeviceRenamed DeviceRenamed (before: Text, name: Text);
    "device.retired" KindDeviceRetired DeviceRetired (name: Text);
    "device.undo-asked" KindDeviceUndo DeviceUndoAsked (name: Text, incident: Count);
    "device.redo-asked" KindDeviceRedo DeviceRedoAsked (name: Text, incident: Count);
    "device.allow-asked" KindDeviceAllow DeviceAllowAsked (name: Text, incident: Count);
    "device.freeze-asked" KindDeviceFreeze DeviceFreezeAsked (name: Text, incident: Count);
    "device.restore-asked" KindDeviceRestore DeviceRestoreAsked (name: Text, incident: Count, files: Count);
    "device.files-looked" KindDeviceFiles DeviceFilesLooked (name: Text, incident: Count);
    "device.trust-asked" KindDeviceTrust DeviceTrustAsked (name: Text);
    "device.distrust-asked" KindDeviceDistrust DeviceDistrustAsked (name: Text);
    "device.unprotect-asked" KindDeviceUnprotect DeviceUnprotectAsked (name: Text);
    "device.command-done" KindCommandDone CommandDone (name: Text);
    "device.command-partial" KindCommandPartial CommandPartial (name: Text);
    "device.command-not-done" KindCommandNotDone CommandNotDone (name: Text);
    "device.command-expired" KindCommandExpired CommandExpired (name: Text);
    "device.command-refused" KindCommandRefused CommandRefused (name: Text);
    "device.renewed" KindDeviceRenewed DeviceRenewed (name: Text);
    "incident.undo-asked" KindUndoAsked UndoAsked (incident: Count);
    "incident.undone" KindUndone Undone (incident: Count, problems: Count);
    "incident.redo-asked" KindRedoAsked RedoAsked (incident: Count);
    "incident.redone" KindRedone Redone (incident: Count, problems: Count);
    "incident.revoke-asked" KindRevokeAsked RevokeAsked (incident: Count);
    "incident.revoked" KindRevoked Revoked (incident: Count, permissions: Count);
    "incident.allow-asked" KindAllowAsked AllowAsked (incident: Count);
    "incident.allowed" KindAllowed Allowed (incident: Count, until: Moment);
    "key.trust-asked" KindKeyTrustAsked KeyTrustAsked ();
    "key.trusted" KindKeyTrusted KeyTrusted (name: Text, of: Person);
    "key.distrust-asked" KindKeyDistrustAsked KeyDistrustAsked ();
    "key.distrusted" KindKeyDistrusted KeyDistrusted (name: Text, of: Person);
    "key.withdrawn" KindKeyWithdrawn KeyWithdrawn (name: Text, of: Person);
    "key.last-stays" KindLastKeyStays LastKeyStays (name: Text, of: Person);
    "file.forget-asked" KindForgetAsked ForgetAsked (path: Text);
    "file.forgotten" KindForgotten Forgotten (path: Text, versions: Count);
    "folder.unprotect-asked" KindUnprotectAsked UnprotectAsked (path: Text);
    "folder.unprotected" KindUnprotected Unprotected (path: Text);
    "person.recovery-by-root" KindRecoveryByRoot RecoveryByRoot (of: Person, address: Text);
    "alert.read" KindAlertRead AlertRead ();
    "alert.wishes" KindAlertWishes AlertWishes ();
    "person.invited" KindInvited Invited (name: Text, role: Role);
    "person.invitation-ended" KindInvitationEnded InvitationEnded (name: Text);
    "person.joined" KindJoined Joined (role: Role, address: Text);
    "person.role-changed" KindRoleChanged RoleChanged (of: Person, before: Role, role: Role);
    "person.closed" KindClosed Closed (of: Person);
    "person.reopened" KindReopened Reopened (of: Person);
    "person.erased" KindErased Erased (of: Person);
    "person.signed-out-by" KindSignedOutBy SignedOutBy (of: Person);
    "person.time-opened" KindTimeOpened TimeOpened (of: Person, until: Moment);
    "person.time-ended" KindTimeEnded TimeEnded (of: Person);
    "person.recovery-asked" KindRecoveryAsked RecoveryAsked (of: Person, address: Text);
    "person.recovery-confirmed" KindRecoveryConfirmed RecoveryConfirmed (of: Person);
    "person.recovery-cancelled" KindRecoveryCancelled RecoveryCancelled (of: Person);
    "person.recovery-finished" KindRecoveryFinished RecoveryFinished ();
    "file.restore-asked" KindRestoreAsked RestoreAsked (path: Text, since: Moment);
    "file.restored" KindRestored Restored (path: Text, files: Count, left: Count);
    "console.walls-missing" KindWallsMissing WallsMissing ();
    "console.name-taken" KindNameTaken NameTaken (name: Text);
    "file.looked" KindLooked Looked (path: Text, since: Moment);
    "folder.restore-asked" KindFolderAsked FolderAsked (path: Text, at: Moment);
    "folder.restored" KindFolderRestored FolderRestored (path: Text, files: Count, left: Count);
}

#[cfg(test)]
mod tests {
    use hygie_journal::Kind;
    use hygie_text::{Message, Need};

    use super::*;

    #[test]
    fn a_sentence_gets_just_what_it_needs() {
        let mut kinds = std::collections::BTreeSet::new();
        for known in KINDS {
            assert!(kinds.insert(known.kind), "{} twice", known.kind);
            for (name, need) in known.says.needs().iter().filter(|(name, _)| *name != "who") {
                let fact = known.facts.iter().find(|(fact, _)| fact == name);
                let fact = fact
                    .unwrap_or_else(|| panic!("{} lacks {name}", known.kind))
                    .1;
                let fits = match need {
                    Need::Text => !matches!(fact, Fact::Count | Fact::Moment),
                    Need::Count => fact == Fact::Count,
                    Need::Moment => fact == Fact::Moment,
                    Need::Bytes | Need::Spent | Need::Left => false,
                };
                assert!(fits, "{} {name}", known.kind);
            }
        }
    }

    /// The kinds in a source file: the text after `tell(` or `came(`.
    fn told_in(source: &str) -> Vec<String> {
        let calls = ["tell(", "came("]
            .iter()
            .flat_map(|call| source.split(call).skip(1));
        let words = calls.filter_map(|rest| {
            let rest = rest.split(';').next()?;
            let word = rest.split('"').nth(1)?;
            let is_kind = word.contains('.') && Kind::new(word).is_ok();
            is_kind.then(|| word.to_owned())
        });
        words.collect()
    }

    fn sources(folder: &std::path::Path, all: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else if path.extension().is_some_and(|end| end == "rs")
                && !path.to_string_lossy().ends_with("tests.rs")
            {
                all.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn each_kind_that_a_page_tells_has_a_sentence() {
        let mut all = Vec::new();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages");
        sources(&folder, &mut all);
        let told: Vec<String> = all.iter().flat_map(|source| told_in(source)).collect();
        assert!(told.len() > 20, "{told:?}");
        for kind in told {
            assert!(
                KINDS.iter().any(|known| known.kind == kind),
                "{kind} has no sentence"
            );
        }
    }
}
