//! The versions of a file, the newest first, and which one to have back.

use std::path::{Path, PathBuf};

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_acts::Incident;
use hygie_agent::door::{Pick, Question, Reply, VersionTold};
use hygie_identity::Act;
use hygie_text::{
    Args, Explained,
    console::{Files, Shared, Signed},
};
use serde::Deserialize;

use super::{
    Mute, ask,
    find::roots,
    inside,
    judged::{Harm, Verdict, What, judge},
    line::{self, Point},
    path::{self, Crumb, crumbs, from_query, to_query},
    restore,
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
    done: String,
    /// Whether the older ones are wanted as well.
    #[serde(default)]
    all: String,
}

/// The button of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Button {
    None,
    Plain,
    Main,
}

/// A version in the list.
struct Row {
    class: &'static str,
    at: String,
    stamp: String,
    node: String,
    title: String,
    about: Vec<String>,
    number: i64,
    button: Button,
    /// Where it is to be seen.
    inside: Option<String>,
    /// Whose button it is, for who does not see the row.
    of: String,
}

#[derive(Template)]
#[template(path = "pages/files/versions.html")]
struct Page {
    frame: Frame,
    crumbs: Vec<Crumb>,
    name: String,
    sentence: String,
    how: Option<String>,
    done: Option<String>,
    mute: Option<Explained>,
    path: String,
    line: Option<String>,
    rows: Vec<Row>,
    older: Option<(String, String)>,
    withheld: Option<String>,
    /// Where this visitor forgets it for good.
    forget: Option<String>,
}

/// A file's versions, the newest first, and what each of them is.
pub(super) struct Seen {
    pub(super) versions: Vec<VersionTold>,
    withheld: u64,
    pub(super) mute: Option<Mute>,
    verdict: Verdict,
    pub(super) what: Vec<What>,
}

pub(super) async fn see(visitor: &Visitor, path: &Path) -> Result<Seen, Fault> {
    let question = Question::Versions {
        path: path.to_owned(),
    };
    let (versions, withheld, mute) = match ask(visitor, question).await? {
        Ok(Reply::Versions { versions, withheld }) => (versions, withheld, None),
        Ok(Reply::Unknown) => (Vec::new(), 0, None),
        Ok(_) => (Vec::new(), 0, Some(Mute::Failed)),
        Err(mute) => (Vec::new(), 0, Some(mute)),
    };
    let harms = if versions.is_empty() {
        Vec::new()
    } else {
        harms(visitor, path).await?
    };
    let is_there = is_there(visitor, path, &versions).await?;
    let (verdict, what) = judge(&versions, is_there, &harms);
    Ok(Seen {
        versions,
        withheld,
        mute,
        verdict,
        what,
    })
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let path = from_query(&asked.p).ok_or(Fault::NotFound)?;
    let Seen {
        versions,
        withheld,
        mute,
        verdict,
        what,
    } = see(&visitor, &path).await?;
    let speech = &visitor.speech;
    let kept = versions.iter().filter(|version| version.kept).count() as u64;
    let shown_rows = if asked.all == "1" {
        versions.len()
    } else {
        versions.len().min(A_PAGE)
    };
    let left = versions.len() - shown_rows;
    let (sentence, how) = match (mute, versions.is_empty()) {
        (Some(mute), _) => (mute.explain(&visitor).what, None),
        (None, true) => (
            speech.word(Files::NoneYet),
            Some(speech.word(Files::NoneYetHow)),
        ),
        (None, false) => (answer(&visitor, verdict, kept), None),
    };
    let rows = versions.iter().zip(&what).take(shown_rows);
    page(&Page {
        frame: visitor.frame_named(Some(Place::Files), path::name(&path)),
        crumbs: crumbs(&path, &roots(&visitor).await?.unwrap_or_default()),
        name: path::name(&path),
        sentence,
        how,
        done: match asked.done.as_str() {
            "forgotten" => Some(speech.word(Signed::DoneForgotten)),
            done => restore::word(done).map(|id| speech.word(id)),
        },
        mute: mute.map(|mute| mute.explain(&visitor)),
        path: to_query(&path),
        line: drawn(&visitor, &versions, &what),
        rows: rows
            .map(|(version, what)| row(&visitor, &path, version, what))
            .collect(),
        older: (left > 0).then(|| {
            let args = Args::new().count("versions", left as u64);
            let to = format!("{}&all=1", path::of_file(&path));
            (to, speech.say(Files::Older, &args))
        }),
        withheld: (withheld > 0)
            .then(|| speech.say(Files::Withheld, &Args::new().count("versions", withheld))),
        forget: (visitor.may(Act::ForgetFile) && !versions.is_empty())
            .then(|| format!("/files/forget?p={}", to_query(&path))),
    })
}

fn answer(visitor: &Visitor, verdict: Verdict, kept: u64) -> String {
    let speech = &visitor.speech;
    let count = Args::new().count("versions", kept);
    match verdict {
        Verdict::Harmed {
            at,
            best: Some(since),
        } => speech.say(
            Files::Harmed,
            &Args::new().moment("at", at).moment("since", since),
        ),
        Verdict::Harmed { at, best: None } => {
            speech.say(Files::HarmedNone, &Args::new().moment("at", at))
        }
        Verdict::Gone { best: Some(since) } => {
            speech.say(Files::GoneBest, &Args::new().moment("since", since))
        }
        Verdict::Gone { best: None } => speech.word(Files::GoneNone),
        Verdict::Fine => speech.say(Files::Fine, &count),
        Verdict::Unsure => speech.say(Files::UnsureFine, &count),
    }
}

/// Whether the file is there: by what a restore of its newest version would replace.
async fn is_there(
    visitor: &Visitor,
    path: &Path,
    versions: &[VersionTold],
) -> Result<Option<bool>, Fault> {
    let Some(newest) = versions.iter().find(|version| version.kept) else {
        return Ok(None);
    };
    let question = Question::Plan {
        path: path.to_owned(),
        pick: Pick::Number {
            number: newest.number,
        },
    };
    Ok(match ask(visitor, question).await? {
        Ok(Reply::Plan(plan)) => plan.first.first().map(|file| file.replaces),
        Ok(_) | Err(_) => None,
    })
}

/// What stopped programs did to this file.
async fn harms(visitor: &Visitor, path: &Path) -> Result<Vec<Harm>, Fault> {
    let Ok(Reply::Incidents { incidents, .. }) = ask(visitor, Question::Incidents).await? else {
        return Ok(Vec::new());
    };
    let mut harms = Vec::new();
    for incident in incidents.iter().take(INCIDENTS) {
        harms.extend(harm(visitor, path, incident).await?);
    }
    Ok(harms)
}

async fn harm(visitor: &Visitor, path: &Path, incident: &Incident) -> Result<Option<Harm>, Fault> {
    let question = Question::Incident { id: incident.id };
    let Ok(Reply::Incident(told)) = ask(visitor, question).await? else {
        return Ok(None);
    };
    let touched = told.files.iter().find(|file| is_it(path, &file.path.0));
    Ok(touched.and_then(|touched| Harm::of(incident, touched)))
}

/// The same path, or that with an ending put behind it: so such programs rename what they made unreadable.
fn is_it(path: &Path, touched: &Path) -> bool {
    let longer = || {
        let (own, other) = (path.file_name()?.to_str()?, touched.file_name()?.to_str()?);
        Some(path.parent() == touched.parent() && other.starts_with(own))
    };
    path == touched || longer().unwrap_or(false)
}

fn drawn(visitor: &Visitor, versions: &[VersionTold], what: &[What]) -> Option<String> {
    let points: Vec<Point> = versions
        .iter()
        .zip(what)
        .rev()
        .map(|(version, what)| Point {
            at: version.since,
            harmed: matches!(what, What::Harmed { .. }),
            marked: matches!(what, What::Best | What::Now),
        })
        .collect();
    let args = Args::new()
        .count("versions", versions.len() as u64)
        .moment("first", versions.last()?.since)
        .moment("last", versions.first()?.since);
    let label = visitor.speech.say(Files::LineLabel, &args);
    line::draw(&points, &label, &visitor.hub.zone)
}

fn row(visitor: &Visitor, path: &Path, version: &VersionTold, what: &What) -> Row {
    let speech = &visitor.speech;
    let since = Args::new().moment("since", version.since);
    let mut about = Vec::new();
    if let What::Harmed {
        by: Some(by),
        incident,
    } = what
    {
        let program = path::name(&PathBuf::from(by));
        let args = Args::new()
            .text("program", &program)
            .count("incident", *incident);
        about.push(speech.say(Files::VersionHarmedBy, &args));
    }
    about.push(speech.say(
        Files::VersionBytes,
        &Args::new().bytes("bytes", version.bytes),
    ));
    let own = path.to_string_lossy();
    if let Some(then) = version
        .names
        .first()
        .filter(|_| !version.names.iter().any(|name| *name == own))
    {
        about.push(speech.say(Files::VersionThen, &Args::new().text("path", then)));
    }
    if !version.kept {
        about.push(speech.word(Files::VersionDropped));
    }
    let (class, icon) = match what {
        What::Harmed { .. } => ("bad", Icon::BowlNow),
        What::Best => ("best", Icon::BowlOk),
        What::Now | What::First | What::Changed => ("", Icon::BowlOk),
    };
    let title = title(what);
    let icon = if version.kept { icon } else { Icon::BowlIdk };
    let may = visitor.may(Act::RestoreVersion) && version.kept;
    let button = match what {
        What::Best if may => Button::Main,
        What::First | What::Changed if may => Button::Plain,
        // What a stopped program did is given back by its incident's page alone.
        What::Best | What::Now | What::Harmed { .. } | What::First | What::Changed => Button::None,
    };
    let sees = visitor.may(Act::PreviewFile) && version.kept;
    Row {
        class,
        at: hygie_text::moment(speech.language(), version.since, &visitor.hub.zone),
        stamp: version.since.to_rfc3339(),
        node: icon.svg().replacen("class=\"icon\"", "class=\"node\"", 1),
        title: speech.word(title),
        about,
        number: version.number,
        button,
        inside: sees.then(|| inside::of(path, version.number)),
        of: speech.say(Files::RestoreOf, &since),
    }
}

/// What a version is called.
pub(super) fn title(what: &What) -> Files {
    match what {
        What::Harmed { .. } => Files::VersionHarmed,
        What::Best => Files::VersionBest,
        What::Now => Files::VersionNow,
        What::First => Files::VersionFirst,
        What::Changed => Files::VersionChanged,
    }
}

/// Versions of one page.
const A_PAGE: usize = 50;
/// Incidents that are looked into, the newest ones.
const INCIDENTS: usize = 20;
