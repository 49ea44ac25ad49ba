//! Runs the binary on an arena, uncaged: the arena lies in a temporary folder and nobody guards it.

use std::io::Write;
use std::os::fd::AsRawFd;
use std::process::{Command, Stdio};

use hygie_testkit::{Arena, SealedTree};
use serde_json::Value;

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) lines: Vec<Value>,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn end(&self) -> &Value {
        let end = self
            .lines
            .iter()
            .rev()
            .find(|line| line["schema"] == "hygie.attack/1");
        end.unwrap_or_else(|| panic!("no closing line; {}", self.stderr))
    }

    pub(crate) fn states(&self) -> Vec<&Value> {
        self.lines
            .iter()
            .filter(|line| line["schema"] == "hygie.attack-state/1")
            .collect()
    }
}

pub(crate) fn binary() -> &'static str {
    env!("CARGO_BIN_EXE_hygie-attacks")
}

pub(crate) fn arena(files: usize) -> (tempfile::TempDir, Arena) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tree = SealedTree::new(7).files(files).largest(100_000);
    let uid = rustix::process::geteuid().as_raw();
    let arena = Arena::make(folder.path(), uid, &tree).expect("an arena");
    (folder, arena)
}

pub(crate) fn run(way: &str, arena: &Arena, nonce: &str, more: &[&str]) -> Ran {
    let open = format!(
        "/proc/{}/fd/{}",
        std::process::id(),
        arena.descriptor().as_raw_fd()
    );
    let mut child = Command::new("/bin/sh")
        .args([
            "-c",
            r#"exec 9<"$1"; shift; exec "$@""#,
            "sh",
            &open,
            binary(),
        ])
        .args([way, "--arena-fd", "9", "--nonce", nonce])
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the simulator starts");
    // Read only by what waits for a go; the pipe may be closed by then.
    let _may_be_gone = child.stdin.take().expect("piped").write_all(b"g");
    let output = child.wait_with_output().expect("it ends");
    let lines = String::from_utf8(output.stdout).expect("lines are text");
    Ran {
        code: output.status.code(),
        lines: lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
