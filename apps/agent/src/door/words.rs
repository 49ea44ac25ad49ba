//! What may be asked at the guard's door, and what it says: one line of JSON each.

use std::path::PathBuf;

use hygie_model::{PersonId, UpEvent, Wall};
use serde::{Deserialize, Serialize};

use hygie_acts::{Allowed, Incident};
use hygie_sandbox::preview::Shown;

use crate::{
    guard::Status,
    incidents::{IncidentTold, NotAllowed, TouchedTold, UndoTold},
    keys::{Challenge, KeyTold, KeysTold, NotSigned, Proposed, Withdrawn},
};

/// What may be asked. Who may ask what stands in `rule.rs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Question {
    /// How things are.
    Status,
    /// What has happened since event number `from`; the door waits for news.
    Events {
        /// The first event wanted.
        from: usize,
    },
    /// The versions of a file that the asker could read and write.
    Versions {
        /// The file's path.
        #[serde(with = "super::path_word")]
        path: PathBuf,
    },
    /// What a restore would do; nothing is done.
    Plan {
        /// The file or folder.
        #[serde(with = "super::path_word")]
        path: PathBuf,
        /// Which state of it.
        pick: Pick,
    },
    /// Give it back where it was, with the asker's rights.
    Restore {
        /// The file or folder.
        #[serde(with = "super::path_word")]
        path: PathBuf,
        /// Which state of it.
        pick: Pick,
    },
    /// Forget a file for good. Root only: it takes versions away.
    Forget {
        /// The file's path.
        path: PathBuf,
    },
    /// The incidents and the permissions in force.
    Incidents,
    /// One incident, file by file. Root only: it names files of everybody.
    Incident {
        /// Its number.
        id: u64,
    },
    /// What an undo would do; nothing is done. Root only, as above.
    UndoPlan {
        /// The incident.
        id: u64,
    },
    /// Ends a family and undoes what it did. Root only: it changes files of everybody.
    Undo {
        /// The incident.
        id: u64,
    },
    /// Takes an undo back. Root only: it gives damage back.
    Redo {
        /// The incident.
        id: u64,
    },
    /// Lets a family go on, and its program do the same for a time. Root only: it weakens the protection.
    Allow {
        /// The incident.
        id: u64,
        /// For so long.
        seconds: u64,
    },
    /// Takes the permissions of an incident back. Root only, for the same hand as gave them; also
    /// the hub for a person, for it only strengthens the protection.
    Revoke {
        /// The incident.
        id: u64,
    },
    /// Looks among the files of everybody, and changes nothing. Root, and the hub for a person.
    Look(Look),
    /// The passkeys that the guard believes.
    Keys(KeysAsked),
    /// A person's answer to a challenge. What it named is done, once, whatever the hub says now.
    Confirm {
        /// The challenge's number.
        id: String,
        /// What the browser gave.
        answer: serde_json::Value,
    },
    /// What the courier brings from the hub.
    Courier(Brought),
    /// A question of a signed-in person, asked by the hub, which looked into the table of rights.
    /// One that weakens the protection is answered with a challenge for her passkey, or not at all; never another
    /// `For`. Root may ask so too.
    For {
        /// The person; what is changed is journaled with it.
        person: PersonId,
        /// What is asked; `question` in the line, where `ask` says which message it is.
        #[serde(rename = "question")]
        ask: Box<Question>,
    },
    /// End in good order: root only, it ends the protection. With a folder: protect that one no more; root, and the hub
    /// for a person, who signs.
    Stop {
        /// The folder that is protected no more, in place of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        folder: Option<Told>,
    },
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "look", rename_all = "kebab-case")]
pub enum Look {
    /// The protected files of which the path, from the protected folder on, contains a text;
    /// capitals and accents do not count.
    Find {
        /// A part of the path; empty: all of them.
        text: String,
        /// How many are told at most; beyond 200 it is 200.
        limit: usize,
    },
    /// What is in a folder and what was: one level.
    Folder {
        /// The folder; empty: the protected folders themselves.
        #[serde(with = "super::path_word")]
        path: PathBuf,
        /// How many come before those that are wanted.
        from: usize,
    },
    /// What a version holds, drawn small in the sandbox; journaled.
    Inside {
        /// The file.
        #[serde(with = "super::path_word")]
        path: PathBuf,
        /// The version's number.
        number: i64,
    },
}

/// What is asked of the list of passkeys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "keys", rename_all = "kebab-case")]
pub enum KeysAsked {
    /// Those that are believed, and those that wait for it.
    List,
    /// The hub hands in a person's key. It is believed no more for that.
    Propose(Box<Proposed>),
    /// Believe a key that was handed in.
    Trust {
        /// Its mark.
        mark: String,
    },
    /// Believe a key no more, or forget that it was handed in.
    Distrust {
        /// Its mark.
        mark: String,
    },
    /// The hub takes a person's keys back: removed, lost, or she left. It weakens nothing; the last believed key of all stays.
    Withdraw {
        /// Whose.
        person: PersonId,
        /// The passkey's own mark, in hexadecimal; none: all of hers.
        key: Option<String>,
    },
}

/// What the courier brings from the hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "brings", rename_all = "kebab-case")]
pub enum Brought {
    /// What the hub asks of this device: done once by its number, while it is not expired, and only what can be undone. What
    /// came of it is told without a name of anything.
    Command(Box<hygie_wire::Command>),
    /// What the hub asks for a person who waits there; nothing is decided by it.
    Asked(Box<hygie_wire::Asked>),
    /// The hub answered just now.
    Word,
}

/// Which state of a file or folder is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "pick", rename_all = "kebab-case")]
pub enum Pick {
    /// The newest; of what is gone, the last.
    Newest,
    /// The one of that moment.
    At {
        /// The moment.
        at: Wall,
    },
    /// The version of that number.
    Number {
        /// The number.
        number: i64,
    },
}

/// What the guard says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "kebab-case")]
pub enum Reply {
    /// How things are.
    Status(Box<Status>),
    /// What has happened.
    Events {
        /// The events.
        events: Vec<UpEvent>,
        /// The number to ask for next.
        next: usize,
    },
    /// The versions, the newest first.
    Versions {
        /// Those that the asker may have.
        versions: Vec<VersionTold>,
        /// How many others there are.
        withheld: u64,
    },
    /// What a restore would do.
    Plan(Box<PlanTold>),
    /// What a restore did.
    Restored(Box<OutcomeTold>),
    /// Nothing is known of it, or not of that moment or number.
    Unknown,
    /// The file is forgotten.
    Forgotten {
        /// How many versions went.
        versions: u64,
        /// Their bytes.
        bytes: u64,
        /// Other files that hold the same content.
        still_held: Vec<PathBuf>,
        /// Names under which the file is there now.
        present: Vec<PathBuf>,
    },
    /// The incidents, the newest first.
    Incidents {
        /// The incidents.
        incidents: Vec<Incident>,
        /// The permissions in force.
        allowed: Vec<Allowed>,
    },
    /// One incident.
    Incident(Box<IncidentTold>),
    /// The files that it touched, with what can be had back of each.
    Touched {
        /// The files.
        files: Vec<TouchedNow>,
        /// How many others there are.
        more: u64,
    },
    /// What an undo would do.
    UndoPlan(Box<UndoTold>),
    /// What an undo did.
    Undone(Box<UndoTold>),
    /// The files that were found: those that are there first, then those that are gone, the newest
    /// change first.
    Found {
        /// The files.
        files: Vec<FileFound>,
        /// Whether there are others.
        more: bool,
    },
    /// A part of what is in a folder: what is there first, then what is gone; of each, folders
    /// first, by name.
    Folder {
        /// The folders.
        folders: Vec<FolderFound>,
        /// The files.
        files: Vec<FileFound>,
        /// Whether others come after these: ask from `folders` plus `files` further on.
        more: bool,
    },
    /// What a version holds.
    Inside(Box<Shown>),
    /// The permissions that were given, or taken back.
    Allowed {
        /// Those.
        allowed: Vec<Allowed>,
    },
    /// It cannot be allowed.
    NotAllowed(NotAllowed),
    /// What the person is to sign before it is done.
    Challenge(Box<Challenge>),
    /// The guard does not believe that she signed, or cannot ask her.
    NotSigned(NotSigned),
    /// The passkeys.
    Keys(KeysTold),
    /// The passkey that is believed now, no more, or waits for it.
    Key(Box<KeyTold>),
    /// What came of a command.
    Obeyed {
        /// What.
        outcome: hygie_wire::Outcome,
        /// How many files, where files were given back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<hygie_wire::Count>,
    },
    /// The passkeys that the hub took back.
    Withdrawn(Box<Withdrawn>),
    /// The folder stays protected.
    NotUnprotected(NotUnprotected),
    /// The family could not be ended.
    StillRuns,
    /// A person let the program go on: what it did is its work.
    IsAllowed,
    /// There is no undo to be taken back.
    NotUndone,
    /// It could not be done; what the store said.
    Failed {
        /// What it said.
        reason: String,
    },
    /// It is being done.
    Done,
    /// Not for this asker.
    Refused,
    /// Too much is being asked at once; ask again in a moment.
    Busy,
    /// The question could not be read.
    Unclear,
}

/// Why a folder stays protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum NotUnprotected {
    /// It is no protected folder.
    Unknown,
    /// It is the last one: without it nothing would be protected.
    Last,
    /// It was named where Hygie was started, not in the configuration.
    Named,
    /// The configuration cannot be read or written.
    Configuration,
}

/// A version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionTold {
    /// Its number.
    pub number: i64,
    /// Its name: content and number.
    pub name: String,
    /// When the file began to hold it.
    pub since: Wall,
    /// When the copy was safe.
    pub kept_at: Wall,
    /// Length.
    pub bytes: u64,
    /// Whether its content is still there.
    pub kept: bool,
    /// The names that the file had then, where the asker could see them; lossy.
    pub names: Vec<String>,
}

/// A file that a stopped program touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TouchedNow {
    /// What was done to it.
    #[serde(flatten)]
    pub file: TouchedTold,
    /// The newest state of before the first harm that is still kept.
    pub healthy: Option<HealthyTold>,
}

/// A state that can be had back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthyTold {
    /// The version's number.
    pub number: i64,
    /// When the file began to hold it.
    pub since: Wall,
    /// Length.
    pub bytes: u64,
}

/// A file that is or was under a protected folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFound {
    /// Its whole path, as it can be asked for.
    pub path: Told,
    /// Length of its newest state.
    pub bytes: u64,
    /// When that state was written; of one that is gone, when it went.
    pub changed: Wall,
    /// Whether it is there now.
    pub present: bool,
    /// How many states can be given back.
    pub versions: u64,
}

/// A folder that is or was in a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderFound {
    /// Its whole path, as it can be asked for.
    pub path: Told,
    /// When it came; of one that is gone, when it went.
    pub changed: Wall,
    /// Whether it is there now.
    pub present: bool,
}

/// A path from the protected folder on; of what was found or touched, the whole path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Told(#[serde(with = "super::path_word")] pub PathBuf);

/// What a restore would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTold {
    /// Files that would be written.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The first of them.
    pub first: Vec<FileTold>,
    /// What would be renamed because it stands in the way.
    pub aside: Vec<Told>,
    /// What was there then and cannot be given back.
    pub missing: Vec<MissingTold>,
    /// What is not for this asker; of a folder it stands for all that is in it.
    pub refused: Vec<Told>,
}

/// A file that would be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTold {
    /// Its path.
    pub path: Told,
    /// Since when it held that state.
    pub since: Wall,
    /// Length.
    pub bytes: u64,
    /// Whether a file of this name is there now.
    pub replaces: bool,
}

/// A file that cannot be given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingTold {
    /// Its path.
    pub path: Told,
    /// Why.
    pub why: WhyTold,
}

/// Why a file cannot be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyTold {
    /// No version was ever kept.
    NeverKept,
    /// Its version was dropped.
    Dropped,
    /// The store lacks its content.
    Lost,
}

/// What a restore did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeTold {
    /// Files written.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Folders made.
    pub folders: u64,
    /// Symbolic links made.
    pub symlinks: u64,
    /// Further names of files.
    pub links: u64,
    /// What was renamed: the names that it has now.
    pub aside: Vec<Told>,
    /// What was there then and could not be given back.
    pub missing: u64,
    /// What went wrong.
    pub problems: Vec<ProblemTold>,
    /// What is not for this asker.
    pub refused: Vec<Told>,
}

/// Something that went wrong with one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemTold {
    /// The path.
    pub path: Told,
    /// What.
    pub reason: String,
    /// Whether its content is lost.
    pub lost: bool,
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::keys::Deed;

    fn is_told_as<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
        said: &T,
        line: &str,
    ) {
        assert_eq!(serde_json::to_string(said).unwrap(), line);
        assert_eq!(&serde_json::from_str::<T>(line).unwrap(), said);
    }

    #[test]
    fn what_the_hub_asks_has_one_form() {
        let find = Question::Look(Look::Find {
            text: "lettre".into(),
            limit: 20,
        });
        is_told_as(
            &find,
            r#"{"ask":"look","look":"find","text":"lettre","limit":20}"#,
        );
        let path = || "/srv/a".into();
        let folder = Question::Look(Look::Folder {
            path: path(),
            from: 200,
        });
        is_told_as(
            &folder,
            r#"{"ask":"look","look":"folder","path":"/srv/a","from":200}"#,
        );
        let inside = Question::Look(Look::Inside {
            path: path(),
            number: 7,
        });
        is_told_as(
            &inside,
            r#"{"ask":"look","look":"inside","path":"/srv/a","number":7}"#,
        );
        let asked = Question::For {
            person: crate::door::somebody(),
            ask: Box::new(Question::Restore {
                path: "/srv/a".into(),
                pick: Pick::Number { number: 7 },
            }),
        };
        is_told_as(
            &asked,
            concat!(
                r#"{"ask":"for","person":"018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e5f","#,
                r#""question":{"ask":"restore","path":"/srv/a","pick":{"pick":"number","number":7}}}"#
            ),
        );
    }

    #[test]
    fn what_the_hub_is_told_has_one_form() {
        let (path, changed) = (Told("/srv/a".into()), Wall(1_500_000_000));
        let file = FileFound {
            path: path.clone(),
            bytes: 3,
            changed,
            present: false,
            versions: 2,
        };
        let found = Reply::Found {
            files: vec![file.clone()],
            more: true,
        };
        let told = concat!(
            r#"{"path":"/srv/a","bytes":3,"changed":"1970-01-01T00:00:01.5Z","#,
            r#""present":false,"versions":2}"#
        );
        let line = format!(r#"{{"reply":"found","files":[{told}],"more":true}}"#);
        is_told_as(&found, &line);
        let folder = Reply::Folder {
            folders: vec![FolderFound {
                path,
                changed,
                present: true,
            }],
            files: vec![file],
            more: false,
        };
        let of_folder = r#"{"path":"/srv/a","changed":"1970-01-01T00:00:01.5Z","present":true}"#;
        let line = format!(
            r#"{{"reply":"folder","folders":[{of_folder}],"files":[{told}],"more":false}}"#
        );
        is_told_as(&folder, &line);
    }

    #[test]
    fn what_the_courier_brings_has_one_form() {
        let word = Question::Courier(Brought::Word);
        is_told_as(&word, r#"{"ask":"courier","brings":"word"}"#);
        let command = Question::Courier(Brought::Command(Box::new(hygie_wire::Command {
            id: uuid::Uuid::from_u128(1),
            expires: Wall(0),
            by: None,
            deed: hygie_wire::Deed::Undo { incident: 3 },
        })));
        is_told_as(
            &command,
            concat!(
                r#"{"ask":"courier","brings":"command","id":"00000000-0000-0000-0000-000000000001","#,
                r#""expires":"1970-01-01T00:00:00Z","by":null,"do":"undo","incident":3}"#
            ),
        );
        let obeyed = Reply::Obeyed {
            outcome: hygie_wire::Outcome::Partial,
            count: None,
        };
        is_told_as(&obeyed, r#"{"reply":"obeyed","outcome":"partial"}"#);
        let counted = Reply::Obeyed {
            outcome: hygie_wire::Outcome::Done,
            count: Some(hygie_wire::Count { done: 17, of: 17 }),
        };
        is_told_as(
            &counted,
            r#"{"reply":"obeyed","outcome":"done","count":{"done":17,"of":17}}"#,
        );
    }

    #[test]
    fn what_is_asked_for_a_person_at_the_hub_has_one_form() {
        let asked = Question::Courier(Brought::Asked(Box::new(hygie_wire::Asked {
            id: uuid::Uuid::from_u128(1),
            expires: Wall(0),
            by: None,
            wish: hygie_wire::Wish::Files { incident: 3 },
        })));
        is_told_as(
            &asked,
            concat!(
                r#"{"ask":"courier","brings":"asked","id":"00000000-0000-0000-0000-000000000001","#,
                r#""expires":"1970-01-01T00:00:00Z","by":null,"wants":"files","incident":3}"#
            ),
        );
        let touched = Reply::Touched {
            files: vec![TouchedNow {
                file: TouchedTold {
                    path: Told("/srv/a".into()),
                    at: Wall(0),
                    deeds: vec![crate::incidents::DeedTold::Changed],
                    by: Vec::new(),
                },
                healthy: Some(HealthyTold {
                    number: 9,
                    since: Wall(0),
                    bytes: 12,
                }),
            }],
            more: 2,
        };
        is_told_as(
            &touched,
            concat!(
                r#"{"reply":"touched","files":[{"path":"/srv/a","at":"1970-01-01T00:00:00Z","#,
                r#""deeds":["changed"],"by":[],"healthy":{"number":9,"since":"1970-01-01T00:00:00Z","#,
                r#""bytes":12}}],"more":2}"#
            ),
        );
    }

    #[test]
    fn what_a_version_holds_has_one_form() {
        let inside = Reply::Inside(Box::new(Shown::Text {
            text: "Bonjour".into(),
            all: true,
            letters: "UTF-8".into(),
        }));
        is_told_as(
            &inside,
            r#"{"reply":"inside","shown":"text","text":"Bonjour","all":true,"letters":"UTF-8"}"#,
        );
    }

    #[test]
    fn what_is_signed_has_one_form() {
        let confirm = Question::Confirm {
            id: "ab".into(),
            answer: serde_json::json!({ "id": "x" }),
        };
        is_told_as(
            &confirm,
            r#"{"ask":"confirm","id":"ab","answer":{"id":"x"}}"#,
        );
        let trust = Question::Keys(KeysAsked::Trust { mark: "cd".into() });
        is_told_as(&trust, r#"{"ask":"keys","keys":"trust","mark":"cd"}"#);
        let propose = Question::Keys(KeysAsked::Propose(Box::new(Proposed {
            person: crate::door::somebody(),
            name: "Claire".into(),
            console: crate::keys::Console {
                practice: serde_json::from_str("\"018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e60\"").unwrap(),
                title: "Cabinet".into(),
                host: "cabinet.local".into(),
                port: 8443,
            },
            key: serde_json::json!({}),
        })));
        is_told_as(
            &propose,
            concat!(
                r#"{"ask":"keys","keys":"propose","person":"018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e5f","#,
                r#""name":"Claire","console":{"practice":"018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e60","#,
                r#""title":"Cabinet","host":"cabinet.local","port":8443},"key":{}}"#
            ),
        );
        let challenge = Reply::Challenge(Box::new(Challenge {
            id: "ab".into(),
            until: Wall(0),
            deed: Deed::Unprotect {
                folder: Told("/srv/a".into()),
            },
            options: serde_json::json!({ "publicKey": {} }),
        }));
        is_told_as(
            &challenge,
            concat!(
                r#"{"reply":"challenge","id":"ab","until":"1970-01-01T00:00:00Z","#,
                r#""deed":{"deed":"unprotect","folder":"/srv/a"},"options":{"publicKey":{}}}"#
            ),
        );
        is_told_as(&Question::Stop { folder: None }, r#"{"ask":"stop"}"#);
        let folder = Some(Told("/srv/a".into()));
        let one = Question::Stop { folder };
        is_told_as(&one, r#"{"ask":"stop","folder":"/srv/a"}"#);
        let withdraw = Question::Keys(KeysAsked::Withdraw {
            person: crate::door::somebody(),
            key: None,
        });
        is_told_as(
            &withdraw,
            concat!(
                r#"{"ask":"keys","keys":"withdraw","#,
                r#""person":"018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e5f","key":null}"#
            ),
        );
        let last = Reply::NotUnprotected(NotUnprotected::Last);
        is_told_as(&last, r#"{"reply":"not-unprotected","why":"last"}"#);
        let gone = Reply::NotSigned(NotSigned::Gone);
        is_told_as(&gone, r#"{"reply":"not-signed","why":"gone"}"#);
    }

    #[test]
    fn questions_in_questions_are_read_no_deeper_than_a_line_is_long() {
        let person = serde_json::to_string(&crate::door::somebody()).unwrap();
        let open = format!(r#"{{"ask":"for","person":{person},"question":"#);
        for depth in [1, 40, 4_000] {
            let line = format!(
                r#"{}{{"ask":"stop"}}{}"#,
                open.repeat(depth),
                "}".repeat(depth)
            );
            let read = serde_json::from_str::<Question>(&line);
            assert_eq!(read.is_ok(), depth < 100, "{depth}");
        }
    }
}
