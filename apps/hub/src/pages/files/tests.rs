//! What the pages make of the guard's words, and what is told to the journal.

use std::{ffi::OsString, os::unix::ffi::OsStringExt, path::PathBuf};

use axum::http::StatusCode;
use hygie_acts::State;
use hygie_agent::door::{
    FileFound, FileTold, Look, MissingTold, OutcomeTold, Pick, PlanTold, ProblemTold, Question,
    Reply, Told, WhyTold,
};
use hygie_model::{Role, Wall};

use super::{
    path::{of_file, of_folder, to_query},
    sample::{Known, LETTER, ROOT, ago, found, guarded, incident, plain, told},
};
use crate::web::testing::{Console, NOW};

async fn lines(console: &Console) -> Vec<(String, String)> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let lines = console.hub.of(&practice).lines_from(0, 100).await.unwrap();
    lines
        .into_iter()
        .map(|line| (line.kind, line.line))
        .collect()
}

fn letter() -> String {
    of_file(LETTER.as_ref())
}

#[tokio::test]
async fn a_file_is_found_by_a_part_of_its_name_even_when_it_is_gone() {
    let console = Console::new().await;
    guarded(&console, Known::default());
    for role in [Role::Practitioner, Role::Assistant] {
        let mut browser = console.signed_in(role).await;
        let text = plain(&browser.get("/files?q=lettre").await);
        assert!(
            text.contains("<h1>Les 2 premiers fichiers pour « lettre ».</h1>"),
            "{text}"
        );
        assert!(text.contains(&format!("href=\"{}\">Lettre.odt</a>", letter())));
        assert!(text.contains(
            "12 ko, modifié le 24 novembre 2026 à 06:12 · 3 versions · dans /srv/patients/Courriers"
        ));
        // A name turns nothing around and is no tag.
        assert!(
            text.contains("Ancienne\\u{202e} &#60;i&#62;.odt") && !text.contains("<i>"),
            "{text}"
        );
        assert!(text.contains("Supprimé le 24 novembre 2026 à 06:12"));
        assert!(text.contains("Il y en a d'autres"));
        let text = plain(&browser.get("/files?q=rien").await);
        assert!(
            text.contains("<h1>Aucun fichier ne contient « rien » dans son nom.</h1>"),
            "{text}"
        );
        browser.language = "en";
        let text = plain(&browser.get("/files?q=lettre").await);
        assert!(
            text.contains("<h1>The first 2 files for “lettre”.</h1>")
                && text.contains("Deleted on 24 November"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn folders_are_walked_through_with_what_is_gone_at_the_end() {
    let console = Console::new().await;
    let asked = guarded(&console, Known::default());
    let mut browser = console.signed_in(Role::Assistant).await;
    let text = plain(&browser.get("/files").await);
    assert!(
        text.contains("<h1>Retrouvez un fichier, même supprimé.</h1>"),
        "{text}"
    );
    let courriers = of_folder("/srv/patients/Courriers".as_ref());
    assert!(text.contains(&format!(
        "href=\"{}\">/srv/patients</a>",
        of_folder(ROOT.as_ref())
    )));
    let text = plain(&browser.get(&format!("{courriers}&from=200")).await);
    assert!(
        text.contains("<h1>Courriers</h1>") && text.contains(">patients</a>"),
        "{text}"
    );
    let (letter, gone) = (
        text.find(">Lettre.odt<").unwrap(),
        text.find(">2025</a>").unwrap(),
    );
    assert!(letter < gone);
    assert!(
        text.contains(&format!("href=\"{}&#38;from=203\"", courriers)),
        "{text}"
    );
    let question = Question::Look(Look::Folder {
        path: "/srv/patients/Courriers".into(),
        from: 200,
    });
    assert!(asked.lock().unwrap().contains(&question));
    let text = plain(&browser.get(&of_folder("/etc".as_ref())).await);
    assert!(
        text.contains("Hygie ne connaît rien à cet endroit.") && !text.contains("/files/folder"),
        "{text}"
    );
    assert_eq!(
        browser.get("/files?in=%2Fetc").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_damaged_file_has_one_full_button_at_its_healthy_version() {
    let console = Console::new().await;
    let known = Known {
        incidents: vec![incident(State::Stopped)],
        ..Known::default()
    };
    guarded(&console, known);
    let mut browser = console.signed_in(Role::Assistant).await;
    let shown = browser.get(&letter()).await;
    let text = plain(&shown);
    assert!(text.contains("<h1>Lettre.odt</h1><p>Abîmé le 24 novembre 2026 à 07:11 par un programme arrêté. La version du 24 novembre 2026 à 06:12 est saine.</p>"), "{text}");
    assert!(text.contains("<b>Écrite par un programme arrêté</b>Par visionneuse, incident 3."));
    assert_eq!(text.matches("btn--main").count(), 1);
    let best = text.find("class=\"best\"").unwrap();
    let button = text.find("btn--main").unwrap();
    assert!(best < button && text[best..button].matches("<li").count() == 0);
    assert!(text[button..].contains("name=\"n\" value=\"6\""));
    assert!(text.contains("class=\"water\"") && text.contains("class=\"dn\""));
    assert!(text.contains("Rétablir ne supprime rien"));
    browser.language = "en";
    let text = plain(&browser.get(&letter()).await);
    assert!(
        text.contains("Damaged on 24 November 2026") && text.contains("Restore this version"),
        "{text}"
    );
}

#[tokio::test]
async fn a_healthy_file_has_no_full_button_and_says_so() {
    let console = Console::new().await;
    let mut known = Known {
        incidents: vec![incident(State::Allowed)],
        ..Known::default()
    };
    known.versions[2].kept = false;
    known.versions[1].names = vec!["/srv/patients/Brouillon.odt".to_owned()];
    guarded(&console, known);
    let text = plain(
        &console
            .signed_in(Role::Practitioner)
            .await
            .get(&letter())
            .await,
    );
    assert!(
        text.contains("Rien à rétablir : l'état présent est sain, et 2 versions sont gardées."),
        "{text}"
    );
    assert!(text.contains("Version présente") && !text.contains("btn--main"));
    assert!(text.contains("S'appelait alors « /srv/patients/Brouillon.odt »."));
    assert!(
        text.contains("Son contenu n'est plus dans le coffre.") && !text.contains("value=\"5\"")
    );
    assert!(text.contains("name=\"n\" value=\"6\"") && !text.contains("name=\"n\" value=\"7\""));
}

#[tokio::test]
async fn a_deleted_file_comes_back_by_its_last_version() {
    let console = Console::new().await;
    let asked = guarded(
        &console,
        Known {
            is_there: false,
            ..Known::default()
        },
    );
    let mut browser = console.signed_in(Role::Assistant).await;
    let text = plain(&browser.get(&letter()).await);
    assert!(
        text.contains(
            "Ce fichier n'est plus là. Sa version du 24 novembre 2026 à 07:12 peut revenir."
        ),
        "{text}"
    );
    assert!(text.contains("btn--main\" type=\"submit\" name=\"n\" value=\"7\""));
    let sent = browser
        .post(
            "/files/restore",
            &[("p", &to_query(LETTER.as_ref())), ("n", "7")],
        )
        .await;
    assert_eq!(sent.leads(), format!("{}&done=restored", letter()));
    let text = plain(&browser.get(sent.leads()).await);
    assert!(
        text.contains("role=\"status\"") && text.contains("La version est rétablie, et relue."),
        "{text}"
    );
    let question = Question::Restore {
        path: LETTER.into(),
        pick: Pick::Number { number: 7 },
    };
    assert!(asked.lock().unwrap().contains(&question));
    let lines = lines(&console).await;
    let kinds: Vec<&str> = lines.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["file.restore-asked", "file.restored"]);
    assert!(
        lines[0].1.contains(LETTER) && lines[0].1.contains("\"since\":\"2026-11-24T07:12:00Z\""),
        "{lines:?}"
    );
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let text = plain(&doctor.get("/journal").await);
    assert!(text.contains("Assistant a demandé de rétablir « /srv/patients/Courriers/Lettre.odt », version du 24 novembre 2026 à 07:12."), "{text}");
}

#[tokio::test]
async fn what_the_guard_could_not_do_is_told_as_it_is() {
    let problem = |lost| ProblemTold {
        path: told(LETTER),
        reason: "why".to_owned(),
        lost,
    };
    let outcome = |change: fn(&mut OutcomeTold)| {
        let mut outcome = OutcomeTold {
            files: 1,
            ..OutcomeTold::default()
        };
        change(&mut outcome);
        Reply::Restored(Box::new(outcome))
    };
    let mut lost = OutcomeTold::default();
    lost.problems.push(problem(true));
    let mut partly = OutcomeTold {
        files: 1,
        ..OutcomeTold::default()
    };
    partly.problems.push(problem(false));
    for (reply, done) in [
        (Reply::Restored(Box::new(lost)), "lost"),
        (Reply::Restored(Box::new(partly)), "partly"),
        (outcome(|it| it.missing = 1), "partly"),
        (outcome(|it| it.aside.push(told("x"))), "aside"),
        (
            outcome(|it| {
                it.files = 0;
                it.refused.push(told("x"));
            }),
            "refused",
        ),
        (outcome(|it| it.files = 0), "nothing"),
        (Reply::Unknown, "unknown"),
        (Reply::Refused, "refused"),
        (Reply::Busy, "busy"),
        (
            Reply::Failed {
                reason: "SQLite".to_owned(),
            },
            "failed",
        ),
        (Reply::Unclear, "failed"),
    ] {
        let console = Console::new().await;
        guarded(
            &console,
            Known {
                outcome: reply.clone(),
                ..Known::default()
            },
        );
        let mut browser = console.signed_in(Role::Practitioner).await;
        let sent = browser
            .post(
                "/files/restore",
                &[("p", &to_query(LETTER.as_ref())), ("n", "6")],
            )
            .await;
        assert_eq!(
            sent.leads(),
            format!("{}&done={done}", letter()),
            "{reply:?}"
        );
        let text = plain(&browser.get(sent.leads()).await);
        assert!(
            text.contains("class=\"note\" role=\"status\"") && !text.contains("SQLite"),
            "{done}"
        );
        assert_eq!(lines(&console).await[0].0, "file.restore-asked");
    }
}

#[tokio::test]
async fn what_cannot_come_back_is_not_begun() {
    let empty = PlanTold {
        files: 0,
        bytes: 0,
        first: Vec::new(),
        aside: Vec::new(),
        missing: Vec::new(),
        refused: Vec::new(),
    };
    let missing = MissingTold {
        path: told(LETTER),
        why: WhyTold::Dropped,
    };
    for (plan, done) in [
        (
            PlanTold {
                missing: vec![missing],
                ..empty.clone()
            },
            "lost",
        ),
        (
            PlanTold {
                refused: vec![told(LETTER)],
                ..empty
            },
            "refused",
        ),
    ] {
        let console = Console::new().await;
        let asked = guarded(
            &console,
            Known {
                plan: Some(plan),
                ..Known::default()
            },
        );
        let mut browser = console.signed_in(Role::Practitioner).await;
        let sent = browser
            .post(
                "/files/restore",
                &[("p", &to_query(LETTER.as_ref())), ("n", "6")],
            )
            .await;
        assert_eq!(sent.leads(), format!("{}&done={done}", letter()));
        assert!(
            !asked
                .lock()
                .unwrap()
                .iter()
                .any(|question| matches!(question, Question::Restore { .. }))
        );
        assert_eq!(lines(&console).await, []);
    }
}

#[tokio::test]
async fn a_guard_that_is_silent_or_busy_is_a_state_of_the_page() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let folder = format!("/files/folder?p={}&day=2026-11-23", to_query(ROOT.as_ref()));
    for path in [
        "/files",
        "/files?q=a",
        &of_folder(ROOT.as_ref()),
        &letter(),
        &folder,
    ] {
        let shown = browser.get(path).await;
        assert_eq!(shown.status, StatusCode::OK, "{path}");
        assert!(
            plain(&shown).contains("Le gardien de ce poste ne répond pas."),
            "{path}"
        );
    }
    let sent = browser
        .post(
            "/files/restore",
            &[("p", &to_query(LETTER.as_ref())), ("n", "6")],
        )
        .await;
    assert_eq!(sent.leads(), format!("{}&done=failed", letter()));
    assert_eq!(lines(&console).await, []);
    console.guard(|_| Reply::Busy);
    assert!(
        plain(&browser.get("/files?q=a").await).contains("Le gardien a trop à faire à la fois.")
    );
}

#[tokio::test]
async fn a_folder_is_put_back_after_its_plan_was_shown() {
    let console = Console::new().await;
    let aside = PlanTold {
        files: 214,
        bytes: 9_000_000,
        first: vec![
            FileTold {
                path: told("a.odt"),
                since: ago(30),
                bytes: 5,
                replaces: true,
            },
            FileTold {
                path: told("b.odt"),
                since: ago(30),
                bytes: 5,
                replaces: false,
            },
        ],
        aside: vec![told("c.odt")],
        missing: vec![MissingTold {
            path: told("d.odt"),
            why: WhyTold::NeverKept,
        }],
        refused: Vec::new(),
    };
    let outcome = OutcomeTold {
        files: 213,
        problems: vec![ProblemTold {
            path: told("x"),
            reason: String::new(),
            lost: false,
        }],
        ..OutcomeTold::default()
    };
    let known = Known {
        plan: Some(aside),
        outcome: Reply::Restored(Box::new(outcome)),
        ..Known::default()
    };
    let asked = guarded(&console, known);
    let mut browser = console.signed_in(Role::Assistant).await;
    let p = to_query("/srv/patients/Courriers".as_ref());
    let shown = browser
        .get(&format!("/files/folder?p={p}&day=2026-11-23&time=14%3A30"))
        .await;
    let text = plain(&shown);
    assert!(
        text.contains("<h1>Remettre « Courriers » comme le 23 novembre 2026 à 14:30</h1>"),
        "{text}"
    );
    for said in [
        "214 fichiers seront remis, 9 Mo.",
        "1 fichier ou dossier d'après sera gardé à part",
        "1 fichier ne peut pas revenir",
        "a.odt<span>Reprend sa version",
        "b.odt<span>Revient",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert_eq!(lines(&console).await, []);
    let at = shown.hidden("at");
    let sent = browser
        .post("/files/folder", &[("p", &p), ("at", &at)])
        .await;
    assert_eq!(
        sent.leads(),
        format!("/files?in={p}&done=folder&files=213&problems=1")
    );
    let text = plain(&browser.get(sent.leads()).await);
    assert!(
        text.contains("213 rétablis, mais 1 n'a pas pu l'être"),
        "{text}"
    );
    let pick = Pick::At {
        at: Wall(at.parse().unwrap()),
    };
    let question = Question::Restore {
        path: "/srv/patients/Courriers".into(),
        pick,
    };
    assert!(asked.lock().unwrap().contains(&question));
    let kinds: Vec<String> = lines(&console)
        .await
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(kinds, ["folder.restore-asked", "folder.restored"]);
}

#[tokio::test]
async fn a_moment_that_is_none_is_told_beside_its_field() {
    let console = Console::new().await;
    guarded(&console, Known::default());
    let mut browser = console.signed_in(Role::Assistant).await;
    let p = to_query(ROOT.as_ref());
    for day in ["", "24/11/2026", "2026-11-25"] {
        let sent = browser.get(&format!("/files/folder?p={p}&day={day}")).await;
        assert_eq!(sent.leads(), format!("/files?in={p}&wrong=day"));
        let text = plain(&browser.get(sent.leads()).await);
        assert!(
            text.contains("id=\"d-e\">Il faut une date passée"),
            "{text}"
        );
    }
    let later = (NOW.0 + 1).to_string();
    let sent = browser
        .post("/files/folder", &[("p", &p), ("at", &later)])
        .await;
    assert_eq!(sent.status, StatusCode::BAD_REQUEST);
    assert_eq!(lines(&console).await, []);
}

#[tokio::test]
async fn a_name_that_is_no_text_is_asked_for_by_its_bytes() {
    let console = Console::new().await;
    let odd = PathBuf::from(OsString::from_vec(b"/srv/patients/\xff\n.odt".to_vec()));
    let known = Known {
        files: vec![FileFound {
            path: Told(odd.clone()),
            ..found(LETTER, true)
        }],
        ..Known::default()
    };
    let asked = guarded(&console, known);
    let mut browser = console.signed_in(Role::Assistant).await;
    let text = plain(&browser.get("/files?q=odt").await);
    assert!(
        text.contains(&format!(
            "href=\"{}\">\u{fffd}\\u{{a}}.odt</a>",
            of_file(&odd)
        )),
        "{text}"
    );
    browser.get(&of_file(&odd)).await;
    assert!(
        asked
            .lock()
            .unwrap()
            .contains(&Question::Versions { path: odd })
    );
}

#[tokio::test]
async fn who_may_see_no_names_gets_none() {
    let console = Console::new().await;
    let asked = guarded(&console, Known::default());
    let p = to_query(LETTER.as_ref());
    for role in [Role::ItProvider, Role::MonitoringOperator] {
        let mut browser = console.signed_in(role).await;
        for path in [
            "/files?q=lettre",
            &of_folder(ROOT.as_ref()),
            &letter(),
            &format!("/files/folder?p={p}"),
        ] {
            let shown = browser.get(path).await;
            assert!(
                shown.status == StatusCode::FORBIDDEN && !shown.body.contains("Lettre"),
                "{role:?} {path}"
            );
        }
        for (path, fields) in [
            ("/files/restore", [("p", p.as_str()), ("n", "6")]),
            ("/files/folder", [("p", p.as_str()), ("at", "1")]),
        ] {
            assert_eq!(
                browser.post(path, &fields).await.status,
                StatusCode::FORBIDDEN,
                "{role:?} {path}"
            );
        }
    }
    assert!(asked.lock().unwrap().is_empty());
}
