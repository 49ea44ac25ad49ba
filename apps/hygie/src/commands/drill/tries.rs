//! What can be tried: the scenarios of `hygie-attacks` that a guard should stop, each with plain words.

use hygie_text::Id;

/// One simulated attack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Try {
    /// Its name for `hygie-attacks`.
    pub(crate) name: &'static str,
    /// What it does, in plain words.
    pub(crate) words: Id,
}

impl Try {
    const fn new(name: &'static str, words: Id) -> Self {
        Self { name, words }
    }
}

/// The names, for the command line.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|one| one.name)
}

/// The one of that name.
pub(crate) fn find(name: &str) -> Option<Try> {
    ALL.iter().find(|one| one.name == name).copied()
}

/// All of them. Left out are three that take nothing away in a drill's time: `append-footer`, `slow`, and
/// `copy-in-then-encrypt`, which first leaves two of each file for a while.
pub(crate) const ALL: &[Try] = &[
    Try::new("encrypt-in-place", Id::DrillTryEncryptInPlace),
    Try::new("encrypt-new-then-delete", Id::DrillTryEncryptNewThenDelete),
    Try::new("encrypt-rename-over", Id::DrillTryEncryptRenameOver),
    Try::new("encrypt-then-rename", Id::DrillTryEncryptThenRename),
    Try::new("encrypt-first-64k", Id::DrillTryEncryptFirst64k),
    Try::new("encrypt-every-4th-block", Id::DrillTryEncryptEvery4thBlock),
    Try::new("encrypt-intermittent", Id::DrillTryEncryptIntermittent),
    Try::new("encrypt-percent-20", Id::DrillTryEncryptPercent20),
    Try::new("encrypt-percent-50", Id::DrillTryEncryptPercent50),
    Try::new("encrypt-header", Id::DrillTryEncryptHeader),
    Try::new("encrypt-keep-header", Id::DrillTryEncryptKeepHeader),
    Try::new("encrypt-base64", Id::DrillTryEncryptBase64),
    Try::new("encrypt-times-back", Id::DrillTryEncryptTimesBack),
    Try::new("copy-out-then-wipe", Id::DrillTryCopyOutThenWipe),
    Try::new("largest-first", Id::DrillTryLargestFirst),
    Try::new("smallest-first", Id::DrillTrySmallestFirst),
    Try::new("newest-first", Id::DrillTryNewestFirst),
    Try::new("random-order", Id::DrillTryRandomOrder),
    Try::new("by-class", Id::DrillTryByClass),
    Try::new("delete-all-with-notes", Id::DrillTryDeleteAllWithNotes),
    Try::new("rename-meaningless", Id::DrillTryRenameMeaningless),
    Try::new("notes-first", Id::DrillTryNotesFirst),
    Try::new("backups-first", Id::DrillTryBackupsFirst),
    Try::new("shell-openssl", Id::DrillTryShellOpenssl),
    Try::new("shell-openssl-cat", Id::DrillTryShellOpensslCat),
    Try::new("shell-gpg", Id::DrillTryShellGpg),
    Try::new("python-encrypt", Id::DrillTryPythonEncrypt),
    Try::new("trusted-cp", Id::DrillTryTrustedCp),
    Try::new("trusted-dd", Id::DrillTryTrustedDd),
    Try::new("trusted-tee", Id::DrillTryTrustedTee),
    Try::new("trusted-sed", Id::DrillTryTrustedSed),
    Try::new("trusted-perl", Id::DrillTryTrustedPerl),
    Try::new("trusted-zip", Id::DrillTryTrustedZip),
    Try::new("trusted-7z", Id::DrillTryTrusted7z),
    Try::new("crew-60-processes", Id::DrillTryCrew60Processes),
    Try::new("crew-detached", Id::DrillTryCrewDetached),
    Try::new("crew-fork-storm", Id::DrillTryCrewForkStorm),
    Try::new("crew-relay", Id::DrillTryCrewRelay),
    Try::new("crew-threads", Id::DrillTryCrewThreads),
];

/// What is tried unless something else is asked for: each a way of its own, common among real ones.
pub(crate) const TYPICAL: &[&str] = &[
    "encrypt-in-place",
    "encrypt-new-then-delete",
    "encrypt-intermittent",
    "rename-meaningless",
    "delete-all-with-notes",
    "shell-openssl",
    "python-encrypt",
    "crew-detached",
];

#[cfg(test)]
mod tests {
    use hygie_text::Message;

    use super::*;

    #[test]
    fn the_typical_ones_exist() {
        assert!(TYPICAL.iter().all(|name| find(name).is_some()));
    }

    #[test]
    fn each_has_words_of_its_own_name() {
        for one in ALL {
            assert_eq!(one.words.key(), format!("drill-try-{}", one.name));
        }
    }
}
