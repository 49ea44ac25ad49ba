//! The recovery sheet: codes on paper, each for one sign-in in which new keys are made.
//! They are shown once and kept as digests; 80 random bits need no slow hash.

use hygie_model::Wall;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::secret::{CODE_BYTES, Code, Digest, Purpose};

/// Codes on a sheet: as many as fit a card, more than somebody loses keys.
pub const CODES: usize = 8;

/// A person's sheet. Making a new one makes the old one worthless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    made: Wall,
    tested: Option<Wall>,
    codes: Vec<Row>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    digest: Digest,
    used: Option<Wall>,
}

/// How a sheet stands, for the page about people and the measure about ways back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetState {
    /// Printed perhaps, never tested: it may be in no drawer at all.
    Untested,
    /// Tested, with codes left.
    Good {
        /// How many.
        left: usize,
    },
    /// One code is left, or none: make a new one.
    NearlyUsed {
        /// How many.
        left: usize,
    },
}

/// Why a code is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SheetRefused {
    /// Not sixteen letters of ours: read it again.
    #[error("not a code")]
    NotACode,
    /// Not of this sheet: perhaps of an older one.
    #[error("not a code of this sheet")]
    Wrong,
    /// It has served: take the next one.
    #[error("this code has served")]
    Used,
}

impl Sheet {
    /// Makes one, of bytes that the caller drew from the system's generator. The codes are for the page that is
    /// printed now, and are kept nowhere.
    #[must_use]
    pub fn make(random: [[u8; CODE_BYTES]; CODES], now: Wall) -> (Vec<Code>, Self) {
        let codes: Vec<Code> = random.into_iter().map(Code::of).collect();
        let rows = codes
            .iter()
            .map(|code| Row {
                digest: code.digest(Purpose::Recovery),
                used: None,
            })
            .collect();
        (
            codes,
            Self {
                made: now,
                tested: None,
                codes: rows,
            },
        )
    }

    /// When it was made, which stands on the paper too.
    #[must_use]
    pub const fn made(&self) -> Wall {
        self.made
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> SheetState {
        let left = self.codes.iter().filter(|row| row.used.is_none()).count();
        match (self.tested, left) {
            (_, 0 | 1) => SheetState::NearlyUsed { left },
            (None, _) => SheetState::Untested,
            (Some(_), _) => SheetState::Good { left },
        }
    }

    /// She typed a code from the paper to test it. It is not used up: it went nowhere but here.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn test(&mut self, typed: &str, now: Wall) -> Result<(), SheetRefused> {
        self.find(typed)?;
        self.tested = Some(now);
        Ok(())
    }

    /// She signs in with a code. It is used up; the sheet has been tested by it.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn redeem(&mut self, typed: &str, now: Wall) -> Result<(), SheetRefused> {
        self.find(typed)?.used = Some(now);
        self.tested.get_or_insert(now);
        Ok(())
    }

    fn find(&mut self, typed: &str) -> Result<&mut Row, SheetRefused> {
        let digest = Code::parse(typed)
            .ok_or(SheetRefused::NotACode)?
            .digest(Purpose::Recovery);
        let row = self
            .codes
            .iter_mut()
            .find(|row| row.digest == digest)
            .ok_or(SheetRefused::Wrong)?;
        if row.used.is_some() {
            Err(SheetRefused::Used)
        } else {
            Ok(row)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Wall = Wall(1_790_000_000_000_000_000);

    fn sheet() -> (Vec<String>, Sheet) {
        let random = std::array::from_fn(|n| [u8::try_from(n).unwrap(); CODE_BYTES]);
        let (codes, sheet) = Sheet::make(random, NOW);
        (
            codes
                .iter()
                .map(|code| code.to_text().expose().to_owned())
                .collect(),
            sheet,
        )
    }

    #[test]
    fn it_is_tested_at_once_without_losing_a_code() {
        let (codes, mut sheet) = sheet();
        assert_eq!(sheet.state(), SheetState::Untested);
        assert_eq!(sheet.test("nonsense", NOW), Err(SheetRefused::NotACode));
        assert_eq!(
            sheet.test("ZZZZ-ZZZZ-ZZZZ-ZZZZ", NOW),
            Err(SheetRefused::Wrong)
        );
        assert_eq!(sheet.state(), SheetState::Untested);
        assert_eq!(sheet.test(&codes[3].to_lowercase(), NOW), Ok(()));
        assert_eq!(sheet.state(), SheetState::Good { left: 8 });
    }

    #[test]
    fn each_code_serves_once_and_recovery_works_more_than_once() {
        let (codes, mut sheet) = sheet();
        for code in &codes {
            assert_eq!(sheet.redeem(code, NOW), Ok(()));
            assert_eq!(sheet.redeem(code, NOW), Err(SheetRefused::Used));
            assert_eq!(sheet.test(code, NOW), Err(SheetRefused::Used));
        }
        assert_eq!(sheet.state(), SheetState::NearlyUsed { left: 0 });
    }

    #[test]
    fn it_is_kept_without_its_codes() {
        let (codes, sheet) = sheet();
        let kept = serde_json::to_string(&sheet).unwrap();
        assert!(
            codes
                .iter()
                .all(|code| !kept.contains(code) && !kept.contains(&code.replace('-', "")))
        );
        assert_eq!(serde_json::from_str::<Sheet>(&kept).unwrap(), sheet);
    }

    proptest! {
        #[test]
        fn eight_codes_open_eight_times_at_the_most(picks in proptest::collection::vec(0usize..10, 0..60)) {
            let (mut codes, mut sheet) = sheet();
            codes.extend(["0000-0000-0000-000Z".to_owned(), "x".to_owned()]);
            let opened = picks.iter().filter(|pick| sheet.redeem(&codes[**pick], NOW).is_ok()).count();
            let mut distinct: Vec<_> = picks.into_iter().filter(|pick| *pick < CODES).collect();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(opened, distinct.len());
        }
    }
}
