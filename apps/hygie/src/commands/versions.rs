//! `hygie versions FILE`: every state that was kept, the newest first.

use std::path::Path;

use anyhow::Result;
use hygie_model::FileId;
use hygie_text::{Args, Id, bytes, moment, TimeZone};
use hygie_vault::{Presence, Reader, VaultError};
use serde_json::{Value, json};

use super::{Context, absolute};
use crate::screen::{Exit, path_fields, said};

pub(crate) fn run(context: &Context<'_>, file: &Path) -> Result<Exit> {
    let path = absolute(file)?;
    let reader = open(context)?;
    let none = || said(Id::VersionsNone, Args::new().path("path", &path));
    let found = match reader.lookup(&path, None) {
        Ok(found) => found,
        Err(VaultError::UnknownPath { .. }) => return Err(none()),
        Err(other) => return Err(other.into()),
    };
    let versions = reader.versions(FileId(found.node))?;
    if versions.is_empty() {
        return Err(none());
    }
    let screen = context.screen;
    let language = screen.catalog().language();
    let zone = TimeZone::system();
    screen.say(Id::VersionsTitle, &Args::new().path("path", &path));
    for past in &versions {
        let version = &past.stored.version;
        let mut fields = path_fields(&path);
        fields.insert("version".into(), version.name.to_string().into());
        fields.insert("since".into(), version.since.to_rfc3339().into());
        fields.insert("kept_at".into(), version.kept_at.to_rfc3339().into());
        fields.insert("bytes".into(), version.len.into());
        fields.insert("kept".into(), (past.stored.presence == Presence::Kept).into());
        fields.insert(
            "names".into(),
            past.names.iter().map(|name| json!(name.to_string_lossy())).collect::<Value>(),
        );
        screen.json("version", Value::Object(fields));
        if screen.form() == crate::screen::Form::Words {
            println!(
                "{:>5}  {}  {:>10}",
                version.name.seq,
                moment(language, version.since, &zone),
                bytes(language, version.len)
            );
        }
    }
    Ok(Exit::Good)
}

/// Opens the store for reading, with words for what may be in the way.
pub(crate) fn open(context: &Context<'_>) -> Result<Reader> {
    let dir = context.state().vault();
    Reader::open(&dir).map_err(|error| match error {
        VaultError::Absent { .. } => said(Id::ErrorNoGuard, Args::new()),
        other => said(
            Id::ErrorVault,
            Args::new().path("path", &dir).text("reason", &other.to_string()),
        ),
    })
}
