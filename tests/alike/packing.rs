//! Archives and encryption by people who keep, or replace, what they pack.

use anyhow::Result;
use hygie_testkit::Job;

use crate::desk::Desk;
use crate::table::Alike;
use crate::usual;

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("zip with a password", &["zip"], |desk| {
        desk.types("zip -q -r -P Cabinet-2026 dossiers.zip Patients Courriers")
    }),
    Alike::new("unzip over existing files", &["zip", "unzip"], unzip_over),
    Alike::new("tar, and back over", &["tar"], tar_and_back),
    Alike::new("7z with a password", &["7zz"], |desk| {
        desk.types("7zz a -bd -pCabinet-2026 -mhe=on dossiers.7z Patients Courriers")
    }),
    Alike::new("7z of 30 files, originals kept", &["7zz"], seven_of_each),
    Alike::new("7z -sdel of a few", &["7zz"], |desk| {
        let few = desk.files(".odt", 6)?;
        desk.types_with("7zz a -bd -sdel -pCabinet-2026 lettres.7z", &few)
    }),
    Alike::new("gpg on a few, kept", &["gpg"], gpg_few),
    Alike::new("gpg to a key, for a mail", &["gpg"], gpg_to_a_key),
    Alike::new("openssl on five exports", &["openssl"], |desk| {
        for path in desk.files(".csv", 5)? {
            let enc = path.with_extension("csv.enc");
            let job = Job::new(
                "openssl enc -aes-256-cbc -pbkdf2 -pass pass:cabinet",
                &desk.folder(),
            );
            desk.runs(job.word("-in").word(&path).word("-out").word(&enc))?;
        }
        Ok(())
    }),
    Alike::new("gzip of tables and notes", &["gzip"], usual::gzip_texts),
];

fn unzip_over(desk: &mut Desk) -> Result<()> {
    desk.types("zip -q -r sauvegarde.zip Patients Courriers Comptabilité")?;
    usual::sed_all(desk)?;
    let letters = desk.files(".docx", 20)?;
    // Somebody worked on: they are other letters now.
    for pair in letters.chunks_exact(2) {
        desk.runs(Job::new("cp", &desk.folder()).words(pair))?;
    }
    desk.types("unzip -q -o sauvegarde.zip")
}

pub(crate) fn tar_and_back(desk: &mut Desk) -> Result<()> {
    desk.types("tar czf tout.tgz Patients Courriers Messagerie\u{20}sécurisée")
        .or_else(|_| desk.types("tar czf tout.tgz Patients Courriers"))?;
    usual::sed_all(desk)?;
    desk.types("tar xzf tout.tgz")
}

/// An archive with a password for each, as for sending them; the originals stay.
fn seven_of_each(desk: &mut Desk) -> Result<()> {
    let files = [desk.files(".pdf", 15)?, desk.files(".docx", 15)?].concat();
    let job = Job::new("sh -e -c", &desk.folder())
        .word("for f in \"$@\"; do 7zz a -bd -pCabinet-2026 -mhe=on \"$f.7z\" \"$f\"; done")
        .word("sh");
    desk.runs(job.words(&files))
}

fn gpg_few(desk: &mut Desk) -> Result<()> {
    let files = [desk.files(".odt", 4)?, desk.files(".pdf", 4)?].concat();
    let line = "gpg --batch --yes --quiet --pinentry-mode loopback --passphrase Cabinet-2026 -c";
    for path in files {
        desk.types_with(line, &[path])?;
    }
    Ok(())
}

fn gpg_to_a_key(desk: &mut Desk) -> Result<()> {
    desk.types(
        "gpg --batch --quiet --pinentry-mode loopback --passphrase= \
         --quick-generate-key confrere@exemple.example default default never",
    )?;
    for path in desk.files(".pdf", 5)? {
        desk.types_with(
            "gpg --batch --quiet --trust-model always -e -r confrere@exemple.example",
            &[path],
        )?;
    }
    Ok(())
}
