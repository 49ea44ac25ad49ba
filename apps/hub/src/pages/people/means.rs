//! With what somebody gets in: her passkeys, a password and a code, her sheet; and when she last came.

use hygie_identity::recovery::SheetState;
use hygie_model::{Role, Wall};
use hygie_store::{CredentialKind, Person};
use hygie_text::{Args, console::People};

use crate::{
    pages::me::sheet_of,
    web::{fault::Fault, visitor::Visitor},
};

/// What somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Means {
    /// Her passkeys.
    pub(super) keys: usize,
    /// Whether she has a password and a code.
    pub(super) password: bool,
    /// How her sheet stands; none where she has none, or no code is left.
    pub(super) sheet: Option<SheetState>,
    /// When she last came.
    pub(super) last: Option<Wall>,
}

impl Means {
    /// Of a person.
    pub(super) async fn of(visitor: &Visitor, person: &Person) -> Result<Self, Fault> {
        let practice = visitor.practice()?;
        let credentials = practice.credentials(person.id).await?;
        let count = |kind| {
            credentials
                .iter()
                .filter(|credential| credential.kind == kind)
                .count()
        };
        let left = practice.recovery_codes_left(person.id).await?;
        let sheet = match sheet_of(practice, person.id).await? {
            Some(sheet) if left > 0 => Some(sheet.state()),
            Some(_) | None => None,
        };
        let sessions = practice.sessions(person.id).await?;
        let last = sessions
            .iter()
            .map(|session| session.used)
            .chain(credentials.iter().filter_map(|credential| credential.used))
            .max();
        Ok(Self {
            keys: count(CredentialKind::Passkey),
            password: count(CredentialKind::Password) > 0,
            sheet,
            last,
        })
    }

    /// In how many ways she can sign in, the sheet apart.
    pub(super) fn ways(&self) -> usize {
        self.keys + usize::from(self.password)
    }

    /// Whether one loss shuts her out.
    pub(super) fn is_weak(&self) -> bool {
        self.ways() == 0 || (self.ways() == 1 && self.sheet.is_none())
    }

    /// Whether she has a sheet that may lie in no drawer.
    pub(super) fn is_untested(&self) -> bool {
        self.sheet == Some(SheetState::Untested)
    }

    /// In a few words.
    pub(super) fn words(&self, visitor: &Visitor, role: Role) -> String {
        let speech = &visitor.speech;
        let keys = u64::try_from(self.keys).unwrap_or(u64::MAX);
        let words = match (self.keys, self.password, self.sheet.is_some()) {
            (0, false, _) => speech.word(People::MeansNone),
            (0, true, false) => speech.word(People::MeansPassword),
            (0, true, true) => speech.word(People::MeansPasswordSheet),
            (1, true, _) => speech.word(People::MeansKeyPassword),
            (1, false, true) => speech.word(People::MeansKeySheet),
            (1, false, false) => speech.word(People::MeansKey),
            (_, _, _) => speech.say(People::MeansKeys, &Args::new().count("keys", keys)),
        };
        match role {
            Role::ItProvider => {
                speech.say(People::MeansAgreed, &Args::new().nested("means", words))
            }
            Role::Practitioner | Role::Assistant | Role::MonitoringOperator => words,
        }
    }
}
