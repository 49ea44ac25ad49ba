//! A PostgreSQL of the tests' own: made in a folder of its own, on a socket in it, ended with the test.
//! PostgreSQL refuses to run as root, so root lends it the user that Debian's package made.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

pub(super) struct Cluster {
    server: Child,
    dir: TempDir,
}

impl Cluster {
    /// `None`, said aloud, where PostgreSQL is not installed; in continuous integration that is a failure.
    pub(super) fn start() -> Option<Self> {
        if let Some(programs) = programs() {
            return Some(Self::start_with(&programs));
        }
        assert!(
            std::env::var_os("CI").is_none_or(|ci| ci != "true"),
            "PostgreSQL is not installed: `cargo xtask test` installs it"
        );
        println!("Skipped: PostgreSQL is not installed (Debian's package `postgresql`).");
        None
    }

    fn start_with(programs: &Path) -> Self {
        let dir = tempfile::Builder::new()
            .prefix("hygie-pg-")
            .tempdir()
            .unwrap();
        let user = user();
        if let Some((uid, gid)) = user {
            chown(dir.path(), Some(uid), Some(gid)).unwrap();
        }
        let data = dir.path().join("data");
        let made = as_user(user, &programs.join("initdb"))
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .arg("--username=hygie")
            .arg("-D")
            .arg(&data)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let mut server = as_user(user, &programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(dir.path())
            .args(["-c", "listen_addresses=", "-c", "fsync=off"])
            .args(["-c", "log_min_messages=log", "-c", "max_connections=40"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(server.stderr.take().unwrap());
        let mut told = String::new();
        while !told.contains("ready to accept connections") {
            let before = told.len();
            log.read_line(&mut told).unwrap();
            assert!(told.len() > before, "PostgreSQL did not start: {told}");
        }
        // It must never wait for somebody to read what it logs.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { server, dir }
    }

    /// Makes a schema, which is a database of its own but for the seconds that one takes to make; its address.
    pub(super) async fn database(&self, name: &str) -> String {
        let mut db = PgConnection::connect(&self.url("public")).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE SCHEMA \"{name}\"")))
            .execute(&mut db)
            .await
            .unwrap();
        db.close().await.unwrap();
        self.url(name)
    }

    fn url(&self, name: &str) -> String {
        let dir = self.dir.path().to_str().unwrap();
        let choices = format!("sslmode=disable&options[search_path]={name}");
        format!("postgres:///postgres?host={dir}&user=hygie&{choices}")
    }

    /// Ends the server as a power cut would: whoever is connected hears nothing more.
    pub(super) fn stop(&mut self) {
        if self.server.try_wait().is_ok_and(|ended| ended.is_some()) {
            return;
        }
        // SIGKILL to the postmaster would leave its children; SIGQUIT ends all at once.
        let pid = self.server.id().to_string();
        let _sent = Command::new("kill").args(["-QUIT", &pid]).status();
        let _ended = self.server.wait();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Where Debian keeps them, the newest first; else what the search path names.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    found.sort();
    found.reverse();
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.extend(std::env::split_paths(&path));
    found
        .into_iter()
        .find(|dir| dir.join("initdb").is_file() && dir.join("postgres").is_file())
}

/// The numbers of the user `postgres` where we are root, `None` where we are somebody already.
fn user() -> Option<(u32, u32)> {
    let number = |args: &[&str]| -> u32 {
        let told = Command::new("id").args(args).output().unwrap().stdout;
        String::from_utf8(told).unwrap().trim().parse().unwrap()
    };
    (number(&["-u"]) == 0).then(|| (number(&["-u", "postgres"]), number(&["-g", "postgres"])))
}

/// A program of PostgreSQL, without root's rights; it ends when the thread that started it does.
fn as_user(user: Option<(u32, u32)>, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some((uid, gid)) = user {
        command
            .arg(format!("--reuid={uid}"))
            .arg(format!("--regid={gid}"))
            .arg("--clear-groups");
    }
    command.args(["--pdeathsig", "QUIT", "--"]).arg(program);
    command.current_dir("/").env_remove("PGDATA");
    command
}
