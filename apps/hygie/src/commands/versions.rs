//! `hygie versions FILE`: every state that was kept, the newest first.

use std::path::Path;

use anyhow::Result;
use hygie_model::Wall;
use hygie_text::{Args, Id, TimeZone, bytes};
use hygie_vault::{Past, Presence, Reader, VaultError};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Context, absolute};
use crate::screen::{Exit, Form, path_fields, said};

/// A version, from the store or from the guard.
struct Row {
    number: i64,
    name: String,
    since: Wall,
    kept_at: Wall,
    bytes: u64,
    kept: bool,
    names: Vec<String>,
}

pub(crate) fn run(context: &Context<'_>, file: &Path) -> Result<Exit> {
    let path = absolute(file)?;
    #[cfg(target_os = "linux")]
    if let Some(caller) = super::asked::door(context) {
        let (rows, withheld) = by_guard(caller, &path)?;
        show(context, &path, &rows);
        if withheld > 0 {
            let args = Args::new().count("versions", withheld);
            context.screen.say(Id::VersionsWithheld, &args);
        }
        return Ok(Exit::Good);
    }
    show(context, &path, &directly(context, &path)?);
    Ok(Exit::Good)
}

fn none(path: &Path) -> anyhow::Error {
    said(Id::VersionsNone, Args::new().path("path", path))
}

fn directly(context: &Context<'_>, path: &Path) -> Result<Vec<Row>> {
    let reader = open(context)?;
    let versions = reader.history(path)?;
    if versions.is_empty() {
        return Err(none(path));
    }
    Ok(versions.into_iter().map(Row::from).collect())
}

/// The versions that the caller may have, and how many others there are.
#[cfg(target_os = "linux")]
fn by_guard(mut caller: hygie_agent::door::Caller, path: &Path) -> Result<(Vec<Row>, u64)> {
    use hygie_agent::door::{Question, Reply, VersionTold};
    let row = |told: VersionTold| Row {
        number: told.number,
        name: told.name,
        since: told.since,
        kept_at: told.kept_at,
        bytes: told.bytes,
        kept: told.kept,
        names: told.names,
    };
    let reply = super::asked::put(&mut caller, &Question::Versions { path: path.into() })?;
    if let Reply::Versions { versions, withheld } = reply {
        return Ok((versions.into_iter().map(row).collect(), withheld));
    }
    if reply == Reply::Unknown {
        return Err(none(path));
    }
    let refused = said(Id::ErrorNotAllowed, Args::new().path("path", path));
    Err(super::asked::no_answer(reply, refused))
}

impl From<Past> for Row {
    fn from(past: Past) -> Self {
        let version = &past.stored.version;
        Self {
            number: version.name.seq,
            name: version.name.to_string(),
            since: version.since,
            kept_at: version.kept_at,
            bytes: version.len,
            kept: past.stored.presence == Presence::Kept,
            names: past
                .names
                .iter()
                .map(|name| name.to_string_lossy().into_owned())
                .collect(),
        }
    }
}

fn show(context: &Context<'_>, path: &Path, rows: &[Row]) {
    let screen = context.screen;
    let language = screen.catalog().language();
    let zone = TimeZone::system();
    screen.say(Id::VersionsTitle, &Args::new().path("path", path));
    if screen.form() == Form::Words {
        let title = |id| screen.catalog().say(id, &Args::new());
        let (number, since) = (title(Id::VersionsNumber), title(Id::VersionsSince));
        println!("{number:>6}  {since:<19}  {:>9}", title(Id::VersionsSize));
    }
    for row in rows {
        let mut fields = path_fields(path);
        fields.insert("version".into(), row.name.clone().into());
        fields.insert("since".into(), row.since.to_rfc3339().into());
        fields.insert("kept_at".into(), row.kept_at.to_rfc3339().into());
        fields.insert("bytes".into(), row.bytes.into());
        fields.insert("kept".into(), row.kept.into());
        fields.insert("names".into(), json!(row.names));
        screen.json("version", Value::Object(fields));
        if screen.form() == Form::Words {
            let since = local(row.since, &zone);
            let size = bytes(language, row.bytes);
            let notes = notes(context, path, row);
            println!("{:>6}  {since:<19}  {size:>9}{notes}", row.number);
        }
    }
}

/// What sets a version apart: another name then, or a content that is not kept any more.
fn notes(context: &Context<'_>, path: &Path, row: &Row) -> String {
    let catalog = context.screen.catalog();
    let here = path.to_string_lossy();
    let other = (!row.names.iter().any(|name| *name == here))
        .then(|| row.names.first())
        .flatten()
        .map(|name| {
            let args = Args::new().path("path", Path::new(name));
            catalog.say(Id::VersionsThen, &args)
        });
    let dropped = (!row.kept).then(|| catalog.say(Id::VersionsDropped, &Args::new()));
    let notes = [other, dropped].into_iter().flatten();
    notes.map(|note| format!("  {note}")).collect()
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
