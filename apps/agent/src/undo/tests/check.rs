//! What must hold after an undo, and its story for when it does not.

use std::{collections::BTreeMap, path::PathBuf};

use hygie_acts::Place;
use hygie_model::NodeKind;
use proptest::prelude::*;

use super::world::{At, ROOT, Seen, Undo, World};
use crate::undo::{Done, Step};

impl World {
    /// What happened, and what the undo made of it.
    pub(super) fn story(&self, undo: &Undo) -> String {
        let mut told = self.story.clone();
        told.insert(0, String::new());
        for (step, note) in undo.steps() {
            let place =
                |place: &Place| format!("{}/{}", place.dir.0, String::from_utf8_lossy(&place.name));
            let name = format!("{step:?}");
            let name = name.split(' ').next().unwrap_or_default().to_owned();
            told.push(format!(
                "{name} {} {:?} {:?} {:?}",
                step.node(),
                step.place().map(place),
                note.done,
                note.why
            ));
        }
        for (path, seen) in self.seen() {
            let content = seen
                .content
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            told.push(format!("{} {content:?} {:o}", path.display(), seen.mode));
        }
        told.join("\n")
    }

    /// Where something would be; `None` where the model cannot say.
    fn would_path(&self, (dir, name): &At, depth: usize) -> Option<PathBuf> {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(name);
        if *dir == ROOT {
            return Some(name.into());
        }
        let above = self.would.get(dir)?;
        // Folders that would lie in each other stay as they are.
        if above.murky || depth > 40 {
            return None;
        }
        Some(self.would_path(above.names.first()?, depth + 1)?.join(name))
    }

    pub(super) fn check(
        &self,
        undo: &Undo,
        tree: &BTreeMap<PathBuf, Seen>,
    ) -> Result<(), TestCaseError> {
        let anywhere = |content: &[u8]| {
            tree.values()
                .any(|seen| seen.content.as_deref() == Some(content))
        };
        for (id, would) in &self.would {
            let is_there = !would.names.is_empty();
            if let Some(spoilt) = &would.spoilt {
                prop_assert!(
                    anywhere(&spoilt.before),
                    "{id}: the state of before is back somewhere {}",
                    self.story(undo)
                );
                prop_assert!(
                    !spoilt.mended || !is_there || anywhere(&would.content),
                    "{id}: honest work is kept {}",
                    self.story(undo)
                );
            } else if would.kind == NodeKind::File && is_there {
                prop_assert!(
                    anywhere(&would.content),
                    "{id}: {would:?} {}",
                    self.story(undo)
                );
            }
            for at in &would.names {
                let Some(path) = self.would_path(at, 0).filter(|_| !would.murky) else {
                    continue;
                };
                let Some(seen) = tree.get(&path) else {
                    prop_assert!(
                        false,
                        "{path:?} ({id}) is missing: {would:?} {}",
                        self.story(undo)
                    );
                    continue;
                };
                // A folder that somebody made again is taken as it is.
                let again = self.would.iter().any(|(other, folder)| {
                    other != id && folder.kind == NodeKind::Dir && folder.names.contains(at)
                });
                let stands = undo.steps().iter().any(|(step, note)| {
                    step.node() == *id
                        && matches!(step, Step::MakeFolder { .. })
                        && note.done == Done::Nothing
                });
                if (again || stands) && would.kind == NodeKind::Dir {
                    continue;
                }
                // A folder that got its name back where honest work has put a file since: the file goes beside.
                let beside = seen.content.is_none() && anywhere(&would.content);
                if would.kind == NodeKind::File && beside {
                    continue;
                }
                prop_assert_eq!(
                    seen.mode,
                    would.mode,
                    "mode of {:?} {}",
                    path,
                    self.story(undo)
                );
                if would.kind == NodeKind::File {
                    let (content, mtime_ns) = match &would.spoilt {
                        Some(spoilt) => (&spoilt.before, spoilt.mtime_ns),
                        None => (&would.content, would.mtime_ns),
                    };
                    // What somebody honest changed to the same is left as it is.
                    let mended = would.spoilt.as_ref().is_some_and(|spoilt| spoilt.mended);
                    prop_assert!(
                        mended || seen.mtime_ns == Some(mtime_ns),
                        "time of {path:?} {}",
                        self.story(undo)
                    );
                    prop_assert_eq!(
                        seen.content.as_ref(),
                        Some(content),
                        "{:?} {}",
                        path,
                        self.story(undo)
                    );
                }
            }
        }
        let parked = |path: &&PathBuf| path.to_string_lossy().contains(".hygie-");
        prop_assert!(tree.keys().find(parked).is_none(), "{}", self.story(undo));
        self.all_is_told(undo, tree)
    }

    /// Whatever has a second name is in the report.
    fn all_is_told(
        &self,
        undo: &Undo,
        tree: &BTreeMap<PathBuf, Seen>,
    ) -> Result<(), TestCaseError> {
        use std::os::unix::ffi::OsStrExt;
        let steps = undo.steps();
        let told: Vec<&[u8]> = steps
            .iter()
            .filter_map(|(step, note)| match (step, &note.kept) {
                (_, Some(kept)) => Some(&kept.0.name[..]),
                (Step::Put { node, at, .. }, None) if *node < 0 => Some(&at.name[..]),
                _ => None,
            })
            .collect();
        for path in tree.keys() {
            let name = path.file_name().unwrap_or_default().as_bytes();
            let second = name.windows(11).any(|part| part == b"(plus tard)");
            prop_assert!(
                !second || told.contains(&name),
                "{path:?} is not told {}",
                self.story(undo)
            );
        }
        Ok(())
    }
}
