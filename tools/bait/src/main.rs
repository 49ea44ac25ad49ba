//! `hygie-bait`: train the judge of messages, measure it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use hygie_bait::corpora::{Raw, Sample};
use hygie_bait::seen::{Seen, look};
use hygie_bait::{LAYERS, WORDS, adversarial, beside, corpora, eval, train, written};
use hygie_phish::model::Model;
use hygie_phish::{Intel, Practice};

/// Trains the judge of messages, and measures it.
#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Learn the weights, and write them into the engine
    Train(Options),
    /// Measure, and print the figures
    Eval {
        #[command(flatten)]
        options: Options,
        /// SMS alone, which takes seconds
        #[arg(long)]
        sms: bool,
        /// Beside SpamAssassin and rspamd too, some minutes (Debian's spamassassin, spamd and rspamd)
        #[arg(long, conflicts_with = "sms")]
        beside: bool,
    },
    /// Print what tricks do to the verdicts of our own written traps
    Adversarial,
    /// Print what the judge sees in samples whose name contains PART, and where it puts them
    Show {
        /// Part of a name.
        part: String,
        #[command(flatten)]
        options: Options,
    },
}

#[derive(clap::Args)]
struct Options {
    /// Folder of the corpora
    #[arg(long, env = "HYGIE_CORPORA")]
    corpora: PathBuf,
    /// Learn from sources for research too; the weights go to the target folder, never into the engine
    #[arg(long)]
    research: bool,
}

#[expect(clippy::print_stdout, reason = "it is a command")]
fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match Line::parse().verb {
        Verb::Train(options) => {
            let all = seen(&options.corpora)?;
            let taught: Vec<&Seen> = all
                .iter()
                .filter(|seen| seen.sample.source.is_free() || options.research)
                .collect();
            let model = train::train(&taught)?;
            let folder = if options.research {
                root.join("target/phish-research")
            } else {
                root
            };
            for (path, bytes) in [
                (WORDS, model.words()),
                (LAYERS, model.layers().into_bytes()),
            ] {
                let path = folder.join(path);
                std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
                std::fs::write(&path, bytes)
                    .with_context(|| format!("cannot write {}", path.display()))?;
                println!("{}", path.display());
            }
        }
        Verb::Eval {
            options,
            sms,
            beside,
        } => {
            let page = if sms {
                eval::report_sms(&seen_sms(&options.corpora)?)?
            } else {
                let all = seen(&options.corpora)?;
                let intel = Intel::new(Practice::default());
                let mut page = eval::report(&all, &present(&root)?, &intel)?;
                if beside {
                    page += &beside::report(&corpora::mails(&options.corpora)?, &all)?;
                }
                page
            };
            println!("{page}");
        }
        Verb::Adversarial => println!("{}", adversarial::table(&adversarial::rows()?)),
        Verb::Show { part, options } => {
            let model = present(&root)?;
            for one in seen(&options.corpora)?
                .iter()
                .filter(|one| one.sample.name.contains(&part))
            {
                let words: Vec<&str> = one.clues.iter().map(|clue| clue.word()).collect();
                let (place, leaning) = (
                    train::sum(&model, one),
                    model
                        .words_of(&one.message)
                        .leaning_of(&one.message, &one.shares),
                );
                println!(
                    "{:?} {} {place:.2} words {leaning:.2}: {}",
                    one.sample.class,
                    one.sample.name,
                    words.join(" ")
                );
            }
        }
    }
    Ok(())
}

/// The weights as they stand in the repository, which this program may be older than.
fn present(root: &Path) -> Result<Model> {
    let layers = std::fs::read_to_string(root.join(LAYERS))?;
    let words = std::fs::read(root.join(WORDS))?;
    Model::read(&layers, &words).context("the weights do not fit this program: train anew")
}

fn seen_sms(folder: &Path) -> Result<Vec<Seen>> {
    let mut samples: Vec<Sample> = corpora::sms(folder)?;
    let written = written::samples()?.into_iter();
    samples.extend(written.filter(|sample| matches!(sample.raw, Raw::Sms(_))));
    Ok(look(samples, &Intel::new(Practice::default())))
}

fn seen(folder: &Path) -> Result<Vec<Seen>> {
    let mut samples: Vec<Sample> = corpora::mails(folder)?;
    samples.extend(corpora::sms(folder)?);
    samples.extend(written::samples()?);
    Ok(look(samples, &Intel::new(Practice::default())))
}
