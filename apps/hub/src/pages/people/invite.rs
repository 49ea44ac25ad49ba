//! Inviting somebody: a link for one person, one role, once, for a few days; handed over by whoever invites.
//! It is shown once: the database keeps its digest.

use askama::Template;
use axum::response::Response;
use hygie_identity::{
    Act,
    invitation::{Invitation, InvitationId},
    rights::{Answer, judge},
    secret::Token,
};
use hygie_model::Role;
use hygie_store::{Digest, NewInvitation};
use hygie_text::{
    Args,
    console::{People, Shared},
};
use serde::Deserialize;
use uuid::Uuid;

use super::role::role_of;
use crate::{
    core::chance,
    pages::me::drawing,
    web::{
        fault::Fault,
        form::Sent,
        frame::{self, Frame, Place, page},
        icon::Icon,
        visitor::{Visitor, see},
    },
};

/// The form, on its own page and on the list's.
pub(super) struct Form {
    pub(super) name: String,
    pub(super) role: String,
    pub(super) wrong_name: Option<String>,
    pub(super) wrong_role: Option<String>,
}

impl Form {
    /// As it is at first.
    pub(super) fn fresh() -> Self {
        Self {
            name: String::new(),
            role: "assistant".to_owned(),
            wrong_name: None,
            wrong_role: None,
        }
    }

    /// The roles to choose from: the word that comes back, and what each can do.
    pub(super) fn roles(&self, frame: &Frame) -> [(&'static str, String, String, bool); 3] {
        [
            (
                "assistant",
                People::RoleAssistant,
                People::RoleAssistantAbout,
            ),
            (
                "practitioner",
                People::RolePractitioner,
                People::RolePractitionerAbout,
            ),
            (
                "it-provider",
                People::RoleProvider,
                People::RoleProviderAbout,
            ),
        ]
        .map(|(word, name, about)| (word, frame.say(name), frame.say(about), word == self.role))
    }
}

/// Whether she may send it now, without showing once more who she is: what she typed would be lost on the way.
pub(super) fn is_fresh(visitor: &Visitor) -> bool {
    let proved = visitor
        .signed
        .as_ref()
        .map(|signed| signed.session.proved());
    judge(visitor.who(), proved, Act::Invite, visitor.now) == Answer::Go
}

#[derive(Template)]
#[template(path = "pages/people/invite.html")]
struct Page {
    frame: Frame,
    form: Form,
}

pub(super) async fn show(visitor: Visitor) -> Result<Response, Fault> {
    draw(&visitor, Form::fresh())
}

fn draw(visitor: &Visitor, form: Form) -> Result<Response, Fault> {
    page(&Page {
        frame: visitor.frame(Some(Place::People), People::InviteTitle),
        form,
    })
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
}

#[derive(Template)]
#[template(path = "pages/people/link.html")]
struct Link {
    frame: Frame,
    title: String,
    until: String,
    link: String,
    drawing: String,
    provider: bool,
}

pub(super) async fn make(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let name = typed.name.trim().to_owned();
    let role = role_of(&typed.role);
    let speech = &visitor.speech;
    let fits = !name.is_empty() && name.chars().count() <= LONGEST;
    let role = match (fits, role) {
        (true, Some(role)) => role,
        (_, _) => {
            let form = Form {
                wrong_name: (!fits).then(|| speech.word(People::NameMissing)),
                wrong_role: role.is_none().then(|| speech.word(People::RoleMissing)),
                name,
                role: typed.role,
            };
            return draw(&visitor, form);
        }
    };
    let token = Token::of(chance::bytes()?);
    let facts = visitor.facts()?;
    let id = InvitationId(chance::number()?);
    let by = visitor.person()?;
    let invitation = Invitation::make(id, &token, facts.id, role, by, visitor.now);
    let note = visitor
        .note()?
        .with("name", name.as_str())
        .with("role", serde_json::to_value(role).unwrap_or_default());
    visitor.tell("person.invited", note).await?;
    let new = NewInvitation {
        code: Digest(*invitation.digest().as_bytes()),
        name: name.clone(),
        role,
        by,
        expires: invitation.until(),
        // A provider's time is opened by a gesture of its own, never by a link.
        until: None,
    };
    visitor.practice()?.invite(&new, visitor.now).await?;
    let (host, port) = (&facts.host, visitor.hub.port);
    let link = format!("https://{host}:{port}/join/{}", token.to_text().expose());
    let args = Args::new().text("name", &name);
    page(&Link {
        frame: visitor.frame(Some(Place::People), People::InviteTitle),
        title: speech.say(People::LinkTitle, &args),
        until: speech.say(People::LinkUntil, &args.moment("until", invitation.until())),
        drawing: drawing(&link)?,
        link,
        provider: role == Role::ItProvider,
    })
}

/// An invitation that nobody has taken.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) about: String,
}

/// All of them, the newest first.
pub(super) async fn rows(visitor: &Visitor) -> Result<Vec<Row>, Fault> {
    let practice = visitor.practice()?;
    let people = practice.people().await?;
    let speech = &visitor.speech;
    let mut rows = Vec::new();
    for kept in practice.invitations().await? {
        let new = kept.invitation;
        let by = people.iter().find(|person| person.id == new.by);
        let args = Args::new()
            .nested("role", speech.word(frame::role(new.role)))
            .text("by", by.map_or("", |person| person.name.as_str()))
            .moment("until", new.expires);
        let open = new.expires > visitor.now;
        let about = if open {
            People::InvitationOpen
        } else {
            People::InvitationOver
        };
        rows.push(Row {
            id: number(new.code).0.to_string(),
            name: new.name,
            about: speech.say(about, &args),
        });
    }
    Ok(rows)
}

/// The number of an invitation for lists and forms; the link is not to be had from it.
pub(super) fn number(code: Digest) -> InvitationId {
    let mut short = [0; 16];
    short.copy_from_slice(&code.0[..16]);
    InvitationId(Uuid::from_bytes(short))
}

#[derive(Deserialize)]
pub(super) struct Ended {
    id: Uuid,
}

pub(super) async fn end(visitor: Visitor, Sent(ended): Sent<Ended>) -> Result<Response, Fault> {
    let practice = visitor.practice()?;
    let found = practice
        .invitations()
        .await?
        .into_iter()
        .find(|kept| number(kept.invitation.code).0 == ended.id);
    let kept = found.ok_or(Fault::NotFound)?;
    let note = visitor.note()?.with("name", kept.invitation.name.as_str());
    visitor.tell("person.invitation-ended", note).await?;
    practice.withdraw_invitation(kept.invitation.code).await?;
    Ok(see("/people?done=invitation"))
}

const LONGEST: usize = 80;
