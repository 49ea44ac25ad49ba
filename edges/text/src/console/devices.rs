//! `console/devices.ftl`.

use crate::ids::messages;

messages! {
    /// What the page of the devices says.
    Devices {
        Title: "console-devices-title" (),
        HereOk: "console-devices-here-ok" (),
        HereBut: "console-devices-here-but" (exceptions: Count),
        HereNot: "console-devices-here-not" (),
        HereMending: "console-devices-here-mending" (),
        HereSilent: "console-devices-here-silent" (),
        OthersWait: "console-devices-others-wait" (devices: Count),
        ListLabel: "console-devices-list-label" (),
        Here: "console-devices-here" (name: Text),
        HereUnnamed: "console-devices-here-unnamed" (),
        //
        StateOk: "console-devices-state-ok" (),
        StateBut: "console-devices-state-but" (),
        StateNot: "console-devices-state-not" (),
        StateMending: "console-devices-state-mending" (),
        StateIdk: "console-devices-state-idk" (),
        StateSilent: "console-devices-state-silent" (since: Moment),
        StateNeverHeard: "console-devices-state-never-heard" (),
        //
        Silent: "console-devices-silent" () advised,
        Files: "console-devices-files" (files: Count, copied: Count),
        Versions: "console-devices-versions" (versions: Count, bytes: Bytes),
        Since: "console-devices-since" (since: Moment),
        LastEvent: "console-devices-last-event" (at: Moment),
        Trouble: "console-devices-trouble" () advised,
        Exceptions: "console-devices-exceptions" (exceptions: Count),
        Version: "console-devices-version" (version: Text),
        LastHeard: "console-devices-last-heard" (at: Moment),
        NeverHeard: "console-devices-never-heard" (),
        AFile: "console-devices-a-file" (),
        NotTold: "console-devices-not-told" (),
        //
        FoldersTitle: "console-devices-folders-title" (),
        FoldersNone: "console-devices-folders-none" (),
        FoldersHow: "console-devices-folders-how" (),
        FoldersUnknown: "console-devices-folders-unknown" (),
        //
        OthersTitle: "console-devices-others-title" (),
        OthersNone: "console-devices-others-none" (),
        OthersNoneWhat: "console-devices-others-none-what" (),
        Rename: "console-devices-rename" (),
        Name: "console-devices-name" (),
        NameMissing: "console-devices-name-missing" (),
        NameLong: "console-devices-name-long" (most: Count),
        Retire: "console-devices-retire" (),
        RetireAbout: "console-devices-retire-about" (),
        RetiredTitle: "console-devices-retired-title" (),
        Retired: "console-devices-retired" (at: Moment),
        Refresh: "console-devices-refresh" (),
        DoneRename: "console-devices-done-rename" (),
        DoneRetire: "console-devices-done-retire" (),
    }
}
