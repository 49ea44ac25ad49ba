//! How root starts one of Hygie's own processes: as another user, without anything of root's that it could ever get back.

use std::{io, os::unix::process::CommandExt, process::Command};

use rustix::{
    io::Errno,
    process::{Gid, Uid},
    thread::{
        CapabilitySet, clear_ambient_capability_set, remove_capability_from_bounding_set,
        set_no_new_privs, set_thread_groups, set_thread_res_gid, set_thread_res_uid,
    },
};

use super::users::Ids;

/// The child begins as `user` (else as whoever starts it), in no further group, and no program that it starts gets more than it
/// has: the capabilities are gone from its bounding set too, which it could not do itself.
pub fn without_rights(command: &mut Command, user: Option<Ids>) {
    let give_up = move || -> io::Result<()> {
        if let Some(user) = user {
            for capability in CapabilitySet::all().iter() {
                match remove_capability_from_bounding_set(capability) {
                    // An older kernel has fewer.
                    Ok(()) | Err(Errno::INVAL) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            let (uid, gid) = (Uid::from_raw(user.uid), Gid::from_raw(user.gid));
            set_thread_groups(&[])?;
            set_thread_res_gid(gid, gid, gid)?;
            // The last one: without it the others could not be given up.
            set_thread_res_uid(uid, uid, uid)?;
        }
        match clear_ambient_capability_set() {
            // Before Linux 4.3 there are none.
            Ok(()) | Err(Errno::INVAL) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(set_no_new_privs(true)?)
    };
    // SAFETY: between fork and exec it makes system calls of its own thread alone: no memory is asked for, no lock taken.
    unsafe {
        command.pre_exec(give_up);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn status_of_child(user: Option<Ids>) -> BTreeMap<String, String> {
        let mut command = Command::new("/bin/cat");
        command.arg("/proc/self/status");
        without_rights(&mut command, user);
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        said.lines()
            .filter_map(|line| line.split_once(":\t"))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect()
    }

    #[test]
    fn a_child_has_nothing_of_roots_and_gets_nothing_back() {
        let own = rustix::process::geteuid();
        if !own.is_root() {
            println!("skipped in part: needs root (to start as another user)");
            assert_eq!(status_of_child(None)["NoNewPrivs"], "1");
            return;
        }
        let status = status_of_child(Some(Ids {
            uid: 4021,
            gid: 4022,
        }));
        for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            assert_eq!(status[set], "0000000000000000", "{set}");
        }
        assert_eq!(status["Uid"], "4021\t4021\t4021\t4021");
        assert_eq!(status["Gid"], "4022\t4022\t4022\t4022");
        assert_eq!(status["Groups"], "");
        assert_eq!(status["NoNewPrivs"], "1");
        // Only the child's: whoever starts it keeps what it needs for the next one.
        let ours = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        assert!(!ours.contains("CapBnd:\t0000000000000000"));
    }
}
