//! `hygie journal show|verify`: the record of what happened, and whether it is whole.

use std::path::Path;

use anyhow::Result;
use hygie_agent::journal_words;
use hygie_journal::{Entry, Kind, OnBreak, Reader, Verification, Writer};
use hygie_platform::clock;
use hygie_text::{Args, Id, TimeZone, moment};
use serde_json::json;

use super::Context;
use crate::{
    cli::Journal,
    screen::{Exit, Form},
};

pub(crate) fn run(context: &Context<'_>, verb: &Journal) -> Result<Exit> {
    let reader = Reader::new(&context.state().journal());
    match verb {
        Journal::Show => show(context, &reader),
        Journal::Verify => verify(context, &reader),
    }
}

fn show(context: &Context<'_>, reader: &Reader) -> Result<Exit> {
    let screen = context.screen;
    let (language, zone) = (screen.catalog().language(), TimeZone::system());
    let mut shown = 0;
    for record in reader.entries()? {
        let record = record?;
        shown += 1;
        screen.json("journal", serde_json::to_value(&record)?);
        if screen.form() == Form::Words {
            let facts = record
                .fields
                .iter()
                .map(|(name, value)| match value.as_str() {
                    Some(text) => format!("{name}={text}"),
                    None => format!("{name}={value}"),
                })
                .collect::<Vec<_>>()
                .join("  ");
            let at = moment(language, record.at, &zone);
            println!(
                "{:>6}  {at}  {:<18} {facts}",
                record.seq,
                record.kind.as_str()
            );
        }
    }
    if shown == 0 {
        screen.say(Id::JournalEmpty, &Args::new());
    }
    Ok(Exit::Good)
}

fn verify(context: &Context<'_>, reader: &Reader) -> Result<Exit> {
    let screen = context.screen;
    match reader.verify()? {
        Verification::Verified(good) => {
            match &good.ends {
                Some(ends) => {
                    let args = Args::new()
                        .count("records", good.records)
                        .moment("first", ends.first_at)
                        .moment("last", ends.last_at);
                    screen.say(Id::JournalVerified, &args);
                }
                None => screen.say(Id::JournalEmpty, &Args::new()),
            }
            screen.json(
                "journal.verify",
                json!({ "whole": true, "segments": good.segments, "records": good.records }),
            );
            Ok(Exit::Good)
        }
        Verification::Broken(broken) => {
            let journal = context.state().journal();
            let (segment, line) = (broken.place.segment.to_string(), broken.place.line);
            let (id, args) = journal_words::of_break(&broken.what);
            let what = screen.catalog().say(id, &args);
            let args = Args::new()
                .text("segment", &segment)
                .count("line", line)
                .nested("what", what)
                .path("path", &journal);
            screen.say(Id::JournalBroken, &args);
            screen.json(
                "journal.verify",
                json!({ "whole": false, "segment": segment, "line": line,
                        "what": broken.what.to_string() }),
            );
            Ok(Exit::Lost)
        }
    }
}

/// Writes down that a file was forgotten while no guard ran.
pub(crate) fn note_forgotten(context: &Context<'_>, path: &Path, versions: u64) -> Result<()> {
    let (mut writer, _) = Writer::open(&context.state().journal(), OnBreak::GoOn, clock::wall())?;
    let entry = Entry::new(Kind::new("vault.forgotten")?)
        .with("path", path.to_string_lossy().as_ref())
        .with("versions", versions);
    writer.append(entry, clock::wall())?;
    Ok(())
}
