//! Who connects: TLS is done here, and the certificate that was shown and verified goes with each request of the connection.
//! So many connections at once, and few from one address: nobody keeps the others out.

use std::{
    collections::HashMap,
    future::Future,
    io,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Extension, middleware::AddExtension};
use axum_server::{
    accept::Accept,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use rustls::pki_types::CertificateDer;
use tokio::net::TcpStream;
use tower::Layer;

/// Lets connections in.
#[derive(Clone)]
pub(crate) struct Gate {
    tls: RustlsAcceptor,
    places: Places,
}

/// Who is at the other end of a connection.
#[derive(Clone)]
pub(crate) struct Peer {
    /// What it showed; verified against the devices' authority and its list. Newcomers have none.
    pub(crate) certificate: Option<CertificateDer<'static>>,
    _place: Arc<Place>,
}

/// Connections at present, by address.
#[derive(Clone)]
struct Places {
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    most: Most,
}

/// How many connections there may be at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Most {
    /// From one address.
    pub(crate) one: usize,
    /// From all.
    pub(crate) all: usize,
}

/// A connection's place, free again when the connection ends.
struct Place {
    places: Places,
    address: IpAddr,
}

impl Gate {
    /// With so many places.
    pub(crate) fn new(tls: RustlsConfig, most: Most) -> Self {
        Self {
            tls: RustlsAcceptor::new(tls),
            places: Places {
                taken: Arc::default(),
                most,
            },
        }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Gate {
    type Stream = <RustlsAcceptor as Accept<TcpStream, S>>::Stream;
    type Service = AddExtension<<RustlsAcceptor as Accept<TcpStream, S>>::Service, Peer>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = stream.peer_addr().map(|peer| self.places.take(peer.ip()));
        let tls = self.tls.clone();
        Box::pin(async move {
            let place = place?.ok_or_else(|| io::Error::from(io::ErrorKind::QuotaExceeded))?;
            let (stream, service) = tls.accept(stream, service).await?;
            let shown = stream.get_ref().1.peer_certificates();
            let peer = Peer {
                certificate: shown
                    .and_then(|chain| chain.first())
                    .map(|own| own.clone().into_owned()),
                _place: Arc::new(place),
            };
            Ok((stream, Extension(peer).layer(service)))
        })
    }
}

impl Places {
    fn take(&self, address: IpAddr) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.get(&address).copied().unwrap_or(0);
        if own >= self.most.one || all >= self.most.all {
            return None;
        }
        taken.insert(address, own + 1);
        Some(Place {
            places: self.clone(),
            address,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self
            .places
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

/// A device has one connection; several may stand behind one address.
pub(crate) const DEVICES: Most = Most { one: 32, all: 512 };
/// A browser has a few, and with older HTTP one for each part that updates itself.
pub(crate) const BROWSERS: Most = Most {
    one: 192,
    all: 1024,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_keep_the_others_out() {
        let places = Places {
            taken: Arc::default(),
            most: DEVICES,
        };
        let (one, two) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let mut taken: Vec<Place> = std::iter::from_fn(|| places.take(one)).collect();
        assert_eq!(taken.len(), DEVICES.one);
        assert!(places.take(two).is_some());
        taken.pop();
        assert!(places.take(one).is_some());
        let crowd: Vec<Place> = (0..=u16::MAX)
            .filter_map(|last| {
                places.take(IpAddr::from([
                    10,
                    1,
                    last.to_be_bytes()[0],
                    last.to_be_bytes()[1],
                ]))
            })
            .collect();
        assert_eq!(crowd.len() + taken.len(), DEVICES.all);
        drop((crowd, taken));
        assert!(places.taken.lock().unwrap().is_empty());
    }
}
