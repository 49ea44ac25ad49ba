//! What the rows do, each on a place of its own.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use hygie_platform::linux::handle::Handle;
use rustix::fs::{Advice, AtFlags, CWD, FallocateFlags, Mode, OFlags, RenameFlags, XattrFlags};
use rustix::mount::{MountFlags, UnmountFlags};

use crate::room::{Place, content};

type Done = io::Result<()>;

fn junk() -> Vec<u8> {
    content("junk", 9)
}

fn over(path: &Path) -> Done {
    OpenOptions::new()
        .write(true)
        .open(path)?
        .write_all_at(&junk(), 0)
}

pub(crate) fn read(at: &Place) -> Done {
    std::fs::read(&at.file).map(drop)
}

pub(crate) fn open_to_write_only(at: &Place) -> Done {
    OpenOptions::new().write(true).open(&at.file).map(drop)
}

pub(crate) fn pwrite(at: &Place) -> Done {
    over(&at.file)
}

pub(crate) fn pwrite_read_write(at: &Place) -> Done {
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(&at.file)?
        .write_all_at(&junk(), 0)
}

pub(crate) fn append(at: &Place) -> Done {
    OpenOptions::new()
        .append(true)
        .open(&at.file)?
        .write_all(b"more")
}

pub(crate) fn writev_after_seek(at: &Place) -> Done {
    let mut file = OpenOptions::new().write(true).open(&at.file)?;
    file.seek(SeekFrom::Start(4096))?;
    file.write_vectored(&[io::IoSlice::new(&junk()[..100])])
        .map(drop)
}

pub(crate) fn write_direct(at: &Place) -> Done {
    let target = format!("of={}", at.file.display());
    run(
        "dd",
        &[
            "if=/dev/zero",
            &target,
            "bs=4096",
            "count=4",
            "oflag=direct",
            "conv=notrunc",
        ],
    )
}

pub(crate) fn open_truncate(at: &Place) -> Done {
    OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(&at.file)
        .map(drop)
}

pub(crate) fn creat(at: &Place) -> Done {
    File::create(&at.file)?.write_all(b"new")
}

pub(crate) fn open_read_truncate(at: &Place) -> Done {
    Ok(rustix::fs::open(&at.file, OFlags::RDONLY | OFlags::TRUNC, Mode::empty()).map(drop)?)
}

pub(crate) fn ftruncate(at: &Place) -> Done {
    OpenOptions::new().write(true).open(&at.file)?.set_len(10)
}

pub(crate) fn punch(at: &Place) -> Done {
    allocate(at, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE)
}

pub(crate) fn zero(at: &Place) -> Done {
    allocate(at, FallocateFlags::ZERO_RANGE)
}

pub(crate) fn collapse(at: &Place) -> Done {
    allocate(at, FallocateFlags::COLLAPSE_RANGE)
}

pub(crate) fn insert(at: &Place) -> Done {
    allocate(at, FallocateFlags::INSERT_RANGE)
}

fn allocate(at: &Place, flags: FallocateFlags) -> Done {
    let file = OpenOptions::new().write(true).open(&at.file)?;
    Ok(rustix::fs::fallocate(&file, flags, 0, 8192)?)
}

pub(crate) fn unlink(at: &Place) -> Done {
    std::fs::remove_file(&at.file)
}

pub(crate) fn rename_away(at: &Place) -> Done {
    std::fs::rename(&at.file, at.inside.join("other.txt"))
}

pub(crate) fn rename_out_and_unlink(at: &Place) -> Done {
    std::fs::rename(&at.file, at.outside.join("out.txt"))?;
    std::fs::remove_file(at.outside.join("out.txt"))
}

pub(crate) fn rename_over(at: &Place) -> Done {
    let new = at.outside.join("new.txt");
    std::fs::write(&new, junk())?;
    std::fs::rename(&new, &at.file)
}

pub(crate) fn exchange_and_unlink(at: &Place) -> Done {
    let new = at.outside.join("new.txt");
    std::fs::write(&new, junk())?;
    rustix::fs::renameat_with(CWD, &new, CWD, &at.file, RenameFlags::EXCHANGE)?;
    std::fs::remove_file(&new)
}

pub(crate) fn whiteout(at: &Place) -> Done {
    let to = at.outside.join("out.txt");
    rustix::fs::renameat_with(CWD, &at.file, CWD, &to, RenameFlags::WHITEOUT)?;
    std::fs::remove_file(&to)
}

pub(crate) fn move_parent_and_unlink(at: &Place) -> Done {
    let away = at.outside.join("folder");
    std::fs::rename(&at.inside, &away)?;
    std::fs::remove_file(away.join("letter.txt"))
}

pub(crate) fn move_parent_and_overwrite(at: &Place) -> Done {
    let away = at.outside.join("folder");
    std::fs::rename(&at.inside, &away)?;
    over(&away.join("letter.txt"))
}

pub(crate) fn link_out(at: &Place) -> Done {
    std::fs::hard_link(&at.file, at.outside.join("second.txt"))
}

pub(crate) fn overwrite_by_link_outside(at: &Place) -> Done {
    link_out(at)?;
    std::fs::remove_file(&at.file)?;
    over(&at.outside.join("second.txt"))
}

pub(crate) fn open_by_handle(at: &Place) -> Done {
    let folder = File::open(&at.inside)?;
    let handle = Handle::of_name(folder.as_fd(), c"letter.txt")?;
    handle
        .open(folder.as_fd(), OFlags::WRONLY)?
        .write_all_at(&junk(), 0)
}

pub(crate) fn reopen_by_proc(at: &Place) -> Done {
    let file = File::open(&at.file)?;
    over(Path::new(&format!(
        "/proc/self/fd/{}",
        std::os::fd::AsRawFd::as_raw_fd(&file)
    )))
}

pub(crate) fn reopen_path_descriptor(at: &Place) -> Done {
    let file = rustix::fs::open(&at.file, OFlags::PATH, Mode::empty())?;
    over(Path::new(&format!(
        "/proc/self/fd/{}",
        std::os::fd::AsRawFd::as_raw_fd(&file)
    )))
}

pub(crate) fn through_bind_mount(at: &Place) -> Done {
    let bind = at.outside.join("bind");
    std::fs::create_dir(&bind)?;
    rustix::mount::mount_bind(&at.inside, &bind)?;
    let outcome = over(&bind.join("letter.txt"));
    rustix::mount::unmount(&bind, UnmountFlags::DETACH)?;
    outcome
}

pub(crate) fn through_overlay(at: &Place) -> Done {
    let [lower, work, merged] = ["lower", "work", "merged"].map(|name| at.outside.join(name));
    for folder in [&lower, &work, &merged] {
        std::fs::create_dir(folder)?;
    }
    let upper = at.inside.display();
    let options = format!(
        "lowerdir={},upperdir={upper},workdir={}",
        lower.display(),
        work.display()
    );
    let options = std::ffi::CString::new(options)?;
    let flags = MountFlags::empty();
    rustix::mount::mount("overlay", &merged, "overlay", flags, options.as_c_str())?;
    let outcome = over(&merged.join("letter.txt"));
    rustix::mount::unmount(&merged, UnmountFlags::DETACH)?;
    outcome
}

pub(crate) fn through_loop_device(at: &Place) -> Done {
    let device = said("losetup", &["-f", "--show", &at.file.to_string_lossy()])?;
    let target = format!("of={device}");
    let outcome = run(
        "dd",
        &["if=/dev/zero", &target, "bs=4096", "count=4", "conv=fsync"],
    );
    run("losetup", &["-d", &device])?;
    outcome
}

pub(crate) fn raw_block_device(at: &Place) -> Done {
    let told = said("filefrag", &["-b4096", "-v", &at.file.to_string_lossy()])?;
    let extent = told
        .lines()
        .find(|line| line.trim_start().starts_with("0:"));
    let block = extent
        .and_then(|line| {
            line.split(':')
                .nth(2)?
                .split("..")
                .next()?
                .trim()
                .parse::<u64>()
                .ok()
        })
        .ok_or_else(|| io::Error::other(format!("no first extent in {told}")))?;
    let source = at.outside.join("junk");
    std::fs::write(&source, junk())?;
    let [from, to, seek] = [
        format!("if={}", source.display()),
        format!("of={}", at.device.display()),
        format!("seek={block}"),
    ];
    // Past the device's own cache: no flush to wait for.
    run(
        "dd",
        &[
            &from,
            &to,
            &seek,
            "bs=4096",
            "count=1",
            "oflag=direct",
            "conv=notrunc",
        ],
    )?;
    // What the page cache still has of the file hides the loss; forget it, as time would.
    rustix::fs::fadvise(&File::open(&at.file)?, 0, None, Advice::DontNeed)?;
    Ok(())
}

pub(crate) fn killed_while_it_waits(at: &Place) -> Done {
    let mut child = Command::new("dd")
        .args([
            "if=/dev/zero",
            &format!("of={}", at.file.display()),
            "conv=notrunc",
            "count=1",
        ])
        .stderr(std::process::Stdio::null())
        .spawn()?;
    std::thread::sleep(std::time::Duration::from_millis(150));
    child.kill()?;
    child.wait().map(drop)
}

pub(crate) fn chmod(at: &Place) -> Done {
    std::fs::set_permissions(&at.file, PermissionsExt::from_mode(0o600))
}

pub(crate) fn chown(at: &Place) -> Done {
    std::os::unix::fs::chown(&at.file, Some(1234), Some(1234))
}

pub(crate) fn utimes(at: &Place) -> Done {
    // By path: a descriptor opened to write would be held.
    let stamp = rustix::fs::Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let times = rustix::fs::Timestamps {
        last_access: stamp,
        last_modification: stamp,
    };
    Ok(rustix::fs::utimensat(
        CWD,
        &at.file,
        &times,
        AtFlags::empty(),
    )?)
}

pub(crate) fn setxattr(at: &Place) -> Done {
    Ok(rustix::fs::setxattr(
        &at.file,
        "user.mark",
        b"x",
        XattrFlags::empty(),
    )?)
}

pub(crate) fn nonblocking(path: &Path) -> Done {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new()
        .write(true)
        .custom_flags(flags)
        .open(path)
        .map(drop)
}

pub(crate) fn run(program: &str, arguments: &[&str]) -> Done {
    said(program, arguments).map(drop)
}

fn said(program: &str, arguments: &[&str]) -> io::Result<String> {
    let path = "/usr/sbin:/sbin:/usr/bin:/bin";
    let output = Command::new(program)
        .args(arguments)
        .env("PATH", path)
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
