//! What tricks do to a verdict: each trick on the traps written for Hygie, judged before and after.
//! The messages live in memory alone; no trick is anywhere but here.

use std::fmt::Write as _;

use anyhow::Result;
use hygie_phish::{Authenticated, Intel, Level, Memory, Practice, Verdict, judge, parse};

use crate::corpora::{Class, Raw};
use crate::written;

mod carry;
mod disguise;

/// A trick and what became of the traps.
#[derive(Clone, Debug)]
pub struct Row {
    /// The trick.
    pub trick: &'static str,
    /// Traps that were called dangerous without it.
    pub of: usize,
    /// And still are.
    pub dangerous: usize,
    /// Or at least to be checked.
    pub told: usize,
    /// The sum of points in the middle, before and after.
    pub middle: (i32, i32),
}

impl Row {
    /// Hundredths that are still dangerous.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.dangerous * 100 / self.of.max(1)
    }

    /// Hundredths that are at least to be checked.
    #[must_use]
    pub fn noticed(&self) -> usize {
        self.told * 100 / self.of.max(1)
    }
}

/// A trap taken apart.
pub(crate) struct Lure {
    /// `From`, `To`, `Subject`.
    pub(crate) heads: String,
    /// Its text as a page.
    pub(crate) page: String,
    /// Where it leads.
    pub(crate) target: String,
}

/// A trick: the mail as it would be sent.
type Trick = fn(&Lure) -> Vec<u8>;

/// Every trick on every trap.
///
/// # Errors
/// The written messages cannot be read.
pub fn rows() -> Result<Vec<Row>> {
    let intel = Intel::new(Practice::default());
    let lures: Vec<(Lure, Verdict)> = written::samples()?
        .into_iter()
        .filter(|one| one.class == Class::Trap && one.name.ends_with(PICKED))
        .filter_map(|one| match one.raw {
            Raw::Mail(raw) => Lure::of(&String::from_utf8_lossy(&raw)),
            Raw::Sms(_) => None,
        })
        .map(|lure| {
            let verdict = judged(&lure.plainly(), &intel);
            (lure, verdict)
        })
        .filter(|(_, verdict)| verdict.level >= Level::DangerousProbable)
        .collect();
    let tricks = disguise::TRICKS.iter().chain(carry::TRICKS);
    let rows = tricks.map(|(name, trick)| {
        let after: Vec<Verdict> = lures
            .iter()
            .map(|(lure, _)| judged(&trick(lure), &intel))
            .collect();
        let count = |least| after.iter().filter(|one| one.level >= least).count();
        Row {
            trick: name,
            of: lures.len(),
            dangerous: count(Level::DangerousProbable),
            told: count(Level::Doubtful),
            middle: (
                middle(lures.iter().map(|(_, verdict)| sum(verdict)).collect()),
                middle(after.iter().map(sum).collect()),
            ),
        }
    });
    Ok(rows.collect())
}

/// The table of the model card.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut table = String::from(
        "| trick | still dangerous | at least to be checked | points in the middle |\n|---|---|---|---|\n",
    );
    for row in rows {
        let (before, after) = row.middle;
        let hundredth = |points: i32| f64::from(points) / 100.0;
        let _ = writeln!(
            table,
            "| {} | {} of {} | {} of {} | {:.1} to {:.1} |",
            row.trick,
            row.dangerous,
            row.of,
            row.told,
            row.of,
            hundredth(before),
            hundredth(after)
        );
    }
    table
}

fn judged(raw: &[u8], intel: &Intel) -> Verdict {
    let message = parse::mail(raw);
    judge(&message, Authenticated::Unknown, intel, &Memory::new(), NOW)
}

fn sum(verdict: &Verdict) -> i32 {
    verdict.reasons.iter().map(|one| one.points).sum()
}

fn middle(mut sums: Vec<i32>) -> i32 {
    sums.sort_unstable();
    sums.get(sums.len() / 2).copied().unwrap_or(0)
}

impl Lure {
    fn of(raw: &str) -> Option<Self> {
        let (heads, body) = raw.split_once("\n\n")?;
        let is_page = heads.contains("text/html");
        let page = if is_page {
            body.to_owned()
        } else {
            body.split("\n\n").fold(String::new(), |page, paragraph| {
                let paragraph = paragraph.trim();
                page + &match paragraph.split_once(" : https://") {
                    Some((label, target)) => {
                        format!("<p><a href=\"https://{target}\">{label}</a></p>\n")
                    }
                    None => format!("<p>{paragraph}</p>\n"),
                }
            })
        };
        let start = page.find("https://")?;
        let end = page[start..].find(['"', '<', ' ', '\n'])? + start;
        let kept = heads.lines().filter(|line| {
            ["From:", "To:", "Subject:"]
                .iter()
                .any(|name| line.starts_with(name))
        });
        Some(Self {
            heads: kept.fold(String::new(), |heads, line| heads + line + "\r\n"),
            target: page[start..end].to_owned(),
            page,
        })
    }

    fn plainly(&self) -> Vec<u8> {
        self.with(&self.page)
    }

    /// With another page.
    pub(crate) fn with(&self, page: &str) -> Vec<u8> {
        let heads = &self.heads;
        format!("{heads}MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}")
            .into_bytes()
    }

    /// With the text of the page changed, word by word; tags and addresses stay.
    pub(crate) fn with_words(&self, change: impl Fn(&str) -> String) -> Vec<u8> {
        let mut page = String::new();
        for piece in self.page.split_inclusive('>') {
            let (text, tag) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
            for word in text.split_inclusive(' ') {
                if word.contains("://") || !word.chars().any(char::is_alphabetic) {
                    page.push_str(word);
                } else {
                    page.push_str(&change(word));
                }
            }
            page.push_str(tag);
        }
        self.with(&page)
    }
}

/// One variation of each written letter, and another.
const PICKED: [char; 2] = ['1', '4'];
const NOW: i64 = 1_796_029_200;
