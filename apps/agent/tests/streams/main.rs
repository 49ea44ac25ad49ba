//! Recorded streams of real kernels, told again to the law by the guard's own translation, on any system.
//! With `HYGIE_BLESS` set, what the law does now is written as what is expected, and the test says so.

mod player;
mod scene;
#[path = "../../../../engines/guard/tests/replay/words.rs"]
#[expect(dead_code, reason = "how actions are written; the rest reads traces")]
mod words;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn recordings() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../edges/platform/tests/streams");
    let mut found = Vec::new();
    for kernel in fs::read_dir(folder).expect("the recordings") {
        let kernel = kernel.expect("an entry").path();
        for entry in fs::read_dir(kernel).expect("recordings of a kernel") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "stream") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() >= 45, "recordings are missing: {}", found.len());
    found
}

#[test]
fn recorded_streams_make_the_law_do_what_is_expected() {
    let bless = env::var_os("HYGIE_BLESS").is_some();
    let mut wrong = Vec::new();
    for path in recordings() {
        let name: PathBuf = path
            .components()
            .rev()
            .take(2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let text = fs::read_to_string(&path).expect("a recording");
        let done = player::play(&text).unwrap_or_else(|why| panic!("{}: {why}", name.display()));
        let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/streams")
            .join(&name)
            .with_extension("law");
        // A checkout on Windows may end lines its own way.
        let expected = fs::read_to_string(&golden)
            .unwrap_or_default()
            .replace('\r', "");
        if done == expected {
            continue;
        }
        if bless {
            fs::create_dir_all(golden.parent().expect("a folder")).expect("a folder");
            fs::write(&golden, &done).expect("a golden file is written");
            println!("blessed {}", name.display());
        } else {
            wrong.push(format!(
                "{}:\n{}",
                name.display(),
                differences(&expected, &done)
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nHYGIE_BLESS=1 takes what the law does now for right.",
        wrong.join("\n")
    );
}

fn differences(expected: &str, found: &str) -> String {
    let (mut wanted, mut given) = (expected.lines(), found.lines());
    let mut text = String::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return text,
            (wanted, given) if wanted == given => {}
            (wanted, given) => {
                let (wanted, given) = (wanted.unwrap_or("(end)"), given.unwrap_or("(end)"));
                text += &format!("  wanted {wanted}\n  found  {given}\n");
            }
        }
    }
}
