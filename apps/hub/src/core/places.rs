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
pub(super) struct Gate {
    tls: RustlsAcceptor,
    places: Places,
}

/// Who is at the other end of a connection.
#[derive(Clone)]
pub(super) struct Peer {
    /// What it showed; verified against the devices' authority and its list. Newcomers have none.
    pub(super) certificate: Option<CertificateDer<'static>>,
    _place: Arc<Place>,
}

/// Connections at present, by address.
#[derive(Clone, Default)]
struct Places(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection's place, free again when the connection ends.
struct Place {
    places: Places,
    address: IpAddr,
}

impl Gate {
    pub(super) fn new(tls: RustlsConfig) -> Self {
        Self {
            tls: RustlsAcceptor::new(tls),
            places: Places::default(),
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
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.get(&address).copied().unwrap_or(0);
        if own >= FOR_ONE || all >= FOR_ALL {
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
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

/// A device has one; several may stand behind one address.
const FOR_ONE: usize = 32;
const FOR_ALL: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_keep_the_others_out() {
        let places = Places::default();
        let (one, two) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let mut taken: Vec<Place> = std::iter::from_fn(|| places.take(one)).collect();
        assert_eq!(taken.len(), FOR_ONE);
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
        assert_eq!(crowd.len() + taken.len(), FOR_ALL);
        drop((crowd, taken));
        assert!(places.0.lock().unwrap().is_empty());
    }
}
