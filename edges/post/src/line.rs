//! The bytes of a connection: bounded in what comes in, so that no server fills the memory of whoever writes to it.

use std::{
    io,
    net::SocketAddr,
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
        let addresses: Vec<SocketAddr> = found.map_err(|_| Trouble::NameUnknown)?.collect();
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
