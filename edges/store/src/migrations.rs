//! The steps from one format of the database to the next, in the order in which they came; none is ever changed.
//! A step is one file that both engines read; a failing one leaves the database before it as it was.

/// Steps by their number: the format after step `n` is `n`.
pub(crate) type Steps = &'static [&'static str];

/// What this program knows.
pub(crate) const STEPS: Steps = &[include_str!("../migrations/0001_begin.sql")];

/// The format that these steps lead to.
pub(crate) fn newest(steps: Steps) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

/// The steps that are missing after a format, with the format that each leads to.
pub(crate) fn after(steps: Steps, found: u32) -> impl Iterator<Item = (u32, &'static str)> {
    (1..).zip(steps.iter().copied()).skip(found as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_missing_steps_are_taken() {
        let steps: Steps = &["a", "b", "c"];
        assert_eq!(newest(steps), 3);
        assert_eq!(after(steps, 0).count(), 3);
        assert_eq!(after(steps, 2).collect::<Vec<_>>(), [(3, "c")]);
        assert_eq!(after(steps, 3).count(), 0);
        assert_eq!(after(steps, 9).count(), 0);
    }
}
