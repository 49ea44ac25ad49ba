//! Moving files or their folders, to damage them under another name.

use std::path::{Path, PathBuf};

use rustix::fs::RenameFlags;

use super::{Harm, Way, overwrite};
use crate::arena::{OUTSIDE, VICTIMS};
use crate::report::Failure;
use crate::run::{Run, Victim};

pub(super) const WAYS: &[Way] = &[
    Way::each(
        "rename-then-overwrite",
        "renames a file, then overwrites it in place",
        1,
        then_overwrite,
    ),
    Way::each(
        "move-out-overwrite-back",
        "moves a file out of the protected folder, overwrites it, moves it back",
        1,
        out_and_back,
    ),
    Way::whole(
        "move-folder-out-and-back",
        "moves each subfolder out, overwrites all in it, moves it back",
        1,
        folders_back,
    ),
    Way::whole(
        "move-folder-out-and-leave",
        "moves each subfolder out, overwrites all in it, leaves it there",
        1,
        folders_leave,
    ),
    Way::whole(
        "move-protected-folder",
        "moves the protected folder itself away, overwrites all in it, moves it back",
        1,
        protected,
    ),
    Way::each(
        "scramble-names",
        "only renames: each file gets a meaningless name",
        0,
        scramble_names,
    )
    .takes(Harm::Names),
];

/// The inode is known, the name is not.
pub(super) fn then_overwrite(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let path = victim.beside(".crypt");
    run.rename(&victim.path, &path, RenameFlags::NOREPLACE)?;
    overwrite::whole(
        run,
        &Victim {
            path,
            ..victim.clone()
        },
    )
}

/// A guard that marks folders does not see the write.
pub(super) fn out_and_back(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let path = victim.outside("moved");
    run.rename(&victim.path, &path, RenameFlags::NOREPLACE)?;
    let outcome = overwrite::whole(
        run,
        &Victim {
            path: path.clone(),
            ..victim.clone()
        },
    );
    run.rename(&path, &victim.path, RenameFlags::NOREPLACE)?;
    outcome
}

fn folders_back(run: &Run<'_>) -> Result<(), Failure> {
    for folder in top_folders(run)? {
        let away = carry_out(run, &folder)?;
        run.rename(&away, &folder, RenameFlags::NOREPLACE)?;
    }
    Ok(())
}

fn folders_leave(run: &Run<'_>) -> Result<(), Failure> {
    for folder in top_folders(run)? {
        carry_out(run, &folder)?;
    }
    Ok(())
}

/// Needs a user who may write the folder above; an arena's is (sticky, so that the marker stays).
fn protected(run: &Run<'_>) -> Result<(), Failure> {
    let folder = Path::new(VICTIMS);
    let away = carry_out(run, folder)?;
    run.rename(&away, folder, RenameFlags::NOREPLACE)
}

/// Moves a folder out and overwrites every victim that it holds.
fn carry_out(run: &Run<'_>, folder: &Path) -> Result<PathBuf, Failure> {
    let away = Path::new(OUTSIDE).join(
        folder
            .file_name()
            .ok_or(Failure::Refused("a folder without a name"))?,
    );
    run.rename(folder, &away, RenameFlags::NOREPLACE)?;
    for victim in &run.victims {
        if let Ok(rest) = victim.path.strip_prefix(folder) {
            let moved = Victim {
                path: away.join(rest),
                ..victim.clone()
            };
            run.report.outcome(overwrite::whole(run, &moved));
        }
    }
    Ok(away)
}

fn top_folders(run: &Run<'_>) -> Result<Vec<PathBuf>, Failure> {
    let folders = run.arena.names(Path::new(VICTIMS))?;
    Ok(folders
        .into_iter()
        .filter(|folder| {
            run.victims
                .iter()
                .any(|victim| victim.path.starts_with(folder) && victim.path != *folder)
        })
        .collect())
}

/// Nothing is destroyed, and nobody finds anything.
fn scramble_names(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let name = format!("{:016x}", run.noise(victim).next());
    run.rename(
        &victim.path,
        &victim.path.with_file_name(name),
        RenameFlags::NOREPLACE,
    )
}
