//! Verdicts about messages that were asked for on this device (`hygie check` as root): files that wait beside the guard's door, one
//! a run. The courier may read them and not remove them; up to which it took them stands in the outbox with the facts.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use hygie_model::Wall;
use hygie_wire::{Fact, Waiting};

/// The facts of the runs after `last`, and the name of the newest of them. What is not there, or no line of ours, is nothing.
pub(crate) fn after(dir: &Path, last: &str) -> Option<(String, Vec<(Wall, Fact)>)> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(ENDING) && &name[..] > last)
        .collect();
    names.sort();
    names.truncate(MOST);
    let newest = names.last()?.clone();
    let facts = names
        .iter()
        .filter_map(|name| read(&dir.join(name)).ok())
        .flatten();
    Some((newest, facts.collect()))
}

fn read(path: &Path) -> io::Result<Vec<(Wall, Fact)>> {
    let lines = BufReader::new(File::open(path)?.take(LONGEST)).lines();
    Ok(lines
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_str::<Waiting>(&line).ok())
        .map(|waiting| {
            let judged = waiting.judged.without_words();
            (waiting.at, Fact::Judged { judged })
        })
        .collect())
}

/// Of a run's name, which is its moment.
const ENDING: &str = ".jsonl";
/// Runs that are taken at once.
const MOST: usize = 20;
/// Of a run, in bytes.
const LONGEST: u64 = 512 * 1024;

#[cfg(test)]
mod tests {
    use hygie_wire::{Danger, Judged, MessageSort};

    use super::*;

    fn line(reason: &str) -> String {
        let waiting = Waiting {
            at: Wall(7),
            judged: Judged {
                message: MessageSort::Mail,
                verdict: Danger::Dangerous,
                reasons: vec![reason.to_owned()],
            },
        };
        serde_json::to_string(&waiting).unwrap() + "\n"
    }

    #[test]
    fn each_run_is_taken_once_and_without_words() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(after(&dir.path().join("none"), ""), None);
        assert_eq!(after(dir.path(), ""), None);
        let put = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
        put(
            "01.jsonl",
            &(line("small-sum") + "nonsense\n" + &line("zoe@labo.example")),
        );
        put("02.jsonl", &line("has-iban"));
        put("03.new", &line("has-iban"));
        let (last, facts) = after(dir.path(), "").unwrap();
        assert_eq!((&last[..], facts.len()), ("02.jsonl", 3));
        let told =
            serde_json::to_string(&facts.iter().map(|(_, fact)| fact).collect::<Vec<_>>()).unwrap();
        assert!(
            told.contains("small-sum") && !told.contains("zoe"),
            "{told}"
        );
        assert_eq!(after(dir.path(), &last), None);
        put("03.jsonl", &line("has-iban"));
        assert_eq!(after(dir.path(), &last).unwrap().1.len(), 1);
    }
}
