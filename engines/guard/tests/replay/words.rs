//! The words of a trace: how events are read and actions are written.

use std::{str::FromStr, time::Duration};

use hygie_guard::{
    Action, Ask, CopyOutcome, Found, Hold, Intent, Leased, Refusal, Seen, Standing, State, Told,
    Urgency, Verdict,
};
use hygie_model::{FileId, Mono};

/// The words of one event that are still to be read.
pub(crate) struct Words<'a>(pub(crate) std::vec::IntoIter<&'a str>);

impl<'a> Words<'a> {
    pub(crate) fn next(&mut self) -> Result<&'a str, String> {
        self.0.next().ok_or_else(|| "too few words".to_owned())
    }

    pub(crate) fn tagged(&mut self, tag: &str) -> Result<&'a str, String> {
        let word = self.next()?;
        word.strip_prefix(tag).ok_or_else(|| format!("`{word}`?"))
    }

    pub(crate) fn file(&mut self) -> Result<FileId, String> {
        number(self.tagged("f")?).map(FileId)
    }

    pub(crate) fn ask(&mut self) -> Result<Ask, String> {
        number(self.tagged("a")?).map(Ask)
    }

    pub(crate) fn time(&mut self) -> Result<Mono, String> {
        Ok(Mono(0).after(duration(self.next()?)?))
    }

    /// One of a few words; another word stays unread, so that it may be left out.
    pub(crate) fn one_of<T: Copy>(&mut self, known: &[(&str, T)]) -> Result<T, String> {
        let word = *self.0.as_slice().first().ok_or("too few words")?;
        let found = known.iter().find(|(one, _)| *one == word);
        let (_, value) = found.ok_or_else(|| format!("`{word}`?"))?;
        self.0.next();
        Ok(*value)
    }

    pub(crate) fn end(&mut self) -> Result<(), String> {
        self.0
            .next()
            .map_or(Ok(()), |word| Err(format!("`{word}` is too much")))
    }
}

/// `12ms` or `5s`.
pub(crate) fn duration(word: &str) -> Result<Duration, String> {
    if let Some(millis) = word.strip_suffix("ms") {
        return number(millis).map(Duration::from_millis);
    }
    let seconds = word.strip_suffix('s').ok_or_else(|| format!("`{word}`?"))?;
    number(seconds).map(Duration::from_secs)
}

pub(crate) fn number<T: FromStr>(word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("`{word}` is no number"))
}

/// An action as a trace expects it.
pub(crate) fn told(action: Action) -> String {
    match action {
        Action::Answer(Ask(ask), verdict) => format!("{} a{ask}", name(&VERDICT, &verdict)),
        Action::Copy(FileId(file), State(state), urgency) => {
            format!("copy f{file} s{state} {}", name(&URGENCY, &urgency))
        }
        Action::Hurry(FileId(file), urgency) => {
            format!("hurry f{file} {}", name(&URGENCY, &urgency))
        }
        Action::MarkNear(FileId(file)) => format!("mark f{file}"),
        Action::UnmarkNear(FileId(file)) => format!("unmark f{file}"),
        Action::IgnoreWide(FileId(file)) => format!("ignore-wide f{file}"),
        Action::HeedWide(FileId(file)) => format!("heed-wide f{file}"),
        Action::Link(FileId(file)) => format!("link f{file}"),
        Action::Unlink(FileId(file)) => format!("unlink f{file}"),
        Action::Release(FileId(file)) => format!("release f{file}"),
        Action::Yield(FileId(file)) => format!("yield f{file}"),
        Action::Forget(FileId(file)) => format!("forget f{file}"),
        Action::Tell(Told::StateWithoutCopy(FileId(file))) => format!("tell without-copy f{file}"),
        Action::Tell(Told::OpenBefore(FileId(file))) => format!("tell open-before f{file}"),
        Action::Tell(Told::Unreadable(FileId(file))) => format!("tell unreadable f{file}"),
        Action::Tell(Told::Covered(FileId(file))) => format!("tell covered f{file}"),
        Action::Tell(Told::NoRoom) => "tell no-room".into(),
        Action::Tell(Told::RoomAgain) => "tell room-again".into(),
    }
}

fn name<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words
        .iter()
        .find(|(_, known)| known == value)
        .map_or("?", |(word, _)| word)
}

pub(crate) const FOUND: [(&str, Found); 4] = [
    ("kept", Found::Kept),
    ("not-kept", Found::NotKept),
    ("open", Found::Open),
    ("new", Found::New),
];
pub(crate) const HOLD: [(&str, Hold); 3] = [
    ("leased", Hold::Leased),
    ("marked", Hold::Marked),
    ("bare", Hold::Bare),
];
pub(crate) const INTENT: [(&str, Intent); 2] = [("read", Intent::Read), ("write", Intent::Write)];
pub(crate) const STANDING: [(&str, Standing); 2] =
    [("known", Standing::Known), ("unknown", Standing::Unknown)];
pub(crate) const SEEN: [(&str, Seen); 2] = [("same", Seen::Same), ("differs", Seen::Differs)];
pub(crate) const LEASED: [(&str, Leased); 2] =
    [("leased", Leased::Granted), ("unleased", Leased::Refused)];
pub(crate) const OUTCOME: [(&str, CopyOutcome); 6] = [
    ("leased", CopyOutcome::Kept(Leased::Granted)),
    ("unleased", CopyOutcome::Kept(Leased::Refused)),
    ("busy", CopyOutcome::Busy),
    ("no-room", CopyOutcome::NoRoom),
    ("unreadable", CopyOutcome::Unreadable),
    ("vanished", CopyOutcome::Vanished),
];
const URGENCY: [(&str, Urgency); 4] = [
    ("held", Urgency::Held),
    ("closed", Urgency::Closed),
    ("settle", Urgency::Settle),
    ("first", Urgency::First),
];
const VERDICT: [(&str, Verdict); 3] = [
    ("allow", Verdict::Allow),
    ("busy", Verdict::Deny(Refusal::Busy)),
    ("no-room", Verdict::Deny(Refusal::NoRoom)),
];
