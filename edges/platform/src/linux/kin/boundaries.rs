//! Programs that start others on somebody's behalf.

use std::collections::HashSet;

use super::{Image, Owner};

/// Executables whose children begin families.
#[derive(Clone, Debug, Default)]
pub struct Boundaries {
    passing: HashSet<String>,
    shells: HashSet<String>,
}

impl Boundaries {
    /// Those of Debian and the usual desktops.
    #[must_use]
    pub fn usual() -> Self {
        Self::parse(include_str!("boundaries.txt"))
    }

    /// One name a line; one behind a blank is a shell; `#` begins a remark.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let lines = || {
            text.lines()
                .map(str::trim_end)
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
        };
        let (shells, passing): (Vec<&str>, Vec<&str>) =
            lines().partition(|line| line.starts_with(' '));
        Self {
            passing: passing.into_iter().map(String::from).collect(),
            shells: (shells.into_iter())
                .map(|line| line.trim_start().to_owned())
                .collect(),
        }
    }

    pub(super) fn passes(&self, image: &Image) -> bool {
        holds(&self.passing, image)
    }

    pub(super) fn is_shell(&self, image: &Image) -> bool {
        holds(&self.shells, image)
    }
}

fn holds(names: &HashSet<String>, image: &Image) -> bool {
    // One that was replaced by an upgrade goes on as what it was.
    let name = image.path.file_name().and_then(|name| name.to_str());
    let name = name.map(|name| name.strip_suffix(" (deleted)").unwrap_or(name));
    image.owner == Owner::System && name.is_some_and(|name| names.contains(name))
}
