//! Which bytes go, and where the encrypted ones are put.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{OFlags, RenameFlags, Timespec, Timestamps};

use super::Signal::{Deletions, Dissimilarity, Entropy, FileType, Pace, Renames};
use super::{Order, Plan, Scenario, count};
use crate::cipher::{self, Pattern};
use crate::report::{Acted, Failure, How, base64};
use crate::run::{Run, Victim, write_at};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "encrypt-in-place",
        "encrypts each file whole where it lies",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::InPlace(Order::Walk, Pattern::Whole),
    ),
    Scenario::new(
        "encrypt-new-then-delete",
        "writes the encrypted copy beside each file as NAME.locked, then deletes the file",
        &[Entropy, Deletions, Renames, Pace],
        Plan::Each(Order::Walk, new_then_delete),
    ),
    Scenario::new(
        "encrypt-rename-over",
        "writes the encrypted copy under a temporary name and renames it over the file",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::Each(Order::Walk, rename_over),
    ),
    Scenario::new(
        "encrypt-then-rename",
        "encrypts each file where it lies, then gives it a new ending",
        &[Entropy, FileType, Renames, Pace],
        Plan::Each(Order::Walk, then_rename),
    ),
    Scenario::new(
        "encrypt-first-64k",
        "encrypts the first 64 KiB of each file",
        &[FileType, Entropy, Pace],
        Plan::InPlace(Order::Walk, Pattern::First(64 << 10)),
    ),
    Scenario::new(
        "encrypt-every-4th-block",
        "encrypts one block of 4 KiB in four",
        &[FileType, Dissimilarity, Pace],
        Plan::InPlace(
            Order::Walk,
            Pattern::Stripes {
                on: 4 << 10,
                off: 12 << 10,
            },
        ),
    ),
    Scenario::new(
        "encrypt-intermittent",
        "encrypts 1 MiB, leaves 2 MiB, and so on, as LockBit and its like do with large files",
        &[FileType, Entropy, Pace],
        Plan::InPlace(
            Order::Walk,
            Pattern::Stripes {
                on: 1 << 20,
                off: 2 << 20,
            },
        ),
    ),
    Scenario::new(
        "encrypt-percent-20",
        "cuts each file into ten parts and encrypts the first fifth of each, as BlackCat does",
        &[FileType, Dissimilarity, Pace],
        Plan::InPlace(
            Order::Walk,
            Pattern::Percent {
                parts: 10,
                percent: 20,
            },
        ),
    ),
    Scenario::new(
        "encrypt-percent-50",
        "cuts each file into a hundred parts and encrypts half of each",
        &[FileType, Dissimilarity, Entropy, Pace],
        Plan::InPlace(
            Order::Walk,
            Pattern::Percent {
                parts: 100,
                percent: 50,
            },
        ),
    ),
    Scenario::new(
        "encrypt-header",
        "encrypts the first 4 KiB of each file only",
        &[FileType, Pace],
        Plan::InPlace(Order::Walk, Pattern::First(4 << 10)),
    ),
    Scenario::new(
        "encrypt-keep-header",
        "keeps the first 4 KiB readable (a quarter of a small file), so that the type stays, and encrypts the rest",
        &[Dissimilarity, Entropy, Pace],
        Plan::InPlace(Order::Walk, Pattern::AllButFirst(4 << 10)),
    ),
    Scenario::new(
        "encrypt-base64",
        "replaces each file's content by base64 of its encryption: text, with little entropy",
        &[FileType, Dissimilarity, Pace],
        Plan::Each(Order::Walk, as_base64),
    ),
    Scenario::new(
        "encrypt-times-back",
        "encrypts each file whole and puts its old times back",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::Each(Order::Walk, times_back),
    ),
    Scenario::new(
        "append-footer",
        "only writes a footer of 1 KiB, as for a key, behind each file's end",
        &[Pace],
        Plan::Each(Order::Walk, append_footer),
    ),
    Scenario::new(
        "copy-out-then-wipe",
        "puts encrypted copies into another folder, then writes zeros over each file and deletes it",
        &[Deletions, Dissimilarity, Pace],
        Plan::Each(Order::Walk, copy_then_wipe),
    ),
    Scenario::new(
        "copy-in-then-encrypt",
        "puts a plain copy beside each file, waits, deletes the originals, which loses nothing yet, and encrypts the copies",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::Whole(copy_in_then_encrypt),
    ),
];

/// What a file held, and what its encryption holds.
pub(super) struct Encrypted {
    pub(super) before: blake3::Hash,
    pub(super) content: Vec<u8>,
}

impl Encrypted {
    pub(super) fn of(run: &Run<'_>, victim: &Victim, pattern: Pattern) -> Result<Self, Failure> {
        let mut content = run.read(&victim.path)?;
        let before = blake3::hash(&content);
        cipher::apply(run.limits.seed, &victim.path, pattern, &mut content);
        Ok(Self { before, content })
    }

    pub(super) fn acted(&self, how: How, to: Option<PathBuf>) -> Acted {
        Acted {
            how,
            to,
            before: Some(self.before),
            after: Some(blake3::hash(&self.content)),
        }
    }
}

/// Writes only the ranges that change.
pub(super) fn in_place(run: &Run<'_>, victim: &Victim, pattern: Pattern) -> Result<Acted, Failure> {
    let encrypted = Encrypted::of(run, victim, pattern)?;
    let file = run.open(&victim.path, OFlags::RDWR)?;
    let length = encrypted.content.len() as u64;
    for range in pattern.ranges(length) {
        let start = usize::try_from(range.start).unwrap_or(usize::MAX);
        let end = usize::try_from(range.end).unwrap_or(usize::MAX);
        let part = encrypted.content.get(start..end).unwrap_or_default();
        write_at(&file, part, range.start)?;
    }
    Ok(encrypted.acted(How::Overwrite, None))
}

/// All of it, for the scenarios whose point is another.
pub(super) fn whole(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    in_place(run, victim, Pattern::Whole)
}

fn new_then_delete(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let encrypted = Encrypted::of(run, victim, Pattern::Whole)?;
    let to = victim.beside(".locked");
    run.create(&to, &encrypted.content)?;
    run.unlink(&victim.path)?;
    Ok(encrypted.acted(How::Replace, Some(to)))
}

fn rename_over(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let encrypted = Encrypted::of(run, victim, Pattern::Whole)?;
    let new = victim.beside(".tmp");
    run.create(&new, &encrypted.content)?;
    run.rename(&new, &victim.path, RenameFlags::empty())?;
    Ok(encrypted.acted(How::Replace, None))
}

fn then_rename(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let acted = whole(run, victim)?;
    let to = victim.beside(".verrou");
    run.rename(&victim.path, &to, RenameFlags::NOREPLACE)?;
    Ok(Acted {
        to: Some(to),
        ..acted
    })
}

fn as_base64(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let mut encrypted = Encrypted::of(run, victim, Pattern::Whole)?;
    encrypted.content = base64(&encrypted.content).into_bytes();
    let file = run.open(&victim.path, OFlags::WRONLY | OFlags::TRUNC)?;
    write_at(&file, &encrypted.content, 0)?;
    Ok(encrypted.acted(How::Overwrite, None))
}

fn times_back(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let stat = run.arena.stat(&victim.path)?;
    let acted = whole(run, victim)?;
    let time = |seconds, nanoseconds| Timespec {
        tv_sec: seconds,
        tv_nsec: i64::try_from(nanoseconds).unwrap_or(0),
    };
    let times = Timestamps {
        last_access: time(stat.st_atime, stat.st_atime_nsec),
        last_modification: time(stat.st_mtime, stat.st_mtime_nsec),
    };
    rustix::fs::futimens(run.open(&victim.path, OFlags::WRONLY)?, &times)?;
    Ok(acted)
}

fn append_footer(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let mut content = run.read(&victim.path)?;
    let before = blake3::hash(&content);
    let footer = run.noise(victim).bytes(FOOTER);
    let file = run.open(&victim.path, OFlags::WRONLY | OFlags::APPEND)?;
    write_at(&file, &footer, content.len() as u64)?;
    content.extend_from_slice(&footer);
    Ok(Acted {
        how: How::Append,
        to: None,
        before: Some(before),
        after: Some(blake3::hash(&content)),
    })
}

fn copy_then_wipe(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let encrypted = Encrypted::of(run, victim, Pattern::Whole)?;
    let to = victim.outside("taken");
    run.create(&to, &encrypted.content)?;
    let file = run.open(&victim.path, OFlags::WRONLY)?;
    write_at(&file, &vec![0; encrypted.content.len()], 0)?;
    drop(file);
    run.unlink(&victim.path)?;
    Ok(encrypted.acted(How::Delete, Some(to)))
}

fn copy_in_then_encrypt(run: &Run<'_>) -> Result<(), Failure> {
    let copies: Vec<(&Victim, Result<Victim, Failure>)> = run
        .victims
        .iter()
        .map(|victim| (victim, copy_in(run, victim)))
        .collect();
    // Until a guard has all of them in its book.
    std::thread::sleep(COPIES_REST / run.limits.speed_up.max(1));
    let left: Vec<_> = copies
        .into_iter()
        .map(|(victim, copy)| {
            let copy = copy.and_then(|copy| run.unlink(&victim.path).map(|()| copy));
            (victim, copy)
        })
        .collect();
    for (victim, copy) in left {
        let acted = copy.and_then(|copy| {
            let mut content = run.read(&copy.path)?;
            let before = blake3::hash(&content);
            cipher::apply(run.limits.seed, &victim.path, Pattern::Whole, &mut content);
            let encrypted = Encrypted { before, content };
            let file = run.open(&copy.path, OFlags::WRONLY)?;
            write_at(&file, &encrypted.content, 0)?;
            Ok(encrypted.acted(How::Replace, Some(copy.path)))
        });
        count(run, victim, acted);
    }
    Ok(())
}

fn copy_in(run: &Run<'_>, victim: &Victim) -> Result<Victim, Failure> {
    let path = victim.beside(".copie");
    run.create(&path, &run.read(&victim.path)?)?;
    Ok(Victim {
        path,
        ..victim.clone()
    })
}

/// The encryption of a victim in a new file of the unprotected folder, for programs that copy it from there.
pub(super) fn staged(run: &Run<'_>, victim: &Victim) -> Result<(PathBuf, Encrypted), Failure> {
    let encrypted = Encrypted::of(run, victim, Pattern::Whole)?;
    let staged = victim.outside("staged");
    run.create(Path::new(&staged), &encrypted.content)?;
    Ok((staged, encrypted))
}

const FOOTER: usize = 1024;
const COPIES_REST: Duration = Duration::from_secs(4);
