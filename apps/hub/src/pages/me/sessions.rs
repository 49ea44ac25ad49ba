//! Where one is signed in, and how to end it from here.

use axum::response::Response;
use hygie_identity::session::{Family, Session, System};
use hygie_store::Digest;
use hygie_text::{Args, console::Me};
use serde::Deserialize;
use uuid::Uuid;

use crate::web::{
    fault::Fault,
    form::Sent,
    visitor::{Visitor, see},
};

/// A session in the list.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) browser: String,
    pub(super) about: String,
    pub(super) this: bool,
}

pub(super) async fn rows(visitor: &Visitor) -> Result<Vec<Row>, Fault> {
    let signed = visitor.signed()?;
    let mut rows = Vec::new();
    for kept in visitor.practice()?.sessions(signed.person.id).await? {
        let session: Session = kept.session.body.get()?;
        if session.ended(signed.person.role, visitor.now).is_some() {
            continue;
        }
        let args = Args::new()
            .text("address", &kept.session.address)
            .moment("used", kept.used);
        rows.push(Row {
            id: session.id.0.to_string(),
            browser: browser(visitor, &session),
            about: visitor.speech.say(Me::SessionAbout, &args),
            this: kept.session.token == signed.digest,
        });
    }
    Ok(rows)
}

/// A browser in a few words.
pub(crate) fn browser(visitor: &Visitor, session: &Session) -> String {
    let family = match session.browser.family {
        Family::Firefox => "Firefox",
        Family::Chrome => "Chrome",
        Family::Edge => "Edge",
        Family::Opera => "Opera",
        Family::Safari => "Safari",
        Family::Other => "",
    };
    let system = match session.browser.system {
        System::Windows => "Windows",
        System::MacOs => "macOS",
        System::Linux => "Linux",
        System::Android => "Android",
        System::IPhone => "iPhone",
        System::IPad => "iPad",
        System::Other => "",
    };
    match (family, system) {
        ("", _) | (_, "") => visitor.speech.word(Me::SessionOther),
        (family, system) => visitor.speech.say(
            Me::SessionBrowser,
            &Args::new().text("browser", family).text("system", system),
        ),
    }
}

#[derive(Deserialize)]
pub(super) struct Ended {
    id: Uuid,
}

pub(super) async fn end(visitor: Visitor, Sent(ended): Sent<Ended>) -> Result<Response, Fault> {
    let practice = visitor.practice()?;
    let mut found: Option<Digest> = None;
    for kept in practice.sessions(visitor.person()?).await? {
        let session: Session = kept.session.body.get()?;
        if session.id.0 == ended.id {
            found = Some(kept.session.token);
        }
    }
    let token = found.ok_or(Fault::NotFound)?;
    visitor
        .tell("person.session-ended", visitor.note()?)
        .await?;
    practice.end_session(token, visitor.now).await?;
    Ok(see("/me?done=session"))
}
