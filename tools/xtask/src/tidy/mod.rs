//! `cargo xtask tidy`: the laws of the source, one file each. A law reads a [`Tree`] and says what breaks it.

mod architecture;
mod catalogues;
mod layers;
mod lints;
mod machine_paths;
mod opening;
mod purity;
mod size;
mod source;
mod tree;

use std::fmt;

use anyhow::{Result, bail};

use tree::Tree;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// Breaks a law.
    Broken,
    /// Worth a look; does not fail the run.
    Look,
}

/// One thing that a law found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    weight: Weight,
    /// Path from the root of the clone, with the line where there is one.
    place: String,
    what: String,
}

impl Finding {
    fn broken(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            weight: Weight::Broken,
            place: place.into(),
            what: what.into(),
        }
    }

    fn look(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            weight: Weight::Look,
            place: place.into(),
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.weight {
            Weight::Broken => "error",
            Weight::Look => "look",
        };
        write!(f, "{mark}: {}: {}", self.place, self.what)
    }
}

/// One law.
type Law = fn(&Tree) -> Vec<Finding>;

/// All laws, by the words that name them on screen.
const LAWS: [(&str, Law); 8] = [
    ("layers", layers::law),
    ("opening line", opening::law),
    ("size", size::law),
    ("code map", architecture::law),
    ("machine paths", machine_paths::law),
    ("pure engines", purity::law),
    ("catalogues", catalogues::law),
    ("lint tables", lints::law),
];

/// Checks every law on this clone.
pub(crate) fn tidy() -> Result<()> {
    let tree = Tree::read()?;
    let mut broken = 0;
    for (name, law) in LAWS {
        for finding in law(&tree) {
            broken += usize::from(finding.weight == Weight::Broken);
            println!("{finding} [{name}]");
        }
    }
    if broken > 0 {
        bail!("tidy: {broken} places break a law of this project (CONTRIBUTING.md)");
    }
    println!(
        "tidy: {} laws hold in {} files",
        LAWS.len(),
        tree.files().count()
    );
    Ok(())
}
