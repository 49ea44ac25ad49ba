//! The socket and the process around it: who is answered, for how long, and with which rights it runs.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        net::UnixStream,
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::{
    process::{Uid, geteuid},
    thread::set_thread_res_uid,
};

use super::{super::*, *};
use crate::authority::{
    desk::Desk,
    signer::{Signer, listen},
};
use hygie_platform::linux::secrets::SecretsError;

/// A folder that every user may look into.
fn open_place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o777)).unwrap();
    place
}

/// A signer in a thread of this process, at the start's time.
fn signer(place: &Path, hub: u32) -> PathBuf {
    let socket = place.join("signer.sock");
    let listener = listen(&socket).unwrap();
    let desk = Desk::open(&place.join("authority")).unwrap();
    // It ends with the tests.
    std::thread::spawn(move || Signer { desk, hub }.serve(&listener, || at(0)));
    socket
}

/// Asks as another user: a thread of its own takes his number.
#[expect(clippy::unwrap_in_result, reason = "a helper of tests")]
fn ask_as(uid: u32, socket: &Path, question: &Question) -> Result<Reply, AskError> {
    let (door, question) = (SignerDoor::new(socket), question.clone());
    let asked = std::thread::spawn(move || {
        let uid = Uid::from_raw(uid);
        set_thread_res_uid(uid, uid, uid).unwrap();
        door.ask(&question)
    });
    asked.join().unwrap()
}

fn say(socket: &Path, text: &[u8]) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    // Whoever is refused finds the other end closed.
    let _ = stream.write_all(text);
    let mut line = String::new();
    let _ = BufReader::new(stream).read_line(&mut line);
    line
}

#[test]
fn the_hub_is_answered() {
    let place = open_place();
    let socket = signer(place.path(), geteuid().as_raw());
    let door = SignerDoor::new(&socket);
    let asked = door.ask(&Question::Authorities {}).unwrap();
    assert!(matches!(asked, Reply::Authorities { console: None, .. }));
    // One connection, more than one question.
    let mut stream = UnixStream::connect(&socket).unwrap();
    stream
        .write_all(b"{\"ask\":\"revocations\"}\n{\"ask\":\"authorities\"}\n")
        .unwrap();
    let mut reader = BufReader::new(stream);
    for answer in ["revocations", "authorities"] {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let start = format!(r#"{{"answer":"{answer}""#);
        assert!(line.starts_with(&start), "{line}");
    }
}

#[test]
fn a_stranger_is_refused_whatever_he_asks() {
    let place = open_place();
    if geteuid().is_root() {
        let socket = signer(place.path(), 4002);
        for question in [
            Question::Authorities {},
            Question::Revoke { device: device() },
            Question::ServerCertificate {
                csr: "x".repeat(200_000),
            },
        ] {
            let asked = ask_as(4003, &socket, &question);
            assert!(
                matches!(asked, Err(AskError::Refused(Refusal::Stranger))),
                "{asked:?}"
            );
        }
        assert!(ask_as(4002, &socket, &Question::Authorities {}).is_ok());
        assert!(ask_as(0, &socket, &Question::Authorities {}).is_ok());
        // Whoever may not even ask has changed nothing.
        let device = device();
        let csr = request(&rcgen::KeyPair::generate().unwrap());
        let signed = ask_as(4002, &socket, &Question::DeviceCertificate { csr, device });
        assert!(signed.is_ok(), "{signed:?}");
    } else {
        println!("skipped in part: needs root (to ask as others)");
        let socket = signer(place.path(), geteuid().as_raw() + 1);
        let asked = SignerDoor::new(&socket).ask(&Question::Authorities {});
        assert!(matches!(asked, Err(AskError::Refused(Refusal::Stranger))));
    }
}

#[test]
fn what_is_no_question_gets_a_reason_and_harms_nobody() {
    let place = open_place();
    let socket = signer(place.path(), geteuid().as_raw());
    let long = [b"{\"ask\":\"".as_slice(), &vec![b'a'; 70_000], b"\n"].concat();
    let no_end = vec![b' '; 1_000_000];
    for (text, why) in [
        (b"\n".as_slice(), "unclear"),
        (b"{}\n", "unclear"),
        (b"\xff\xfe\n", "unclear"),
        (b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n", "unclear"),
        (b"{\"ask\":\"keys\"}\n", "unclear"),
        (&long, "too_long"),
        (&no_end, "too_long"),
    ] {
        let line = say(&socket, text);
        assert_eq!(
            line,
            format!("{{\"answer\":\"refused\",\"why\":\"{why}\"}}\n"),
            "{:?}",
            String::from_utf8_lossy(&text[..text.len().min(40)])
        );
    }
    // Half a question is none.
    let mut stream = UnixStream::connect(&socket).unwrap();
    stream.write_all(b"{\"ask\":\"authorities\"}").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(answer, b"");
    let door = SignerDoor::new(&socket);
    assert!(door.ask(&Question::Authorities {}).is_ok());
}

#[test]
fn nobody_keeps_the_others_waiting_for_ever() {
    let place = open_place();
    let socket = signer(place.path(), geteuid().as_raw());
    let _silent = UnixStream::connect(&socket).unwrap();
    let mut slow = UnixStream::connect(&socket).unwrap();
    let drip = std::thread::spawn(move || {
        while slow.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(200));
        }
    });
    let door = SignerDoor::new(&socket);
    assert!(door.ask(&Question::Authorities {}).is_ok());
    drip.join().unwrap();
}

#[test]
fn a_signer_that_is_not_there_is_an_error_that_says_so() {
    let place = open_place();
    let socket = place.path().join("signer.sock");
    let door = SignerDoor::new(&socket);
    let none = door.ask(&Question::Authorities {}).unwrap_err();
    assert!(none.to_string().contains("is it running?"), "{none}");
    // One that talks, but not this.
    let listener = listen(&socket).unwrap();
    let endless = "x".repeat(3_000_000);
    for reply in [
        "no JSON\n",
        "{\"answer\":\"all\"}\n",
        "",
        "{\"answer\"",
        &endless,
    ] {
        let asked = std::thread::spawn({
            let door = door.clone();
            move || door.ask(&Question::Authorities {})
        });
        let (mut stream, _) = listener.accept().unwrap();
        let mut line = String::new();
        BufReader::new(&stream).read_line(&mut line).unwrap();
        // Whoever has heard enough hangs up.
        let _ = stream.write_all(reply.as_bytes());
        drop(stream);
        let answer = asked.join().unwrap();
        let whole = reply.ends_with('\n') || reply == endless;
        match answer {
            Err(AskError::Answer) => assert!(whole),
            Err(AskError::Silent(_)) => assert!(!whole),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_old_socket_is_replaced_and_nothing_else() {
    let place = open_place();
    let socket = place.path().join("signer.sock");
    drop(listen(&socket).unwrap());
    assert!(listen(&socket).is_ok());
    let file = place.path().join("notes.txt");
    fs::write(&file, "a person's").unwrap();
    assert!(matches!(listen(&file), Err(SignerError::Socket { .. })));
    assert_eq!(fs::read_to_string(&file).unwrap(), "a person's");
    let missing = place.path().join("no/signer.sock");
    assert!(matches!(listen(&missing), Err(SignerError::Socket { .. })));
}

/// Not a test of its own: the process that the next one starts.
#[test]
fn inner_process() {
    let Some(place) = std::env::var_os(PLACE) else {
        return;
    };
    let hub = std::env::var(HUB).unwrap().parse().unwrap();
    let place = PathBuf::from(place);
    let options = SignerOptions {
        folder: place.join("authority"),
        socket: place.join("signer.sock"),
        hub,
    };
    run(&options).unwrap();
}

/// Not a test of its own: the process that the next one starts.
#[test]
fn inner_taken_over() {
    hygie_testkit::taken_over(crate::authority::signer::room);
}

#[test]
fn a_signer_that_was_taken_over_reads_no_other_file_starts_nothing_and_reaches_nobody() {
    let through = hygie_testkit::tried("authority::tests::process::inner_taken_over");
    through.unwrap().are(&[]);
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_process_has_given_up_its_rights_and_still_works() {
    let own = geteuid().as_raw();
    if geteuid().is_root() {
        // As it should be, and as whoever starts all by hand may do.
        works_without_rights(4001, 4002);
        works_without_rights(0, 4002);
    } else {
        println!("skipped in part: needs root (to run and ask as others)");
        works_without_rights(own, own);
    }
}

fn works_without_rights(own: u32, hub: u32) {
    let place = open_place();
    // By the kernel's link: another user may not come to the build folder by its path.
    let mut command = Command::new("/proc/self/exe");
    command
        .args(["--exact", INNER, "--nocapture"])
        .env(PLACE, place.path())
        .env(HUB, hub.to_string())
        .stdout(Stdio::null());
    if geteuid().is_root() {
        command.uid(own).gid(own);
    }
    let child = Running(command.spawn().unwrap());
    let socket = place.path().join("signer.sock");
    let begun = Instant::now();
    let ask = |question: &Question| {
        if geteuid().is_root() {
            ask_as(hub, &socket, question)
        } else {
            SignerDoor::new(&socket).ask(question)
        }
    };
    while ask(&Question::Authorities {}).is_err() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "it did not start"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    let named = Question::Console {
        practice: None,
        name: ConsoleName::new(NAME).ok(),
        addresses: Vec::new(),
        rename: Rename::Refused,
    };
    assert!(ask(&named).is_ok());
    assert!(ask(&Question::Revoke { device: device() }).is_ok());

    // The thread that serves; the test's own around it does nothing.
    let threads = format!("/proc/{}/task", child.0.id());
    let serving: Vec<String> = fs::read_dir(threads)
        .unwrap()
        .map(|thread| fs::read_to_string(thread.unwrap().path().join("status")).unwrap())
        .filter(|status| status.contains("NoNewPrivs:\t1"))
        .collect();
    assert_eq!(serving.len(), 1);
    assert!(serving[0].contains("Seccomp:\t2"), "{}", serving[0]);
    for none in ["CapEff", "CapPrm", "CapInh", "CapAmb"] {
        assert!(
            serving[0].contains(&format!("{none}:\t0000000000000000")),
            "{}",
            serving[0]
        );
    }
    assert!(serving[0].contains(&format!("Uid:\t{own}\t{own}\t{own}\t{own}")));
    // Nobody of the same user looks into its memory: the kernel gives its files to root.
    let memory = fs::metadata(format!("/proc/{}/mem", child.0.id())).unwrap();
    assert_eq!(memory.uid(), 0);
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.0.id())).unwrap();
    for name in ["Max core file size", "Max processes"] {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        let words: Vec<&str> = line[name.len()..].split_whitespace().collect();
        assert_eq!(words[..2], ["0", "0"], "{line}");
    }
    if geteuid().is_root() {
        for uid in [4001, 4003] {
            let asked = ask_as(uid, &socket, &Question::Authorities {});
            assert!(
                matches!(asked, Err(AskError::Refused(Refusal::Stranger))),
                "{asked:?}"
            );
        }
    }
    if own == geteuid().as_raw() {
        // A second one finds the folder taken.
        let second = Desk::open(&place.path().join("authority"));
        assert!(matches!(
            second,
            Err(KeeperError::Secrets(SecretsError::Busy(_)))
        ));
    }
}

const PLACE: &str = "HYGIE_TEST_SIGNER_PLACE";
const HUB: &str = "HYGIE_TEST_SIGNER_HUB";
const INNER: &str = "authority::tests::process::inner_process";
