//! The system's users for Hygie's own processes: each has one of its own, which nobody signs in as.
//! Made with the system's own tool, so that its numbers and files are as the administrator expects.

use std::{fs, io, path::Path, process::Command};

/// A user's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ids {
    /// The user.
    pub uid: u32,
    /// Its first group.
    pub gid: u32,
}

/// Whether a user was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It was.
    There,
    /// It was made now: to be said aloud.
    Made,
}

/// The numbers of a user; `None` where there is no such one.
///
/// # Errors
/// The list of users cannot be read.
pub fn find(name: &str) -> io::Result<Option<Ids>> {
    Ok(find_in(&fs::read_to_string(USERS)?, name))
}

/// The numbers of a system user, made where it is missing: without a password, a home or a shell.
///
/// # Errors
/// It cannot be made: no root, or a system without `useradd`.
pub fn ensure(name: &str) -> io::Result<(Ids, Found)> {
    if let Some(ids) = find(name)? {
        return Ok((ids, Found::There));
    }
    let tool = TOOLS
        .iter()
        .find(|tool| Path::new(tool).exists())
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "useradd"))?;
    let made = Command::new(tool)
        .args(["--system", "--user-group", "--no-create-home"])
        .args(["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"])
        .arg(name)
        .output()?;
    match find(name)? {
        Some(ids) => Ok((ids, Found::Made)),
        None => Err(io::Error::other(
            String::from_utf8_lossy(&made.stderr).trim().to_owned(),
        )),
    }
}

/// The numbers of a user in a list like `/etc/passwd`: the first line of this whole name.
#[must_use]
pub fn find_in(list: &str, name: &str) -> Option<Ids> {
    list.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Ids { uid, gid })
    })
}

const USERS: &str = "/etc/passwd";
const TOOLS: [&str; 2] = ["/usr/sbin/useradd", "/sbin/useradd"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let list = "root:x:0:0:root:/root:/bin/bash\nhygie-hub2:x:7:7::/:/x\nhygie-hub:x:991:990::/nonexistent:/usr/sbin/nologin\n";
        assert_eq!(find_in(list, "hygie-hub"), Some(Ids { uid: 991, gid: 990 }));
        assert_eq!(find_in(list, "root"), Some(Ids { uid: 0, gid: 0 }));
        for broken in [
            "",
            "hygie-hub",
            "hygie-hub:x",
            "hygie-hub:x:a:1",
            "hygie-hub:x:1",
        ] {
            assert_eq!(find_in(broken, "hygie-hub"), None, "{broken}");
        }
    }
}
