//! The end of a queue that ran over. The guard's groups have no bound, so this one is made by hand.

use std::{
    fs::{self, File},
    io::{self, Read},
    os::fd::{AsRawFd, FromRawFd},
    path::Path,
};

use hygie_platform::linux::fanotify::Mask;

/// The last records of a group of names whose queue has a bound.
pub(crate) fn end_of_a_queue(on: &Path) -> io::Result<Vec<u8>> {
    let bound = fs::read_to_string("/proc/sys/fs/fanotify/max_queued_events")?;
    let bound: usize = bound.trim().parse().map_err(io::Error::other)?;
    let folder = on.join("overflow");
    fs::create_dir(&folder)?;
    let mut group = bounded(&folder)?;
    // Making and removing one name is one event by the time it is read.
    for number in 0..=bound {
        let path = folder.join(number.to_string());
        File::create(&path)?;
        fs::remove_file(path)?;
    }
    let mut last: Vec<Vec<u8>> = Vec::new();
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let length = match group.read(&mut bytes) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        };
        let mut rest = &bytes[..length];
        while let Some((head, _)) = rest.split_first_chunk::<4>() {
            let (record, after) = rest.split_at(u32::from_ne_bytes(*head) as usize);
            last.push(record.to_vec());
            rest = after;
        }
    }
    Ok(last.split_off(last.len().saturating_sub(3)).concat())
}

fn bounded(folder: &Path) -> io::Result<File> {
    let flags = libc::FAN_CLOEXEC | libc::FAN_NONBLOCK | libc::FAN_REPORT_DFID_NAME_TARGET;
    // SAFETY: no memory is handed over.
    let fd = unsafe { libc::fanotify_init(flags, libc::O_RDONLY as u32) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just given this descriptor to us alone.
    let group = unsafe { File::from_raw_fd(fd) };
    let mask = Mask::CREATE.and(Mask::DELETE).and(Mask::ON_CHILD).0;
    let at = File::open(folder)?;
    // SAFETY: a null path stands for the descriptor itself.
    let done = unsafe {
        libc::fanotify_mark(
            group.as_raw_fd(),
            libc::FAN_MARK_ADD,
            mask,
            at.as_raw_fd(),
            std::ptr::null(),
        )
    };
    if done < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(group)
}
