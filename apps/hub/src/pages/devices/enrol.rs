//! A code with which one more device joins: shown once, good for half an hour, typed on that device.

use askama::Template;
use axum::response::Response;
use hygie_text::{
    Args,
    console::{Devices, Shared},
};
use serde::Deserialize;

use crate::{
    devices::{self, LIFE},
    pages::me::drawing,
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, Place, page},
        icon::Icon,
        visitor::Visitor,
    },
};

#[derive(Template)]
#[template(path = "pages/devices/enrol.html")]
struct Page {
    frame: Frame,
    typed: String,
    wrong: Option<String>,
    /// Whether another machine of the network can reach this hub at all.
    reached: bool,
    code: Option<Made>,
}

struct Made {
    title: String,
    command: String,
    drawing: String,
    until: String,
}

pub(super) async fn show(visitor: Visitor) -> Result<Response, Fault> {
    draw(&visitor, String::new(), None, None)
}

fn draw(
    visitor: &Visitor,
    typed: String,
    wrong: Option<String>,
    code: Option<Made>,
) -> Result<Response, Fault> {
    page(&Page {
        frame: visitor.frame(Some(Place::Devices), Devices::EnrolTitle),
        typed,
        wrong,
        reached: !visitor.hub.devices.ip().is_loopback(),
        code,
    })
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
}

pub(super) async fn make(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let name = typed.name.trim();
    let speech = &visitor.speech;
    let fits = !name.chars().any(char::is_control);
    let wrong = match name.chars().count() {
        1..=super::change::LONGEST if fits => None,
        0 => Some(speech.word(Devices::NameMissing)),
        _ => Some(speech.say(
            Devices::NameLong,
            &Args::new().count("most", super::change::LONGEST as u64),
        )),
    };
    if wrong.is_some() {
        return draw(&visitor, typed.name, wrong, None);
    }
    let by = Some(visitor.person()?);
    let code = devices::invite(&visitor.hub, visitor.facts()?, name, by).await?;
    let command = format!("sudo hygie agent --enrol {}", code.to_text());
    let args = Args::new()
        .text("name", name)
        .moment("until", visitor.now.after(LIFE));
    let made = Made {
        title: speech.say(Devices::EnrolFor, &args),
        drawing: drawing(&command)?,
        until: speech.say(Devices::EnrolUntil, &args),
        command,
    };
    draw(&visitor, String::new(), None, Some(made))
}
