//! The second choice, made: a password that withstands guessing, and an app that makes codes. Both at once, for one without the
//! other is no means.

use askama::Template;
use axum::response::Response;
use hygie_identity::{
    password::{self, About, Flaw, SALT_BYTES},
    secret::SecretText,
    totp::{Authenticator, Refused, SECRET_BYTES},
};
use hygie_store::{Credential, CredentialKind, Json};
use hygie_text::{
    Args,
    console::{Me, Shared},
};
use qrcode::{QrCode, render::svg};
use serde::Deserialize;

use super::has_means;
use crate::{
    core::chance,
    pages::sign_in::{KeptCodes, about_codes},
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, page},
        icon::Icon,
        visitor::{Visitor, see},
    },
};

#[derive(Template)]
#[template(path = "pages/me/password.html")]
struct Page {
    frame: Frame,
    /// The app's secret, sealed: it passes through the page and comes back with the form.
    sealed: String,
    /// A drawing that a phone reads.
    drawing: String,
    /// What is typed where there is no camera.
    letters: String,
    login: String,
    wrong_password: Vec<String>,
    wrong_code: Option<String>,
}

pub(super) async fn show(visitor: Visitor) -> Result<Response, Fault> {
    let own = Authenticator::of(chance::bytes::<SECRET_BYTES>()?);
    draw(&visitor, &own, Vec::new(), None)
}

fn draw(
    visitor: &Visitor,
    own: &Authenticator,
    wrong_password: Vec<String>,
    wrong_code: Option<String>,
) -> Result<Response, Fault> {
    let person = &visitor.signed()?.person;
    let url = own.to_url(&visitor.facts()?.name, &person.login);
    let drawing = drawing(url.expose())?;
    page(&Page {
        frame: visitor.frame(None, Me::PasswordTitle),
        sealed: visitor
            .hub
            .seal
            .close(&about_codes(person.id), own.expose())?,
        drawing,
        letters: own.to_text().expose().to_owned(),
        login: person.login.clone(),
        wrong_password,
        wrong_code,
    })
}

/// A drawing that a phone reads.
///
/// # Errors
/// More than a drawing holds.
pub(crate) fn drawing(text: &str) -> Result<String, Fault> {
    let code = QrCode::new(text.as_bytes()).map_err(|_| Fault::broken("a drawing"))?;
    let drawing = code
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build();
    // The file's first line is for files of their own.
    Ok(drawing
        .split_once("?>")
        .map_or(drawing.as_str(), |(_, rest)| rest)
        .to_owned())
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    sealed: String,
}

pub(super) async fn set(visitor: Visitor, Sent(typed): Sent<Typed>) -> Result<Response, Fault> {
    let person = visitor.signed()?.person.clone();
    let facts = visitor.facts()?;
    let about = about_codes(person.id);
    let secret = visitor
        .hub
        .seal
        .open(&about, &typed.sealed)
        .ok_or(Fault::StaleForm)?;
    let secret = secret.as_slice().try_into().map_err(|_| Fault::StaleForm)?;
    let own = Authenticator::of(secret);
    let text = SecretText::new(typed.password);
    let (words, host) = ([facts.name.clone(), facts.host.clone()], person.clone());
    let judged = tokio::task::spawn_blocking(move || {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let about = About {
            person: &host.name,
            sign_in: &host.login,
            practice: &words,
        };
        let password = password::judge(&text, about)?;
        Ok::<_, Vec<Flaw>>(password)
    })
    .await
    .map_err(|_| Fault::broken("a password's thread"))?;
    let code = own.check(&typed.code, None, visitor.now);
    let (password, step) = match (judged, code) {
        (Ok(password), Ok(step)) => (password, step),
        (judged, code) => {
            let flaws = judged.err().unwrap_or_default();
            let flaws = flaws.into_iter().map(|flaw| told(&visitor, flaw)).collect();
            let code = code.err().map(|why| {
                visitor.speech.word(match why {
                    Refused::NotDigits => Me::CodeNotDigits,
                    Refused::Wrong | Refused::Used => Me::CodeWrong,
                })
            });
            return draw(&visitor, &own, flaws, code);
        }
    };
    let salt = chance::bytes::<SALT_BYTES>()?;
    let hashed = tokio::task::spawn_blocking(move || password::hash(&password, salt))
        .await
        .map_err(|_| Fault::broken("a password's thread"))?
        .map_err(|_| Fault::broken("a password's hash"))?;
    let codes = KeptCodes {
        sealed: visitor.hub.seal.close(&about, own.expose())?,
        last: Some(step),
    };
    visitor.tell("person.password-set", visitor.note()?).await?;
    let practice = visitor.practice()?;
    for (kind, body) in [
        (CredentialKind::Password, Json::of(&hashed.expose())?),
        (CredentialKind::Totp, Json::of(&codes)?),
    ] {
        let credential = Credential {
            id: chance::number()?,
            person: person.id,
            kind,
            handle: None,
            label: String::new(),
            body,
            created: visitor.now,
            used: None,
        };
        practice.replace_credential(&credential).await?;
    }
    // Whoever knew the old one is out; this browser stays.
    let but = Some(visitor.signed()?.digest);
    practice.end_sessions(person.id, but, visitor.now).await?;
    has_means(&visitor).await?;
    Ok(see("/me?done=password"))
}

fn told(visitor: &Visitor, flaw: Flaw) -> String {
    let speech = &visitor.speech;
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    match flaw {
        Flaw::Short { has, needs } => {
            let args = Args::new()
                .count("has", count(has))
                .count("needs", count(needs));
            speech.say(Me::FlawShort, &args)
        }
        Flaw::Long { most } => speech.say(Me::FlawLong, &Args::new().count("most", count(most))),
        Flaw::DigitsOnly { needs } => {
            speech.say(Me::FlawDigits, &Args::new().count("needs", count(needs)))
        }
        Flaw::Leaked => speech.word(Me::FlawLeaked),
        Flaw::Named => speech.word(Me::FlawNamed),
        Flaw::Guessable(_) => speech.word(Me::FlawGuessable),
    }
}
