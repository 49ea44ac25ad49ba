//! Programs that every system has and trusts do the damage; the simulator only starts them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::Signal::{Deletions, Dissimilarity, Entropy, FileType, Pace};
use super::content::{Encrypted, staged};
use super::tools::{Tool, from_victims, inside};
use super::{Order, Plan, Scenario, count};
use crate::cipher::{self, Pattern};
use crate::report::{Acted, Failure, How};
use crate::run::{Run, Victim};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "trusted-cp",
        "encrypts each file elsewhere and lets cp write it over the original",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::Each(Order::Walk, cp),
    )
    .needs(&["cp"]),
    Scenario::new(
        "trusted-dd",
        "encrypts each file elsewhere and lets dd write it over the original without truncating it",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::Each(Order::Walk, dd),
    )
    .needs(&["dd"]),
    Scenario::new(
        "trusted-tee",
        "encrypts each file in memory and lets tee write it over the original",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::Each(Order::Walk, tee),
    )
    .needs(&["tee"]),
    Scenario::new(
        "trusted-sed",
        "lets sed -i exchange letters and digits of each file: no entropy is added",
        &[FileType, Dissimilarity, Pace],
        Plan::Each(Order::Walk, sed),
    )
    .needs(&["sed"]),
    Scenario::new(
        "trusted-perl",
        "lets perl -pi turn every byte of each file around: no entropy is added",
        &[FileType, Dissimilarity, Pace],
        Plan::Each(Order::Walk, perl),
    )
    .needs(&["perl"]),
    Scenario::new(
        "trusted-zip",
        "lets zip move the files of each folder into an archive with a password",
        &[Deletions, Entropy, Pace],
        Plan::Whole(zip),
    )
    .needs(&["zip"]),
    Scenario::new(
        "trusted-7z",
        "lets 7z move the files of each folder into an archive with a password",
        &[Deletions, Entropy, Pace],
        Plan::Whole(seven_zip),
    )
    .needs(&[SEVEN_ZIP]),
];

fn cp(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let (from, encrypted) = staged(run, victim)?;
    let mut tool = Tool::new(run, "cp")?;
    tool.command
        .arg(from_victims(&from))
        .arg(inside(run, victim)?);
    let ran = tool.run(&[]);
    run.unlink(&from)?;
    ran?;
    Ok(encrypted.acted(How::Overwrite, None))
}

fn dd(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let (from, encrypted) = staged(run, victim)?;
    let operand = |word: &str, path: OsString| {
        let mut operand = OsString::from(word);
        operand.push(path);
        operand
    };
    let mut tool = Tool::new(run, "dd")?;
    tool.command
        .arg(operand("if=", from_victims(&from)))
        .arg(operand("of=", inside(run, victim)?))
        .args(["bs=64k", "conv=notrunc"]);
    let ran = tool.run(&[]);
    run.unlink(&from)?;
    ran?;
    Ok(encrypted.acted(How::Overwrite, None))
}

fn tee(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let encrypted = Encrypted::of(run, victim, Pattern::Whole)?;
    let mut tool = Tool::new(run, "tee")?;
    tool.command.arg(inside(run, victim)?);
    tool.run(&encrypted.content)?;
    Ok(encrypted.acted(How::Overwrite, None))
}

/// Undone by running it again.
fn sed(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let mut tool = Tool::new(run, "sed")?;
    tool.command.args(["-i", SED]).arg(inside(run, victim)?);
    edited(run, victim, tool)
}

/// Undone by running it again. Perl would run a name that ends in a bar as a program.
fn perl(run: &Run<'_>, victim: &Victim) -> Result<Acted, Failure> {
    let name = inside(run, victim)?;
    if name.as_bytes().ends_with(b"|") || name.as_bytes().trim_ascii_end() != name.as_bytes() {
        return Err(Failure::Refused("a name that perl would not take as one"));
    }
    let mut tool = Tool::new(run, "perl")?;
    tool.command
        .args(["-0777", "-pi", "-e", "$_ = ~$_"])
        .arg(name);
    edited(run, victim, tool)
}

fn edited(run: &Run<'_>, victim: &Victim, tool: Tool) -> Result<Acted, Failure> {
    let before = blake3::hash(&run.read(&victim.path)?);
    tool.run(&[])?;
    let after = blake3::hash(&run.read(&victim.path)?);
    Ok(Acted {
        how: How::Replace,
        to: None,
        before: Some(before),
        after: Some(after),
    })
}

fn zip(run: &Run<'_>) -> Result<(), Failure> {
    let words = ["-q", "-m", "-nw", "-P"].map(OsString::from);
    let password = OsString::from(cipher::password(run.limits.seed));
    by_folder(run, "zip", &[&words[..], &[password]].concat(), "tout.zip")
}

fn seven_zip(run: &Run<'_>) -> Result<(), Failure> {
    let words = ["a", "-bd", "-y", "-sdel"].map(OsString::from);
    let password = format!("-p{}", cipher::password(run.limits.seed)).into();
    by_folder(
        run,
        SEVEN_ZIP,
        &[&words[..], &[password]].concat(),
        "tout.7z",
    )
}

/// One archive a folder; what is told was in the folder before and is not any more.
fn by_folder(
    run: &Run<'_>,
    program: &str,
    words: &[OsString],
    archive: &str,
) -> Result<(), Failure> {
    let mut folders: BTreeMap<&Path, Vec<&Victim>> = BTreeMap::new();
    for victim in &run.victims {
        folders
            .entry(victim.path.parent().unwrap_or(Path::new("")))
            .or_default()
            .push(victim);
    }
    for (folder, victims) in folders {
        let to = folder.join(archive);
        let mut tool = Tool::new(run, program)?;
        tool.command.args(words).arg(from_victims(&to));
        let mut given = Vec::new();
        for victim in victims {
            match inside(run, victim).and_then(|name| Ok((name, run.read(&victim.path)?))) {
                Ok((name, content)) => {
                    tool.command.arg(name);
                    given.push((victim, blake3::hash(&content)));
                }
                Err(failure) => run.report.outcome(Err(failure)),
            }
        }
        let moved = tool.run(&[]);
        let after = run.read(&to).ok().map(|content| blake3::hash(&content));
        for (victim, before) in given {
            let gone = run.arena.stat(&victim.path).is_err();
            let acted = Acted {
                how: How::Archive,
                to: Some(to.clone()),
                before: Some(before),
                after,
            };
            let outcome = match moved {
                Err(failure) if !gone => Err(failure),
                Ok(()) | Err(_) => Ok(acted),
            };
            count(run, victim, outcome);
        }
    }
    Ok(())
}

const SEVEN_ZIP: &str = "7z|7zz";
/// Letters and digits half-way around their alphabets.
const SED: &str = "y/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm5678901234/";
