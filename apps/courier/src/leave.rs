//! Good-byes: a device that is switched off says so before it goes, and one that slept says so when it is back, so that its hub takes
//! neither for an outage. Hygie stopped by hand while the device runs says nothing: that is a silence to be told.

use std::{path::Path, time::Duration};

use hygie_platform::clock;
use hygie_wire::{LEAVE, Leave, Leaves};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use zbus::{connection::Builder, zvariant::OwnedValue};

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
    if !is_going_down().await {
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

/// What systemd says of the whole; where it cannot be asked any more, the mark by which it keeps people from signing in. Asked over
/// its bus: this process starts no program.
async fn is_going_down() -> bool {
    let asked = timeout(ASKING, async { state(Builder::system()?).await }).await;
    let stops = matches!(asked, Ok(Ok(state)) if state == "stopping");
    stops || Path::new("/run/nologin").exists()
}

/// As `systemctl is-system-running` says it.
async fn state(bus: Builder<'_>) -> zbus::Result<String> {
    let bus = bus.build().await?;
    let asked = (format!("{SYSTEMD}.Manager"), "SystemState");
    let properties = Some("org.freedesktop.DBus.Properties");
    let answer = bus
        .call_method(Some(SYSTEMD), SYSTEMD_PATH, properties, "Get", &asked)
        .await?;
    let value: OwnedValue = answer.body().deserialize()?;
    Ok(value.try_into()?)
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

const SYSTEMD: &str = "org.freedesktop.systemd1";
const SYSTEMD_PATH: &str = "/org/freedesktop/systemd1";
/// The bus ends early as well.
const ASKING: Duration = Duration::from_millis(500);
/// A system that goes down waits no longer.
const MOMENT: Duration = Duration::from_secs(2);
/// A shorter one nobody misses.
const LONG: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use hygie_testkit::Bus;

    use super::*;

    struct Manager(&'static str);

    #[zbus::interface(name = "org.freedesktop.systemd1.Manager")]
    impl Manager {
        #[zbus(property)]
        fn system_state(&self) -> &str {
            self.0
        }
    }

    /// A real bus, and on it what systemd says there.
    #[tokio::test]
    async fn systemd_is_asked_over_its_bus() {
        let bus = Bus::start().unwrap();
        let here = || Builder::address(bus.address()).unwrap();
        assert!(state(here()).await.is_err(), "nobody is there yet");
        for says in ["running", "stopping"] {
            let systemd = here()
                .name(SYSTEMD)
                .unwrap()
                .serve_at(SYSTEMD_PATH, Manager(says))
                .unwrap();
            let systemd = systemd.build().await.unwrap();
            assert_eq!(state(here()).await.unwrap(), says);
            systemd.close().await.unwrap();
        }
    }
}
