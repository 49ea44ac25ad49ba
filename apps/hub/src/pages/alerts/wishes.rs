//! When the practice wants to be told: quiet hours, how long the second road waits, the language of letters.

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_alert::Quiet;
use hygie_identity::Act;
use hygie_store::{Json, Setting};
use hygie_text::console::{Alerts, Shared};
use serde::Deserialize;

use crate::{
    core::alerts::wishes::{self, NAME, Wishes},
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, Place, page},
        icon::Icon,
        visitor::{Visitor, see},
    },
};

/// As it was typed.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    sunday: String,
    #[serde(default)]
    second: String,
    #[serde(default)]
    language: String,
}

#[derive(Template)]
#[template(path = "pages/alerts/wishes.html")]
struct Page {
    frame: Frame,
    done: Option<String>,
    typed: Typed,
    hours_wrong: bool,
    second_wrong: bool,
    may_change: bool,
}

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let wishes = wishes::of(visitor.practice()?).await?;
    let typed = Typed {
        from: clock(wishes.quiet.from),
        to: clock(wishes.quiet.to),
        sunday: if wishes.quiet.sunday { "yes" } else { "" }.to_owned(),
        second: wishes.second.to_string(),
        language: wishes.language().code().to_owned(),
    };
    let done = asked.done == "saved";
    draw(&visitor, typed, (false, false), done)
}

pub(super) async fn change(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let hours = minute(&typed.from).zip(minute(&typed.to));
    let second = typed.second.trim().parse::<u8>().ok();
    let second = second.filter(|hours| (1..=24).contains(hours));
    let (Some((from, to)), Some(second)) = (hours, second) else {
        return draw(&visitor, typed, (hours.is_none(), second.is_none()), false);
    };
    let wishes = Wishes {
        quiet: Quiet {
            from,
            to,
            sunday: typed.sunday == "yes",
        },
        second,
        english: typed.language == "en",
    };
    let note = visitor
        .note()?
        .with("from", clock(from))
        .with("to", clock(to))
        .with("sunday", wishes.quiet.sunday)
        .with("second", u64::from(second));
    visitor.tell("alert.wishes", note).await?;
    let setting = Setting {
        name: NAME.to_owned(),
        value: Json::of(&wishes)?,
        changed: visitor.now,
        by: Some(visitor.person()?),
    };
    visitor.practice()?.set(&setting).await?;
    Ok(see("/alerts/settings?done=saved"))
}

fn draw(
    visitor: &Visitor,
    typed: Typed,
    (hours_wrong, second_wrong): (bool, bool),
    done: bool,
) -> Result<Response, Fault> {
    page(&Page {
        frame: visitor.frame(Some(Place::Alerts), Alerts::WishesTitle),
        done: done.then(|| visitor.speech.word(Alerts::WishesDone)),
        typed,
        hours_wrong,
        second_wrong,
        may_change: visitor.may(Act::ChangeAlerts),
    })
}

/// `20:00`, as a browser's field for an hour sends it.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_of_the_day() {
        for text in ["00:00", "07:00", "20:30", "23:59"] {
            assert_eq!(minute(text).map(clock).as_deref(), Some(text));
        }
        for text in ["", "7", "24:00", "12:60", "-1:00", "7h00", "07:00:00"] {
            assert_eq!(minute(text), None, "{text}");
        }
    }
}
