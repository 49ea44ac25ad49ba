//! The life of a file as a drawing: a line with a bowl for each version that Hygie holds, and a ball above it where a stopped
//! program wrote. The list below says the same.

use hygie_model::Wall;
use hygie_text::{TimeZone, hour};
use jiff::Timestamp;

/// A version on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) at: Wall,
    pub(super) harmed: bool,
    /// The advised one, or the present one.
    pub(super) marked: bool,
}

/// The drawing, oldest first; `None` for less than two versions: there is no life to be drawn.
#[must_use]
pub(super) fn draw(points: &[Point], label: &str, zone: &TimeZone) -> Option<String> {
    let points = points.get(points.len().saturating_sub(MOST)..)?;
    if points.len() < 2 {
        return None;
    }
    let places = places(points);
    let (mut path, mut balls, mut words) = (String::from("M0 24"), String::new(), String::new());
    let (mut last_word, mut last_day) = (f64::MIN, String::new());
    for (point, x) in points.iter().zip(&places) {
        let r = if point.marked { 7 } else { 6 };
        if point.harmed {
            balls.push_str(&format!(
                r#"<circle class="dn" cx="{x:.0}" cy="13" r="8"/>"#
            ));
        } else {
            path.push_str(&format!("H{:.0}A16 16 0 0 0 {:.0} 24", x - 16.0, x + 16.0));
            balls.push_str(&format!(
                r#"<circle class="d" cx="{x:.0}" cy="33" r="{r}"/>"#
            ));
        }
        let day = day(point.at, zone);
        let word = if day == last_day {
            hour(point.at, zone)
        } else {
            day.clone()
        };
        if x - last_word >= APART {
            let class = if point.marked { r#" class="k""# } else { "" };
            words.push_str(&format!(
                r#"<text{class} x="{x:.0}" y="66" text-anchor="middle">{word}</text>"#
            ));
            (last_word, last_day) = (*x, day);
        }
    }
    let label = escaped(label);
    Some(format!(
        r#"<svg class="water" viewBox="0 0 900 74" role="img" aria-label="{label}"><path class="l" d="{path}H900"/>{balls}{words}</svg>"#
    ))
}

/// By their time, but never so near that one hides the other.
#[expect(
    clippy::cast_precision_loss,
    reason = "pixels of a drawing, and at most a dozen of them"
)]
fn places(points: &[Point]) -> Vec<f64> {
    let first = points.first().map_or(0, |point| point.at.0);
    let last = points.last().map_or(0, |point| point.at.0);
    let whole = (last.saturating_sub(first)).max(1) as f64;
    let by_time = points.iter().map(|point| {
        let part = point.at.0.saturating_sub(first) as f64 / whole;
        LEFT + part * (RIGHT - LEFT)
    });
    let mut places: Vec<f64> = Vec::new();
    for place in by_time {
        let nearest = places.last().map_or(LEFT, |before| before + NEAR);
        places.push(place.max(nearest));
    }
    let mut most = RIGHT;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - NEAR;
    }
    places
}

/// Day and month, alike in both languages.
fn day(at: Wall, zone: &TimeZone) -> String {
    let there = Timestamp::from_nanosecond(i128::from(at.0)).map(|stamp| zone.to_datetime(stamp));
    there.map_or_else(
        |_| String::new(),
        |there| format!("{:02}/{:02}", there.day(), there.month()),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&#38;")
        .replace('"', "&#34;")
        .replace('<', "&#60;")
}

const LEFT: f64 = 30.0;
const RIGHT: f64 = 870.0;
const NEAR: f64 = 44.0;
/// Two words stand no nearer.
const APART: f64 = 56.0;
/// The newest ones that fit.
const MOST: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn points(times: &[i64]) -> Vec<Point> {
        let point = |at: &i64| Point {
            at: Wall(*at),
            harmed: false,
            marked: false,
        };
        times.iter().map(point).collect()
    }

    #[test]
    fn none_hides_another_and_all_are_on_the_line() {
        let many: Vec<i64> = (0..40).collect();
        for times in [
            &[0, 1][..],
            &[0, 1, 2, 1_000_000],
            &[0, 999_999, 1_000_000],
            &[5, 5, 5],
            &[i64::MIN, i64::MAX],
            &many,
        ] {
            let all = points(times);
            let places = places(&all[all.len().saturating_sub(MOST)..]);
            for pair in places.windows(2) {
                assert!(pair[1] - pair[0] >= NEAR - 0.01, "{times:?}: {places:?}");
            }
            assert!(
                places.iter().all(|x| (LEFT..=RIGHT).contains(x)),
                "{times:?}: {places:?}"
            );
        }
        assert_eq!(draw(&points(&[1]), "x", &TimeZone::UTC), None);
        assert_eq!(draw(&points(&[]), "x", &TimeZone::UTC), None);
    }

    #[test]
    fn a_harmed_version_is_held_by_no_bowl() {
        let mut all = points(&[1_795_507_920_000_000_000, 1_795_594_320_000_000_000]);
        all[1].harmed = true;
        let svg = draw(&all, "a \"b\" <c>", &TimeZone::UTC).unwrap();
        assert_eq!(
            (
                svg.matches("A16 16").count(),
                svg.matches("\"dn\"").count(),
                svg.matches("\"d\"").count()
            ),
            (1, 1, 1)
        );
        assert!(svg.contains("24/11") && svg.contains("25/11"), "{svg}");
        assert!(
            svg.contains("aria-label=\"a &#34;b&#34; &#60;c>\""),
            "{svg}"
        );
        assert!(!svg.contains("style"));
    }
}
