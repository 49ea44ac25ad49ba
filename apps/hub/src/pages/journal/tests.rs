//! The page as each role sees it, and what of the journal is noticed when somebody changes it.

use axum::http::StatusCode;
use hygie_model::{PersonId, Role, Wall};
use hygie_store::JournalLine;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    core::journal::Note,
    web::testing::{Browser, Console, NOW, Shown},
};

const CLAIRE: u128 = 7;

fn claire() -> PersonId {
    PersonId(Uuid::from_u128(CLAIRE))
}

fn plain(shown: &Shown) -> String {
    shown
        .body
        .replace(['\u{a0}', '\u{202f}'], " ")
        .replace("&#39;", "'")
}

async fn tell_at(console: &Console, kind: &'static str, note: Note, at: Wall) {
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    console
        .hub
        .journal
        .tell(practice, kind, note, at)
        .await
        .unwrap();
}

/// Claire signed in yesterday and made a sheet today; somebody was refused.
async fn told() -> Console {
    let console = Console::new().await;
    console.add(CLAIRE, "Claire Morin", Role::Assistant).await;
    let day = 86_400_000_000_000;
    let signed_in = Note::by(claire())
        .with("means", "passkey")
        .with("address", "192.168.1.20");
    tell_at(&console, "person.signed-in", signed_in, Wall(NOW.0 - day)).await;
    tell_at(
        &console,
        "person.refused",
        Note::default().with("address", "192.168.1.66"),
        NOW,
    )
    .await;
    tell_at(&console, "person.sheet-made", Note::by(claire()), NOW).await;
    console
}

async fn doctor(console: &Console) -> Browser {
    console.signed_in(Role::Practitioner).await
}

#[tokio::test]
async fn each_line_is_a_sentence_under_its_day() {
    let console = told().await;
    let mut doctor = doctor(&console).await;
    let shown = doctor.get("/journal").await;
    assert_eq!(shown.status, StatusCode::OK);
    let text = plain(&shown);
    assert!(
        text.contains("<h1>La main courante est entière.</h1>"),
        "{text}"
    );
    // Three lines and the month's title line.
    assert!(text.contains(
        "Suite vérifiée, 4 lignes, du 23 novembre 2026 à 08:12 au 24 novembre 2026 à 08:12."
    ));
    assert!(text.contains("Connexion de Claire Morin par clé d'accès, depuis 192.168.1.20."));
    assert!(text.contains("Une connexion a été refusée, depuis 192.168.1.66."));
    let (today, yesterday) = (
        text.find("24 novembre 2026</h2>"),
        text.find("23 novembre 2026</h2>"),
    );
    assert!(today.unwrap() < yesterday.unwrap());
    doctor.language = "en";
    let text = plain(&doctor.get("/journal").await);
    assert!(
        text.contains("Claire Morin signed in with a passkey, from 192.168.1.20."),
        "{text}"
    );
    assert!(text.contains("Chain verified, 4 lines"));
}

#[tokio::test]
async fn what_has_no_sentence_yet_is_shown_with_its_facts() {
    let console = told().await;
    let note = Note::by(claire()).with("size", 3).with("path", "a<b>");
    tell_at(&console, "thing.done", note, NOW).await;
    tell_at(
        &console,
        "thing.over",
        Note::by(PersonId(Uuid::from_u128(99))),
        NOW,
    )
    .await;
    let text = plain(&doctor(&console).await.get("/journal").await);
    assert!(
        text.contains("Claire Morin : thing.done (path = a&#60;b&#62;, size = 3)"),
        "{text}"
    );
    assert!(text.contains("Une personne inconnue : thing.over<"));
}

#[tokio::test]
async fn lines_are_chosen_by_person_kind_and_day() {
    let console = told().await;
    let mut doctor = doctor(&console).await;
    let sheet = "Claire Morin a fait une nouvelle feuille";
    let (signed, refused) = ("Connexion de Claire", "a été refusée");
    let person = format!("person={}", claire().0);
    for (query, wanted) in [
        (person.as_str(), [true, true, false]),
        ("kind=person.refused", [false, false, true]),
        ("from=2026-11-24", [true, false, true]),
        ("to=2026-11-23", [false, true, false]),
        ("from=2026-11-23&to=2026-11-24", [true, true, true]),
        ("kind=person.refused&to=2026-11-23", [false, false, false]),
        ("person=nobody", [true, true, true]),
    ] {
        let text = plain(&doctor.get(&format!("/journal?{query}")).await);
        let found = [sheet, signed, refused].map(|line| text.contains(line));
        assert_eq!(found, wanted, "{query}");
        assert_eq!(
            text.contains("Aucune ligne pour ce choix."),
            wanted == [false; 3],
            "{query}"
        );
    }
    let text = plain(&doctor.get("/journal?from=24/11/2026").await);
    assert!(
        text.contains("id=\"from-err\">Il faut une date, par exemple 2026-11-24."),
        "{text}"
    );
    assert!(text.contains("aria-describedby=\"from-err\"") && !text.contains("to-err"));
}

#[tokio::test]
async fn a_long_journal_is_read_page_by_page() {
    let console = told().await;
    for number in 0..150 {
        let note = Note::by(claire()).with("name", format!("key {number}."));
        tell_at(&console, "person.passkey-added", note, Wall(NOW.0 + number)).await;
    }
    let mut doctor = doctor(&console).await;
    let first = doctor.get("/journal?kind=person.passkey-added").await;
    let text = plain(&first);
    assert!(
        text.contains("« key 149. »")
            && text.contains("« key 50. »")
            && !text.contains("« key 49. »")
    );
    let at = text.find("href=\"/journal?kind").unwrap() + 6;
    let further = text[at..text[at..].find('"').unwrap() + at].replace("&#38;", "&");
    let text = plain(&doctor.get(&further).await);
    assert!(
        text.contains("« key 49. »")
            && text.contains("« key 0. »")
            && !text.contains("« key 50. »"),
        "{further}"
    );
    assert!(text.contains("Revenir aux plus récentes") && !text.contains("Lignes plus anciennes"));
}

/// What the page says after somebody changed something; the practitioner and the IT provider are told the same.
async fn after(console: &Console) -> String {
    let mut provider = console.signed_in(Role::ItProvider).await;
    let seen = plain(&provider.get("/journal/verify").await);
    let own = plain(&doctor(console).await.get("/journal").await);
    let sentence = |text: &str| {
        let from = text.find("<h1>").unwrap() + 4;
        text[from..text.find("</h1>").unwrap()].to_owned()
    };
    assert_eq!(sentence(&seen), sentence(&own));
    // States alone: no line, no name.
    assert!(!seen.contains("Claire"), "{seen}");
    seen
}

async fn lines(console: &Console) -> Vec<JournalLine> {
    let practice = console.hub.practice().await.unwrap().unwrap();
    console.hub.of(&practice).lines_from(0, 1000).await.unwrap()
}

#[tokio::test]
async fn a_chain_that_was_changed_is_noticed() {
    let console = told().await;
    assert!(
        after(&console)
            .await
            .contains("La main courante est entière.")
    );
    let file = console.hub.journal.folder().join("2026-11.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("192.168.1.66", "192.168.1.67")).unwrap();
    let text = after(&console).await;
    assert!(text.contains("La main courante a été modifiée."), "{text}");
    assert!(
        text.contains("La suite est rompue en 2026-11, ligne 4 : la ligne d'avant a été modifiée."),
        "{text}"
    );
    assert!(text.contains("Ne supprimez rien."));
}

#[tokio::test]
async fn a_folder_that_cannot_be_read_is_said() {
    let console = told().await;
    let file = console.hub.journal.folder().join("2026-11.jsonl");
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert!(
        after(&console)
            .await
            .contains("La main courante ne peut pas être lue.")
    );
}

#[tokio::test]
async fn a_line_that_only_the_database_has_is_noticed() {
    let console = told().await;
    let practice = console.hub.practice().await.unwrap().unwrap();
    let mut line = lines(&console).await.pop().unwrap();
    line.seq += 1;
    console.hub.of(&practice).append_line(&line).await.unwrap();
    let text = after(&console).await;
    assert!(
        text.contains("La ligne 4 montrée ici n'est pas celle qui a été écrite."),
        "{text}"
    );
}

#[tokio::test]
async fn a_line_whose_columns_lie_is_noticed() {
    let console = told().await;
    let practice = console.hub.practice().await.unwrap().unwrap();
    let practice = console.hub.of(&practice);
    let kept = lines(&console).await;
    practice.forget_lines(u64::from(u32::MAX)).await.unwrap();
    for mut line in kept {
        if line.kind == "person.refused" {
            line.person = Some(claire());
        }
        practice.append_line(&line).await.unwrap();
    }
    assert!(after(&console).await.contains("La ligne 2 montrée ici"));
}

#[tokio::test]
async fn lines_that_the_database_lacks_are_put_back() {
    let console = told().await;
    let practice = console.hub.practice().await.unwrap().unwrap();
    let before = lines(&console).await;
    console
        .hub
        .of(&practice)
        .forget_lines(before[2].seq)
        .await
        .unwrap();
    let text = after(&console).await;
    assert!(
        text.contains("Il manque ici 2 lignes, écrites dans la suite."),
        "{text}"
    );
    let mut provider = console.signed_in(Role::ItProvider).await;
    let sent = provider.post("/journal/verify", &[]).await;
    assert_eq!(sent.leads(), "/journal/verify?done=refilled");
    let text = plain(&provider.get(sent.leads()).await);
    assert!(
        text.contains("La main courante est entière.") && text.contains("Les lignes sont revenues")
    );
    let lines = lines(&console).await;
    assert_eq!(lines[..3], before[..]);
    assert_eq!(
        (lines.len(), lines[3].kind.as_str()),
        (4, "journal.refilled")
    );
    // Nothing lacks: nothing is told.
    assert_eq!(
        provider.post("/journal/verify", &[]).await.leads(),
        "/journal/verify"
    );
    let text = plain(&doctor(&console).await.get("/journal").await);
    assert!(
        text.contains("a fait remettre 2 lignes dans la base."),
        "{text}"
    );
}

#[tokio::test]
async fn the_journal_is_taken_along_line_by_line() {
    let console = told().await;
    let mut doctor = doctor(&console).await;
    let taken = doctor.post("/journal/export", &[]).await;
    assert_eq!(taken.status, StatusCode::OK);
    assert_eq!(
        taken.headers["content-disposition"],
        "attachment; filename=\"hygie-journal-2026-11-24.jsonl\""
    );
    let lines: Vec<Value> = taken
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<&str> = lines
        .iter()
        .map(|line| line["kind"].as_str().unwrap())
        .collect();
    let told = [
        "segment",
        "person.signed-in",
        "person.refused",
        "person.sheet-made",
        "journal.exported",
    ];
    assert_eq!(kinds, told);
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(
            (&line["schema"], &line["seq"]),
            (&"hygie.journal/1".into(), &number.into())
        );
        assert!(line["prev"].is_string() && line["fields"].is_object());
    }
}

#[tokio::test]
async fn who_may_not_see_the_journal_does_not() {
    let console = told().await;
    let before = lines(&console).await.len();
    for role in [Role::Assistant, Role::ItProvider, Role::MonitoringOperator] {
        let mut browser = console.signed_in(role).await;
        let shown = browser.get("/journal").await;
        assert!(
            shown.status == StatusCode::FORBIDDEN && !shown.body.contains("192.168"),
            "{role:?}"
        );
        let taken = browser.post("/journal/export", &[]).await;
        assert!(
            taken.status == StatusCode::FORBIDDEN && !taken.body.contains("192.168"),
            "{role:?}"
        );
    }
    assert_eq!(lines(&console).await.len(), before);
    let mut provider = console.signed_in(Role::ItProvider).await;
    let text = plain(&provider.get("/journal/verify").await);
    assert!(!text.contains("href=\"/journal\""), "{text}");
}
