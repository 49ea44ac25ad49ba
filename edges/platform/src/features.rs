//! What a system may offer a guard, and whether it was found here by trying.

use crate::Whence;

/// One thing that a guard can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Every open on a file system can be held.
    HoldOpen,
    /// Truncation by path and writes can be held with their range (Linux 6.14).
    HoldChange,
    /// A hold can be answered with an error of choice (Linux 6.14).
    AnswerWithErrno,
    /// Writers of a closed file wait until its holder lets go.
    ReadLease,
    /// Names given, taken and moved are reported with the folder and the file.
    NameEvents,
    /// A file can be kept by a second name in a folder of the guard's.
    KeepLink,
    /// The guard can act through a mount that its own marks leave out.
    PrivateMount,
    /// The guard may open as many files as it wants leases.
    ManyDescriptors,
    /// The guard's memory stays in RAM.
    LockedMemory,
    /// The kernel's own bound for leases can be set.
    LeaseBound,
    /// A process can shut itself off from all files but its own (Landlock, Linux 5.13).
    ShutFiles,
    /// And from all ports but its own (Linux 6.7).
    ShutPorts,
    /// And from other processes (Linux 6.12).
    ShutOthers,
}

impl Feature {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 13] = [
        Self::HoldOpen,
        Self::HoldChange,
        Self::AnswerWithErrno,
        Self::ReadLease,
        Self::NameEvents,
        Self::KeepLink,
        Self::PrivateMount,
        Self::ManyDescriptors,
        Self::LockedMemory,
        Self::LeaseBound,
        Self::ShutFiles,
        Self::ShutPorts,
        Self::ShutOthers,
    ];
}

/// What the trial found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It works here.
    Works,
    /// It works, within this limit.
    Limited(u64),
    /// The system refused, with this error number.
    Refused(i32),
    /// The call was accepted but did nothing.
    NoEffect,
    /// This system has no such thing, or Hygie does not use it there yet.
    NotOnThisSystem,
}

/// One feature and what the trial found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What was tried.
    pub feature: Feature,
    /// What came of it.
    pub presence: Presence,
}

/// How changes of files come to be known where these features were found; `None` where the system tells nothing, so
/// that files must be looked through again and again.
#[must_use]
pub fn changes_told(probes: &[Probe]) -> Option<Whence> {
    let works = |feature| {
        probes
            .iter()
            .any(|probe| probe.feature == feature && probe.presence == Presence::Works)
    };
    match (works(Feature::HoldOpen), works(Feature::NameEvents)) {
        (true, _) => Some(Whence::Held),
        (false, true) => Some(Whence::Seen),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(works: &[Feature]) -> Vec<Probe> {
        let presence = |feature| {
            if works.contains(&feature) {
                Presence::Works
            } else {
                Presence::NotOnThisSystem
            }
        };
        let probe = |feature| Probe {
            feature,
            presence: presence(feature),
        };
        Feature::ALL.map(probe).to_vec()
    }

    #[test]
    fn what_a_system_does_not_offer_is_a_value() {
        for (works, told) in [
            (&[][..], None),
            (&[Feature::ReadLease, Feature::KeepLink], None),
            (&[Feature::NameEvents], Some(Whence::Seen)),
            (
                &[Feature::HoldOpen, Feature::NameEvents],
                Some(Whence::Held),
            ),
        ] {
            assert_eq!(changes_told(&found(works)), told, "{works:?}");
        }
    }
}
