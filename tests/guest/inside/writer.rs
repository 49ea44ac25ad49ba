//! Changes protected files until the power goes, and tells each state of which the law says that it is safe.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hygie_testkit::{Guarded, Noise};

use super::{PATIENCE, hygie, is_guest};

/// Lines: `BEGIN`, `READY`, `COPIED`, `SAFE hash`, `DENIED why`.
#[test]
#[ignore = "runs in a guest"]
fn inside_write_for_ever() {
    if !is_guest() {
        return;
    }
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .expect("a seed");
    let mut noise = Noise::new(seed);
    let folder = Path::new("/disk/work");
    fs::create_dir(folder).expect("a folder");
    let mut files = BTreeMap::new();
    for number in 0..FILES {
        let path = folder.join(format!("letter-{number}.txt"));
        let content = content(&mut noise);
        fs::write(&path, &content).expect("a file");
        files.insert(path, hash(&content));
    }
    rustix::fs::sync();
    // libtest has begun a line with the test's name.
    tell("");
    tell("BEGIN");
    let mut guard =
        Guarded::up(hygie(), Path::new("/disk/state"), &[folder.to_owned()]).expect("hygie up");
    guard.wait_for("ready", PATIENCE).expect("links");
    tell("READY");
    // Half of the seeds cut into the first copies, too.
    if seed % 4 < 2 {
        guard.wait_for("copied", PATIENCE).expect("first copies");
        tell("COPIED");
        files
            .values()
            .for_each(|hash| tell(&format!("SAFE {hash}")));
    }
    loop {
        act(&mut noise, &mut files);
    }
}

/// One change. A write-open goes on only when the state of before has a copy: then that state is told.
fn act(noise: &mut Noise, files: &mut BTreeMap<PathBuf, String>) {
    let place = usize::try_from(noise.below(files.len() as u64)).expect("few");
    let (path, known) = files.iter().nth(place).expect("below their number");
    let (path, known) = (path.clone(), known.clone());
    let content = content(noise);
    let done = match noise.below(8) {
        0 => replace(&path, &content),
        1 => return grow(&path, &known, &content, files),
        2 => fs::remove_file(&path).and_then(|()| fs::write(&path, &content)),
        3 | 4 => open(&path, OpenOptions::new().write(true).truncate(true), &known)
            .and_then(|mut file| file.write_all(&content)),
        5 => open(&path, OpenOptions::new().write(true), &known).and_then(|mut file| {
            file.write_all(&content)?;
            file.set_len(content.len() as u64)?;
            file.sync_all()
        }),
        _ => open(&path, OpenOptions::new().write(true), &known).and_then(|mut file| {
            file.write_all(&content)?;
            file.set_len(content.len() as u64)
        }),
    };
    note(&path, done.map(|()| hash(&content)), files);
}

fn open(path: &Path, how: &OpenOptions, known: &str) -> io::Result<File> {
    let file = how.open(path)?;
    tell(&format!("SAFE {known}"));
    Ok(file)
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, content)?;
    fs::rename(&new, path)
}

fn grow(path: &Path, known: &str, more: &[u8], files: &mut BTreeMap<PathBuf, String>) {
    let grown = open(path, OpenOptions::new().append(true), known)
        .and_then(|mut file| file.write_all(more.get(..500).unwrap_or(more)));
    let state = grown
        .and_then(|()| fs::read(path))
        .map(|content| hash(&content));
    note(path, state, files);
}

fn note(path: &Path, state: io::Result<String>, files: &mut BTreeMap<PathBuf, String>) {
    match state {
        Ok(hash) => {
            files.insert(path.to_owned(), hash);
        }
        Err(error) => {
            tell(&format!("DENIED {error}"));
            // Whatever came of it is the state now; a missing file is made again by the next replacing.
            let content = fs::read(path).unwrap_or_default();
            files.insert(path.to_owned(), hash(&content));
        }
    }
}

fn content(noise: &mut Noise) -> Vec<u8> {
    let length = match noise.below(10) {
        0 => 200_000,
        1..=3 => 40_000,
        _ => 4_000,
    };
    let length = 600 + noise.below(length);
    noise.bytes(usize::try_from(length).expect("small"))
}

fn hash(content: &[u8]) -> String {
    blake3::hash(content).to_hex().to_string()
}

fn tell(line: &str) {
    let mut out = io::stdout().lock();
    // One write a line: what is cut, is cut between lines.
    let _nobody_listens = out
        .write_all(format!("{line}\n").as_bytes())
        .and_then(|()| out.flush());
}

const FILES: u64 = 24;
