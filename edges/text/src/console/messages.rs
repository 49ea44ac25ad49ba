//! `console/messages.ftl`.

use crate::ids::messages;

messages! {
    /// What the page says on which Hygie is told what it needs to know of the practice when it judges messages.
    Messages {
        Title: "console-messages-title" (),
        About: "console-messages-about" (),
        CardLink: "console-messages-card-link" (),
        Done: "console-messages-done" (),
        //
        PracticeTitle: "console-messages-practice-title" (),
        Own: "console-messages-own" (),
        OwnHint: "console-messages-own-hint" (),
        OwnWrong: "console-messages-own-wrong" (text: Text),
        Servers: "console-messages-servers" (),
        ServersHint: "console-messages-servers-hint" (),
        ServersWrong: "console-messages-servers-wrong" (text: Text),
        Asks: "console-messages-asks" (),
        AsksHint: "console-messages-asks-hint" (),
        //
        KnownTitle: "console-messages-known-title" (),
        KnownPeople: "console-messages-known-people" (people: Count),
        KnownNobody: "console-messages-known-nobody" (),
        KnownUnread: "console-messages-known-unread" (),
        KnownAbout: "console-messages-known-about" (),
    }
}
