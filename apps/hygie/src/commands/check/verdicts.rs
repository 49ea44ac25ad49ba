//! Verdicts that this device tells its hub: how dangerous, and why in kinds; no word of a message, no address, no file's name.
//! They wait beside the guard's door for the courier, where this device was enrolled and root asks.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, fchown},
    path::Path,
};

use hygie_agent::door::COURIER_USER;
use hygie_model::Wall;
use hygie_phish::{Level, Verdict};
use hygie_platform::linux::users;
use hygie_wire::{Danger, Judged, MessageSort, Waiting};

use super::{Context, messages::Shape};

/// Those of one run.
pub(crate) struct Verdicts {
    message: MessageSort,
    at: Wall,
    seen: u64,
    waiting: Vec<Waiting>,
}

impl Verdicts {
    pub(crate) fn new(shape: Shape, at: Wall) -> Self {
        Self {
            message: match shape {
                Shape::Mail => MessageSort::Mail,
                Shape::Sms => MessageSort::Sms,
            },
            at,
            seen: 0,
            waiting: Vec::new(),
        }
    }

    /// Of a whole mailbox the harmless ones are not told one by one.
    pub(crate) fn add(&mut self, verdict: &Verdict) {
        self.seen += 1;
        let danger = match verdict.level {
            Level::Safe => Danger::Safe,
            Level::Doubtful => Danger::Doubtful,
            Level::DangerousProbable | Level::DangerousVeryProbable => Danger::Dangerous,
        };
        if self.waiting.len() >= MOST || danger == Danger::Safe && self.seen > FEW {
            return;
        }
        let reasons = verdict.reasons.iter();
        let reasons = reasons.map(|one| one.reason.clue().word().to_owned());
        self.waiting.push(Waiting {
            at: self.at,
            judged: Judged {
                message: self.message,
                verdict: danger,
                reasons: reasons.collect(),
            }
            .without_words(),
        });
    }

    /// Leaves them for the courier. Who cannot is answered all the same: the verdict is what was asked for.
    pub(crate) fn leave(&self, context: &Context<'_>) {
        let state = context.state();
        if self.waiting.is_empty() || !hygie_courier::is_enrolled(&state.courier()) {
            return;
        }
        let is_root = rustix::process::geteuid().is_root();
        let courier = users::find(COURIER_USER).ok().flatten();
        let reader = courier.filter(|_| is_root).map(|ids| ids.gid);
        // Another user's folder, a full disk: nothing that whoever asks could mend now.
        let _ = self.write(&state.verdicts(), reader);
    }

    fn write(&self, dir: &Path, reader: Option<u32>) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(dir) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) | Ok(()) => {}
        }
        let folder = fs::File::open(dir)?;
        if reader.is_some() {
            fchown(&folder, None, reader)?;
            folder.set_permissions(fs::Permissions::from_mode(0o750))?;
        }
        let mut names = runs(dir)?;
        // A clock that was set back would put it before what was taken already.
        let last = names
            .last()
            .and_then(|last| last.strip_suffix(ENDING)?.parse::<i64>().ok());
        let number = last.map_or(self.at.0, |last| self.at.0.max(last.saturating_add(1)));
        let name = format!("{number:020}{ENDING}");
        let new = dir.join(&name).with_extension("new");
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&new)?;
        for waiting in &self.waiting {
            let mut line = serde_json::to_vec(waiting)?;
            line.push(b'\n');
            file.write_all(&line)?;
        }
        if reader.is_some() {
            fchown(&file, None, reader)?;
            file.set_permissions(fs::Permissions::from_mode(0o640))?;
        }
        file.sync_all()?;
        fs::rename(&new, dir.join(&name))?;
        names.push(name);
        for old in names.iter().rev().skip(KEPT) {
            fs::remove_file(dir.join(old))?;
        }
        Ok(())
    }
}

fn runs(dir: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(dir)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(ENDING)).collect();
    names.sort();
    Ok(names)
}

/// Of a run's name, which is its moment, or later.
const ENDING: &str = ".jsonl";
/// Verdicts of one run that are told.
const MOST: usize = 200;
/// Messages of one run of which the harmless ones are told too.
const FEW: u64 = 20;
/// Runs that wait.
const KEPT: usize = 200;

#[cfg(test)]
mod tests {
    use hygie_phish::{Reason, Weighed};

    use super::*;

    fn verdict(level: Level) -> Verdict {
        let reason = Reason::FirstTime {
            address: "zoe@labo.example".to_owned(),
        };
        Verdict {
            level,
            score: 0.5,
            reasons: vec![Weighed { reason, points: 9 }],
            advice: Vec::new(),
            marks: Vec::new(),
        }
    }

    fn lines(dir: &Path) -> Vec<Waiting> {
        let all = runs(dir).unwrap();
        let text = all
            .iter()
            .map(|name| fs::read_to_string(dir.join(name)).unwrap());
        let text: String = text.collect();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn verdicts_wait_without_a_word_in_the_order_in_which_they_were_asked() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("verdicts");
        // The clock goes back in between.
        for at in [90, 50, 70] {
            let mut verdicts = Verdicts::new(Shape::Mail, Wall(at));
            verdicts.add(&verdict(Level::DangerousProbable));
            verdicts.write(&dir, None).unwrap();
        }
        let waiting = lines(&dir);
        assert_eq!(
            waiting.iter().map(|one| one.at.0).collect::<Vec<_>>(),
            [90, 50, 70]
        );
        let text = serde_json::to_string(&waiting).unwrap();
        assert!(
            text.contains("first-time") && !text.contains("labo"),
            "{text}"
        );
        assert_eq!(
            fs::metadata(&dir).unwrap().permissions().mode() & 0o777,
            0o700
        );
    }

    #[test]
    fn of_a_mailbox_what_is_to_be_looked_at_is_told() {
        let mut verdicts = Verdicts::new(Shape::Sms, Wall(1));
        for _ in 0..500 {
            verdicts.add(&verdict(Level::Safe));
        }
        verdicts.add(&verdict(Level::Doubtful));
        assert_eq!(verdicts.waiting.len(), 21);
        for _ in 0..500 {
            verdicts.add(&verdict(Level::DangerousVeryProbable));
        }
        assert_eq!(verdicts.waiting.len(), MOST);
    }

    #[test]
    fn what_nobody_takes_does_not_pile_up() {
        let dir = tempfile::tempdir().unwrap();
        for at in 0..KEPT + 5 {
            let mut verdicts = Verdicts::new(Shape::Mail, Wall(i64::try_from(at).unwrap()));
            verdicts.add(&verdict(Level::Doubtful));
            verdicts.write(dir.path(), None).unwrap();
        }
        assert_eq!(runs(dir.path()).unwrap().len(), KEPT);
    }
}
