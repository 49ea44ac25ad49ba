//! The list: who can get in, with what, when she last came; and the one thing that waits.

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_identity::Act;
use hygie_model::{Role, Wall};
use hygie_store::Person;
use hygie_text::{
    Args,
    console::{People, Shared, Signed},
};
use serde::Deserialize;

use super::{
    done, initials,
    invite::{self, Form},
    means::Means,
    provider::until,
    recovery::notices,
};
use crate::{
    core::openings,
    web::{
        fault::Fault,
        frame::{self, Frame, Place, page},
        icon::Icon,
        visitor::Visitor,
    },
};

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

/// Somebody who can get in.
struct Row {
    to: String,
    initials: String,
    name: String,
    about: String,
    role: String,
    means: String,
    weak: bool,
    last: String,
    go: Go,
}

/// What can be done at once.
enum Go {
    /// Nothing.
    Nothing,
    /// Somewhere else.
    Link(String, String),
    /// Let an IT provider in for the usual time.
    Open(String),
}

/// The one thing that waits.
struct Card {
    now: bool,
    title: String,
    why: String,
    small: String,
    go: CardGo,
    /// A second way, less loud: a form's address and its words.
    aside: Option<(String, String)>,
}

enum CardGo {
    Nothing,
    Link(String, String),
    Post(String, String),
}

/// Somebody who left.
struct Gone {
    to: String,
    name: String,
    about: String,
}

#[derive(Template)]
#[template(path = "pages/people/page.html")]
struct Page {
    frame: Frame,
    done: Option<String>,
    count: String,
    waits: String,
    card: Option<Card>,
    rows: Vec<Row>,
    gone: Vec<Gone>,
    may_invite: bool,
    /// Whether she may see whose passkeys the guard believes.
    may_sign: bool,
    /// The form; none where she has to show once more who she is before it.
    form: Option<Form>,
    invitations: Vec<invite::Row>,
    may_end_invitation: bool,
}

/// What is known of somebody.
struct Known {
    person: Person,
    means: Means,
    open_until: Option<Wall>,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let practice = visitor.practice()?;
    let speech = &visitor.speech;
    let mut known = Vec::new();
    let mut gone = Vec::new();
    for person in practice.people().await? {
        if let Some(at) = person.closed {
            gone.push(Gone {
                to: format!("/people/{}", person.id.0),
                about: speech.say(People::GoneSince, &Args::new().moment("at", at)),
                name: person.name,
            });
            continue;
        }
        let opening = openings::of(practice, person.id).await?;
        known.push(Known {
            means: Means::of(&visitor, &person).await?,
            open_until: until(opening.as_ref(), visitor.now)
                .filter(|_| person.role == Role::ItProvider),
            person,
        });
    }
    let mut rows = Vec::new();
    for one in &known {
        rows.push(row(&visitor, one)?);
    }
    let (card, waits) = waits(&visitor, &known).await?;
    let count = u64::try_from(known.len()).unwrap_or(u64::MAX);
    let may_invite = visitor.may(Act::Invite);
    let fresh = may_invite && invite::is_fresh(&visitor);
    page(&Page {
        frame: visitor.frame(Some(Place::People), People::Title),
        done: done(&asked.done).map(|id| speech.word(id)),
        count: speech.say(People::Count, &Args::new().count("people", count)),
        waits: speech.word(waits),
        card,
        rows,
        gone,
        may_invite,
        may_sign: visitor.may(Act::TrustKey),
        form: fresh.then(Form::fresh),
        invitations: if may_invite {
            invite::rows(&visitor).await?
        } else {
            Vec::new()
        },
        may_end_invitation: visitor.may(Act::EndInvitation),
    })
}

fn row(visitor: &Visitor, one: &Known) -> Result<Row, Fault> {
    let speech = &visitor.speech;
    let person = &one.person;
    let own = visitor.person()? == person.id;
    let provider = person.role == Role::ItProvider;
    let about = match (own, one.open_until) {
        (true, _) => speech.word(People::You),
        (false, Some(until)) => speech.say(People::OpenUntil, &Args::new().moment("until", until)),
        (false, None) if provider => speech.word(People::Shut),
        (false, None) => person.login.clone(),
    };
    let to = format!("/people/{}", person.id.0);
    let go = if own && one.means.is_weak() {
        Go::Link("/me".to_owned(), speech.word(People::AddKey))
    } else if provider && one.open_until.is_none() && visitor.may(Act::OpenProvider) {
        Go::Open(to.clone())
    } else {
        Go::Nothing
    };
    Ok(Row {
        initials: initials(&person.name),
        name: person.name.clone(),
        about,
        role: speech.word(frame::role(person.role)),
        means: one.means.words(visitor, person.role),
        weak: one.means.is_weak(),
        last: match one.means.last {
            Some(at) => speech.say(People::LastAt, &Args::new().moment("at", at)),
            None => speech.word(People::Never),
        },
        to,
        go,
    })
}

/// The one thing that waits, the most pressing first; and what the page's second sentence says of it.
async fn waits(visitor: &Visitor, known: &[Known]) -> Result<(Option<Card>, People), Fault> {
    let speech = &visitor.speech;
    if let Some(notice) = notices(visitor).await?.into_iter().next() {
        let says = if notice.waits {
            People::WaitsAsked
        } else {
            People::WaitsBack
        };
        let go = match notice.go {
            Some((to, words)) => CardGo::Link(to, words),
            None => CardGo::Nothing,
        };
        let card = Card {
            now: true,
            title: notice.title,
            why: notice.why,
            small: speech.word(People::NoticeToAll),
            go,
            aside: notice.cancel.map(|to| (to, speech.word(People::CancelGo))),
        };
        return Ok((Some(card), says));
    }
    if let Some((one, until)) = known.iter().find_map(|one| Some((one, one.open_until?))) {
        let named = Args::new().text("name", &one.person.name);
        let card = Card {
            now: false,
            title: speech.say(People::OpenTitle, &named),
            why: speech.say(People::OpenWhy, &named.moment("until", until)),
            small: speech.word(People::OpenSmall),
            go: CardGo::Post(
                format!("/people/{}/shut", one.person.id.0),
                speech.word(People::TimeEnd),
            ),
            aside: None,
        };
        return Ok((Some(card), People::WaitsOpen));
    }
    weakest(visitor, known)
}

/// Who has no way in, or a single one; or a sheet that nobody tested.
fn weakest(visitor: &Visitor, known: &[Known]) -> Result<(Option<Card>, People), Fault> {
    let speech = &visitor.speech;
    let own = visitor.person()?;
    // What she can do herself comes before what she can only ask of others.
    let mut ordered: Vec<&Known> = known.iter().collect();
    ordered.sort_by_key(|one| one.person.id != own);
    let nothing = ordered.iter().find(|one| one.means.ways() == 0);
    let weak = nothing.or_else(|| ordered.iter().find(|one| one.means.is_weak()));
    let found = weak.or_else(|| ordered.iter().find(|one| one.means.is_untested()));
    let Some(one) = found else {
        return Ok((None, People::WaitsNothing));
    };
    let named = Args::new().text("name", &one.person.name);
    let is_own = one.person.id == own;
    let (title, why, says) = match (one.means.ways(), one.means.is_weak(), is_own) {
        (0, _, true) => (
            People::OwnNothingTitle,
            People::OwnNothingWhy,
            People::WaitsMeans,
        ),
        (0, _, false) if one.person.role == Role::ItProvider => {
            (People::ArrivedTitle, People::ArrivedWhy, People::WaitsMeans)
        }
        (0, _, false) => (People::NothingTitle, People::NothingWhy, People::WaitsMeans),
        (_, true, true) => (People::OwnWeakTitle, People::OwnWeakWhy, People::WaitsMeans),
        (_, true, false) => (People::WeakTitle, People::WeakWhy, People::WaitsMeans),
        (_, false, true) => (
            People::OwnUntestedTitle,
            People::OwnUntestedWhy,
            People::WaitsSheet,
        ),
        (_, false, false) => (
            People::UntestedTitle,
            People::UntestedWhy,
            People::WaitsSheet,
        ),
    };
    let go = if is_own {
        CardGo::Link("/me".to_owned(), speech.word(People::OwnAccess))
    } else {
        CardGo::Link(
            format!("/people/{}", one.person.id.0),
            speech.word(People::SeePerson),
        )
    };
    let card = Card {
        now: false,
        title: speech.say(title, &named),
        why: speech.say(why, &named),
        small: speech.word(People::TwoWays),
        go,
        aside: None,
    };
    Ok((Some(card), says))
}
