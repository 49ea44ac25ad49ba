//! What a call costs while the guard runs: bare and guarded in turn, round by round.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use hygie_testkit::Noise;
use serde::Serialize;

use super::Plan;
use super::calls;
use super::ground::{Ground, Side, sized_files, small_files};
use crate::stats::Spread;

/// What one call costs on each side, in microseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Cost {
    pub(crate) call: String,
    pub(crate) sides: BTreeMap<Side, Spread>,
    /// How much more than on the bare image; over the rounds.
    pub(crate) more: BTreeMap<Side, Spread>,
}

/// What is measured of each call, on each side.
#[derive(Default)]
struct Samples(Vec<(String, BTreeMap<Side, Rounds>)>);

/// The samples of each round.
#[derive(Default)]
struct Rounds(Vec<Vec<f64>>);

impl Samples {
    fn add(&mut self, call: &str, side: Side, round: Vec<f64>) {
        let known = self.0.iter().position(|(name, _)| name == call);
        let index = known.unwrap_or_else(|| {
            self.0.push((call.to_owned(), BTreeMap::new()));
            self.0.len() - 1
        });
        self.0[index].1.entry(side).or_default().0.push(round);
    }

    fn summary(self) -> Vec<Cost> {
        let cost = |(call, rounds): (String, BTreeMap<Side, Rounds>)| {
            let all = |side: &Side| Some((*side, Spread::of(&rounds[side].0.concat())?));
            let bare = rounds.get(&Side::Bare).map_or(&[][..], |bare| &bare.0);
            let more = |side: &Side| Some((*side, Spread::of_differences(&rounds[side].0, bare)?));
            let guarded = rounds.keys().filter(|side| **side != Side::Bare);
            Cost {
                call,
                sides: rounds.keys().filter_map(all).collect(),
                more: guarded.filter_map(more).collect(),
            }
        };
        self.0.into_iter().map(cost).collect()
    }
}

/// Measures all calls.
pub(crate) fn measure(hygie: &Path, plan: &Plan) -> Result<Vec<Cost>> {
    let written: usize = SIZES
        .iter()
        .map(|(_, size)| size * files_of(*size, plan) * plan.rounds)
        .sum();
    let size_mb = 256 + plan.big as u64 + (written as u64 >> 20) + (plan.warm as u64 >> 6);
    eprintln!("making files, and their first copies");
    let ground = Ground::make(hygie, size_mb, |folder| {
        small_files(&folder.join("small"), plan.warm)?;
        std::fs::create_dir(folder.join("new"))?;
        sized_files(&folder.join("big"), 1, plan.big << 20, 11)?;
        for (name, size) in SIZES {
            for round in 0..plan.rounds {
                // No two rounds share a content: the store must not know it already.
                let seed = (*size as u64) << 32 | round as u64;
                sized_files(
                    &written_in(folder, name, round),
                    files_of(*size, plan),
                    *size,
                    seed,
                )?;
            }
        }
        Ok(())
    })?;
    let mut samples = Samples::default();
    for round in 0..plan.rounds {
        eprintln!("round {} of {}", round + 1, plan.rounds);
        reads(&ground, plan, round, &mut samples)?;
        writes(&ground, round, &mut samples)?;
        news(&ground, plan, round, &mut samples)?;
        changes(&ground, plan, round, &mut samples)?;
    }
    ground.end()?;
    Ok(samples.summary())
}

/// Who goes first changes from round to round.
fn in_turn(round: usize) -> impl Iterator<Item = Side> {
    Side::ALL.into_iter().cycle().skip(round % 3).take(3)
}

fn reads(ground: &Ground, plan: &Plan, round: usize, samples: &mut Samples) -> Result<()> {
    ground.settle()?;
    for side in in_turn(round) {
        let files = found(&ground.folder(side).join("small"))?;
        // Warm: inodes and pages in memory, and what the guard says once about a folder said.
        calls::read_all(&files)?;
        calls::open_close(&files, files.len())?;
        samples.add(
            "open+close, reading",
            side,
            calls::open_close(&files, plan.opens)?,
        );
        let spent = calls::open_close_many(&files, plan.opens, THREADS)?;
        samples.add("open+close, reading, 4 threads", side, spent);
        let spent = calls::read_all(&files)?;
        samples.add(
            "open+read+close, loop over all small files",
            side,
            vec![spent],
        );
    }
    Ok(())
}

fn writes(ground: &Ground, round: usize, samples: &mut Samples) -> Result<()> {
    for (name, size) in SIZES {
        let content = Noise::new(round as u64 ^ 0xabcd).bytes(*size);
        for side in in_turn(round) {
            ground.settle()?;
            let mut rest: [Vec<f64>; 4] = Default::default();
            for (number, path) in found(&written_in(&ground.folder(side), name, round))?
                .iter()
                .enumerate()
            {
                let mut content = content.clone();
                content[..8].copy_from_slice(&(number as u64).to_le_bytes());
                let first = calls::overwrite(path, &content)?;
                content[8] ^= 1;
                // At once: the state that was just closed may not have its copy yet.
                let again = calls::overwrite(path, &content)?;
                for (values, value) in
                    rest.iter_mut()
                        .zip([first.open, again.open, first.whole, again.whole])
                {
                    values.push(value);
                }
            }
            let calls = [
                "open to write, first",
                "open to write, again",
                "overwrite, first",
                "overwrite, again",
            ];
            for (call, values) in calls.iter().zip(rest) {
                samples.add(&format!("{call}, {name}"), side, values);
            }
        }
    }
    Ok(())
}

fn news(ground: &Ground, plan: &Plan, round: usize, samples: &mut Samples) -> Result<()> {
    for side in in_turn(round) {
        ground.settle()?;
        let folder = ground.folder(side).join("new");
        let mut noise = Noise::new(round as u64 ^ 0x4e45_5753);
        let mut values = Vec::new();
        for number in 0..plan.news {
            let path = folder.join(format!("{round:03}-{number:05}.txt"));
            values.push(calls::make(&path, &noise.bytes(4096))?);
        }
        samples.add("make a file, 4 KB", side, values);
    }
    Ok(())
}

/// A few bytes of a large file, as a database changes them; then at once a few more.
fn changes(ground: &Ground, plan: &Plan, round: usize, samples: &mut Samples) -> Result<()> {
    let mut noise = Noise::new(round as u64 ^ 0x4249_4720);
    for side in in_turn(round) {
        ground.settle()?;
        let path = ground.folder(side).join("big/0000.bin");
        for call in ["first", "again"] {
            let at = noise.below((plan.big as u64) << 8) << 12;
            let spent = calls::change(&path, &noise.bytes(4096), at)?;
            let call = format!("change 4 KB of {} MB, {call}", plan.big);
            samples.add(&call, side, vec![spent]);
        }
    }
    Ok(())
}

/// How many files of a size are written in a round.
fn files_of(size: usize, plan: &Plan) -> usize {
    plan.writes.min((16 << 20) / size)
}

fn written_in(folder: &Path, size: &str, round: usize) -> PathBuf {
    folder.join(format!("written/{size}/{round:03}"))
}

/// All files below a folder, in the order of their names.
fn found(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    entries.sort();
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(found(&path)?)
        } else {
            files.push(path)
        }
    }
    Ok(files)
}

const THREADS: usize = 4;
const SIZES: &[(&str, usize)] = &[("4 KB", 4 << 10), ("100 KB", 100 << 10), ("4 MB", 4 << 20)];
