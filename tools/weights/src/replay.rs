//! Plays a trace to the engine and notes when it stops it, or how near it came.

use std::collections::HashSet;

use hygie_guard::harm::{Deed, Figures, Group, Harm, Reason, STOP, Twin, Verdict, Weights};

use hygie_model::FileId;

use crate::trace::{Event, Label, OwnAct, Trace};

/// What became of a trace.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How many files had lost a state or a name when it was stopped, the last one included.
    pub stopped_after: Option<usize>,
    /// Who was stopped.
    pub group: Option<Group>,
    /// The highest score of any group, in thousandths of its bound.
    pub highest: u32,
    /// What it was made of.
    pub reasons: Vec<Reason>,
    /// How many files the trace touches in all.
    pub touched: usize,
}

/// Plays a trace with these weights.
#[must_use]
pub fn play(trace: &Trace, weights: Weights) -> Outcome {
    let mut harm = Harm::new(weights, STOP);
    let mut touched = Touched::default();
    let mut outcome = Outcome {
        stopped_after: None,
        group: None,
        highest: 0,
        reasons: Vec::new(),
        touched: 0,
    };
    for (now, event) in heard(trace) {
        event.tell(&mut harm, *now);
        if let Event::Act(act) = event {
            touched.add(act);
        }
        for group in harm.groups() {
            let share = harm.score(group) * 1000 / harm.bound(group);
            if share > outcome.highest && outcome.stopped_after.is_none() {
                outcome.highest = share;
                outcome.reasons = harm.reasons(group);
            }
        }
        while let Some(verdict) = harm.poll_action() {
            if let (Verdict::Stop(suspicion), None) = (verdict, outcome.stopped_after) {
                outcome.stopped_after = Some(touched.files.len());
                outcome.group = Some(suspicion.group);
            }
        }
    }
    outcome.touched = touched.files.len();
    outcome
}

/// What each group showed at one moment; its share of the bound in hundredths comes first.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Files touched so far.
    pub touched: usize,
    /// Each group's bound (hundredths of a family's) and figures.
    pub groups: Vec<(Group, u32, Figures)>,
}

/// What was seen after each act, without stopping anybody.
#[must_use]
pub fn watch(trace: &Trace) -> Vec<Moment> {
    let mut harm = Harm::new(Weights([0; 20]), STOP);
    let mut touched = Touched::default();
    let mut moments = Vec::new();
    for (now, event) in heard(trace) {
        event.tell(&mut harm, *now);
        let Event::Act(act) = event else { continue };
        touched.add(act);
        let mut groups: Vec<_> = harm
            .groups()
            .map(|group| (group, harm.bound(group) * 100 / STOP, harm.figures(group)))
            .filter(|(_, _, figures)| figures.0.iter().any(|&one| one > 0))
            .collect();
        groups.sort_unstable_by_key(|(group, ..)| *group);
        moments.push(Moment {
            touched: touched.files.len(),
            groups,
        });
    }
    moments
}

/// Readers of a file at rest pass its lease unseen, so attacks are judged as if nobody had seen them read,
/// look-alikes as if everybody had.
fn heard(trace: &Trace) -> impl Iterator<Item = &(hygie_model::Mono, Event)> {
    let deaf = trace.label == Label::Harmful;
    let read =
        |event: &Event| matches!(event, Event::Act(act) if matches!(act.deed, Deed::Read(_)));
    trace
        .events
        .iter()
        .filter(move |(_, event)| !(deaf && read(event)))
}

/// Files that lost a state or a name. One that was copied before and deleted then was only moved; one whose content
/// stands in another file lost nothing.
#[derive(Default)]
struct Touched {
    files: HashSet<FileId>,
    copies: HashSet<u64>,
}

impl Touched {
    fn add(&mut self, act: &OwnAct) {
        match act.deed {
            Deed::Made(facts) => {
                self.copies.insert(facts.gist);
            }
            Deed::Deleted(_, _, Twin::Stands) => {}
            Deed::Deleted(facts, ..) if self.copies.contains(&facts.gist) => {}
            Deed::Read(_) | Deed::Changed(_) | Deed::Deleted(..) | Deed::Renamed { .. } => {
                self.files.extend(act.touched());
            }
        }
    }
}
