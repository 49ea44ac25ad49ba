//! `hygie doctor` on each kernel says what `docs/doctor` has.

use std::path::{Path, PathBuf};

use hygie_guest::{Disk, Folder, Kernel, why_not};

use crate::machine;

#[test]
#[ignore = "boots two machines"]
fn heavy_doctor_on_each_kernel() {
    if let Some(why) = why_not() {
        println!("{why}");
        return;
    }
    let folder = Folder::new().expect("a folder");
    for kernel in Kernel::ALL {
        let disk = Disk::ext4(&folder.path().join(kernel.name()), 64).expect("a disk");
        let guest = machine::guest(kernel).disk(&disk).mounted();
        let running = guest
            .start(&["hygie", "--lang", "en", "doctor", "/disk"])
            .expect("a guest");
        let outcome = running.finish().expect("it ends");
        assert_eq!(outcome.code, 10, "{:?}", outcome.lines);
        let said = outcome.lines.join("\n") + "\n";
        let file = documented(kernel);
        if std::env::var_os("HYGIE_BLESS").is_some() {
            std::fs::write(&file, &said).expect("docs/doctor can be written");
        }
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        let (said, known) = (without_version(&said), without_version(&known));
        assert_eq!(
            said,
            known,
            "{}: HYGIE_BLESS=1 writes it anew",
            file.display()
        );
    }
}

fn documented(kernel: Kernel) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/doctor/{kernel}.txt"))
}

/// Debian's updates change the kernel's number and not what it can do.
fn without_version(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("System:"));
    lines.collect::<Vec<_>>().join("\n")
}
