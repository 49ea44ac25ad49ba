//! Somebody leaves: what she could reach and what she holds, one gesture that ends it, what remains to be done by hand, and
//! taking it back within its time.

use askama::Template;
use axum::{extract::Path, response::Response};
use hygie_identity::{
    Act,
    leaver::{self, Closing, Holdings, Step},
    passkey::KeyId,
    rights::{Needs, Sees},
    session::Session,
};
use hygie_model::Role;
use hygie_store::{CredentialKind, Person, StoreError};
use hygie_text::{
    Args,
    console::{People, Shared},
};
use serde::Deserialize;

use super::{found, invite, open, practitioners, recovery};
use crate::{
    core::{browsers, leavers, openings, withdrawals},
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, Place, page},
        icon::Icon,
        visitor::{Visitor, see},
    },
};

#[derive(Template)]
#[template(path = "pages/people/close.html")]
struct Page {
    frame: Frame,
    to: String,
    title: String,
    why: String,
    could: Vec<String>,
    ends: Vec<String>,
    by_hand: Vec<String>,
    /// She is the last who answers for the practice.
    last: bool,
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let person = open(&visitor, &id).await?;
    let plan = plan(&visitor, &person).await?;
    let named = Args::new().text("name", &person.name);
    let speech = &visitor.speech;
    let steps = plan
        .as_ref()
        .map(|plan| plan.steps.as_slice())
        .unwrap_or_default();
    page(&Page {
        frame: visitor.frame(Some(Place::People), People::CloseTitle),
        to: format!("/people/{}", person.id.0),
        title: speech.say(People::CloseAsk, &named),
        why: speech.word(if plan.is_ok() {
            People::CloseWhy
        } else {
            People::LastPractitioner
        }),
        could: could(person.role)
            .into_iter()
            .map(|id| speech.word(id))
            .collect(),
        ends: told(&visitor, steps, Kind::ByItself).await?,
        by_hand: told(&visitor, steps, Kind::ByHand).await?,
        last: plan.is_err(),
    })
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn close(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let person = open(&visitor, &id).await?;
    let back = format!("/people/{}", person.id.0);
    let Ok(closing) = plan(&visitor, &person).await? else {
        return Ok(see(&format!("{back}?done=last")));
    };
    let practice = visitor.practice()?;
    let note = visitor.note()?.with("of", person.id.0.to_string());
    visitor.tell("person.closed", note).await?;
    // Kept first: whatever happens then, the page about her says what was to end.
    leavers::keep(practice, &closing).await?;
    withdrawals::note_all(practice, person.id, visitor.now).await?;
    practice.close_person(person.id, visitor.now).await?;
    // Ways in, sessions and invitations ended with it; what is left is hers no longer, step by step.
    recovery::stop(&visitor, &person).await?;
    openings::forget(practice, person.id).await?;
    browsers::forget(practice, person.id).await?;
    for provider in practice.people().await? {
        let Some(mut opening) = openings::of(practice, provider.id).await? else {
            continue;
        };
        if opening.by == person.id && opening.is_open(visitor.now) && provider.closed.is_none() {
            opening.end(visitor.person()?, visitor.now);
            let by = Some(visitor.person()?);
            openings::keep(practice, &provider, &opening, by, visitor.now).await?;
        }
    }
    for code in practice.enrolments().await? {
        if code.by == Some(person.id) {
            practice.withdraw_enrolment(code.code).await?;
        }
    }
    withdrawals::settle(&visitor.hub, practice).await?;
    if visitor.person()? == person.id {
        return Ok(see("/signin"));
    }
    Ok(see(&format!("{back}?done=closed")))
}

pub(super) async fn reopen(
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let person = found(&visitor, &id).await?;
    let practice = visitor.practice()?;
    let Some(closing) = leavers::of(practice, person.id).await? else {
        return Err(Fault::NotFound);
    };
    if person.closed.is_none() {
        return Err(Fault::NotFound);
    }
    let back = |done: &str| see(&format!("/people/{}?done={done}", person.id.0));
    if closing.take_back(visitor.now).is_err() {
        return Ok(back("too-late"));
    }
    if practice.person_of_login(&person.login).await?.is_some() {
        return Ok(back("name-taken"));
    }
    let note = visitor.note()?.with("of", person.id.0.to_string());
    visitor.tell("person.reopened", note).await?;
    match practice.reopen_person(person.id).await {
        Ok(()) => {}
        Err(StoreError::Taken { .. }) => return Ok(back("name-taken")),
        Err(error) => return Err(error.into()),
    }
    leavers::forget(practice, person.id).await?;
    // What the guard heard meanwhile stays: somebody signs for her key again.
    withdrawals::drop_all(practice, person.id).await?;
    Ok(back("reopened"))
}

/// What a closed access is shown as.
pub(super) struct Closed {
    pub(super) says: String,
    pub(super) ended: Vec<String>,
    pub(super) by_hand: Vec<String>,
    /// Until when it can be taken back, in a sentence, for who may.
    pub(super) undo: Option<String>,
    pub(super) over: bool,
}

/// The closing of somebody who left.
pub(super) async fn closed(visitor: &Visitor, person: &Person) -> Result<Option<Closed>, Fault> {
    let (Some(at), Some(closing)) = (
        person.closed,
        leavers::of(visitor.practice()?, person.id).await?,
    ) else {
        return Ok(None);
    };
    let by = visitor.practice()?.person(closing.by).await?;
    let speech = &visitor.speech;
    let args = Args::new()
        .moment("at", at)
        .text("by", by.as_ref().map_or("", |by| by.name.as_str()));
    let until = Args::new().moment("until", closing.until());
    let over = closing.is_final(visitor.now);
    let may = visitor.may(Act::ReopenPerson);
    Ok(Some(Closed {
        says: speech.say(People::ClosedBy, &args),
        ended: told(visitor, &closing.steps, Kind::ByItself).await?,
        by_hand: told(visitor, &closing.steps, Kind::ByHand).await?,
        undo: (may && !over).then(|| speech.say(People::ReopenUntil, &until)),
        over,
    }))
}

/// What ends with her access, as the engine orders it.
async fn plan(
    visitor: &Visitor,
    person: &Person,
) -> Result<Result<Closing, leaver::Refused>, Fault> {
    let holdings = holdings(visitor, person).await?;
    let whom = (person.id, person.role);
    let practitioners = practitioners(visitor, person).await?;
    Ok(leaver::close(
        whom,
        holdings,
        practitioners,
        visitor.person()?,
        visitor.now,
    ))
}

async fn holdings(visitor: &Visitor, person: &Person) -> Result<Holdings, Fault> {
    let practice = visitor.practice()?;
    let mut holdings = Holdings::default();
    for kept in practice.sessions(person.id).await? {
        let session: Session = kept.session.body.get()?;
        if session.ended(person.role, visitor.now).is_none() {
            holdings.sessions.push(session.id);
        }
    }
    for credential in practice.credentials(person.id).await? {
        match credential.kind {
            CredentialKind::Passkey => {
                let handle = credential.handle.unwrap_or_default();
                let id = data_encoding::BASE64URL_NOPAD.decode(handle.as_bytes());
                holdings.keys.push(KeyId(id.unwrap_or_default()));
            }
            CredentialKind::Password => holdings.password = true,
            CredentialKind::Totp => {}
        }
    }
    holdings.sheet = practice.recovery_codes_left(person.id).await? > 0;
    holdings.recovery = recovery::notice(visitor, person).await?.is_some();
    for kept in practice.invitations().await? {
        if kept.invitation.by == person.id && kept.invitation.expires > visitor.now {
            holdings
                .invitations
                .push(invite::number(kept.invitation.code));
        }
    }
    for provider in practice.people().await? {
        let opening = openings::of(practice, provider.id).await?;
        let hers =
            opening.filter(|opening| opening.by == person.id && opening.is_open(visitor.now));
        holdings.openings.extend(hers.map(|opening| opening.id));
    }
    let codes = practice.enrolments().await?;
    let hers = codes
        .iter()
        .filter(|code| code.by == Some(person.id) && code.expires > visitor.now);
    holdings.enrolment_codes = hers.count();
    Ok(holdings)
}

/// Whether the hub ends something, or a person goes and does it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    ByItself,
    ByHand,
}

/// Steps as a person reads them: those of one kind are one line.
async fn told(visitor: &Visitor, steps: &[Step], kind: Kind) -> Result<Vec<String>, Fault> {
    let devices = visitor.practice()?.devices().await?;
    let device = |id| {
        let found = devices.iter().find(|device| device.id == id);
        found.map_or_else(String::new, |device| device.name.clone())
    };
    let mut counts = [0_u64; 4];
    let mut words: Vec<People> = Vec::new();
    let mut by_hand = Vec::new();
    let speech = &visitor.speech;
    for step in steps {
        match step {
            Step::StopKey { .. } => counts[0] += 1,
            Step::EndSession { .. } => counts[1] += 1,
            Step::TakeBackInvitation { .. } => counts[2] += 1,
            Step::EndOpening { .. } => counts[3] += 1,
            Step::StopPassword => words.push(People::EndsPassword),
            Step::StopSheet => words.push(People::EndsSheet),
            Step::CancelRecovery => words.push(People::EndsRecovery),
            Step::ForgetBrowsers => words.push(People::EndsBrowsers),
            Step::StopEnrolmentCodes => words.push(People::EndsCodes),
            Step::DistrustKey { device: id, .. } => by_hand.push((People::HandKey, device(*id))),
            Step::LookAtDevice { device: id } => by_hand.push((People::HandDevice, device(*id))),
        }
    }
    if kind == Kind::ByHand {
        let of = |(says, device): &(People, String)| {
            speech.say(*says, &Args::new().text("device", device))
        };
        let always = ALWAYS.into_iter().map(|id| speech.word(id));
        return Ok(by_hand.iter().map(of).chain(always).collect());
    }
    let counted = [
        People::EndsKeys,
        People::EndsSessions,
        People::EndsInvitations,
        People::EndsOpenings,
    ];
    let many = counted
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(id, count)| speech.say(id, &Args::new().count("many", count)));
    Ok(many
        .chain(words.into_iter().map(|id| speech.word(id)))
        .collect())
}

/// What somebody of a role could reach, from the table of rights.
fn could(role: Role) -> Vec<People> {
    let rows: Vec<_> = leaver::could(role).collect();
    let sees = |what: Sees| rows.iter().any(|row| row.sees == what);
    let acts = |act: Act| rows.iter().any(|row| row.act == act);
    let weakens = rows.iter().any(|row| row.needs == Needs::GuardSignature);
    [
        (sees(Sees::PatientData), People::CouldRead),
        (sees(Sees::FileNames), People::CouldFind),
        (sees(Sees::MessageText), People::CouldCase),
        (sees(Sees::Settings), People::CouldSettings),
        (acts(Act::Invite), People::CouldPeople),
        (weakens, People::CouldWeaken),
        (sees(Sees::States), People::CouldStates),
    ]
    .into_iter()
    .filter_map(|(does, says)| does.then_some(says))
    .collect()
}

/// What no program can end: what she knows, and what she holds in her hands.
const ALWAYS: [People; 3] = [
    People::HandPasswords,
    People::HandThings,
    People::HandOutside,
];
