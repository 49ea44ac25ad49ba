//! SpamAssassin and rspamd, Debian's packages, as servers of their own on loopback: one process that reads, no network tests, no
//! learning, no network modules. They are asked over their own protocols by whoever measures, whose own work does not count.

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// A server that runs until this is dropped.
pub struct Rival {
    name: String,
    server: Child,
    port: u16,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    SpamAssassin,
    Rspamd,
}

impl Rival {
    /// `spamd`, which is how those who have many messages run it.
    ///
    /// # Errors
    /// It is not installed, or does not start here.
    pub fn spamassassin(folder: &Path) -> Result<Self> {
        let version = said("spamassassin", "--version")?;
        let port = free_port()?;
        let home = folder.join("spamassassin");
        fs::create_dir_all(&home)?;
        let mut command = Command::new(found("spamd")?);
        command
            .args(["--local", "--nouser-config", "--max-children=1"])
            .args(["--cf=use_bayes 0", "--cf=use_auto_whitelist 0"])
            .args(["--listen=127.0.0.1", &format!("--port={port}")])
            .arg(format!("--helper-home-dir={}", home.display()))
            .args(["--syslog=null"]);
        if rustix::process::geteuid().is_root() {
            command.arg("--username=nobody");
        }
        let name = version.lines().next().unwrap_or_default();
        let name = name.replace(" version", "");
        Self::start(command, port, Kind::SpamAssassin, name)
    }

    /// rspamd with one worker, and of its modules those that need nobody else.
    ///
    /// # Errors
    /// It is not installed, or does not start here.
    pub fn rspamd(folder: &Path) -> Result<Self> {
        let version = said("rspamd", "--version")?;
        let port = free_port()?;
        let home = folder.join("rspamd");
        for name in ["conf/override.d", "run", "log", "db"] {
            fs::create_dir_all(home.join(name))?;
        }
        let write =
            |name: &str, text: String| fs::write(home.join("conf/override.d").join(name), text);
        write(
            "worker-normal.inc",
            format!("bind_socket = \"127.0.0.1:{port}\";\ncount = 1;\n"),
        )?;
        for name in [
            "worker-controller.inc",
            "worker-proxy.inc",
            "worker-fuzzy.inc",
        ] {
            write(name, "enabled = false;\n".to_owned())?;
        }
        write(
            "logging.inc",
            "type = \"file\";\nfilename = \"/dev/null\";\nlevel = \"error\";\n".to_owned(),
        )?;
        write(
            "options.inc",
            "dns { nameserver = [\"127.0.0.1:9\"]; timeout = 1ms; retransmits = 0; }\ndisable_monitoring = true;\n".to_owned(),
        )?;
        for module in ON_THE_NETWORK {
            write(&format!("{module}.conf"), "enabled = false;\n".to_owned())?;
        }
        let at = |name: &str, part: &str| format!("--var={name}={}", home.join(part).display());
        let mut command = Command::new(found("rspamd")?);
        command
            .args(["--no-fork", "--config=/etc/rspamd/rspamd.conf"])
            .args([at("LOCAL_CONFDIR", "conf"), at("RUNDIR", "run")])
            .args([at("LOGDIR", "log"), at("DBDIR", "db")]);
        if rustix::process::geteuid().is_root() {
            command.arg("--insecure");
        }
        let name = version.lines().next().unwrap_or_default();
        let name = name.replace(" daemon version", "");
        Self::start(command, port, Kind::Rspamd, name)
    }

    fn start(mut command: Command, port: u16, kind: Kind, name: String) -> Result<Self> {
        let server = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("start {name}"))?;
        let mut rival = Self {
            name,
            server,
            port,
            kind,
        };
        for _ in 0..600 {
            if rival.ask(b"Subject: x\r\n\r\nx\r\n").is_ok() {
                return Ok(rival);
            }
            if let Some(status) = rival.server.try_wait()? {
                bail!("{} ended as it was started: {status}", rival.name);
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!("{} does not answer", rival.name)
    }

    /// Its name and version.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The points that it gives a message.
    ///
    /// # Errors
    /// It does not answer, or what it answers has no points.
    pub fn ask(&self, mail: &[u8]) -> Result<f64> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let head = match self.kind {
            Kind::SpamAssassin => {
                format!("CHECK SPAMC/1.5\r\nContent-length: {}\r\n\r\n", mail.len())
            }
            Kind::Rspamd => format!(
                "POST /checkv2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                mail.len()
            ),
        };
        stream.write_all(&[head.as_bytes(), mail].concat())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        let points = match self.kind {
            Kind::SpamAssassin => answer
                .contains(" 0 EX_OK")
                .then(|| points(&answer))
                .flatten(),
            Kind::Rspamd => answer.contains(" 200 ").then(|| score(&answer)).flatten(),
        };
        points.with_context(|| format!("{} answered: {answer:.200}", self.name))
    }

    /// Seconds that the server and its processes worked until now.
    ///
    /// # Errors
    /// Of the processes, which Linux tells.
    pub fn work(&self) -> Result<f64> {
        let mut all = vec![self.server.id()];
        let mut at = 0;
        while let Some(&process) = all.get(at) {
            let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
            all.extend(
                children
                    .unwrap_or_default()
                    .split_whitespace()
                    .filter_map(|number| number.parse::<u32>().ok()),
            );
            at += 1;
        }
        let ticks: u64 = all.iter().map(|process| ticks(*process)).sum();
        Ok(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
    }
}

/// `Spam: True ; 7.1 / 5.0`
fn points(answer: &str) -> Option<f64> {
    let line = answer.lines().find_map(|line| line.strip_prefix("Spam:"))?;
    let (_, after) = line.split_once(';')?;
    let (points, _) = after.split_once('/')?;
    points.trim().parse().ok()
}

fn score(answer: &str) -> Option<f64> {
    #[derive(Deserialize)]
    struct Answer {
        score: f64,
    }
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let answer: Answer = serde_json::from_str(body.trim()).ok()?;
    Some(answer.score)
}

/// Of the process, and of its children that are gone.
fn ticks(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    // utime, stime, cutime and cstime: fields 14 to 17, of which the third is the first after the name.
    let fields = after.split_whitespace().skip(11).take(4);
    fields.filter_map(|field| field.parse::<u64>().ok()).sum()
}

impl Drop for Rival {
    fn drop(&mut self) {
        // Asked to end, both take their processes along.
        let id = i32::try_from(self.server.id()).ok();
        if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
        let _ = self.server.wait();
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

fn said(program: &str, what: &str) -> Result<String> {
    let done = Command::new(found(program)?).arg(what).output()?;
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn found(program: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
        .with_context(|| {
            format!("{program} is not installed (Debian: spamassassin, spamd, rspamd)")
        })
}

const PATIENCE: Duration = Duration::from_secs(60);
/// rspamd's modules that ask others, or keep what they learn elsewhere.
const ON_THE_NETWORK: [&str; 26] = [
    "antivirus",
    "arc",
    "asn",
    "bimi",
    "classifier-bayes",
    "clickhouse",
    "dcc",
    "dkim",
    "dmarc",
    "elastic",
    "external_services",
    "fuzzy_check",
    "greylist",
    "history_redis",
    "hfilter",
    "metadata_exporter",
    "mx_check",
    "neural",
    "p0f",
    "ratelimit",
    "rbl",
    "replies",
    "reputation",
    "spf",
    "surbl",
    "url_redirector",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_from_their_answers() {
        let answer = "SPAMD/1.1 0 EX_OK\r\nSpam: True ; 7.1 / 5.0\r\n\r\n";
        assert_eq!(points(answer), Some(7.1));
        let answer = "HTTP/1.1 200 OK\r\nX: y\r\n\r\n{\"score\":-1.5,\"action\":\"no action\"}";
        assert_eq!(score(answer), Some(-1.5));
        assert_eq!(
            (points(""), score("HTTP/1.1 200 OK\r\n\r\n{}")),
            (None, None)
        );
    }
}
