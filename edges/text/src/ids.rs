//! The messages: a closed list. A new one is a line here and one message in each language's files.

/// What a message needs put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Words: a path, a reason, another message.
    Text,
    /// A whole number that is counted.
    Count,
    /// A size in bytes.
    Bytes,
    /// A time that was measured.
    Spent,
    /// A time still to come.
    Left,
    /// A point of the calendar.
    Moment,
}

macro_rules! messages {
    ($($name:ident: $key:literal ($($var:ident: $need:ident),*) $($advised:ident)?,)*) => {
        /// A message. Those that are advised have a second part: what to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Id {
            $(#[doc = concat!("`", $key, "`")] $name,)*
        }

        impl Id {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in the files.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// What has to be put in.
            #[must_use]
            pub const fn needs(self) -> &'static [(&'static str, Need)] {
                match self { $(Self::$name => &[$((stringify!($var), Need::$need)),*],)* }
            }

            /// Whether it says what to do as well.
            #[must_use]
            pub const fn is_advised(self) -> bool {
                match self { $(Self::$name => !stringify!($($advised)?).is_empty(),)* }
            }
        }
    };
}

messages! {
    // up.ftl
    UpStarting: "up-starting" (folders: Count),
    UpFolder: "up-folder" (path: Text),
    UpLinking: "up-linking" (done: Count, files: Count),
    UpLinked: "up-linked" (files: Count, spent: Spent),
    UpCopying: "up-copying" (copied: Count, files: Count, copied_bytes: Bytes, bytes: Bytes, left: Left),
    UpCopyingUntimed: "up-copying-untimed" (copied: Count, files: Count, copied_bytes: Bytes, bytes: Bytes),
    UpCopied: "up-copied" (files: Count, bytes: Bytes, spent: Spent),
    UpWatching: "up-watching" (files: Count, versions: Count, last: Moment),
    UpWatchingQuiet: "up-watching-quiet" (files: Count, versions: Count),
    UpHowToStop: "up-how-to-stop" (),
    UpStopping: "up-stopping" (),
    UpStopped: "up-stopped" (),
    UpIncidentStopped: "up-incident-stopped" (incident: Count),
    UpIncidentUndone: "up-incident-undone" (incident: Count),
    UpIncidentAllowed: "up-incident-allowed" (incident: Count),
    UpAlreadyRunning: "up-already-running" () advised,
    UpNoRights: "up-no-rights" (missing: Text) advised,
    UpStateInside: "up-state-inside" (state: Text, folder: Text) advised,
    UpCopiesOnly: "up-copies-only" (minutes: Count) advised,
    UpLooked: "up-looked" (files: Count, copied: Count, bytes: Bytes),
    UpGuardFails: "up-guard-fails" (reason: Text) advised,
    UpMissingRoot: "up-missing-root" (),
    UpMissingCapability: "up-missing-capability" (capability: Text),
    UpSelfTestFailed: "up-self-test-failed" (reason: Text) advised,
    UpSelfTestWitnessSlow: "up-self-test-witness-slow" (),
    UpSelfTestNotClosed: "up-self-test-not-closed" (),
    UpSelfTestError: "up-self-test-error" (error: Text),
    UpNoFolder: "up-no-folder" (config: Text) advised,
    // protection.ftl
    Protected: "protected" (),
    ProtectedButOne: "protected-but-one" (exception: Text),
    ProtectedButMany: "protected-but-many" (),
    ProtectedButItem: "protected-but-item" (exception: Text),
    ButStateWithoutCopy: "but-state-without-copy" (path: Text) advised,
    ButUnreadable: "but-unreadable" (path: Text) advised,
    ButTruncateUnheld: "but-truncate-unheld" () advised,
    ButOpenBefore: "but-open-before" (path: Text) advised,
    ButJournalSilent: "but-journal-silent" () advised,
    ButWitnessSilent: "but-witness-silent" () advised,
    ButFolderUnwatched: "but-folder-unwatched" (path: Text) advised,
    ButNoRoom: "but-no-room" () advised,
    UnprotectedNotStarted: "unprotected-not-started" (since: Moment) advised,
    UnprotectedStarting: "unprotected-starting" (since: Moment) advised,
    UnprotectedStopped: "unprotected-stopped" (since: Moment) advised,
    UnprotectedGuardGone: "unprotected-guard-gone" (since: Moment) advised,
    UnprotectedNoRights: "unprotected-no-rights" (since: Moment) advised,
    UnprotectedUnsupported: "unprotected-unsupported" (since: Moment) advised,
    UnprotectedSelfTestFailed: "unprotected-self-test-failed" (since: Moment) advised,
    StatusTitle: "status-title" (),
    StatusChecked: "status-checked" (at: Moment),
    StatusSince: "status-since" (since: Moment),
    StatusFiles: "status-files" (files: Count, copied: Count),
    StatusVersions: "status-versions" (versions: Count, bytes: Bytes),
    StatusOldest: "status-oldest" (oldest: Moment),
    StatusVault: "status-vault" (used: Bytes, budget: Bytes),
    StatusReserve: "status-reserve" (reserve: Bytes),
    StatusHeld: "status-held" (held: Count, longest: Spent),
    StatusRefused: "status-refused" (refused: Count),
    StatusWitnessWell: "status-witness-well" (),
    StatusWitnessSilent: "status-witness-silent" (),
    // doctor.ftl
    DoctorTitle: "doctor-title" (),
    DoctorSystem: "doctor-system" (system: Text, kernel: Text),
    DoctorFolder: "doctor-folder" (path: Text, filesystem: Text),
    DoctorHolds: "doctor-holds" (),
    DoctorSees: "doctor-sees" (),
    DoctorBlind: "doctor-blind" (),
    DoctorTried: "doctor-tried" (),
    DoctorYes: "doctor-yes" (what: Text),
    DoctorNo: "doctor-no" (what: Text, why: Text),
    DoctorLimited: "doctor-limited" (what: Text, why: Text),
    DoctorNone: "doctor-none" (),
    DoctorAllGood: "doctor-all-good" (),
    DoctorSomethingMissing: "doctor-something-missing" (missing: Count),
    DoctorCannotHold: "doctor-cannot-hold" () advised,
    FeatureHoldOpen: "feature-hold-open" (),
    FeatureHoldChange: "feature-hold-change" (),
    FeatureAnswerErrno: "feature-answer-errno" (),
    FeatureReadLease: "feature-read-lease" (),
    FeatureNameEvents: "feature-name-events" (),
    FeatureKeepLink: "feature-keep-link" (),
    FeaturePrivateMount: "feature-private-mount" (),
    FeatureManyDescriptors: "feature-many-descriptors" (),
    FeatureLockedMemory: "feature-locked-memory" (),
    FeatureLeaseBound: "feature-lease-bound" (),
    WhyKernel: "why-kernel" (kernel: Text),
    WhyRefused: "why-refused" (error: Text),
    WhyNoEffect: "why-no-effect" (),
    WhyNotHere: "why-not-here" (),
    WhyRights: "why-rights" (),
    WhyFilesystem: "why-filesystem" (filesystem: Text),
    WhyLimit: "why-limit" (have: Count, want: Count),
    HoldsWrite: "holds-write" (),
    HoldsTruncate: "holds-truncate" (),
    HoldsDelete: "holds-delete" (),
    HoldsCreate: "holds-create" (),
    HoldsRange: "holds-range" (),
    SeesNames: "sees-names" (),
    SeesMetadata: "sees-metadata" (),
    SeesClose: "sees-close" (),
    SeesTruncate: "sees-truncate" (),
    BlindOpenBefore: "blind-open-before" (),
    BlindMapping: "blind-mapping" (),
    BlindRawDisk: "blind-raw-disk" (),
    BlindSubvolume: "blind-subvolume" (),
    BlindRoot: "blind-root" (),
    BlindUnmounted: "blind-unmounted" (),
    // versions.ftl
    VersionsTitle: "versions-title" (path: Text),
    VersionsNumber: "versions-number" (),
    VersionsSince: "versions-since" (),
    VersionsKept: "versions-kept" (),
    VersionsSize: "versions-size" (),
    VersionsWhat: "versions-what" (),
    VersionsName: "versions-name" (),
    VersionsNow: "versions-now" (),
    VersionsDeleted: "versions-deleted" (),
    VersionsWithheld: "versions-withheld" (versions: Count),
    VersionsNone: "versions-none" (path: Text) advised,
    RestorePlanTitle: "restore-plan-title" (),
    RestorePlanReplace: "restore-plan-replace" (path: Text, since: Moment, bytes: Bytes),
    RestorePlanRecreate: "restore-plan-recreate" (path: Text, since: Moment, bytes: Bytes),
    RestorePlanAside: "restore-plan-aside" (path: Text),
    RestorePlanSame: "restore-plan-same" (path: Text),
    RestorePlanTotal: "restore-plan-total" (files: Count, bytes: Bytes),
    RestorePlanKeeps: "restore-plan-keeps" (),
    RestoreAsk: "restore-ask" (),
    RestoreCancelled: "restore-cancelled" (),
    RestoreKeptPresent: "restore-kept-present" (versions: Count),
    RestoreProgress: "restore-progress" (done: Count, files: Count, left: Left),
    RestoreDone: "restore-done" (files: Count, spent: Spent),
    RestoreMovedAside: "restore-moved-aside" (path: Text),
    RestoreNothing: "restore-nothing" (),
    RestoreRefused: "restore-refused" (path: Text),
    RestoreMissing: "restore-missing" (path: Text, before: Moment) advised,
    RestoreDamaged: "restore-damaged" (path: Text, since: Moment) advised,
    RestoreInTheWay: "restore-in-the-way" (path: Text) advised,
    RestorePartly: "restore-partly" (done: Count, files: Count) advised,
    // vault.ftl
    VaultChecking: "vault-checking" (done: Count, versions: Count, left: Left),
    VaultGood: "vault-good" (versions: Count, bytes: Bytes, spent: Spent),
    VaultMissing: "vault-missing" (versions: Count) advised,
    VaultChanged: "vault-changed" (versions: Count) advised,
    VaultDamagedLine: "vault-damaged-line" (path: Text, since: Moment),
    VaultOrphans: "vault-orphans" (files: Count, bytes: Bytes),
    ForgetPlan: "forget-plan" (path: Text, versions: Count, bytes: Bytes),
    ForgetAsk: "forget-ask" (),
    ForgetDone: "forget-done" (path: Text, versions: Count, bytes: Bytes),
    ForgetStillHeld: "forget-still-held" (where: Text),
    ForgetHeldByBackup: "forget-held-by-backup" (),
    ForgetHeldByIncident: "forget-held-by-incident" (incident: Count),
    ForgetHeldByLink: "forget-held-by-link" (path: Text),
    ForgetUnknown: "forget-unknown" (path: Text) advised,
    ForgetRefused: "forget-refused" (path: Text, incident: Count) advised,
    // journal.ftl
    JournalNumber: "journal-number" (),
    JournalWhen: "journal-when" (),
    JournalKind: "journal-kind" (),
    JournalFacts: "journal-facts" (),
    JournalToldByClock: "journal-told-by-clock" (told: Moment),
    JournalEmpty: "journal-empty" (),
    JournalVerified: "journal-verified" (records: Count, first: Moment, last: Moment),
    JournalLastDigest: "journal-last-digest" (digest: Text),
    JournalBroken: "journal-broken" (segment: Text, line: Count, what: Text, path: Text) advised,
    JournalTornRepaired: "journal-torn-repaired" (bytes: Bytes),
    JournalTakenUpAgain: "journal-taken-up-again" () advised,
    JournalHeld: "journal-held" (case: Text, month: Text) advised,
    JournalTooYoung: "journal-too-young" (month: Text) advised,
    JournalLocked: "journal-locked" (path: Text) advised,
    BreakNotARecord: "break-not-a-record" (),
    BreakTorn: "break-torn" (),
    BreakWrongSeq: "break-wrong-seq" (expected: Count, found: Count),
    BreakWrongPrev: "break-wrong-prev" (),
    BreakBackwards: "break-backwards" (),
    BreakNoHeader: "break-no-header" (),
    BreakWrongSegment: "break-wrong-segment" (),
    BreakEndCut: "break-end-cut" (),
    BreakHeadMissing: "break-head-missing" (),
    BreakHeadUnreadable: "break-head-unreadable" (),
    BreakStartCut: "break-start-cut" (),
    BreakTakenUpAgain: "break-taken-up-again" (),
    // config.ftl
    ConfigWritten: "config-written" (file: Text),
    ConfigUnreadable: "config-unreadable" (file: Text, reason: Text) advised,
    ConfigUnwritable: "config-unwritable" (file: Text, reason: Text) advised,
    ConfigSyntax: "config-syntax" (file: Text, line: Count, reason: Text) advised,
    ConfigUnknownKey: "config-unknown-key" (file: Text, line: Count, key: Text, known: Text) advised,
    ConfigUnknownKeyNear: "config-unknown-key-near" (file: Text, line: Count, key: Text, near: Text) advised,
    ConfigWrongType: "config-wrong-type" (file: Text, line: Count, key: Text, example: Text) advised,
    ConfigOutOfRange: "config-out-of-range" (file: Text, line: Count, key: Text, least: Text, most: Text) advised,
    ConfigFolderRelative: "config-folder-relative" (file: Text, line: Count, path: Text) advised,
    ConfigFolderRoot: "config-folder-root" (file: Text, line: Count, path: Text) advised,
    ConfigFolderTwice: "config-folder-twice" (file: Text, line: Count, path: Text, outer: Text) advised,
    // errors.ftl
    ErrorDiskFull: "error-disk-full" (path: Text) advised,
    ErrorFile: "error-file" (path: Text, reason: Text) advised,
    ErrorNotFound: "error-not-found" (path: Text) advised,
    ErrorNotAFolder: "error-not-a-folder" (path: Text) advised,
    ErrorNotProtected: "error-not-protected" (path: Text) advised,
    ErrorNotAllowed: "error-not-allowed" (path: Text) advised,
    ErrorNeedsRoot: "error-needs-root" () advised,
    ErrorNoGuard: "error-no-guard" () advised,
    ErrorNotMember: "error-not-member" () advised,
    ErrorBusy: "error-busy" () advised,
    ErrorElsewhere: "error-elsewhere" () advised,
    ErrorStateFolder: "error-state-folder" (path: Text, reason: Text) advised,
    ErrorVault: "error-vault" (path: Text, reason: Text) advised,
    ErrorFilesystem: "error-filesystem" (filesystem: Text, path: Text) advised,
    ErrorSystemDisk: "error-system-disk" (path: Text) advised,
    ErrorVersion: "error-version" (version: Text, path: Text) advised,
    ErrorTime: "error-time" (text: Text) advised,
    ErrorLanguage: "error-language" (language: Text) advised,
    ErrorUnexpected: "error-unexpected" (reason: Text) advised,
}
