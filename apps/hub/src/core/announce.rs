//! The console's `.local` name, announced on the practice's network by multicast DNS (RFC 6762): nobody has to set up a server
//! of names. Only where browsers of other machines can connect; and never under another name, for passkeys are bound to it.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use mdns_sd::{DaemonEvent, IfKind, ServiceDaemon, ServiceInfo};

use super::{hub::Hub, journal::Note};
use crate::web::frame;

/// How the name stands on the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody but this machine reaches the console, or its name is one of a domain: there is nothing to announce.
    #[default]
    NotNeeded,
    /// It is being looked whether the name is free.
    Asking,
    /// Other machines find it.
    Announced,
    /// Another machine answers to it: this one keeps silent, and asks again later.
    Taken,
    /// The network does not let it be announced.
    Failed(String),
}

/// What the pages may know of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board(Arc<Mutex<Standing>>);

impl Board {
    /// How it stands.
    pub(crate) fn now(&self) -> Standing {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Notes it.
    pub(crate) fn put(&self, standing: Standing) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = standing;
    }
}

/// Announces the name for as long as the hub serves.
pub(crate) async fn keep(hub: Hub, listen: SocketAddr) {
    let mut was_taken = false;
    loop {
        let facts = hub.practice().await.ok().flatten();
        let name = facts.as_ref().and_then(|facts| local(&facts.host));
        let Some(name) = name.filter(|_| !listen.ip().is_loopback()) else {
            hub.announced.put(Standing::NotNeeded);
            tokio::time::sleep(LOOK).await;
            continue;
        };
        let place = Place {
            port: mdns_sd::MDNS_PORT,
            at: listen.ip(),
        };
        hub.announced.put(Standing::Asking);
        let taken = announce(&name, hub.port, &place, |standing| {
            hub.announced.put(standing);
        });
        match taken.await {
            Ok(Taken) => {
                hub.announced.put(Standing::Taken);
                // Once, however often it is found to be so.
                if !was_taken {
                    tell(&hub, &name).await;
                }
                was_taken = true;
            }
            Err(error) => hub.announced.put(Standing::Failed(error.to_string())),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Another machine has the name: whoever looks after the practice learns it.
async fn tell(hub: &Hub, name: &str) {
    let Ok(Some(facts)) = hub.practice().await else {
        return;
    };
    let note = Note::default().with("name", name);
    let told = hub
        .journal
        .tell(hub.of(&facts), "console.name-taken", note, hub.now());
    if let Err(fault) = told.await {
        frame::log(&fault);
    }
}

/// On which network.
struct Place {
    port: u16,
    /// Where browsers connect; unspecified: on each of this machine's addresses.
    at: IpAddr,
}

/// Another machine answered to the name.
#[derive(Debug, PartialEq, Eq)]
struct Taken;

/// Announces until another machine turns out to have the name; that one keeps it.
async fn announce(
    name: &str,
    port: u16,
    place: &Place,
    told: impl Fn(Standing),
) -> Result<Taken, mdns_sd::Error> {
    let daemon = ServiceDaemon::new_with_port(place.port)?;
    // Dropped with this, or when the task ends.
    let daemon = Daemon(daemon);
    let events = daemon.0.monitor()?;
    daemon.0.register(service(name, port, place, &daemon.0)?)?;
    loop {
        let Ok(event) = events.recv_async().await else {
            return Err(mdns_sd::Error::Msg(
                "the announcing thread ended".to_owned(),
            ));
        };
        if let DaemonEvent::NameChange(change) = &event
            && is_same(&change.original, name)
        {
            return Ok(Taken);
        }
        // Others are of the service's own name, which nobody types, and of addresses, which it follows by itself.
        if let DaemonEvent::Announce(..) = event {
            told(Standing::Announced);
        } else if let DaemonEvent::Error(error) = event {
            told(Standing::Failed(error.to_string()));
        }
    }
}

fn service(
    name: &str,
    port: u16,
    place: &Place,
    daemon: &ServiceDaemon,
) -> Result<ServiceInfo, mdns_sd::Error> {
    let (host, instance) = (format!("{name}."), format!("Hygie {name}"));
    let none: &[(&str, &str)] = &[];
    if place.at.is_unspecified() {
        daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
        let info = ServiceInfo::new(SERVICE, &instance, &host, (), port, none)?;
        return Ok(info.enable_addr_auto());
    }
    daemon.disable_interface(IfKind::All)?;
    daemon.enable_interface(IfKind::Addr(place.at))?;
    ServiceInfo::new(SERVICE, &instance, &host, place.at, port, none)
}

/// A name that multicast DNS is for.
fn local(host: &str) -> Option<String> {
    let host = host.to_ascii_lowercase();
    let own = host.strip_suffix(".local")?;
    (!own.is_empty()).then_some(host)
}

fn is_same(told: &str, name: &str) -> bool {
    told.trim_end_matches('.').eq_ignore_ascii_case(name)
}

/// Says farewell on the network as it goes.
struct Daemon(ServiceDaemon);

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.shutdown();
    }
}

/// What is announced beside the name: a web server.
const SERVICE: &str = "_https._tcp.local.";
/// How soon after the set-up the name is announced.
const LOOK: Duration = Duration::from_secs(10);
/// How long after another machine was found under the name it is asked again.
const AGAIN: Duration = Duration::from_secs(10 * 60);

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, UdpSocket};

    use mdns_sd::{HostnameResolutionEvent, Receiver};
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    /// On this machine's own loopback, at a port that nobody else has: no network hears of it.
    fn place() -> Place {
        let free = UdpSocket::bind("127.0.0.1:0").unwrap();
        Place {
            port: free.local_addr().unwrap().port(),
            at: Ipv4Addr::LOCALHOST.into(),
        }
    }

    fn another(place: &Place) -> ServiceDaemon {
        let daemon = ServiceDaemon::new_with_port(place.port).unwrap();
        daemon.disable_interface(IfKind::All).unwrap();
        daemon.enable_interface(IfKind::LoopbackV4).unwrap();
        daemon
    }

    async fn resolved(events: Receiver<HostnameResolutionEvent>) -> Vec<IpAddr> {
        while let Ok(event) = events.recv_async().await {
            if let HostnameResolutionEvent::AddressesFound(_, found) = event {
                return found.iter().map(|one| one.to_ip_addr()).collect();
            }
        }
        Vec::new()
    }

    #[test]
    fn names_of_the_network_are_announced_and_those_of_a_domain_are_not() {
        assert_eq!(
            local("Hygie-Cabinet.local").as_deref(),
            Some("hygie-cabinet.local")
        );
        for other in [
            "hygie.cabinet.example",
            ".local",
            "local",
            "hygie.local.example",
        ] {
            assert_eq!(local(other), None, "{other}");
        }
    }

    #[tokio::test]
    async fn another_machine_finds_the_console_by_its_name() {
        let place = place();
        let (told, mut standings) = unbounded_channel();
        let (port, at) = (place.port, place.at);
        let announcing = tokio::spawn(async move {
            let place = Place { port, at };
            let told = move |standing| drop(told.send(standing));
            announce("hygie-try-1.local", 8443, &place, told).await
        });
        assert_eq!(standings.recv().await, Some(Standing::Announced));
        let browser = another(&place);
        let asked = browser
            .resolve_hostname("hygie-try-1.local.", Some(20_000))
            .unwrap();
        assert_eq!(resolved(asked).await, [place.at]);
        announcing.abort();
        browser.shutdown().unwrap();
    }

    #[tokio::test]
    async fn a_name_that_another_machine_has_is_left_to_it() {
        let place = place();
        let other = another(&place);
        let events = other.monitor().unwrap();
        let none: &[(&str, &str)] = &[];
        let elsewhere: IpAddr = [127, 0, 0, 9].into();
        let info = ServiceInfo::new(
            SERVICE,
            "Printer",
            "hygie-try-2.local.",
            elsewhere,
            443,
            none,
        )
        .unwrap();
        other.register(info).unwrap();
        while !matches!(events.recv_async().await, Ok(DaemonEvent::Announce(..))) {}
        let taken = announce("hygie-try-2.local", 8443, &place, |_| {}).await;
        assert_eq!(taken.unwrap(), Taken);
        // And the other one still answers.
        let browser = another(&place);
        let asked = browser
            .resolve_hostname("hygie-try-2.local.", Some(20_000))
            .unwrap();
        assert_eq!(resolved(asked).await, [elsewhere]);
        browser.shutdown().unwrap();
        other.shutdown().unwrap();
    }
}
