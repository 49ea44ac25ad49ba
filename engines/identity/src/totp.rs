//! The six digits of an authenticator app (RFC 6238), the second half of the second choice.
//! A code serves once: RFC 6238 (5.2) asks for it, and the crate leaves it to us, so the last step used is given and returned.

use hygie_model::Wall;
use thiserror::Error;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::secret::SecretText;

/// Bytes of a secret: RFC 4226 (4, R6) recommends 160 bits.
pub const SECRET_BYTES: usize = 20;

/// A person's secret. SHA-1, six digits, 30 seconds: the only values that every app reads.
#[derive(Clone)]
pub struct Authenticator(Zeroizing<[u8; SECRET_BYTES]>);

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authenticator(…)")
    }
}

/// Number of a 30-second step since 1970. A used one is kept with the person.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Step(pub u64);

/// Why a code is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// No six digits.
    #[error("a code has six digits")]
    NotDigits,
    /// Another code, or one of another time: the phone's clock may be wrong.
    #[error("not the code of this moment")]
    Wrong,
    /// It has served: wait for the next one.
    #[error("this code has served")]
    Used,
}

impl Authenticator {
    /// Of bytes that the caller drew from the system's generator, or read back.
    #[must_use]
    pub fn of(secret: [u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// What is kept: as secret as a password, and not hashable. The hub keeps it sealed.
    #[must_use]
    pub fn expose(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// What an app reads from a QR code: `otpauth://totp/…`. Colons, which part issuer and account, are taken out.
    #[must_use]
    pub fn to_url(&self, practice: &str, sign_in: &str) -> SecretText {
        let name = |text: &str| -> String { text.replace(':', " ").trim().to_owned() };
        let account = Some(name(sign_in))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "hygie".to_owned());
        let totp = self.totp(&format!("Hygie {}", name(practice)), &account);
        SecretText::new(totp.to_url().unwrap_or_default())
    }

    /// What a person types into an app that has no camera: base 32 in groups of four.
    #[must_use]
    pub fn to_text(&self) -> SecretText {
        let letters = Zeroizing::new(Secret::new_stack(*self.0).to_base32());
        let groups: Vec<&str> = letters
            .as_bytes()
            .chunks(4)
            .filter_map(|four| str::from_utf8(four).ok())
            .collect();
        SecretText::new(groups.join(" "))
    }

    /// Checks a code of now, of the step before or of the one after (RFC 6238, 5.2), later than `last` only.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn check(&self, typed: &str, last: Option<Step>, now: Wall) -> Result<Step, Refused> {
        let digits: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .take(32)
                .filter(|sign| !sign.is_whitespace())
                .collect(),
        );
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refused::NotDigits);
        }
        let seconds = u64::try_from(now.0 / 1_000_000_000).map_err(|_| Refused::Wrong)?;
        let step = self
            .totp("", "")
            .check(&digits, seconds)
            .map(Step)
            .ok_or(Refused::Wrong)?;
        if last.is_some_and(|last| step <= last) {
            Err(Refused::Used)
        } else {
            Ok(step)
        }
    }

    fn totp(&self, issuer: &str, account: &str) -> Totp {
        // Digits, step and length of the secret are constants that the checks of `build` would take.
        Builder::new()
            .with_secret(Secret::new_stack(*self.0))
            .with_issuer(Some(issuer))
            .with_account_name(account)
            .build_noncompliant()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> Wall {
        Wall(seconds * 1_000_000_000)
    }

    fn code(authenticator: &Authenticator, seconds: u64) -> String {
        authenticator.totp("", "").generate(seconds).to_string()
    }

    #[test]
    fn the_rfcs_vectors_hold() {
        // RFC 6238, appendix B, SHA-1, the last six of its eight digits.
        let rfc = Authenticator::of(*b"12345678901234567890");
        for (seconds, digits) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = Step(u64::try_from(seconds).unwrap() / 30);
            // The last vector is of the year 2603, past what nanoseconds reach.
            if seconds < 9_000_000_000 {
                assert_eq!(rfc.check(digits, None, at(seconds)), Ok(step), "{seconds}");
            }
            assert_eq!(code(&rfc, u64::try_from(seconds).unwrap()), digits);
        }
    }

    #[test]
    fn a_code_serves_once_and_not_before_an_older_one() {
        let own = Authenticator::of([9; SECRET_BYTES]);
        let now = 1_790_000_010;
        let before = code(&own, now - 30);
        let this = code(&own, now);
        let used = own.check(&this, None, at(1_790_000_010)).unwrap();
        assert_eq!(
            own.check(&this, Some(used), at(1_790_000_010)),
            Err(Refused::Used)
        );
        assert_eq!(
            own.check(&this, Some(used), at(1_790_000_030)),
            Err(Refused::Used)
        );
        assert_eq!(
            own.check(&before, Some(used), at(1_790_000_010)),
            Err(Refused::Used)
        );
        let next = code(&own, now + 30);
        assert_eq!(
            own.check(&next, Some(used), at(1_790_000_040)),
            Ok(Step(used.0 + 1))
        );
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let own = Authenticator::of([9; SECRET_BYTES]);
        for typed in [
            "",
            "12345",
            "1234567",
            "12345a",
            "+12345",
            "１２３４５６",
            "-12345",
            &"1".repeat(1_000_000),
        ] {
            assert_eq!(
                own.check(typed, None, at(1_790_000_010)),
                Err(Refused::NotDigits),
                "{}",
                typed.len()
            );
        }
        let spaced = code(&own, 1_790_000_010);
        let spaced = format!(" {} {}\n", &spaced[..3], &spaced[3..]);
        assert!(own.check(&spaced, None, at(1_790_000_010)).is_ok());
        assert_eq!(
            own.check(&code(&own, 0), None, Wall(-1_000_000_000)),
            Err(Refused::Wrong)
        );
    }

    #[test]
    fn an_app_can_read_it() {
        let own = Authenticator::of(*b"12345678901234567890");
        let url = own.to_url("Cabinet: Tilleuls", "claire");
        assert_eq!(
            url.expose(),
            "otpauth://totp/Hygie%20Cabinet%20%20Tilleuls:claire?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hygie%20Cabinet%20%20Tilleuls"
        );
        assert_eq!(
            own.to_text().expose(),
            "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
        );
        assert_eq!(format!("{own:?}"), "Authenticator(…)");
        assert!(!own.to_url(":", ":").expose().is_empty());
    }

    proptest! {
        /// Exactly the codes of three steps are taken, whatever the clock says.
        #[test]
        fn the_window_is_one_step(secret: [u8; SECRET_BYTES], now in 100u64..4_000_000_000, off in -5i64..=5) {
            let own = Authenticator::of(secret);
            let step = now / 30;
            let other = step.saturating_add_signed(off);
            let digits = code(&own, other * 30);
            let answer = own.check(&digits, None, at(i64::try_from(now).unwrap()));
            let window = (step - 1..=step + 1).map(|step| code(&own, step * 30)).collect::<Vec<_>>();
            prop_assert_eq!(answer.is_ok(), window.contains(&digits));
        }
    }
}
