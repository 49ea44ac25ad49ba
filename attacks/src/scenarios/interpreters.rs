//! One interpreter that works through all files, itself or with a program for each.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::fs::{Mode, OFlags};

use super::Signal::{Deletions, Dissimilarity, Entropy, FileType, Pace};
use super::tools::{Tool, from_victims, inside, started};
use super::{Plan, Scenario, count};
use crate::arena::OUTSIDE;
use crate::cipher;
use crate::report::{Acted, Failure, How};
use crate::run::{Run, Victim};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "shell-openssl",
        "a shell's loop runs openssl enc on each file and moves the outcome over it",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::Whole(shell_openssl),
    )
    .needs(&["sh", "openssl", "mv"]),
    Scenario::new(
        "shell-openssl-cat",
        "a shell's loop encrypts each file with openssl elsewhere and writes the outcome over it with cat",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::Whole(shell_openssl_cat),
    )
    .needs(&["sh", "openssl", "cat", "rm"]),
    Scenario::new(
        "shell-gpg",
        "a shell's loop runs gpg --symmetric on each file and removes the original",
        &[Entropy, Deletions, Pace],
        Plan::Whole(shell_gpg),
    )
    .needs(&["sh", "gpg", "rm"]),
    Scenario::new(
        "python-encrypt",
        "a Python script encrypts each file where it lies",
        &[Entropy, FileType, Dissimilarity, Pace],
        Plan::Whole(python),
    )
    .needs(&["python3"]),
];

fn shell_openssl(run: &Run<'_>) -> Result<(), Failure> {
    let words = ["-c", OPENSSL, "sh"].map(OsString::from);
    let password = OsString::from(cipher::password(run.limits.seed));
    work(
        run,
        "sh",
        &[&words[..], &[password]].concat(),
        How::Replace,
        |_| None,
    )
}

fn shell_openssl_cat(run: &Run<'_>) -> Result<(), Failure> {
    let words = ["-c", OPENSSL_CAT, "sh"].map(OsString::from);
    let password = OsString::from(cipher::password(run.limits.seed));
    let spool = from_victims(&Path::new(OUTSIDE).join("spool"));
    work(
        run,
        "sh",
        &[&words[..], &[password, spool]].concat(),
        How::Overwrite,
        |_| None,
    )
}

/// The home of gpg is a new folder beside the victims; no agent is started.
fn shell_gpg(run: &Run<'_>) -> Result<(), Failure> {
    let home = Path::new(OUTSIDE).join("gnupg");
    run.create_folder(&home)?;
    let open = run.open(&home, OFlags::RDONLY | OFlags::DIRECTORY)?;
    rustix::fs::fchmod(&open, Mode::from_raw_mode(0o700))?;
    let words = ["-c", GPG, "sh"].map(OsString::from);
    let password = OsString::from(cipher::password(run.limits.seed));
    let words = [&words[..], &[password, from_victims(&home)]].concat();
    work(run, "sh", &words, How::Replace, |victim| {
        Some(victim.beside(".gpg"))
    })
}

fn python(run: &Run<'_>) -> Result<(), Failure> {
    let words = ["-I", "-c", PYTHON].map(OsString::from);
    let password = OsString::from(cipher::password(run.limits.seed));
    work(
        run,
        "python3",
        &[&words[..], &[password]].concat(),
        How::Overwrite,
        |_| None,
    )
}

/// Gives all names to one interpreter, which prints the number of each that it is done with, or the number and
/// a word when it failed. What files held is read before it starts: it would be gone afterwards.
fn work(
    run: &Run<'_>,
    program: &str,
    words: &[OsString],
    how: How,
    to: fn(&Victim) -> Option<PathBuf>,
) -> Result<(), Failure> {
    let mut given = Vec::new();
    let mut tool = Tool::new(run, program)?;
    tool.command.args(words);
    for victim in &run.victims {
        match inside(run, victim).and_then(|name| Ok((name, run.read(&victim.path)?))) {
            Ok((name, content)) => {
                tool.command.arg(name);
                given.push((victim, blake3::hash(&content)));
            }
            Err(failure) => run.report.outcome(Err(failure)),
        }
    }
    let mut child = tool
        .command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(started)?;
    let mut told = 0;
    let lines = child.stdout.take().map(BufReader::new).into_iter();
    for line in lines.flat_map(BufRead::lines).map_while(Result::ok) {
        let (number, failed) = line
            .split_once(' ')
            .map_or((line.as_str(), None), |(n, w)| (n, Some(w)));
        let Some((victim, before)) = number.parse().ok().and_then(|at: usize| given.get(at)) else {
            continue;
        };
        told += 1;
        if failed.is_some() {
            run.report.failed("refused: the program failed", 1);
            continue;
        }
        let to = to(victim);
        let outcome = to.as_ref().unwrap_or(&victim.path);
        let after = run.read(outcome).ok().map(|content| blake3::hash(&content));
        count(
            run,
            victim,
            Ok(Acted {
                how,
                to,
                before: Some(*before),
                after,
            }),
        );
    }
    child.wait().map_err(started)?;
    if told < given.len() {
        run.report
            .failed("the interpreter ended first", (given.len() - told) as u64);
    }
    Ok(())
}

/// Undone by the same with `-d`.
const OPENSSL: &str = r#"k=$1; shift; i=0
for f do
  if openssl enc -aes-256-cbc -pbkdf2 -iter 1000 -pass "pass:$k" -in "$f" -out "$f.enc" && mv -f "$f.enc" "$f"
  then echo "$i"; else echo "$i failed"; fi
  i=$((i+1))
done"#;
const OPENSSL_CAT: &str = r#"k=$1; t=$2; shift 2; i=0
for f do
  if openssl enc -aes-256-cbc -pbkdf2 -iter 1000 -pass "pass:$k" -in "$f" -out "$t" && cat "$t" > "$f"
  then echo "$i"; else echo "$i failed"; fi
  i=$((i+1))
done
rm -f "$t""#;
/// Undone by `gpg --decrypt`.
const GPG: &str = r#"k=$1; h=$2; shift 2; i=0
for f do
  if gpg --homedir "$h" --batch --quiet --yes --no-autostart --no-options --pinentry-mode loopback --passphrase "$k" --s2k-count 65536 -o "$f.gpg" --symmetric "$f" && rm -f "$f"
  then echo "$i"; else echo "$i failed"; fi
  i=$((i+1))
done"#;
/// Undone by running it again.
const PYTHON: &str = r#"
import hashlib, sys
key = sys.argv[1].encode()
for i, name in enumerate(sys.argv[2:]):
    try:
        with open(name, "r+b") as f:
            data = f.read()
            stream = hashlib.shake_256(key + b"%d" % i).digest(len(data))
            mixed = int.from_bytes(data, "little") ^ int.from_bytes(stream, "little")
            f.seek(0)
            f.write(mixed.to_bytes(len(data), "little"))
        print(i, flush=True)
    except OSError:
        print(i, "failed", flush=True)
"#;
