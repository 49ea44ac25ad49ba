//! `console/settings.ftl`.

use crate::ids::messages;

messages! {
    /// What the page of the settings says.
    Settings {
        Title: "console-settings-title" (),
        AllThere: "console-settings-all-there" (),
        HelpMissing: "console-settings-help-missing" (),
        About: "console-settings-about" (),
        Save: "console-settings-save" (),
        Changed: "console-settings-changed" (who: Text, at: Moment),
        Unchanged: "console-settings-unchanged" (),
        ByTheConsole: "console-settings-by-the-console" (),
        BySomebody: "console-settings-by-somebody" (),
        //
        PracticeTitle: "console-settings-practice-title" (),
        PracticeName: "console-settings-practice-name" (),
        PracticeNameHint: "console-settings-practice-name-hint" (),
        PracticeMissing: "console-settings-practice-missing" (),
        TooLong: "console-settings-too-long" (most: Count),
        //
        HelpTitle: "console-settings-help-title" (),
        HelpAbout: "console-settings-help-about" (),
        HelpName: "console-settings-help-name" (),
        HelpNameMissing: "console-settings-help-name-missing" (),
        HelpPhone: "console-settings-help-phone" (),
        HelpPhoneHint: "console-settings-help-phone-hint" (),
        HelpPhoneWrong: "console-settings-help-phone-wrong" (),
        //
        ConsoleTitle: "console-settings-console-title" (),
        ConsoleName: "console-settings-console-name" (),
        ConsoleNameAbout: "console-settings-console-name-about" (),
        NetTitle: "console-settings-net-title" (),
        NetNotNeeded: "console-settings-net-not-needed" (),
        NetAsking: "console-settings-net-asking" (),
        NetAnnounced: "console-settings-net-announced" (),
        NetTaken: "console-settings-net-taken" (),
        NetFailed: "console-settings-net-failed" (reason: Text),
        Fingerprint: "console-settings-fingerprint" (),
        FingerprintHow: "console-settings-fingerprint-how" (),
        FingerprintUnknown: "console-settings-fingerprint-unknown" (),
        Version: "console-settings-version" (),
        Where: "console-settings-where" (),
        WhereAbout: "console-settings-where-about" (),
        Journal: "console-settings-journal" (),
        JournalVerify: "console-settings-journal-verify" (),
        //
        BackupTitle: "console-settings-backup-title" (),
        BackupNever: "console-settings-backup-never" (),
        BackupLast: "console-settings-backup-last" (at: Moment, size: Bytes, file: Text),
        BackupAbout: "console-settings-backup-about" (),
        BackupCount: "console-settings-backup-count" (copies: Count, size: Bytes),
        BackupMake: "console-settings-backup-make" (),
        //
        DonePractice: "console-settings-done-practice" (),
        DoneHelp: "console-settings-done-help" (),
        DoneBackup: "console-settings-done-backup" (),
        DoneSoon: "console-settings-done-soon" (),
    }
}
