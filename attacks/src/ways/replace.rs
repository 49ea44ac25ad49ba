//! Writing a new file and letting it take the old one's place.

use rustix::fs::RenameFlags;

use super::Way;
use crate::report::Failure;
use crate::run::{Run, Victim};

pub(super) const WAYS: &[Way] = &[
    Way::each(
        "new-then-delete",
        "writes NAME.locked beside a file, then unlinks the original",
        1,
        then_delete,
    ),
    Way::each(
        "new-then-rename-over",
        "writes a new file and renames it over the original",
        1,
        then_rename,
    ),
    Way::each(
        "exchange",
        "writes a new file, swaps the two names (RENAME_EXCHANGE), unlinks the old one",
        1,
        exchange,
    ),
];

/// The commonest pattern: encrypt to a new name, delete the original.
pub(super) fn then_delete(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    run.create(&victim.beside(".locked"), &run.scrambled(victim)?)?;
    run.unlink(&victim.path)
}

/// Looks like an editor that saves.
pub(super) fn then_rename(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let new = victim.beside(".new");
    run.create(&new, &run.scrambled(victim)?)?;
    run.rename(&new, &victim.path, RenameFlags::empty())
}

/// No moment without a file of the name; the old content ends under the temporary one.
fn exchange(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let new = victim.beside(".swap");
    run.create(&new, &run.scrambled(victim)?)?;
    run.rename(&new, &victim.path, RenameFlags::EXCHANGE)?;
    run.unlink(&new)
}
