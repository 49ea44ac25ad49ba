//! What those want who collect such messages, ready to be copied. Hygie sends nothing itself.

use hygie_phish::Verdict;
use hygie_text::{Args, console::Ask};

use super::{Form, Sort, answer::sort_words, said};
use crate::web::{fault::Fault, gate::encoded, visitor::Visitor};

/// What is to be copied.
pub(super) struct Report {
    pub(super) is_sms: bool,
    /// The button's words.
    pub(super) go: String,
    /// The number or name that was given.
    pub(super) sender: String,
    /// The message as it came.
    pub(super) text: String,
    /// The note for who looks after health.
    pub(super) note: String,
    /// Opens a telephone's own page for a short message, filled in.
    pub(super) dial: Option<String>,
}

/// For a message that is to be reported.
pub(super) fn report(
    visitor: &Visitor,
    form: &Form,
    shown: &str,
    verdict: &Verdict,
) -> Result<Report, Fault> {
    let shown = &shown[..shown.floor_char_boundary(LONGEST)];
    let is_sms = form.sort == Sort::Sms;
    Ok(Report {
        is_sms,
        go: visitor.speech.word(if is_sms {
            Ask::ReportSmsGo
        } else {
            Ask::ReportGo
        }),
        sender: hygie_text::shown(&form.sender),
        text: said::as_came(shown),
        note: note(visitor, form, shown, verdict)?,
        dial: (is_sms && shown.len() <= LONGEST_SMS)
            .then(|| format!("sms:33700?body={}", encoded(shown))),
    })
}

fn note(visitor: &Visitor, form: &Form, shown: &str, verdict: &Verdict) -> Result<String, Fault> {
    let speech = &visitor.speech;
    let head = Args::new()
        .text("practice", &visitor.facts()?.name)
        .moment("at", visitor.now)
        .nested("kind", speech.word(sort_words(form.sort)));
    let mut lines = vec![speech.say(Ask::NoteHead, &head)];
    if !form.sender.is_empty() {
        let args = Args::new().text("sender", &form.sender);
        lines.push(speech.say(Ask::NoteFrom, &args));
    }
    let level = speech.word(said::level(verdict.level));
    lines.push(speech.say(Ask::NoteWhy, &Args::new().nested("verdict", level)));
    let reasons = said::reasons(speech, verdict).against;
    lines.extend(reasons.into_iter().map(|why| format!("- {}", why.said)));
    lines.push(speech.word(Ask::NoteDid));
    lines.push(speech.word(Ask::NoteText));
    lines.push(said::as_came(shown));
    Ok(lines.join("\n"))
}

/// A short message of several parts; more is not one.
const LONGEST: usize = 6000;
const LONGEST_SMS: usize = 1500;
