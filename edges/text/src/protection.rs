//! The state of protection in words.

use hygie_model::{Cause, Exception, Protection};

use crate::{Args, Catalog, Explained, Id};

impl Catalog {
    /// What the screen says of a state: one line, and one more for each exception where there are
    /// several.
    #[must_use]
    pub fn protection(&self, state: &Protection) -> Vec<Explained> {
        match state {
            Protection::Protected => vec![self.explain(Id::Protected, &Args::new())],
            Protection::ProtectedBut { exceptions } => self.exceptions(exceptions),
            Protection::NotProtected { since, cause } => {
                vec![self.explain(of_cause(*cause), &Args::new().moment("since", *since))]
            }
        }
    }

    fn exceptions(&self, exceptions: &[Exception]) -> Vec<Explained> {
        let told = |exception: &Exception, line: Id| {
            let (id, args) = of_exception(exception);
            let Explained { what, to_do } = self.explain(id, &args);
            let what = self.say(line, &Args::new().nested("exception", what));
            Explained { what, to_do }
        };
        match exceptions {
            [] => vec![self.explain(Id::Protected, &Args::new())],
            [one] => vec![told(one, Id::ProtectedButOne)],
            many => std::iter::once(self.explain(Id::ProtectedButMany, &Args::new()))
                .chain(many.iter().map(|one| told(one, Id::ProtectedButItem)))
                .collect(),
        }
    }
}

fn of_exception(exception: &Exception) -> (Id, Args) {
    let named = |path: &String| Args::new().text("path", path);
    match exception {
        Exception::StateWithoutCopy { path } => (Id::ButStateWithoutCopy, named(path)),
        Exception::Unreadable { path } => (Id::ButUnreadable, named(path)),
        Exception::TruncateUnheld => (Id::ButTruncateUnheld, Args::new()),
        Exception::TruncateAtClose => (Id::ButTruncateAtClose, Args::new()),
        Exception::OpenBefore { path } => (Id::ButOpenBefore, named(path)),
        Exception::JournalSilent => (Id::ButJournalSilent, Args::new()),
        Exception::WitnessSilent => (Id::ButWitnessSilent, Args::new()),
        Exception::FolderUnwatched { path } => (Id::ButFolderUnwatched, named(path)),
        Exception::NoRoom => (Id::ButNoRoom, Args::new()),
    }
}

const fn of_cause(cause: Cause) -> Id {
    match cause {
        Cause::NotStarted => Id::UnprotectedNotStarted,
        Cause::Starting => Id::UnprotectedStarting,
        Cause::Stopped => Id::UnprotectedStopped,
        Cause::GuardGone => Id::UnprotectedGuardGone,
        Cause::NoRights => Id::UnprotectedNoRights,
        Cause::Unsupported => Id::UnprotectedUnsupported,
        Cause::SelfTestFailed => Id::UnprotectedSelfTestFailed,
    }
}

#[cfg(test)]
mod tests {
    use hygie_model::Wall;

    use super::*;
    use crate::{Language, TimeZone};

    fn catalogs() -> [Catalog; 2] {
        Language::ALL.map(|language| Catalog::new(language, TimeZone::UTC))
    }

    fn lines(state: &Protection) -> Vec<String> {
        let [fr, _] = catalogs();
        fr.protection(state)
            .iter()
            .map(|line| line.what.replace(['\u{a0}', '\u{202f}'], " "))
            .collect()
    }

    #[test]
    fn each_state_of_protection_has_its_words() {
        assert_eq!(
            lines(&Protection::Protected),
            ["Vos dossiers sont protégés."]
        );
        let path = "/srv/a.odt".to_owned();
        let one = vec![Exception::OpenBefore { path: path.clone() }];
        assert_eq!(
            lines(&Protection::ProtectedBut { exceptions: one }),
            [
                "Vos dossiers sont protégés, sauf « /srv/a.odt », déjà ouvert par un programme quand la protection a commencé."
            ]
        );
        let all = vec![
            Exception::StateWithoutCopy { path: path.clone() },
            Exception::Unreadable { path: path.clone() },
            Exception::TruncateUnheld,
            Exception::TruncateAtClose,
            Exception::OpenBefore { path: path.clone() },
            Exception::JournalSilent,
            Exception::WitnessSilent,
            Exception::FolderUnwatched { path },
            Exception::NoRoom,
        ];
        let said = lines(&Protection::ProtectedBut { exceptions: all });
        assert_eq!(
            (said.len(), said[0].as_str()),
            (10, "Vos dossiers sont protégés, sauf :")
        );
        for cause in [
            Cause::NotStarted,
            Cause::Starting,
            Cause::Stopped,
            Cause::GuardGone,
            Cause::NoRights,
            Cause::Unsupported,
            Cause::SelfTestFailed,
        ] {
            let since = Wall(1_795_507_920_000_000_000);
            let state = Protection::NotProtected { since, cause };
            let start = "Vos dossiers ne sont pas protégés depuis le 24 novembre 2026 à 08:12 : ";
            assert!(lines(&state)[0].starts_with(start), "{cause:?}");
            for catalog in catalogs() {
                assert!(catalog.protection(&state)[0].to_do.is_some(), "{cause:?}");
            }
        }
    }
}
