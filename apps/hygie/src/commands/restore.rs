//! `hygie restore FILE|FOLDER`: first the plan, then the act.

#[cfg(target_os = "linux")]
mod by_guard;
mod present;
mod told;

use std::path::Path;

use anyhow::Result;
use hygie_model::Wall;
use hygie_platform::clock;
use hygie_text::{Args, Id};
use hygie_vault::{Plan, Reader, VaultError};
use jiff::ZonedDateTime;

use self::{
    present::keep_present,
    told::{Done, Planned},
};
use super::{Context, absolute, versions::open};
use crate::{
    cli::Restore,
    screen::{Exit, said},
    when,
};

/// Which state is wanted.
#[derive(Clone, Copy, Debug)]
enum Wanted {
    Newest,
    At(Wall),
    Number(i64),
}

pub(crate) fn run(context: &Context<'_>, asked: &Restore) -> Result<Exit> {
    let path = absolute(&asked.path)?;
    let wanted = match (asked.version, &asked.at) {
        (Some(number), _) => Wanted::Number(number),
        (None, Some(text)) => Wanted::At(
            when::parse(text, &ZonedDateTime::now())
                .ok_or_else(|| said(Id::ErrorTime, Args::new().text("text", text)))?,
        ),
        (None, None) => Wanted::Newest,
    };
    #[cfg(target_os = "linux")]
    if let Some(mut caller) = super::asked::door(context) {
        // The guard would write there with rights, or give contents out, that nobody weighed.
        if asked.to.is_some() {
            return Err(said(Id::ErrorElsewhere, Args::new()));
        }
        let planned = by_guard::plan(&mut caller, &path, wanted)?;
        return agreed(context, asked, &planned, || {
            by_guard::run(&mut caller, &path, wanted)
        });
    }
    directly(context, asked, &path, wanted)
}

/// Shows the plan, asks, acts, and tells what came of it.
fn agreed(
    context: &Context<'_>,
    asked: &Restore,
    planned: &Planned,
    act: impl FnOnce() -> Result<Done>,
) -> Result<Exit> {
    planned.show(context);
    if asked.dry_run {
        return Ok(planned.exit());
    }
    if !context.screen.asks(Id::RestoreAsk, context.yes) {
        context.screen.say(Id::RestoreCancelled, &Args::new());
        return Ok(Exit::Failed);
    }
    let began = clock::mono();
    let done = act()?;
    done.tell(context, clock::mono().since(began));
    Ok(done.exit())
}

fn directly(context: &Context<'_>, asked: &Restore, path: &Path, wanted: Wanted) -> Result<Exit> {
    let to = asked.to.as_deref().map(absolute).transpose()?;
    let reader = open(context)?;
    let planned = match wanted {
        Wanted::Number(number) => plan_number(&reader, path, number, to.as_deref())?,
        Wanted::At(at) => reader.plan_restore(path, Some(at), to.as_deref()),
        Wanted::Newest => reader.plan_restore(path, None, to.as_deref()),
    };
    let plan = match planned {
        Ok(plan) => plan,
        Err(VaultError::UnknownPath { .. }) => return Err(wanted.missing(path)),
        Err(other) => return Err(other.into()),
    };
    agreed(context, asked, &Planned::of(&plan), || {
        let present = keep_present(context, &reader, &plan)?;
        if present > 0 {
            let args = Args::new().count("versions", present);
            context.screen.say(Id::RestoreKeptPresent, &args);
        }
        Ok(plan.run(&reader)?.into())
    })
}

/// The plan for one version of a file, by its number.
fn plan_number(
    reader: &Reader,
    path: &Path,
    number: i64,
    to: Option<&Path>,
) -> Result<Result<Plan, VaultError>> {
    if let Err(error) = reader.lookup(path, None) {
        return Ok(Err(error));
    }
    let name = reader
        .history(path)?
        .iter()
        .map(|past| past.stored.version.name)
        .find(|name| name.seq == number)
        .ok_or_else(|| Wanted::Number(number).unknown(path))?;
    Ok(reader.plan_version(name, to.unwrap_or(path)))
}

impl Wanted {
    /// Nothing was there.
    fn missing(self, path: &Path) -> anyhow::Error {
        let before = match self {
            Self::At(at) => at,
            Self::Newest | Self::Number(_) => clock::wall(),
        };
        let args = Args::new().path("path", path).moment("before", before);
        said(Id::RestoreMissing, args)
    }

    /// There is no such state.
    fn unknown(self, path: &Path) -> anyhow::Error {
        match self {
            Self::Number(number) => {
                let args = Args::new().text("version", &number.to_string());
                said(Id::ErrorVersion, args.path("path", path))
            }
            Self::Newest | Self::At(_) => self.missing(path),
        }
    }
}
