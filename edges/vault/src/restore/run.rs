//! Carries a plan out.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ffi::OsStr,
    ffi::OsString,
    fs::File,
    io,
    panic::resume_unwind,
    path::{Path, PathBuf},
    rc::Rc,
    sync::mpsc,
    thread,
};

use hygie_model::{ContentHash, Metadata, Version};

use super::{Outcome, Plan, Problem, Step, Trouble, User};
use crate::{
    NotSet, Reader, VaultError, apply_metadata, copy,
    recipe::{self, Recipe},
    sys::{self, Anchor, Folder, Identity, Made, Original},
};

impl Plan {
    /// Does what the plan says, each file whole or not at all, and safe on disk on return.
    /// What goes wrong with one path is told in the outcome and does not stop the others.
    ///
    /// # Errors
    /// [`VaultError::Target`] when the folder to write to cannot be entered without following a
    /// symbolic link; nothing was done then.
    pub fn run(&self, store: &Reader) -> Result<Outcome, VaultError> {
        self.carry_out(&|content| store.body(content))
    }

    /// The same with no more rights than a user has: what he could not write stays as it is, and
    /// what he may not set (another owner) is told. The store is read with the caller's rights,
    /// who needs those to become any user; the calling thread keeps them.
    ///
    /// # Errors
    /// As [`Plan::run`]; [`VaultError::Io`] when the caller may not act as this user.
    pub fn run_as(&self, store: &Reader, user: &User) -> Result<Outcome, VaultError> {
        let (ask, asked) = mpsc::channel::<(ContentHash, mpsc::Sender<io::Result<Body>>)>();
        thread::scope(|scope| {
            let worker = scope.spawn(move || {
                sys::become_user(user)
                    .map_err(VaultError::io("acting as the user in", &self.into))?;
                self.carry_out(&|content| {
                    let (answer, answered) = mpsc::channel();
                    let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
                    ask.send((content, answer))
                        .map_err(|_| gone(mpsc::RecvError))?;
                    answered.recv().map_err(gone)?
                })
            });
            for (content, answer) in asked {
                // Who asked and went away needs no answer.
                let _ = answer.send(store.body(content));
            }
            worker.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }

    fn carry_out(&self, get: &Get<'_>) -> Result<Outcome, VaultError> {
        let anchor = Anchor::open(&self.into).map_err(|_| VaultError::Target {
            path: self.into.clone(),
        })?;
        let mut run = Run {
            get,
            anchor,
            outcome: Outcome::default(),
            staged: Vec::new(),
            staged_bytes: 0,
            made: Vec::new(),
            originals: HashMap::new(),
            linked: self.linked(),
            last: None,
            touched: BTreeSet::new(),
        };
        for step in &self.steps {
            if let Err(trouble) = run.step(step)
                && !run.tell(step.path(), trouble)
            {
                break;
            }
        }
        run.finish();
        Ok(run.outcome)
    }

    /// The files that get further names.
    fn linked(&self) -> HashSet<PathBuf> {
        let to = |step: &Step| match step {
            Step::Link { to, .. } => Some(to.clone()),
            Step::Folder { .. }
            | Step::File { .. }
            | Step::Symlink { .. }
            | Step::Aside { .. }
            | Step::Missing { .. } => None,
        };
        self.steps.iter().filter_map(to).collect()
    }
}

impl Step {
    /// Where the step acts.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Folder { path, .. }
            | Self::File { path, .. }
            | Self::Symlink { path, .. }
            | Self::Link { path, .. }
            | Self::Aside { path, .. }
            | Self::Missing { path, .. } => path,
        }
    }
}

/// How the content of a version, or of a part of one, is got at.
type Get<'a> = dyn Fn(ContentHash) -> io::Result<Body> + 'a;

/// Where a content is.
enum Body {
    File(File),
    Parts(Recipe),
}

impl Reader {
    fn body(&self, content: ContentHash) -> io::Result<Body> {
        match self.read(|db| recipe::of(db, content)) {
            Ok(Some(recipe)) => Ok(Body::Parts(recipe)),
            Ok(None) => self.layout.open(content).map(Body::File),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

struct Run<'a> {
    get: &'a Get<'a>,
    anchor: Anchor,
    outcome: Outcome,
    /// Written under a temporary name; renamed once they are on disk.
    staged: Vec<Staged>,
    staged_bytes: u64,
    made: Vec<(PathBuf, Metadata, Identity)>,
    originals: HashMap<PathBuf, Original>,
    linked: HashSet<PathBuf>,
    last: Option<(PathBuf, Rc<Folder>)>,
    /// Folders to sync at the end.
    touched: BTreeSet<PathBuf>,
}

struct Staged {
    folder: Rc<Folder>,
    draft: OsString,
    path: PathBuf,
    file: File,
    len: u64,
}

impl Run<'_> {
    fn step(&mut self, step: &Step) -> Result<(), Trouble> {
        match step {
            Step::Folder { path, meta } => {
                let around = self.folder_of(path)?;
                if around.make_folder(name(path))? == Made::New {
                    self.outcome.folders += 1;
                    let meta = match meta {
                        Some(meta) => meta.clone(),
                        None => self.look_of(path.parent(), &around)?,
                    };
                    let made = self.anchor.folder(path)?.identity()?;
                    self.made.push((path.clone(), meta, made));
                }
            }
            Step::File { path, version } => self.stage(path, version)?,
            Step::Symlink { path, version } => self.symlink(path, version)?,
            Step::Link { path, to } => {
                self.flush();
                let folder = self.folder_of(path)?;
                // Its own problem was told already.
                if let Some(original) = self.originals.get(to) {
                    folder.link(original, name(path))?;
                    self.outcome.links += 1;
                }
            }
            Step::Aside { path, aside } => {
                self.folder_of(path)?.set_aside(name(path), name(aside))?;
                self.outcome.aside.push((path.clone(), aside.clone()));
            }
            Step::Missing { path, why } => self.outcome.missing.push((path.clone(), *why)),
        }
        Ok(())
    }

    fn folder_of(&mut self, path: &Path) -> io::Result<Rc<Folder>> {
        let parent = path.parent().unwrap_or(Path::new(""));
        match &self.last {
            Some((last, folder)) if last == parent => Ok(Rc::clone(folder)),
            _ => {
                let folder = Rc::new(self.anchor.folder(parent)?);
                self.last = Some((parent.to_path_buf(), Rc::clone(&folder)));
                self.touched.insert(parent.to_path_buf());
                Ok(folder)
            }
        }
    }

    fn stage(&mut self, path: &Path, version: &Version) -> Result<(), Trouble> {
        let body = self.body(version)?;
        let folder = self.folder_of(path)?;
        let (draft, file) = folder.draft()?;
        if let Err(trouble) = self.write(&body, &file, version) {
            folder.remove(&draft)?;
            return Err(trouble);
        }
        self.not_set(path, apply_metadata(&file, &version.meta));
        self.staged_bytes += version.len;
        self.staged.push(Staged {
            folder,
            draft,
            path: path.to_path_buf(),
            file,
            len: version.len,
        });
        if self.staged.len() >= STAGE_FILES || self.staged_bytes >= STAGE_BYTES {
            self.flush();
        }
        Ok(())
    }

    fn symlink(&mut self, path: &Path, version: &Version) -> Result<(), Trouble> {
        // Nothing so short is assembled.
        let Body::File(object) = self.body(version)? else {
            return Err(Trouble::Damaged);
        };
        let mut target = vec![0; usize::try_from(version.len.min(LONGEST_TARGET)).unwrap_or(0)];
        let got = sys::read_at(&object, &mut target, 0)?;
        if got as u64 != version.len || blake3::hash(&target).as_bytes() != &version.name.content.0
        {
            return Err(Trouble::Damaged);
        }
        let target = sys::name_from_bytes(target);
        let refused = self
            .folder_of(path)?
            .symlink(&target, name(path), &version.meta)?;
        self.outcome.symlinks += 1;
        self.not_set(path, refused);
        Ok(())
    }

    fn body(&self, version: &Version) -> Result<Body, Trouble> {
        (self.get)(version.name.content).map_err(gone)
    }

    fn write(&self, body: &Body, file: &File, version: &Version) -> Result<(), Trouble> {
        let copied = match body {
            Body::File(object) => copy::copy(object, file)?,
            Body::Parts(recipe) => recipe
                .copy(&|content| self.part(content), file)
                .map_err(gone)?,
        };
        if copied.content == version.name.content {
            Ok(())
        } else {
            Err(Trouble::Damaged)
        }
    }

    /// The file of a part; one that went, or is no file any more, went together with the content.
    fn part(&self, content: ContentHash) -> io::Result<File> {
        match (self.get)(content)? {
            Body::File(file) => Ok(file),
            Body::Parts(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Puts what is staged in its place, once it is safe on disk.
    fn flush(&mut self) {
        let staged = std::mem::take(&mut self.staged);
        self.staged_bytes = 0;
        let synced_all = sys::SYNCS_WHOLE
            && staged.len() > SYNC_ALL_ABOVE
            && self.anchor.sync_file_system().is_ok();
        for Staged {
            folder,
            draft,
            path,
            file,
            len,
        } in staged
        {
            let synced = if synced_all { Ok(()) } else { file.sync_all() };
            match synced.and_then(|()| folder.replace(&draft, name(&path))) {
                Ok(()) => {
                    self.outcome.files += 1;
                    self.outcome.bytes += len;
                    if self.linked.contains(&path) {
                        let original = folder.original(name(&path), file);
                        self.originals.insert(path, original);
                    }
                }
                Err(error) => {
                    let _ = folder.remove(&draft);
                    self.tell(&path, error.into());
                }
            }
        }
    }

    /// Notes what went wrong; whether it makes sense to go on.
    fn tell(&mut self, path: &Path, what: Trouble) -> bool {
        let full = matches!(&what, Trouble::System(error) if sys::says_full(error));
        let what = if full { Trouble::NoSpace } else { what };
        let path = path.to_path_buf();
        self.outcome.problems.push(Problem { path, what });
        !full
    }

    fn not_set(&mut self, path: &Path, refused: Vec<NotSet>) {
        for part in refused {
            self.tell(path, Trouble::NotSet(part));
        }
    }

    fn finish(&mut self) {
        self.flush();
        // The deepest first: filling a folder changes its times.
        for (path, meta, made) in std::mem::take(&mut self.made).into_iter().rev() {
            match self.finish_folder(&path, &meta, made) {
                Ok(refused) => self.not_set(&path, refused),
                Err(error) => drop(self.tell(&path, error.into())),
            }
        }
        if let Err(error) = self.sync() {
            self.tell(Path::new(""), error.into());
        }
    }

    fn sync(&self) -> io::Result<()> {
        if sys::SYNCS_WHOLE
            && self.touched.len() > SYNC_ALL_ABOVE
            && self.anchor.sync_file_system().is_ok()
        {
            return Ok(());
        }
        self.touched
            .iter()
            .try_for_each(|path| self.anchor.folder(path)?.sync())
    }

    fn finish_folder(
        &mut self,
        path: &Path,
        meta: &Metadata,
        made: Identity,
    ) -> io::Result<Vec<NotSet>> {
        let folder = self.anchor.folder(path)?;
        // Another folder in its place must not be given this one's owner.
        if folder.identity()? != made {
            return Err(io::ErrorKind::StaleNetworkFileHandle.into());
        }
        self.touched.insert(path.to_path_buf());
        folder.apply(meta)
    }

    /// How a folder looks, or will look when this restore has finished it.
    fn look_of(&self, path: Option<&Path>, folder: &Folder) -> io::Result<Metadata> {
        let made = self.made.iter().rev();
        match made
            .into_iter()
            .find(|(made, ..)| Some(made.as_path()) == path)
        {
            Some((_, meta, _)) => Ok(meta.clone()),
            None => folder.metadata(),
        }
    }
}

fn gone(error: io::Error) -> Trouble {
    if error.kind() == io::ErrorKind::NotFound {
        Trouble::Gone
    } else {
        Trouble::System(error)
    }
}

fn name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}

const STAGE_FILES: usize = 256;
const STAGE_BYTES: u64 = 256 << 20;
const SYNC_ALL_ABOVE: usize = 8;
/// PATH_MAX.
const LONGEST_TARGET: u64 = 4096;
