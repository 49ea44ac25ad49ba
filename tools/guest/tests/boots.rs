//! Both kernels boot, run a command, and say how it ended.

use std::time::Duration;

use hygie_guest::{Disk, Folder, Guest, Kernel, why_not};

#[test]
#[ignore = "takes a minute: boots two machines, and fetches their kernels the first time"]
fn heavy_a_guest_runs_a_command() {
    if let Some(why) = why_not() {
        println!("{why}");
        return;
    }
    let folder = Folder::new().unwrap();
    for (kernel, release) in Kernel::ALL.into_iter().zip(["6.1.", "6.12."]) {
        let disk = Disk::ext4(&folder.path().join(kernel.name()), 64).unwrap();
        let guest = Guest::new(kernel)
            .disk(&disk)
            .mounted()
            .within(Duration::from_secs(180));
        let guest = guest
            .variable("WORD", "it's here")
            .text("/etc/note", "a note");
        let script = "uname -r; echo $WORD; cat /etc/note; echo; read line; echo $line; echo x >/disk/x; exit 7";
        let mut running = guest.start(&["sh", "-c", script]).unwrap();
        running.send("hello").unwrap();
        let outcome = running.finish().unwrap();
        println!("{kernel}: {:?}", outcome.took);
        assert!(outcome.lines[0].starts_with(release), "{:?}", outcome.lines);
        assert_eq!(outcome.lines[1..], ["it's here", "a note", "hello"]);
        assert_eq!(outcome.code, 7);
        // What it wrote is on its disk for the next guest.
        let guest = Guest::new(kernel).disk(&disk).mounted();
        let outcome = guest.start(&["cat", "/disk/x"]).unwrap().finish().unwrap();
        assert_eq!((outcome.code, outcome.lines), (0, vec!["x".to_owned()]));
    }
}

#[test]
#[ignore = "boots a machine"]
fn heavy_a_guest_never_outlives_its_time() {
    if let Some(why) = why_not() {
        println!("{why}");
        return;
    }
    let guest = Guest::new(Kernel::Debian12).within(Duration::from_secs(3));
    let error = guest
        .start(&["sleep", "100"])
        .unwrap()
        .finish()
        .unwrap_err();
    assert!(
        error.to_string().starts_with("the guest's time is over"),
        "{error:#}"
    );
}
