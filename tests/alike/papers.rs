//! Letters, tables, reports and the vault of passwords.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use hygie_testkit::Job;

use crate::desk::Desk;
use crate::table::Alike;

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("qpdf --replace-input", &["qpdf"], |desk| {
        desk.script("find . -name '*.pdf' -exec qpdf --linearize --replace-input {} \\;")
    }),
    Alike::new("qpdf: a password on all", &["qpdf"], |desk| {
        desk.script(
            "find . -name '*.pdf' -exec qpdf --encrypt cabinet cabinet 256 -- --replace-input {} \\;",
        )
    }),
    Alike::new("LibreOffice: PDF of letters", &["soffice"], |desk| {
        let letters = [desk.files(".docx", 20)?, desk.files(".rtf", 5)?].concat();
        office(desk, "pdf", "Courriers", &letters)
    }),
    Alike::new("LibreOffice: saved again", &["soffice"], |desk| {
        saved(desk, ".docx", "docx")?;
        saved(desk, ".xlsx", "xlsx")
    }),
    Alike::new(
        "LibreOffice: DOCX to ODT, DOCX deleted",
        &["soffice"],
        |desk| {
            let letters = desk.files(".docx", 20)?;
            office(desk, "odt", "Courriers", &letters)?;
            desk.types_with("rm", &letters)
        },
    ),
    Alike::new("a vault of passwords", &["keepassxc-cli"], vault),
];

fn office(desk: &mut Desk, format: &str, into: &str, files: &[PathBuf]) -> Result<()> {
    let profile = format!(
        "-env:UserInstallation=file://{}/office",
        desk.home().display()
    );
    let job = Job::new("soffice --headless", &desk.folder()).word(profile);
    let job = job.words(["--convert-to", format, "--outdir", into]);
    desk.runs(job.words(files))
}

/// Written anew beside and renamed over, each of twenty; headless it refuses to write over what it has open.
fn saved(desk: &mut Desk, ending: &str, format: &str) -> Result<()> {
    let letters = desk.files(ending, 20)?;
    office(desk, format, "neuf", &letters)?;
    for path in letters {
        let name = path.file_name().context("a file has a name")?;
        let fresh = Path::new("neuf").join(name);
        if desk.folder().join(&fresh).exists() {
            desk.types_with("mv", &[fresh, path])?;
        }
    }
    Ok(())
}

/// Made, then saved with each of twenty entries.
fn vault(desk: &mut Desk) -> Result<()> {
    let typing = "Cabinet-2026\nCabinet-2026\n";
    let job = Job::new("keepassxc-cli db-create -q -p coffre.kdbx", &desk.folder());
    desk.runs(job.typing(typing))?;
    for number in 0..20 {
        let line = format!("keepassxc-cli add -q -g -L 20 -u cabinet coffre.kdbx site-{number}");
        desk.runs(Job::new(&line, &desk.folder()).typing(typing))?;
    }
    Ok(())
}
