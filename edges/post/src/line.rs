//! The bytes of a connection: bounded in what comes in, so that no server fills the memory of whoever writes to it.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use hygie_model::letter::Trouble;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, lookup_host},
    time::timeout,
};

/// A connection that reads so many bytes and no more.
#[derive(Debug)]
pub(crate) struct Line {
    stream: TcpStream,
    left: usize,
}

impl Line {
    /// Connects to the first address of that name that takes it.
    pub(crate) async fn to(host: &str, port: u16) -> Result<Self, Trouble> {
        let found = lookup_host((host, port)).await;
        let found = found.map_err(|_| Trouble::NameUnknown)?;
        let addresses: Vec<SocketAddr> = found.filter(|found| is_server(found.ip())).collect();
        if addresses.is_empty() {
            return Err(Trouble::NameUnknown);
        }
        for address in addresses.into_iter().take(MOST_ADDRESSES) {
            if let Ok(Ok(stream)) = timeout(CONNECT, TcpStream::connect(address)).await {
                return Ok(Self::of(stream));
            }
        }
        Err(Trouble::NotReached)
    }

    fn of(stream: TcpStream) -> Self {
        // Without it only slower.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            left: MOST_READ,
        }
    }

    /// Where it leads.
    pub(crate) fn peer(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

/// Whether a server of a practice's can be there. At a link-local address are devices that answer without asking who one is (a cloud's
/// keys, a router), and a name may lead to one tomorrow; the others are nobody's.
pub(crate) fn is_server(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let nobodys = address.is_unspecified() || address.is_broadcast();
            !nobodys && !address.is_link_local() && !address.is_multicast()
        }
        IpAddr::V6(address) => {
            let nobodys = address.is_unspecified() || address.is_multicast();
            !nobodys && !address.is_unicast_link_local()
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return Poll::Ready(Err(io::Error::other("the server says too much")));
        }
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        let came = into.filled().len() - before;
        self.left = self.left.saturating_sub(came);
        read
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// An honest server says a few kilobytes: its certificates, and a line an answer.
const MOST_READ: usize = 256 * 1024;
/// To one address.
const CONNECT: Duration = Duration::from_secs(10);
const MOST_ADDRESSES: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_sent_to_where_no_server_can_be() {
        for nowhere in [
            "169.254.169.254",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.251",
            "::ffff:169.254.169.254",
            "::",
            "fe80::1",
            "ff02::fb",
        ] {
            assert!(!is_server(nowhere.parse().unwrap()), "{nowhere}");
            let line = Line::to(nowhere, 25).await;
            assert_eq!(line.unwrap_err(), Trouble::NameUnknown, "{nowhere}");
        }
        for server in [
            "127.0.0.1",
            "::1",
            "192.168.1.10",
            "10.0.0.2",
            "fd00::2",
            "203.0.113.7",
        ] {
            assert!(is_server(server.parse().unwrap()), "{server}");
        }
    }
}
