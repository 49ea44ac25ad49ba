//! Who asks, as the kernel tells it: never by what the asker says of himself.

use std::{io, os::unix::net::UnixStream, path::Path};

use hygie_model::PersonId;
use hygie_platform::linux::{peer::peer, users};
use hygie_vault::User;

use super::{places::Seat, rule::Rank};

/// Somebody at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asker {
    /// Who connected.
    pub(super) uid: u32,
    /// With whose rights he is answered.
    pub(super) user: User,
    pub(super) rank: Rank,
    /// For whom the hub asks.
    pub(super) person: Option<PersonId>,
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
        Self::by(user, Path::new(USERS), Path::new(GROUPS))
    }

    /// By the system's lists; where one cannot be read it names nobody.
    fn by(user: User, users: &Path, groups: &Path) -> Self {
        let read = |list| std::fs::read_to_string(list).unwrap_or_default();
        let rank = if user.uid == 0 {
            Rank::Root
        } else {
            let users = read(users);
            if of_its_own(&users, HUB_USER) == Some(user.uid) {
                Rank::Hub
            } else if of_its_own(&users, COURIER_USER) == Some(user.uid) {
                Rank::Courier
            } else {
                rank(&user, members_group(&read(groups)))
            }
        };
        Self {
            uid: user.uid,
            user,
            rank,
            person: None,
        }
    }

    /// The same, asking for somebody: answered as root would be.
    pub(super) fn on_behalf_of(&self, person: PersonId) -> Self {
        Self {
            user: User {
                uid: 0,
                gid: 0,
                groups: Vec::new(),
            },
            person: Some(person),
            ..self.clone()
        }
    }

    /// Among whom he waits for a place.
    pub(super) fn seat(&self) -> Seat {
        match self.rank {
            Rank::Root => Seat::Root,
            Rank::Hub => Seat::Hub,
            Rank::Courier => Seat::Courier,
            Rank::Member | Rank::Stranger => Seat::User(self.uid),
        }
    }
}

fn rank(user: &User, group: Option<u32>) -> Rank {
    match group {
        Some(group) if user.gid == group || user.groups.contains(&group) => Rank::Member,
        Some(_) | None => Rank::Stranger,
    }
}

/// The number of a user of Hygie's own in the system's list; none where nobody made one. Root's
/// number never stands for it.
fn of_its_own(users: &str, name: &str) -> Option<u32> {
    let found = users::find_in(users, name)?;
    (found.uid != 0).then_some(found.uid)
}

/// The number of the group `hygie` in the system's list; none where nobody made one.
fn members_group(groups: &str) -> Option<u32> {
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(GROUP)).then(|| fields.nth(1)?.parse().ok())
    })?
}

const USERS: &str = "/etc/passwd";
const GROUPS: &str = "/etc/group";
/// Its members may see how things are.
const GROUP: &str = "hygie";
/// The console runs as this user, and nothing else does.
pub const HUB_USER: &str = "hygie-hub";
/// The courier, likewise.
pub const COURIER_USER: &str = "hygie-courier";

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

    #[test]
    fn the_hub_is_found_by_its_whole_name_and_is_never_root() {
        let list = "root:x:0:0::/root:/bin/sh\nhygie-hub2:x:7:7::/:\n#hygie-hub:x:8:8::/:\n\
                    hygie-hub:x:990:980::/nonexistent:/usr/sbin/nologin\nhygie-hub:x:4:4::/:\n";
        assert_eq!(of_its_own(list, HUB_USER), Some(990));
        assert_eq!(of_its_own(list, COURIER_USER), None);
        for none in [
            "",
            "hygie-hub",
            "hygie-hub:x",
            "hygie-hub:x::5::/:",
            "hygie-hub:x:-1:5::/:",
            "hygie-hub:x:4294967296:5::/:",
            "hygie-hub:x:0:0::/:",
            "hygie-hub:x:0:0::/:\nhygie-hub:x:5:5::/:",
            "Hygie-Hub:x:5:5::/:",
            " hygie-hub:x:5:5::/:",
        ] {
            assert_eq!(of_its_own(none, HUB_USER), None, "{none}");
        }
    }

    #[test]
    fn who_asks_is_told_by_the_lists_of_the_system() {
        let dir = tempfile::tempdir().unwrap();
        let (users, groups) = (dir.path().join("passwd"), dir.path().join("group"));
        let asker = |uid, gid| {
            let user = User {
                uid,
                gid,
                groups: Vec::new(),
            };
            Asker::by(user, &users, &groups)
        };
        assert_eq!(asker(990, 991).rank, Rank::Stranger, "there are no lists");
        std::fs::write(
            &users,
            "anne:x:4001:5::/:\nhygie-hub:x:990:980::/:\nhygie-courier:x:989:979::/:\n",
        )
        .unwrap();
        std::fs::write(&groups, "hygie:x:991:anne\n").unwrap();
        let table = [
            (0, 0, Rank::Root, Seat::Root),
            (990, 980, Rank::Hub, Seat::Hub),
            // Not a member besides: what it may is one list.
            (990, 991, Rank::Hub, Seat::Hub),
            (989, 979, Rank::Courier, Seat::Courier),
            (989, 991, Rank::Courier, Seat::Courier),
            (4001, 991, Rank::Member, Seat::User(4001)),
            // Its group is not its user.
            (4002, 980, Rank::Stranger, Seat::User(4002)),
        ];
        for (uid, gid, rank, seat) in table {
            let asker = asker(uid, gid);
            assert_eq!((asker.rank, asker.seat()), (rank, seat), "{uid}");
            assert_eq!((asker.uid, asker.user.uid, asker.person), (uid, uid, None));
        }
        let somebody = crate::door::somebody();
        let for_somebody = asker(990, 980).on_behalf_of(somebody);
        assert_eq!(for_somebody.user.uid, 0);
        assert_eq!((for_somebody.uid, for_somebody.seat()), (990, Seat::Hub));
        assert_eq!(for_somebody.person, Some(somebody));
    }
}
