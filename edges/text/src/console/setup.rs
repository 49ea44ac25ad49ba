//! `console/setup.ftl`.

use crate::ids::messages;

messages! {
    /// What the set-up page says.
    Setup {
        Title: "setup-title" (),
        About: "setup-about" (),
        Code: "setup-code" (),
        CodeHint: "setup-code-hint" (),
        CodeWrong: "setup-code-wrong" (),
        Practice: "setup-practice" (),
        PracticeMissing: "setup-practice-missing" (),
        Host: "setup-host" (),
        HostHint: "setup-host-hint" (),
        HostWrong: "setup-host-wrong" (example: Text),
        Name: "setup-name" (),
        NameMissing: "setup-name-missing" (),
        Login: "setup-login" (),
        LoginHint: "setup-login-hint" (),
        LoginWrong: "setup-login-wrong" (),
        Go: "setup-go" (),
    }
}
