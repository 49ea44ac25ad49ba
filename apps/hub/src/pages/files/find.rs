//! A file found by a part of its name, and the protected folders, one level at a time; with what is not there any more.

use std::path::{Path, PathBuf};

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_agent::door::{FileFound, FolderFound, Look, Question, Reply, Told};
use hygie_identity::Act;
use hygie_text::{
    Args, Explained,
    console::{Files, Shared},
    shown,
};
use serde::Deserialize;

use super::{
    Mute, ask,
    path::{self, Crumb, crumbs, from_query, to_query},
};
use crate::web::{
    fault::Fault,
    frame::{Frame, Place, page},
    icon::Icon,
    visitor::Visitor,
};

/// What of the pages is looked for.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    /// A part of a name.
    #[serde(default)]
    q: String,
    /// A folder.
    #[serde(default, rename = "in")]
    folder: String,
    /// So many come before.
    #[serde(default)]
    from: usize,
    /// The field of the folder's form that cannot be read.
    #[serde(default)]
    wrong: String,
    #[serde(default)]
    done: String,
    #[serde(default)]
    files: u64,
    #[serde(default)]
    problems: u64,
}

/// A file or folder in a list.
struct Row {
    name: String,
    to: String,
    icon: Icon,
    about: String,
    gone: bool,
}

#[derive(Template)]
#[template(path = "pages/files/find.html")]
struct Page {
    frame: Frame,
    q: String,
    crumbs: Vec<Crumb>,
    sentence: String,
    about: Option<String>,
    done: Option<String>,
    mute: Option<Explained>,
    /// The title of the list.
    list: Files,
    rows: Vec<Row>,
    /// Where nothing is: what it means.
    empty: (String, String),
    more: Option<String>,
    further: Option<String>,
    /// The folder whose state of a moment may be had back.
    folder: Option<String>,
    wrong: bool,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    if !asked.folder.is_empty() {
        let folder = from_query(&asked.folder).ok_or(Fault::NotFound)?;
        return in_folder(&visitor, &asked, &folder).await;
    }
    match asked.q.trim() {
        "" => start(&visitor).await,
        text => found(&visitor, text).await,
    }
}

/// Without a question: the protected folders.
async fn start(visitor: &Visitor) -> Result<Response, Fault> {
    let (roots, mute) = match roots(visitor).await? {
        Ok(roots) => (roots, None),
        Err(mute) => (Vec::new(), Some(mute)),
    };
    let rows = roots.iter().map(|root| Row {
        name: shown(&root.to_string_lossy()),
        to: path::of_folder(root),
        icon: Icon::Files,
        about: String::new(),
        gone: false,
    });
    let speech = &visitor.speech;
    let blank = blank(visitor, Files::Start, mute);
    page(&Page {
        about: Some(speech.word(Files::StartAbout)),
        rows: rows.collect(),
        list: Files::Roots,
        empty: (speech.word(Files::RootsNone), speech.word(Files::RootsHow)),
        ..blank
    })
}

async fn found(visitor: &Visitor, text: &str) -> Result<Response, Fault> {
    let question = Question::Look(Look::Find {
        text: text.to_owned(),
        limit: FOUND,
    });
    let speech = &visitor.speech;
    let named = Args::new().text("text", text);
    let (files, more, mute) = match ask(visitor, question).await? {
        Ok(Reply::Found { files, more }) => (files, more, None),
        Ok(_) => (Vec::new(), false, Some(Mute::Failed)),
        Err(mute) => (Vec::new(), false, Some(mute)),
    };
    let sentence = match (files.len(), mute) {
        (_, Some(_)) => speech.word(Files::Start),
        (0, None) => speech.say(Files::FoundNone, &named),
        (count, None) => {
            let words = if more { Files::FoundMany } else { Files::Found };
            speech.say(words, &named.count("files", count as u64))
        }
    };
    let rows = files.iter().map(|file| {
        let mut row = file_row(visitor, file);
        if let Some(folder) = file.path.0.parent() {
            let args = Args::new().text("folder", &folder.to_string_lossy());
            row.about = format!("{} · {}", row.about, speech.say(Files::InFolder, &args));
        }
        row
    });
    let blank = blank(visitor, Files::Title, mute);
    page(&Page {
        q: text.to_owned(),
        sentence,
        list: Files::Find,
        rows: rows.collect(),
        empty: (String::new(), speech.word(Files::FoundNoneHow)),
        more: more.then(|| speech.word(Files::FoundMore)),
        ..blank
    })
}

async fn in_folder(visitor: &Visitor, asked: &Asked, folder: &Path) -> Result<Response, Fault> {
    let question = Question::Look(Look::Folder {
        path: folder.to_owned(),
        from: asked.from,
    });
    let speech = &visitor.speech;
    let mut rows = Vec::new();
    let (mut further, mut mute, mut known) = (None, None, true);
    match ask(visitor, question).await? {
        Ok(Reply::Folder {
            folders,
            files,
            more,
        }) => {
            let next = asked.from + folders.len() + files.len();
            further = more.then(|| format!("{}&from={next}", path::of_folder(folder)));
            rows.extend(folders.iter().map(|folder| folder_row(visitor, folder)));
            rows.extend(files.iter().map(|file| file_row(visitor, file)));
            // What is there first: folders and files.
            rows.sort_by_key(|row: &Row| row.gone);
        }
        Ok(Reply::Unknown) => known = false,
        Ok(_) => mute = Some(Mute::Failed),
        Err(other) => mute = Some(other),
    }
    let roots = roots(visitor).await?.unwrap_or_default();
    let empty = if known {
        (Files::FolderEmpty, Files::FolderEmptyWhat)
    } else {
        (Files::Unknown, Files::UnknownHow)
    };
    let blank = blank(visitor, Files::Title, mute);
    let may = visitor.may(Act::RestoreFolder) && known && mute.is_none();
    page(&Page {
        crumbs: crumbs(folder, &roots),
        sentence: path::name(folder),
        done: done(visitor, asked),
        list: Files::FolderList,
        rows,
        empty: (speech.word(empty.0), speech.word(empty.1)),
        further,
        folder: may.then(|| to_query(folder)),
        wrong: asked.wrong == "day",
        ..blank
    })
}

fn done(visitor: &Visitor, asked: &Asked) -> Option<String> {
    let args = Args::new()
        .count("files", asked.files)
        .count("problems", asked.problems);
    match asked.done.as_str() {
        "folder" if asked.problems == 0 => Some(visitor.speech.say(Files::DoneFolder, &args)),
        "folder" => Some(visitor.speech.say(Files::DoneFolderPartly, &args)),
        other => super::restore::word(other).map(|id| visitor.speech.word(id)),
    }
}

fn blank(visitor: &Visitor, sentence: Files, mute: Option<Mute>) -> Page {
    Page {
        frame: visitor.frame(Some(Place::Files), Files::Title),
        q: String::new(),
        crumbs: Vec::new(),
        sentence: visitor.speech.word(sentence),
        about: None,
        done: None,
        mute: mute.map(|mute| mute.explain(visitor)),
        list: Files::Title,
        rows: Vec::new(),
        empty: (String::new(), String::new()),
        more: None,
        further: None,
        folder: None,
        wrong: false,
    }
}

fn file_row(visitor: &Visitor, file: &FileFound) -> Row {
    let speech = &visitor.speech;
    let args = Args::new()
        .bytes("bytes", file.bytes)
        .moment("at", file.changed);
    let state = if file.present {
        Files::Present
    } else {
        Files::Gone
    };
    let versions = Args::new().count("versions", file.versions);
    Row {
        name: path::name(&file.path.0),
        to: path::of_file(&file.path.0),
        icon: Icon::Documents,
        about: format!(
            "{} · {}",
            speech.say(state, &args),
            speech.say(Files::Versions, &versions)
        ),
        gone: !file.present,
    }
}

fn folder_row(visitor: &Visitor, folder: &FolderFound) -> Row {
    let args = Args::new().moment("at", folder.changed);
    Row {
        name: path::name(&folder.path.0),
        to: path::of_folder(&folder.path.0),
        icon: Icon::Files,
        about: if folder.present {
            String::new()
        } else {
            visitor.speech.say(Files::Gone, &args)
        },
        gone: !folder.present,
    }
}

/// Where the protected folders are.
pub(super) async fn roots(visitor: &Visitor) -> Result<Result<Vec<PathBuf>, Mute>, Fault> {
    let question = Question::Look(Look::Folder {
        path: PathBuf::new(),
        from: 0,
    });
    Ok(match ask(visitor, question).await? {
        Ok(Reply::Folder { folders, .. }) => {
            let roots = folders.into_iter().map(|folder| {
                let Told(path) = folder.path;
                path
            });
            Ok(roots.collect())
        }
        Ok(_) => Err(Mute::Failed),
        Err(mute) => Err(mute),
    })
}

/// Files of one search.
const FOUND: usize = 50;
