//! Who stands at the other end of a local socket, as the kernel noted it at the connection.

use std::{
    io,
    os::fd::{AsFd, AsRawFd, BorrowedFd},
};

/// Rights of a process at the moment it connected. No process number: it could be another's by
/// now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Effective user.
    pub uid: u32,
    /// Effective group.
    pub gid: u32,
    /// Further groups.
    pub groups: Vec<u32>,
}

/// Asks the kernel who connected a Unix stream socket.
///
/// # Errors
/// When it is no connected Unix socket.
pub fn peer(socket: impl AsFd) -> io::Result<Peer> {
    let socket = socket.as_fd();
    let found = rustix::net::sockopt::socket_peercred(socket)?;
    Ok(Peer {
        uid: found.uid.as_raw(),
        gid: found.gid.as_raw(),
        groups: groups(socket)?,
    })
}

/// `SO_PEERGROUPS`: unlike `/proc/PID/status` it cannot be of a later process of the same number.
fn groups(socket: BorrowedFd<'_>) -> io::Result<Vec<u32>> {
    // The kernel says how many there are when the room is too small; they do not change.
    let mut groups = vec![0_u32; 32];
    loop {
        let room = groups.len() * size_of::<u32>();
        let mut len = libc::socklen_t::try_from(room).map_err(io::Error::other)?;
        // SAFETY: the buffer holds `len` bytes and both outlive the call.
        let got = unsafe {
            libc::getsockopt(
                socket.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_PEERGROUPS,
                groups.as_mut_ptr().cast(),
                &raw mut len,
            )
        };
        let error = (got < 0).then(io::Error::last_os_error);
        let count = len as usize / size_of::<u32>();
        match error {
            None => {
                groups.truncate(count);
                return Ok(groups);
            }
            Some(error) if error.raw_os_error() == Some(libc::ERANGE) && count > groups.len() => {
                groups.resize(count, 0);
            }
            Some(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn the_other_end_is_this_process() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let mut own: Vec<u32> = rustix::process::getgroups()
            .unwrap()
            .iter()
            .map(|group| group.as_raw())
            .collect();
        for end in [&ours, &theirs] {
            let mut found = peer(end).unwrap();
            assert_eq!(found.uid, rustix::process::geteuid().as_raw());
            assert_eq!(found.gid, rustix::process::getegid().as_raw());
            found.groups.sort_unstable();
            own.sort_unstable();
            assert_eq!(found.groups, own);
        }
    }

    #[test]
    fn more_groups_than_there_is_room_for_are_all_told() {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: needs root (to take on groups)");
            return;
        }
        let wanted: Vec<u32> = (5_000..5_300).collect();
        // A thread of its own: the others keep their groups.
        let found = std::thread::spawn({
            let wanted = wanted.clone();
            move || {
                let groups: Vec<_> = wanted
                    .iter()
                    .map(|group| rustix::process::Gid::from_raw(*group))
                    .collect();
                rustix::thread::set_thread_groups(&groups).unwrap();
                let (ours, _theirs) = UnixStream::pair().unwrap();
                peer(&ours).unwrap().groups
            }
        });
        assert_eq!(found.join().unwrap(), wanted);
    }

    #[test]
    fn what_is_no_local_socket_is_refused() {
        assert!(peer(std::fs::File::open("/dev/null").unwrap()).is_err());
    }
}
