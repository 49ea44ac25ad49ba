//! The operating system as Hygie's guard needs it: what can be held, seen and copied here.
//! Knows nothing of health care, and never decides: it reports and obeys.

pub mod access;
pub mod clock;
pub mod event;
pub mod fanotify_bytes;
pub mod features;
pub mod stream;

#[cfg(target_os = "linux")]
pub mod linux;

pub use access::{Access, Reach, Whence};
pub use features::{Feature, Presence, Probe, changes_told};

/// Tries each feature of this system on `scratch`, a folder of the caller's own on the file
/// system in question; nothing is believed from a version number.
#[cfg(target_os = "linux")]
#[must_use]
pub fn probe(scratch: &std::path::Path) -> Vec<Probe> {
    linux::probe::all(scratch)
}

/// Tries each feature of this system on `scratch`. Here no hold exists yet, and that is said.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn probe(_scratch: &std::path::Path) -> Vec<Probe> {
    Feature::ALL
        .into_iter()
        .map(|feature| Probe {
            feature,
            presence: Presence::NotOnThisSystem,
        })
        .collect()
}
