//! `hygie versions FILE`: every state that was kept, the newest first.

use std::path::Path;

use anyhow::Result;
use hygie_model::{FileId, Wall};
use hygie_text::{Args, Id, TimeZone, bytes};
use hygie_vault::{Presence, Reader, VaultError};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Context, absolute};
use crate::screen::{Exit, Form, path_fields, said};

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
    if screen.form() == Form::Words {
        let title = |id| screen.catalog().say(id, &Args::new());
        let (number, since) = (title(Id::VersionsNumber), title(Id::VersionsSince));
        println!("{number:>6}  {since:<19}  {:>9}", title(Id::VersionsSize));
    }
    for past in &versions {
        let version = &past.stored.version;
        let mut fields = path_fields(&path);
        fields.insert("version".into(), version.name.to_string().into());
        fields.insert("since".into(), version.since.to_rfc3339().into());
        fields.insert("kept_at".into(), version.kept_at.to_rfc3339().into());
        fields.insert("bytes".into(), version.len.into());
        fields.insert(
            "kept".into(),
            (past.stored.presence == Presence::Kept).into(),
        );
        fields.insert(
            "names".into(),
            past.names
                .iter()
                .map(|name| json!(name.to_string_lossy()))
                .collect::<Value>(),
        );
        screen.json("version", Value::Object(fields));
        if screen.form() == Form::Words {
            let since = local(version.since, &zone);
            println!(
                "{:>6}  {since:<19}  {:>9}",
                version.name.seq,
                bytes(language, version.len)
            );
        }
    }
    Ok(Exit::Good)
}

/// A moment of the local zone to the second, in the form that `--at` takes.
fn local(at: Wall, zone: &TimeZone) -> String {
    Timestamp::from_nanosecond(i128::from(at.0)).map_or_else(
        |_| at.to_rfc3339(),
        |stamp| {
            stamp
                .to_zoned_datetime(zone.clone())
                .strftime("%Y-%m-%d %H:%M:%S")
                .to_string()
        },
    )
}

/// Opens the store for reading, with words for what may be in the way.
pub(crate) fn open(context: &Context<'_>) -> Result<Reader> {
    let dir = context.state().vault();
    Reader::open(&dir).map_err(|error| {
        if matches!(error, VaultError::Absent { .. }) {
            return said(Id::ErrorNoGuard, Args::new());
        }
        let args = Args::new().path("path", &dir);
        said(Id::ErrorVault, args.text("reason", &error.to_string()))
    })
}
