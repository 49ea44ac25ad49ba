//! One's own access: passkeys, password and code, the recovery sheet, and where one is signed in.

mod keys;
mod password;
mod sessions;
mod sheet;
mod weak;

pub(crate) use password::drawing;
pub(crate) use sessions::browser;
pub(crate) use sheet::{forget_sheet, keep_sheet, sheet_of};

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_identity::{Act, passkey::Key};
use hygie_store::{Credential, CredentialKind};
use hygie_text::{
    Args,
    console::{Me, Shared},
};
use serde::Deserialize;

pub(super) use weak::{SheetWaits, Weak, weak};

use super::{
    people::{self, Own, own},
    sign_in::{Keys, keys as keys_work},
};
use crate::web::{
    fault::Fault,
    frame::{Frame, page},
    icon::Icon,
    route::Route,
    visitor::Visitor,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/me", Act::SeeOwnAccess, show),
        Route::post("/me/passkey/start", Act::AddOwnPasskey, keys::start),
        Route::post("/me/passkey/finish", Act::AddOwnPasskey, keys::finish),
        Route::post("/me/passkey/remove", Act::RemoveOwnPasskey, keys::remove),
        Route::get("/me/password", Act::SetOwnPassword, password::show),
        Route::post("/me/password", Act::SetOwnPassword, password::set),
        Route::post("/me/sheet", Act::MakeRecoverySheet, sheet::make),
        Route::post("/me/sheet/test", Act::TestRecoverySheet, sheet::test),
        Route::post("/me/session/end", Act::EndOwnSession, sessions::end),
    ]
}

/// A passkey in the list.
struct KeyRow {
    id: String,
    name: String,
    about: String,
}

#[derive(Template)]
#[template(path = "pages/me/page.html")]
struct Page {
    frame: Frame,
    sentence: String,
    keys_work: Keys,
    keys: Vec<KeyRow>,
    has_password: bool,
    sheet: String,
    sheet_waits: bool,
    sessions: Vec<sessions::Row>,
    /// What else is to be known of one's access now.
    own: Vec<Own>,
    /// What was done before this page came.
    done: Option<String>,
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let signed = visitor.signed()?;
    let practice = visitor.practice()?;
    let credentials = practice.credentials(signed.person.id).await?;
    let speech = &visitor.speech;
    let mut keys = Vec::new();
    for credential in of_kind(&credentials, CredentialKind::Passkey) {
        let key: Key = credential.body.get()?;
        let args = Args::new().moment("made", credential.created);
        let about = if key.is_synced() {
            Me::KeySynced
        } else {
            Me::KeyBound
        };
        keys.push(KeyRow {
            id: credential.id.to_string(),
            name: credential.label.clone(),
            about: speech.say(about, &args),
        });
    }
    let has_password = of_kind(&credentials, CredentialKind::Password)
        .next()
        .is_some();
    let kept = sheet::kept(&visitor).await?;
    let left = practice.recovery_codes_left(signed.person.id).await?;
    let (sheet, sheet_waits) = sheet::told(&visitor, kept.as_ref(), left);
    let sentence = speech.word(means(keys.len(), has_password));
    page(&Page {
        frame: visitor.frame(None, Me::Title),
        sentence,
        keys_work: keys_work(&visitor),
        keys,
        has_password,
        sheet,
        sheet_waits,
        sessions: sessions::rows(&visitor).await?,
        own: own(&visitor).await?,
        done: done(&asked.done)
            .map(|id| speech.word(id))
            .or_else(|| people::done(&asked.done).map(|id| speech.word(id))),
    })
}

/// The answer to what somebody comes for: can she get in tomorrow?
const fn means(keys: usize, has_password: bool) -> Me {
    match (keys, has_password) {
        (0, false) => Me::NoMeans,
        (0, true) => Me::PasswordOnly,
        (1, false) => Me::OneKey,
        (1, true) => Me::OneKeyAndPassword,
        (_, _) => Me::Safe,
    }
}

fn done(name: &str) -> Option<Me> {
    Some(match name {
        "key" => Me::DoneKey,
        "key-gone" => Me::DoneKeyGone,
        "password" => Me::DonePassword,
        "tested" => Me::DoneTested,
        "not-tested" => Me::DoneNotTested,
        "session" => Me::DoneSession,
        _ => return None,
    })
}

fn of_kind(credentials: &[Credential], kind: CredentialKind) -> impl Iterator<Item = &Credential> {
    credentials
        .iter()
        .filter(move |credential| credential.kind == kind)
}

/// Somebody has a means of her own: the set-up is done with the first practitioner's.
async fn has_means(visitor: &Visitor) -> Result<(), Fault> {
    visitor.hub.store.finish_setup(visitor.now).await?;
    Ok(())
}
