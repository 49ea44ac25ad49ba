//! What is kept is its owner's alone, and whole or not there at all: also on a full disk, after a cut-off write, and where
//! somebody has planted something.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

const BOUNDS: Bounds = Bounds {
    usual: 64,
    longest: 4096,
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn give(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn text(secrets: &Secrets, name: &str) -> String {
    match secrets.read(name).unwrap().unwrap() {
        Found::Text(text) => text.to_string(),
        Found::Damaged(damage) => panic!("{damage}"),
    }
}

fn taken() -> (tempfile::TempDir, PathBuf, Secrets) {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("keys");
    let secrets = Secrets::take(&folder, BOUNDS).unwrap();
    (place, folder, secrets)
}

#[test]
fn folder_and_files_are_their_owners_alone() {
    let (_place, folder, secrets) = taken();
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(secrets.read("key.pem").unwrap(), None);
    secrets.write("key.pem", "first").unwrap();
    secrets.write("key.pem", "second").unwrap();
    assert_eq!(mode(&folder.join("key.pem")), 0o600);
    assert_eq!(text(&secrets, "key.pem"), "second");
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        1,
        "nothing is left beside"
    );
}

#[test]
fn a_write_that_was_cut_off_before_harms_nothing_and_a_planted_link_is_not_followed() {
    let (place, folder, secrets) = taken();
    secrets.write("key.pem", "whole").unwrap();
    // Half a file of another run.
    fs::write(folder.join("key.pem.new"), "hal").unwrap();
    assert_eq!(text(&secrets, "key.pem"), "whole");
    secrets.write("key.pem", "next").unwrap();
    assert_eq!(text(&secrets, "key.pem"), "next");
    // A trap: whoever wrote through it would write elsewhere, with rights that others read.
    let elsewhere = place.path().join("elsewhere");
    fs::write(&elsewhere, "untouched").unwrap();
    for planted in ["key.pem.new", "key.pem"] {
        let _ = fs::remove_file(folder.join(planted));
        symlink(&elsewhere, folder.join(planted)).unwrap();
        secrets.write("key.pem", "after").unwrap();
        assert_eq!(text(&secrets, "key.pem"), "after");
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "untouched");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    // Nor is one read through: it may lead to a file that this process alone may read.
    give(&elsewhere, 0o600);
    symlink(&elsewhere, folder.join("link")).unwrap();
    assert!(matches!(secrets.read("link"), Err(SecretsError::Io { .. })));
}

#[test]
fn a_full_disk_keeps_what_was_there_and_no_half_of_what_was_not() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("skipped: {why} (to mount an image)");
        return;
    }
    let disk = hygie_testkit::LoopFs::ext4(8).unwrap();
    let folder = disk.path().join("keys");
    let bounds = Bounds {
        longest: 1 << 20,
        ..BOUNDS
    };
    let secrets = Secrets::take(&folder, bounds).unwrap();
    secrets.write("key.pem", "whole").unwrap();
    let mut filler = File::create(disk.path().join("filler")).unwrap();
    for size in [1 << 16, 1 << 12, 1] {
        while filler.write_all(&vec![b'x'; size]).is_ok() {}
    }
    let long = "y".repeat(1 << 18);
    let full = secrets.write("key.pem", &long).unwrap_err();
    let SecretsError::Io { path, source } = &full else {
        panic!("{full}");
    };
    assert!(path.ends_with("key.pem"), "{path:?}");
    assert_eq!(source.kind(), io::ErrorKind::StorageFull, "{source}");
    assert_eq!(text(&secrets, "key.pem"), "whole");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no half is left");
    drop(filler);
    fs::remove_file(disk.path().join("filler")).unwrap();
    secrets.write("key.pem", &long).unwrap();
    assert_eq!(text(&secrets, "key.pem"), long);
}

#[test]
fn two_processes_do_not_share_a_folder() {
    let (_place, folder, first) = taken();
    assert!(matches!(
        Secrets::take(&folder, BOUNDS),
        Err(SecretsError::Busy(_))
    ));
    let waiting = std::thread::spawn({
        let folder = folder.clone();
        move || Secrets::wait(&folder, BOUNDS).map(drop)
    });
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(!waiting.is_finished());
    drop(first);
    waiting.join().unwrap().unwrap();
    assert!(Secrets::take(&folder, BOUNDS).is_ok());
}

#[test]
fn what_others_may_open_or_own_is_refused() {
    let (_place, folder, secrets) = taken();
    secrets.write("key.pem", "secret").unwrap();
    let file = folder.join("key.pem");
    for rights in [0o640, 0o604, 0o622, 0o601] {
        give(&file, rights);
        let refused = secrets.read("key.pem").unwrap_err();
        assert!(
            matches!(refused, SecretsError::Exposed { mode, .. } if mode == rights),
            "{refused}"
        );
    }
    give(&file, 0o400);
    assert!(secrets.read("key.pem").is_ok());
    let strangers = |path: &Path, taken: &dyn Fn() -> Result<(), SecretsError>| {
        if !geteuid().is_root() {
            println!("skipped in part: needs root (to give a file away)");
            return;
        }
        std::os::unix::fs::chown(path, Some(4001), None).unwrap();
        let refused = taken().unwrap_err();
        assert!(
            matches!(refused, SecretsError::Exposed { owner: 4001, .. }),
            "{refused}"
        );
    };
    strangers(&file, &|| secrets.read("key.pem").map(drop));
    drop(secrets);
    for rights in [0o755, 0o750, 0o701] {
        give(&folder, rights);
        assert!(matches!(
            Secrets::take(&folder, BOUNDS),
            Err(SecretsError::Exposed { .. })
        ));
    }
    give(&folder, 0o700);
    strangers(&folder, &|| Secrets::take(&folder, BOUNDS).map(drop));
}

#[test]
fn what_is_no_file_of_ours_is_told_or_refused() {
    let (place, folder, secrets) = taken();
    secrets.write("bytes", "x").unwrap();
    fs::write(folder.join("bytes"), [0xff, 0xfe]).unwrap();
    let damaged = |damage| Some(Found::Damaged(damage));
    assert_eq!(secrets.read("bytes").unwrap(), damaged(Damage::NoText));
    let longest = usize::try_from(BOUNDS.longest).unwrap();
    secrets.write("long", &" ".repeat(longest)).unwrap();
    assert_eq!(text(&secrets, "long").len(), longest);
    secrets.write("long", &" ".repeat(longest + 1)).unwrap();
    assert_eq!(secrets.read("long").unwrap(), damaged(Damage::TooLong));
    assert_eq!(
        secrets.set_aside("long", "damaged-long").unwrap(),
        folder.join("damaged-long")
    );
    assert_eq!(secrets.read("long").unwrap(), None);
    assert!(secrets.set_aside("long", "damaged-long").is_err());
    fs::create_dir(folder.join("folder")).unwrap();
    give(&folder.join("folder"), 0o700);
    assert!(secrets.read("folder").is_err());
    assert!(secrets.write("folder", "x").is_err());
    // A pipe is not waited for.
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.join("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    let _ = secrets.read("pipe");
    let other = place.path().join("other");
    fs::write(&other, "elsewhere").unwrap();
    assert!(matches!(
        Secrets::take(&other, BOUNDS),
        Err(SecretsError::Io { .. })
    ));
    let through = place.path().join("through");
    symlink(&folder, &through).unwrap();
    drop(secrets);
    assert!(Secrets::take(&through, BOUNDS).is_err());
    assert!(Secrets::take(&place.path().join("no/such"), BOUNDS).is_err());
}
