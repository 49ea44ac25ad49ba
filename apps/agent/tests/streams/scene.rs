//! What a recording tells of names: which files and folders lie in the protected folder, `dossier`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use hygie_model::FileId;
use hygie_platform::{
    event::{Event, EventBuffer, Events, FileKey, NameKind, OnFolder, Place},
    stream::Recorded,
};

/// Names and files as far as they are told.
#[derive(Default)]
pub(crate) struct Scene {
    files: HashMap<FileKey, FileId>,
    numbered: i64,
    folders: HashSet<FileKey>,
    protected: HashSet<FileKey>,
    /// Where each file was first named: what a look at the path of its first descriptor tells.
    firsts: HashMap<FileKey, FileKey>,
    names: BTreeMap<(FileKey, Vec<u8>), FileKey>,
    /// What lost a name in the events at hand.
    lost: BTreeSet<FileKey>,
}

/// What a name in the protected folder came to.
pub(crate) enum Came {
    /// A file that is known has it.
    Known(FileId),
    /// So has one that is not.
    Unknown(FileKey),
}

impl Scene {
    /// Looks at a recording for what the guard would ask the file system.
    pub(crate) fn of(recorded: &Recorded) -> Self {
        let mut scene = Self::default();
        let mut room = EventBuffer::new();
        while recorded.next().is_some() {
            for event in recorded.take(&mut room).expect("a take") {
                if let Event::Name(event) = event
                    && let (NameKind::Created(at), Some(target)) = (event.kind, event.target)
                {
                    if at.name == b"dossier" {
                        scene.protected.insert(target.clone());
                    }
                    scene.firsts.entry(target).or_insert(at.folder);
                }
            }
        }
        scene
    }

    pub(crate) fn find(&self, key: &FileKey) -> Option<FileId> {
        self.files.get(key).copied()
    }

    /// Gives a file that is not known its number, which never comes back.
    pub(crate) fn adopt(&mut self, key: &FileKey) -> FileId {
        self.numbered += 1;
        self.files.insert(key.clone(), FileId(self.numbered));
        FileId(self.numbered)
    }

    /// Nothing is known of a file any more.
    pub(crate) fn forget(&mut self, file: FileId) {
        self.files.retain(|_, known| *known != file);
    }

    /// Whether a file that nobody knows lies in the protected folder: by its name, or by the first that it will have.
    pub(crate) fn lies_inside(&self, key: &FileKey) -> bool {
        let mut folders = self.folders_of(key).peekable();
        if folders.peek().is_some() {
            return folders.any(|folder| self.protected.contains(folder));
        }
        let first = self.firsts.get(key);
        first.is_some_and(|folder| self.protected.contains(folder))
    }

    fn folders_of<'a>(&'a self, key: &'a FileKey) -> impl Iterator<Item = &'a FileKey> {
        let names = self.names.iter().filter(move |(_, target)| *target == key);
        names.map(|((folder, _), _)| folder)
    }

    /// Whether a name leads to a file, wherever it lies.
    pub(crate) fn is_there(&self, file: FileId) -> bool {
        let mut targets = self.names.values();
        targets.any(|key| self.find(key) == Some(file))
    }

    pub(crate) fn is_named(&self, file: FileId) -> bool {
        self.names.iter().any(|((folder, _), key)| {
            self.protected.contains(folder) && self.files.get(key) == Some(&file)
        })
    }

    /// A name leads to something; what came into the protected folder by it.
    pub(crate) fn named(&mut self, at: Place, target: FileKey, on_folder: OnFolder) -> Vec<Came> {
        let inside = self.protected.contains(&at.folder);
        self.lost
            .extend(self.names.insert((at.folder, at.name), target.clone()));
        if on_folder == OnFolder::Folder {
            self.folders.insert(target.clone());
        }
        if inside {
            self.came(target)
        } else {
            Vec::new()
        }
    }

    fn came(&mut self, target: FileKey) -> Vec<Came> {
        if self.folders.contains(&target) {
            self.protected.insert(target.clone());
            let below = self.children(&target);
            return below.into_iter().flat_map(|key| self.came(key)).collect();
        }
        match self.find(&target) {
            Some(file) => vec![Came::Known(file)],
            None => vec![Came::Unknown(target)],
        }
    }

    fn children(&self, folder: &FileKey) -> BTreeSet<FileKey> {
        let below = self.names.iter().filter(|((at, _), _)| at == folder);
        below.map(|(_, key)| key.clone()).collect()
    }

    /// A name leads nowhere any more.
    pub(crate) fn unnamed(&mut self, at: &Place) {
        self.lost
            .extend(self.names.remove(&(at.folder.clone(), at.name.clone())));
    }

    /// A folder that was moved, and does not lie in a protected one any more, protects nothing.
    pub(crate) fn left(&mut self, target: &FileKey) {
        let stays = self
            .folders_of(target)
            .any(|folder| self.protected.contains(folder));
        if !stays {
            self.protected.remove(target);
            for below in self.children(target) {
                if self.folders.contains(&below) {
                    self.left(&below);
                }
                self.lost.insert(below);
            }
        }
    }

    /// Files that lost a name and have none left.
    pub(crate) fn take_lost(&mut self) -> Vec<FileId> {
        let lost = std::mem::take(&mut self.lost);
        let files = lost.iter().filter_map(|key| self.find(key));
        files.filter(|file| !self.is_named(*file)).collect()
    }
}
