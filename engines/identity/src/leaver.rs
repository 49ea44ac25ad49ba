//! Somebody leaves: her access closes in one gesture, and everything that she could reach is listed. (In November 2025
//! 23,000 French practitioners lost their files for days; reported cause: the account of one who had left.)
//! Closing is data: the hub carries it out, step by step, and journals each. Within 30 days it can be taken back.

use std::time::Duration;

use hygie_model::{DeviceId, PersonId, Role, Wall};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::invitation::InvitationId;
use crate::passkey::KeyId;
use crate::provider::OpeningId;
use crate::rights::{Act, Needs, Row, Who};
use crate::session::SessionId;
use crate::span;

/// How long a closing can be taken back; then what is left of her access is erased. The figure is ours: a leave, a
/// mistake, a quarrel.
pub const UNDO_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What the base holds of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Where she is signed in.
    pub sessions: Vec<SessionId>,
    /// Browsers that are remembered as hers.
    pub known_browsers: usize,
    /// Her passkeys.
    pub keys: Vec<KeyId>,
    /// Her passkeys that a guard believes.
    pub guard_keys: Vec<(DeviceId, KeyId)>,
    /// Whether she has a password and a code.
    pub password: bool,
    /// Whether she has a recovery sheet.
    pub sheet: bool,
    /// Whether somebody confirms, or has confirmed, that she lost her keys.
    pub recovery: bool,
    /// Invitations that she made and nobody took.
    pub invitations: Vec<InvitationId>,
    /// Times that she opened for IT providers and that run.
    pub openings: Vec<OpeningId>,
    /// Codes for devices that she made and nobody used.
    pub enrolment_codes: usize,
    /// Devices that she enrolled.
    pub devices: Vec<DeviceId>,
}

/// One thing that ends with her access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "step")]
pub enum Step {
    /// End this session.
    EndSession {
        /// Which.
        session: SessionId,
    },
    /// Remember no browser as hers.
    ForgetBrowsers,
    /// Take no answer of this key any more.
    StopKey {
        /// Which.
        key: KeyId,
    },
    /// Have a device's guard believe this key no more. Another practitioner signs it: until then the step stays open,
    /// and is shown.
    DistrustKey {
        /// Whose guard.
        device: DeviceId,
        /// Which key.
        key: KeyId,
    },
    /// Take her password and her codes no more.
    StopPassword,
    /// Take no code of her sheet any more.
    StopSheet,
    /// Stop the recovery that runs for her.
    CancelRecovery,
    /// Take back what she invited.
    TakeBackInvitation {
        /// Which.
        invitation: InvitationId,
    },
    /// Send away the IT provider whom she let in.
    EndOpening {
        /// Which.
        opening: OpeningId,
    },
    /// Take no enrolment code of hers.
    StopEnrolmentCodes,
    /// Look at a device that she enrolled: it goes on protecting, so it is not retired by itself.
    LookAtDevice {
        /// Which.
        device: DeviceId,
    },
}

impl Step {
    /// What it needs beyond the gesture.
    #[must_use]
    pub const fn needs(&self) -> Needs {
        match self {
            Self::DistrustKey { .. } => Act::DistrustKey.row().needs,
            Self::EndSession { .. }
            | Self::ForgetBrowsers
            | Self::StopKey { .. }
            | Self::StopPassword
            | Self::StopSheet
            | Self::CancelRecovery
            | Self::TakeBackInvitation { .. }
            | Self::EndOpening { .. }
            | Self::StopEnrolmentCodes
            | Self::LookAtDevice { .. } => Needs::Nothing,
        }
    }

    /// True if taking the closing back brings it back. What is of the moment (sessions, links, openings) does not come
    /// back: it is made anew by who needs it.
    #[must_use]
    pub const fn comes_back(&self) -> bool {
        match self {
            Self::StopKey { .. } | Self::StopPassword | Self::StopSheet => true,
            // The guard is told by `trust-key` again, signed by somebody whom it believes.
            Self::DistrustKey { .. }
            | Self::EndSession { .. }
            | Self::ForgetBrowsers
            | Self::CancelRecovery
            | Self::TakeBackInvitation { .. }
            | Self::EndOpening { .. }
            | Self::StopEnrolmentCodes
            | Self::LookAtDevice { .. } => false,
        }
    }
}

/// A closed access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Whose.
    pub person: PersonId,
    /// What she was, and is again if it is taken back.
    pub role: Role,
    /// Who closed it.
    pub by: PersonId,
    /// When.
    pub at: Wall,
    /// What ends with it, in order: ways in first.
    pub steps: Vec<Step>,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// Nobody would answer for the practice: make another practitioner first.
    #[error("the last practitioner cannot leave")]
    LastPractitioner,
    /// More than [`UNDO_FOR`] ago: invite her anew.
    #[error("the closing is too old to be taken back")]
    TooLate,
}

/// Closes an access. `practitioners` counts those who can sign in now, she among them.
///
/// # Errors
/// [`Refused::LastPractitioner`].
pub fn close(
    person: (PersonId, Role),
    holdings: Holdings,
    practitioners: usize,
    by: PersonId,
    now: Wall,
) -> Result<Closing, Refused> {
    if person.1 == Role::Practitioner && practitioners <= 1 {
        return Err(Refused::LastPractitioner);
    }
    let Holdings {
        sessions,
        known_browsers,
        keys,
        guard_keys,
        password,
        sheet,
        recovery,
        invitations,
        openings,
        enrolment_codes,
        devices,
    } = holdings;
    let mut steps = Vec::new();
    steps.extend(keys.into_iter().map(|key| Step::StopKey { key }));
    steps.extend(password.then_some(Step::StopPassword));
    steps.extend(sheet.then_some(Step::StopSheet));
    steps.extend(recovery.then_some(Step::CancelRecovery));
    steps.extend(
        sessions
            .into_iter()
            .map(|session| Step::EndSession { session }),
    );
    steps.extend((known_browsers > 0).then_some(Step::ForgetBrowsers));
    steps.extend(
        invitations
            .into_iter()
            .map(|invitation| Step::TakeBackInvitation { invitation }),
    );
    steps.extend(
        openings
            .into_iter()
            .map(|opening| Step::EndOpening { opening }),
    );
    steps.extend((enrolment_codes > 0).then_some(Step::StopEnrolmentCodes));
    steps.extend(
        guard_keys
            .into_iter()
            .map(|(device, key)| Step::DistrustKey { device, key }),
    );
    steps.extend(
        devices
            .into_iter()
            .map(|device| Step::LookAtDevice { device }),
    );
    Ok(Closing {
        person: person.0,
        role: person.1,
        by,
        at: now,
        steps,
    })
}

/// Whether somebody can become something else, as for [`close`]: a practice is never without somebody who answers for it.
///
/// # Errors
/// [`Refused::LastPractitioner`].
pub fn change(was: Role, becomes: Role, practitioners: usize) -> Result<(), Refused> {
    if was == Role::Practitioner && becomes != Role::Practitioner && practitioners <= 1 {
        return Err(Refused::LastPractitioner);
    }
    Ok(())
}

impl Closing {
    /// Until when it can be taken back.
    #[must_use]
    pub fn until(&self) -> Wall {
        span::after(self.at, UNDO_FOR)
    }

    /// What comes back when it is taken back.
    ///
    /// # Errors
    /// [`Refused::TooLate`].
    pub fn take_back(&self, now: Wall) -> Result<Vec<&Step>, Refused> {
        if self.is_final(now) {
            return Err(Refused::TooLate);
        }
        Ok(self.steps.iter().filter(|step| step.comes_back()).collect())
    }

    /// True when what is left of her access is to be erased.
    #[must_use]
    pub fn is_final(&self, now: Wall) -> bool {
        span::since(now, self.at) > UNDO_FOR
    }
}

/// Everything that somebody of a role could do: what her last day is looked at for.
pub fn could(role: Role) -> impl Iterator<Item = Row> {
    Act::ALL
        .iter()
        .map(|act| act.row())
        .filter(move |row| row.allows(Who::Person(role)) && !row.allows(Who::Nobody))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const NOW: Wall = Wall(1_790_000_000_000_000_000);
    const CLAIRE: PersonId = PersonId(Uuid::from_u128(1));
    const SOFIA: PersonId = PersonId(Uuid::from_u128(2));

    fn everything() -> Holdings {
        let id = Uuid::from_u128;
        Holdings {
            sessions: vec![SessionId(id(1)), SessionId(id(2))],
            known_browsers: 2,
            keys: vec![KeyId(vec![1]), KeyId(vec![2])],
            guard_keys: vec![(DeviceId(id(3)), KeyId(vec![1]))],
            password: true,
            sheet: true,
            recovery: true,
            invitations: vec![InvitationId(id(4))],
            openings: vec![OpeningId(id(5))],
            enrolment_codes: 1,
            devices: vec![DeviceId(id(3))],
        }
    }

    #[test]
    fn the_last_practitioner_stays_one() {
        use Role::{Assistant, ItProvider, Practitioner};
        let no = Err(Refused::LastPractitioner);
        for (was, becomes, practitioners, answer) in [
            (Practitioner, Assistant, 1, no),
            (Practitioner, ItProvider, 0, no),
            (Practitioner, Practitioner, 1, Ok(())),
            (Practitioner, Assistant, 2, Ok(())),
            (Assistant, Practitioner, 1, Ok(())),
        ] {
            assert_eq!(change(was, becomes, practitioners), answer, "{was:?}");
        }
    }

    #[test]
    fn one_gesture_ends_all_and_lists_it() {
        let closing = close((SOFIA, Role::Assistant), everything(), 1, CLAIRE, NOW).unwrap();
        assert_eq!(closing.steps.len(), 13);
        // Her ways in go before what she made, so nothing is made meanwhile.
        assert!(matches!(closing.steps.first(), Some(Step::StopKey { .. })));
        let signed: Vec<&Step> = closing
            .steps
            .iter()
            .filter(|step| step.needs() != Needs::Nothing)
            .collect();
        assert!(matches!(signed[..], [Step::DistrustKey { .. }]));
        let kept = serde_json::to_string(&closing).unwrap();
        assert_eq!(serde_json::from_str::<Closing>(&kept).unwrap(), closing);
    }

    #[test]
    fn it_can_be_taken_back_for_thirty_days() {
        let closing = close((SOFIA, Role::Assistant), everything(), 1, CLAIRE, NOW).unwrap();
        let back = closing.take_back(closing.until()).unwrap();
        assert_eq!(back.len(), 4, "two keys, the password, the sheet: {back:?}");
        assert_eq!(
            closing.take_back(Wall(closing.until().0 + 1)),
            Err(Refused::TooLate)
        );
        assert!(closing.is_final(Wall(closing.until().0 + 1)));
    }

    #[test]
    fn the_last_practitioner_stays() {
        let holdings = Holdings::default();
        assert_eq!(
            close(
                (CLAIRE, Role::Practitioner),
                holdings.clone(),
                1,
                CLAIRE,
                NOW
            ),
            Err(Refused::LastPractitioner)
        );
        assert!(
            close(
                (CLAIRE, Role::Practitioner),
                holdings.clone(),
                2,
                CLAIRE,
                NOW
            )
            .is_ok()
        );
        assert_eq!(
            close((SOFIA, Role::Assistant), holdings, 0, CLAIRE, NOW)
                .unwrap()
                .steps,
            []
        );
    }

    #[test]
    fn what_she_could_do_is_her_column() {
        assert!(could(Role::Assistant).any(|row| row.act == Act::PreviewFile));
        assert!(
            could(Role::Assistant)
                .all(|row| row.needs != Needs::GuardSignature && row.act != Act::SignIn)
        );
    }

    proptest! {
        /// Each thing that she has ends, once.
        #[test]
        fn nothing_is_left(sessions in 0u128..9, keys in 0u8..5, invitations in 0u128..5, devices in 0u128..5) {
            let holdings = Holdings {
                sessions: (0..sessions).map(|n| SessionId(Uuid::from_u128(n))).collect(),
                keys: (0..keys).map(|n| KeyId(vec![n])).collect(),
                invitations: (0..invitations).map(|n| InvitationId(Uuid::from_u128(n))).collect(),
                devices: (0..devices).map(|n| DeviceId(Uuid::from_u128(n))).collect(),
                ..Holdings::default()
            };
            let all = sessions + u128::from(keys) + invitations + devices;
            let closing = close((SOFIA, Role::Assistant), holdings, 1, CLAIRE, NOW).unwrap();
            prop_assert_eq!(closing.steps.len() as u128, all);
            let mut distinct: Vec<String> = closing.steps.iter().map(|step| format!("{step:?}")).collect();
            distinct.sort();
            distinct.dedup();
            prop_assert_eq!(distinct.len() as u128, all);
        }
    }
}
