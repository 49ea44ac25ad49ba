//! Recorded event streams: each file of `traces/` is fed to the law line by line, and its actions are compared.
//! With `HYGIE_BLESS` set, what the law does now is written as what is expected, and the test says so.

use std::{env, fmt::Write as _, fs, path::PathBuf, time::Duration};

use hygie_guard::{Law, Leased, Limits, Opening, Seen, State};
use hygie_model::Mono;
use ledger::Ledger;
use words::{FOUND, HOLD, INTENT, LEASED, OUTCOME, SEEN, STANDING, Words, duration, number, told};

#[path = "replay/ledger.rs"]
mod ledger;
#[path = "replay/words.rs"]
mod words;

#[test]
fn traces_replay() {
    let folder = [env!("CARGO_MANIFEST_DIR"), "traces"]
        .iter()
        .collect::<PathBuf>();
    let bless = env::var_os("HYGIE_BLESS").is_some();
    let mut traces: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of traces")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "trace"))
        .collect();
    traces.sort();
    assert!(
        traces.len() >= 15,
        "traces are missing from {}",
        folder.display()
    );
    let mut wrong = String::new();
    for path in traces {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // A checkout on Windows may end lines its own way.
        let expected = fs::read_to_string(&path)
            .expect("a trace")
            .replace('\r', "");
        match replay(&expected) {
            Err(why) => {
                let _ = write!(wrong, "\n{name}:{why}");
            }
            Ok(found) if found == expected => {}
            Ok(found) if bless => {
                fs::write(&path, &found).expect("a trace is written");
                println!("blessed {name}");
            }
            Ok(found) => {
                let _ = write!(wrong, "\n{name}{}", differences(&expected, &found));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\nHYGIE_BLESS=1 takes what the law does now for right."
    );
}

#[test]
fn what_is_no_trace_is_refused() {
    for (text, why) in [
        (
            "0ms found f1 kept bare\n",
            "1: the first line says the limits",
        ),
        (
            "limits bound=5s leases=1\n5ms open a1 f1 look known\n",
            "2: `look`?",
        ),
        ("limits bound=5s leases=1\n5ms closed g1\n", "2: `g1`?"),
        (
            "limits bound=5s leases=1\n5ms closed f1 f2\n",
            "2: `f2` is too much",
        ),
        ("limits bound=5s leases=1\n5 closed f1\n", "2: `5`?"),
        (
            "limits bound=5s leases=1\n5ms closed f1\n4ms closed f1\n",
            "3: time goes back",
        ),
        (
            "limits bound=5s leases=1\n0ms found f1 kept bare\n1ms copied f1 s1 leased\n",
            "3: no copy of f1 s1 was asked for: None",
        ),
        (
            "limits bound=5s leases=1\n0ms found f1 not-kept bare\n1ms open a1 f1 write known\n",
            "end: a1 never got an answer",
        ),
        (
            "limits bound=5s leases=1\n0ms found f1 new bare\n21ms closed f1\n",
            "3: something was due at 20ms: a `timeout` is missing",
        ),
    ] {
        assert_eq!(replay(text).unwrap_err(), why);
    }
}

/// The same trace with what the law does in place of what was expected; or the line that cannot be read, and why.
fn replay(text: &str) -> Result<String, String> {
    let mut law = None;
    let mut ledger = Ledger::default();
    let mut last = Mono(0);
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        let at = |why: String| format!("{}: {why}", number + 1);
        let (event, _) = line.split_once(" -> ").unwrap_or((line, ""));
        let mut words = Words(event.split_whitespace().collect::<Vec<_>>().into_iter());
        if line.is_empty() || line.starts_with('#') || line.starts_with("= ") {
            if !line.starts_with("= ") {
                let _ = writeln!(out, "{line}");
            }
        } else if let Some(law) = &mut law {
            let now = words.time().map_err(at)?;
            if now < last {
                return Err(at("time goes back".into()));
            }
            last = now;
            feed(law, &mut ledger, &mut words, now).map_err(at)?;
            words.end().map_err(at)?;
            let _ = writeln!(out, "{event} -> {}", done_by(law, &mut ledger).map_err(at)?);
        } else {
            law = Some(Law::new(limits(&mut words).map_err(at)?));
            let _ = writeln!(out, "{line}");
        }
    }
    ledger.close().map_err(|why| format!("end: {why}"))?;
    if let Some(counts) = law.map(|law| law.counts()) {
        let (files, kept, leases) = (counts.files, counts.kept, counts.leases);
        let _ = writeln!(out, "= files {files}, kept {kept}, leases {leases}");
    }
    Ok(out)
}

fn limits(words: &mut Words<'_>) -> Result<Limits, String> {
    let first = |_| "the first line says the limits".to_owned();
    words.one_of(&[("limits", ())]).map_err(first)?;
    let bound = words.tagged("bound=").map_err(first)?;
    let leases = words.tagged("leases=").map_err(first)?;
    words.end()?;
    Ok(Limits {
        bound: duration(bound)?,
        leases: number(leases)?,
    })
}

fn feed(
    law: &mut Law,
    ledger: &mut Ledger,
    words: &mut Words<'_>,
    now: Mono,
) -> Result<(), String> {
    let event = words.next()?;
    if let Some(due) = law
        .poll_timeout()
        .filter(|due| *due < now && event != "timeout")
    {
        let due = Duration::from_nanos(due.0);
        return Err(format!(
            "something was due at {due:?}: a `timeout` is missing"
        ));
    }
    match event {
        "found" => law.handle_found(
            words.file()?,
            words.one_of(&FOUND)?,
            words.one_of(&HOLD)?,
            now,
        ),
        "open" => {
            let opening = Opening {
                ask: words.ask()?,
                file: words.file()?,
                intent: words.one_of(&INTENT)?,
                standing: words.one_of(&STANDING)?,
                seen: words.one_of(&SEEN).unwrap_or(Seen::Same),
                lease: words.one_of(&LEASED).unwrap_or(Leased::Refused),
            };
            ledger.hold(opening.ask)?;
            law.handle_open(opening, now);
        }
        "change" => {
            let (ask, file) = (words.ask()?, words.file()?);
            ledger.hold(ask)?;
            law.handle_change(ask, file, words.one_of(&STANDING)?, now);
        }
        "closed" => law.handle_closed(words.file()?),
        "break" => law.handle_break(words.file()?, now),
        "differs" => law.handle_differs(words.file()?),
        "gone" => law.handle_gone(words.file()?),
        "named" => law.handle_named(words.file()?),
        "copied" => {
            let (file, state) = (words.file()?, State(number(words.tagged("s")?)?));
            let outcome = words.one_of(&OUTCOME)?;
            ledger.copied(file, state, outcome)?;
            law.handle_copied(file, state, outcome, now);
        }
        "timeout" => law.handle_timeout(now),
        other => return Err(format!("`{other}`?")),
    }
    Ok(())
}

fn done_by(law: &mut Law, ledger: &mut Ledger) -> Result<String, String> {
    let mut actions = Vec::new();
    while let Some(action) = law.poll_action() {
        ledger.did(&action)?;
        actions.push(told(action));
    }
    if actions.is_empty() {
        actions.push("nothing".to_owned());
    }
    Ok(actions.join("; "))
}

fn differences(expected: &str, found: &str) -> String {
    let mut text = String::new();
    let (mut wanted, mut given) = (expected.lines(), found.lines());
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return text,
            (wanted, given) if wanted == given => {}
            (wanted, given) => {
                let (wanted, given) = (wanted.unwrap_or("(end)"), given.unwrap_or("(end)"));
                let _ = write!(text, "\n  wanted {wanted}\n  found  {given}");
            }
        }
    }
}
