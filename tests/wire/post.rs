//! The post beside hub and signer: started as a user of its own, and again when it ends.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::{fs::MetadataExt, net::UnixStream},
    path::Path,
    process::Child,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use hygie_wire::post::{Answer, Ask};
use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::scene::{free, hygie, until};

/// `hygie hub`, which ends with its test.
struct Console(Child);

impl Drop for Console {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let _ = self.0.wait();
    }
}

/// The number and the user of the post that serves this socket.
fn post(socket: &Path) -> Option<(u32, u32)> {
    let wanted = [b"post".as_slice(), b"--dir"];
    fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        let is_it = words.windows(2).any(|two| two == wanted)
            && words.contains(&socket.as_os_str().as_encoded_bytes());
        // A process that nobody looks into belongs to root in the list; what it is stands within.
        let status = fs::read_to_string(entry.path().join("status")).ok()?;
        let own = status.lines().find_map(|line| line.strip_prefix("Uid:\t"));
        let own = own?.split('\t').next()?.parse().ok()?;
        is_it.then_some((pid, own))
    })
}

fn answers(socket: &Path) -> Result<bool> {
    let Ok(mut stream) = UnixStream::connect(socket) else {
        return Ok(false);
    };
    let mut ask = serde_json::to_vec(&Ask::State {})?;
    ask.push(b'\n');
    stream.write_all(&ask)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    let nothing = Answer::State {
        first: None,
        second: None,
    };
    Ok(serde_json::from_str::<Answer>(&line)? == nothing)
}

#[test]
fn the_post_runs_as_a_user_of_its_own_and_comes_back_when_it_ends() -> Result<()> {
    let folder = tempfile::Builder::new().prefix("hygie-post-").tempdir()?;
    // The processes' own users pass through.
    fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o711),
    )?;
    let state = folder.path().join("state");
    let here = [127, 0, 0, 1].into();
    let _console = Console(
        hygie(&["hub", "--json"])
            .arg("--state")
            .arg(&state)
            .args(["--listen", &free(here)?.to_string()])
            .args(["--devices", &free(here)?.to_string()])
            .stdout(std::process::Stdio::null())
            .spawn()?,
    );
    let socket = state.canonicalize().unwrap_or(state.clone());
    let socket = socket.join("post/post.sock");
    let begun = Duration::from_secs(60);
    until(begun, "the post", || answers(&socket))?;
    let (first, user) = post(&socket).context("no process serves it")?;
    let own = geteuid().as_raw();
    ensure!((user == own) != geteuid().is_root(), "it runs as {user}");
    let roads = fs::metadata(state.join("post/roads"))?;
    ensure!(roads.uid() == user && roads.mode() & 0o777 == 0o700);
    let first = Pid::from_raw(i32::try_from(first)?).context("a process")?;
    kill_process(first, Signal::KILL)?;
    until(begun, "the next post", || {
        Ok(
            post(&socket).is_some_and(|(next, _)| Pid::from_raw(next.cast_signed()) != Some(first))
                && answers(&socket)?,
        )
    })
}
