//! The bowl of a status sentence: as many balls as things that wait, three at most; dashed where nothing is held.
//! It says nothing that the sentence beside it does not say.

/// A ball in the bowl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ball {
    /// Calm: nothing waits.
    Calm,
    /// Waits for a person.
    Wait,
    /// Is happening now, and held.
    Now,
}

/// What the bowl shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bowl {
    /// Protected; with what waits.
    Held(Vec<Ball>),
    /// Hygie is at it.
    Mending,
    /// Not protected: dashed, without water.
    Gone,
    /// Not known: the rim is dashed as well.
    Unknown,
}

impl Bowl {
    /// The drawing; its looks come from the style sheet.
    #[must_use]
    pub(super) fn svg(&self) -> String {
        let inner = match self {
            Self::Held(balls) => format!("{WATER}{}{RIM}", drawn(balls)),
            Self::Mending => format!("{WATER}{DROP}{RIM}"),
            Self::Gone => format!("{DASHED}{RIM}"),
            Self::Unknown => DASHED_RIM.to_owned(),
        };
        format!(r#"<svg class="bowl" viewBox="0 0 400 270" aria-hidden="true">{inner}</svg>"#)
    }
}

fn drawn(balls: &[Ball]) -> String {
    let places: &[(u32, u32, u32)] = match balls {
        [] | [Ball::Calm] => &[(196, 138, 26)],
        [Ball::Now] => &[(200, 138, 28)],
        [Ball::Wait] => &[(168, 140, 24)],
        [_, _] => &[(150, 142, 20), (214, 139, 20)],
        [_, _, _, ..] => &[(132, 141, 18), (196, 146, 18), (256, 139, 18)],
    };
    let kinds = balls.iter().chain(std::iter::repeat(&Ball::Calm));
    places
        .iter()
        .zip(kinds)
        .map(|((x, y, r), ball)| {
            let class = match ball {
                Ball::Calm => "calm",
                Ball::Wait => "wait",
                Ball::Now => "now",
            };
            format!(r#"<circle class="{class}" cx="{x}" cy="{y}" r="{r}"/>"#)
        })
        .collect()
}

const WATER: &str = r#"<path class="b1" d="M50 96a150 150 0 0 0 300 0Z"/><path class="b2" d="M61 150a150 150 0 0 0 278 0Z"/>"#;
const RIM: &str = r#"<path class="rim" d="M30 96H370"/>"#;
const DROP: &str =
    r#"<path class="calm" d="M200 14c20 25 31 40 31 53a31 31 0 0 1-62 0c0-13 11-28 31-53Z"/>"#;
const DASHED: &str = r#"<path class="gone" d="M50 96a150 150 0 0 0 300 0"/>"#;
const DASHED_RIM: &str = r#"<path class="gone" d="M50 96a150 150 0 0 0 300 0M30 96H370"/>"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_balls_as_things_and_three_at_most() {
        for (balls, seen) in [
            (vec![], (1, 0, 0)),
            (vec![Ball::Wait], (0, 1, 0)),
            (vec![Ball::Now, Ball::Wait], (0, 1, 1)),
            (vec![Ball::Now; 9], (0, 0, 3)),
        ] {
            let svg = Bowl::Held(balls).svg();
            let count = |class: &str| svg.matches(&format!("<circle class=\"{class}\"")).count();
            assert_eq!((count("calm"), count("wait"), count("now")), seen, "{svg}");
        }
    }

    #[test]
    fn what_is_not_protected_holds_no_water() {
        for bowl in [Bowl::Gone, Bowl::Unknown] {
            let svg = bowl.svg();
            assert!(
                svg.contains("gone") && !svg.contains("b1") && !svg.contains("circle"),
                "{svg}"
            );
        }
        assert!(!Bowl::Unknown.svg().contains("rim"));
    }
}
