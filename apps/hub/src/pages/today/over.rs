//! Fourteen days as a water line: flat while nothing was held, a bowl where something was. Pure; sizes are attributes and
//! colours are classes, so that the strict content policy holds. The same facts stand below it as text.

use crate::pages::{incidents::Known, when::Day};

/// A line of one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Drawing {
    pub(super) width: u64,
    pub(super) height: u64,
    /// Where words stand.
    pub(super) words: u64,
    /// The line with its bowls.
    pub(super) path: String,
    pub(super) balls: Vec<Mark>,
    pub(super) ticks: Vec<Tick>,
}

/// A ball on the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) class: &'static str,
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) r: u64,
}

/// The name of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) x: u64,
    /// Which of the days.
    pub(super) day: Day,
    pub(super) is_today: bool,
}

/// How wide a line is drawn, and how large its bowls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    width: u64,
    height: u64,
    bowl: u64,
    ball: u64,
}

/// For a wide screen.
pub(super) const WIDE: Measure = Measure {
    width: 960,
    height: 79,
    bowl: 17,
    ball: 36,
};
/// For a phone: fewer days.
pub(super) const NARROW: Measure = Measure {
    width: 350,
    height: 75,
    bowl: 13,
    ball: 32,
};

/// Draws days, the present one last.
#[must_use]
pub(super) fn drawing(days: &[Day], incidents: &[Known], measure: Measure) -> Drawing {
    let mut drawing = Drawing {
        width: measure.width,
        height: measure.height,
        words: measure.height - 8,
        path: format!("M0 {LINE}"),
        balls: Vec::new(),
        ticks: Vec::new(),
    };
    let count = days.len() as u64;
    for (at, day) in (0_u64..).zip(days) {
        let x = measure.width * (2 * at + 1) / (2 * count);
        drawing.ticks.push(Tick {
            x,
            day: *day,
            is_today: at + 1 == count,
        });
        let held: Vec<&Known> = incidents.iter().filter(|known| day.has(known.at)).collect();
        if held.is_empty() {
            continue;
        }
        let (from, to, bowl) = (x - measure.bowl, x + measure.bowl, measure.bowl);
        drawing
            .path
            .push_str(&format!("H{from}A{bowl} {bowl} 0 0 0 {to} {LINE}"));
        drawing.balls.extend(balls(&held, x, measure.ball));
    }
    drawing.path.push_str(&format!("H{}", measure.width));
    drawing
}

/// Three at most; the text tells how many there were.
fn balls(held: &[&Known], x: u64, y: u64) -> Vec<Mark> {
    let places: &[(u64, u64, u64)] = match held.len() {
        1 => &[(0, 0, 6)],
        2 => &[(7, 1, 5), (6, 1, 5)],
        _ => &[(9, 3, 4), (0, 0, 4), (9, 3, 4)],
    };
    let marks = held
        .iter()
        .zip(places)
        .enumerate()
        .map(|(at, (known, (aside, up, r)))| Mark {
            class: if known.state.is_open() { "dw" } else { "d" },
            x: if at == 0 { x - aside } else { x + aside },
            y: y - up,
            r: *r,
        });
    marks.collect()
}

const LINE: u64 = 26;

#[cfg(test)]
mod tests {
    use hygie_acts::State;
    use hygie_model::Wall;
    use hygie_text::TimeZone;

    use super::*;
    use crate::pages::when;

    const NOW: Wall = Wall(1_795_507_920_000_000_000);
    const DAY: i64 = 86_400_000_000_000;

    fn known(days_ago: i64, state: State) -> Known {
        Known {
            number: 1,
            device: None,
            page: String::new(),
            program: None,
            state,
            at: Wall(NOW.0 - days_ago * DAY),
        }
    }

    #[test]
    fn a_calm_fortnight_is_a_flat_line() {
        let days = when::days(&TimeZone::UTC, NOW, 14);
        let drawn = drawing(&days, &[], WIDE);
        assert_eq!(
            (drawn.path.as_str(), drawn.balls.len(), drawn.ticks.len()),
            ("M0 26H960", 0, 14)
        );
        let ticks: Vec<u64> = drawn.ticks.iter().map(|tick| tick.x).collect();
        assert_eq!((ticks[0], ticks[7], ticks[13]), (34, 514, 925));
        assert!(drawn.ticks[13].is_today && !drawn.ticks[12].is_today);
    }

    #[test]
    fn each_day_holds_its_own_and_no_more_than_three_balls() {
        let days = when::days(&TimeZone::UTC, NOW, 14);
        let incidents = vec![
            known(0, State::Stopped),
            known(5, State::Undone),
            known(5, State::Allowed),
            known(14, State::Undone),
        ];
        let drawn = drawing(&days, &incidents, WIDE);
        assert_eq!(drawn.path.matches('A').count(), 2);
        let classes: Vec<&str> = drawn.balls.iter().map(|ball| ball.class).collect();
        assert_eq!(classes, ["d", "d", "dw"]);
        let many = vec![known(1, State::Undone); 40];
        for measure in [WIDE, NARROW] {
            let days = &days[7..];
            let drawn = drawing(days, &many, measure);
            assert_eq!(drawn.balls.len(), 3);
            assert!(
                drawn
                    .balls
                    .iter()
                    .all(|ball| ball.x < measure.width && ball.y < measure.height)
            );
        }
    }
}
