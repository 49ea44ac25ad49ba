//! What is recorded: things that programs do to files, good and bad.

use std::{
    ffi::CString,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::{
        fd::AsRawFd,
        unix::fs::{FileExt, OpenOptionsExt, PermissionsExt},
    },
    path::Path,
    time::Duration,
};

use rustix::{
    fs::{AtFlags, CWD, RenameFlags, linkat, renameat_with},
    mm::{MapFlags, ProtFlags, mmap, munmap},
};

use crate::stage::Place;

pub(crate) struct Situation {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) act: fn(&Place) -> io::Result<()>,
}

macro_rules! situations {
    ($($name:literal, $about:literal, $act:expr;)*) => {
        &[$(Situation { name: $name, about: $about, act: $act }),*]
    };
}

pub(crate) const SITUATIONS: &[Situation] = situations![
    "new-file", "A file is made, written and closed; then it is read.", new_file;
    "save-in-place", "A file at rest is opened for reading and writing, partly overwritten and closed.", save_in_place;
    "save-by-rename", "An editor writes a new file and renames it over the old one.", save_by_rename;
    "truncate-by-path", "A file at rest is emptied by its path, without an open.", truncate_by_path;
    "emptied-at-open", "A file is opened with O_TRUNC and written anew.", emptied_at_open;
    "mmap-writer", "A file is changed through a shared mapping after its descriptor was closed.", mmap_writer;
    "moved-out-and-back", "A file leaves the folder, is overwritten outside and comes back.", moved_out_and_back;
    "two-writers", "Two programs have one file open; one of them closes it while the other writes on.", two_writers;
    "unnamed-then-linked", "A file is made without a name (O_TMPFILE), written, and linked in.", unnamed_then_linked;
    "hard-link-outside", "A file gets a second name outside and is overwritten through it.", hard_link_outside;
    "rename-storm", "Twenty files are renamed three times each.", rename_storm;
    "exchange", "A file and one outside change places.", exchange;
    "folder-moved-in", "A folder with a file comes in from outside.", folder_moved_in;
    "attributes", "Rights of a file and of a folder are changed; a directory is made and removed.", attributes;
    "copy-write-delete", "A file is read, written anew under another name, and deleted: the way of much ransomware.", copy_write_delete;
];

/// Longer than the recorder's look: what follows is taken apart from what came before.
fn a_while() {
    std::thread::sleep(Duration::from_millis(20));
}

fn made(path: &Path) -> io::Result<()> {
    fs::write(path, "Befund vom 3. Maerz, ohne Auffaelligkeiten.\n")?;
    a_while();
    Ok(())
}

fn new_file(place: &Place) -> io::Result<()> {
    let path = place.dossier.join("lettre à relire.odt");
    made(&path)?;
    fs::read(path).map(drop)
}

fn save_in_place(place: &Place) -> io::Result<()> {
    let path = place.dossier.join("lettre.odt");
    made(&path)?;
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    file.read_exact(&mut [0; 6])?;
    file.write_all_at(b"Befund", 0)?;
    file.seek(SeekFrom::Start(11))?;
    file.write_all(b"4. April")
}

fn save_by_rename(place: &Place) -> io::Result<()> {
    let (path, new) = (
        place.dossier.join("lettre.odt"),
        place.dossier.join(".lettre.tmp"),
    );
    made(&path)?;
    let mut file = File::create(&new)?;
    file.write_all(b"neu")?;
    file.sync_all()?;
    drop(file);
    fs::rename(new, path)
}

fn truncate_by_path(place: &Place) -> io::Result<()> {
    let path = place.dossier.join("lettre.odt");
    made(&path)?;
    let name = CString::new(path.as_os_str().as_encoded_bytes())?;
    // SAFETY: `name` ends with NUL and outlives the call.
    match unsafe { libc::truncate(name.as_ptr(), 7) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn emptied_at_open(place: &Place) -> io::Result<()> {
    let path = place.dossier.join("lettre.odt");
    made(&path)?;
    fs::write(path, "neu")
}

fn mmap_writer(place: &Place) -> io::Result<()> {
    const LENGTH: usize = 16;
    let path = place.dossier.join("register.db");
    made(&path)?;
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let rights = ProtFlags::READ | ProtFlags::WRITE;
    let mapped = MapFlags::SHARED;
    // SAFETY: a new mapping; the file is longer than it, and nobody truncates it.
    let base = unsafe { mmap(std::ptr::null_mut(), LENGTH, rights, mapped, &file, 0)? };
    drop(file);
    a_while();
    // SAFETY: within the mapping, to which nobody has a reference.
    unsafe { base.cast::<u8>().write_bytes(b'x', LENGTH) };
    a_while();
    // SAFETY: the mapping made above, not used any more.
    unsafe { munmap(base, LENGTH)? };
    Ok(())
}

fn moved_out_and_back(place: &Place) -> io::Result<()> {
    let (path, out) = (
        place.dossier.join("lettre.odt"),
        place.outside.join("lettre.odt"),
    );
    made(&path)?;
    fs::rename(&path, &out)?;
    fs::write(&out, "verschluesselt")?;
    fs::rename(out, path)
}

fn two_writers(place: &Place) -> io::Result<()> {
    let path = place.dossier.join("liste.csv");
    made(&path)?;
    let first = OpenOptions::new().write(true).open(&path)?;
    let second = OpenOptions::new().append(true).open(&path)?;
    first.write_all_at(b"eins", 0)?;
    drop(first);
    a_while();
    (&second).write_all(b"zwei\n")
}

fn unnamed_then_linked(place: &Place) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).custom_flags(libc::O_TMPFILE);
    let mut file = options.mode(0o600).open(&place.dossier)?;
    file.write_all(b"ganz, ehe es einen Namen hat\n")?;
    let from = format!("/proc/self/fd/{}", file.as_raw_fd());
    let to = place.dossier.join("bericht.pdf");
    linkat(CWD, from, CWD, &to, AtFlags::SYMLINK_FOLLOW)?;
    a_while();
    drop(file);
    Ok(())
}

fn hard_link_outside(place: &Place) -> io::Result<()> {
    let path = place.dossier.join("lettre.odt");
    made(&path)?;
    let other = place.outside.join("lettre.odt");
    fs::hard_link(path, &other)?;
    a_while();
    OpenOptions::new()
        .write(true)
        .open(&other)?
        .write_all_at(b"XXXXXX", 0)?;
    fs::remove_file(other)
}

fn rename_storm(place: &Place) -> io::Result<()> {
    let path = |number: usize, round: usize| place.dossier.join(format!("{number}.{round}"));
    for number in 0..20 {
        fs::write(path(number, 0), "x")?;
    }
    for round in 0..3 {
        for number in 0..20 {
            fs::rename(path(number, round), path(number, round + 1))?;
        }
    }
    Ok(())
}

fn exchange(place: &Place) -> io::Result<()> {
    let (path, other) = (
        place.dossier.join("lettre.odt"),
        place.outside.join("fremd.bin"),
    );
    made(&path)?;
    fs::write(&other, "fremd")?;
    renameat_with(CWD, &path, CWD, &other, RenameFlags::EXCHANGE)?;
    Ok(())
}

fn folder_moved_in(place: &Place) -> io::Result<()> {
    let folder = place.outside.join("patient");
    fs::create_dir(&folder)?;
    fs::write(folder.join("a.txt"), "a")?;
    a_while();
    let inside = place.dossier.join("patient");
    fs::rename(&folder, &inside)?;
    fs::write(inside.join("b.txt"), "b")?;
    fs::rename(&inside, &folder)
}

fn attributes(place: &Place) -> io::Result<()> {
    let path = place.dossier.join("lettre.odt");
    made(&path)?;
    fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    fs::set_permissions(&place.dossier, Permissions::from_mode(0o700))?;
    let folder = place.dossier.join("leer");
    fs::create_dir(&folder)?;
    fs::remove_dir(folder)
}

fn copy_write_delete(place: &Place) -> io::Result<()> {
    let path = place.dossier.join("lettre.odt");
    made(&path)?;
    let mut content = fs::read(&path)?;
    content.iter_mut().for_each(|byte| *byte ^= 0x5a);
    fs::write(place.dossier.join("lettre.odt.locked"), content)?;
    fs::remove_file(path)
}
