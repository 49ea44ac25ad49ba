//! fsx: random reads, writes, truncations and mappings of one file, each read checked against a model.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::ground::Ground;
use crate::programs::FSX;

#[test]
#[ignore = "heavy: many thousand operations on both folders"]
fn heavy_contents_are_the_same() {
    let program = FSX.have();
    let Some(ground) = Ground::make() else {
        return;
    };
    let mut wrong = Vec::new();
    for (way, weights) in WAYS {
        let file = ground.elsewhere().join(format!("{way}.toml"));
        std::fs::write(&file, weights).expect("a configuration");
        // All seeds at once: their opens and copies cross each other.
        let seeds = 1..=SEEDS;
        let running: Vec<_> = seeds
            .map(|seed| {
                let start =
                    |folder: &Path| start(&program, &file, folder, &ground.elsewhere(), way, seed);
                (seed, start(&ground.bare()), start(&ground.guarded()))
            })
            .collect();
        for (seed, bare, guarded) in running {
            let (bare, guarded) = (finish(bare), finish(guarded));
            if bare.is_err() || guarded.is_err() {
                wrong.push(format!(
                    "{way}, seed {seed}: bare {bare:?}, guarded {guarded:?}"
                ));
                continue;
            }
            let name = name(way, seed);
            let contents = [ground.bare(), ground.guarded()]
                .map(|folder| std::fs::read(folder.join(&name)).expect("the file of fsx"));
            if contents[0] != contents[1] {
                wrong.push(format!(
                    "{way}, seed {seed}: the contents differ at the end"
                ));
            }
            if !ground.keeps(&contents[1]) {
                wrong.push(format!("{way}, seed {seed}: the last state has no copy"));
            }
        }
        println!("fsx, {way}: {SEEDS} seeds of {OPERATIONS} operations on both folders");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    ground.stop();
}

fn start(
    program: &Path,
    configuration: &Path,
    folder: &Path,
    artifacts: &Path,
    way: &str,
    seed: u32,
) -> Child {
    let (operations, seed_word) = (OPERATIONS.to_string(), seed.to_string());
    Command::new(program)
        .args(["-N", &operations, "-S", &seed_word, "-f"])
        .arg(configuration)
        .arg("-P")
        .arg(artifacts)
        .arg(folder.join(name(way, seed)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("fsx starts")
}

fn finish(child: Child) -> Result<(), String> {
    let said = child
        .wait_with_output()
        .map_err(|error| error.to_string())?;
    if said.status.success() {
        return Ok(());
    }
    let text = [said.stdout, said.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let last: Vec<_> = text.lines().rev().take(20).collect();
    Err(format!(
        "{}: {}",
        said.status,
        last.into_iter().rev().collect::<Vec<_>>().join("\n  ")
    ))
}

fn name(way: &str, seed: u32) -> String {
    format!("{way}-{seed}")
}

const SEEDS: u32 = 6;
const OPERATIONS: u32 = 6_000;

/// Ways with their weights of operations. A file is closed and opened again now and then: each is a new state.
const WAYS: [(&str, &str); 3] = [
    (
        "mapped",
        "[weights]\nclose_open = 1\ninvalidate = 1\nmapread = 10\nmapwrite = 10\nread = 10\nwrite = 10\n\
         truncate = 5\nfsync = 1\nfdatasync = 1\nposix_fallocate = 2\npunch_hole = 2\nsendfile = 2\n\
         posix_fadvise = 1\ncopy_file_range = 3\n",
    ),
    (
        "unmapped",
        "[weights]\nclose_open = 1\ninvalidate = 0\nmapread = 0\nmapwrite = 0\nread = 10\nwrite = 10\n\
         truncate = 5\nfsync = 1\nfdatasync = 1\nposix_fallocate = 2\npunch_hole = 2\nsendfile = 2\n\
         posix_fadvise = 1\ncopy_file_range = 3\n",
    ),
    // Closes are most of what happens: the guard's work, more than the file system's.
    (
        "closed-often",
        "[weights]\nclose_open = 20\ninvalidate = 1\nmapread = 2\nmapwrite = 5\nread = 5\nwrite = 10\ntruncate = 5\n",
    ),
];
