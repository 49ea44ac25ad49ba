//! A road is set: read whole first, so that what is wrong is said beside its field; told to the journal; then handed to the
//! post, with its secret. The secret is never drawn again.

use axum::response::Response;
use hygie_post::{Way, leads_as};
use hygie_wire::post::{Answer, Ask, Flaw, Road, Secret, Security, Shown, Slot};
use serde::Deserialize;
use url::Url;

use super::{Set, draw, word};
use crate::{
    core::post::NoPost,
    web::{
        fault::Fault,
        form::Sent,
        visitor::{Visitor, see},
    },
};

/// What was typed and cannot be taken.
pub(super) struct Slip {
    pub(super) slot: Slot,
    pub(super) typed: Typed,
    pub(super) flaw: Flaw,
}

impl Slip {
    pub(super) const fn is_mail(&self) -> bool {
        matches!(self.typed, Typed::Mail(_))
    }
}

/// In one of the two forms.
pub(super) enum Typed {
    Mail(Mail),
    Webhook(Webhook),
}

/// A road by e-mail, as it is typed.
#[derive(Clone, Deserialize)]
pub(super) struct Mail {
    slot: Slot,
    #[serde(default)]
    pub(super) server: String,
    #[serde(default)]
    pub(super) port: String,
    pub(super) security: Security,
    #[serde(default)]
    pub(super) user: String,
    password: Option<Secret>,
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) to: String,
}

/// A road to a webhook, as it is typed.
#[derive(Clone, Deserialize)]
pub(super) struct Webhook {
    slot: Slot,
    #[serde(default)]
    pub(super) url: String,
    key: Option<Secret>,
}

impl Mail {
    /// What is set, to be changed.
    pub(super) fn of(slot: Slot, shown: Option<&Shown>) -> Self {
        let empty = Self {
            slot,
            server: String::new(),
            port: "465".to_owned(),
            security: Security::Tls,
            user: String::new(),
            password: None,
            from: String::new(),
            to: String::new(),
        };
        match shown.map(|shown| shown.road.clone()) {
            Some(Road::Mail {
                server,
                port,
                security,
                user,
                from,
                to,
            }) => Self {
                server,
                port: port.to_string(),
                security,
                user: user.unwrap_or_default(),
                from,
                to: to.join("\n"),
                ..empty
            },
            Some(Road::Webhook { .. }) | None => empty,
        }
    }

    fn road(&self) -> Road {
        let user = self.user.trim();
        Road::Mail {
            server: self.server.trim().to_owned(),
            // No port is 0: it is told as what it is.
            port: self.port.trim().parse().unwrap_or_default(),
            security: self.security,
            user: (!user.is_empty()).then(|| user.to_owned()),
            from: self.from.trim().to_owned(),
            to: self
                .to
                .split([',', ';', ' ', '\t', '\r', '\n'])
                .filter(|one| !one.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }
}

impl Webhook {
    /// What is set, to be changed.
    pub(super) fn of(slot: Slot, shown: Option<&Shown>) -> Self {
        let url = match shown.map(|shown| &shown.road) {
            Some(Road::Webhook { url }) => url.clone(),
            Some(Road::Mail { .. }) | None => String::new(),
        };
        Self {
            slot,
            url,
            key: None,
        }
    }
}

pub(super) async fn mail(visitor: Visitor, Sent(mut typed): Sent<Mail>) -> Result<Response, Fault> {
    let secret = given(typed.password.take());
    let (slot, road) = (typed.slot, typed.road());
    keep(&visitor, slot, (road, secret), Typed::Mail(typed)).await
}

pub(super) async fn webhook(
    visitor: Visitor,
    Sent(mut typed): Sent<Webhook>,
) -> Result<Response, Fault> {
    let secret = given(typed.key.take());
    let url = typed.url.trim().to_owned();
    let (slot, road) = (typed.slot, Road::Webhook { url });
    keep(&visitor, slot, (road, secret), Typed::Webhook(typed)).await
}

/// An empty field is no secret.
fn given(typed: Option<Secret>) -> Option<Secret> {
    typed.filter(|secret| !secret.expose().is_empty())
}

async fn keep(
    visitor: &Visitor,
    slot: Slot,
    (road, secret): (Road, Option<Secret>),
    typed: Typed,
) -> Result<Response, Fault> {
    let set = Set::ask(visitor).await?;
    if let Err(flaw) = read(&road, secret.as_ref(), set.of(slot)) {
        let slip = Slip { slot, typed, flaw };
        return draw(visitor, Some(slip), None, None).await;
    }
    let (by, to, server) = reaches(&road);
    let note = visitor
        .note()?
        .with("slot", word(slot))
        .with("by", by)
        .with("to", to)
        .with("server", server);
    visitor.tell("alert.road-set", note).await?;
    match visitor
        .hub
        .post
        .ask(Ask::Keep { slot, road, secret })
        .await?
    {
        Answer::Kept {} => Ok(see("/settings/alerts?done=kept")),
        Answer::State { .. }
        | Answer::Dropped {}
        | Answer::Taken { .. }
        | Answer::NotTaken { .. }
        | Answer::Refused { .. } => Err(NoPost::Answer.into()),
    }
}

/// Whether the post will take it, with the secret that it has.
fn read(road: &Road, secret: Option<&Secret>, shown: Option<&Shown>) -> Result<(), Flaw> {
    let stays = shown.is_some_and(|shown| shown.secret && leads_as(&shown.road, road));
    let secret = match (secret, road) {
        (Some(secret), _) => Some(secret.expose()),
        // It is not known here, and was taken once.
        (None, Road::Mail { .. }) if stays => Some("…"),
        (None, Road::Mail { .. } | Road::Webhook { .. }) => None,
    };
    Way::read(road, secret).map(drop)
}

/// For the journal: by what, to whom, through whom. A webhook's path may be a secret.
fn reaches(road: &Road) -> (&'static str, String, String) {
    match road {
        Road::Mail { server, to, .. } => ("mail", to.join(", "), server.clone()),
        Road::Webhook { url } => {
            let host = Url::parse(url).ok();
            let host = host.as_ref().and_then(Url::host_str).unwrap_or_default();
            ("webhook", host.to_owned(), host.to_owned())
        }
    }
}
