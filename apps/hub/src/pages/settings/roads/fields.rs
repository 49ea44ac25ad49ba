//! The fields of both forms: what is set, or what was typed and cannot be taken, each with its hint and its flaw.

use hygie_text::{Args, console::Roads};
use hygie_wire::post::{Flaw, MOST_ADDRESSEES, Road, Security, Shown, Slot};

use super::{
    set::{Mail, Slip, Typed, Webhook},
    word,
};
use crate::web::speech::Speech;

/// One field.
pub(super) struct Field {
    /// Of both forms of both roads: no two are alike.
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) kind: Kind,
    pub(super) value: String,
    pub(super) hint: Option<String>,
    pub(super) wrong: Option<String>,
}

impl Field {
    /// What joins it to its hint and its flaw: made of names of ours alone.
    pub(super) fn marks(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-h", self.id));
        let wrong = self.wrong.as_ref().map(|_| format!("{}-e", self.id));
        let of: Vec<String> = [hint, wrong].into_iter().flatten().collect();
        let mut marks = String::new();
        if !of.is_empty() {
            marks = format!(" aria-describedby=\"{}\"", of.join(" "));
        }
        if self.wrong.is_some() {
            marks.push_str(" aria-invalid=\"true\"");
        }
        marks
    }
}

/// How it is filled in.
pub(super) enum Kind {
    /// One line, by the browser's name for what it holds.
    Line(&'static str),
    /// A line that is not shown.
    Hidden,
    /// Several.
    Lines,
    /// One of these: value, words, chosen.
    Choice(Vec<(&'static str, String, bool)>),
}

/// What a form's fields have in common.
struct Make<'s> {
    speech: &'s Speech,
    slot: Slot,
    /// What is wrong, and where it is said.
    flaw: Option<Flaw>,
}

impl Make<'_> {
    fn field(
        &self,
        name: &'static str,
        (label, hint): (Roads, Option<Roads>),
        (flaw, said): (Flaw, Roads),
        (kind, value): (Kind, String),
    ) -> Field {
        let args = Args::new().count("most", MOST_ADDRESSEES as u64);
        Field {
            id: format!("{}-{name}", word(self.slot)),
            name,
            label: self.speech.word(label),
            kind,
            value,
            hint: hint.map(|id| self.speech.say(id, &args)),
            wrong: (self.flaw == Some(flaw)).then(|| self.speech.say(said, &args)),
        }
    }
}

pub(super) fn mail(
    speech: &Speech,
    slot: Slot,
    shown: Option<&Shown>,
    slip: Option<&Slip>,
) -> Vec<Field> {
    let (typed, flaw) = match slip.map(|slip| (&slip.typed, slip.flaw)) {
        Some((Typed::Mail(typed), flaw)) => (typed.clone(), Some(flaw)),
        Some((Typed::Webhook(_), _)) | None => (Mail::of(slot, shown), None),
    };
    let make = Make { speech, slot, flaw };
    let kept = shown.is_some_and(|shown| shown.secret && matches!(shown.road, Road::Mail { .. }));
    let password = if kept {
        Roads::PasswordKept
    } else {
        Roads::PasswordHint
    };
    let choice = |security, value, words| (value, speech.word(words), typed.security == security);
    vec![
        make.field(
            "server",
            (Roads::Server, Some(Roads::ServerHint)),
            (Flaw::Server, Roads::FlawServer),
            (Kind::Line("text"), typed.server),
        ),
        make.field(
            "port",
            (Roads::Port, Some(Roads::PortHint)),
            (Flaw::Port, Roads::FlawPort),
            (Kind::Line("text"), typed.port),
        ),
        make.field(
            "security",
            (Roads::Security, None),
            // There are two, and the form knows no third.
            (Flaw::Url, Roads::FlawUrl),
            (
                Kind::Choice(vec![
                    choice(Security::Tls, "tls", Roads::SecurityTls),
                    choice(Security::StartTls, "start_tls", Roads::SecurityStartTls),
                ]),
                String::new(),
            ),
        ),
        make.field(
            "user",
            (Roads::User, Some(Roads::UserHint)),
            (Flaw::User, Roads::FlawUser),
            (Kind::Line("text"), typed.user),
        ),
        make.field(
            "password",
            (Roads::Password, Some(password)),
            (Flaw::Secret, Roads::FlawPassword),
            (Kind::Hidden, String::new()),
        ),
        make.field(
            "from",
            (Roads::Sender, Some(Roads::SenderHint)),
            (Flaw::From, Roads::FlawSender),
            (Kind::Line("email"), typed.from),
        ),
        make.field(
            "to",
            (Roads::To, Some(Roads::ToHint)),
            (Flaw::To, Roads::FlawTo),
            (Kind::Lines, typed.to),
        ),
    ]
}

pub(super) fn webhook(
    speech: &Speech,
    slot: Slot,
    shown: Option<&Shown>,
    slip: Option<&Slip>,
) -> Vec<Field> {
    let (typed, flaw) = match slip.map(|slip| (&slip.typed, slip.flaw)) {
        Some((Typed::Webhook(typed), flaw)) => (typed.clone(), Some(flaw)),
        Some((Typed::Mail(_), _)) | None => (Webhook::of(slot, shown), None),
    };
    let make = Make { speech, slot, flaw };
    let kept =
        shown.is_some_and(|shown| shown.secret && matches!(shown.road, Road::Webhook { .. }));
    let key = if kept { Roads::KeyKept } else { Roads::KeyHint };
    vec![
        make.field(
            "url",
            (Roads::Url, Some(Roads::UrlHint)),
            (Flaw::Url, Roads::FlawUrl),
            (Kind::Line("url"), typed.url),
        ),
        make.field(
            "key",
            (Roads::Key, Some(key)),
            (Flaw::Secret, Roads::FlawKey),
            (Kind::Hidden, String::new()),
        ),
    ]
}
