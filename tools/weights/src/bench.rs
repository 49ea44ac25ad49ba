//! What an event costs the engine, and a byte the sketch.
//! Told, never asserted: times belong to a machine.

use std::time::Instant;

use hygie_entropy::Sketch;
use hygie_guard::harm::Harm;

use crate::trace::Trace;

/// One line for each measurement.
#[must_use]
pub fn run(traces: &[Trace]) -> Vec<String> {
    let events: usize = traces.iter().map(|trace| trace.events.len()).sum();
    let begin = Instant::now();
    for _ in 0..ROUNDS {
        for trace in traces {
            let mut harm = Harm::default();
            for (now, event) in &trace.events {
                event.tell(&mut harm, *now);
                while std::hint::black_box(harm.poll_action()).is_some() {}
            }
        }
    }
    let each = begin.elapsed().as_nanos() / (events * ROUNDS).max(1) as u128;
    let bytes: Vec<u8> = (0..4_u32 << 20)
        .map(|index| (index.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0])
        .collect();
    let begin = Instant::now();
    for _ in 0..ROUNDS {
        std::hint::black_box(Sketch::of(&bytes));
    }
    let rate = bytes.len() as u128 * ROUNDS as u128 * 1000 / begin.elapsed().as_nanos().max(1);
    vec![
        format!(
            "engine: {each} ns an event ({events} events of {} traces)",
            traces.len()
        ),
        format!("sketch: {rate} MB/s"),
    ]
}

const ROUNDS: usize = 20;
