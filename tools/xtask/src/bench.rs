//! `cargo xtask bench guard|hub|phish …`: hands its arguments to tools/bench, built as it is shipped.

use std::ffi::OsString;

use anyhow::Result;

use crate::run;

/// What the bench is told.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// What to measure, and the options of that measure
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Builds and runs the bench.
pub(crate) fn bench(options: &Options) -> Result<()> {
    run::run(
        run::cargo()
            .args(["run", "--release", "--package", "hygie-bench", "--"])
            .args(&options.arguments),
    )
}
