//! An alert in words: what it is about, what to do, what became of it. Only names that the practice itself gave can come in, and of
//! those nothing that a path or an address is made of: no file's name and no patient's data leaves in a letter.

use std::collections::BTreeMap;

use hygie_alert::{Alert, Bad, Leg, Standing, Thing, What, Why};
use hygie_store::Practice;
use hygie_text::{Args, Explained, console::Alerts};

use crate::web::{fault::Fault, speech::Speech};

/// Who is called how.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    devices: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
}

impl Names {
    /// Of a practice.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn of(practice: Practice<'_>) -> Result<Self, Fault> {
        let devices = practice.devices().await?.into_iter();
        let people = practice.people().await?.into_iter();
        Ok(Self {
            devices: devices
                .map(|device| (device.id.0.to_string(), plain(&device.name)))
                .collect(),
            people: people
                .map(|person| (person.id.0.to_string(), plain(&person.name)))
                .collect(),
        })
    }

    /// The device's name; none for the console's own.
    fn device(&self, speech: &Speech, thing: &Thing) -> Option<Args> {
        let who = thing.who.0.split(' ').next().unwrap_or_default();
        if who == "here" {
            return None;
        }
        let known = self.devices.get(who).filter(|name| !name.is_empty());
        let name = known.cloned();
        let name = name.unwrap_or_else(|| speech.word(Alerts::SomeDevice));
        Some(Args::new().nested("device", name))
    }

    /// A reader's name.
    pub(crate) fn person(&self, speech: &Speech, who: &str) -> String {
        let known = self.people.get(who).filter(|name| !name.is_empty());
        let name = known.cloned();
        name.unwrap_or_else(|| speech.word(Alerts::Somebody))
    }
}

/// Letters, digits, spaces, hyphens and apostrophes, and not many of them.
pub(super) fn plain(name: &str) -> String {
    let signs = name.chars().map(|sign| {
        if sign.is_alphanumeric() || "-'’".contains(sign) {
            sign
        } else {
            ' '
        }
    });
    let kept: String = signs.take(LONGEST).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What it is about, and what to do.
pub(crate) fn title(speech: &Speech, names: &Names, alert: &Alert) -> Explained {
    let thing = &alert.thing;
    let on = |here: Alerts, there: Alerts| match names.device(speech, thing) {
        None => speech.explain(here, &Args::new()),
        Some(args) => speech.explain(there, &args),
    };
    let device = |id: Alerts| {
        let args = names.device(speech, thing).unwrap_or_default();
        speech.explain(id, &args)
    };
    let person = |id: Alerts| {
        let name = names.person(speech, &thing.who.0);
        speech.explain(id, &Args::new().nested("name", name))
    };
    let word = |id: Alerts| speech.explain(id, &Args::new());
    match (thing.what, alert.bad) {
        (What::Incident, _) => on(Alerts::Incident, Alerts::IncidentOn),
        (What::Guard, Bad::Silent | Bad::Away) => on(Alerts::GuardSilent, Alerts::GuardOn),
        (What::Guard, Bad::Trouble) => on(Alerts::Guard, Alerts::GuardOn),
        (What::Points, _) => on(Alerts::Points, Alerts::PointsOn),
        (What::Device, Bad::Away) => device(Alerts::Away),
        (What::Device, Bad::Silent | Bad::Trouble) => device(Alerts::Device),
        (What::Recovery, _) => person(Alerts::Recovery),
        (What::NewPerson, _) => person(Alerts::NewPerson),
        (What::NewKey, _) => person(Alerts::NewKey),
        (What::Guessing, _) => word(Alerts::Guessing),
        (What::Post, _) => word(Alerts::Post),
        (What::Signer, _) => word(Alerts::Signer),
        (What::Database, _) => word(Alerts::Database),
        (What::Journal, _) => word(Alerts::Journal),
        (What::Disk, _) => word(Alerts::Disk),
        (What::Certificate, _) => word(Alerts::Certificate),
        (What::Copies, _) => word(Alerts::Copies),
    }
}

/// When it was, how often, and that it is over.
pub(crate) fn course(speech: &Speech, alert: &Alert) -> Vec<String> {
    let mut said = Vec::new();
    let since = Args::new().moment("at", alert.since);
    if alert.thing.what.happens() {
        said.push(speech.say(Alerts::At, &since));
        if alert.times > 1 {
            let times = Args::new().count("times", alert.times.into());
            said.push(speech.say(Alerts::Again, &times));
        }
        return said;
    }
    if alert.times > 1 {
        let args = Args::new()
            .count("times", alert.times.into())
            .moment("since", alert.since);
        said.push(speech.say(Alerts::Times, &args));
    } else {
        said.push(speech.say(Alerts::Since, &since));
    }
    if let Some(ended) = alert.ended {
        let by_people = matches!(alert.thing.what, What::Incident | What::Recovery);
        let id = if by_people {
            Alerts::Settled
        } else {
            Alerts::Over
        };
        said.push(speech.say(id, &Args::new().moment("at", ended)));
    }
    said
}

/// By which road it went, and who read it.
pub(crate) fn became(speech: &Speech, names: &Names, alert: &Alert) -> Vec<String> {
    let mut said = Vec::new();
    for (leg, given) in [
        (alert.first, Alerts::GivenFirst),
        (alert.second, Alerts::GivenSecond),
    ] {
        match leg {
            Leg::Given(at) => said.push(speech.say(given, &Args::new().moment("at", at))),
            Leg::Unsent(_, why) => said.push(speech.word(unsent(why))),
            Leg::Waits => {}
        }
    }
    said.dedup();
    match alert.read {
        Some(read) => {
            let who = names.person(speech, &read.by.0.to_string());
            let args = Args::new().nested("who", who).moment("at", read.at);
            said.push(speech.say(Alerts::ReadBy, &args));
        }
        None => said.push(speech.word(Alerts::Unread)),
    }
    said
}

const fn unsent(why: Why) -> Alerts {
    match why {
        Why::PostSilent => Alerts::UnsentSilent,
        Why::Road(hygie_model::letter::Trouble::NoRoad) => Alerts::UnsentNoRoad,
        Why::Road(trouble) if trouble.may_pass() => Alerts::UnsentLater,
        Why::Road(_) => Alerts::UnsentRefused,
    }
}

/// What a duty is called; none for what is told elsewhere.
pub(crate) fn duty(speech: &Speech, names: &Names, thing: &Thing) -> Option<String> {
    let device = names.device(speech, thing);
    Some(match (thing.what, device) {
        (What::Guard, None) => speech.word(Alerts::DutyGuard),
        (What::Guard, Some(args)) => speech.say(Alerts::DutyGuardOn, &args),
        (What::Device, args) => speech.say(Alerts::DutyDevice, &args?),
        (What::Post, _) => speech.word(Alerts::DutyPost),
        (What::Signer, _) => speech.word(Alerts::DutySigner),
        (What::Database, _) => speech.word(Alerts::DutyDatabase),
        (What::Journal, _) => speech.word(Alerts::DutyJournal),
        (What::Disk, _) => speech.word(Alerts::DutyDisk),
        (What::Certificate, _) => speech.word(Alerts::DutyCertificate),
        (What::Copies, _) => speech.word(Alerts::DutyCopies),
        (
            What::Incident
            | What::Points
            | What::Recovery
            | What::NewPerson
            | What::NewKey
            | What::Guessing,
            _,
        ) => return None,
    })
}

/// How it stands.
pub(crate) fn stands(speech: &Speech, standing: Standing) -> String {
    let since = |id, at| speech.say(id, &Args::new().moment("since", at));
    match standing {
        Standing::Well => speech.word(Alerts::StandsWell),
        Standing::Trouble { since: at } => since(Alerts::StandsTrouble, at),
        Standing::Mending { since: at } => since(Alerts::StandsMending, at),
        Standing::NotKnown { since: at } => since(Alerts::StandsNotKnown, at),
        Standing::Asleep { since: at, until } => {
            let args = Args::new().moment("since", at).moment("until", until);
            speech.say(Alerts::StandsAsleep, &args)
        }
    }
}

/// Signs of a name.
const LONGEST: usize = 40;
