//! Cases about practices and people: set-up, sign-in, sessions, invitations, settings.
//! Each says what must hold on both engines.

use std::time::Duration;

use hygie_model::{PersonId, Role};
use uuid::Uuid;

use super::lab::{CLAIRE, ELSEWHERE, HERE, Lab, NOW, after, claire, digest, json, practice};
use crate::{
    Credential, CredentialKind, NewInvitation, NewSession, Person, Reach, Setting, StoreError,
};

const INES: PersonId = PersonId(Uuid::from_u128(11));

fn ines() -> Person {
    Person {
        id: INES,
        name: "Inès".to_owned(),
        login: "ines".to_owned(),
        role: Role::Assistant,
        address: None,
        until: Some(after(9)),
        ..claire()
    }
}

fn credential(number: u128, kind: CredentialKind, handle: Option<&str>) -> Credential {
    Credential {
        id: Uuid::from_u128(number),
        person: CLAIRE,
        kind,
        handle: handle.map(str::to_owned),
        label: "clé".to_owned(),
        body: json(r#"{"counter":0}"#),
        created: NOW,
        used: None,
    }
}

fn session(token: u8, person: PersonId) -> NewSession {
    NewSession {
        token: digest(token),
        person,
        address: "192.0.2.1".to_owned(),
        browser: "Firefox".to_owned(),
        body: json("{}"),
    }
}

pub(super) async fn practices_are_told_apart(lab: Lab) {
    let store = &lab.store;
    store
        .create_practice(&practice(ELSEWHERE, "acacias"))
        .await
        .unwrap();
    let here = store.practice(HERE);
    here.add_person(&claire()).await.unwrap();
    let there = store.practice(ELSEWHERE);
    assert_eq!(there.person(CLAIRE).await.unwrap(), None);
    assert_eq!(there.people().await.unwrap(), []);
    assert!(matches!(
        there.change_person(&claire()).await,
        Err(StoreError::Unknown { .. })
    ));
    // The same numbers and names are free there.
    there.add_person(&claire()).await.unwrap();
    assert!(matches!(
        store
            .practice(hygie_model::PracticeId(Uuid::nil()))
            .add_person(&claire())
            .await,
        Err(StoreError::Unknown { .. })
    ));

    let taken = store.create_practice(&practice(HERE, "x")).await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
    let same_host = store
        .create_practice(&practice(practice_three(), "acacias"))
        .await;
    assert!(matches!(same_host, Err(StoreError::Taken { .. })));
    assert_eq!(
        store
            .practice_of_host("acacias.local")
            .await
            .unwrap()
            .unwrap()
            .id,
        ELSEWHERE
    );
    here.rename("Cabinet du Parc").await.unwrap();
    assert_eq!(here.facts().await.unwrap().unwrap().name, "Cabinet du Parc");
    let names: Vec<_> = store
        .practices()
        .await
        .unwrap()
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(names, ["Cabinet acacias", "Cabinet du Parc"]);
}

fn practice_three() -> hygie_model::PracticeId {
    hygie_model::PracticeId(Uuid::from_u128(3))
}

pub(super) async fn the_set_up_code_serves_once(mut lab: Lab) {
    let store = &lab.store;
    assert_eq!(store.setup().await.unwrap(), None);
    assert!(!store.use_setup_code(digest(1), 5, NOW).await.unwrap());
    assert!(store.begin_setup(digest(1), after(30), NOW).await.unwrap());
    assert!(!store.use_setup_code(digest(2), 5, after(1)).await.unwrap());
    assert_eq!(store.setup().await.unwrap().unwrap().tries, 1);
    assert!(!store.use_setup_code(digest(1), 5, after(30)).await.unwrap());
    lab.reopen().await;
    let store = &lab.store;
    assert!(
        !store.use_setup_code(digest(1), 1, after(1)).await.unwrap(),
        "missed too often"
    );
    assert!(store.use_setup_code(digest(1), 2, after(1)).await.unwrap());
    assert!(!store.use_setup_code(digest(1), 2, after(2)).await.unwrap());
    assert!(store.begin_setup(digest(3), after(30), NOW).await.unwrap());
    assert!(store.finish_setup(after(3)).await.unwrap());
    assert!(!store.finish_setup(after(4)).await.unwrap());
    assert!(!store.use_setup_code(digest(3), 5, after(5)).await.unwrap());
    assert!(
        !store
            .begin_setup(digest(4), after(30), after(6))
            .await
            .unwrap()
    );
    assert_eq!(store.setup().await.unwrap().unwrap().done, Some(after(3)));
}

pub(super) async fn a_person_is_read_back_and_changed(mut lab: Lab) {
    let here = lab.store.practice(HERE);
    for person in [claire(), ines()] {
        here.add_person(&person).await.unwrap();
    }
    assert_eq!(here.person(INES).await.unwrap(), Some(ines()));
    assert_eq!(
        here.person_of_login("claire").await.unwrap(),
        Some(claire())
    );
    assert!(matches!(
        here.add_person(&claire()).await,
        Err(StoreError::Taken { .. })
    ));
    let changed = Person {
        name: "Inès\0 Benali".to_owned(),
        role: Role::ItProvider,
        until: None,
        address: Some("ines@tilleuls.example".to_owned()),
        ..ines()
    };
    here.change_person(&changed).await.unwrap();
    lab.reopen().await;
    let here = lab.store.practice(HERE);
    let read = here.person(INES).await.unwrap().unwrap();
    assert_eq!(read.name, "Inès\u{fffd} Benali", "no engine keeps a NUL");
    assert_eq!((read.role, read.until), (Role::ItProvider, None));
    let taken = Person {
        login: "claire".to_owned(),
        ..changed
    };
    assert!(matches!(
        here.change_person(&taken).await,
        Err(StoreError::Taken { .. })
    ));
}

pub(super) async fn who_leaves_is_shut_out_at_once(lab: Lab) {
    let here = lab.store.practice(HERE);
    for person in [claire(), ines()] {
        here.add_person(&person).await.unwrap();
    }
    here.begin_session(&session(1, CLAIRE), NOW).await.unwrap();
    here.begin_session(&session(2, INES), NOW).await.unwrap();
    here.add_credential(&credential(1, CredentialKind::Passkey, Some("h")))
        .await
        .unwrap();
    here.set_recovery_codes(CLAIRE, &[digest(7), digest(8)], NOW)
        .await
        .unwrap();
    here.invite(&invitation(9), NOW).await.unwrap();
    let reach = here.close_person(CLAIRE, after(5)).await.unwrap();
    assert_eq!(
        reach,
        Reach {
            sessions: 1,
            credentials: 3,
            invitations: 1
        }
    );
    assert_eq!(here.session(digest(1)).await.unwrap(), None);
    assert!(here.session(digest(2)).await.unwrap().is_some());
    assert_eq!(here.credential_of_handle("h").await.unwrap(), None);
    assert!(
        !here
            .use_recovery_code(CLAIRE, digest(7), after(6))
            .await
            .unwrap()
    );
    assert_eq!(here.invitation(digest(9), after(6)).await.unwrap(), None);
    assert_eq!(
        here.person(CLAIRE).await.unwrap().unwrap().closed,
        Some(after(5))
    );
    assert!(matches!(
        here.close_person(CLAIRE, after(6)).await,
        Err(StoreError::Unknown { .. })
    ));
}

pub(super) async fn who_left_comes_back_with_what_she_had(lab: Lab) {
    let here = lab.store.practice(HERE);
    here.add_person(&claire()).await.unwrap();
    let key = credential(1, CredentialKind::Passkey, Some("h"));
    here.add_credential(&key).await.unwrap();
    here.set_recovery_codes(CLAIRE, &[digest(7), digest(8)], NOW)
        .await
        .unwrap();
    here.begin_session(&session(1, CLAIRE), NOW).await.unwrap();
    assert_eq!(here.erase_access(CLAIRE).await.unwrap(), 0, "she is here");
    assert!(matches!(
        here.reopen_person(CLAIRE).await,
        Err(StoreError::Unknown { .. })
    ));
    here.close_person(CLAIRE, after(5)).await.unwrap();
    here.reopen_person(CLAIRE).await.unwrap();
    assert_eq!(here.person(CLAIRE).await.unwrap().unwrap().closed, None);
    assert_eq!(here.credential_of_handle("h").await.unwrap(), Some(key));
    assert!(
        here.use_recovery_code(CLAIRE, digest(7), after(6))
            .await
            .unwrap()
    );
    assert_eq!(here.session(digest(1)).await.unwrap(), None);

    // Somebody else may sign in with her name by then.
    here.close_person(CLAIRE, after(7)).await.unwrap();
    let other = Person {
        id: INES,
        ..claire()
    };
    here.add_person(&other).await.unwrap();
    assert!(matches!(
        here.reopen_person(CLAIRE).await,
        Err(StoreError::Taken { .. })
    ));
    assert_eq!(here.erase_access(CLAIRE).await.unwrap(), 3);
    assert_eq!(here.credentials(CLAIRE).await.unwrap(), []);
}

pub(super) async fn a_login_is_free_again_after_its_owner_left(lab: Lab) {
    let here = lab.store.practice(HERE);
    here.add_person(&claire()).await.unwrap();
    let other = Person {
        id: INES,
        ..claire()
    };
    assert!(matches!(
        here.add_person(&other).await,
        Err(StoreError::Taken { .. })
    ));
    here.close_person(CLAIRE, NOW).await.unwrap();
    assert_eq!(here.person_of_login("claire").await.unwrap(), None);
    here.add_person(&other).await.unwrap();
    assert_eq!(
        here.person_of_login("claire").await.unwrap().unwrap().id,
        INES
    );
    assert!(matches!(
        here.change_person(&claire()).await,
        Err(StoreError::Unknown { .. })
    ));
}

pub(super) async fn a_passkey_is_found_by_its_handle(lab: Lab) {
    let here = lab.store.practice(HERE);
    here.add_person(&claire()).await.unwrap();
    let first = credential(1, CredentialKind::Passkey, Some("aaa"));
    let second = credential(2, CredentialKind::Passkey, Some("bbb"));
    for one in [&first, &second] {
        here.add_credential(one).await.unwrap();
    }
    let same = credential(3, CredentialKind::Passkey, Some("aaa"));
    assert!(matches!(
        here.add_credential(&same).await,
        Err(StoreError::Taken { .. })
    ));
    assert_eq!(
        here.credential_of_handle("bbb").await.unwrap(),
        Some(second.clone())
    );
    assert_eq!(
        here.credentials(CLAIRE).await.unwrap(),
        [first.clone(), second]
    );
    here.label_credential(first.id, "clé bleue").await.unwrap();
    assert_eq!(
        here.credentials(CLAIRE).await.unwrap()[0].label,
        "clé bleue"
    );
    assert!(here.remove_credential(first.id).await.unwrap());
    assert!(!here.remove_credential(first.id).await.unwrap());
    let nobodys = Credential {
        person: INES,
        ..credential(4, CredentialKind::Passkey, None)
    };
    assert!(matches!(
        here.add_credential(&nobodys).await,
        Err(StoreError::Unknown { .. })
    ));
}

pub(super) async fn a_one_time_code_is_good_once(lab: Lab) {
    let here = lab.store.practice(HERE);
    here.add_person(&claire()).await.unwrap();
    let totp = credential(1, CredentialKind::Totp, None);
    here.add_credential(&totp).await.unwrap();
    let second = credential(2, CredentialKind::Totp, None);
    assert!(matches!(
        here.add_credential(&second).await,
        Err(StoreError::Taken { .. })
    ));
    let next = json(r#"{"counter":1}"#);
    assert!(here.use_credential(&totp, &next, after(1)).await.unwrap());
    assert!(!here.use_credential(&totp, &next, after(1)).await.unwrap());
    // A credential whose body stays: who was slower is told by the moment.
    let read = here.credentials(CLAIRE).await.unwrap().remove(0);
    assert_eq!((&read.body, read.used), (&next, Some(after(1))));
    assert!(here.use_credential(&read, &next, after(2)).await.unwrap());
    assert!(!here.use_credential(&read, &next, after(3)).await.unwrap());
    here.replace_credential(&second).await.unwrap();
    assert_eq!(here.credentials(CLAIRE).await.unwrap(), [second]);
}

pub(super) async fn a_recovery_code_serves_once(lab: Lab) {
    let here = lab.store.practice(HERE);
    here.add_person(&claire()).await.unwrap();
    here.set_recovery_codes(CLAIRE, &[digest(1), digest(2)], NOW)
        .await
        .unwrap();
    assert!(
        here.use_recovery_code(CLAIRE, digest(1), after(1))
            .await
            .unwrap()
    );
    assert!(
        !here
            .use_recovery_code(CLAIRE, digest(1), after(2))
            .await
            .unwrap()
    );
    assert!(
        !here
            .use_recovery_code(INES, digest(2), after(2))
            .await
            .unwrap()
    );
    assert_eq!(here.recovery_codes_left(CLAIRE).await.unwrap(), 1);
    here.set_recovery_codes(CLAIRE, &[digest(3)], after(3))
        .await
        .unwrap();
    assert!(
        !here
            .use_recovery_code(CLAIRE, digest(2), after(4))
            .await
            .unwrap()
    );
    assert_eq!(here.recovery_codes_left(CLAIRE).await.unwrap(), 1);
}

pub(super) async fn a_session_is_seen_and_ended(lab: Lab) {
    let here = lab.store.practice(HERE);
    here.add_person(&claire()).await.unwrap();
    for token in [1, 2, 3] {
        here.begin_session(&session(token, CLAIRE), after(i64::from(token)))
            .await
            .unwrap();
    }
    let (read, person) = here.session(digest(1)).await.unwrap().unwrap();
    assert_eq!((read.session, person), (session(1, CLAIRE), claire()));
    let minute = Duration::from_secs(60);
    here.touch_session(digest(1), minute, after(30))
        .await
        .unwrap();
    assert_eq!(
        here.session(digest(1)).await.unwrap().unwrap().0.used,
        after(1)
    );
    here.touch_session(digest(1), minute, after(61))
        .await
        .unwrap();
    assert_eq!(
        here.session(digest(1)).await.unwrap().unwrap().0.used,
        after(61)
    );
    assert!(here.note_in_session(digest(1), &json("[1]")).await.unwrap());
    assert_eq!(
        here.session(digest(1))
            .await
            .unwrap()
            .unwrap()
            .0
            .session
            .body,
        json("[1]")
    );
    let tokens = here.sessions(CLAIRE).await.unwrap();
    assert_eq!(
        tokens.iter().map(|it| it.session.token).collect::<Vec<_>>(),
        [digest(3), digest(2), digest(1)]
    );
    assert!(here.end_session(digest(2), after(70)).await.unwrap());
    assert!(!here.end_session(digest(2), after(71)).await.unwrap());
    assert!(!here.note_in_session(digest(2), &json("1")).await.unwrap());
    assert_eq!(
        here.end_sessions(CLAIRE, Some(digest(1)), after(72))
            .await
            .unwrap(),
        1
    );
    assert_eq!(here.sessions(CLAIRE).await.unwrap().len(), 1);
    assert_eq!(here.end_sessions(CLAIRE, None, after(73)).await.unwrap(), 1);
    assert_eq!(here.forget_sessions(after(61)).await.unwrap(), 2);
    assert_eq!(here.session(digest(1)).await.unwrap(), None);
}

fn invitation(code: u8) -> NewInvitation {
    NewInvitation {
        code: digest(code),
        name: "Inès".to_owned(),
        role: Role::Assistant,
        by: CLAIRE,
        expires: after(100),
        until: Some(after(1_000)),
    }
}

pub(super) async fn an_invitation_lets_in_one_person(lab: Lab) {
    let here = lab.store.practice(HERE);
    here.add_person(&claire()).await.unwrap();
    here.invite(&invitation(1), NOW).await.unwrap();
    here.invite(&invitation(2), after(1)).await.unwrap();
    let read = here
        .invitation(digest(1), after(99))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.invitation, invitation(1));
    assert_eq!(here.invitation(digest(1), after(100)).await.unwrap(), None);
    assert!(
        !here
            .accept_invitation(digest(1), &ines(), after(100))
            .await
            .unwrap()
    );
    // A person who cannot be added leaves the invitation good.
    let taken = here.accept_invitation(digest(1), &claire(), after(2)).await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
    assert!(
        here.accept_invitation(digest(1), &ines(), after(3))
            .await
            .unwrap()
    );
    assert!(
        !here
            .accept_invitation(digest(1), &ines(), after(4))
            .await
            .unwrap()
    );
    assert_eq!(here.person(INES).await.unwrap(), Some(ines()));
    assert_eq!(here.invitations().await.unwrap().len(), 1);
    assert!(here.withdraw_invitation(digest(2)).await.unwrap());
    assert!(!here.withdraw_invitation(digest(1)).await.unwrap());
}

pub(super) async fn what_is_kept_for_a_time_changes_from_what_was_judged(mut lab: Lab) {
    let here = lab.store.practice(HERE);
    assert_eq!(here.passing("claire", NOW).await.unwrap(), None);
    assert!(
        here.set_passing("claire", None, b"1", after(60), NOW)
            .await
            .unwrap()
    );
    assert!(
        !here
            .set_passing("claire", None, b"1", after(60), NOW)
            .await
            .unwrap()
    );
    assert!(
        here.set_passing("claire", Some(b"1"), b"2", after(90), NOW)
            .await
            .unwrap()
    );
    assert!(
        !here
            .set_passing("claire", Some(b"1"), b"2", after(90), NOW)
            .await
            .unwrap()
    );
    lab.reopen().await;
    let here = lab.store.practice(HERE);
    assert_eq!(
        here.passing("claire", after(89)).await.unwrap().unwrap(),
        b"2"
    );
    assert_eq!(here.passing("claire", after(90)).await.unwrap(), None);
    // What has expired counts for nothing.
    assert!(
        here.set_passing("claire", None, b"", after(200), after(90))
            .await
            .unwrap()
    );
    assert_eq!(here.forget_passed(after(199)).await.unwrap(), 0);
    assert_eq!(here.forget_passed(after(200)).await.unwrap(), 1);
}

pub(super) async fn a_setting_says_who_changed_it(lab: Lab) {
    let here = lab.store.practice(HERE);
    let quiet = Setting {
        name: "quiet-hours".to_owned(),
        value: json("[20,8]"),
        changed: NOW,
        by: None,
    };
    assert_eq!(here.set(&quiet).await.unwrap(), None);
    let later = Setting {
        value: json("[21,7]"),
        changed: after(1),
        by: Some(CLAIRE),
        ..quiet.clone()
    };
    assert_eq!(here.set(&later).await.unwrap(), Some(quiet.value));
    assert_eq!(
        here.setting("quiet-hours").await.unwrap(),
        Some(later.clone())
    );
    assert_eq!(here.settings().await.unwrap(), [later]);
    assert!(here.unset("quiet-hours").await.unwrap());
    assert!(!here.unset("quiet-hours").await.unwrap());
    assert_eq!(here.setting("quiet-hours").await.unwrap(), None);
}
