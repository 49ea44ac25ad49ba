//! What is attached: what it is against what its name says, and what opening it would do.
//! A message that is attached is looked at as a message.

use super::{Sheet, Sight};
use crate::fold::Folded;
use crate::message::{File, Is, Macros, Mail};
use crate::parse::{PROGRAMS, SCRIPTS, ends_with};
use crate::phrases::Topic;
use crate::place::{self, Place};
use crate::reason::{Clue, Reason};

/// Looks at what is attached.
pub(super) fn look(mail: &Mail, folded: &Folded, sight: &Sight<'_>, sheet: &mut Sheet) {
    let sender = mail.sender().and_then(|one| place::host_of(&one.address));
    for file in &mail.files {
        content(file, sheet);
        locked(file, folded, sight, sheet);
        leads(file, sender.as_deref(), sight, sheet);
    }
    let linked = mail.bodies.iter().any(|body| !body.links.is_empty());
    if linked && mail.files.is_empty() && speaks_of(&[Topic::FileKey], folded, sight) {
        sheet.add(Reason::KeyWithLink {});
    }
    for inner in &mail.attached {
        let mut within = Sheet::default();
        super::of_mail(inner, sight, &mut within);
        if TRAPS.iter().any(|clue| within.has(*clue)) {
            sheet.add(Reason::AttachedTrap {});
        }
    }
}

fn content(file: &File, sheet: &mut Sheet) {
    let name = file.name.clone();
    match file.is {
        Is::Program | Is::Script => sheet.add(Reason::FileRuns { name: name.clone() }),
        Is::Disk => sheet.add(Reason::FileDisk { name: name.clone() }),
        Is::Web => {
            sheet.add(Reason::FilePage { name: name.clone() });
            if file.body.page.smuggles {
                sheet.add(Reason::Smuggles {});
            }
            if file.body.page.password_fields > 0 {
                sheet.add(Reason::AsksPassword {});
            }
        }
        Is::Archive | Is::Sealed => {
            let runs = file.holds.iter().find(|inner| {
                ends_with(inner, SCRIPTS)
                    || ends_with(inner, PROGRAMS)
                    || ends_with(inner, &[".iso", ".img", ".vhd"])
            });
            if let Some(holds) = runs {
                let holds = holds.clone();
                sheet.add(Reason::ArchiveRuns {
                    name: name.clone(),
                    holds,
                });
            }
        }
        Is::Text | Is::Pdf | Is::Office | Is::Picture | Is::Media | Is::Calendar | Is::Other => {}
    }
    match file.macros {
        Some(Macros::Starting) => sheet.add(Reason::MacrosStart { name: name.clone() }),
        Some(Macros::Waiting) => sheet.add(Reason::HasMacros { name: name.clone() }),
        None => {}
    }
    if lies(file) {
        sheet.add(Reason::FileLies { name });
    }
}

/// The name promises a document, and the content is none; or a second ending hides the first.
fn lies(file: &File) -> bool {
    let promises = |endings: &[&str]| ends_with(&file.name, endings);
    let stem = file.name.rsplit_once('.').map_or("", |(stem, _)| stem);
    let two = ends_with(stem, DOCUMENTS)
        && matches!(
            file.is,
            Is::Program | Is::Script | Is::Web | Is::Disk | Is::Archive
        );
    let turned = file.name.contains('\u{202e}');
    two && !promises(&[".zip", ".gz", ".p7s", ".p7m"])
        || turned
        || promises(DOCUMENTS) && matches!(file.is, Is::Program | Is::Script | Is::Web | Is::Disk)
}

fn speaks_of(topics: &[Topic], folded: &Folded, sight: &Sight<'_>) -> bool {
    let mut hits = sight.intel.phrases.find(&folded.text);
    hits.any(|hit| {
        Topic::ALL
            .get(hit.topic)
            .is_some_and(|topic| topics.contains(topic))
    })
}

fn locked(file: &File, folded: &Folded, sight: &Sight<'_>, sheet: &mut Sheet) {
    if !file.sealed {
        return;
    }
    let name = file.name.clone();
    let key = speaks_of(&[Topic::Password, Topic::FileKey], folded, sight);
    sheet.add(if key {
        Reason::LockedWithKey { name }
    } else {
        Reason::Locked { name }
    });
}

fn leads(file: &File, sender: Option<&str>, sight: &Sight<'_>, sheet: &mut Sheet) {
    let own = sender.map(place::registered);
    for place in file
        .body
        .links
        .iter()
        .filter_map(|link| Place::of(&link.target))
    {
        if own.as_deref() == Some(&*place.registered) || sight.intel.is_owned(&place.host) {
            continue;
        }
        let host = place.seen.clone();
        if file.is == Is::Calendar {
            sheet.add(Reason::CalendarLeads { host });
        } else {
            let name = file.name.clone();
            sheet.add(Reason::FileLeads { name, host });
        }
    }
}

/// What makes an attached message one that should not be passed on.
const TRAPS: &[Clue] = &[
    Clue::Impersonates,
    Clue::LinkBorrows,
    Clue::LinkLooksLike,
    Clue::LinkDiffers,
    Clue::AsksPassword,
    Clue::Smuggles,
    Clue::FileRuns,
    Clue::ArchiveRuns,
    Clue::LinkRuns,
];
const DOCUMENTS: &[&str] = &[
    ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".jpg", ".jpeg", ".png", ".txt",
    ".odt", ".rtf", ".csv",
];

#[cfg(test)]
mod tests {
    use super::super::testing::clues;

    fn with(name: &str, content: &str, text: &str) -> Vec<&'static str> {
        clues(&format!(
            "From: Zoé <zoe@labo.fr>\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n{text}\n--x\n\
             Content-Type: application/octet-stream; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\n{content}\n--x--\n"
        ))
    }

    #[test]
    fn the_key_of_a_file_that_a_link_brings_is_told() {
        let mail = |text: &str| clues(&format!("From: a@b.fr\nSubject: x\n\n{text}\n"));
        let found = mail("Facture : https://c.example/f Mot de passe du fichier : 4471");
        assert!(found.contains(&"key-with-link"), "{found:?}");
        for text in [
            "Mot de passe du fichier : 4471",
            "Espace client : https://c.example Votre mot de passe : azur",
        ] {
            let found = mail(text);
            assert!(!found.contains(&"key-with-link"), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_runs_is_seen_by_content_and_name() {
        for (name, content, clue) in [
            ("facture.pdf.js", "var a = 1;", "file-runs"),
            ("facture.pdf.js", "var a = 1;", "file-lies"),
            ("facture.pdf", "<html><script>x</script>", "file-lies"),
            (
                "facture.htm",
                "<html><input type=password>",
                "asks-password",
            ),
            (
                "facture.html",
                "<script>window.navigator.msSaveOrOpenBlob(atob('x'))</script>",
                "smuggles",
            ),
            ("scan.iso", "x", "file-disk"),
            (
                "rdv.ics",
                "BEGIN:VCALENDAR\nDESCRIPTION:https://trap.example/x\n",
                "calendar-leads",
            ),
            (
                "a.pdf",
                "%PDF-1.4 /URI (https://trap.example/x)",
                "file-leads",
            ),
        ] {
            let found = with(name, content, "Bonjour Claire");
            assert!(found.contains(&clue), "{name}: {found:?}");
        }
        for (name, content) in [
            ("notes.txt", "bonjour"),
            ("a.pdf", "%PDF-1.4 /URI (https://labo.fr/x)"),
            ("Dr. Petit.pdf", "%PDF-1.4"),
        ] {
            assert!(with(name, content, "Bonjour Claire").is_empty(), "{name}");
        }
    }

    #[test]
    fn a_trap_that_was_attached_is_still_one() {
        let raw = "From: Zoé <zoe@labo.fr>\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nvoir\n--x\nContent-Type: message/rfc822\n\n\
                   From: Ameli <a@trap.example>\n\nvotre carte\n--x--\n";
        assert_eq!(clues(raw), ["attached-trap"]);
    }
}
