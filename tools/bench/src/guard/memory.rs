//! What Hygie's processes hold: memory, descriptors, leases; and what they have computed.

use std::collections::BTreeMap;
use std::fs::read_to_string;

use anyhow::{Context, Result};
use hygie_testkit::Guarded;
use serde::Serialize;

/// What the processes hold once the first copies are done.
#[derive(Debug, Serialize)]
pub(crate) struct Memory {
    /// By process: `up`, `witness`, `guard`.
    pub(crate) parts: BTreeMap<String, Part>,
    /// Leases, as the kernel counts them.
    pub(crate) leases: usize,
}

/// One process.
#[derive(Debug, Serialize)]
pub(crate) struct Part {
    /// Memory of its own, and its part of what is shared.
    pub(crate) pss_kb: u64,
    pub(crate) rss_kb: u64,
    /// The most that it ever had.
    pub(crate) peak_rss_kb: u64,
    pub(crate) descriptors: usize,
    pub(crate) threads: u64,
    pub(crate) cpu_s: f64,
}

impl Memory {
    pub(crate) fn of(guarded: &Guarded) -> Result<Self> {
        let mut parts = BTreeMap::new();
        let mut leases = 0;
        for part in guarded.parts() {
            leases += leases_of(part.pid);
            parts.insert(part.word, Part::of(part.pid)?);
        }
        Ok(Self { parts, leases })
    }

    pub(crate) fn pss_kb(&self) -> u64 {
        self.parts.values().map(|part| part.pss_kb).sum()
    }
}

impl Part {
    fn of(pid: i32) -> Result<Self> {
        let rollup =
            read_to_string(format!("/proc/{pid}/smaps_rollup")).context("read smaps_rollup")?;
        let status = read_to_string(format!("/proc/{pid}/status"))?;
        Ok(Self {
            pss_kb: number(&rollup, "Pss:"),
            rss_kb: number(&rollup, "Rss:"),
            peak_rss_kb: number(&status, "VmHWM:"),
            descriptors: std::fs::read_dir(format!("/proc/{pid}/fd"))?.count(),
            threads: number(&status, "Threads:"),
            cpu_s: cpu_seconds(pid),
        })
    }
}

fn number(text: &str, key: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn cpu_seconds(pid: i32) -> f64 {
    let text = read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let ticks: u64 = text
        .rsplit(") ")
        .next()
        .unwrap_or_default()
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|word| word.parse::<u64>().ok())
        .sum();
    ticks as f64 / rustix::param::clock_ticks_per_second() as f64
}

fn leases_of(pid: i32) -> usize {
    let pid = pid.to_string();
    let locks = read_to_string("/proc/locks").unwrap_or_default();
    locks
        .lines()
        .map(str::split_whitespace)
        .filter_map(|mut words| Some((words.nth(1)?, words.nth(2)?)))
        .filter(|(kind, owner)| *kind == "LEASE" && *owner == pid)
        .count()
}
