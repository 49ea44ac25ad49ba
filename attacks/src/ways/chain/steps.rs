//! The steps of a chain, each on the one file that the chain follows.

use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, OFlags, RenameFlags};

use crate::arena::VICTIMS;
use crate::noise::Noise;
use crate::report::{Failure, Moment};
use crate::run::{Run, Victim, write_at};
use crate::ways::{mapping, truncate};

#[derive(Clone, Copy)]
pub(super) enum Step {
    /// open, write all in place, close: a state.
    Write,
    /// open, mmap, close, store, unmap: a state.
    Map,
    /// open O_TRUNC, write, close: a state.
    Empty,
    /// open, ftruncate to nothing, write, close: a state.
    Cut,
    /// A hole over the whole file, close: a state (of zeros).
    Punch,
    /// truncate(2) to half.
    Half,
    /// truncate(2) to nothing.
    Zero,
    /// open O_RDONLY|O_TRUNC.
    ReadEmpty,
    /// The first writes and stays, a second opens (a state), writes, closes (a state); the first only closes.
    Second,
    /// A new file, written and closed (a state), is renamed over it.
    Replace,
    /// A hard link outside; the chain goes on under that name and the inner one goes.
    Outside,
    /// A new file is written, closed: a state; the chain goes on with it.
    New,
    /// The same in a new folder.
    NewInFolder,
    /// unlink, and the new folder with it.
    Remove,
}

/// What a chain knows of its file: `content` is what the file holds now.
pub(super) struct Chain<'a> {
    run: &'a Run<'a>,
    victim: &'a Victim,
    path: PathBuf,
    content: Vec<u8>,
    noise: Noise,
    states: u32,
}

impl<'a> Chain<'a> {
    /// Begins with what the victim holds now.
    pub(super) fn new(run: &'a Run<'a>, victim: &'a Victim) -> Result<Self, Failure> {
        let content = run.read(&victim.path)?;
        let path = victim.path.clone();
        Ok(Self {
            run,
            victim,
            path,
            content,
            noise: run.noise(victim),
            states: 0,
        })
    }

    /// Takes one.
    pub(super) fn step(&mut self, step: Step) -> Result<(), Failure> {
        match step {
            Step::Write => self.rewrite(OFlags::WRONLY),
            Step::Empty => self.rewrite(OFlags::WRONLY | OFlags::TRUNC),
            Step::Map => self.map(),
            Step::Cut => self.cut(),
            Step::Punch => self.punch(),
            Step::Half => {
                self.content.truncate(self.content.len() / 2);
                truncate::truncate(self.run, &self.path, self.content.len() as u64)
            }
            Step::Zero => truncate::truncate(self.run, &self.path, 0),
            Step::ReadEmpty => self
                .run
                .open(&self.path, OFlags::RDONLY | OFlags::TRUNC)
                .map(drop),
            Step::Second => self.second(),
            Step::Replace => self.replace(),
            Step::Outside => self.outside(),
            Step::New => {
                self.new_file(Path::new(VICTIMS).join(format!("chain-{}.txt", self.victim.number)))
            }
            Step::NewInFolder => {
                let folder = Path::new(VICTIMS).join(format!("chain-{}", self.victim.number));
                self.run.create_folder(&folder)?;
                self.new_file(folder.join("letter.txt"))
            }
            Step::Remove => self.remove(),
        }
    }

    /// New content, at least as long as the old, and its hash; made before any open, so that no time passes
    /// between a close and the next act.
    fn fresh(&mut self) -> blake3::Hash {
        let length = self.content.len().max(SHORTEST);
        self.content = self.noise.bytes(length);
        blake3::hash(&self.content)
    }

    fn tell(&mut self, at: Moment, hash: blake3::Hash) {
        self.states += 1;
        self.run.report.state(&self.path, self.states, at, hash);
    }

    fn rewrite(&mut self, flags: OFlags) -> Result<(), Failure> {
        let hash = self.fresh();
        let file = self.run.open(&self.path, flags)?;
        write_at(&file, &self.content, 0)?;
        drop(file);
        self.tell(Moment::Close, hash);
        Ok(())
    }

    fn map(&mut self) -> Result<(), Failure> {
        let length = self.content.len();
        self.content = self.noise.bytes(length);
        let hash = blake3::hash(&self.content);
        mapping::store(self.run, &self.path, &self.content)?;
        self.tell(Moment::Close, hash);
        Ok(())
    }

    fn cut(&mut self) -> Result<(), Failure> {
        let hash = self.fresh();
        let file = self.run.open(&self.path, OFlags::RDWR)?;
        rustix::fs::ftruncate(&file, 0)?;
        write_at(&file, &self.content, 0)?;
        drop(file);
        self.tell(Moment::Close, hash);
        Ok(())
    }

    fn punch(&mut self) -> Result<(), Failure> {
        self.content.fill(0);
        let hash = blake3::hash(&self.content);
        let file = self.run.open(&self.path, OFlags::RDWR)?;
        let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        rustix::fs::fallocate(&file, flags, 0, self.content.len() as u64)?;
        drop(file);
        self.tell(Moment::Close, hash);
        Ok(())
    }

    fn second(&mut self) -> Result<(), Failure> {
        let at_open = self.fresh();
        let first = self.run.open(&self.path, OFlags::RDWR)?;
        write_at(&first, &self.content, 0)?;
        let second = self.run.open(&self.path, OFlags::RDWR)?;
        self.tell(Moment::Open, at_open);
        let hash = self.fresh();
        write_at(&second, &self.content, 0)?;
        drop(second);
        self.tell(Moment::Close, hash);
        drop(first);
        Ok(())
    }

    fn replace(&mut self) -> Result<(), Failure> {
        let over = self.path.clone();
        self.new_file(self.victim.beside(".chain"))?;
        let new = std::mem::replace(&mut self.path, over);
        self.run.rename(&new, &self.path, RenameFlags::empty())
    }

    fn outside(&mut self) -> Result<(), Failure> {
        let outside = self.victim.outside("chain");
        self.run.link(&self.path, &outside)?;
        let inside = std::mem::replace(&mut self.path, outside);
        self.run.unlink(&inside)
    }

    fn new_file(&mut self, path: PathBuf) -> Result<(), Failure> {
        self.path = path;
        self.content = Vec::new();
        let hash = self.fresh();
        self.run.create(&self.path, &self.content)?;
        self.tell(Moment::Close, hash);
        Ok(())
    }

    fn remove(&mut self) -> Result<(), Failure> {
        self.run.unlink(&self.path)?;
        let folder = self
            .path
            .parent()
            .filter(|folder| *folder != Path::new(VICTIMS));
        folder.map_or(Ok(()), |folder| self.run.remove_folder(folder))
    }
}

/// No state is shorter, so that no two are alike by chance.
pub(super) const SHORTEST: usize = 1024;
