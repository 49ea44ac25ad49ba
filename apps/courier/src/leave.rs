//! Good-byes: a device that is switched off says so before it goes, and one that slept says so when it is back, so that its hub takes
//! neither for an outage. Hygie stopped by hand while the device runs says nothing: that is a silence to be told.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use hygie_platform::clock;
use hygie_wire::{LEAVE, Leave, Leaves};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::timeout,
};

use crate::{
    link::{Link, LinkError},
    papers::Papers,
    run::log,
};

/// Waits until the process is asked to end.
///
/// # Errors
/// The system gives no word of it.
pub(crate) async fn asked_to_end() -> std::io::Result<()> {
    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}

/// Says good-bye where the whole device goes down, within a moment: nobody waits for it.
pub(crate) async fn say(papers: &Papers) {
    let asked = tokio::task::spawn_blocking(is_going_down);
    if !asked.await.unwrap_or(false) {
        return;
    }
    let Ok(way) = papers.way() else {
        return;
    };
    let told = async {
        let link = Link::open(&way.host, way.port, way.tls).await?;
        tell(&link, Leaves::Off).await
    };
    match timeout(MOMENT, told).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => log(&format!("no good-bye: {error}")),
        Err(_) => log("no good-bye: the hub does not answer in time"),
    }
}

async fn tell(link: &Link, how: Leaves) -> Result<(), LinkError> {
    link.post(LEAVE, &Leave { how }).await
}

/// What systemd says of the whole; where it cannot be asked any more, the mark by which it keeps people from signing in.
fn is_going_down() -> bool {
    let asked = Command::new("systemctl")
        .arg("is-system-running")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let stops = asked.is_ok_and(|said| said.stdout.trim_ascii() == b"stopping");
    stops || Path::new("/run/nologin").exists()
}

/// How long the device has slept, and how much of it the hub was told.
pub(crate) struct Sleep {
    told: Duration,
}

impl Sleep {
    /// What was before is nobody's news.
    pub(crate) fn new() -> Self {
        Self {
            told: clock::slept(),
        }
    }

    /// Tells a sleep of some length, once.
    ///
    /// # Errors
    /// The hub does not take it: it is told with the next connection.
    pub(crate) async fn tell(&mut self, link: &Link) -> Result<(), LinkError> {
        let slept = clock::slept();
        if slept.saturating_sub(self.told) >= LONG {
            tell(link, Leaves::Asleep).await?;
        }
        self.told = slept;
        Ok(())
    }
}

/// A system that goes down waits no longer.
const MOMENT: Duration = Duration::from_secs(2);
/// A shorter one nobody misses.
const LONG: Duration = Duration::from_secs(60);
