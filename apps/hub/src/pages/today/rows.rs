//! What waits, in words: what to do first, why, for whom, and the one way to it.

use hygie_identity::Act;
use hygie_model::{Exception, Protection};
use hygie_text::{
    Args,
    console::{People, Today},
};

use super::state::{Alert, Device, Trouble, Wait};
use crate::{
    pages::{bowl::Ball, incidents::Known, me::SheetWaits, people::Notice},
    web::{icon::Icon, visitor::Visitor},
};

/// Something that waits.
pub(super) struct Row {
    pub(super) title: String,
    pub(super) why: Vec<String>,
    pub(super) who: Option<String>,
    pub(super) icon: String,
    /// Of the card, where it comes first.
    pub(super) rim: &'static str,
    pub(super) go: Go,
}

/// The way to it.
pub(super) enum Go {
    /// A page.
    Link { to: String, words: String },
    /// An alert is said to be read.
    Read { id: String, words: String },
    /// Told elsewhere.
    None,
}

/// Puts it into words.
pub(super) fn row(visitor: &Visitor, wait: &Wait) -> Row {
    let rim = match wait.ball() {
        Ball::Now => "card--now",
        Ball::Wait | Ball::Calm => "card--wait",
    };
    let row = match wait {
        Wait::Incident(known) => incident(visitor, known),
        Wait::Protection(protection) => lost(visitor, protection),
        Wait::Silent => silent(visitor),
        Wait::Exceptions(exceptions) => points(visitor, exceptions),
        Wait::Return(notice) => back(visitor, notice),
        Wait::Device(one) => device(visitor, one),
        Wait::Access(means) => Row {
            why: vec![visitor.speech.word(*means)],
            ..access(visitor, Today::AccessTitle)
        },
        Wait::Sheet(sheet) => Row {
            why: vec![visitor.speech.word(match sheet {
                SheetWaits::None => Today::SheetNone,
                SheetWaits::Untested => Today::SheetUntested,
                SheetWaits::NearlyUsed => Today::SheetNearlyUsed,
            })],
            ..access(visitor, Today::SheetTitle)
        },
        Wait::Alert(one) => alert(visitor, one),
    };
    Row { rim, ..row }
}

fn plain(visitor: &Visitor, (title, who): (Today, Option<Today>), icon: Icon, go: Go) -> Row {
    Row {
        title: visitor.speech.word(title),
        why: Vec::new(),
        who: who.map(|who| visitor.speech.word(who)),
        icon: icon.svg().replacen("icon", "icon w", 1),
        rim: "",
        go,
    }
}

fn link(visitor: &Visitor, to: impl Into<String>, words: Today) -> Go {
    Go::Link {
        to: to.into(),
        words: visitor.speech.word(words),
    }
}

fn incident(visitor: &Visitor, known: &Known) -> Row {
    let speech = &visitor.speech;
    let at = Args::new().moment("at", known.at);
    let why = match (&known.device, &known.program) {
        (Some(device), _) => speech.say(Today::IncidentWhyOn, &at.text("device", device)),
        (None, Some(program)) => speech.say(Today::IncidentWhy, &at.text("program", program)),
        (None, None) => speech.say(Today::IncidentWhyUnnamed, &at),
    };
    let may_undo = visitor.may(Act::UndoIncident);
    let word = if may_undo {
        Today::IncidentUndo
    } else {
        Today::IncidentSee
    };
    let go = link(visitor, known.page.clone(), word);
    let words = (Today::IncidentTitle, Some(Today::IncidentWho));
    Row {
        why: vec![why],
        ..plain(visitor, words, Icon::Incidents, go)
    }
}

fn lost(visitor: &Visitor, protection: &Protection) -> Row {
    let go = link(visitor, "/", Today::CheckAgain);
    let words = (Today::UnprotectedTitle, Some(Today::ItWho));
    let said = visitor.speech.protection(protection).into_iter();
    Row {
        why: said
            .flat_map(|said| [Some(said.what), said.to_do])
            .flatten()
            .collect(),
        ..plain(visitor, words, Icon::BowlTodo, go)
    }
}

fn silent(visitor: &Visitor) -> Row {
    let go = link(visitor, "/", Today::CheckAgain);
    let words = (Today::SilentTitle, Some(Today::ItWho));
    Row {
        why: vec![visitor.speech.word(Today::SilentWhy)],
        ..plain(visitor, words, Icon::BowlIdk, go)
    }
}

/// One after the other: what to do, and what is not covered until then.
fn points(visitor: &Visitor, exceptions: &[Exception]) -> Row {
    let speech = &visitor.speech;
    let mut title = None;
    let mut why = Vec::new();
    for exception in exceptions.iter().take(POINTS) {
        for said in one_point(visitor, exception) {
            match title {
                None => title = said.to_do,
                Some(_) => why.extend(said.to_do),
            }
            why.push(said.what);
        }
    }
    let beyond = exceptions.len().saturating_sub(POINTS) as u64;
    if beyond > 0 {
        why.push(speech.say(Today::ButMore, &Args::new().count("points", beyond)));
    }
    let words = (Today::UnprotectedTitle, Some(Today::ButWho));
    let row = plain(
        visitor,
        words,
        Icon::BowlPart,
        link(visitor, "/", Today::CheckAgain),
    );
    Row {
        title: title.unwrap_or(row.title),
        why,
        ..row
    }
}

/// A point that is not covered, and what to do about it.
pub(super) fn one_point(visitor: &Visitor, exception: &Exception) -> Vec<hygie_text::Explained> {
    let alone = Protection::ProtectedBut {
        exceptions: vec![exception.clone()],
    };
    visitor.speech.protection(&alone)
}

/// Somebody wants back in.
fn back(visitor: &Visitor, notice: &Notice) -> Row {
    let go = match &notice.go {
        Some((to, words)) => Go::Link {
            to: to.clone(),
            words: words.clone(),
        },
        None => Go::None,
    };
    Row {
        title: notice.title.clone(),
        why: vec![notice.why.clone()],
        who: Some(visitor.speech.word(People::NoticeToAll)),
        ..plain(visitor, (Today::AccessTitle, None), Icon::People, go)
    }
}

fn device(visitor: &Visitor, device: &Device) -> Row {
    let speech = &visitor.speech;
    let since = |at| Args::new().moment("since", at);
    let why = match device.trouble {
        Trouble::Silent(at) => speech.say(Today::DeviceSilent, &since(at)),
        Trouble::NeverHeard => speech.word(Today::DeviceNeverHeard),
        Trouble::NotProtected(at) => speech.say(Today::DeviceNotProtected, &since(at)),
    };
    let name = Args::new().text("device", &device.name);
    let go = if visitor.may(Act::SeeDevices) {
        link(visitor, "/devices", Today::DeviceGo)
    } else {
        Go::None
    };
    let words = (Today::DeviceGo, Some(Today::ItWho));
    Row {
        title: speech.say(Today::DeviceTitle, &name),
        why: vec![why],
        ..plain(visitor, words, Icon::Devices, go)
    }
}

fn access(visitor: &Visitor, title: Today) -> Row {
    let go = link(visitor, "/me", Today::AccessGo);
    plain(visitor, (title, Some(Today::AccessWho)), Icon::Key, go)
}

fn alert(visitor: &Visitor, alert: &Alert) -> Row {
    let go = Go::Read {
        id: alert.id.to_string(),
        words: visitor.speech.word(Today::AlertRead),
    };
    let words = (Today::AlertRead, None);
    Row {
        title: alert.title.clone(),
        why: alert.why.clone(),
        ..plain(visitor, words, Icon::Info, go)
    }
}

/// So many points are told one by one.
const POINTS: usize = 5;
