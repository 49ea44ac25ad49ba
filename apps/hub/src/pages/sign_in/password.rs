//! The second choice: name, password and the code of an app. Every try costs the same, whoever exists.

use std::time::Duration;

use axum::response::Response;
use hygie_identity::{
    password::{self, Check},
    secret::SecretText,
    session::Means,
    throttle::{Account, Answer, KnownPlace, Lane, Place, Queue, Throttle, Ticket, Try},
    totp::{Authenticator, Step},
};
use hygie_store::{Credential, CredentialKind, Json, Person, Practice};
use hygie_text::console::SignIn;
use serde::{Deserialize, Serialize};

use super::{Asked, draw, signed_in, wait};
use crate::{
    core::{browsers, journal::Note},
    pages::{language::own_path, setup::login_of},
    web::{
        fault::Fault,
        form::Sent,
        session,
        visitor::{Visitor, see_with},
    },
};

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn sign_in(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let asked = Asked {
        next: typed.next.clone(),
        ..Asked::default()
    };
    let login = login_of(&typed.login);
    let practice = visitor.practice()?;
    let person = who_may(&visitor, practice, &login).await?;
    let this = attempt(&visitor, practice, &login, person.as_ref()).await?;
    let ticket = match begin(practice, &this, &visitor).await? {
        Answer::Go(ticket) => ticket,
        Answer::Wait(time) => {
            let said = wait(&visitor, time);
            return draw(&visitor, asked, login, Some(said)).await;
        }
    };
    match check(&visitor, practice, person, &typed).await? {
        Some(person) => {
            succeeded(practice, &this, &ticket, &visitor).await?;
            let cookies = signed_in(&visitor, person.id, Means::PasswordAndCode).await?;
            Ok(see_with(own_path(&typed.next), &cookies))
        }
        None => {
            let note = Note::default().with("address", visitor.address.to_string());
            visitor.tell("person.refused", note).await?;
            let said = visitor.speech.word(SignIn::Wrong);
            draw(&visitor, asked, login, Some(said)).await
        }
    }
}

/// Who signs in with this name and may be in now.
pub(crate) async fn who_may(
    visitor: &Visitor,
    practice: Practice<'_>,
    login: &str,
) -> Result<Option<Person>, Fault> {
    let Some(person) = practice.person_of_login(login).await? else {
        return Ok(None);
    };
    let may = session::may_be_in(practice, &person, visitor.now).await?;
    Ok(may.then_some(person))
}

/// A try to sign in with this name, from where the visitor is.
pub(crate) async fn attempt(
    visitor: &Visitor,
    practice: Practice<'_>,
    login: &str,
    person: Option<&Person>,
) -> Result<Try, Fault> {
    let address = visitor.address.to_string();
    let known = match person {
        Some(person) => practice
            .sessions(person.id)
            .await?
            .iter()
            .any(|session| session.session.address == address),
        None => false,
    };
    Ok(Try {
        account: person.map_or_else(
            || Account::nobody(login),
            |person| Account::Person(person.id),
        ),
        place: Place::of(visitor.address),
        browser: match person {
            Some(person) => browsers::known(practice, person.id, visitor.browser).await?,
            None => None,
        },
        known_place: if known || visitor.is_here() {
            KnownPlace::Known
        } else {
            KnownPlace::Strange
        },
    })
}

/// The person, where password and code are hers. Both are looked at in any case, so that neither time nor words tell which
/// of them was wrong.
async fn check(
    visitor: &Visitor,
    practice: Practice<'_>,
    person: Option<Person>,
    typed: &Typed,
) -> Result<Option<Person>, Fault> {
    let credentials = match &person {
        Some(person) => practice.credentials(person.id).await?,
        None => Vec::new(),
    };
    let of = |kind| {
        credentials
            .iter()
            .find(|credential| credential.kind == kind)
    };
    let kept: Option<String> = match of(CredentialKind::Password) {
        Some(credential) => credential.body.get()?,
        None => None,
    };
    let secret = SecretText::new(typed.password.clone());
    let right = tokio::task::spawn_blocking(move || password::verify(&secret, kept.as_deref()))
        .await
        .map_err(|_| Fault::broken("a password's thread"))?
        .map_err(|_| Fault::broken("a password's row"))?;
    let code = match of(CredentialKind::Totp) {
        Some(credential) => use_code(visitor, practice, credential, &typed.code).await?,
        None => false,
    };
    let right = matches!(right, Check::Right | Check::RightButOld);
    Ok(person.filter(|_| right && code))
}

/// What is kept of an app's codes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptCodes {
    /// The secret, sealed.
    pub(crate) sealed: String,
    /// The last one that was used.
    pub(crate) last: Option<Step>,
}

impl KeptCodes {
    /// The app that makes them; `None` where the seal is another one's.
    pub(crate) fn authenticator(
        &self,
        visitor: &Visitor,
        credential: &Credential,
    ) -> Option<Authenticator> {
        let about = about_codes(credential.person);
        let secret = visitor.hub.seal.open(&about, &self.sealed)?;
        Some(Authenticator::of(secret.as_slice().try_into().ok()?))
    }
}

/// What a sealed secret is of.
pub(crate) fn about_codes(person: hygie_model::PersonId) -> String {
    format!("codes of {}", person.0)
}

async fn use_code(
    visitor: &Visitor,
    practice: Practice<'_>,
    credential: &Credential,
    typed: &str,
) -> Result<bool, Fault> {
    let kept: KeptCodes = credential.body.get()?;
    let Some(own) = kept.authenticator(visitor, credential) else {
        return Err(Fault::broken("the seal of the codes"));
    };
    let Ok(step) = own.check(typed, kept.last, visitor.now) else {
        return Ok(false);
    };
    let next = KeptCodes {
        last: Some(step),
        ..kept
    };
    // Another request with the same code may have been faster.
    Ok(practice
        .use_credential(credential, &Json::of(&next)?, visitor.now)
        .await?)
}

/// Judges a try, and counts it. What another request changed meanwhile is judged anew.
pub(crate) async fn begin(
    practice: Practice<'_>,
    this: &Try,
    visitor: &Visitor,
) -> Result<Answer, Fault> {
    for _ in 0..TRIES {
        let (rows, mut throttle) = lanes(practice, this, visitor).await?;
        let answer = throttle.begin(this, visitor.now);
        if keep(practice, &rows, &mut throttle, visitor).await? {
            return Ok(answer);
        }
    }
    // So many at once that nobody gets through is an attack on this account.
    Ok(Answer::Wait(Duration::from_secs(1)))
}

/// A try was right: its lanes are free again.
pub(crate) async fn succeeded(
    practice: Practice<'_>,
    this: &Try,
    ticket: &Ticket,
    visitor: &Visitor,
) -> Result<(), Fault> {
    for _ in 0..TRIES {
        let (rows, mut throttle) = lanes(practice, this, visitor).await?;
        throttle.succeeded(ticket);
        if keep(practice, &rows, &mut throttle, visitor).await? {
            return Ok(());
        }
    }
    Ok(())
}

type Rows = Vec<(Lane, Option<Vec<u8>>)>;

async fn lanes(
    practice: Practice<'_>,
    this: &Try,
    visitor: &Visitor,
) -> Result<(Rows, Throttle), Fault> {
    let mut rows = Rows::new();
    let mut queues: Vec<(Lane, Queue)> = Vec::new();
    for lane in this.lanes() {
        let kept = practice.passing(&key(lane)?, visitor.now).await?;
        let queue = kept
            .as_deref()
            .and_then(|bytes| serde_json::from_slice(bytes).ok());
        queues.extend(queue.map(|queue| (lane, queue)));
        rows.push((lane, kept));
    }
    Ok((rows, Throttle::of(queues)))
}

async fn keep(
    practice: Practice<'_>,
    rows: &Rows,
    throttle: &mut Throttle,
    visitor: &Visitor,
) -> Result<bool, Fault> {
    for (lane, queue) in throttle.changes() {
        let was = rows
            .iter()
            .find(|(this, _)| *this == lane)
            .and_then(|(_, kept)| kept.as_deref());
        let next = queue
            .map(|queue| serde_json::to_vec(&queue))
            .transpose()
            .map_err(|_| Fault::broken("a queue"))?
            .unwrap_or_default();
        let until = visitor.now.after(DAY);
        let kept = practice
            .set_passing(&key(lane)?, was, &next, until, visitor.now)
            .await?;
        if !kept {
            return Ok(false);
        }
    }
    Ok(true)
}

fn key(lane: Lane) -> Result<String, Fault> {
    let text = serde_json::to_string(&lane).map_err(|_| Fault::broken("a lane"))?;
    Ok(format!("lane {text}"))
}

const TRIES: u32 = 8;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
