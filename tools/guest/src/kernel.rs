//! Which kernel a guest runs.

use std::fmt;
use std::str::FromStr;

/// A Debian release, for its kernel and its busybox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// Linux 6.1.
    Debian12,
    /// Linux 6.12.
    Debian13,
}

impl Kernel {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Debian12, Self::Debian13];

    /// As it is written on a command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Debian12 => "debian12",
            Self::Debian13 => "debian13",
        }
    }

    pub(crate) fn suite(self) -> &'static str {
        match self {
            Self::Debian12 => "bookworm",
            Self::Debian13 => "trixie",
        }
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of `Kernel::ALL`.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAKernel;

impl fmt::Display for NotAKernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there are debian12 and debian13")
    }
}

impl std::error::Error for NotAKernel {}

impl FromStr for Kernel {
    type Err = NotAKernel;

    fn from_str(text: &str) -> Result<Self, NotAKernel> {
        let is = |kernel: &Self| kernel.name() == text;
        Self::ALL.into_iter().find(is).ok_or(NotAKernel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for kernel in Kernel::ALL {
            assert_eq!(kernel.name().parse(), Ok(kernel));
        }
        for wrong in ["", "debian", "debian11", "Debian12"] {
            assert_eq!(wrong.parse::<Kernel>(), Err(NotAKernel), "{wrong}");
        }
    }
}
