//! The frame around a page: the menu of what this role may see, who is signed in, the other language; and the pages that say why
//! another one cannot be shown.

use askama::Template;
use axum::{
    http::HeaderMap,
    response::{Html, IntoResponse, Response},
};
use hygie_identity::Act;
use hygie_model::Role;
use hygie_text::{
    Args, Language, Message,
    console::{Alerts, Shared},
};

use super::{
    assets,
    fault::Fault,
    gate::encoded,
    icon::Icon,
    speech::{self, Speech},
    visitor::Visitor,
};
use crate::core::{Hub, alerts::Strip};

/// A page of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// How the practice is.
    Today,
    /// Whether a message can be trusted.
    Ask,
    /// Files and their versions.
    Files,
    /// Stopped programs.
    Incidents,
    /// What somebody should know.
    Alerts,
    /// Devices.
    Devices,
    /// People.
    People,
    /// Who did what.
    Journal,
    /// Settings.
    Settings,
}

impl Place {
    /// In the order of the menu. A new page is one line here and one in `pages::routes`.
    const ALL: [(Self, &'static str, Icon, Shared, Act); 9] = [
        (
            Self::Today,
            "/",
            Icon::Sun,
            Shared::MenuToday,
            Act::SeeToday,
        ),
        (Self::Ask, "/ask", Icon::Ask, Shared::MenuAsk, Act::Ask),
        (
            Self::Files,
            "/files",
            Icon::Files,
            Shared::MenuFiles,
            Act::FindFile,
        ),
        (
            Self::Incidents,
            "/incidents",
            Icon::Incidents,
            Shared::MenuIncidents,
            Act::SeeIncidentStates,
        ),
        (
            Self::Alerts,
            "/alerts",
            Icon::Info,
            Shared::MenuAlerts,
            Act::ReadAlert,
        ),
        (
            Self::Devices,
            "/devices",
            Icon::Devices,
            Shared::MenuDevices,
            Act::SeeDevices,
        ),
        (
            Self::People,
            "/people",
            Icon::People,
            Shared::MenuPeople,
            Act::SeePeople,
        ),
        (
            Self::Journal,
            "/journal",
            Icon::Journal,
            Shared::MenuJournal,
            Act::SeeJournal,
        ),
        (
            Self::Settings,
            "/settings",
            Icon::Settings,
            Shared::MenuSettings,
            Act::SeeSettings,
        ),
    ];
}

/// A link of the menu.
pub(crate) struct Link {
    pub(crate) to: &'static str,
    pub(crate) icon: String,
    pub(crate) words: String,
    /// The same where there is little room.
    pub(crate) short: String,
    pub(crate) here: bool,
}

/// What every page's template gets as `frame`.
pub(crate) struct Frame {
    /// `fr` or `en`.
    pub(crate) lang: &'static str,
    /// Of the window.
    pub(crate) title: String,
    /// The menu.
    pub(crate) links: Vec<Link>,
    /// The practice's name.
    pub(crate) practice: String,
    /// Her name and role; empty for nobody.
    pub(crate) who: String,
    /// What a form brings back.
    pub(crate) form: String,
    /// What is said above all else, where something is.
    pub(crate) strip: Option<String>,
    /// Where that is looked at, for whoever may.
    pub(crate) strip_go: Option<String>,
    /// The other language: its code, its name, and the address that chooses it.
    pub(crate) other: (&'static str, &'static str, String),
    speech: Speech,
}

impl Frame {
    /// A message without values, of any list.
    pub(crate) fn say<M: Message>(&self, id: M) -> String {
        self.speech.word(id)
    }

    /// A shared word.
    pub(crate) fn word(&self, id: Shared) -> String {
        self.speech.word(id)
    }

    /// Where a file of the look is.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The first links, for a phone's thumb.
    pub(crate) fn tabs(&self) -> &[Link] {
        self.links
            .get(..4.min(self.links.len()))
            .unwrap_or_default()
    }

    /// A drawing.
    pub(crate) fn icon(&self, icon: Icon) -> String {
        icon.svg()
    }
}

impl Visitor {
    /// The frame of a page.
    pub(crate) fn frame<M: Message>(&self, place: Option<Place>, title: M) -> Frame {
        self.frame_named(place, self.speech.word(title))
    }

    /// The same, under a title that was said already.
    pub(crate) fn frame_named(&self, place: Option<Place>, title: String) -> Frame {
        let speech = self.speech.clone();
        let links = Place::ALL
            .into_iter()
            .filter(|(_, _, _, _, act)| self.signed.is_some() && self.may(*act))
            .map(|(this, to, icon, words, _)| Link {
                to,
                icon: icon.svg(),
                words: speech.word(words),
                short: speech.word(match this {
                    Place::Ask => Shared::TabAsk,
                    Place::Today
                    | Place::Files
                    | Place::Incidents
                    | Place::Alerts
                    | Place::Devices
                    | Place::People
                    | Place::Journal
                    | Place::Settings => words,
                }),
                here: Some(this) == place,
            })
            .collect();
        let other = match speech.language() {
            Language::Fr => ("en", "English"),
            Language::En => ("fr", "Français"),
        };
        let back = encoded(&self.path);
        Frame {
            lang: speech.code(),
            title,
            links,
            practice: self
                .practice
                .as_ref()
                .map(|facts| facts.name.clone())
                .unwrap_or_default(),
            who: self
                .signed
                .as_ref()
                .map(|signed| {
                    let args = Args::new()
                        .text("name", &signed.person.name)
                        .nested("role", speech.word(role(signed.person.role)));
                    speech.say(Shared::WhoIs, &args)
                })
                .unwrap_or_default(),
            form: self.form.clone(),
            strip: self.strip.map(|strip| said(&speech, strip)),
            strip_go: self
                .may(Act::ReadAlert)
                .then(|| speech.word(Alerts::StripGo)),
            other: (
                other.0,
                other.1,
                format!("/language?to={}&back={back}", other.0),
            ),
            speech,
        }
    }
}

fn said(speech: &Speech, strip: Strip) -> String {
    let since = |at| Args::new().moment("since", at);
    match strip {
        Strip::Unsent(alerts) => {
            speech.say(Alerts::StripUnsent, &Args::new().count("alerts", alerts))
        }
        Strip::Post(at) => speech.say(Alerts::StripPost, &since(at)),
        Strip::Blind(at) => speech.say(Alerts::StripBlind, &since(at)),
    }
}

/// What a role is called.
pub(crate) const fn role(role: Role) -> Shared {
    match role {
        Role::Practitioner => Shared::RolePractitioner,
        Role::Assistant => Shared::RoleAssistant,
        Role::ItProvider => Shared::RoleItProvider,
        Role::MonitoringOperator => Shared::RoleMonitoringOperator,
    }
}

/// A template as an answer.
///
/// # Errors
/// It cannot be filled.
pub(crate) fn page(template: &impl Template) -> Result<Response, Fault> {
    Ok(Html(template.render()?).into_response())
}

#[derive(Template)]
#[template(path = "web/fault.html")]
struct Page {
    frame: Frame,
    what: String,
    to_do: Option<String>,
}

/// The page that says why another one cannot be shown.
pub(crate) fn fault(visitor: &Visitor, fault: &Fault) -> Response {
    let speech = &visitor.speech;
    let args = match fault {
        Fault::AskOther(row) => {
            let names: Vec<String> = row
                .allowed()
                .filter_map(|who| match who {
                    hygie_identity::Who::Person(found) => Some(speech.word(role(found))),
                    hygie_identity::Who::Nobody => None,
                })
                .collect();
            Args::new().nested("who", names.join(", "))
        }
        Fault::NotFound
        | Fault::SignIn { .. }
        | Fault::SignInAgain { .. }
        | Fault::OtherName
        | Fault::StaleForm
        | Fault::Unreadable
        | Fault::Guard(_)
        | Fault::GuardSaid(_)
        | Fault::Store(_)
        | Fault::Journal(_)
        | Fault::Signer(_)
        | Fault::Post(_)
        | Fault::Broken(_) => Args::new(),
    };
    let said = speech.explain(fault.sentence(), &args);
    let template = Page {
        frame: visitor.frame(None, Shared::FaultTitle),
        what: said.what,
        to_do: said.to_do,
    };
    match page(&template) {
        Ok(response) => (fault.status(), response).into_response(),
        Err(_) => fault.status().into_response(),
    }
}

/// The same where not even the frame is to be had: the sentence alone.
pub(crate) fn bare(hub: &Hub, headers: &HeaderMap, fault: &Fault) -> Response {
    let speech = hub.catalogs.speech(speech::wanted(headers));
    let said = speech.explain(fault.sentence(), &Args::new());
    (fault.status(), said.to_string()).into_response()
}

/// Where whoever runs the hub reads it; names no file and no person.
pub(crate) fn log(fault: &Fault) {
    use std::io::Write;
    if let Some(line) = fault.log() {
        let _ = writeln!(std::io::stderr(), "hub: {line}");
    }
}
