//! `console/sign-in.ftl`.

use crate::ids::messages;

messages! {
    /// What the sign-in page says.
    SignIn {
        Title: "sign-in-title" (),
        Again: "sign-in-again" (),
        WithKey: "sign-in-with-key" (),
        KeyRefused: "sign-in-key-refused" (),
        NoScript: "sign-in-no-script" (),
        KeysElsewhere: "sign-in-keys-elsewhere" (),
        TrustFirst: "sign-in-trust-first" (),
        Or: "sign-in-or" (),
        Login: "sign-in-login" (),
        Password: "sign-in-password" (),
        Readable: "sign-in-readable" (),
        Code: "sign-in-code" (),
        CodeHint: "sign-in-code-hint" (),
        WithPassword: "sign-in-with-password" (),
        Wrong: "sign-in-wrong" (),
        Wait: "sign-in-wait" (time: Left),
        TypedTitle: "sign-in-typed-title" (),
        TypedAbout: "sign-in-typed-about" (),
        TypedSecret: "sign-in-typed-secret" (),
        TypedGo: "sign-in-typed-go" (),
        TypedBack: "sign-in-typed-back" (),
        SetUpWaits: "sign-in-set-up-waits" (),
        SetUpGo: "sign-in-set-up-go" (),
    }
}
