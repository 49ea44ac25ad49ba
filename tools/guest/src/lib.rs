//! A throw-away machine for tests: Debian's own kernels under QEMU, emulated, with programs of this machine in it.
//!
//! **Never**: uses KVM or the host's processor model, installs a kernel on this machine, gives a guest a network,
//! or outlives the thread that started it.

mod cpio;
mod cut;
mod disk;
mod folder;
mod guest;
mod init;
mod kernel;
mod modules;
mod payload;
mod registered;
mod running;
mod store;

pub use cut::{Cut, Log};
pub use disk::Disk;
pub use folder::Folder;
pub use guest::{Guest, why_not};
pub use kernel::Kernel;
pub use running::{Outcome, Running};
pub use store::Store;
