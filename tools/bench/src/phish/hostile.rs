//! Hostile messages, each made for one way of costing too much, and what `hygie check` takes for it.
//! What is aimed at stands in the table's head; a person judges.

mod made;
mod packed;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use hygie_platform::{clock, linux::usage};

use super::{Plan, markdown, speed::seconds_since};
use crate::stats::Spread;

/// What one message cost.
pub(super) struct Cost {
    name: String,
    bytes: u64,
    work: Spread,
    passed: Spread,
    /// The most memory of the largest process, in bytes.
    peak: u64,
    said: String,
}

pub(super) fn measure(hygie: &Path, folder: &Path, plan: &Plan) -> Result<Vec<Cost>> {
    let folder = folder.join("hostile");
    fs::create_dir(&folder)?;
    let mut costs = Vec::new();
    for (name, make) in made::ALL {
        // One at a time: some are a hundred megabytes.
        let path = folder.join("message.eml");
        let mut file = std::io::BufWriter::new(fs::File::create(&path)?);
        make(&mut file, plan.large).with_context(|| format!("making {name}"))?;
        file.into_inner()?;
        costs.push(cost(hygie, name, &path, plan.rounds)?);
    }
    fs::remove_dir_all(&folder)?;
    Ok(costs)
}

fn cost(hygie: &Path, name: &str, path: &Path, rounds: usize) -> Result<Cost> {
    let (mut work, mut passed, mut peak) = (Vec::new(), Vec::new(), 0);
    let mut said = String::new();
    for _ in 0..rounds.max(1) {
        let begun = clock::mono().0;
        let mut child = Command::new(hygie)
            .args(["check", "--json"])
            .arg(path)
            .env("HYGIE_STATE", path.with_extension("state"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("start hygie")?;
        let mut out = String::new();
        if let Some(mut stdout) = child.stdout.take() {
            std::io::Read::read_to_string(&mut stdout, &mut out)?;
        }
        let (status, used) = usage::wait(child)?;
        ensure!(status.code().is_some(), "{name}: hygie check: {status}");
        passed.push(seconds_since(begun));
        work.push(used.work.as_secs_f64());
        peak = used.peak.max(peak);
        said = of(&out);
    }
    Ok(Cost {
        name: name.to_owned(),
        bytes: fs::metadata(path)?.len(),
        work: Spread::of(&work).context("no round")?,
        passed: Spread::of(&passed).context("no round")?,
        peak,
        said,
    })
}

/// The verdict, and whether the message could not be read.
fn of(out: &str) -> String {
    let object: serde_json::Value = serde_json::from_str(out).unwrap_or_default();
    match (object["verdict"].as_str(), object["unread"].as_str()) {
        (Some(verdict), None) => verdict.to_owned(),
        (Some(verdict), Some(unread)) => format!("{verdict} ({unread})"),
        (None, _) => "no verdict".to_owned(),
    }
}

pub(super) fn table(costs: &[Cost]) -> String {
    let mut rows = vec![
        [
            "message",
            "MB",
            "ms of work (aim 200)",
            "ms that passed",
            "MB of the largest process (aim 50)",
            "verdict",
        ]
        .map(str::to_owned),
    ];
    rows.extend(costs.iter().map(|cost| {
        [
            cost.name.clone(),
            format!("{:.1}", cost.bytes as f64 / 1e6),
            format!("{:.0}", cost.work.median * 1000.0),
            format!("{:.0}", cost.passed.median * 1000.0),
            format!("{:.0}", cost.peak as f64 / 1e6),
            cost.said.clone(),
        ]
    }));
    markdown(&rows)
}

#[cfg(test)]
mod tests {
    use hygie_phish::{message::Mail, parse::read_mail};

    use super::*;

    fn count(mail: &Mail, of: fn(&Mail) -> usize) -> usize {
        let within = mail.attached.iter().map(|one| count(one, of));
        of(mail) + within.sum::<usize>()
    }

    /// However much is sent, so much is made of it: no time is asserted, but what takes it.
    #[test]
    fn what_is_made_of_each_is_bounded() {
        for (name, make) in made::ALL {
            let mut raw = Vec::new();
            make(&mut raw, 1).unwrap();
            let mail = read_mail(&raw);
            for (what, found, most) in [
                ("bodies", mail.bodies.len(), 8),
                ("files", mail.files.len(), 40),
                ("messages", count(&mail, |mail| mail.attached.len()), 200),
                (
                    "addresses",
                    count(&mail, |mail| mail.from.len() + mail.to.len()),
                    2000,
                ),
                (
                    "links",
                    count(&mail, |mail| {
                        let files = mail.files.iter().map(|file| file.body.links.len());
                        let bodies = mail.bodies.iter().map(|body| body.links.len());
                        bodies.chain(files).sum()
                    }),
                    20_000,
                ),
                (
                    "text",
                    count(&mail, |mail| {
                        let files = mail.files.iter().map(|file| &file.body);
                        let all = mail.bodies.iter().chain(files);
                        all.map(|body| body.text.len() + body.hidden.len()).sum()
                    }),
                    4 << 20,
                ),
            ] {
                assert!(found <= most, "{name}: {found} {what}");
            }
        }
    }
}
