//! Takes out of a plan what is not for this user, and says so.

use std::{
    collections::HashSet,
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use hygie_model::Version;
use hygie_vault::{JOURNALS, Plan, Step, User};

use super::{
    here::{Here, There},
    restore::Draft,
    rights::{Need, lets},
};

/// What is left of a plan.
pub(super) struct Sieved {
    pub(super) plan: Plan,
    /// What was taken out; a folder stands for all that is in it, for its names are not for
    /// everybody either.
    pub(super) refused: Vec<PathBuf>,
}

/// In a thread of the user's, who can reach the path asked for.
pub(super) fn sieve(draft: Draft, here: &Here, user: &User) -> Sieved {
    let mut sieve = Sieve {
        here,
        user,
        passed: draft
            .asked
            .ancestors()
            .skip(1)
            .map(Path::to_path_buf)
            .collect(),
        kept: HashSet::new(),
        refused: Vec::new(),
    };
    sieve.passed.insert(PathBuf::new());
    if let Some(root) = draft.folders.get(Path::new(""))
        && !here.passes(user, root, Need::List)
    {
        sieve.passed.clear();
        sieve.refused.push(PathBuf::new());
    }
    for step in &draft.plan.steps {
        sieve.look(step, &draft);
    }
    sieve.keep_together();
    let mut plan = draft.plan;
    plan.steps.retain(|step| sieve.keeps(step));
    Sieved {
        plan,
        refused: sieve.refused,
    }
}

struct Sieve<'a> {
    here: &'a Here,
    user: &'a User,
    /// Folders that he could pass then and can now.
    passed: HashSet<PathBuf>,
    /// What is left for him.
    kept: HashSet<PathBuf>,
    refused: Vec<PathBuf>,
}

impl Sieve<'_> {
    fn look(&mut self, step: &Step, draft: &Draft) {
        let path = step.path();
        if !path
            .parent()
            .is_none_or(|parent| self.passed.contains(parent))
        {
            return;
        }
        let allowed = match step {
            // A folder above what was asked for was looked at before.
            Step::Folder { .. } if self.passed.contains(path) => true,
            Step::Folder { .. } => {
                let known = draft.folders.get(path);
                let allowed =
                    known.is_some_and(|known| self.here.passes(self.user, known, Need::List));
                if allowed {
                    self.passed.insert(path.to_path_buf());
                }
                allowed
            }
            Step::File { version, .. } => self.may_have(path, version),
            // Anybody who could pass the folder could read where a link leads.
            Step::Symlink { .. } => self.here.may_have(path),
            Step::Link { to, .. } => self.kept.contains(to) && self.here.may_have(path),
            Step::Missing { .. } => true,
            // Weighed with what it makes room for.
            Step::Aside { .. } => return,
        };
        if allowed {
            self.kept.insert(path.to_path_buf());
        } else {
            self.refused.push(path.to_path_buf());
        }
    }

    fn may_have(&self, path: &Path, version: &Version) -> bool {
        lets(&version.meta, self.user, Need::ReadWrite) && self.here.may_have(path)
    }

    /// A database without its journals, or the reverse, would be neither then nor now.
    fn keep_together(&mut self) {
        let mut torn = Vec::new();
        for refused in &self.refused {
            let base = database(refused).unwrap_or_else(|| refused.clone());
            let group = std::iter::once("").chain(JOURNALS);
            torn.extend(group.map(|suffix| with(&base, suffix)));
        }
        for path in torn {
            if self.kept.remove(&path) {
                self.refused.push(path);
            }
        }
    }

    fn keeps(&self, step: &Step) -> bool {
        match step {
            // What stands in the way was seen by the guard; it counts if the user sees it too.
            Step::Aside { path, .. } => {
                let for_it = self.kept.contains(path)
                    || database(path).is_some_and(|base| self.kept.contains(&base));
                for_it && !matches!(self.here.there(path), There::Nothing | There::Hidden)
            }
            Step::Link { path, to } => self.kept.contains(path) && self.kept.contains(to),
            // One that is there stays as it is.
            Step::Folder { path, .. } => {
                self.kept.contains(path) && !matches!(self.here.there(path), There::Folder(_))
            }
            Step::File { path, .. } | Step::Symlink { path, .. } | Step::Missing { path, .. } => {
                self.kept.contains(path)
            }
        }
    }
}

/// The database to which a journal of this name belongs.
fn database(path: &Path) -> Option<PathBuf> {
    let whole = path.as_os_str().as_bytes();
    let base = JOURNALS
        .into_iter()
        .find_map(|suffix| whole.strip_suffix(suffix.as_bytes()))?;
    Some(OsStr::from_bytes(base).into())
}

fn with(base: &Path, suffix: &str) -> PathBuf {
    let mut whole: OsString = base.into();
    whole.push(suffix);
    whole.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn journals_belong_to_their_database() {
        let base = |name: &str| database(Path::new(name));
        assert_eq!(base("d/x.db-wal"), Some("d/x.db".into()));
        assert_eq!(base("x-journal"), Some("x".into()));
        assert_eq!(base("x.db"), None);
        assert_eq!(with(Path::new("d/x.db"), "-shm"), Path::new("d/x.db-shm"));
    }
}
