//! Files that live for a moment only: their states count too.

use std::path::Path;

use rustix::fs::OFlags;

use super::{Harm, Way};
use crate::arena::VICTIMS;
use crate::noise::Noise;
use crate::report::{Failure, Moment};
use crate::run::{Run, write_at};

pub(super) const WAYS: &[Way] = &[
    Way::whole(
        "new-and-unlink",
        "writes a new file and unlinks it at once, again and again",
        0,
        new_and_unlink,
    )
    .takes(Harm::NewStates),
    Way::whole(
        "new-folder-overwrite",
        "makes a folder and a file in it and overwrites the file at once",
        0,
        new_folder,
    )
    .takes(Harm::NewStates),
];

fn new_and_unlink(run: &Run<'_>) -> Result<(), Failure> {
    for round in 0..run.limits.rounds {
        let path = Path::new(VICTIMS).join(format!("new-{round}.txt"));
        let content = Noise::new(run.limits.seed, u64::from(round)).bytes(LENGTH);
        let hash = blake3::hash(&content);
        run.report
            .outcome(run.create(&path, &content).and_then(|()| {
                run.report.state(&path, 1, Moment::Close, hash);
                run.unlink(&path)
            }));
    }
    Ok(())
}

/// The folder is too new for a mark of its own.
fn new_folder(run: &Run<'_>) -> Result<(), Failure> {
    for round in 0..run.limits.rounds {
        run.report.outcome(folder_and_file(run, round));
    }
    Ok(())
}

fn folder_and_file(run: &Run<'_>, round: u32) -> Result<(), Failure> {
    let folder = Path::new(VICTIMS).join(format!("new-{round}"));
    let path = folder.join("letter.txt");
    let mut noise = Noise::new(run.limits.seed, 1 << 32 | u64::from(round));
    let (first, second) = (noise.bytes(LENGTH), noise.bytes(LENGTH));
    let (first_hash, second_hash) = (blake3::hash(&first), blake3::hash(&second));
    run.create_folder(&folder)?;
    run.create(&path, &first)?;
    run.report.state(&path, 1, Moment::Close, first_hash);
    let file = run.open(&path, OFlags::WRONLY)?;
    write_at(&file, &second, 0)?;
    drop(file);
    run.report.state(&path, 2, Moment::Close, second_hash);
    Ok(())
}

const LENGTH: usize = 3000;
