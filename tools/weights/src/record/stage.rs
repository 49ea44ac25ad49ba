//! The folder that a scenario plays in, and the onlooker who writes down what changed since he looked last.
//! Looking from outside takes any tool as it is; what matters is seen as the guard sees it: states at closes, names.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use hygie_entropy::{Likeness, Sketch};
use hygie_guard::harm::{
    Birth, Change, Class, Deed, Facts, Person, Process, ProcessId, Program, ProgramId, Purpose,
    ScriptId, Session, Twin,
};
use hygie_kind::{EDGE, Name};
use hygie_model::{DirId, FileId, Mono};

use super::tree;
use crate::trace::{Event, MS, OwnAct, process_id};

/// A folder, its onlooker and a clock of its own.
pub(super) struct Stage {
    folder: tempfile::TempDir,
    known: BTreeMap<PathBuf, Known>,
    events: Vec<(Mono, Event)>,
    ms: u64,
    actor: ProcessId,
    processes: u32,
    files: i64,
    numbers: HashMap<u64, u64>,
    folders: HashMap<PathBuf, DirId>,
    /// Files that were changed, deleted or renamed.
    touched: HashSet<FileId>,
}

struct Known {
    file: FileId,
    inode: (u64, Option<SystemTime>),
    mtime: i128,
    facts: Facts,
    sketch: Sketch,
}

impl Stage {
    /// A fresh tree, and a family of an unknown program that acts in it.
    pub(super) fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        tree::plant(folder.path(), 1)?;
        let mut stage = Self {
            folder,
            known: BTreeMap::new(),
            events: Vec::new(),
            ms: 1000,
            actor: process_id(0),
            processes: 0,
            files: 0,
            numbers: HashMap::new(),
            folders: HashMap::new(),
            touched: HashSet::new(),
        };
        stage.look_away()?;
        Ok(stage)
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(super) fn into_events(self) -> Vec<(Mono, Event)> {
        self.events
    }

    /// How many files lost a state or a name so far.
    pub(super) fn touched(&self) -> usize {
        self.touched.len()
    }

    /// A new process of its own family, which acts from now on.
    pub(super) fn run_as(&mut self, program: u128, class: Class) -> ProcessId {
        self.start(program, class, None, Birth::Root)
    }

    /// A new process anywhere; it acts from now on.
    pub(super) fn start(
        &mut self,
        program: u128,
        class: Class,
        script: Option<u128>,
        birth: Birth,
    ) -> ProcessId {
        self.processes += 1;
        let id = process_id(self.processes);
        let program = Program {
            id: ProgramId(program),
            class,
            script: script.map(ScriptId),
        };
        let process = Process {
            program,
            birth,
            person: Person(1000),
            session: Session(1),
        };
        self.push(Event::Process(id, process));
        self.actor = id;
        id
    }

    pub(super) fn act_as(&mut self, actor: ProcessId) {
        self.actor = actor;
    }

    pub(super) fn end(&mut self, id: ProcessId) {
        self.push(Event::Exit(id));
    }

    pub(super) fn wait(&mut self, ms: u64) {
        self.ms += ms;
    }

    /// All files as they stood when last looked at.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.known.keys().cloned().collect()
    }

    pub(super) fn paths_of(&self, extensions: &[&str]) -> Vec<PathBuf> {
        let is = |path: &PathBuf| {
            path.extension()
                .is_some_and(|one| extensions.iter().any(|other| one == *other))
        };
        self.paths().into_iter().filter(is).collect()
    }

    /// The actor reads a file whole.
    pub(super) fn read(&mut self, path: &Path) -> Result<Vec<u8>> {
        if let Some(known) = self.known.get(path) {
            let (file, deed) = (known.file, Deed::Read(known.facts.kind));
            self.act(path, file, deed);
        }
        Ok(std::fs::read(path)?)
    }

    /// The actor writes a file in place; the onlooker sees it.
    pub(super) fn write(&mut self, path: &Path, bytes: &[u8]) -> Result<()> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
        self.look_at(path)
    }

    /// The actor writes beside it and renames over it.
    pub(super) fn replace(&mut self, path: &Path, bytes: &[u8]) -> Result<()> {
        let beside = path.with_extension("tmp");
        self.write(&beside, bytes)?;
        self.rename(&beside, path)
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> Result<()> {
        std::fs::rename(from, to)?;
        self.wait(2);
        let Some(moved) = self.known.remove(from) else {
            bail!("{} is not known", from.display());
        };
        let over = self
            .known
            .remove(to)
            .map(|old| (old.file, change(&old, &moved.facts, &moved.sketch)));
        let name = self.name(to);
        let deed = Deed::Renamed {
            to: name,
            what: moved.facts,
            over,
        };
        self.act(from, moved.file, deed);
        self.known.insert(to.to_owned(), moved);
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path) -> Result<()> {
        std::fs::remove_file(path)?;
        self.wait(1);
        self.gone(path);
        Ok(())
    }

    /// Runs a real program in the folder and looks at what it did, in the order of the times of its files.
    pub(super) fn tool(&mut self, program: &str, arguments: &[&str]) -> Result<()> {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path().join(".home"))
            .env("GNUPGHOME", self.folder.path().join(".home"))
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("{program} is needed for this scenario"))?;
        if !output.status.success() {
            bail!(
                "{program} {arguments:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        self.look()
    }

    /// Takes note of everything without telling it: what came before the scenario.
    pub(super) fn look_away(&mut self) -> Result<()> {
        let events = std::mem::take(&mut self.events);
        let touched = std::mem::take(&mut self.touched);
        self.look()?;
        (self.events, self.touched) = (events, touched);
        Ok(())
    }

    /// What was made so far was there before the scenario: the same processes act, and nothing was told yet.
    pub(super) fn forget_making(&mut self) -> Result<()> {
        self.events
            .retain(|(_, event)| matches!(event, Event::Process(..)));
        self.touched.clear();
        self.look_away()
    }

    /// Finds what changed since last time.
    pub(super) fn look(&mut self) -> Result<()> {
        let mut now = BTreeMap::new();
        walk(self.folder.path(), &mut now)?;
        let gone: Vec<PathBuf> = self
            .known
            .keys()
            .filter(|path| !now.contains_key(*path))
            .cloned()
            .collect();
        let by_inode: HashMap<_, PathBuf> = gone
            .iter()
            .map(|path| (self.known[path].inode, path.clone()))
            .collect();
        let mut order: Vec<(i128, PathBuf)> = now
            .iter()
            .map(|(path, seen)| (seen.1, path.clone()))
            .collect();
        order.sort();
        let mut moved = HashSet::new();
        for (mtime, path) in order {
            let inode = now[&path].0;
            match (self.known.get(&path), by_inode.get(&inode)) {
                (Some(known), _) if known.inode == inode && known.mtime == mtime => {}
                (Some(known), _) if known.inode == inode => self.look_at(&path)?,
                (_, Some(from)) => {
                    moved.insert(from.clone());
                    self.moved(from, &path)?;
                }
                (Some(_), None) => self.renewed(&path)?,
                (None, None) => self.look_at(&path)?,
            }
        }
        for path in gone.iter().filter(|path| !moved.contains(*path)) {
            self.wait(1);
            self.gone(path);
        }
        Ok(())
    }

    fn moved(&mut self, from: &Path, to: &Path) -> Result<()> {
        let moved = self.known.remove(from).context("it was listed as known")?;
        let over = self
            .known
            .remove(to)
            .map(|old| (old.file, change(&old, &moved.facts, &moved.sketch)));
        let name = self.name(to);
        let deed = Deed::Renamed {
            to: name,
            what: moved.facts,
            over,
        };
        self.wait(2);
        self.act(from, moved.file, deed);
        self.known.insert(to.to_owned(), moved);
        self.look_at(to)
    }

    /// A new file under an old name: it was written beside it and renamed over it.
    fn renewed(&mut self, path: &Path) -> Result<()> {
        let beside = path.with_extension("tmp");
        let fresh = self.sight(path, None)?;
        self.wait(3);
        self.act(&beside, fresh.file, Deed::Made(fresh.facts));
        self.known.insert(beside.clone(), fresh);
        let moved = self.known.remove(&beside).context("it was put there")?;
        let over = self
            .known
            .remove(path)
            .map(|old| (old.file, change(&old, &moved.facts, &moved.sketch)));
        let to = self.name(path);
        self.wait(1);
        self.act(
            &beside,
            moved.file,
            Deed::Renamed {
                to,
                what: moved.facts,
                over,
            },
        );
        self.known.insert(path.to_owned(), moved);
        Ok(())
    }

    /// A file was closed after writing.
    fn look_at(&mut self, path: &Path) -> Result<()> {
        let old = self.known.remove(path);
        let fresh = self.sight(path, old.as_ref().map(|old| old.file))?;
        match old {
            Some(old) if old.facts.gist != fresh.facts.gist || old.facts.len != fresh.facts.len => {
                self.wait(3);
                let deed = Deed::Changed(change(&old, &fresh.facts, &fresh.sketch));
                self.act(path, fresh.file, deed);
            }
            Some(_) => {}
            None => {
                self.wait(3);
                self.act(path, fresh.file, Deed::Made(fresh.facts));
            }
        }
        self.known.insert(path.to_owned(), fresh);
        Ok(())
    }

    fn gone(&mut self, path: &Path) {
        if let Some(old) = self.known.remove(path) {
            let backup = path
                .components()
                .any(|part| part.as_os_str() == "Sauvegardes");
            let purpose = if backup {
                Purpose::Backup
            } else {
                Purpose::Work
            };
            let twin = if self.stands(&old.facts) {
                Twin::Stands
            } else {
                Twin::None
            };
            self.act(path, old.file, Deed::Deleted(old.facts, purpose, twin));
        }
    }

    /// Whether this content stands in a file, as the onlooker last saw it.
    fn stands(&self, content: &Facts) -> bool {
        let of = |known: &Known| (known.facts.gist, known.facts.len);
        let wanted = (content.gist, content.len);
        self.known.values().any(|known| of(known) == wanted)
    }

    fn sight(&mut self, path: &Path, file: Option<FileId>) -> Result<Known> {
        let bytes = std::fs::read(path)?;
        let meta = std::fs::metadata(path)?;
        let sketch = Sketch::of(&bytes);
        let head = &bytes[..bytes.len().min(EDGE)];
        let tail = &bytes[bytes.len().saturating_sub(EDGE)..];
        let mut facts = Facts::of(head, tail, &sketch);
        facts.gist = self.number(facts.gist);
        let file = file.unwrap_or_else(|| {
            self.files += 1;
            FileId(self.files)
        });
        Ok(Known {
            file,
            inode: inode(&meta),
            mtime: mtime(&meta),
            facts,
            sketch,
        })
    }

    fn act(&mut self, path: &Path, file: FileId, deed: Deed) {
        let name = self.name(path);
        let folders = self.folders(path);
        let act = OwnAct {
            process: self.actor,
            file,
            folders,
            name,
            deed,
        };
        self.touched.extend(act.touched());
        self.push(Event::Act(act));
    }

    fn push(&mut self, event: Event) {
        self.events.push((Mono(self.ms * MS), event));
    }

    fn name(&mut self, path: &Path) -> Name {
        let name = path
            .file_name()
            .map(|name| name.as_encoded_bytes().to_owned())
            .unwrap_or_default();
        let mut name = Name::of(&name);
        name.key = self.number(name.key);
        name.base = self.number(name.base);
        name
    }

    fn number(&mut self, big: u64) -> u64 {
        let next = self.numbers.len() as u64 + 1;
        *self.numbers.entry(big).or_insert(next)
    }

    fn folders(&mut self, path: &Path) -> Vec<DirId> {
        let root = self.root();
        let above = path
            .ancestors()
            .skip(1)
            .take_while(|folder| folder.starts_with(&root));
        above
            .map(|folder| {
                let next = DirId(
                    100_000 + i64::try_from(self.folders.len()).expect("a tree has few folders"),
                );
                *self.folders.entry(folder.to_owned()).or_insert(next)
            })
            .collect()
    }
}

fn change(old: &Known, facts: &Facts, sketch: &Sketch) -> Change {
    Change {
        before: old.facts,
        after: *facts,
        likeness: Likeness::between(&old.sketch, sketch),
    }
}

type Seen = ((u64, Option<SystemTime>), i128);

fn walk(folder: &Path, found: &mut BTreeMap<PathBuf, Seen>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        if meta.is_dir() && entry.file_name() != ".home" {
            walk(&entry.path(), found)?;
        } else if meta.is_file() {
            found.insert(entry.path(), (inode(&meta), mtime(&meta)));
        }
    }
    Ok(())
}

/// A number that comes back has another time of birth.
fn inode(meta: &std::fs::Metadata) -> (u64, Option<SystemTime>) {
    (meta.ino(), meta.created().ok())
}

fn mtime(meta: &std::fs::Metadata) -> i128 {
    i128::from(meta.mtime()) * 1_000_000_000 + i128::from(meta.mtime_nsec())
}
