//! The system calls that no process of Hygie's beside the guard has a use for: refused, so that a library which tries one goes on.
//! What is left is what a server on threads and sockets needs.

use std::{collections::BTreeMap, io};

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule,
};

use super::{NotWalled, Ports, Programs, Room};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Puts the filters on. There are two, for what is refused as *not there* makes the C library take the older call in its place.
pub(super) fn filter(room: &Room) -> Result<(), NotWalled> {
    let refused = rules(room).and_then(|rules| program(rules, libc::EPERM));
    let absent = program(absent(), libc::ENOSYS);
    for program in [absent, refused] {
        let program = program.map_err(|error| NotWalled::Filter(io::Error::other(error)))?;
        seccompiler::apply_filter(&program)
            .map_err(|error| NotWalled::Filter(io::Error::other(error)))?;
    }
    Ok(())
}

fn program(rules: Rules, errno: i32) -> Result<BpfProgram, BackendError> {
    let arch = std::env::consts::ARCH.try_into()?;
    let refused = SeccompAction::Errno(errno.cast_unsigned());
    SeccompFilter::new(rules, SeccompAction::Allow, refused, arch)?.try_into()
}

/// Its arguments lie in memory, where no filter looks.
fn absent() -> Rules {
    doubled([(libc::SYS_clone3, Vec::new())].into())
}

fn rules(room: &Room) -> Result<Rules, BackendError> {
    let mut rules: Rules = NEVER.iter().map(|call| (*call, Vec::new())).collect();
    #[cfg(target_arch = "x86_64")]
    rules.extend(NEVER_ON_PC.iter().map(|call| (*call, Vec::new())));
    let mut clone: Vec<SeccompRule> = Vec::new();
    for space in SPACES {
        clone.push(SeccompRule::new(vec![set(0, space, space)?])?);
    }
    if room.programs == Programs::None {
        let no_thread = set(0, libc::CLONE_THREAD.cast_unsigned(), 0)?;
        clone.push(SeccompRule::new(vec![no_thread])?);
        rules.extend([libc::SYS_execve, libc::SYS_execveat].map(|call| (call, Vec::new())));
        #[cfg(target_arch = "x86_64")]
        rules.extend([libc::SYS_fork, libc::SYS_vfork].map(|call| (call, Vec::new())));
    }
    rules.insert(libc::SYS_clone, clone);
    if room.needs_network() {
        rules.insert(libc::SYS_socket, sockets()?);
    } else {
        rules.extend(NO_NETWORK.map(|call| (call, Vec::new())));
    }
    if room.listens == Ports::None {
        rules.insert(libc::SYS_listen, Vec::new());
    }
    // Memory is written or run, never both, and what was written does not begin to run.
    let both = (libc::PROT_WRITE | libc::PROT_EXEC).cast_unsigned();
    let runs = libc::PROT_EXEC.cast_unsigned();
    rules.insert(
        libc::SYS_mmap,
        vec![SeccompRule::new(vec![set(2, both, both)?])?],
    );
    for call in [libc::SYS_mprotect, libc::SYS_pkey_mprotect] {
        rules.insert(call, vec![SeccompRule::new(vec![set(2, runs, runs)?])?]);
    }
    Ok(doubled(rules))
}

/// Local ones, those of the internet without raw packets, and the one by which the C library learns the machine's addresses.
fn sockets() -> Result<Vec<SeccompRule>, BackendError> {
    let other = |families: &[i32]| {
        let is_not = families.iter().map(|family| {
            let family = u64::from(family.cast_unsigned());
            SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, family)
        });
        is_not.collect::<Result<Vec<_>, _>>()
    };
    let route = libc::AF_NETLINK;
    let mut kinds = vec![SeccompRule::new(other(&[
        libc::AF_UNIX,
        libc::AF_INET,
        libc::AF_INET6,
        route,
    ])?)?];
    for raw in [libc::SOCK_RAW, libc::SOCK_RDM, PACKET] {
        let mut is_raw = other(&[route])?;
        is_raw.push(set(1, KIND, raw.cast_unsigned())?);
        kinds.push(SeccompRule::new(is_raw)?);
    }
    let netlink = u64::from(route.cast_unsigned());
    let its = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, netlink)?;
    let other_than_routes = SeccompCondition::new(
        2,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Ne,
        u64::from(libc::NETLINK_ROUTE.cast_unsigned()),
    )?;
    kinds.push(SeccompRule::new(vec![its, other_than_routes])?);
    Ok(kinds)
}

/// Whether these bits of an argument are those.
fn set(argument: u8, bits: u32, are: u32) -> Result<SeccompCondition, BackendError> {
    let compared = SeccompCmpOp::MaskedEq(u64::from(bits));
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, compared, u64::from(are))
}

/// A PC's kernel may take each call by a second number as well (x32), and some by a third.
#[cfg(target_arch = "x86_64")]
fn doubled(rules: Rules) -> Rules {
    let second = |(call, rules): (&i64, &Vec<SeccompRule>)| (call | X32, rules.clone());
    let seconds: Rules = rules.iter().map(second).collect();
    let thirds = X32_ITS_OWN.map(|call| (call | X32, Vec::new()));
    rules.into_iter().chain(seconds).chain(thirds).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn doubled(rules: Rules) -> Rules {
    rules
}

#[cfg(target_arch = "x86_64")]
const X32: i64 = 0x4000_0000;
/// `execve`, `ptrace`, `process_vm_readv`, `process_vm_writev`, `execveat` and others: no program of ours is one of x32.
#[cfg(target_arch = "x86_64")]
const X32_ITS_OWN: std::ops::RangeInclusive<i64> = 512..=547;
/// `SOCK_PACKET`: old, and raw.
const PACKET: i32 = 10;
/// The bits of a socket's type that say of what kind it is.
const KIND: u32 = 0xf;
/// What a process may have apart from others.
const SPACES: [u32; 7] = [
    libc::CLONE_NEWUSER.cast_unsigned(),
    libc::CLONE_NEWNS.cast_unsigned(),
    libc::CLONE_NEWPID.cast_unsigned(),
    libc::CLONE_NEWNET.cast_unsigned(),
    libc::CLONE_NEWIPC.cast_unsigned(),
    libc::CLONE_NEWUTS.cast_unsigned(),
    libc::CLONE_NEWCGROUP.cast_unsigned(),
];
/// Whoever has its socket already needs none of them to answer.
const NO_NETWORK: [i64; 4] = [
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
];
/// Looks into other processes, changes the system, or is a door to the kernel that has often been broken open.
const NEVER: [i64; 69] = [
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_add_key,
    libc::SYS_keyctl,
    libc::SYS_request_key,
    libc::SYS_personality,
    libc::SYS_memfd_create,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_fanotify_mark,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_chroot,
    libc::SYS_pivot_root,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mknodat,
    libc::SYS_quotactl,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_reboot,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_syslog,
    libc::SYS_vhangup,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_setreuid,
    libc::SYS_setregid,
    libc::SYS_setresuid,
    libc::SYS_setresgid,
    libc::SYS_setfsuid,
    libc::SYS_setfsgid,
    libc::SYS_setgroups,
    libc::SYS_move_pages,
    libc::SYS_migrate_pages,
    libc::SYS_vmsplice,
    libc::SYS_set_mempolicy,
    libc::SYS_mbind,
    libc::SYS_remap_file_pages,
    libc::SYS_lookup_dcookie,
];
#[cfg(target_arch = "x86_64")]
const NEVER_ON_PC: [i64; 6] = [
    libc::SYS_iopl,
    libc::SYS_ioperm,
    libc::SYS_modify_ldt,
    libc::SYS_mknod,
    libc::SYS_uselib,
    libc::SYS_ustat,
];
