//! `cargo xtask train phish` and `cargo xtask eval phish`: hands its arguments to tools/bait.

use std::ffi::OsString;

use anyhow::Result;

use crate::run;

/// What is trained or measured, and how.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The engine
    engine: Engine,
    /// `--corpora DIR` (else HYGIE_CORPORA), `--research`, `--adversarial`, `--beside`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// An engine that learns.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Engine {
    /// The judge of messages
    Phish,
}

/// Learns the weights.
pub(crate) fn train(options: &Options) -> Result<()> {
    hand_over("train", options)
}

/// Measures.
pub(crate) fn eval(options: &Options) -> Result<()> {
    let is_about_tricks = options.arguments.iter().any(|one| one == "--adversarial");
    if is_about_tricks {
        // Our own written traps alone: no corpora.
        let options = Options {
            engine: options.engine,
            arguments: Vec::new(),
        };
        return hand_over("adversarial", &options);
    }
    hand_over("eval", options)
}

fn hand_over(verb: &str, options: &Options) -> Result<()> {
    let package = match options.engine {
        Engine::Phish => "hygie-bait",
    };
    run::run(
        run::cargo()
            .args(["run", "--release", "--package", package, "--", verb])
            .args(&options.arguments),
    )
}
