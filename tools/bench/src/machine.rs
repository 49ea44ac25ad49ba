//! What it was measured on: without this the figures mean nothing.

use std::fs::read_to_string;

use rustix::process::{Resource, getpriority_process, getrlimit};
use serde::Serialize;

/// This machine, as far as it matters.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) kernel: String,
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) memory_mb: u64,
    /// Descriptors that one process may have, which bounds the leases.
    pub(crate) descriptors: Option<u64>,
    pub(crate) niceness: Option<i32>,
    pub(crate) file_system: String,
    /// The load of the last minute, before the first measure and after the last.
    pub(crate) load: [f64; 2],
}

impl Machine {
    pub(crate) fn look() -> Self {
        let name = rustix::system::uname();
        let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
        let cpu = read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = read_to_string("/proc/meminfo").unwrap_or_default();
        Self {
            kernel: format!(
                "{} {} {}",
                text(name.sysname()),
                text(name.release()),
                text(name.machine())
            ),
            cpu: value(&cpu, "model name").unwrap_or("unknown").to_owned(),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory_mb: value(&memory, "MemTotal")
                .and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok())
                .map_or(0, |kb| kb >> 10),
            descriptors: getrlimit(Resource::Nofile).maximum,
            niceness: getpriority_process(None).ok(),
            file_system: format!("ext4 on loop images in files of /tmp ({})", under_tmp()),
            load: [load(); 2],
        }
    }

    /// Notes the load at the end.
    pub(crate) fn look_again(&mut self) {
        self.load[1] = load();
    }
}

fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim())
}

fn load() -> f64 {
    let text = read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ')
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(0.0)
}

fn under_tmp() -> String {
    let mounts = read_to_string("/proc/self/mounts").unwrap_or_default();
    let of = |line: &str| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    };
    // The longest mount point above /tmp; of equals the last, which covers the others.
    mounts
        .lines()
        .filter_map(of)
        .filter(|(at, _)| at == "/tmp" || at == "/")
        .max_by_key(|(at, _)| at.len())
        .map_or_else(|| "unknown".to_owned(), |(_, kind)| kind)
}
