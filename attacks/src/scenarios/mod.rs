//! Whole attacks, as families of ransomware run them: in what order, with what programs, in how many processes.
//! The ways try a store; these try a detector, and tell each act for a drill's table.

mod content;
mod crews;
mod interpreters;
mod names;
mod orders;
mod tools;
mod trusted;

use std::path::Path;

use serde::Serialize;

pub use tools::missing;

use crate::cipher::Pattern;
use crate::report::{Acted, Failure};
use crate::run::{Run, Victim};
use crate::ways::Harm;

/// What should give an attack away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Bytes become as even as noise.
    Entropy,
    /// The beginning says another type, or none.
    FileType,
    /// Little is left of the version before.
    Dissimilarity,
    /// Many folders and many types, by one family.
    Breadth,
    /// Names that mean nothing, or one new ending.
    Renames,
    /// Names go.
    Deletions,
    /// New text files that are alike, in folder after folder.
    Notes,
    /// What lies in folders of backups goes first.
    Backups,
    /// Many files in little time.
    Pace,
}

/// In which order victims are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By name, folder after folder.
    Walk,
    /// The largest first.
    Largest,
    /// The smallest first.
    Smallest,
    /// What was written last, first.
    Newest,
    /// As the seed says.
    Random,
    /// Databases, then documents, tables, mail, images, the rest.
    Class,
}

/// What one act on one victim does.
pub type Take = fn(&Run<'_>, &Victim) -> Result<Acted, Failure>;

/// How a scenario goes.
pub enum Plan {
    /// Encrypts these bytes of each victim where it lies.
    InPlace(Order, Pattern),
    /// Does this to each victim.
    Each(Order, Take),
    /// Does what cannot be said by victim; counts its outcomes itself.
    Whole(fn(&Run<'_>) -> Result<(), Failure>),
}

/// One scenario.
#[derive(Serialize)]
pub struct Scenario {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it does, for people.
    pub does: &'static str,
    /// What it takes away when nobody guards.
    pub harm: Harm,
    /// What should give it away, the strongest first.
    pub signals: &'static [Signal],
    /// Programs of the system that it runs; where one is missing it does nothing and says so.
    pub needs: &'static [&'static str],
    /// How.
    #[serde(skip)]
    pub plan: Plan,
}

impl Scenario {
    const fn new(
        name: &'static str,
        does: &'static str,
        signals: &'static [Signal],
        plan: Plan,
    ) -> Self {
        Self {
            name,
            does,
            harm: Harm::Content,
            signals,
            needs: &[],
            plan,
        }
    }

    const fn takes(mut self, harm: Harm) -> Self {
        self.harm = harm;
        self
    }

    const fn needs(mut self, programs: &'static [&'static str]) -> Self {
        self.needs = programs;
        self
    }

    /// Does it, on everything that the run found. A failure here means that it could not go on.
    pub fn strike(&self, run: &Run<'_>) -> Result<(), Failure> {
        match self.plan {
            Plan::InPlace(order, pattern) => {
                for victim in orders::sorted(run, order) {
                    count(run, victim, content::in_place(run, victim, pattern));
                }
                Ok(())
            }
            Plan::Each(order, act) => {
                for victim in orders::sorted(run, order) {
                    count(run, victim, act(run, victim));
                }
                Ok(())
            }
            Plan::Whole(act) => act(run),
        }
    }
}

/// Every scenario with its family.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Scenario)> {
    FAMILIES
        .iter()
        .flat_map(|(family, list)| list.iter().map(move |one| (*family, one)))
}

/// The scenario of that name.
pub fn find(name: &str) -> Option<&'static Scenario> {
    all().map(|(_, one)| one).find(|one| one.name == name)
}

/// What kind of file a name's ending says: a word for tables, not a path.
pub fn class_of(path: &Path) -> &'static str {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let found = CLASSES
        .iter()
        .find(|(_, endings)| endings.contains(&ending.as_str()));
    found.map_or("other", |(class, _)| class)
}

/// Tells an act and counts it.
fn count(run: &Run<'_>, victim: &Victim, acted: Result<Acted, Failure>) {
    run.report.outcome(tell(run, victim, acted));
}

/// Tells an act; what came of it is for whoever counts.
fn tell(run: &Run<'_>, victim: &Victim, acted: Result<Acted, Failure>) -> Result<(), Failure> {
    acted.map(|acted| {
        run.report
            .acted(&victim.path, class_of(&victim.path), &acted)
    })
}

const FAMILIES: &[(&str, &[Scenario])] = &[
    ("content", content::SCENARIOS),
    ("order", orders::SCENARIOS),
    ("names", names::SCENARIOS),
    ("interpreter", interpreters::SCENARIOS),
    ("trusted", trusted::SCENARIOS),
    ("crew", crews::SCENARIOS),
];

/// In the order in which the scenario by class takes them.
const CLASSES: &[(&str, &[&str])] = &[
    ("database", &["db", "sqlite", "mdb"]),
    ("document", &["docx", "odt", "rtf", "pdf", "doc"]),
    ("table", &["xlsx", "ods", "csv"]),
    ("mail", &["eml", "msg"]),
    ("image", &["jpg", "jpeg", "png", "dcm", "tif"]),
    ("health", &["hl7", "xml"]),
    ("archive", &["zip", "7z", "gz"]),
    ("secret", &["kdbx", "asc", "gpg", "age"]),
    ("text", &["txt", "html"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_plain_and_no_ways() {
        let mut names: Vec<_> = all().map(|(_, one)| one.name).collect();
        names.extend(crate::ways::all().map(|(_, way)| way.name));
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(names.iter().all(|name| name.bytes().all(plain)));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn each_has_a_signal_and_a_sentence() {
        for (_, one) in all() {
            let sentence = !one.does.contains(". ") && !one.does.ends_with('.');
            assert!(!one.signals.is_empty() && sentence, "{}", one.name);
        }
    }

    #[test]
    fn classes_come_from_endings() {
        for (path, class) in [
            ("a/b.DOCX", "document"),
            ("a.b/c", "other"),
            ("x.dcm", "image"),
            ("Dossiers.db", "database"),
        ] {
            assert_eq!(class_of(Path::new(path)), class);
        }
    }
}
