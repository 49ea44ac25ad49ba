//! A process shuts itself in before it reads what strangers wrote: no file, no network, no further process, so much memory and
//! so much time. What it was started with (its standard streams) is all that it keeps. There is no way back.

use std::{collections::BTreeMap, io};

use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope,
};
use rustix::{
    io::Errno,
    process::{Resource, Signal, set_parent_process_death_signal},
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

use super::service;

/// How much a confined process may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of memory of its own.
    pub memory: u64,
    /// Seconds of work; waiting does not count.
    pub seconds: u64,
}

/// What holds a process now. The filter of system calls always does: without it there is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walls {
    /// The filter, and Landlock with all that this program knows of it.
    Both,
    /// The filter, and an older Landlock.
    OlderLandlock,
    /// The filter alone: this kernel has no Landlock. The filter lets no file be opened either.
    FilterAlone,
}

/// Why a process could not be shut in. It must not go on.
#[derive(Debug, thiserror::Error)]
pub enum NotConfined {
    /// A right could not be given up, or a limit not be set.
    #[error("giving up rights: {0}")]
    Rights(#[from] Errno),
    /// Landlock.
    #[error("Landlock: {0}")]
    Landlock(#[from] RulesetError),
    /// The filter of system calls: this kernel or this processor has none.
    #[error("the filter of system calls: {0}")]
    Filter(io::Error),
}

/// Shuts the calling process in, which has one thread. Afterwards it can read and write what it has open, ask for memory within
/// its bounds, and end; anything else ends it at once.
///
/// # Errors
/// Something could not be given up; then the process must end.
pub fn confine(bounds: Bounds) -> Result<Walls, NotConfined> {
    let walls = walls()?;
    limit(bounds, NOTHING)?;
    apply(&filter()?)?;
    Ok(walls)
}

/// No rights, no path, no port, nobody who looks in.
pub(super) fn walls() -> Result<Walls, NotConfined> {
    // Whoever started it looks after it, and takes it along.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    service::no_rights()?;
    // It opens a descriptor of its own: before there may be no more of them.
    Ok(landlock()?)
}

/// Memory, work, and what may be opened or started.
pub(super) fn limit(bounds: Bounds, further: Further) -> Result<(), Errno> {
    lower(&[
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Memlock, 0),
        (Resource::Msgqueue, 0),
        // Not the address space: it counts the program as well, and a debug build is a large one. What is shared between
        // processes does not count here, so the filter refuses it.
        (Resource::Data, bounds.memory),
        (Resource::Cpu, bounds.seconds),
    ])?;
    further.lower()
}

/// What it may still open and start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Further {
    /// So many processes of its user; the kernel holds root to none of it, the filter everybody.
    pub(super) processes: Option<u64>,
    /// Descriptors up to this number. What is open stays.
    pub(super) descriptors: u64,
}

impl Further {
    pub(super) fn lower(self) -> Result<(), Errno> {
        lower(&[(Resource::Nofile, self.descriptors)])?;
        self.processes
            .map_or(Ok(()), |most| lower(&[(Resource::Nproc, most)]))
    }
}

/// Nothing at all.
pub(super) const NOTHING: Further = Further {
    processes: Some(0),
    descriptors: 0,
};

/// Only ever downwards.
fn lower(limits: &[(Resource, u64)]) -> Result<(), Errno> {
    for &(resource, most) in limits {
        service::at_most(resource, most)?;
    }
    Ok(())
}

/// No path is allowed, no port, and nothing that leads to other processes.
fn landlock() -> Result<Walls, RulesetError> {
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .restrict_self()?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => Walls::Both,
        RulesetStatus::PartiallyEnforced => Walls::OlderLandlock,
        RulesetStatus::NotEnforced => Walls::FilterAlone,
    })
}

/// From here on this holds, for this process and all that come of it.
pub(super) fn apply(filter: &BpfProgram) -> Result<(), NotConfined> {
    seccompiler::apply_filter(filter).map_err(|error| NotConfined::Filter(io::Error::other(error)))
}

/// What a parser needs: its streams, memory, the time, and an end.
pub(super) fn filter() -> Result<BpfProgram, NotConfined> {
    with(Vec::new()).map_err(|error| NotConfined::Filter(io::Error::other(error)))
}

/// The same, and these.
pub(super) fn with(
    further: Vec<(i64, Vec<SeccompRule>)>,
) -> Result<BpfProgram, seccompiler::BackendError> {
    let always = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_brk,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_clock_gettime,
        libc::SYS_getrandom,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        always.map(|call| (call, Vec::new())).into_iter().collect();
    let private = (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS).cast_unsigned();
    let kind = (libc::MAP_SHARED | private.cast_signed()).cast_unsigned();
    // Memory of its own, from no file, and nothing in it ever runs.
    let own = vec![masked(3, kind, private)?, masked(2, EXECUTABLE, 0)?];
    rules.insert(libc::SYS_mmap, vec![SeccompRule::new(own)?]);
    let still = vec![masked(2, EXECUTABLE, 0)?];
    rules.insert(libc::SYS_mprotect, vec![SeccompRule::new(still)?]);
    rules.extend(further);
    let arch = std::env::consts::ARCH.try_into()?;
    let (others, these) = (SeccompAction::KillProcess, SeccompAction::Allow);
    SeccompFilter::new(rules, others, these, arch)?.try_into()
}

/// Whether these bits of an argument are those.
pub(super) fn masked(
    argument: u8,
    bits: u32,
    are: u32,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    let compared = SeccompCmpOp::MaskedEq(u64::from(bits));
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, compared, u64::from(are))
}

/// What this program knows of Landlock; a kernel that knows less enforces what it has.
const NEWEST: ABI = ABI::V6;
const EXECUTABLE: u32 = libc::PROT_EXEC.cast_unsigned();

#[cfg(test)]
mod tests {
    use std::{fs::File, net::TcpStream};

    use super::*;

    /// The filter is tested on processes of its own, in `hygie-sandbox`: whoever breaks it is ended.
    #[test]
    fn landlock_alone_refuses_files_and_ports() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let inside = std::thread::spawn(move || {
            File::open("/etc/passwd").unwrap();
            let walls = landlock().unwrap();
            let refused = |error: io::Error| error.kind() == io::ErrorKind::PermissionDenied;
            let file = File::open("/etc/passwd").is_err_and(refused);
            let made = File::create(std::env::temp_dir().join("hygie-made")).is_err_and(refused);
            let port = TcpStream::connect(at).is_err_and(refused);
            (walls, file, made, port)
        });
        match inside.join().unwrap() {
            (Walls::Both, file, made, port) => assert!(file && made && port),
            (Walls::OlderLandlock, file, made, _) => assert!(file && made),
            (Walls::FilterAlone, ..) => println!("skipped: this kernel has no Landlock"),
        }
        // Of the one thread alone.
        File::open("/etc/passwd").unwrap();
        TcpStream::connect(at).unwrap();
    }
}
