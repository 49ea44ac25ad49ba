//! Each wall on the real kernel: in a thread of its own, which is shut in and nothing else with it.

use std::{
    fs::{self, File},
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::net::UnixStream,
    process::{Command, Stdio},
    thread,
};

use super::*;

/// What a thread finds out that is shut into `room`.
fn inside<T: Send + 'static>(room: Room, tries: impl FnOnce(Walls) -> T + Send + 'static) -> T {
    let shut = thread::spawn(move || {
        // `shut_in` also sets limits and the umask, which are the whole process's.
        rustix::thread::set_no_new_privs(true).unwrap();
        let walls = landlock(&room).unwrap();
        calls::filter(&room).unwrap();
        tries(walls)
    });
    shut.join().unwrap()
}

fn is_refused<T>(tried: io::Result<T>) -> bool {
    tried.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

/// A call with five arguments that are nothing.
fn call(number: i64, first: i64, second: i64) -> io::Result<()> {
    // SAFETY: each of these calls is refused before it looks at its arguments; where it is not, null points nowhere.
    let done = unsafe { libc::syscall(number, first, second, 0_i64, 0_i64, 0_i64) };
    if done < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

fn skipped(walls: Walls) -> bool {
    if walls.files == Held::NotHere {
        println!("skipped in part: this kernel has no Landlock");
    }
    walls.files == Held::NotHere
}

#[test]
fn files_are_those_of_the_room() {
    let place = tempfile::tempdir().unwrap();
    let [own, read, other] = ["own", "read", "other"].map(|name| place.path().join(name));
    for folder in [&own, &read, &other] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("file"), "text").unwrap();
    }
    let room = Room {
        keeps: vec![own.clone()],
        reads: vec![read.clone(), place.path().join("no such")],
        ..Room::bare()
    };
    inside(room, move |walls| {
        if skipped(walls) {
            return;
        }
        assert_eq!(fs::read_to_string(own.join("file")).unwrap(), "text");
        fs::write(own.join("new"), "new").unwrap();
        fs::create_dir(own.join("folder")).unwrap();
        fs::rename(own.join("new"), own.join("folder/newer")).unwrap();
        File::open(&own).unwrap().sync_all().unwrap();
        fs::remove_file(own.join("folder/newer")).unwrap();
        assert!(is_refused(std::os::unix::fs::symlink(
            "x",
            own.join("link")
        )));
        assert_eq!(fs::read_to_string(read.join("file")).unwrap(), "text");
        assert!(is_refused(fs::write(read.join("file"), "changed")));
        assert!(is_refused(fs::remove_file(read.join("file"))));
        assert!(is_refused(File::open(other.join("file"))));
        assert!(is_refused(fs::write(other.join("new"), "new")));
        assert!(is_refused(fs::read_dir(&other)));
        assert!(is_refused(fs::read_dir("/")));
        assert!(is_refused(fs::read("/proc/1/environ")));
        assert!(is_refused(fs::rename(own.join("file"), other.join("x"))));
        // Not through a link that it has, or may make, either.
        assert!(fs::hard_link(other.join("file"), own.join("hard")).is_err());
    });
    assert_eq!(fs::read_dir(place.path().join("other")).unwrap().count(), 1);
}

#[test]
fn ports_are_those_of_the_room() {
    let there = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = there.local_addr().unwrap();
    let another = TcpListener::bind("127.0.0.1:0").unwrap();
    let shut = another.local_addr().unwrap();
    let (none, any) = (Room::bare(), Room::bare());
    let to_one = Room {
        connects: Ports::These(vec![open.port()]),
        ..Room::bare()
    };
    inside(to_one, move |walls| {
        TcpStream::connect(open).unwrap();
        // Whether or not there is Landlock: it waits for nobody.
        let listens = TcpListener::bind("127.0.0.1:0");
        assert!(is_refused(listens));
        if walls.ports == Held::NotHere {
            println!("skipped in part: this kernel does not hold ports");
            return;
        }
        assert!(is_refused(TcpStream::connect(shut)));
    });
    let listens = Room {
        listens: Ports::These(vec![0]),
        ..any
    };
    inside(listens, move |walls| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        assert_ne!(listener.local_addr().unwrap().port(), 0);
        if walls.ports == Held::Yes {
            assert!(is_refused(TcpStream::connect(open)));
            assert!(is_refused(TcpListener::bind("127.0.0.1:45873")));
        }
    });
    // The filter alone keeps everything in that has no use for any network, on every kernel.
    inside(none, move |_| {
        assert!(is_refused(TcpStream::connect(open)));
        assert!(is_refused(TcpListener::bind("127.0.0.1:0")));
        assert!(is_refused(UdpSocket::bind("127.0.0.1:0")));
        assert!(is_refused(UnixStream::connect("/run/systemd/notify")));
    });
}

#[test]
fn raw_packets_and_odd_families_are_for_nobody() {
    let room = Room {
        listens: Ports::Any,
        connects: Ports::Any,
        ..Room::bare()
    };
    inside(room, |_| {
        let socket = |family: i32, kind: i32, protocol: i32| {
            // SAFETY: three numbers; what opens is closed below.
            let opened = unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, protocol) };
            if opened < 0 {
                return Err(io::Error::last_os_error());
            }
            // SAFETY: it was opened just now, and nobody else knows it.
            unsafe { libc::close(opened) };
            Ok(())
        };
        let stream = libc::SOCK_STREAM;
        for (family, kind) in [
            (libc::AF_INET, stream),
            (libc::AF_INET6, libc::SOCK_DGRAM),
            (libc::AF_UNIX, stream),
        ] {
            socket(family, kind, 0).unwrap();
        }
        // As the C library asks for the machine's addresses.
        socket(libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_ROUTE).unwrap();
        for (family, kind, protocol) in [
            (libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_ICMP),
            (libc::AF_INET6, libc::SOCK_RAW, libc::IPPROTO_ICMPV6),
            (libc::AF_PACKET, libc::SOCK_RAW, 0),
            (libc::AF_PACKET, libc::SOCK_DGRAM, 0),
            (libc::AF_NETLINK, libc::SOCK_RAW, libc::NETLINK_NETFILTER),
            (libc::AF_VSOCK, stream, 0),
            (libc::AF_ALG, libc::SOCK_SEQPACKET, 0),
            (libc::AF_BLUETOOTH, libc::SOCK_RAW, 0),
        ] {
            let tried = socket(family, kind, protocol);
            assert!(is_refused(tried), "{family} {kind} {protocol}");
        }
    });
}

#[test]
fn nothing_is_started_and_nobody_is_looked_into() {
    let own = i64::from(std::process::id());
    inside(Room::bare(), move |_| {
        thread::spawn(|| ()).join().unwrap();
        assert!(Command::new("/bin/true").spawn().is_err());
        assert!(is_refused(call(libc::SYS_execve, 0, 0)));
        let signal = i64::from(libc::SIGCHLD);
        assert!(is_refused(call(libc::SYS_clone, signal, 0)));
        for (number, first, second) in [
            (libc::SYS_ptrace, 0x4206, own),
            (libc::SYS_process_vm_readv, own, 0),
            (libc::SYS_process_vm_writev, own, 0),
            (libc::SYS_pidfd_getfd, 0, 0),
            (libc::SYS_bpf, 0, 0),
            (libc::SYS_perf_event_open, 0, 0),
            (libc::SYS_io_uring_setup, 1, 0),
            (libc::SYS_userfaultfd, 0, 0),
            (libc::SYS_unshare, i64::from(libc::CLONE_NEWUSER), 0),
            (libc::SYS_setns, 0, 0),
            (libc::SYS_mount, 0, 0),
            (libc::SYS_open_by_handle_at, 0, 0),
            (libc::SYS_keyctl, 0, 0),
            (libc::SYS_setresuid, -1, -1),
            (libc::SYS_clock_settime, 0, 0),
        ] {
            assert!(is_refused(call(number, first, second)), "{number}");
        }
        let absent = call(libc::SYS_clone3, 0, 0).unwrap_err();
        assert_eq!(absent.raw_os_error(), Some(libc::ENOSYS));
    });
}

#[cfg(target_arch = "x86_64")]
#[test]
fn the_second_number_of_a_call_is_no_way_round() {
    inside(Room::bare(), |_| {
        for number in [
            libc::SYS_ptrace,
            libc::SYS_execve,
            libc::SYS_socket,
            520,
            521,
        ] {
            assert!(is_refused(call(number | 0x4000_0000, 0, 0)), "{number}");
        }
    });
}

#[test]
fn what_was_written_does_not_run() {
    inside(Room::bare(), |_| {
        let map = |protection: i32| {
            // SAFETY: fresh memory of its own, which nobody uses.
            let at = unsafe {
                libc::mmap(
                    std::ptr::null_mut(),
                    4096,
                    protection,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                    -1,
                    0,
                )
            };
            if at == libc::MAP_FAILED {
                Err(io::Error::last_os_error())
            } else {
                Ok(at)
            }
        };
        let written = map(libc::PROT_READ | libc::PROT_WRITE).unwrap();
        // SAFETY: the memory above.
        let runs = unsafe { libc::mprotect(written, 4096, libc::PROT_READ | libc::PROT_EXEC) };
        assert_eq!(runs, -1);
        assert!(is_refused(map(libc::PROT_WRITE | libc::PROT_EXEC)));
    });
}

/// Not a test of its own: what the next one starts.
#[test]
fn inner_worker() {
    if std::env::var_os(WORKER).is_some() {
        std::process::exit(42);
    }
}

#[test]
fn whoever_starts_itself_starts_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let script = place.path().join("script");
    fs::write(&script, "#!/bin/sh\nexit 0\n").unwrap();
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let room = Room {
        keeps: vec![place.path().to_owned()],
        programs: Programs::Itself,
        ..Room::bare()
    };
    inside(room, move |walls| {
        let mut worker = Command::new("/proc/self/exe");
        worker
            .args(["--exact", "linux::walls::tests::inner_worker"])
            .env(WORKER, "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        assert_eq!(worker.status().unwrap().code(), Some(42));
        if skipped(walls) {
            return;
        }
        for program in ["/bin/true", "/bin/sh", "/usr/bin/env"] {
            assert!(is_refused(Command::new(program).spawn()), "{program}");
        }
        // Nor what it wrote itself.
        assert!(is_refused(Command::new(&script).spawn()));
        // The loader is there to start it, and starts nothing that cannot be read.
        for loader in LOADERS.iter().filter(|loader| Path::new(loader).exists()) {
            let tried = Command::new(loader)
                .arg("/bin/true")
                .stderr(Stdio::null())
                .status();
            assert_ne!(tried.unwrap().code(), Some(0));
        }
    });
}

#[test]
fn names_are_found_from_inside() {
    use std::net::ToSocketAddrs;
    let room = Room {
        connects: Ports::Any,
        ..Room::bare()
    };
    let found = inside(room.and_names(), |_| {
        let local = "localhost:80".to_socket_addrs().unwrap().count();
        let hosts = fs::read_to_string("/etc/hosts").is_ok();
        (local, hosts)
    });
    assert!(found.0 > 0 && found.1);
}

#[test]
fn what_is_missing_here_is_told_as_it_is() {
    let here = Walls::here().unwrap();
    // SAFETY: asks for the version, with no memory behind it.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            std::ptr::null::<u8>(),
            0_usize,
            1_u32,
        )
    };
    let since = |from| {
        if version >= from {
            Held::Yes
        } else {
            Held::NotHere
        }
    };
    let told = Walls {
        files: since(1),
        ports: since(4),
        others: since(6),
    };
    assert_eq!(here, told);
    assert_eq!(here.whole(), version >= 6);
    // The trial shut its own thread in, and no other one.
    File::open("/etc/passwd").unwrap();
}

const WORKER: &str = "HYGIE_TEST_WALLS_WORKER";
