//! Which file is first, and how long until the next.

use std::time::Duration;

use super::Signal::{Breadth, Dissimilarity, Entropy, FileType, Pace};
use super::{CLASSES, Order, Plan, Scenario, class_of, content, count};
use crate::cipher::Pattern;
use crate::noise::Noise;
use crate::report::Failure;
use crate::run::{Run, Victim};

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "largest-first",
        "encrypts the largest files first",
        &[Entropy, FileType, Dissimilarity],
        Plan::InPlace(Order::Largest, Pattern::Whole),
    ),
    Scenario::new(
        "smallest-first",
        "encrypts the smallest files first: many are gone before much was written",
        &[Entropy, FileType, Pace],
        Plan::InPlace(Order::Smallest, Pattern::Whole),
    ),
    Scenario::new(
        "newest-first",
        "encrypts first what was written last",
        &[Entropy, FileType, Breadth],
        Plan::InPlace(Order::Newest, Pattern::Whole),
    ),
    Scenario::new(
        "random-order",
        "encrypts files of all folders in a random order",
        &[Entropy, FileType, Breadth],
        Plan::InPlace(Order::Random, Pattern::Whole),
    ),
    Scenario::new(
        "by-class",
        "encrypts databases first, then documents, tables, mail, images and the rest",
        &[Entropy, FileType, Breadth],
        Plan::InPlace(Order::Class, Pattern::Whole),
    ),
    Scenario::new(
        "slow",
        "encrypts one file a minute in a random order (--speed-up makes the minute shorter)",
        &[Entropy, FileType, Dissimilarity, Breadth],
        Plan::Whole(slow),
    ),
];

/// The victims in an order; equal ones as they were walked.
pub(super) fn sorted<'r>(run: &'r Run<'_>, order: Order) -> Vec<&'r Victim> {
    let mut victims: Vec<&Victim> = run.victims.iter().collect();
    match order {
        Order::Walk => {}
        Order::Largest => victims.sort_by_key(|victim| std::cmp::Reverse(victim.size)),
        Order::Smallest => victims.sort_by_key(|victim| victim.size),
        Order::Newest => victims.sort_by_key(|victim| std::cmp::Reverse(victim.written)),
        Order::Random => {
            victims.sort_by_cached_key(|victim| Noise::new(run.limits.seed, victim.number).next())
        }
        Order::Class => victims.sort_by_cached_key(|victim| {
            let class = class_of(&victim.path);
            CLASSES
                .iter()
                .position(|(known, _)| *known == class)
                .unwrap_or(CLASSES.len())
        }),
    }
    victims
}

/// The pause is real; only its length is a parameter.
fn slow(run: &Run<'_>) -> Result<(), Failure> {
    let pause = MINUTE / run.limits.speed_up.max(1);
    for (number, victim) in sorted(run, Order::Random).into_iter().enumerate() {
        if number > 0 {
            std::thread::sleep(pause);
        }
        count(run, victim, content::whole(run, victim));
    }
    Ok(())
}

const MINUTE: Duration = Duration::from_secs(60);
