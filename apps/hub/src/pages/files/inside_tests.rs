//! What a version holds, as it is shown to whom; and told to the journal.

use axum::http::{StatusCode, header};
use hygie_acts::State;
use hygie_agent::door::{Look, Question};
use hygie_model::Role;
use hygie_sandbox::preview::{Pages, Png, Shown as Sight, Why};

use super::{
    inside::of,
    path::of_file,
    sample::{Known, LETTER, guarded, incident, plain},
};
use crate::web::testing::Console;

fn picture(width: u32, height: u32, own: (u32, u32)) -> Sight {
    let head: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let bytes = [head, &width.to_be_bytes(), &height.to_be_bytes(), b"<b>"].concat();
    Sight::Picture {
        png: Png::new(bytes).unwrap(),
        width: own.0,
        height: own.1,
        pages: Pages::First,
    }
}

fn text(text: &str) -> Sight {
    Sight::Text {
        text: text.to_owned(),
        all: false,
        letters: "windows-1252".to_owned(),
    }
}

async fn looks(console: &Console) -> Vec<String> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let lines = console.hub.of(&practice).lines_from(0, 100).await.unwrap();
    let looked = lines.into_iter().filter(|line| line.kind == "file.looked");
    looked.map(|line| line.line).collect()
}

#[tokio::test]
async fn a_picture_is_seen_beside_what_is_there_now() {
    let console = Console::new().await;
    let known = Known {
        inside: vec![
            (6, picture(1000, 750, (4000, 3000))),
            (7, text("a <script>alert(1)</script> & b")),
        ],
        ..Known::default()
    };
    let asked = guarded(&console, known);
    let mut browser = console.signed_in(Role::Assistant).await;
    let list = browser.get(&of_file(LETTER.as_ref())).await;
    let to = of(LETTER.as_ref(), 6);
    let link = format!(
        "href=\"{}\">Voir<span class=\"vh\">",
        to.replace('&', "&#38;")
    );
    assert!(list.body.contains(&link), "{}", list.body);
    let shown = browser.get(&to).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(shown.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let page = plain(&shown);
    assert!(
        page.contains("<h1>« Lettre.odt » le 24 novembre 2026 à 06:12</h1>"),
        "{page}"
    );
    assert!(page.contains("width=\"1000\" height=\"750\" alt=\"Aperçu de l'image « Lettre.odt », version du 24 novembre 2026 à 06:12\""), "{page}");
    assert!(page.contains("src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUg"));
    assert!(
        page.contains("Réduite : l'image a 4 000 sur 3 000 points."),
        "{page}"
    );
    assert!(page.contains("seule la première est montrée"));
    // The other one is text, whatever it says.
    assert!(page.contains("Ce qui est là maintenant, depuis le 24 novembre 2026 à 07:12"));
    assert!(page.contains("a &#60;script&#62;alert(1)&#60;/script&#62; &#38; b</pre>"));
    assert!(page.contains("Le début seulement, lu en windows-1252."));
    assert!(page.contains(
        "Elle prend la place de ce qui est là maintenant. L'état présent reste dans la liste"
    ));
    assert_eq!(page.matches("btn--main").count(), 1);
    assert!(page.contains("name=\"n\" value=\"6\""));
    // Each was told before it was asked for.
    let looks = looks(&console).await;
    assert_eq!(looks.len(), 2, "{looks:?}");
    assert!(looks[0].contains(LETTER) && looks[0].contains("\"number\":6"));
    assert!(looks[1].contains("\"number\":7"));
    let inside = |number| {
        Question::Look(Look::Inside {
            path: LETTER.into(),
            number,
        })
    };
    let asked = asked.lock().unwrap().clone();
    assert!(asked.contains(&inside(6)) && asked.contains(&inside(7)));
    let mut doctor = console.signed_in(Role::Practitioner).await;
    let journal = plain(&doctor.get("/journal").await);
    assert!(journal.contains("Assistant a regardé ce que contient « /srv/patients/Courriers/Lettre.odt », version du 24 novembre 2026 à 06:12."), "{journal}");
    doctor.language = "en";
    let page = plain(&doctor.get(&to).await);
    assert!(
        page.contains("This is what this version holds.")
            && page.contains("Only the beginning, read as"),
        "{page}"
    );
}

#[tokio::test]
async fn the_present_state_is_shown_alone_and_has_nothing_to_restore() {
    let console = Console::new().await;
    let known = Known {
        inside: vec![(7, text("Bonjour"))],
        ..Known::default()
    };
    guarded(&console, known);
    let mut browser = console.signed_in(Role::Practitioner).await;
    let page = plain(&browser.get(&of(LETTER.as_ref(), 7)).await);
    assert!(
        page.contains("C'est l'état présent : il n'y a rien à rétablir."),
        "{page}"
    );
    assert_eq!(page.matches("<pre").count(), 1);
    assert!(!page.contains("btn--main"));
}

#[tokio::test]
async fn a_deleted_file_is_seen_and_would_come_back() {
    let console = Console::new().await;
    let known = Known {
        is_there: false,
        inside: vec![(7, text("Bonjour"))],
        ..Known::default()
    };
    guarded(&console, known);
    let mut browser = console.signed_in(Role::Assistant).await;
    let page = plain(&browser.get(&of(LETTER.as_ref(), 7)).await);
    assert!(
        page.contains("Le fichier revient à sa place. Rien n'est remplacé."),
        "{page}"
    );
    assert!(page.contains("btn--main") && !page.contains("Ce qui est là maintenant"));
}

#[tokio::test]
async fn what_a_stopped_program_wrote_is_seen_but_not_restored_here() {
    let console = Console::new().await;
    let nothing = Sight::Nothing {
        why: Why::Unreadable,
    };
    let known = Known {
        incidents: vec![incident(State::Stopped)],
        inside: vec![(7, nothing)],
        ..Known::default()
    };
    guarded(&console, known);
    let mut browser = console.signed_in(Role::Assistant).await;
    let page = plain(&browser.get(&of(LETTER.as_ref(), 7)).await);
    assert!(
        page.contains("Cette version ne peut pas être montrée ici."),
        "{page}"
    );
    assert!(page.contains("Le fichier commence comme une image, mais ne se lit pas comme telle."));
    assert!(page.contains("elle se remet depuis la page de l'incident seulement"));
    assert!(!page.contains("btn--main"));
}

#[tokio::test]
async fn why_nothing_is_shown_is_said_in_both_languages() {
    for (why, french, english) in [
        (Why::Empty, "Le fichier est vide.", "The file is empty."),
        (Why::Kind, "d'une autre sorte", "of another kind"),
        (Why::TooLarge, "trop grande", "too large"),
        (Why::TooLong, "trop de temps", "too long"),
        (
            Why::Damaged,
            "n'a pas pu être relu",
            "could not be read back",
        ),
        (Why::NoSandbox, "n'est pas en marche", "is not running"),
    ] {
        let console = Console::new().await;
        let known = Known {
            inside: vec![(6, Sight::Nothing { why })],
            ..Known::default()
        };
        guarded(&console, known);
        let mut browser = console.signed_in(Role::Practitioner).await;
        let page = plain(&browser.get(&of(LETTER.as_ref(), 6)).await);
        assert!(page.contains(french), "{why:?}: {page}");
        browser.language = "en";
        let page = plain(&browser.get(&of(LETTER.as_ref(), 6)).await);
        assert!(page.contains(english), "{why:?}: {page}");
    }
}

#[tokio::test]
async fn who_may_not_sees_neither_link_nor_page_and_nothing_is_asked() {
    let console = Console::new().await;
    let asked = guarded(&console, Known::default());
    for role in [Role::ItProvider, Role::MonitoringOperator] {
        let mut browser = console.signed_in(role).await;
        let shown = browser.get(&of(LETTER.as_ref(), 6)).await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{role:?}");
    }
    assert!(asked.lock().unwrap().is_empty());
    assert!(looks(&console).await.is_empty());
    // An unknown version, and one without content.
    let mut browser = console.signed_in(Role::Assistant).await;
    let page = plain(&browser.get(&of(LETTER.as_ref(), 99)).await);
    assert!(
        page.contains("Hygie ne connaît pas cette version"),
        "{page}"
    );
    assert!(looks(&console).await.is_empty());
    for bad in [
        "/files/inside",
        "/files/inside?p=L2V0Yw&n=x",
        "/files/inside?p=..&n=1",
    ] {
        let shown = browser.get(bad).await;
        assert!(shown.status.is_client_error(), "{bad}: {}", shown.status);
    }
}

#[tokio::test]
async fn a_guard_that_does_not_answer_is_said_so() {
    let console = Console::new().await;
    let mut browser = console.signed_in(Role::Assistant).await;
    let shown = browser.get(&of(LETTER.as_ref(), 6)).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(looks(&console).await.is_empty());
}
