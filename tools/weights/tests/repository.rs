//! What stands in the repository follows from the traces, and the traces hold the aims.

use std::path::{Path, PathBuf};

use hygie_guard::harm::Weights;
use hygie_weights::{
    REPORT, SOURCE,
    fit::{self, Samples},
    record,
    replay::play,
    report,
    trace::{Label, Trace, load},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn traces() -> Vec<Trace> {
    load(&root().join("engines/guard/harm-traces")).expect("the repository has its traces")
}

#[test]
fn weights_and_report_follow_from_the_traces_byte_for_byte() {
    let traces = traces();
    let samples = Samples::of(&traces);
    let weights = samples.fit(None);
    assert_eq!(
        fit::source(weights),
        std::fs::read_to_string(root().join(SOURCE)).unwrap()
    );
    let lines = report::lines(&traces, &samples, weights);
    for line in &lines {
        let (name, unseen) = (&line.trace.name, &line.without);
        match line.trace.label {
            Label::Harmful => assert!(
                unseen.stopped_after.is_some_and(|files| files <= 50),
                "{name}: {unseen:?}"
            ),
            Label::Honest => assert!(unseen.stopped_after.is_none(), "{name}: {unseen:?}"),
        }
    }
    assert_eq!(
        report::markdown(&lines, weights),
        std::fs::read_to_string(root().join(REPORT)).unwrap()
    );
}

#[test]
fn each_scenario_has_its_trace() {
    let mut wanted: Vec<&str> = record::scenarios()
        .into_iter()
        .map(|one| one.name)
        .collect();
    let traces = traces();
    let mut found: Vec<&str> = traces.iter().map(|one| one.name.as_str()).collect();
    wanted.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, wanted);
}

#[test]
fn attacks_are_stopped_within_ten_files_at_the_median_and_fifty_at_the_worst() {
    let mut stops: Vec<usize> = traces()
        .iter()
        .filter(|trace| trace.label == Label::Harmful)
        .map(|trace| {
            let outcome = play(trace, Weights::default());
            outcome
                .stopped_after
                .unwrap_or_else(|| panic!("{} is never stopped", trace.name))
        })
        .collect();
    stops.sort_unstable();
    assert!(stops.len() >= 50, "{}", stops.len());
    assert!(stops[stops.len() / 2] <= 10, "{stops:?}");
    assert!(stops.last().is_some_and(|&worst| worst <= 50), "{stops:?}");
}

#[test]
fn look_alikes_stay_below_three_quarters_of_the_bound() {
    for trace in traces().iter().filter(|trace| trace.label == Label::Honest) {
        let outcome = play(trace, Weights::default());
        assert!(
            outcome.stopped_after.is_none() && outcome.highest < 750,
            "{}: {outcome:?}",
            trace.name
        );
    }
}

#[test]
fn a_trace_is_read_back_from_its_text() {
    for trace in traces() {
        let text = trace.to_text();
        assert_eq!(
            Trace::parse(&text).unwrap().to_text(),
            text,
            "{}",
            trace.name
        );
    }
}

#[test]
fn what_is_no_trace_is_refused() {
    for text in [
        "",
        "odd name what\n",
        "honest\n",
        "honest a b\n1\n",
        "honest a b\nx X 1\n",
        "honest a b\n1 Q 1 1 1 1.1.0.0\n",
        "honest a b\n1 C 1 1 1 1.1.0.9 0\n",
    ] {
        assert!(Trace::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_scenario_can_be_recorded_again() {
    let scenario = record::scenarios()
        .into_iter()
        .find(|one| one.name == "full-in-place")
        .unwrap();
    let trace = scenario.record().unwrap();
    let outcome = play(&trace, Weights::default());
    assert!(
        outcome.stopped_after.is_some_and(|files| files <= 10),
        "{outcome:?}"
    );
}
