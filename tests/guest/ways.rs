//! Every way of damage on each kernel; what is lost there is the one listed hole.

use std::time::Duration;

use hygie_guest::{Disk, Folder, Kernel, why_not};

use crate::machine;

fn on(kernel: Kernel) {
    if let Some(why) = why_not() {
        println!("{why}");
        return;
    }
    let folder = Folder::new().expect("a folder");
    let disk = |name: &str| Disk::ext4(&folder.path().join(name), 1024).expect("a disk");
    let guest = machine::guest(kernel)
        .disk(&disk("victims"))
        .disk(&disk("state"));
    machine::watch(machine::start(
        &guest.within(Duration::from_secs(1800)),
        "ways::inside_every_way",
    ));
}

#[test]
#[ignore = "boots a machine; takes minutes"]
fn heavy_every_way_on_debian_12() {
    on(Kernel::Debian12);
}

#[test]
#[ignore = "boots a machine; takes minutes"]
fn heavy_every_way_on_debian_13() {
    on(Kernel::Debian13);
}
