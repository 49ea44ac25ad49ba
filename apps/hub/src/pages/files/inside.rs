//! What a version holds, beside what is there now, and what restoring it would do. The guard has it drawn in the sandbox for
//! each page anew; a picture comes within the page, so that it stands at no address of its own.

use std::path::Path;

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_agent::door::{Look, Pick, Question, Reply, VersionTold};
use hygie_identity::Act;
use hygie_sandbox::preview::{Pages, Shown, Why};
use hygie_text::{
    Args, Explained,
    console::{Files, Shared},
};
use serde::Deserialize;

use super::{
    Mute, ask,
    find::roots,
    judged::What,
    path::{self, Crumb, crumbs, from_query, to_query},
    restore::note_of,
    versions::{self, Seen},
};
use crate::web::{
    fault::Fault,
    frame::{Frame, Place, page},
    icon::Icon,
    visitor::Visitor,
};

#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    p: String,
    #[serde(default)]
    n: i64,
}

/// The page of what a version holds.
pub(super) fn of(path: &Path, number: i64) -> String {
    format!("/files/inside?p={}&n={number}", to_query(path))
}

/// A version, drawn.
struct Drawn {
    title: String,
    picture: Option<Picture>,
    text: Option<String>,
    /// What the picture or the text is, for who does not see it.
    label: String,
    about: Vec<String>,
}

struct Picture {
    data: String,
    width: u32,
    height: u32,
}

#[derive(Template)]
#[template(path = "pages/files/inside.html")]
struct Page {
    frame: Frame,
    crumbs: Vec<Crumb>,
    title: String,
    sentence: String,
    mute: Option<Explained>,
    path: String,
    back: String,
    drawn: Vec<Drawn>,
    would: Option<String>,
    /// The version that may be had back.
    number: Option<i64>,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let path = from_query(&asked.p).ok_or(Fault::NotFound)?;
    let seen = versions::see(&visitor, &path).await?;
    let speech = &visitor.speech;
    let blank = Page {
        frame: visitor.frame_named(Some(Place::Files), path::name(&path)),
        crumbs: crumbs(&path, &roots(&visitor).await?.unwrap_or_default()),
        title: path::name(&path),
        sentence: speech.word(Files::InsideGone),
        mute: None,
        path: to_query(&path),
        back: path::of_file(&path),
        drawn: Vec::new(),
        would: None,
        number: None,
    };
    let muted = |mute: Mute, blank: Page| {
        let mute = mute.explain(&visitor);
        page(&Page {
            sentence: mute.what.clone(),
            mute: Some(mute),
            ..blank
        })
    };
    if let Some(mute) = seen.mute {
        return muted(mute, blank);
    }
    let Some((version, what)) = found(&seen, asked.n) else {
        return page(&blank);
    };
    let this = match looked(&visitor, &path, version).await? {
        Ok(Some(shown)) => shown,
        Ok(None) => return page(&blank),
        Err(mute) => return muted(mute, blank),
    };
    let would = would(&visitor, &path, version, what).await?;
    let named = |version: &VersionTold| {
        Args::new()
            .text("name", &path::name(&path))
            .moment("since", version.since)
    };
    let sentence = match this {
        Shown::Picture { .. } | Shown::Text { .. } => Files::InsideIs,
        Shown::Nothing { .. } => Files::InsideNone,
    };
    let title = speech.say(Files::InsideThis, &named(version));
    let mut drawn = vec![draw(&visitor, &this, title, &named(version))];
    if let Some(now) = present(&seen, version, &would)
        && let Ok(Some(shown)) = looked(&visitor, &path, now).await?
    {
        let title = speech.say(Files::InsideNow, &named(now));
        drawn.push(draw(&visitor, &shown, title, &named(now)));
    }
    let number = would.may.then_some(version.number);
    page(&Page {
        title: speech.say(Files::InsideOf, &named(version)),
        sentence: speech.word(sentence),
        drawn,
        would: Some(would.said),
        number,
        ..blank
    })
}

fn found(seen: &Seen, number: i64) -> Option<(&VersionTold, &What)> {
    let mut all = seen.versions.iter().zip(&seen.what);
    all.find(|(version, _)| version.number == number && version.kept)
}

/// What is there now, where that is another version.
fn present<'a>(seen: &'a Seen, version: &VersionTold, would: &Would) -> Option<&'a VersionTold> {
    let newest = seen.versions.first()?;
    (would.replaces && newest.kept && newest.number != version.number).then_some(newest)
}

/// Told to the journal first: a page of a patient's file is read by whom it was shown to.
async fn looked(
    visitor: &Visitor,
    path: &Path,
    version: &VersionTold,
) -> Result<Result<Option<Shown>, Mute>, Fault> {
    let note = note_of(visitor, path)?
        .with("number", version.number)
        .with("since", version.since.to_rfc3339());
    visitor.tell("file.looked", note).await?;
    let question = Question::Look(Look::Inside {
        path: path.to_owned(),
        number: version.number,
    });
    Ok(match ask(visitor, question).await? {
        Ok(Reply::Inside(shown)) => Ok(Some(*shown)),
        Ok(Reply::Unknown) => Ok(None),
        Ok(_) => Err(Mute::Failed),
        Err(mute) => Err(mute),
    })
}

/// What restoring it would do.
struct Would {
    said: String,
    may: bool,
    replaces: bool,
}

async fn would(
    visitor: &Visitor,
    path: &Path,
    version: &VersionTold,
    what: &What,
) -> Result<Would, Fault> {
    let speech = &visitor.speech;
    let question = Question::Plan {
        path: path.to_owned(),
        pick: Pick::Number {
            number: version.number,
        },
    };
    let plan = match ask(visitor, question).await? {
        Ok(Reply::Plan(plan)) => Some(plan),
        Ok(_) | Err(_) => None,
    };
    let file = plan.as_ref().and_then(|plan| plan.first.first());
    let replaces = file.is_some_and(|file| file.replaces);
    let aside = plan.as_ref().map_or(0, |plan| plan.aside.len() as u64);
    let (said, may) = match what {
        What::Now => (speech.word(Files::WouldNothing), false),
        What::Harmed { .. } => (speech.word(Files::WouldHarm), false),
        What::Best | What::First | What::Changed if file.is_none() => {
            (speech.word(Files::WouldRefused), false)
        }
        What::Best | What::First | What::Changed => {
            let words = if replaces {
                Files::WouldReplace
            } else {
                Files::WouldReturn
            };
            let mut said = speech.word(words);
            if aside > 0 {
                let args = Args::new().count("files", aside);
                said = format!("{said} {}", speech.say(Files::WouldAside, &args));
            }
            (said, visitor.may(Act::RestoreVersion))
        }
    };
    Ok(Would {
        said,
        may,
        replaces,
    })
}

fn draw(visitor: &Visitor, shown: &Shown, title: String, named: &Args) -> Drawn {
    let speech = &visitor.speech;
    let blank = Drawn {
        title,
        picture: None,
        text: None,
        label: String::new(),
        about: Vec::new(),
    };
    match shown {
        Shown::Picture {
            png,
            width,
            height,
            pages,
        } => {
            let sides = Args::new()
                .count("width", u64::from(*width))
                .count("height", u64::from(*height));
            let is_whole = (png.width(), png.height()) == (*width, *height);
            let words = if is_whole {
                Files::InsideSides
            } else {
                Files::InsideShrunk
            };
            let mut about = vec![speech.say(words, &sides)];
            match pages {
                Pages::One => {}
                Pages::First => about.push(speech.word(Files::InsidePages)),
            }
            Drawn {
                picture: Some(Picture {
                    data: png.to_base64(),
                    width: png.width(),
                    height: png.height(),
                }),
                label: speech.say(Files::InsidePicture, named),
                about,
                ..blank
            }
        }
        Shown::Text { text, all, letters } => {
            let words = if *all {
                Files::InsideAll
            } else {
                Files::InsidePart
            };
            let args = Args::new().text("letters", letters);
            Drawn {
                text: Some(text.clone()),
                label: speech.say(Files::InsideText, named),
                about: vec![speech.say(words, &args)],
                ..blank
            }
        }
        Shown::Nothing { why } => Drawn {
            about: vec![speech.word(reason(*why))],
            ..blank
        },
    }
}

const fn reason(why: Why) -> Files {
    match why {
        Why::Empty => Files::InsideEmpty,
        Why::Kind => Files::InsideKind,
        Why::TooLarge => Files::InsideTooLarge,
        Why::Unreadable => Files::InsideUnreadable,
        Why::TooLong => Files::InsideTooLong,
        Why::Damaged => Files::InsideDamaged,
        Why::NoSandbox => Files::InsideNoSandbox,
    }
}
