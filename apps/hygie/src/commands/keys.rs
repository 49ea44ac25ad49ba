//! `hygie keys [trust|distrust NUMBER]`: whose passkeys this device's guard believes. Root's word alone makes the first one count.

use anyhow::Result;
use hygie_agent::{
    door::{KeysAsked, Question, Reply},
    keys::{KeyTold, KeysTold},
};
use hygie_text::{Args, Id};
use serde_json::json;

use super::{Context, asked::no_answer, incidents::ask};
use crate::{
    cli::Keys,
    screen::{Exit, said},
};

pub(crate) fn run(context: &Context<'_>, asked: Option<&Keys>) -> Result<Exit> {
    let keys = all(context)?;
    match asked {
        None => Ok(list(context, &keys)),
        Some(Keys::Trust { number }) => trust(context, &keys, *number),
        Some(Keys::Distrust { number }) => distrust(context, &keys, *number),
    }
}

fn all(context: &Context<'_>) -> Result<KeysTold> {
    let reply = ask(context, &Question::Keys(KeysAsked::List))?;
    let Reply::Keys(keys) = reply else {
        return Err(no_answer(reply, needs_root()));
    };
    Ok(keys)
}

fn list(context: &Context<'_>, keys: &KeysTold) -> Exit {
    let screen = context.screen;
    if keys.damaged {
        let args = Args::new().path("path", &context.state().trusted_keys());
        screen.say(Id::KeysDamaged, &args);
    } else if keys.trusted.is_empty() && keys.proposed.is_empty() {
        screen.say(Id::KeysNone, &Args::new());
    }
    for (title, some) in [
        (Id::KeysTrustedTitle, &keys.trusted),
        (Id::KeysProposedTitle, &keys.proposed),
    ] {
        if !some.is_empty() {
            screen.say(title, &Args::new());
        }
        for key in some {
            line(context, key);
        }
    }
    if !keys.proposed.is_empty() {
        screen.say(Id::KeysHow, &Args::new());
    }
    if keys.damaged {
        Exit::Partial
    } else {
        Exit::Good
    }
}

fn trust(context: &Context<'_>, keys: &KeysTold, number: u64) -> Result<Exit> {
    if keys.damaged {
        let args = Args::new().path("path", &context.state().trusted_keys());
        return Err(said(Id::KeysDamaged, args));
    }
    let numbered = Args::new().count("number", number);
    if keys.trusted.iter().any(|key| key.number == number) {
        return Err(said(Id::KeysAlready, numbered));
    }
    let key = keys.proposed.iter().find(|key| key.number == number);
    let key = key.ok_or_else(|| said(Id::KeysUnknown, numbered))?;
    let mark = key.mark.clone();
    let change = Change {
        asks: Id::KeysTrustAsk,
        does: KeysAsked::Trust { mark },
        done: Id::KeysTrusted,
    };
    change.run(context, key)
}

fn distrust(context: &Context<'_>, keys: &KeysTold, number: u64) -> Result<Exit> {
    let mut all = keys.trusted.iter().chain(&keys.proposed);
    let key = all.find(|key| key.number == number);
    let key = key.ok_or_else(|| said(Id::KeysUnknown, Args::new().count("number", number)))?;
    let mark = key.mark.clone();
    let change = Change {
        asks: Id::KeysDistrustAsk,
        does: KeysAsked::Distrust { mark },
        done: Id::KeysDistrusted,
    };
    change.run(context, key)
}

/// What becomes of one key.
struct Change {
    asks: Id,
    does: KeysAsked,
    done: Id,
}

impl Change {
    /// What is shown is what is meant: the guard is told the mark, not the number.
    fn run(self, context: &Context<'_>, key: &KeyTold) -> Result<Exit> {
        let screen = context.screen;
        line(context, key);
        if !screen.asks(self.asks, context.yes) {
            screen.say(Id::RestoreCancelled, &Args::new());
            return Ok(Exit::Failed);
        }
        let reply = ask(context, &Question::Keys(self.does))?;
        let Reply::Key(_) = reply else {
            return Err(no_answer(reply, needs_root()));
        };
        let args = Args::new().text("key", &key.key_name);
        screen.say(self.done, &args.text("person", &key.name));
        Ok(Exit::Good)
    }
}

fn line(context: &Context<'_>, key: &KeyTold) {
    let args = Args::new()
        .count("number", key.number)
        .text("person", &key.name)
        .text("key", &key.key_name)
        .text("mark", &short(&key.mark))
        .text("host", &key.console.host)
        .moment("since", key.since);
    context.screen.say(Id::KeysLine, &args);
    let about = json!({
        "number": key.number,
        "trusted": key.by.is_some(),
        "by": key.by,
        "person": key.person,
        "name": key.name,
        "key": key.key_name,
        "mark": key.mark,
        "console": key.console.host,
        "since": key.since,
        "withdrawn": key.withdrawn,
    });
    context.screen.json("key", about);
}

/// Enough to tell keys apart by eye.
fn short(mark: &str) -> String {
    let groups: Vec<&str> = (0..4)
        .filter_map(|at| mark.get(at * 4..at * 4 + 4))
        .collect();
    groups.join("-")
}

fn needs_root() -> anyhow::Error {
    said(Id::ErrorNeedsRoot, Args::new())
}
