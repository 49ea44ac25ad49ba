//! What a page says of one incident: sentences, counts and lines, from what the guard told. Decides nothing but words.

use std::time::Duration;

use hygie_acts::{Incident, State};
use hygie_agent::incidents::{SideTold, Trouble, UndoTold, words};
use hygie_identity::Act;
use hygie_text::{Args, Id, console::Incidents, shown};

use super::{
    ball,
    details::{Details, Shown},
    files::{Files, files},
    story::{Chart, Line, chart, story},
};
use crate::{pages::bowl::Bowl, web::visitor::Visitor};

/// All of the page.
pub(super) struct Told {
    pub(super) bowl: String,
    pub(super) sentence: String,
    pub(super) second: Option<String>,
    pub(super) about: String,
    pub(super) still: String,
    pub(super) way: Way,
    pub(super) plan: Vec<String>,
    pub(super) problems: Option<Problems>,
    /// Whether it may be recognised as wanted, and by whom.
    pub(super) wanted: Wanted,
    pub(super) story: Vec<Line>,
    pub(super) chart: Option<Chart>,
    pub(super) why: String,
    pub(super) reasons: Vec<String>,
    pub(super) programs: Vec<String>,
    pub(super) files: Option<Files>,
    /// It waits for a person.
    pub(super) waits: bool,
}

/// The one thing that can be done about it.
pub(super) enum Way {
    /// Have it undone; the card's title.
    Undo(String),
    /// Others may have it undone.
    UndoByOthers,
    /// Take the undo back.
    Redo,
    /// Take the permission back.
    Revoke,
    /// Nothing.
    None,
}

/// Who may say that the program was wanted.
pub(super) enum Wanted {
    /// This person, on a page of its own.
    Here,
    /// Others.
    ByOthers,
    /// It is settled, or this role sees states only.
    No,
}

/// What did not or will not come back, and what has a second name.
pub(super) struct Problems {
    pub(super) title: String,
    pub(super) lines: Vec<String>,
}

/// Puts it into words.
pub(super) fn told(
    visitor: &Visitor,
    (incident, details): (&Incident, &Details),
    is_allowed: bool,
    shown_files: Shown,
) -> Told {
    let speech = &visitor.speech;
    let plan = details.plan.as_ref();
    let (sentence, second) = sentences(visitor, incident.state, plan);
    let spent = Args::new().spent("spent", spent(incident));
    let lines = plan.map(words::counts).unwrap_or_default();
    Told {
        bowl: bowl(incident.state).svg(),
        sentence,
        second,
        about: about(visitor, incident, details),
        still: speech.word(match incident.state {
            State::Stopped => Incidents::StillStopped,
            State::EndedEvidenceKept => Incidents::StillEnded,
            State::Undone => Incidents::StillUndone,
            State::Allowed => Incidents::StillAllowed,
        }),
        way: way(visitor, incident.state, is_allowed, details),
        plan: lines
            .iter()
            .map(|(id, args)| speech.say(*id, args))
            .collect(),
        problems: plan.and_then(|plan| problems(visitor, plan)),
        wanted: wanted(visitor, incident),
        story: story(visitor, incident, details),
        chart: chart(visitor, incident, details),
        why: speech.say(Incidents::WhyAbout, &spent),
        reasons: reasons(visitor, incident),
        programs: programs(incident),
        files: files(visitor, (incident, details), shown_files),
        waits: incident.state.is_open(),
    }
}

fn bowl(state: State) -> Bowl {
    Bowl::Held(vec![ball(state)])
}

fn sentences(visitor: &Visitor, state: State, plan: Option<&UndoTold>) -> (String, Option<String>) {
    let speech = &visitor.speech;
    let lost = plan.map_or(0, |plan| {
        plan.problems.iter().filter(|side| is_lost(side)).count()
    });
    let held = match (plan, lost) {
        (Some(_), 0) => speech.word(Incidents::NothingLost),
        (None, _) => speech.word(Incidents::Kept),
        (Some(_), lost) => speech.say(
            Incidents::SomeLost,
            &Args::new().count("files", lost as u64),
        ),
    };
    let points = plan.map_or(0, |plan| plan.problems.len() as u64);
    match state {
        State::Stopped => (speech.word(Incidents::Stopped), Some(held)),
        State::EndedEvidenceKept => (speech.word(Incidents::Ended), Some(held)),
        State::Undone if points > 0 => {
            let points = Args::new().count("points", points);
            (speech.say(Incidents::UndoneBut, &points), None)
        }
        State::Undone => {
            let second = speech.word(Incidents::UndoneSecond);
            (speech.word(Incidents::Undone), Some(second))
        }
        State::Allowed => {
            let second = speech.word(Incidents::AllowedSecond);
            (speech.word(Incidents::Allowed), Some(second))
        }
    }
}

fn is_lost(side: &SideTold) -> bool {
    matches!(side.why, Some(Trouble::NotKept | Trouble::Damaged))
}

fn about(visitor: &Visitor, incident: &Incident, details: &Details) -> String {
    let speech = &visitor.speech;
    let opening = &incident.opening;
    let at = Args::new().moment("at", opening.stopped_at);
    let first = match words::program(incident) {
        Some(program) => speech.say(Incidents::About, &at.text("program", program)),
        None => speech.say(Incidents::AboutUnnamed, &at),
    };
    let second = match details.touched() {
        Some(files) => {
            let args = Args::new()
                .count("files", files)
                .spent("spent", spent(incident));
            speech.say(Incidents::Touched, &args)
        }
        None => {
            let counts = &opening.counts;
            let args = Args::new()
                .count("changed", counts.changed)
                .count("deleted", counts.deleted)
                .count("renamed", counts.renamed)
                .count("made", counts.made);
            speech.say(Incidents::Counts, &args)
        }
    };
    format!("{first} {second}")
}

/// From the first damage to the stop.
fn spent(incident: &Incident) -> Duration {
    let opening = &incident.opening;
    let nanos = opening.stopped_at.0.saturating_sub(opening.first_harm.0);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
}

fn way(visitor: &Visitor, state: State, is_allowed: bool, details: &Details) -> Way {
    let may_undo = visitor.may(Act::UndoIncident);
    match state {
        State::Stopped | State::EndedEvidenceKept if may_undo => {
            Way::Undo(match details.plan.as_ref().map(|plan| plan.given_back) {
                Some(files) if files > 0 => {
                    let files = Args::new().count("files", files);
                    visitor.speech.say(Incidents::UndoTitle, &files)
                }
                Some(_) | None => visitor.speech.word(Incidents::UndoTitleSome),
            })
        }
        State::Stopped | State::EndedEvidenceKept => Way::UndoByOthers,
        State::Undone if may_undo => Way::Redo,
        // Whoever sees states only is not told which permissions are in force.
        State::Allowed
            if visitor.may(Act::EndAllowance)
                && (is_allowed || !visitor.may(Act::SeeIncidents)) =>
        {
            Way::Revoke
        }
        State::Undone | State::Allowed => Way::None,
    }
}

fn wanted(visitor: &Visitor, incident: &Incident) -> Wanted {
    if !incident.state.is_open() || !visitor.may(Act::SeeIncidents) {
        Wanted::No
    } else if visitor.may(Act::AllowIncident) {
        Wanted::Here
    } else {
        Wanted::ByOthers
    }
}

fn problems(visitor: &Visitor, plan: &UndoTold) -> Option<Problems> {
    let speech = &visitor.speech;
    let said = |side: &SideTold| {
        let reason = side.why.as_ref().map_or_else(String::new, |why| {
            let (id, args) = words::trouble(why);
            speech.say(id, &args)
        });
        let args = Args::new()
            .path("path", &side.path.0)
            .nested("reason", reason);
        speech.say(Incidents::Problem, &args)
    };
    let named = |id: Id, side: &SideTold| {
        let said = speech.explain(id, &Args::new().path("path", &side.path.0));
        [Some(said.what), said.to_do]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let beside = plan.beside.iter().map(|side| named(Id::UndoBeside, side));
    let second = plan.second.iter().map(|side| named(Id::UndoSecond, side));
    let failed = plan.problems.iter().map(said);
    let lines: Vec<String> = failed.chain(beside).chain(second).collect();
    let points = Args::new().count("points", lines.len() as u64);
    (!lines.is_empty()).then(|| Problems {
        title: speech.say(Incidents::ProblemsTitle, &points),
        lines,
    })
}

fn reasons(visitor: &Visitor, incident: &Incident) -> Vec<String> {
    let said = incident.opening.reasons.iter().map(|reason| {
        let (id, args) = words::reason(reason);
        visitor.speech.say(id, &args)
    });
    said.collect()
}

/// Each executable once.
fn programs(incident: &Incident) -> Vec<String> {
    let mut programs: Vec<String> = Vec::new();
    for member in &incident.opening.members {
        let exe = shown(&member.exe);
        if !programs.contains(&exe) {
            programs.push(exe);
        }
    }
    programs
}
