//! `hygie hub` on a port of its own, set up as the first practitioner does it.

use std::{
    net::TcpListener,
    os::unix::fs::chown,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

/// It runs.
pub(crate) struct Console {
    hygie: Child,
    port: u16,
    began: Instant,
    state: std::path::PathBuf,
}

impl Console {
    /// Starts it.
    pub(crate) fn start(hygie: &Path, state: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let devices = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let began = Instant::now();
        let hygie = Command::new(hygie)
            .arg("--state")
            .arg(state)
            .args(["--json", "hub", "--listen", &format!("127.0.0.1:{port}")])
            .args(["--devices", &format!("127.0.0.1:{devices}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting hygie hub")?;
        Ok(Self {
            hygie,
            port,
            began,
            state: state.to_path_buf(),
        })
    }

    /// An address of it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// Waits until it serves; how long that took.
    pub(crate) fn serves(&self) -> Result<Duration> {
        while self.began.elapsed() < PATIENCE {
            if curl(&["-o", "/dev/null", &self.url("/health")]).is_ok() {
                return Ok(self.began.elapsed());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let log = std::fs::read_to_string(self.state.join("console.log")).unwrap_or_default();
        bail!("it does not serve: {log}")
    }

    /// The code of this start, once it waits for one.
    pub(crate) fn code(&self) -> Result<String> {
        let file = self.state.join("setup-code");
        let until = Instant::now() + PATIENCE;
        loop {
            match std::fs::read_to_string(&file) {
                Ok(code) if code.ends_with('\n') => return Ok(code.trim().to_owned()),
                Ok(_) | Err(_) => ensure!(Instant::now() < until, "no set-up code"),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sets it up; the cookie of the first practitioner.
    pub(crate) fn set_up(&self, folder: &Path) -> Result<String> {
        self.serves()?;
        let code = self.code()?;
        let jar = folder.join("cookies");
        let jar = jar.to_string_lossy();
        let page = curl(&["-c", &jar, "-b", &jar, &self.url("/setup")])?;
        let token = between(&page, "name=\"form\" value=\"", "\"").context("a form's token")?;
        let fields = [
            format!("form={token}"),
            format!("code={code}"),
            "practice=Cabinet des Tilleuls".to_owned(),
            "host=hygie-cabinet.local".to_owned(),
            "name=Hélène Garnier".to_owned(),
            "login=helene".to_owned(),
        ];
        let url = self.url("/setup");
        let mut words = vec!["-c", &*jar, "-b", &*jar, "-D", "-", "-o", "/dev/null", &url];
        for field in &fields {
            words.extend(["--data-urlencode", field]);
        }
        let headers = curl(&words)?;
        let cookie = between(&headers, "__Host-hygie=", ";").context("the set-up was refused")?;
        Ok(format!("__Host-hygie={cookie}"))
    }

    /// Resident memory of the hub's process.
    pub(crate) fn memory_mb(&self) -> Result<u64> {
        let parent = self.hygie.id();
        let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"))?;
        for child in children.split_whitespace() {
            let line =
                std::fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
            if line.contains("serve-hub") {
                let status = std::fs::read_to_string(format!("/proc/{child}/status"))?;
                let kb = between(&status, "VmRSS:", "kB").context("its memory")?;
                return Ok(kb.trim().parse::<u64>()? / 1024);
            }
        }
        bail!("the hub's process is gone")
    }

    /// Ends it.
    pub(crate) fn stop(mut self) -> Result<()> {
        let pid = rustix::process::Pid::from_child(&self.hygie);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM)?;
        self.hygie.wait()?;
        Ok(())
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.hygie.kill();
        let _ = self.hygie.wait();
    }
}

/// Gives a folder of the hub's back to its user, all of it.
pub(crate) fn give_back(folder: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let owner = std::fs::metadata(folder)?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        chown(entry.path(), Some(owner.uid()), Some(owner.gid()))?;
        if entry.file_type()?.is_dir() {
            give_back(&entry.path())?;
        }
    }
    Ok(())
}

fn curl(words: &[&str]) -> Result<String> {
    let done = Command::new("curl")
        .args(["--silent", "--insecure", "--max-time", "20"])
        .args(words)
        .output()
        .context("curl: install Debian's curl")?;
    ensure!(done.status.success(), "curl {words:?}: {}", done.status);
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    Some(rest.split_once(to)?.0)
}

const PATIENCE: Duration = Duration::from_secs(60);
