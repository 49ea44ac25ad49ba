//! Which signals of a batch are new, and which stand beyond a gap: pure, from the number up to which all is kept.
//! A device's numbers grow by one, so that one number says what is kept.

use super::{NewSignal, Stored};
use crate::Seq;

/// What to do with a batch.
pub(super) struct Plan<'s> {
    /// To be kept, in order, each next to the one before.
    pub(super) new: Vec<&'s NewSignal>,
    /// The newest that was kept before, to be compared with what was kept.
    pub(super) replayed: Option<&'s NewSignal>,
    /// What to answer once it is durable.
    pub(super) stored: Stored,
}

/// Sorts a batch after everything up to `kept` is there.
pub(super) fn plan(kept: Seq, signals: &[NewSignal]) -> Plan<'_> {
    let mut signals: Vec<&NewSignal> = signals.iter().collect();
    signals.sort_by_key(|signal| signal.seq);
    let mut upto = kept;
    let mut new = Vec::new();
    let mut replayed = None;
    let mut beyond = None;
    for signal in signals {
        if signal.seq <= kept {
            replayed = Some(signal);
        } else if signal.seq.0 == upto.0 + 1 {
            upto = signal.seq;
            new.push(signal);
        } else if signal.seq > upto {
            beyond = Some(signal.seq);
            break;
        }
    }
    let stored = Stored {
        upto,
        new: new.len() as u64,
        beyond,
    };
    Plan {
        new,
        replayed,
        stored,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Json;
    use hygie_model::Wall;

    /// Numbers kept, of which new, the replay to compare, and the first beyond.
    fn planned(kept: u64, seqs: &[u64]) -> (u64, Vec<u64>, Option<u64>, Option<u64>) {
        let signals: Vec<NewSignal> = seqs
            .iter()
            .map(|&seq| NewSignal {
                seq: Seq(seq),
                at: Wall(0),
                kind: "k".to_owned(),
                body: Json::empty(),
            })
            .collect();
        let plan = plan(Seq(kept), &signals);
        (
            plan.stored.upto.0,
            plan.new.iter().map(|it| it.seq.0).collect(),
            plan.replayed.map(|it| it.seq.0),
            plan.stored.beyond.map(|it| it.0),
        )
    }

    #[test]
    fn what_follows_is_new() {
        assert_eq!(planned(0, &[1, 2, 3]), (3, vec![1, 2, 3], None, None));
        assert_eq!(planned(2, &[4, 3]), (4, vec![3, 4], None, None));
        assert_eq!(planned(2, &[]), (2, vec![], None, None));
    }

    #[test]
    fn what_was_sent_before_is_not() {
        assert_eq!(planned(3, &[1, 2, 3]), (3, vec![], Some(3), None));
        assert_eq!(planned(2, &[2, 3, 3]), (3, vec![3], Some(2), None));
        assert_eq!(planned(9, &[0]), (9, vec![], Some(0), None));
    }

    #[test]
    fn what_stands_beyond_a_gap_waits() {
        assert_eq!(planned(0, &[2]), (0, vec![], None, Some(2)));
        assert_eq!(planned(1, &[2, 4, 5]), (2, vec![2], None, Some(4)));
    }
}
