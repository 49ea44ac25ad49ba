//! `hygie undo INCIDENT|--all`: first the plan, then the act; `--redo` takes it back.

use anyhow::Result;
use hygie_agent::{
    door::{Question, Reply},
    incidents::{UndoTold, words},
};
use hygie_platform::clock;
use hygie_text::{Args, Id};
use serde_json::Value;

use super::{
    Context,
    incidents::{all, ask, no_answer},
};
use crate::{
    cli::Undo,
    screen::{Exit, path_fields},
};

pub(crate) fn run(context: &Context<'_>, asked: &Undo) -> Result<Exit> {
    let wanted = match asked.incident {
        Some(id) => vec![id],
        None => {
            let (incidents, _) = all(context)?;
            let open = incidents.iter().filter(|incident| incident.state.is_open());
            // The last one first: what a later family did to an earlier one's files goes before.
            open.map(|incident| incident.id).collect()
        }
    };
    if wanted.is_empty() {
        context.screen.say(Id::UndoNoneOpen, &Args::new());
    }
    let mut worst = Exit::Good;
    for id in wanted {
        worst = worst.max(one(context, asked, id)?);
    }
    Ok(worst)
}

fn one(context: &Context<'_>, asked: &Undo, id: u64) -> Result<Exit> {
    let screen = context.screen;
    if !asked.redo {
        let reply = ask(context, &Question::UndoPlan { id })?;
        let Reply::UndoPlan(plan) = reply else {
            return Err(no_answer(reply, id));
        };
        screen.say(Id::UndoPlanTitle, &Args::new().count("incident", id));
        tell(context, "undo.plan", &plan)?;
        screen.say(Id::UndoEndsProgram, &Args::new());
        screen.say(Id::UndoCanBeTakenBack, &Args::new());
        if asked.dry_run {
            return Ok(exit(&plan));
        }
    }
    if !screen.asks(Id::RestoreAsk, context.yes) {
        screen.say(Id::RestoreCancelled, &Args::new());
        return Ok(Exit::Failed);
    }
    let began = clock::mono();
    let question = if asked.redo {
        Question::Redo { id }
    } else {
        Question::Undo { id }
    };
    let reply = ask(context, &question)?;
    let Reply::Undone(done) = reply else {
        return Err(no_answer(reply, id));
    };
    tell(context, if asked.redo { "redo" } else { "undo" }, &done)?;
    let args = Args::new().count("incident", id);
    if !done.is_whole() {
        let files = done.problems.len() as u64;
        screen.say(Id::UndoPartly, &args.count("files", files));
    } else if asked.redo {
        screen.say(Id::UndoTakenBack, &args);
    } else {
        let spent = clock::mono().since(began);
        screen.say(Id::UndoDone, &args.spent("spent", spent));
    }
    Ok(exit(&done))
}

fn tell(context: &Context<'_>, name: &str, told: &UndoTold) -> Result<()> {
    let screen = context.screen;
    for (id, args) in words::counts(told) {
        screen.say(id, &args);
    }
    for side in &told.beside {
        let path = &side.path.0;
        screen.say(Id::UndoBeside, &Args::new().path("path", path));
        screen.json("undo.beside", path_fields(path).into());
    }
    for side in &told.second {
        let path = &side.path.0;
        screen.say(Id::UndoSecond, &Args::new().path("path", path));
        screen.json("undo.second", path_fields(path).into());
    }
    for side in &told.problems {
        let path = &side.path.0;
        let why = side.why.as_ref();
        let reason = why.map_or_else(String::new, |why| {
            let (id, args) = words::trouble(why);
            screen.catalog().say(id, &args)
        });
        let args = Args::new().path("path", path).nested("reason", reason);
        screen.say(Id::UndoProblem, &args);
        let mut fields = path_fields(path);
        fields.insert("incident".into(), told.incident.into());
        fields.insert("trouble".into(), serde_json::to_value(why)?);
        screen.json("undo.problem", Value::Object(fields));
    }
    let mut value = serde_json::to_value(told)?;
    if let Value::Object(fields) = &mut value {
        // Told one by one above.
        for list in ["beside", "second", "problems"] {
            if let Some(Value::Array(all)) = fields.get(list) {
                let count = all.len();
                fields.insert(list.into(), count.into());
            }
        }
    }
    screen.json(name, value);
    Ok(())
}

fn exit(told: &UndoTold) -> Exit {
    if told.has_lost() {
        Exit::Lost
    } else if told.is_whole() {
        Exit::Good
    } else {
        Exit::Partial
    }
}

#[cfg(test)]
mod tests {
    use hygie_text::{Catalog, Language, TimeZone};

    use super::*;

    #[test]
    fn a_second_name_is_told_in_both_languages() {
        let args = || Args::new().path("path", std::path::Path::new("/p/lettre (2).odt"));
        for (language, said) in [
            (
                Language::Fr,
                "Ce nom est pris depuis : ce qui le portait avant revient sous « /p/lettre (2).odt ».",
            ),
            (
                Language::En,
                "Something else has this name by now: what had it before comes back as “/p/lettre (2).odt”.",
            ),
        ] {
            let told = Catalog::new(language, TimeZone::UTC).say(Id::UndoSecond, &args());
            let plain = told.replace(['\u{a0}', '\u{202f}'], " ");
            assert_eq!(plain, said);
        }
    }
}
