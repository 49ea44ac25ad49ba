//! The folder and its file: whole or not at all, its owner's alone, and a secret that goes nowhere else.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use hygie_model::letter::{Flaw, Road, Slot};
use hygie_platform::linux::secrets::SecretsError;
use hygie_wire::post::Shown;

use super::{hook, mail, secret};
use crate::roads::{NotKept, Roads};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn give(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn roads_are_kept_for_their_owner_alone_and_found_again() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("roads");
    let mut roads = Roads::open(&folder).unwrap();
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(roads.shown(Slot::First), None);
    // What a cut-off write left, and a trap: whoever wrote through it would write elsewhere.
    let elsewhere = place.path().join("elsewhere");
    fs::write(&elsewhere, "untouched").unwrap();
    symlink(&elsewhere, folder.join("roads.json.new")).unwrap();
    roads.keep(Slot::First, mail(), secret("Iris")).unwrap();
    roads.keep(Slot::Second, hook(80), None).unwrap();
    assert_eq!(mode(&folder.join("roads.json")), 0o600);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(elsewhere).unwrap(), "untouched");
    assert!(matches!(Roads::open(&folder), Err(SecretsError::Busy(_))));
    drop(roads);
    let mut roads = Roads::open(&folder).unwrap();
    let shown = |road, secret| Some(Shown { road, secret });
    assert_eq!(roads.shown(Slot::First), shown(mail(), true));
    assert_eq!(roads.shown(Slot::Second), shown(hook(80), false));
    assert!(roads.way(Slot::First).is_some() && roads.way(Slot::Second).is_some());
    roads.forget(Slot::First).unwrap();
    roads.forget(Slot::First).unwrap();
    let left = fs::read_to_string(folder.join("roads.json")).unwrap();
    assert!(!left.contains("Iris"), "{left}");
    drop(roads);
    let roads = Roads::open(&folder).unwrap();
    assert_eq!(roads.shown(Slot::First), None);
    assert_eq!(roads.shown(Slot::Second), shown(hook(80), false));
}

#[test]
fn a_secret_stays_while_the_road_leads_to_the_same_ones_and_goes_nowhere_else() {
    let place = tempfile::tempdir().unwrap();
    let mut roads = Roads::open(&place.path().join("roads")).unwrap();
    let changed = |change: &dyn Fn(&mut Road)| {
        let mut road = mail();
        change(&mut road);
        road
    };
    roads.keep(Slot::First, mail(), secret("Iris")).unwrap();
    // Other addressees, another port: the same account.
    for same in [
        changed(&|road| {
            if let Road::Mail { to, .. } = road {
                to.push("aide@martin.example".to_owned());
            }
        }),
        changed(&|road| {
            if let Road::Mail { port, server, .. } = road {
                (*port, *server) = (587, "SMTP.cabinet.example".to_owned());
            }
        }),
    ] {
        roads.keep(Slot::First, same.clone(), None).unwrap();
        let shown = roads.shown(Slot::First).unwrap();
        assert!(shown.secret && shown.road == same);
    }
    // Another server would learn the password; another user has another one; the other road is another account.
    for (slot, other) in [
        (
            Slot::First,
            changed(&|road| {
                if let Road::Mail { server, .. } = road {
                    *server = "smtp.evil.example".to_owned();
                }
            }),
        ),
        (
            Slot::First,
            changed(&|road| {
                if let Road::Mail { user, .. } = road {
                    *user = Some("other".to_owned());
                }
            }),
        ),
        (Slot::Second, mail()),
    ] {
        let refused = roads.keep(slot, other, None);
        assert!(
            matches!(refused, Err(NotKept::Flaw(Flaw::Secret))),
            "{refused:?}"
        );
    }
    assert!(roads.shown(Slot::First).unwrap().secret);
    // A webhook to somewhere else is not signed with the former one's secret.
    let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    roads.keep(Slot::Second, hook(80), secret(key)).unwrap();
    roads.keep(Slot::Second, hook(80), None).unwrap();
    assert!(roads.shown(Slot::Second).unwrap().secret);
    roads.keep(Slot::Second, hook(81), None).unwrap();
    assert!(!roads.shown(Slot::Second).unwrap().secret);
}

#[test]
fn what_is_no_road_changes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let mut roads = Roads::open(&place.path().join("roads")).unwrap();
    roads.keep(Slot::First, mail(), secret("Iris")).unwrap();
    let far = Road::Webhook {
        url: "http://alertes.example/".to_owned(),
    };
    let refused = roads.keep(Slot::First, far, None);
    assert!(
        matches!(refused, Err(NotKept::Flaw(Flaw::Url))),
        "{refused:?}"
    );
    assert_eq!(roads.shown(Slot::First).unwrap().road, mail());
}

#[test]
fn what_others_may_open_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("roads");
    let mut roads = Roads::open(&folder).unwrap();
    roads.keep(Slot::First, mail(), secret("Iris")).unwrap();
    drop(roads);
    for rights in [0o640, 0o604, 0o622] {
        give(&folder.join("roads.json"), rights);
        let refused = Roads::open(&folder).unwrap_err();
        assert!(
            matches!(refused, SecretsError::Exposed { mode, .. } if mode == rights),
            "{refused}"
        );
    }
    give(&folder.join("roads.json"), 0o600);
    give(&folder, 0o750);
    assert!(matches!(
        Roads::open(&folder),
        Err(SecretsError::Exposed { .. })
    ));
    give(&folder, 0o700);
    let through = place.path().join("through");
    symlink(&folder, &through).unwrap();
    assert!(Roads::open(&through).is_err());
    fs::rename(folder.join("roads.json"), place.path().join("other")).unwrap();
    symlink(place.path().join("other"), folder.join("roads.json")).unwrap();
    assert!(matches!(Roads::open(&folder), Err(SecretsError::Io { .. })));
}

#[test]
fn a_damaged_file_is_put_aside_and_roads_can_be_set_anew() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("roads");
    drop(Roads::open(&folder).unwrap());
    for damaged in ["", "{\"first\":{}}", "\u{0}\u{0}\u{0}", "[]"] {
        fs::write(folder.join("roads.json"), damaged).unwrap();
        give(&folder.join("roads.json"), 0o600);
        let mut roads = Roads::open(&folder).unwrap();
        assert_eq!(roads.shown(Slot::First), None);
        let aside = fs::read_to_string(folder.join("damaged-roads.json"));
        assert_eq!(aside.unwrap(), damaged);
        roads.keep(Slot::First, mail(), secret("Iris")).unwrap();
    }
}
