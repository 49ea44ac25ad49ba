//! Whether the journal is whole, said in a sentence; and the lines that the database lacks, put back from the chain.

use askama::Template;
use axum::{extract::Query, response::Response};
use hygie_agent::journal_words;
use hygie_identity::Act;
use hygie_text::{
    Args, Explained, Id,
    console::{Journal, Shared},
};
use serde::Deserialize;

use crate::{
    core::chain::{self, Whole},
    web::{
        fault::Fault,
        form::Sent,
        frame::{Frame, Place, page},
        icon::Icon,
        visitor::{Visitor, see},
    },
};

/// How the journal stands, in words.
pub(super) struct Finding {
    /// In one sentence.
    pub(super) sentence: String,
    /// What was seen, and what to do.
    pub(super) seen: Explained,
    pub(super) is_whole: bool,
    /// Whether the database lacks lines that the chain has.
    pub(super) lacks: bool,
}

pub(super) fn finding(visitor: &Visitor, whole: &Whole) -> Finding {
    let speech = &visitor.speech;
    let path = visitor.hub.journal.folder();
    let (sentence, seen) = match whole {
        Whole::Holds { lines, ends } => {
            let seen = match ends {
                Some(ends) => {
                    let args = Args::new()
                        .count("records", *lines)
                        .moment("first", ends.first_at)
                        .moment("last", ends.last_at);
                    speech.explain(Id::JournalVerified, &args)
                }
                None => speech.explain(Id::JournalEmpty, &Args::new()),
            };
            (Journal::Whole, seen)
        }
        Whole::Broken(broken) => {
            let (what, facts) = journal_words::of_break(&broken.what);
            let args = Args::new()
                .text("segment", &broken.place.segment.to_string())
                .count("line", broken.place.line)
                .nested("what", speech.say(what, &facts))
                .path("path", path);
            (Journal::NotWhole, speech.explain(Id::JournalBroken, &args))
        }
        Whole::Unread => {
            let args = Args::new().path("path", path);
            (Journal::UnreadTitle, speech.explain(Journal::Unread, &args))
        }
        Whole::Differs { line } => {
            let args = Args::new().count("line", *line).path("path", path);
            (Journal::NotWhole, speech.explain(Journal::Differs, &args))
        }
        Whole::Lacks { lines } => {
            let args = Args::new().count("lines", lines.len() as u64);
            (Journal::LacksTitle, speech.explain(Journal::Lacks, &args))
        }
    };
    Finding {
        sentence: speech.word(sentence),
        seen,
        is_whole: matches!(whole, Whole::Holds { .. }),
        lacks: matches!(whole, Whole::Lacks { .. }),
    }
}

#[derive(Template)]
#[template(path = "pages/journal/verify.html")]
struct Page {
    frame: Frame,
    finding: Finding,
    may_see: bool,
    done: bool,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let whole = chain::verify(&visitor.hub.journal, visitor.practice()?).await?;
    page(&Page {
        frame: visitor.frame(Some(Place::Journal), Journal::VerifyTitle),
        finding: finding(&visitor, &whole),
        may_see: visitor.may(Act::SeeJournal),
        done: asked.done == "refilled",
    })
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn refill(
    visitor: Visitor,
    Sent(Nothing {}): Sent<Nothing>,
) -> Result<Response, Fault> {
    let practice = visitor.practice()?;
    let journal = &visitor.hub.journal;
    let Whole::Lacks { lines } = chain::verify(journal, practice).await? else {
        return Ok(see("/journal/verify"));
    };
    let note = visitor.note()?.with("lines", lines.len());
    visitor.tell("journal.refilled", note).await?;
    chain::refill(journal, practice, lines).await?;
    Ok(see("/journal/verify?done=refilled"))
}
