//! What a drill shows: a line or two for each attack, then the table; for scripts a line each and a sum.

use hygie_cage::Difference;
use hygie_text::{Args, Id, spent};
use serde_json::{Value, json};

use super::{
    guard::Settled,
    trial::{Ended, Stage, Trial},
    tries::Try,
};
use crate::{
    commands::Context,
    screen::{Exit, Form, path_fields},
};

/// One line of the table.
pub(crate) struct Row {
    pub(crate) tried: Try,
    pub(crate) outcome: Outcome,
}

/// What became of one attack.
pub(crate) enum Outcome {
    /// It was tried.
    Done(Trial),
    /// A program that it needs is missing.
    Absent(String),
    /// The try itself went wrong, for this reason.
    Broken(String),
}

impl Row {
    fn exit(&self) -> Exit {
        match &self.outcome {
            Outcome::Absent(_) => Exit::Good,
            Outcome::Broken(_) => Exit::Failed,
            Outcome::Done(trial) if trial.lost > 0 => Exit::Lost,
            Outcome::Done(trial) if trial.is_whole() => Exit::Good,
            Outcome::Done(_) => Exit::Partial,
        }
    }
}

/// Says how far the trial is, on a line that goes again.
pub(crate) fn stage(context: &Context<'_>, tried: Try, number: u64, tries: u64, stage: Stage) {
    let screen = context.screen;
    let args = Args::new()
        .count("number", number)
        .count("tries", tries)
        .nested("what", what(context, tried));
    let id = match stage {
        Stage::Preparing => Id::DrillPreparing,
        Stage::Attacking => Id::DrillAttacking,
        Stage::Undoing => Id::DrillUndoing,
    };
    screen.passing(id, &args);
}

/// Tells one outcome.
pub(crate) fn row(context: &Context<'_>, row: &Row, number: u64, tries: u64) {
    let screen = context.screen;
    screen.wipe();
    let args = Args::new().count("number", number).count("tries", tries);
    let args = args.nested("what", what(context, row.tried));
    screen.say(Id::DrillTried, &args);
    let trial = match &row.outcome {
        Outcome::Done(trial) => trial,
        Outcome::Absent(program) => {
            let args = Args::new().text("program", program);
            indented(context, Id::DrillAbsent, &args);
            screen.json(
                "drill",
                json!({ "scenario": row.tried.name, "result": "not-tried", "missing": program }),
            );
            return;
        }
        Outcome::Broken(reason) => {
            let args = Args::new().text("reason", reason);
            indented(context, Id::DrillBroken, &args);
            screen.json(
                "drill",
                json!({ "scenario": row.tried.name, "result": "broken", "reason": reason }),
            );
            return;
        }
    };
    sentences(context, trial);
    screen.json("drill", fields(row.tried, trial));
}

fn sentences(context: &Context<'_>, trial: &Trial) {
    if trial.is_idle() {
        return indented(context, Id::DrillIdle, &Args::new());
    }
    let args = Args::new()
        .count("files", trial.changed as u64)
        .count("all", trial.files as u64);
    match trial.stop {
        Some(time) => {
            let id = match trial.ended {
                Ended::No => Id::DrillStopped,
                Ended::Yes => Id::DrillLate,
            };
            indented(context, id, &args.spent("spent", time));
        }
        None => indented(context, Id::DrillMissed, &args),
    }
    let points = trial.differences.len() as u64;
    if trial.lost > 0 {
        let args = Args::new().count("files", trial.lost as u64);
        indented(context, Id::DrillLost, &args);
    } else if points > 0 {
        indented(
            context,
            Id::DrillNotWhole,
            &Args::new().count("points", points),
        );
    } else {
        indented(context, Id::DrillWhole, &Args::new());
    }
    if trial.by_restore > 0 {
        let args = Args::new().count("files", trial.by_restore as u64);
        indented(context, Id::DrillByRestore, &args);
    }
    for difference in trial.differences.iter().take(SHOWN) {
        let (id, path, args) = match difference {
            Difference::Gone(path) => (Id::DrillGone, path, Args::new()),
            Difference::New(path) => (Id::DrillExtra, path, Args::new()),
            Difference::Changed(path, fields) => {
                let names: Vec<_> = fields.iter().map(|(name, _, _)| *name).collect();
                let args = Args::new().text("fields", &names.join(", "));
                (Id::DrillOther, path, args)
            }
        };
        indented(context, id, &args.path("path", path));
    }
    let more = trial.differences.len().saturating_sub(SHOWN) as u64;
    if more > 0 {
        indented(context, Id::DrillMore, &Args::new().count("points", more));
    }
}

fn indented(context: &Context<'_>, id: Id, args: &Args) {
    let screen = context.screen;
    if screen.form() == Form::Words {
        println!("   {}", screen.catalog().say(id, args));
    }
}

fn what(context: &Context<'_>, tried: Try) -> String {
    context.screen.catalog().say(tried.words, &Args::new())
}

fn fields(tried: Try, trial: &Trial) -> Value {
    let result = match (trial.is_idle(), trial.stop, trial.ended) {
        (true, _, _) => "idle",
        (_, Some(_), Ended::No) => "stopped",
        (_, Some(_), Ended::Yes) => "stopped-late",
        (_, None, _) => "not-stopped",
    };
    let differences: Vec<Value> = trial
        .differences
        .iter()
        .take(LISTED)
        .map(|difference| {
            let (how, path) = match difference {
                Difference::Gone(path) => ("gone", path),
                Difference::New(path) => ("left-over", path),
                Difference::Changed(path, _) => ("changed", path),
            };
            let mut fields = path_fields(path);
            fields.insert("how".into(), how.into());
            fields.insert("said".into(), difference.to_string().into());
            Value::Object(fields)
        })
        .collect();
    json!({
        "scenario": tried.name,
        "result": result,
        "files": trial.files,
        "touched": trial.touched,
        "changed": trial.changed,
        "lost": trial.lost,
        "restored": trial.restored,
        "by_restore": trial.by_restore,
        "incidents": trial.incidents,
        "stopped_after_ms": trial.stop.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
        "verified": trial.differences.is_empty(),
        "trouble": trial.trouble,
        "settled": trial.settled == Settled::Yes,
        "differences": trial.differences.len(),
        "first_differences": differences,
    })
}

/// Prints the table and what it comes to.
pub(crate) fn end(context: &Context<'_>, rows: &[Row]) -> Exit {
    table(context, rows);
    let screen = context.screen;
    let done: Vec<&Trial> = rows
        .iter()
        .filter_map(|row| match &row.outcome {
            Outcome::Done(trial) => Some(trial),
            Outcome::Absent(_) | Outcome::Broken(_) => None,
        })
        .collect();
    let is_absent = |row: &&Row| matches!(row.outcome, Outcome::Absent(_));
    let absent = rows.iter().filter(is_absent).count() as u64;
    let (tried, broken) = (done.len() as u64, (rows.len() - done.len()) as u64 - absent);
    let in_time = |trial: &&&Trial| trial.stop.is_some() && trial.ended == Ended::No;
    let stopped = done.iter().filter(in_time).count();
    let verified = done
        .iter()
        .filter(|trial| trial.differences.is_empty())
        .count();
    let good = done.iter().filter(|trial| trial.is_whole()).count() as u64;
    let lost: usize = done.iter().map(|trial| trial.lost).sum();
    let worst = rows.iter().map(Row::exit).max().unwrap_or(Exit::Failed);
    let exit = if tried == 0 { Exit::Failed } else { worst };
    match exit {
        Exit::Good => screen.say(Id::DrillAllGood, &Args::new().count("tries", tried)),
        Exit::Partial => screen.say(
            Id::DrillSomeGood,
            &Args::new().count("good", good).count("tries", tried),
        ),
        Exit::Lost => screen.say(Id::DrillSomeLost, &Args::new().count("files", lost as u64)),
        Exit::Failed => {}
    }
    if broken > 0 {
        screen.say(Id::DrillSomeBroken, &Args::new().count("tries", broken));
    }
    if absent > 0 {
        screen.say(Id::DrillNotTried, &Args::new().count("tries", absent));
    }
    screen.json(
        "drill.summary",
        json!({
            "tried": tried,
            "not_tried": absent,
            "broken": broken,
            "stopped": stopped,
            "verified": verified,
            "whole": good,
            "lost": lost,
        }),
    );
    exit
}

fn table(context: &Context<'_>, rows: &[Row]) {
    let screen = context.screen;
    if screen.form() != Form::Words || rows.is_empty() {
        return;
    }
    let say = |id| screen.catalog().say(id, &Args::new());
    let head = [
        Id::DrillColTry,
        Id::DrillColTouched,
        Id::DrillColChanged,
        Id::DrillColLost,
        Id::DrillColRestored,
        Id::DrillColTime,
        Id::DrillColVerified,
    ];
    let mut lines = vec![head.map(say)];
    lines.extend(rows.iter().map(|row| cells(context, row)));
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    println!();
    for line in &lines {
        let mut text = String::new();
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
            // Words to the left, numbers to the right.
            let (before, after) = if column == 0 {
                ("", gap.as_str())
            } else {
                (gap.as_str(), "")
            };
            text.push_str(&format!("{before}{cell}{after}  "));
        }
        println!("{}", text.trim_end());
    }
    println!();
}

fn cells(context: &Context<'_>, row: &Row) -> [String; 7] {
    let catalog = context.screen.catalog();
    let say = |id| catalog.say(id, &Args::new());
    let what = what(context, row.tried);
    let trial = match &row.outcome {
        Outcome::Done(trial) => trial,
        other @ (Outcome::Absent(_) | Outcome::Broken(_)) => {
            let why = if matches!(other, Outcome::Absent(_)) {
                Id::DrillAbsentCell
            } else {
                Id::DrillBrokenCell
            };
            let [none, nil, zero, nought, blank] = [const { String::new() }; 5];
            return [what, none, nil, zero, nought, say(why), blank];
        }
    };
    let time = trial.stop.map_or_else(
        || say(Id::DrillNever),
        |time| spent(catalog.language(), time),
    );
    let verified = if trial.differences.is_empty() {
        Id::DrillYes
    } else {
        Id::DrillNo
    };
    let number = |count: usize| hygie_text::count(catalog.language(), count as u64);
    [
        what,
        number(trial.touched),
        number(trial.changed),
        number(trial.lost),
        number(trial.restored),
        time,
        say(verified),
    ]
}

/// Differences shown to people, and to scripts.
const SHOWN: usize = 5;
const LISTED: usize = 100;
