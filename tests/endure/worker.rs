//! One user at work: a process of its own that changes its files in every way and tells each state.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use hygie_platform::clock;
use hygie_testkit::Noise;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Starts one on a folder of its own; it ends when its standard input does.
pub(crate) fn start(folder: &Path, seed: u64, uid: u32) -> Child {
    let program = std::env::current_exe().expect("this program");
    Command::new("/usr/bin/setpriv")
        .args([
            &format!("--reuid={uid}"),
            &format!("--regid={uid}"),
            "--clear-groups",
            "--inh-caps=-all",
            "--bounding-set=-all",
            "--no-new-privs",
        ])
        .arg(program)
        .args(["--exact", "worker::inside_work", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(SEED, seed.to_string())
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a worker")
}

#[test]
#[ignore = "runs as another user, started by another test"]
fn inside_work() {
    let (Some(folder), Some(seed)) = (std::env::var_os(FOLDER), std::env::var(SEED).ok()) else {
        println!("skipped: another test starts this");
        return;
    };
    let noise = Noise::new(seed.parse().expect("a number"));
    // libtest has begun a line with the test's name.
    tell("");
    Work::new(folder.into(), noise).go_on();
}

/// A file, whatever it is called.
struct Mine {
    number: u64,
    path: PathBuf,
    state: u64,
    content: Vec<u8>,
}

struct Work {
    folder: PathBuf,
    noise: Noise,
    files: Vec<Mine>,
    /// Files, states and names so far.
    numbered: u64,
}

impl Work {
    fn new(folder: PathBuf, noise: Noise) -> Self {
        Self {
            folder,
            noise,
            files: Vec::new(),
            numbered: 0,
        }
    }

    fn go_on(mut self) {
        while !told_to_end() {
            if let Err(error) = self.act() {
                // Refused: as a person would, a little later again.
                tell(&format!("refused {error}"));
            }
        }
        for mine in &self.files {
            let Mine {
                number,
                state,
                path,
                ..
            } = mine;
            tell(&format!("stays {number} {state} {}", path.display()));
        }
        tell("end");
    }

    fn act(&mut self) -> io::Result<()> {
        if self.files.len() < FEWEST {
            return self.create();
        }
        let which = usize::try_from(self.noise.below(self.files.len() as u64)).unwrap_or(0);
        match self.noise.below(16) {
            0 if self.files.len() < MOST => self.create(),
            1 => self.remove(which),
            2 | 3 => self.rename(which),
            4 | 5 => self.replace(which),
            6 => self.halve(which),
            7 | 8 => self.append(which),
            9..=11 => self.rewrite(which, OpenOptions::new().write(true).truncate(true)),
            _ => self.rewrite(which, OpenOptions::new().write(true)),
        }
    }

    fn number(&mut self) -> u64 {
        self.numbered += 1;
        self.numbered
    }

    fn fresh_path(&mut self) -> PathBuf {
        let number = self.number();
        self.folder.join(format!("letter-{number}.txt"))
    }

    fn fresh(&mut self, least: usize) -> Vec<u8> {
        let length = least.max(500 + usize::try_from(self.noise.below(6_000)).unwrap_or(0));
        self.noise.bytes(length)
    }

    fn create(&mut self) -> io::Result<()> {
        let (path, content) = (self.fresh_path(), self.fresh(0));
        let written = File::create_new(&path).and_then(|mut file| file.write_all(&content));
        let (number, state) = (self.number(), self.number());
        if written.is_err() && !path.exists() {
            return written;
        }
        self.files.push(Mine {
            number,
            path,
            state,
            content,
        });
        let last = self.files.len() - 1;
        if written.is_err() {
            return self.look_again(last);
        }
        self.made(last);
        Ok(())
    }

    /// What a file holds now is a state from here on.
    fn made(&self, which: usize) {
        let Some(mine) = self.files.get(which) else {
            return;
        };
        let at = clock::mono().0;
        let hash = blake3::hash(&mine.content).to_hex();
        let Mine { number, state, .. } = mine;
        tell(&format!("made {number} {state} {at} {hash}"));
    }

    /// Puts `content` in a file's place by an act that ends the state before.
    fn change(
        &mut self,
        which: usize,
        content: Vec<u8>,
        act: impl FnOnce(&Path, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let next = self.number();
        let mine = self.files.get_mut(which).expect("below their number");
        let from = clock::mono().0;
        let done = act(&mine.path, &content);
        let to = clock::mono().0;
        if done.is_err() {
            return self.look_again(which).and(done);
        }
        tell(&format!("gone {} {from} {to}", mine.state));
        mine.state = next;
        mine.content = content;
        self.made(which);
        Ok(())
    }

    /// An act failed somewhere: whatever the file holds now is its state.
    fn look_again(&mut self, which: usize) -> io::Result<()> {
        let next = self.number();
        let mine = self.files.get_mut(which).expect("below their number");
        let now = fs::read(&mine.path)?;
        if now != mine.content {
            // Never within a span that counts: it did not go as it should.
            tell(&format!("gone {} 0 0", mine.state));
            mine.state = next;
            mine.content = now;
            self.made(which);
        }
        Ok(())
    }

    fn rewrite(&mut self, which: usize, how: &OpenOptions) -> io::Result<()> {
        let least = self.files.get(which).map_or(0, |mine| mine.content.len());
        let content = self.fresh(least);
        self.change(which, content, |path, content| {
            how.open(path)?.write_all_at(content, 0)
        })
    }

    fn append(&mut self, which: usize) -> io::Result<()> {
        let (more, was) = (self.noise.bytes(300), self.files.get(which));
        let mut content = was.map(|mine| mine.content.clone()).unwrap_or_default();
        if content.len() > LARGEST {
            return self.halve(which);
        }
        content.extend_from_slice(&more);
        self.change(which, content, |path, _| {
            OpenOptions::new().append(true).open(path)?.write_all(&more)
        })
    }

    fn halve(&mut self, which: usize) -> io::Result<()> {
        let was = self.files.get(which);
        let mut content = was.map(|mine| mine.content.clone()).unwrap_or_default();
        content.truncate(content.len() / 2 + 1);
        self.change(which, content, |path, content| {
            let file = OpenOptions::new().write(true).open(path)?;
            file.set_len(content.len() as u64)
        })
    }

    fn rename(&mut self, which: usize) -> io::Result<()> {
        let to = self.fresh_path();
        let mine = self.files.get_mut(which).expect("below their number");
        fs::rename(&mine.path, &to)?;
        mine.path = to;
        Ok(())
    }

    /// As editors save: a new file is renamed over the old one.
    fn replace(&mut self, which: usize) -> io::Result<()> {
        self.create()?;
        let new = self.files.pop().expect("just made");
        let old = self.files.get_mut(which).expect("below their number");
        let from = clock::mono().0;
        let done = fs::rename(&new.path, &old.path);
        let to = clock::mono().0;
        if done.is_err() {
            self.files.push(new);
            return done;
        }
        tell(&format!("gone {} {from} {to}", old.state));
        let path = std::mem::take(&mut old.path);
        *old = Mine { path, ..new };
        Ok(())
    }

    fn remove(&mut self, which: usize) -> io::Result<()> {
        let mine = self.files.get(which).expect("below their number");
        let from = clock::mono().0;
        fs::remove_file(&mine.path)?;
        let to = clock::mono().0;
        tell(&format!("gone {} {from} {to}", mine.state));
        self.files.swap_remove(which);
        Ok(())
    }
}

/// A pause, and whether the starter is gone or wants no more.
fn told_to_end() -> bool {
    let input = io::stdin();
    let mut fds = [PollFd::new(&input, PollFlags::IN)];
    poll(&mut fds, Some(&PACE)).is_ok_and(|ready| ready > 0)
}

fn tell(line: &str) {
    let mut out = io::stdout().lock();
    let told = out
        .write_all(format!("{line}\n").as_bytes())
        .and_then(|()| out.flush());
    if told.is_err() {
        std::process::exit(0);
    }
}

const FOLDER: &str = "HYGIE_ENDURE_FOLDER";
const SEED: &str = "HYGIE_ENDURE_SEED";
const FEWEST: usize = 8;
const MOST: usize = 30;
const LARGEST: usize = 20_000;
/// A person's work is slower; without it the store would be all that is tested.
const PACE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 4_000_000,
};
