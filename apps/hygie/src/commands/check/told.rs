//! What is said of each message: for people its danger, why, and what to do; for scripts one object. Of a message's own words
//! only what a reason is about is shown, shortened, and with nothing in it that a terminal would obey.

use std::path::Path;

use hygie_phish::{Fact, Level, Reason, Side, Verdict};
use hygie_text::{Args, Id, console::Phish};
use serde_json::{Map, Value, json};

use super::{
    messages::{Found, NoMessage, Why},
    senders::Learnt,
};
use crate::screen::{Exit, Screen, path_fields};

/// How many messages of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    safe: u64,
    doubtful: u64,
    dangerous: u64,
    /// What was named and is no message.
    none: u64,
}

impl Counts {
    pub(crate) fn seen(self) -> u64 {
        self.safe + self.doubtful + self.dangerous
    }

    fn exit(self) -> Exit {
        let each = [
            (self.none, Exit::Failed),
            (self.doubtful, Exit::Partial),
            (self.dangerous, Exit::Lost),
        ];
        let found = each.into_iter().filter(|(count, _)| *count > 0);
        found.map(|(_, exit)| exit).max().unwrap_or(Exit::Good)
    }
}

/// What is said, and what came of it all.
pub(crate) struct Told<'a> {
    screen: &'a Screen,
    /// One file was named: it is told whatever it is.
    is_one: bool,
    /// Harmless ones that have no line of their own.
    unsaid: u64,
    pub(crate) counts: Counts,
}

impl<'a> Told<'a> {
    pub(crate) fn new(screen: &'a Screen, is_one: bool) -> Self {
        let counts = Counts::default();
        Self {
            screen,
            is_one,
            unsaid: 0,
            counts,
        }
    }

    /// Of many the harmless ones are counted alone.
    pub(crate) fn judged(&mut self, found: &Found, verdict: &Verdict) {
        let (count, level) = match verdict.level {
            Level::Safe => (&mut self.counts.safe, Phish::LevelSafe),
            Level::Doubtful => (&mut self.counts.doubtful, Phish::LevelDoubtful),
            Level::DangerousProbable => (&mut self.counts.dangerous, Phish::LevelDangerousProbable),
            Level::DangerousVeryProbable => (
                &mut self.counts.dangerous,
                Phish::LevelDangerousVeryProbable,
            ),
        };
        *count += 1;
        let mut object = about(found.file.as_deref(), found.number);
        object.insert("verdict".into(), verdict.level.verdict().into());
        object.insert("score".into(), verdict.score.into());
        let reasons = verdict.reasons.iter();
        let reasons = reasons.map(|one| told_to_scripts(&one.reason, one.points));
        object.insert("reasons".into(), reasons.collect());
        let advice = verdict.advice.iter().map(|advice| advice.word());
        object.insert("advice".into(), advice.collect());
        self.screen.json("check", Value::Object(object));
        let is_safe = verdict.level == Level::Safe;
        if is_safe && (!self.is_one || found.number.is_some()) {
            self.unsaid += 1;
            return;
        }
        self.line(found, level);
        let wanted = if is_safe { Side::For } else { Side::Against };
        let told = verdict.reasons.iter().filter(|one| {
            one.reason.clue().side() == wanted && (one.points > 0) == (wanted == Side::Against)
        });
        let told: Vec<String> = told
            .filter_map(|one| self.reason(&one.reason))
            .take(MOST)
            .collect();
        for reason in &told {
            self.screen.item(&format!("- {reason}"));
        }
        if is_safe && told.is_empty() {
            let nothing = self
                .screen
                .catalog()
                .say(Id::CheckNothingSeen, &Args::new());
            self.screen.item(&format!("- {nothing}"));
        }
        for advice in &verdict.advice {
            if let Some(id) = Phish::of_advice(advice.word()) {
                let advice = self.screen.catalog().say(id, &Args::new());
                self.screen.item(&format!("→ {advice}"));
            }
        }
    }

    /// It broke what read it: nobody's ordinary message does that.
    pub(crate) fn unread(&mut self, found: &Found) {
        self.counts.doubtful += 1;
        let mut object = about(found.file.as_deref(), found.number);
        object.insert("verdict".into(), "doubtful".into());
        object.insert("score".into(), Value::Null);
        object.insert("reasons".into(), json!([]));
        object.insert("unread".into(), "broken".into());
        self.screen.json("check", Value::Object(object));
        self.line(found, Phish::LevelDoubtful);
        self.screen.say(Id::CheckUnread, &Args::new());
    }

    /// Who wrote it is what somebody quoted.
    pub(crate) fn quoted(&self) {
        self.screen.say(Id::CheckQuoted, &Args::new());
    }

    /// There is no message in what was named.
    pub(crate) fn none(&mut self, none: &NoMessage) {
        self.counts.none += 1;
        let file = self.name(none.file.as_deref());
        let args = Args::new().text("file", &file);
        let (word, id, args) = match &none.why {
            Why::Kind => ("not-a-message", Id::CheckNotAMessage, args),
            Why::Outlook => ("outlook", Id::CheckOutlook, args),
            Why::File(reason) => ("no-file", Id::CheckFile, args.text("reason", reason)),
        };
        let mut object = about(none.file.as_deref(), None);
        object.insert("verdict".into(), Value::Null);
        object.insert("score".into(), Value::Null);
        object.insert("reasons".into(), json!([]));
        object.insert("unread".into(), word.into());
        self.screen.json("check", Value::Object(object));
        self.screen.warn(id, &args);
    }

    /// What came of all.
    pub(crate) fn end(self) -> Exit {
        let Counts {
            safe,
            doubtful,
            dangerous,
            ..
        } = self.counts;
        let seen = self.counts.seen();
        if seen > 1 || self.unsaid > 0 {
            let args = Args::new().count("messages", seen).count("safe", safe);
            self.screen.say(Id::CheckSummary, &args);
            for (count, id) in [
                (dangerous, Id::CheckDangerous),
                (doubtful, Id::CheckDoubtful),
            ] {
                if count > 0 {
                    self.screen.say(id, &Args::new().count("messages", count));
                }
            }
        }
        self.counts.exit()
    }

    pub(crate) fn learnt(&self, learnt: Learnt, people: u64, knows_own: bool) {
        let screen = self.screen;
        let args = Args::new().count("received", learnt.received);
        screen.say(Id::CheckLearnt, &args.count("sent", learnt.sent));
        for (count, id) in [
            (learnt.already, Id::CheckLearntAlready),
            (learnt.left_out, Id::CheckLearntLeftOut),
        ] {
            if count > 0 {
                screen.say(id, &Args::new().count("messages", count));
            }
        }
        screen.say(Id::CheckLearntPeople, &Args::new().count("people", people));
        if !knows_own {
            screen.say(Id::CheckLearntNoOwn, &Args::new());
        }
        screen.json(
            "check.learn",
            json!({
                "received": learnt.received,
                "sent": learnt.sent,
                "already": learnt.already,
                "left_out": learnt.left_out,
                "people": people,
            }),
        );
    }

    /// Learning judges nobody: only what could not be read counts.
    pub(crate) fn end_of_learning(self) -> Exit {
        self.counts.exit()
    }

    fn line(&self, found: &Found, level: Phish) {
        let catalog = self.screen.catalog();
        let args = Args::new()
            .text("file", &self.name(found.file.as_deref()))
            .nested("level", catalog.say(level, &Args::new()));
        match found.number {
            None => self.screen.say(Id::CheckOne, &args),
            Some(number) => {
                let args = args.count("number", number);
                self.screen.say(Id::CheckOneOf, &args);
            }
        }
    }

    fn name(&self, file: Option<&Path>) -> String {
        match file {
            Some(file) => file.to_string_lossy().into_owned(),
            None => self.screen.catalog().say(Id::CheckIn, &Args::new()),
        }
    }

    fn reason(&self, reason: &Reason) -> Option<String> {
        let id = Phish::of_reason(reason.clue().word())?;
        let args = reason.facts().into_iter().fold(Args::new(), put);
        Some(self.screen.catalog().say(id, &args))
    }
}

fn put(args: Args, (name, fact): (&'static str, Fact)) -> Args {
    match fact {
        Fact::Words(words) => args.text(name, &shortened(&words)),
        Fact::Number(number) => args.count(name, u64::from(number)),
    }
}

fn shortened(words: &str) -> String {
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

fn about(file: Option<&Path>, number: Option<u64>) -> Map<String, Value> {
    let mut object = Map::new();
    let path = path_fields(file.unwrap_or(Path::new("-")));
    for (name, value) in path {
        let name = name.replace("path", "file");
        object.insert(name, value);
    }
    if let Some(number) = number {
        object.insert("message".into(), number.into());
    }
    object
}

fn told_to_scripts(reason: &Reason, points: i32) -> Value {
    let mut object = Map::new();
    object.insert("reason".into(), reason.clue().word().into());
    object.insert("points".into(), points.into());
    let facts = reason.facts();
    if !facts.is_empty() {
        let facts = facts.into_iter().map(|(name, fact)| {
            let value = match fact {
                Fact::Words(words) => Value::from(words),
                Fact::Number(number) => number.into(),
            };
            (name.to_owned(), value)
        });
        object.insert("facts".into(), Value::Object(facts.collect()));
    }
    Value::Object(object)
}

/// Reasons that a person reads of one message.
const MOST: usize = 6;
/// Signs of a message's own words in one reason.
const LONGEST: usize = 80;

#[cfg(test)]
mod tests {
    use hygie_phish::{Advice, Clue};

    use super::*;

    #[test]
    fn each_reason_and_advice_has_a_sentence() {
        for clue in Clue::ALL {
            assert!(Phish::of_reason(clue.word()).is_some(), "{clue:?}");
        }
        for advice in Advice::ALL {
            assert!(Phish::of_advice(advice.word()).is_some(), "{advice:?}");
        }
    }

    #[test]
    fn the_worst_wins() {
        let exit = |safe, none, doubtful, dangerous| {
            Counts {
                safe,
                doubtful,
                dangerous,
                none,
            }
            .exit()
        };
        assert_eq!(exit(3, 0, 0, 0), Exit::Good);
        assert_eq!(exit(3, 1, 0, 0), Exit::Failed);
        assert_eq!(exit(3, 1, 1, 0), Exit::Partial);
        assert_eq!(exit(3, 1, 1, 1), Exit::Lost);
    }

    #[test]
    fn words_of_strangers_are_short() {
        assert_eq!(shortened("é"), "é");
        assert_eq!(shortened(&"é".repeat(500)), "é".repeat(80) + "…");
    }
}
