//! A network of a test's own: a namespace with one line to this machine, gone with the test.

use std::{
    fs::File,
    net::IpAddr,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use hygie_cage::register::Registered;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::leftovers::NETWORK;

/// A network namespace with one line to this machine.
pub struct Network {
    name: String,
    line: String,
    /// This machine's address on the line.
    pub here: IpAddr,
    /// The namespace's.
    pub there: IpAddr,
    registered: Registered,
}

impl Network {
    /// Makes one. It needs root.
    ///
    /// # Errors
    /// What `ip` (iproute2) refused.
    pub fn new() -> Result<Self> {
        let number = std::process::id() % 250;
        let name = format!("hygie-test-{}", std::process::id());
        let network = Self {
            line: format!("hygietest{number}"),
            here: IpAddr::from([10, 203, u8::try_from(number)?, 1]),
            there: IpAddr::from([10, 203, u8::try_from(number)?, 2]),
            registered: Registered::new(NETWORK, &path_of(&name))?,
            name,
        };
        let (name, line) = (&network.name, &network.line);
        let far = network.far();
        ip(&["netns", "add", name])?;
        ip(&[
            "link", "add", line, "type", "veth", "peer", "name", &far, "netns", name,
        ])?;
        // An address that it gives itself comes a second late, and a browser drops what it was doing then. Without IPv6 there is none.
        let _ = ip(&["link", "set", line, "addrgenmode", "none"]);
        let _ = ip(&["-n", name, "link", "set", &far, "addrgenmode", "none"]);
        ip(&["addr", "add", &format!("{}/24", network.here), "dev", line])?;
        ip(&["link", "set", line, "up"])?;
        let there = format!("{}/24", network.there);
        ip(&["-n", name, "addr", "add", &there, "dev", &far])?;
        ip(&["-n", name, "link", "set", "lo", "up"])?;
        ip(&["-n", name, "link", "set", &far, "up"])?;
        let state = format!("/sys/class/net/{line}/operstate");
        let until = Instant::now() + PATIENCE;
        while std::fs::read_to_string(&state)?.trim() != "up" {
            ensure!(Instant::now() < until, "the line does not come up");
            std::thread::sleep(LOOK);
        }
        Ok(network)
    }

    /// Its name, for `ip netns exec`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes the line down, or up again.
    ///
    /// # Errors
    /// What `ip` refused.
    pub fn line(&self, state: &str) -> Result<()> {
        ip(&["-n", &self.name, "link", "set", &self.far(), state])
    }

    /// The present thread, and whatever it starts from now on, is in the namespace.
    ///
    /// # Errors
    /// What the kernel refused.
    pub fn enter(&self) -> Result<()> {
        let file = File::open(path_of(&self.name))?;
        use std::os::fd::AsFd;
        move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
            .context("entering the network namespace")
    }

    fn far(&self) -> String {
        format!("{}f", self.line)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        if tear_down(&path_of(&self.name)).is_ok() {
            self.registered.forget();
        }
    }
}

/// Its line goes with it.
pub(crate) fn tear_down(path: &Path) -> Result<()> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.context("no name of a namespace")?;
    ensure!(name.starts_with("hygie-test-"), "{name} is not ours");
    if path.exists() {
        ip(&["netns", "del", name])?;
    }
    Ok(())
}

fn path_of(name: &str) -> PathBuf {
    Path::new("/run/netns").join(name)
}

fn ip(arguments: &[&str]) -> Result<()> {
    let done = Command::new("ip").args(arguments).output().context("ip")?;
    ensure!(
        done.status.success(),
        "ip {arguments:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(())
}

const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(10);
