//! The rows of the table of rights. An act and its row are one line of one macro, so neither exists without the other.
//! N: nobody (signed out), P: practitioner, A: assistant, I: IT provider, M: monitoring operator.

use hygie_model::Role;
use serde::{Deserialize, Serialize};

use super::{Allowed, Needs, Row, Sees, Who};

const N: Who = Who::Nobody;
const P: Who = Who::Person(Role::Practitioner);
const A: Who = Who::Person(Role::Assistant);
const I: Who = Who::Person(Role::ItProvider);
const M: Who = Who::Person(Role::MonitoringOperator);

macro_rules! table {
    ($($name:literal $act:ident [$($who:ident)+] $sees:ident $needs:ident $about:literal;)+) => {
        /// Everything that somebody can ask. A new one is one row in `rights/table.rs`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Act {
            $(#[doc = $about] #[serde(rename = $name)] $act,)+
        }

        impl Act {
            /// All of them, in the table's order.
            pub const ALL: &[Self] = &[$(Self::$act),+];

            /// Its row.
            #[must_use]
            pub const fn row(self) -> Row {
                match self {
                    $(Self::$act => Row {
                        act: self,
                        name: $name,
                        sees: Sees::$sees,
                        needs: Needs::$needs,
                        allowed: Allowed::NONE$(.and($who))+,
                    },)+
                }
            }

            /// What it is, in one English line, for documents.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$act => $about,)+
                }
            }

            /// The act of this name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$act),)+
                    _ => None,
                }
            }
        }
    };
}

table! {
    // Doors. Whoever is signed in may look at them too, but for set-up, which exists only before anybody does.
    "set-up"               SetUp              [N]         States      Nothing        "Set the console up with its one-time code";
    "sign-in"              SignIn             [N P A I M] States      Nothing        "Sign in";
    "take-invitation"      TakeInvitation     [N]         States      Nothing        "Become somebody of the practice by an invitation's link";
    "recover"              Recover            [N]         States      Nothing        "Come back with a code of the recovery sheet, or ask a second person for it";
    "first-gestures"       FirstGestures      [N P A I M] States      Nothing        "Read the sheet of first gestures";
    "trust-console"        TrustConsole       [N P A I M] States      Nothing        "Read how to trust the console's certificate, and get it";
    "health-check"         HealthCheck        [N P A I M] States      Nothing        "Ask whether the hub is alive";
    "see-assets"           SeeAssets          [N P A I M] States      Nothing        "Load the look: styles, letters, icons";
    "sign-out"             SignOut            [P A I M]   States      Nothing        "Sign out";
    "see-api"              SeeApi             [P A I M]   States      Nothing        "Read the API's description";

    // Today. Its page names a file only for those who may find files.
    "see-today"            SeeToday           [P A I]     States      Nothing        "See how the practice is, and what waits for a person";
    "see-duties"           SeeDuties          [P A I M]   States      Nothing        "See the heartbeats: guard, backup, mail, alerts, hub";
    "read-alert"           ReadAlert          [P A I]     States      Nothing        "Say that an alert was read";
    "put-off"              PutOff             [P A]       States      Nothing        "Be reminded later of what waits";

    // Files.
    "find-file"            FindFile           [P A]       FileNames   Nothing        "Find a file by its name";
    "see-versions"         SeeVersions        [P A]       FileNames   Nothing        "See the versions of a file on its time line";
    "preview-file"         PreviewFile        [P A]       PatientData Nothing        "See what a version holds";
    "restore-version"      RestoreVersion     [P A]       FileNames   Nothing        "Have a version back; what was there is kept";
    "restore-folder"       RestoreFolder      [P A]       FileNames   FreshSignIn    "Have a whole folder back as it was";
    "forget-file"          ForgetFile         [P]         FileNames   GuardSignature "Forget a file in versions, links and backups";

    // Incidents.
    "see-incidents"        SeeIncidents       [P A]       FileNames   Nothing        "See what a stopped program did, file by file";
    "see-incident-states"  SeeIncidentStates  [P A I M]   States      Nothing        "See that a program was stopped, where and why, without a file's name";
    "stop-program"         StopProgram        [P A I]     States      Nothing        "Stop a program now";
    "undo-incident"        UndoIncident       [P A]       FileNames   Nothing        "Put back what a program changed";
    "allow-incident"       AllowIncident      [P]         FileNames   GuardSignature "Let a stopped program go on";
    "end-allowance"        EndAllowance       [P A I]     States      Nothing        "Take back what a program was allowed";

    // Devices.
    "see-devices"          SeeDevices         [P A I]     Settings    Nothing        "See the devices: state, last seen, what is protected";
    "enrol-device"         EnrolDevice        [P I]       Settings    FreshSignIn    "Make a code with which a device joins";
    "rename-device"        RenameDevice       [P I]       Settings    Nothing        "Give a device another name";
    "retire-device"        RetireDevice       [P I]       Settings    FreshSignIn    "Let a device report no more; its own protection goes on";
    "update-device"        UpdateDevice       [P I]       Settings    FreshSignIn    "Install a signed update of Hygie, or go back";
    "uninstall-device"     UninstallDevice    [P]         Settings    GuardSignature "Take Hygie off a device";

    // Protection and configuration.
    "see-protection"       SeeProtection      [P A I]     Settings    Nothing        "See which folders are protected";
    "protect-folder"       ProtectFolder      [P I]       Settings    Nothing        "Protect one more folder";
    "unprotect-folder"     UnprotectFolder    [P]         Settings    GuardSignature "Protect a folder no more";
    "change-configuration" ChangeConfiguration [P I]      Settings    FreshSignIn    "Change the guard's configuration where that weakens nothing";
    "trust-key"            TrustKey           [P]         People      GuardSignature "Have the guard believe one more passkey";
    "distrust-key"         DistrustKey        [P]         People      GuardSignature "Have the guard believe a passkey no more";

    // People.
    "see-people"           SeePeople          [P A]       People      Nothing        "See who can get in, with which means";
    "invite"               Invite             [P]         People      FreshSignIn    "Invite somebody as what she will be";
    "end-invitation"       EndInvitation      [P]         People      Nothing        "Take an invitation back";
    "change-role"          ChangeRole         [P]         People      FreshSignIn    "Change what somebody is";
    "close-person"         ClosePerson        [P]         People      FreshSignIn    "Close the access of somebody who leaves";
    "reopen-person"        ReopenPerson       [P]         People      FreshSignIn    "Take a closing back";
    "open-provider"        OpenProvider       [P A]       People      FreshSignIn    "Let an IT provider in for a time";
    "end-provider"         EndProvider        [P A I]     People      Nothing        "End an IT provider's time";
    "confirm-recovery"     ConfirmRecovery    [P A]       People      FreshSignIn    "Confirm that somebody who lost both keys is who she says";
    "cancel-recovery"      CancelRecovery     [P A I M]   People      Nothing        "Stop a recovery that one did not ask for";
    "see-sessions"         SeeSessions        [P]         People      Nothing        "See where others are signed in";
    "end-session"          EndSession         [P]         People      Nothing        "Sign somebody out everywhere";

    // Oneself.
    "see-own-access"       SeeOwnAccess       [P A I M]   People      Nothing        "See one's own sessions, passkeys and means";
    "end-own-session"      EndOwnSession      [P A I M]   People      Nothing        "End one of one's own sessions";
    "set-own-taste"        SetOwnTaste        [P A I M]   People      Nothing        "Choose one's own language and look";
    "add-own-passkey"      AddOwnPasskey      [P A I M]   People      FreshSignIn    "Add a passkey of one's own";
    "rename-own-passkey"   RenameOwnPasskey   [P A I M]   People      Nothing        "Name a passkey of one's own";
    "remove-own-passkey"   RemoveOwnPasskey   [P A I M]   People      FreshSignIn    "Remove a passkey of one's own";
    "set-own-password"     SetOwnPassword     [P A I M]   People      FreshSignIn    "Set one's own password and code";
    "make-recovery-sheet"  MakeRecoverySheet  [P A I M]   People      FreshSignIn    "Make one's own recovery sheet anew";
    "test-recovery-sheet"  TestRecoverySheet  [P A I M]   People      Nothing        "Test one's own recovery sheet";

    // Journal and settings.
    "see-journal"          SeeJournal         [P]         FileNames   Nothing        "See who did what";
    "verify-journal"       VerifyJournal      [P I]       States      Nothing        "Check that the journal's chain is whole";
    "export-journal"       ExportJournal      [P]         FileNames   FreshSignIn    "Take the journal out";
    "see-settings"         SeeSettings        [P I]       Settings    Nothing        "See the settings";
    "change-settings"      ChangeSettings     [P I]       Settings    FreshSignIn    "Change the settings of the hub";
    "change-console-name"  ChangeConsoleName  [P]         Settings    FreshSignIn    "Change the name that passkeys bind to";
    "see-alert-settings"   SeeAlertSettings   [P I]       People      Nothing        "See who is alerted, when and how";
    "change-alerts"        ChangeAlerts       [P]         People      FreshSignIn    "Change who is alerted, when and how";
    "try-alert"            TryAlert           [P I]       States      Nothing        "Send an alert to try the path";

    // Monitoring: counts, states, deadlines.
    "see-practices"        SeePractices       [M]         States      Nothing        "See how the practices are, watched from outside";
    "take-up-signal"       TakeUpSignal       [M]         States      Nothing        "Say that one looks after a practice's signal";
    "see-reports"          SeeReports         [P I M]     States      Nothing        "See signed reports of devices, with masked paths";

    // Ask.
    "ask"                  Ask                [P A]       MessageText Nothing        "Ask whether a message can be trusted";
    "report-message"       ReportMessage      [P A]       MessageText Nothing        "Report a message";

    // Backups.
    "see-backups"          SeeBackups         [P A I M]   States      Nothing        "See the copies and the last drill";
    "run-backup"           RunBackup          [P I]       States      Nothing        "Make a copy now";
    "run-drill"            RunDrill           [P I]       States      Nothing        "Run a restore drill now";
    "set-up-backup"        SetUpBackup        [P I]       Settings    FreshSignIn    "Add a place for copies";
    "remove-backup"        RemoveBackup       [P]         Settings    GuardSignature "Give up a place for copies";
    "restore-backup"       RestoreBackup      [P A]       FileNames   FreshSignIn    "Have files back from a copy";
    "see-recovery-key"     SeeRecoveryKey     [P]         Settings    FreshSignIn    "See the key that opens the copies";

    // Measures.
    "see-measures"         SeeMeasures        [P A I M]   States      Nothing        "See which measures are in order";
    "answer-measure"       AnswerMeasure      [P A I]     States      Nothing        "Answer what Hygie cannot see by itself";
    "repair-measure"       RepairMeasure      [P I]       Settings    FreshSignIn    "Have Hygie repair a measure";

    // Crisis.
    "open-case"            OpenCase           [P A I]     States      Nothing        "Say that something is happening";
    "see-case-states"      SeeCaseStates      [P A I M]   States      Nothing        "See that a case is open, its steps done and its deadlines";
    "see-case"             SeeCase            [P A]       MessageText Nothing        "Read a case";
    "write-case"           WriteCase          [P A]       MessageText Nothing        "Take the steps of a case, note, correct with a reason";
    "close-case"           CloseCase          [P]         MessageText FreshSignIn    "Close a case with its lessons";
    "make-documents"       MakeDocuments      [P]         MessageText FreshSignIn    "Make the papers of a case: complaint, authority, insurer, patients";
}
