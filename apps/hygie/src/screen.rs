//! What a person or a script reads: sentences from the catalogue, or JSON, and the exit code.

use std::{
    io::{IsTerminal, Write},
    path::Path,
    process::ExitCode,
};

use base64::Engine as _;
use hygie_text::{Args, Catalog, Environment, Explained, Id, Language, Message, TimeZone};
use serde_json::{Map, Value, json};

use crate::cli::Cli;

/// The exit codes (CONTRACTS.md); the worst wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Good.
    Good,
    /// It failed.
    Failed,
    /// Doubtful or partial.
    Partial,
    /// Dangerous or lost.
    Lost,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Good => 0,
            Exit::Failed => 1,
            Exit::Partial => 10,
            Exit::Lost => 20,
        })
    }
}

/// A failure that the catalogue has words for.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) id: Id,
    pub(crate) args: Args,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id.key())
    }
}

impl std::error::Error for Said {}

/// An error with words.
pub(crate) fn said(id: Id, args: Args) -> anyhow::Error {
    Said { id, args }.into()
}

/// Whether people or scripts read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Sentences.
    Words,
    /// JSON.
    Json,
}

/// The screen.
pub(crate) struct Screen {
    catalog: Catalog,
    form: Form,
    rewrites: Rewrites,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rewrites {
    /// A terminal: the last line can be written over.
    Yes,
    No,
}

impl Screen {
    pub(crate) fn new(cli: &Cli) -> Self {
        let variable = |name| std::env::var(name).ok();
        let (lc_all, lc_messages, lang) = (
            variable("LC_ALL"),
            variable("LC_MESSAGES"),
            variable("LANG"),
        );
        let language = Language::negotiate(
            cli.lang,
            &Environment {
                lc_all: lc_all.as_deref(),
                lc_messages: lc_messages.as_deref(),
                lang: lang.as_deref(),
            },
        );
        Self {
            catalog: Catalog::new(language, TimeZone::system()),
            form: if cli.json { Form::Json } else { Form::Words },
            rewrites: if std::io::stdout().is_terminal() {
                Rewrites::Yes
            } else {
                Rewrites::No
            },
        }
    }

    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// Says a message, for people only.
    pub(crate) fn say(&self, id: Id, args: &Args) {
        self.explained(&self.catalog.explain(id, args));
    }

    /// Says a message of two parts, for people only.
    pub(crate) fn explained(&self, explained: &Explained) {
        if self.form == Form::Words {
            println!("{}", explained.what);
            if let Some(to_do) = &explained.to_do {
                println!("  {to_do}");
            }
        }
    }

    /// A line below what was said, made of messages that were said already; for people only.
    pub(crate) fn item(&self, said: &str) {
        if self.form == Form::Words {
            println!("  {said}");
        }
    }

    /// Says what one of several things came to that could not be done, on the error output.
    pub(crate) fn warn(&self, id: Id, args: &Args) {
        eprintln!("{}", self.catalog.explain(id, args));
    }

    /// A line that the next one replaces, where the terminal can do that; else nothing.
    pub(crate) fn passing(&self, id: Id, args: &Args) {
        if self.form == Form::Words && self.rewrites == Rewrites::Yes {
            print!("\r\x1b[2K{}", self.catalog.say(id, args));
            let _ = std::io::stdout().flush();
        }
    }

    /// Ends a passing line.
    pub(crate) fn wipe(&self) {
        if self.form == Form::Words && self.rewrites == Rewrites::Yes {
            print!("\r\x1b[2K");
            let _ = std::io::stdout().flush();
        }
    }

    /// Prints an object for scripts, with its schema's name.
    pub(crate) fn json(&self, name: &str, value: Value) {
        if self.form != Form::Json {
            return;
        }
        let mut object = Map::new();
        object.insert("schema".into(), format!("hygie.{name}/1").into());
        if let Value::Object(fields) = value {
            object.extend(fields);
        } else {
            object.insert("value".into(), value);
        }
        println!("{}", Value::Object(object));
        let _ = std::io::stdout().flush();
    }

    /// Asks for yes or no; `--yes` says yes, and where nobody can be asked the answer is no.
    pub(crate) fn asks(&self, id: Id, yes: bool) -> bool {
        if yes {
            return true;
        }
        if self.form == Form::Json || !std::io::stdin().is_terminal() {
            return false;
        }
        print!("{} ", self.catalog.say(id, &Args::new()));
        let _ = std::io::stdout().flush();
        let mut answer = String::new();
        let _ = std::io::stdin().read_line(&mut answer);
        matches!(
            answer.trim().to_lowercase().as_str(),
            "oui" | "o" | "yes" | "y" | "oublier" | "forget"
        )
    }

    /// Says what went wrong and what to do, on the error output.
    pub(crate) fn fail(&self, error: &anyhow::Error) {
        let explained = match error.downcast_ref::<Said>() {
            Some(said) => self.catalog.explain(said.id, &said.args),
            None => {
                let args = Args::new().text("reason", &format!("{error:#}"));
                self.catalog.explain(Id::ErrorUnexpected, &args)
            }
        };
        self.json(
            "error",
            json!({ "what": explained.what, "do": explained.to_do }),
        );
        eprintln!("{explained}");
    }
}

/// A path as scripts read it: `path`, and `path_b64` when it is not UTF-8.
pub(crate) fn path_fields(path: &Path) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("path".into(), path.to_string_lossy().into());
    #[cfg(unix)]
    if path.to_str().is_none() {
        use std::os::unix::ffi::OsStrExt;
        let encoded = base64::engine::general_purpose::STANDARD.encode(path.as_os_str().as_bytes());
        fields.insert("path_b64".into(), encoded.into());
    }
    #[cfg(not(unix))]
    if path.to_str().is_none() {
        let encoded =
            base64::engine::general_purpose::STANDARD.encode(path.as_os_str().as_encoded_bytes());
        fields.insert("path_b64".into(), encoded.into());
    }
    fields
}
