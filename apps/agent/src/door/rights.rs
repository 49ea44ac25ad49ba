//! What a user could do with a file or folder as it once was, by what was noted of it.

use hygie_model::Metadata;
use hygie_vault::User;

/// What must have been allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Read and write a file.
    ReadWrite,
    /// Pass a folder.
    Pass,
    /// See what is in a folder, and pass it.
    List,
}

/// Whether the owner, the group or the others, whichever the user was, had all that is needed.
/// An access list is not weighed: beside the owner it says no.
pub(super) fn lets(meta: &Metadata, user: &User, need: Need) -> bool {
    let needed = match need {
        Need::ReadWrite => 0o6,
        Need::Pass => 0o1,
        Need::List => 0o5,
    };
    let shift = if user.uid == 0 {
        return true;
    } else if user.uid == meta.uid {
        6
    } else if has_access_list(meta) {
        return false;
    } else if user.gid == meta.gid || user.groups.contains(&meta.gid) {
        3
    } else {
        0
    };
    meta.mode >> shift & needed == needed
}

/// POSIX, NFSv4 and other lists; a folder's list for what is made in it is none.
fn has_access_list(meta: &Metadata) -> bool {
    meta.xattrs.iter().any(|(name, _)| {
        name.starts_with(b"system.")
            && name.windows(3).any(|part| part == b"acl")
            && name != b"system.posix_acl_default"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(mode: u32, uid: u32, gid: u32, attribute: Option<&str>) -> Metadata {
        let xattrs = attribute.map(|name| (name.into(), vec![2]));
        Metadata {
            mode,
            uid,
            gid,
            xattrs: xattrs.into_iter().collect(),
            ..Metadata::default()
        }
    }

    #[test]
    fn who_could_read_and_write_a_file() {
        let user = User {
            uid: 4001,
            gid: 50,
            groups: vec![60],
        };
        let acl = Some("system.posix_acl_access");
        let table = [
            (meta(0o600, 4001, 1, None), true),
            (meta(0o400, 4001, 1, None), false),
            (meta(0o200, 4001, 1, None), false),
            // The owner's bits alone count for the owner, the group's for the group.
            (meta(0o066, 4001, 60, None), false),
            (meta(0o606, 9, 60, None), false),
            (meta(0o660, 9, 50, None), true),
            (meta(0o060, 9, 60, None), true),
            (meta(0o640, 9, 60, None), false),
            (meta(0o660, 9, 70, None), false),
            (meta(0o006, 9, 70, None), true),
            (meta(0o644, 9, 70, None), false),
            (meta(0o600, 4001, 1, acl), true),
            (meta(0o666, 9, 60, acl), false),
            (meta(0o666, 9, 70, Some("system.nfs4_acl")), false),
            (meta(0o666, 9, 70, Some("system.richacl")), false),
            (meta(0o666, 9, 70, Some("user.acl")), true),
        ];
        for (meta, expected) in table {
            assert_eq!(lets(&meta, &user, Need::ReadWrite), expected, "{meta:?}");
        }
    }

    #[test]
    fn who_could_pass_a_folder() {
        let user = User {
            uid: 4001,
            gid: 50,
            groups: Vec::new(),
        };
        assert!(lets(&meta(0o711, 9, 9, None), &user, Need::Pass));
        assert!(!lets(&meta(0o711, 9, 9, None), &user, Need::List));
        assert!(!lets(&meta(0o700, 9, 9, None), &user, Need::Pass));
        let inherited = Some("system.posix_acl_default");
        assert!(lets(&meta(0o755, 9, 9, inherited), &user, Need::List));
        let root = User { uid: 0, ..user };
        assert!(lets(&meta(0, 9, 9, None), &root, Need::ReadWrite));
    }
}
