//! Walks the whole table: who may what, and the laws that no row may break.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const NOW: Wall = Wall(1_790_000_000_000_000_000);

fn may(role: Role) -> impl Iterator<Item = Row> {
    Act::ALL
        .iter()
        .map(|act| act.row())
        .filter(move |row| row.allows(Who::Person(role)))
}

/// The table that people read is the table that is asked: a change of one shows as a change of the other.
#[test]
fn the_written_table_is_the_table() {
    let mut written = String::from(
        "# Who may what\n\nMade from `src/rights/table.rs` by its test; N nobody, P practitioner, A assistant, I IT provider, \
         M monitoring operator.\n\n| act | who | needs | shows at most | |\n|---|---|---|---|---|\n",
    );
    for act in Act::ALL {
        let row = act.row();
        let letters: String = Who::ALL
            .into_iter()
            .zip("NPAIM".chars())
            .map(|(who, letter)| if row.allows(who) { letter } else { '·' })
            .collect();
        written += &format!(
            "| {} | `{letters}` | {} | {} | {} |\n",
            row.name,
            word(row.needs),
            word(row.sees),
            act.about()
        );
    }
    let kept = include_str!("../../RIGHTS.md");
    if written != kept {
        let place = std::env::temp_dir().join("RIGHTS.md");
        std::fs::write(&place, &written).unwrap();
        panic!(
            "RIGHTS.md is of another table; the right one is {}",
            place.display()
        );
    }
}

fn word(value: impl Serialize) -> String {
    serde_json::to_value(value)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn each_person_and_act_has_one_answer() {
    for who in Who::ALL {
        for act in Act::ALL {
            let row = act.row();
            let answer = judge(who, Some(NOW), *act, NOW);
            let wanted = match (row.allows(who), who, row.needs) {
                (false, Who::Nobody, _) => Answer::Refused(Refusal::SignIn),
                (false, Who::Person(_), _) => Answer::Refused(Refusal::AskOther(row)),
                (true, _, Needs::GuardSignature) => Answer::Confirm,
                (true, _, Needs::Nothing | Needs::FreshSignIn) => Answer::Go,
            };
            assert_eq!(answer, wanted, "{who:?} {act:?}");
        }
    }
}

#[test]
fn a_monitoring_operator_never_sees_names_texts_or_patients() {
    for row in may(Role::MonitoringOperator) {
        // What she sees of people is herself.
        let own = row.name.contains("own") || row.name.contains("recovery");
        assert!(
            row.sees == Sees::States || (row.sees == Sees::People && own),
            "{row:?}"
        );
    }
}

#[test]
fn an_it_provider_never_sees_files_or_messages() {
    for row in may(Role::ItProvider) {
        assert!(
            matches!(row.sees, Sees::States | Sees::Settings | Sees::People),
            "{row:?}"
        );
    }
}

#[test]
fn an_assistant_asks_has_files_back_opens_a_crisis_and_weakens_nothing() {
    for act in [
        Act::Ask,
        Act::FindFile,
        Act::RestoreVersion,
        Act::OpenCase,
        Act::UndoIncident,
    ] {
        assert!(act.row().allows(Who::Person(Role::Assistant)), "{act:?}");
    }
    for row in may(Role::Assistant) {
        assert_ne!(row.needs, Needs::GuardSignature, "{row:?}");
    }
}

#[test]
fn a_practitioner_may_everything_of_the_practice() {
    let not: Vec<Act> = Act::ALL
        .iter()
        .copied()
        .filter(|act| !act.row().allows(Who::Person(Role::Practitioner)))
        .collect();
    // Doors for those who are not somebody yet, and what watches many practices.
    let doors = [
        Act::SetUp,
        Act::TakeInvitation,
        Act::Recover,
        Act::SeePractices,
        Act::TakeUpSignal,
    ];
    assert_eq!(not, doors);
}

#[test]
fn nobody_opens_doors_only() {
    let open: Vec<&str> = Act::ALL
        .iter()
        .map(|act| act.row())
        .filter(|row| row.allows(Who::Nobody))
        .map(|row| row.name)
        .collect();
    let doors = [
        "set-up",
        "sign-in",
        "take-invitation",
        "recover",
        "first-gestures",
        "trust-console",
        "health-check",
        "see-assets",
    ];
    assert_eq!(open, doors);
    for act in Act::ALL.iter().filter(|act| act.row().allows(Who::Nobody)) {
        assert_eq!(act.row().sees, Sees::States, "{act:?}");
        assert_eq!(act.row().needs, Needs::Nothing, "{act:?}");
    }
}

#[test]
fn what_weakens_protection_needs_the_guard() {
    for act in [
        Act::AllowIncident,
        Act::UnprotectFolder,
        Act::ForgetFile,
        Act::UninstallDevice,
        Act::RemoveBackup,
        Act::TrustKey,
        Act::DistrustKey,
    ] {
        let row = act.row();
        assert_eq!(row.needs, Needs::GuardSignature, "{act:?}");
        assert_eq!(
            row.allowed().collect::<Vec<_>>(),
            [Who::Person(Role::Practitioner)],
            "{act:?}"
        );
    }
}

#[test]
fn names_are_unique_and_found_again() {
    let names: BTreeSet<&str> = Act::ALL.iter().map(|act| act.row().name).collect();
    assert_eq!(names.len(), Act::ALL.len());
    for act in Act::ALL {
        assert_eq!(Act::named(act.row().name), Some(*act));
    }
    assert_eq!(Act::named("be-root"), None);
}

#[test]
fn rows_are_exported_as_plain_data() {
    let rows = serde_json::to_value(export()).unwrap();
    let row = &rows.as_array().unwrap()[Act::ALL
        .iter()
        .position(|act| *act == Act::AllowIncident)
        .unwrap()];
    let wanted = serde_json::json!({
        "act": "allow-incident",
        "about": "Let a stopped program go on",
        "allowed": ["practitioner"],
        "needs": "guard-signature",
        "sees": "file-names",
    });
    assert_eq!(row, &wanted);
}

proptest! {
    /// A fresh act goes through exactly while the sign-in is at most ten minutes old and not of the future.
    #[test]
    fn freshness_has_two_ends(age in -1_000i64..2_000) {
        let at = Wall(NOW.0 - age * 1_000_000_000);
        let answer = judge(Who::Person(Role::Practitioner), Some(at), Act::Invite, NOW);
        let wanted = if (0..=600).contains(&age) { Answer::Go } else { Answer::Refused(Refusal::SignInAgain) };
        prop_assert_eq!(answer, wanted);
        prop_assert_eq!(
            judge(Who::Person(Role::Practitioner), None, Act::Invite, NOW),
            Answer::Refused(Refusal::SignInAgain)
        );
    }
}
