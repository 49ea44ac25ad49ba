//! The list of ways in which files are damaged. One file a family.

mod allocate;
mod archive;
mod attributes;
mod chain;
mod copy;
mod crowd;
mod held;
mod link;
mod mapping;
mod newfiles;
mod overwrite;
mod pressure;
mod remove;
mod rename;
mod replace;
mod truncate;
mod uring;

use serde::Serialize;

use crate::report::Failure;
use crate::run::{Run, Victim};

/// What is gone afterwards when nobody guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Harm {
    /// What the victims held lies nowhere in the arena any more.
    Content,
    /// All content is still there, under other names.
    Names,
    /// Content and names are there; owner, mode, times or extended attributes differ.
    Attributes,
    /// The victims are untouched; states that the way made itself and told are gone.
    NewStates,
}

/// How a way acts.
pub enum Act {
    /// On each victim alone; the crowd ways mix these.
    Each(fn(&Run<'_>, &Victim) -> Result<(), Failure>),
    /// On all of them; counts its outcomes itself.
    Whole(fn(&Run<'_>) -> Result<(), Failure>),
}

/// One way.
#[derive(Serialize)]
pub struct Way {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it does, for people.
    pub does: &'static str,
    /// What it takes away.
    pub harm: Harm,
    /// Files with fewer bytes are left alone.
    pub least: u64,
    /// How.
    #[serde(skip)]
    pub act: Act,
}

impl Way {
    const fn each(
        name: &'static str,
        does: &'static str,
        least: u64,
        act: fn(&Run<'_>, &Victim) -> Result<(), Failure>,
    ) -> Self {
        Self {
            name,
            does,
            harm: Harm::Content,
            least,
            act: Act::Each(act),
        }
    }

    const fn whole(
        name: &'static str,
        does: &'static str,
        least: u64,
        act: fn(&Run<'_>) -> Result<(), Failure>,
    ) -> Self {
        Self {
            name,
            does,
            harm: Harm::Content,
            least,
            act: Act::Whole(act),
        }
    }

    const fn takes(mut self, harm: Harm) -> Self {
        self.harm = harm;
        self
    }

    /// Does it, on everything that the run found. A failure here means that it could not even begin.
    pub fn strike(&self, run: &Run<'_>) -> Result<(), Failure> {
        match self.act {
            Act::Each(act) => {
                run.each(act);
                Ok(())
            }
            Act::Whole(act) => act(run),
        }
    }
}

/// Every way with its family.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Way)> {
    FAMILIES
        .iter()
        .flat_map(|(family, ways)| ways.iter().map(move |way| (*family, way)))
}

/// The way of that name.
pub fn find(name: &str) -> Option<&'static Way> {
    all().map(|(_, way)| way).find(|way| way.name == name)
}

const FAMILIES: &[(&str, &[Way])] = &[
    ("overwrite", overwrite::WAYS),
    ("replace", replace::WAYS),
    ("rename", rename::WAYS),
    ("link", link::WAYS),
    ("truncate", truncate::WAYS),
    ("allocate", allocate::WAYS),
    ("mapping", mapping::WAYS),
    ("copy", copy::WAYS),
    ("uring", uring::WAYS),
    ("held", held::WAYS),
    ("crowd", crowd::WAYS),
    ("archive", archive::WAYS),
    ("remove", remove::WAYS),
    ("newfiles", newfiles::WAYS),
    ("chain", chain::WAYS),
    ("pressure", pressure::WAYS),
    ("attributes", attributes::WAYS),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_plain() {
        let mut names: Vec<_> = all().map(|(_, way)| way.name).collect();
        assert!(names.iter().all(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        }));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
