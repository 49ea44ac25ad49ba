//! Overwriting without a write call of the attacker's own.

use std::os::fd::OwnedFd;

use rustix::fs::OFlags;
use rustix::pipe::SpliceFlags;

use super::Way;
use crate::report::Failure;
use crate::run::{Run, Victim, write_at};

pub(super) const WAYS: &[Way] = &[
    Way::each(
        "copy-file-range",
        "copies a junk file over the victim with copy_file_range",
        1,
        copy_file_range,
    ),
    Way::each(
        "sendfile",
        "copies a junk file over the victim with sendfile",
        1,
        sendfile,
    ),
    Way::each(
        "splice",
        "copies a junk file over the victim through a pipe with splice",
        1,
        splice,
    ),
];

pub(super) fn copy_file_range(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    over(run, victim, |junk, file, rest| {
        Ok(rustix::fs::copy_file_range(junk, None, file, None, rest)?)
    })
}

fn sendfile(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    over(run, victim, |junk, file, rest| {
        Ok(rustix::fs::sendfile(file, junk, None, rest)?)
    })
}

fn splice(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let (outlet, inlet) = rustix::pipe::pipe()?;
    over(run, victim, |junk, file, rest| {
        let loaded =
            rustix::pipe::splice(junk, None, &inlet, None, rest.min(PIPE), SpliceFlags::MOVE)?;
        let mut drained = 0;
        while drained < loaded {
            let moved = rustix::pipe::splice(
                &outlet,
                None,
                file,
                None,
                loaded - drained,
                SpliceFlags::MOVE,
            )?;
            if moved == 0 {
                break;
            }
            drained += moved;
        }
        Ok(drained)
    })
}

/// Makes a junk file outside as long as the victim, and lets `step` bring it over the victim bit by bit.
fn over(
    run: &Run<'_>,
    victim: &Victim,
    step: impl Fn(&OwnedFd, &OwnedFd, usize) -> Result<usize, Failure>,
) -> Result<(), Failure> {
    let scrambled = run.scrambled(victim)?;
    let source = victim.outside("junk");
    let junk = run.open(&source, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL)?;
    write_at(&junk, &scrambled, 0)?;
    let outcome = run.open(&victim.path, OFlags::WRONLY).and_then(|file| {
        let mut rest = scrambled.len();
        while rest > 0 {
            match step(&junk, &file, rest)? {
                0 => return Err(Failure::Refused("the copy stopped early")),
                moved => rest = rest.saturating_sub(moved),
            }
        }
        Ok(())
    });
    run.unlink(&source)?;
    outcome
}

const PIPE: usize = 65_536;
