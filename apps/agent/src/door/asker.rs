//! Who asks, as the kernel tells it: never by what the asker says of himself.

use std::{io, os::unix::net::UnixStream};

use hygie_platform::linux::peer::peer;
use hygie_vault::User;

use super::rule::Rank;

/// Somebody at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asker {
    pub(super) user: User,
    pub(super) rank: Rank,
}

/// Asks the kernel who connected.
pub(super) fn user_of(stream: &UnixStream) -> io::Result<User> {
    let peer = peer(stream)?;
    Ok(User {
        uid: peer.uid,
        gid: peer.gid,
        groups: peer.groups,
    })
}

impl Asker {
    pub(super) fn new(user: User) -> Self {
        let rank = if user.uid == 0 {
            Rank::Root
        } else {
            let groups = std::fs::read_to_string(GROUPS).unwrap_or_default();
            rank(&user, members_group(&groups))
        };
        Self { user, rank }
    }
}

fn rank(user: &User, group: Option<u32>) -> Rank {
    match group {
        Some(group) if user.gid == group || user.groups.contains(&group) => Rank::Member,
        Some(_) | None => Rank::Stranger,
    }
}

/// The number of the group `hygie` in the system's list; none where nobody made one.
fn members_group(groups: &str) -> Option<u32> {
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(GROUP)).then(|| fields.nth(1)?.parse().ok())?
    })
}

const GROUPS: &str = "/etc/group";
/// Its members may see how things are.
const GROUP: &str = "hygie";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_is_found_by_its_whole_name() {
        let list = "root:x:0:\nhygie2:x:7:\n#hygie:x:8:\nhygie:x:991:anne,paul\n";
        assert_eq!(members_group(list), Some(991));
        for none in [
            "",
            "hygie",
            "hygie:x",
            "hygie:x:many:",
            "xhygie:x:1:",
            "\n\n",
        ] {
            assert_eq!(members_group(none), None, "{none}");
        }
    }

    #[test]
    fn members_have_it_as_first_or_further_group() {
        let user = |gid, groups: &[u32]| User {
            uid: 4001,
            gid,
            groups: groups.to_vec(),
        };
        assert_eq!(rank(&user(991, &[]), Some(991)), Rank::Member);
        assert_eq!(rank(&user(5, &[6, 991]), Some(991)), Rank::Member);
        assert_eq!(rank(&user(5, &[6]), Some(991)), Rank::Stranger);
        // Nobody made the group: root's group does not stand for it.
        assert_eq!(rank(&user(0, &[0]), None), Rank::Stranger);
    }
}
