//! What happened, moment by moment, and how many files each second took.

use hygie_acts::{Incident, State};
use hygie_model::Wall;
use hygie_text::{Args, console::Incidents};

use super::{
    bars::{Bar, bars},
    details::Details,
};
use crate::{pages::when, web::visitor::Visitor};

/// A moment of the story.
pub(super) struct Line {
    pub(super) stamp: String,
    pub(super) clock: String,
    pub(super) said: Option<String>,
    /// What Hygie did.
    pub(super) me: Option<String>,
}

/// The chart of the seconds.
pub(super) struct Chart {
    pub(super) label: String,
    pub(super) about: String,
    pub(super) bars: Vec<ChartBar>,
}

/// One bar.
pub(super) struct ChartBar {
    pub(super) bar: Bar,
    pub(super) tick: String,
}

/// From the first damage to where it stands now.
pub(super) fn story(visitor: &Visitor, incident: &Incident, details: &Details) -> Vec<Line> {
    let speech = &visitor.speech;
    let opening = &incident.opening;
    let line = |at: Wall, said: Option<String>, me: Option<String>| Line {
        stamp: when::stamp(at),
        clock: when::clock(&visitor.hub.zone, at),
        said,
        me,
    };
    let touched = details
        .touched()
        .map(|files| speech.say(Incidents::StoryStopped, &Args::new().count("files", files)));
    // Not where the guard itself says that some state is not there.
    let is_kept = details.plan.as_ref().is_none_or(|plan| !plan.has_lost());
    let kept = is_kept.then(|| speech.word(Incidents::StoryFirstMe));
    let mut story = vec![
        line(
            opening.first_harm,
            Some(speech.word(Incidents::StoryFirst)),
            kept,
        ),
        line(
            opening.stopped_at,
            touched,
            Some(speech.word(Incidents::StoryStoppedMe)),
        ),
    ];
    let at = Args::new().moment("at", incident.state_at);
    let (said, me) = match incident.state {
        State::Stopped => (None, None),
        State::EndedEvidenceKept => (Some(Incidents::StoryEnded), None),
        State::Undone => (None, Some(Incidents::StoryUndone)),
        State::Allowed => (Some(Incidents::StoryAllowed), None),
    };
    if said.is_some() || me.is_some() {
        let [said, me] = [said, me].map(|id| id.map(|id| speech.say(id, &at)));
        story.push(line(incident.state_at, said, me));
    }
    story
}

/// Draws the seconds; nothing where no file is told.
pub(super) fn chart(visitor: &Visitor, incident: &Incident, details: &Details) -> Option<Chart> {
    let (speech, zone) = (&visitor.speech, &visitor.hub.zone);
    let told = details.told.as_ref()?;
    let times: Vec<Wall> = told.files.iter().map(|file| file.at).collect();
    let drawn = bars(&times, incident.opening.stopped_at)?;
    let counts: Vec<String> = drawn.bars.iter().map(|bar| bar.count.to_string()).collect();
    let from = drawn.bars.first().map(|bar| when::clock(zone, bar.at))?;
    let label = Args::new()
        .nested("counts", counts.join(", "))
        .nested("from", from)
        .nested("stopped", when::clock(zone, incident.opening.stopped_at));
    let about = Args::new()
        .count("seconds", drawn.seconds)
        .count("files", times.len() as u64);
    let tick = |at: Wall| {
        let clock = when::clock(zone, at);
        let skipped = if drawn.seconds == 1 { 5 } else { 3 };
        clock.get(skipped..).unwrap_or_default().to_owned()
    };
    let bars = drawn.bars.iter().map(|bar| ChartBar {
        tick: tick(bar.at),
        bar: bar.clone(),
    });
    Some(Chart {
        label: speech.say(Incidents::BarsLabel, &label),
        about: speech.say(Incidents::BarsAbout, &about),
        bars: bars.collect(),
    })
}
