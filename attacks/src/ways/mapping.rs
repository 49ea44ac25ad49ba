//! Changing a file through memory: no write call, no modify event.

use std::ffi::c_void;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::OFlags;
use rustix::mm::{MapFlags, MprotectFlags, ProtFlags};

use super::Way;
use crate::report::Failure;
use crate::run::{Run, Victim};

pub(super) const WAYS: &[Way] = &[
    Way::each(
        "mmap-write",
        "maps a file shared, closes it, then stores over it",
        1,
        write,
    ),
    Way::each(
        "mprotect-later",
        "maps a file read-only, closes it, makes the mapping writable, stores",
        1,
        protect_later,
    ),
];

/// open, mmap, close, store, munmap.
pub(super) fn write(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    store(run, &victim.path, &run.scrambled(victim)?)
}

/// The mapping does not look like a writer until mprotect.
fn protect_later(run: &Run<'_>, victim: &Victim) -> Result<(), Failure> {
    let scrambled = run.scrambled(victim)?;
    let file = run.open(&victim.path, OFlags::RDWR)?;
    let mut mapping = Mapping::new(file, scrambled.len(), ProtFlags::READ)?;
    mapping.allow_writing()?;
    mapping.store(&scrambled)
}

/// Opens a file, maps it shared, closes the descriptor, stores `content` over its start, unmaps. `content` is
/// no longer than the file.
pub(super) fn store(run: &Run<'_>, path: &Path, content: &[u8]) -> Result<(), Failure> {
    if content.is_empty() {
        // Nothing can be mapped: another way was here before.
        return Ok(());
    }
    let file = run.open(path, OFlags::RDWR)?;
    let mut mapping = Mapping::new(file, content.len(), ProtFlags::READ | ProtFlags::WRITE)?;
    mapping.writable = true;
    mapping.store(content)
}

/// A shared mapping of a whole file whose descriptor is closed.
struct Mapping {
    address: *mut c_void,
    length: usize,
    writable: bool,
}

impl Mapping {
    #[expect(unsafe_code, reason = "mmap")]
    fn new(file: OwnedFd, length: usize, protection: ProtFlags) -> Result<Self, Failure> {
        // A store behind the end of the file would be a SIGBUS.
        if u64::try_from(rustix::fs::fstat(&file)?.st_size).unwrap_or(0) < length as u64 {
            return Err(Failure::Refused("the file became shorter"));
        }
        // SAFETY: a new mapping at an address of the kernel's choice touches no memory of this program.
        let address = unsafe {
            rustix::mm::mmap(
                std::ptr::null_mut(),
                length,
                protection,
                MapFlags::SHARED,
                &file,
                0,
            )?
        };
        Ok(Self {
            address,
            length,
            writable: false,
        })
    }

    #[expect(unsafe_code, reason = "mprotect")]
    fn allow_writing(&mut self) -> Result<(), Failure> {
        let both = MprotectFlags::READ | MprotectFlags::WRITE;
        // SAFETY: address and length are those of a live mapping that this value owns.
        unsafe { rustix::mm::mprotect(self.address, self.length, both)? };
        self.writable = true;
        Ok(())
    }

    #[expect(unsafe_code, reason = "a store into the mapping")]
    fn store(&mut self, content: &[u8]) -> Result<(), Failure> {
        if !self.writable || content.len() > self.length {
            return Err(Failure::Refused("the mapping is too short or not writable"));
        }
        // SAFETY: the mapping is live, writable and at least as long as `content`; nothing else points into it.
        unsafe {
            std::ptr::copy_nonoverlapping(content.as_ptr(), self.address.cast(), content.len())
        };
        Ok(())
    }
}

impl Drop for Mapping {
    #[expect(unsafe_code, reason = "munmap")]
    fn drop(&mut self) {
        // SAFETY: address and length are those of the mapping; no reference into it exists.
        let _cannot_fail = unsafe { rustix::mm::munmap(self.address, self.length) };
    }
}
