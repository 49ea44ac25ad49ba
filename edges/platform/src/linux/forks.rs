//! Births, program changes and deaths of processes as the kernel tells them (the proc connector).
//! Written on `libc` and `rustix`: no kept crate tells timestamps and overflows. Layouts: linux/include/uapi/linux/
//! {netlink,connector,cn_proc}.h.

mod parse;

use std::{
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    net::{
        AddressFamily, SendFlags, SocketFlags, SocketType, bind,
        netlink::{CONNECTOR, SocketAddrNetlink},
        sockopt::set_socket_recv_buffer_size_force,
    },
};
use thiserror::Error;

pub use parse::{Event, What, events};

/// Why the kernel does not tell.
#[derive(Debug, Error)]
pub enum Silent {
    /// It has no such socket, or does not give it.
    #[error("the kernel refuses its process events: {0}")]
    Refused(#[from] io::Error),
    /// It took the wish and did not answer: the process is in a PID or user namespace of its own.
    #[error("the kernel does not answer a wish for process events: this is a container")]
    Unheard,
}

/// How much of what waited was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// All of it.
    All,
    /// As much as one call reads; more is there.
    Part,
}

/// The kernel's process events. Drain them in a thread that goes before others
/// ([`super::halt::Haste`]): a storm of forks makes tens of thousands a second, and leaves an ordinary thread no time.
#[derive(Debug)]
pub struct Forks {
    socket: OwnedFd,
    room: Box<[Message; BATCH]>,
}

impl Forks {
    /// Begins to listen. What happened before is told by `/proc` only: open this first, then look there.
    ///
    /// # Errors
    /// Without `CAP_NET_ADMIN`, in a container, or where the kernel is built without it.
    pub fn open() -> Result<Self, Silent> {
        Self::open_with(ROOM_FOR_EVENTS)
    }

    fn open_with(room: usize) -> Result<Self, Silent> {
        let socket = rustix::net::socket_with(
            AddressFamily::NETLINK,
            SocketType::DGRAM,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            Some(CONNECTOR),
        )
        .map_err(io::Error::from)?;
        // Only root may go beyond the system's bound.
        set_socket_recv_buffer_size_force(&socket, room).map_err(io::Error::from)?;
        bind(&socket, &SocketAddrNetlink::new(0, parse::CN_IDX_PROC)).map_err(io::Error::from)?;
        let mut forks = Self {
            socket,
            room: Box::new([Message::EMPTY; BATCH]),
        };
        forks.wish(&LISTEN.to_ne_bytes())?;
        if !forks.is_heard()? {
            return Err(Silent::Unheard);
        }
        // Linux 6.6 leaves out the other kinds of event; an older one overlooks a wish of this length.
        let kinds = parse::FORK | parse::EXEC | parse::EXIT;
        forks.wish(&[LISTEN.to_ne_bytes(), kinds.to_ne_bytes()].concat())?;
        Ok(forks)
    }

    /// Adds what happened since the last call, in the kernel's order, as far as one call reads.
    ///
    /// # Errors
    /// The kernel's, when the socket is broken; a loss is no error but an event.
    pub fn drain(&mut self, found: &mut Vec<Event>) -> io::Result<Drained> {
        for _turn in 0..TURNS {
            match self.receive() {
                Ok(0) => return Ok(Drained::All),
                Ok(count) => {
                    let full = count == BATCH;
                    for message in &self.room[..count] {
                        found.extend(events(message.bytes()));
                    }
                    if !full {
                        return Ok(Drained::All);
                    }
                }
                Err(error) => match error.raw_os_error() {
                    Some(libc::EAGAIN | libc::EINTR) => return Ok(Drained::All),
                    Some(libc::ENOBUFS) => found.push(Event::LOST),
                    _ => return Err(error),
                },
            }
        }
        Ok(Drained::Part)
    }

    fn wish(&self, payload: &[u8]) -> Result<(), Silent> {
        let message = parse::wish(payload);
        rustix::net::send(&self.socket, &message, SendFlags::empty()).map_err(io::Error::from)?;
        Ok(())
    }

    // The kernel acknowledges a wish among the events that it sends to everybody.
    fn is_heard(&mut self) -> io::Result<bool> {
        let end = Instant::now() + ANSWER_WITHIN;
        loop {
            match self.receive() {
                Ok(count) => {
                    let mut messages = self.room[..count].iter();
                    if messages.any(|message| parse::is_acknowledgement(message.bytes())) {
                        return Ok(true);
                    }
                }
                Err(error) => match error.raw_os_error() {
                    Some(libc::EAGAIN | libc::EINTR | libc::ENOBUFS) => {}
                    _ => return Err(error),
                },
            }
            let left = end.saturating_duration_since(Instant::now());
            let Ok(left) = Timespec::try_from(left) else {
                return Ok(false);
            };
            if poll(&mut [PollFd::new(&self.socket, PollFlags::IN)], Some(&left))? == 0 {
                return Ok(false);
            }
        }
    }

    // One call for many events: each is a datagram of its own.
    fn receive(&mut self) -> io::Result<usize> {
        let mut parts: [libc::iovec; BATCH] = std::array::from_fn(|_| libc::iovec {
            iov_base: std::ptr::null_mut(),
            iov_len: 0,
        });
        // SAFETY: for these plain structures of integers and pointers, zero bytes are a valid value.
        let (mut headers, mut senders): ([libc::mmsghdr; BATCH], [libc::sockaddr_nl; BATCH]) =
            unsafe { (std::mem::zeroed(), std::mem::zeroed()) };
        for (index, message) in self.room.iter_mut().enumerate() {
            parts[index].iov_base = message.room.as_mut_ptr().cast();
            parts[index].iov_len = message.room.len();
            let header = &mut headers[index].msg_hdr;
            header.msg_iov = &raw mut parts[index];
            header.msg_iovlen = 1;
            header.msg_name = (&raw mut senders[index]).cast();
            header.msg_namelen = SENDER;
        }
        // SAFETY: every pointer in `headers` leads to memory of the length beside it that outlives the call and is
        // borrowed by nobody else.
        let count = unsafe {
            libc::recvmmsg(
                self.socket.as_raw_fd(),
                headers.as_mut_ptr(),
                BATCH_LENGTH,
                libc::MSG_DONTWAIT,
                std::ptr::null_mut(),
            )
        };
        let Ok(count) = usize::try_from(count) else {
            return Err(io::Error::last_os_error());
        };
        for index in 0..count {
            let whole = headers[index].msg_hdr.msg_flags & libc::MSG_TRUNC == 0;
            // Port 0 is the kernel; another privileged process could write to this socket as well.
            let used = if whole && senders[index].nl_pid == 0 {
                headers[index].msg_len
            } else {
                0
            };
            self.room[index].used = usize::try_from(used).unwrap_or(0).min(ROOM);
        }
        Ok(count)
    }
}

impl AsFd for Forks {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

#[derive(Clone, Copy, Debug)]
struct Message {
    room: [u8; ROOM],
    used: usize,
}

impl Message {
    const EMPTY: Self = Self {
        room: [0; ROOM],
        used: 0,
    };

    fn bytes(&self) -> &[u8] {
        &self.room[..self.used]
    }
}

/// For some 75,000 events, if nobody reads meanwhile; the kernel counts 860 bytes for each and doubles the room.
const ROOM_FOR_EVENTS: usize = 32 << 20;
/// `PROC_CN_MCAST_LISTEN`.
const LISTEN: u32 = 1;
/// The kernel answers within the call; a busy machine may put us off the processor.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);
/// An event has 76 bytes.
const ROOM: usize = 128;
const BATCH: usize = 64;
const BATCH_LENGTH: libc::c_uint = 64;
/// Whoever drains has other things to do as well: at most 16,384 events a call.
const TURNS: usize = 256;
#[expect(clippy::cast_possible_truncation, reason = "12 bytes")]
const SENDER: libc::socklen_t = size_of::<libc::sockaddr_nl>() as libc::socklen_t;

#[cfg(test)]
mod tests;
