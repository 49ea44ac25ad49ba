//! Plans a restore.

use std::{
    collections::{HashMap, HashSet},
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
};

use hygie_model::{ContentHash, DirId, FileId, NodeKind, VersionName, Wall};
use rusqlite::Connection;

use super::{Plan, Step, Why};
use crate::{
    Found, Presence, Reader, Stored, TreeItem, TreeNode, VaultError, history, index::NOW, paths,
    recipe, sys, tree,
};

/// Where the restored thing goes.
struct Aim {
    into: PathBuf,
    path: PathBuf,
}

impl Reader {
    /// Plans to give `path` back as it was at that moment (without one: its newest state), where
    /// it was, or as `to`. A folder comes with all below it, a database with its journals.
    /// An existing folder `to` takes a file in under its own name, a folder's content as its own.
    ///
    /// # Errors
    /// [`VaultError::UnknownPath`] when there was nothing then, [`VaultError::Target`] when `to`
    /// lies in no folder; else what SQLite refused.
    pub fn plan_restore(
        &self,
        path: &Path,
        at: Option<Wall>,
        to: Option<&Path>,
    ) -> Result<Plan, VaultError> {
        let found = self.lookup(path, at)?;
        let moment = match (at, found.until) {
            (Some(at), _) => at.0.min(NOW),
            (None, Some(until)) => until.0 - 1,
            (None, None) => NOW,
        };
        let aim = aim(path, &found, to)?;
        let items = self.read(|db| items(db, path, &found, moment, &aim.path))?;
        let above = match to {
            Some(_) => Vec::new(),
            None => self.read(|db| above(db, &found, &aim.path, moment))?,
        };
        let mut planning = Planning::new(self, aim.into);
        above.into_iter().try_for_each(|item| planning.item(item))?;
        let planned: HashSet<PathBuf> = items.iter().map(|item| item.path.clone()).collect();
        for item in items {
            if let TreeNode::File { .. } = item.what {
                planning.journals_aside(&item.path, &planned);
            }
            planning.item(item)?;
        }
        Ok(planning.finish())
    }
}

impl Reader {
    /// Plans to give one version back as `to`, by itself: for looking at a state, or for one that
    /// was too short to have a moment of its own. The rest of a database's group stays as it is.
    ///
    /// # Errors
    /// [`VaultError::UnknownVersion`], [`VaultError::Target`] when `to` lies in no folder; else what
    /// SQLite refused.
    pub fn plan_version(&self, name: VersionName, to: &Path) -> Result<Plan, VaultError> {
        let found = self.read(|db| {
            let stored = history::version(db, name.seq)?;
            stored
                .filter(|stored| stored.version.name == name)
                .map(|stored| Ok((paths::kind(db, stored.version.file.0)?, stored)))
                .transpose()
        })?;
        let (kind, stored) = found.ok_or(VaultError::UnknownVersion { name })?;
        let (file, state) = (stored.version.file, Some(stored));
        let what = match kind {
            NodeKind::Symlink => TreeNode::Symlink { file, state },
            NodeKind::File | NodeKind::Dir => TreeNode::File { file, state },
        };
        let aim = beside(to)?;
        let mut planning = Planning::new(self, aim.into);
        planning.item(TreeItem {
            path: aim.path,
            what,
        })?;
        Ok(planning.finish())
    }
}

impl Reader {
    /// Whether the files of a content are there.
    fn has(&self, content: ContentHash) -> Result<bool, VaultError> {
        let is_file = |content| self.layout.object(content).is_file();
        Ok(match self.read(|db| recipe::of(db, content))? {
            Some(recipe) => recipe.sources.iter().all(|source| is_file(source.content)),
            None => is_file(content),
        })
    }
}

fn aim(path: &Path, found: &Found, to: Option<&Path>) -> Result<Aim, VaultError> {
    let Some(to) = to else {
        let below = path.strip_prefix(&found.root).unwrap_or(path);
        return Ok(Aim {
            into: found.root.clone(),
            path: below.to_path_buf(),
        });
    };
    if !to.is_dir() {
        return beside(to);
    }
    let name = match found.kind {
        NodeKind::Dir => OsStr::new(""),
        NodeKind::File | NodeKind::Symlink => path.file_name().unwrap_or_default(),
    };
    Ok(Aim {
        into: real_folder(to)?,
        path: name.into(),
    })
}

/// A name in a folder that is there.
fn beside(to: &Path) -> Result<Aim, VaultError> {
    let name = to.file_name().ok_or_else(|| VaultError::Target {
        path: to.to_path_buf(),
    })?;
    let parent = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    Ok(Aim {
        into: real_folder(parent)?,
        path: name.into(),
    })
}

/// Links in the path are followed here, where the plan shows where they lead, and not at the act.
fn real_folder(path: &Path) -> Result<PathBuf, VaultError> {
    path.canonicalize().map_err(|_| VaultError::Target {
        path: path.to_path_buf(),
    })
}

/// What was there then, by the paths that it shall get.
fn items(
    db: &Connection,
    path: &Path,
    found: &Found,
    moment: i64,
    aim: &Path,
) -> rusqlite::Result<Vec<TreeItem>> {
    let own = TreeItem {
        path: aim.to_path_buf(),
        what: tree::node(db, found.node, found.kind, moment)?,
    };
    match found.kind {
        NodeKind::Symlink => Ok(vec![own]),
        NodeKind::File => group(db, path, own, moment),
        NodeKind::Dir => {
            let below = tree::tree(db, DirId(found.node), moment)?;
            let own = (!aim.as_os_str().is_empty()).then_some(own);
            let below = below.into_iter().map(|item| TreeItem {
                path: aim.join(item.path),
                what: item.what,
            });
            Ok(own.into_iter().chain(below).collect())
        }
    }
}

/// The folders above, for where they are missing now.
fn above(
    db: &Connection,
    found: &Found,
    path: &Path,
    moment: i64,
) -> rusqlite::Result<Vec<TreeItem>> {
    let mut folders = Vec::new();
    for folder in path.ancestors().skip(1) {
        if folder.as_os_str().is_empty() {
            break;
        }
        if let Some(dir) = paths::lookup(db, &found.root.join(folder), Some(Wall(moment)))? {
            folders.push(TreeItem {
                path: folder.to_path_buf(),
                what: tree::node(db, dir.node, NodeKind::Dir, moment)?,
            });
        }
    }
    folders.reverse();
    Ok(folders)
}

/// A file with the files that only make sense together with it.
fn group(
    db: &Connection,
    path: &Path,
    own: TreeItem,
    moment: i64,
) -> rusqlite::Result<Vec<TreeItem>> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(vec![own]);
    };
    let Some(folder) = paths::lookup(db, folder, Some(Wall(moment)))? else {
        return Ok(vec![own]);
    };
    let sibling = |name: &OsStr| {
        let child = paths::child(db, folder.node, &sys::name_bytes(name), moment)?;
        child
            .map(|id| tree::node(db, id, paths::kind(db, id)?, moment))
            .transpose()
    };
    let (name, aim) = (sys::name_bytes(name), own.path.clone());
    let aim_name = sys::name_bytes(aim.file_name().unwrap_or_default());
    let mut base = (name.as_slice(), aim_name.as_slice());
    for suffix in JOURNALS {
        let suffix = suffix.as_bytes();
        if let (Some(name), Some(aim)) = (name.strip_suffix(suffix), aim_name.strip_suffix(suffix))
            && matches!(sibling(&os(name))?, Some(TreeNode::File { .. }))
        {
            base = (name, aim);
        }
    }
    let mut items = Vec::new();
    for suffix in std::iter::once("").chain(JOURNALS) {
        let with = |name: &[u8]| os(&[name, suffix.as_bytes()].concat());
        if let Some(what @ TreeNode::File { .. }) = sibling(&with(base.0))? {
            let path = aim.with_file_name(with(base.1));
            items.push(TreeItem { path, what });
        }
    }
    Ok(items)
}

fn os(name: &[u8]) -> OsString {
    sys::name_from_bytes(name.to_vec())
}

struct Planning<'a> {
    store: &'a Reader,
    into: PathBuf,
    steps: Vec<Step>,
    links: Vec<Step>,
    missing: Vec<Step>,
    written: HashMap<FileId, PathBuf>,
}

impl<'a> Planning<'a> {
    fn new(store: &'a Reader, into: PathBuf) -> Self {
        Self {
            store,
            into,
            steps: Vec::new(),
            links: Vec::new(),
            missing: Vec::new(),
            written: HashMap::new(),
        }
    }

    fn item(&mut self, item: TreeItem) -> Result<(), VaultError> {
        let TreeItem { path, what } = item;
        match what {
            TreeNode::Folder { meta, .. } => {
                self.aside_unless(&path, fs::FileType::is_dir);
                self.steps.push(Step::Folder { path, meta });
            }
            TreeNode::File { file, state } => match self.kept(&path, state)? {
                None => {}
                Some(_) if self.written.contains_key(&file) => {
                    self.aside_unless(&path, |kind| !kind.is_dir());
                    let to = self.written[&file].clone();
                    self.links.push(Step::Link { path, to });
                }
                Some(state) => {
                    self.aside_unless(&path, |kind| !kind.is_dir());
                    self.written.insert(file, path.clone());
                    let version = state.version;
                    self.steps.push(Step::File { path, version });
                }
            },
            TreeNode::Symlink { state, .. } => {
                if let Some(state) = self.kept(&path, state)? {
                    self.aside_unless(&path, |kind| !kind.is_dir());
                    let version = state.version;
                    self.steps.push(Step::Symlink { path, version });
                }
            }
        }
        Ok(())
    }

    /// Notes what cannot be given back.
    fn kept(&mut self, path: &Path, state: Option<Stored>) -> Result<Option<Stored>, VaultError> {
        let why = match state {
            None => Why::NeverKept,
            Some(state) if state.presence == Presence::Dropped => Why::Dropped,
            Some(state) if !self.store.has(state.version.name.content)? => Why::Lost,
            kept => return Ok(kept),
        };
        self.missing.push(Step::Missing {
            path: path.to_path_buf(),
            why,
        });
        Ok(None)
    }

    /// A journal that is there now and was not then belongs to a later state of its database.
    fn journals_aside(&mut self, database: &Path, planned: &HashSet<PathBuf>) {
        for suffix in JOURNALS {
            let mut journal = database.as_os_str().to_owned();
            journal.push(suffix);
            let journal = PathBuf::from(journal);
            if !planned.contains(&journal) {
                self.aside_unless(&journal, |kind| !kind.is_file());
            }
        }
    }

    fn aside_unless(&mut self, path: &Path, fits: impl FnOnce(&fs::FileType) -> bool) {
        let there = fs::symlink_metadata(self.into.join(path));
        if there.is_ok_and(|there| !fits(&there.file_type())) {
            let aside = self.free_name(path);
            let path = path.to_path_buf();
            self.steps.push(Step::Aside { path, aside });
        }
    }

    fn free_name(&self, path: &Path) -> PathBuf {
        let mut number = 1;
        loop {
            let mut aside = path.as_os_str().to_owned();
            aside.push(format!("{ASIDE}{number}"));
            let aside = PathBuf::from(aside);
            if fs::symlink_metadata(self.into.join(&aside)).is_err() {
                return aside;
            }
            number += 1;
        }
    }

    fn finish(mut self) -> Plan {
        self.steps.append(&mut self.links);
        self.steps.append(&mut self.missing);
        Plan {
            into: self.into,
            steps: self.steps,
        }
    }
}

/// What SQLite puts beside a database; they only make sense together.
pub const JOURNALS: [&str; 3] = ["-wal", "-shm", "-journal"];
const ASIDE: &str = ".hygie-aside-";
