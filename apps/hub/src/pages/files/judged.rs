//! Which version is the one to have back. Pure: versions as the guard tells them, what stopped programs did to the file, and
//! whether it is there.

use std::time::Duration;

use hygie_acts::{Incident, State};
use hygie_agent::{
    door::VersionTold,
    incidents::{DeedTold, TouchedTold},
};
use hygie_model::Wall;

/// What a stopped program did to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Harm {
    /// The incident's number.
    pub(super) incident: u64,
    /// Its first act on the file.
    pub(super) from: Wall,
    /// The program.
    pub(super) by: Option<String>,
    /// What began to be in these times is its work.
    times: Vec<(Wall, Wall)>,
}

/// What a version is to a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A stopped program wrote it.
    Harmed {
        /// The program.
        by: Option<String>,
        /// The incident's number.
        incident: u64,
    },
    /// The one to have back.
    Best,
    /// What the file holds now.
    Now,
    /// The first that was kept.
    First,
    /// Any other.
    Changed,
}

/// The answer to what somebody comes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A stopped program damaged or deleted it; since when the healthy version stood.
    Harmed { at: Wall, best: Option<Wall> },
    /// It is not there; since when its last version stood.
    Gone { best: Option<Wall> },
    /// The present state is healthy.
    Fine,
    /// Whether it is there is not known.
    Unsure,
}

impl Harm {
    /// What an incident did to a file, if it touched what the file holds.
    pub(super) fn of(incident: &Incident, touched: &TouchedTold) -> Option<Self> {
        let touches = touched.deeds.iter().any(|deed| match deed {
            DeedTold::Made | DeedTold::Changed | DeedTold::Renamed | DeedTold::Deleted => true,
            DeedTold::Linked | DeedTold::Attributes => false,
        });
        if !touches || incident.state == State::Allowed {
            return None;
        }
        let mut times = vec![(touched.at, incident.opening.stopped_at.after(SOON))];
        // A file that it had open is closed when it ends. What an undo wrote is healthy, and came later.
        if incident.state == State::EndedEvidenceKept {
            let ended = incident.state_at;
            times.push((before(ended, SOON), ended.after(SOON)));
        }
        Some(Self {
            incident: incident.id,
            from: touched.at,
            by: touched.by.first().cloned(),
            times,
        })
    }

    fn wrote(&self, version: &VersionTold) -> bool {
        self.times
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&version.since))
    }
}

/// Versions are the newest first, and so is what is said of them.
pub(super) fn judge(
    versions: &[VersionTold],
    is_there: Option<bool>,
    harms: &[Harm],
) -> (Verdict, Vec<What>) {
    let harm = |version: &VersionTold| harms.iter().find(|harm| harm.wrote(version));
    let newest = versions.first();
    let damaged = newest.and_then(&harm);
    let is_gone = is_there == Some(false);
    let last_harm = harms.iter().max_by_key(|harm| harm.from);
    let wants = damaged.is_some() || is_gone;
    let best = versions
        .iter()
        .position(|version| version.kept && harm(version).is_none())
        .filter(|_| wants);
    let since = best
        .and_then(|at| versions.get(at))
        .map(|version| version.since);
    let verdict = match (damaged, is_gone, is_there) {
        (Some(harm), _, _) => Verdict::Harmed {
            at: harm.from,
            best: since,
        },
        // Nothing of it came after: the stopped program took it away.
        (None, true, _) => {
            match last_harm.filter(|harm| newest.is_none_or(|newest| newest.since <= harm.from)) {
                Some(harm) => Verdict::Harmed {
                    at: harm.from,
                    best: since,
                },
                None => Verdict::Gone { best: since },
            }
        }
        (None, false, Some(_)) => Verdict::Fine,
        (None, false, None) => Verdict::Unsure,
    };
    let what = versions.iter().enumerate().map(|(at, version)| {
        if let Some(harm) = harm(version) {
            return What::Harmed {
                by: harm.by.clone(),
                incident: harm.incident,
            };
        }
        match at {
            at if best == Some(at) => What::Best,
            0 if is_there == Some(true) => What::Now,
            at if at + 1 == versions.len() => What::First,
            _ => What::Changed,
        }
    });
    (verdict, what.collect())
}

fn before(at: Wall, time: Duration) -> Wall {
    Wall(at.0.saturating_sub(i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)))
}

/// Between an act and what is noted of it.
const SOON: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    fn version(number: i64, since: i64) -> VersionTold {
        VersionTold {
            number,
            name: String::new(),
            since: Wall(since * 1_000_000_000),
            kept_at: Wall(since * 1_000_000_000),
            bytes: 1,
            kept: true,
            names: Vec::new(),
        }
    }

    fn harm(from: i64, to: i64) -> Harm {
        Harm {
            incident: 3,
            from: Wall(from * 1_000_000_000),
            by: None,
            times: vec![(Wall(from * 1_000_000_000), Wall(to * 1_000_000_000))],
        }
    }

    fn told(what: &[What]) -> String {
        let signs = what.iter().map(|what| match what {
            What::Harmed { .. } => 'x',
            What::Best => 'B',
            What::Now => 'n',
            What::First => '1',
            What::Changed => '.',
        });
        signs.collect()
    }

    fn at(seconds: i64) -> Wall {
        Wall(seconds * 1_000_000_000)
    }

    #[test]
    fn the_newest_before_the_damage_is_the_one() {
        let all = [
            version(4, 40),
            version(3, 30),
            version(2, 20),
            version(1, 10),
        ];
        let (verdict, what) = judge(&all, Some(true), &[harm(39, 41)]);
        assert_eq!(
            verdict,
            Verdict::Harmed {
                at: at(39),
                best: Some(at(30))
            }
        );
        assert_eq!(told(&what), "xB.1");
        // Damaged twice in one attack.
        let (verdict, what) = judge(&all, Some(true), &[harm(25, 50)]);
        assert_eq!(
            verdict,
            Verdict::Harmed {
                at: at(25),
                best: Some(at(20))
            }
        );
        assert_eq!(told(&what), "xxB1");
    }

    #[test]
    fn after_an_undo_there_is_nothing_to_do() {
        let all = [version(4, 60), version(3, 40), version(2, 20)];
        let (verdict, what) = judge(&all, Some(true), &[harm(39, 41)]);
        assert_eq!(verdict, Verdict::Fine);
        assert_eq!(told(&what), "nx1");
    }

    #[test]
    fn a_version_that_is_not_kept_is_no_advice() {
        let mut all = [version(3, 40), version(2, 30), version(1, 20)];
        all[1].kept = false;
        let (verdict, what) = judge(&all, Some(true), &[harm(39, 41)]);
        assert_eq!(
            verdict,
            Verdict::Harmed {
                at: at(39),
                best: Some(at(20))
            }
        );
        assert_eq!(told(&what), "x.B");
        let (verdict, what) = judge(&all[..1], Some(true), &[harm(39, 41)]);
        assert_eq!(
            verdict,
            Verdict::Harmed {
                at: at(39),
                best: None
            }
        );
        assert_eq!(told(&what), "x");
    }

    #[test]
    fn what_is_gone_comes_back_as_it_was_last() {
        let all = [version(2, 30), version(1, 20)];
        let (verdict, what) = judge(&all, Some(false), &[]);
        assert_eq!(verdict, Verdict::Gone { best: Some(at(30)) });
        assert_eq!(told(&what), "B1");
        // A stopped program deleted it.
        let (verdict, what) = judge(&all, Some(false), &[harm(39, 41)]);
        assert_eq!(
            verdict,
            Verdict::Harmed {
                at: at(39),
                best: Some(at(30))
            }
        );
        assert_eq!(told(&what), "B1");
        // It had been damaged and given back long before somebody deleted it.
        let (verdict, _) = judge(&all, Some(false), &[harm(24, 25)]);
        assert_eq!(verdict, Verdict::Gone { best: Some(at(30)) });
        assert_eq!(judge(&[], Some(false), &[]).0, Verdict::Gone { best: None });
    }

    #[test]
    fn where_it_is_not_known_whether_it_is_there_nothing_is_advised() {
        let all = [version(2, 30), version(1, 20)];
        let (verdict, what) = judge(&all, None, &[]);
        assert_eq!((verdict, told(&what).as_str()), (Verdict::Unsure, ".1"));
        assert_eq!(told(&judge(&all[..1], Some(true), &[]).1), "n");
    }
}
