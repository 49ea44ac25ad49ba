//! Loops and lines that people type or keep in a cron job: pack, convert, name, clear away.

use anyhow::Result;
use hygie_testkit::Job;

use crate::desk::Desk;
use crate::table::Alike;

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("iconv in a loop, mv over", &["iconv"], |desk| {
        desk.script(
            "find . -name '*.txt' -o -name '*.csv' -o -name '*.html' | while read -r f; do \
             iconv -f UTF-8 -t ISO-8859-15//TRANSLIT \"$f\" > \"$f.tmp\" && mv \"$f.tmp\" \"$f\"; done",
        )
    }),
    Alike::new("to UTF-16 in a loop, mv over", &["iconv"], |desk| {
        desk.script(
            "find . -name '*.txt' -o -name '*.csv' -o -name '*.hl7' -o -name '*.xml' | while read -r f; do \
             iconv -f UTF-8 -t UTF-16 \"$f\" > /tmp/hygie-utf16.$$ && cat /tmp/hygie-utf16.$$ > \"$f\"; done; \
             rm /tmp/hygie-utf16.$$",
        )
    }),
    Alike::new("unix2dos, then dos2unix", &["dos2unix"], |desk| {
        desk.script(&format!("find . {TEXTS} -exec unix2dos -q {{}} +"))?;
        desk.script(&format!("find . {TEXTS} -exec dos2unix -q {{}} +"))
    }),
    Alike::new("find -exec gzip of all texts", &["gzip"], |desk| {
        desk.script(&format!("find . {TEXTS} -exec gzip {{}} \\;"))
    }),
    Alike::new("zstd --rm of exports", &["zstd"], |desk| {
        desk.script(&format!("find . {TEXTS} -print0 | xargs -0 zstd -q --rm"))
    }),
    Alike::new("xz of everything old", &["xz"], |desk| {
        desk.script(&format!("find . -type f {OLD} -exec xz -1 {{}} +"))
    }),
    Alike::new("tar --remove-files of old years", &["tar"], |desk| {
        desk.script(&format!(
            "find . -type f {OLD} -print0 | tar czf anciens.tgz --remove-files --null -T -"
        ))
    }),
    Alike::new("zip -m of old years", &["zip"], |desk| {
        desk.script(&format!("find . -type f {OLD} | zip -q -m anciens.zip -@"))
    }),
    Alike::new("zip -m with a password, one year", &["zip"], |desk| {
        desk.types("zip -q -r -m -P Cabinet-2026 compta-2023.zip Comptabilité/2023")
    }),
    Alike::new("gpg --multifile, ten letters, rm", &["gpg"], gpg_letters),
    Alike::new("age, ten reports, shred -u", &["age"], age_reports),
    Alike::new("shred -u of five drafts", &["shred"], |desk| {
        let drafts = desk.files(".docx", 5)?;
        desk.types_with("shred -u", &drafts)
    }),
    Alike::new("shred -u of forty", &["shred"], |desk| {
        let all = [desk.files(".pdf", 20)?, desk.files(".jpg", 20)?].concat();
        desk.types_with("shred -u -n 1 -z", &all)
    })
    .taken_for_an_attack(),
    Alike::new("find -mtime -delete", &["find"], |desk| {
        desk.script(&format!("find . -type f {OLD} -delete"))
    }),
    Alike::new("find -exec rm of old exports", &["find"], |desk| {
        desk.script(&format!("find . -type f {OLD} -exec rm {{}} \\;"))
    }),
    Alike::new("names cleaned (detox)", &["detox"], |desk| {
        desk.types("detox -r .")
    }),
    Alike::new("names in Latin-1 (convmv)", &["convmv"], |desk| {
        desk.types("convmv -r --notest -f utf8 -t latin1 .")
    }),
    Alike::new("duplicates removed (fdupes)", &["fdupes"], |desk| {
        desk.types("cp -r Patients Patients-bis")?;
        desk.types("cp -r Courriers Courriers-bis")?;
        desk.types("fdupes -r -d -N -q .")
    }),
    Alike::new("duplicates linked (jdupes)", &["jdupes"], |desk| {
        desk.types("cp -r Patients Patients-bis")?;
        desk.types("jdupes -r -L -q .")
    }),
    Alike::new("cp --reflink, and back over", &["cp"], |desk| {
        desk.types("cp -a --reflink=auto Patients Patients-veille")?;
        desk.types("cp -r --reflink=auto --remove-destination Patients-veille/. Patients")
    }),
    Alike::new("rsync --inplace --delete", &["rsync"], |desk| {
        let other = desk.home().join("autre").display().to_string();
        desk.types(&format!("cp -a Patients {other}"))?;
        let script =
            "find . -name '*.jpg' -delete; for f in */*.txt */*/*.txt; do date >> \"$f\"; done";
        let job = Job::new("sh -c", std::path::Path::new(&other)).word(script);
        desk.runs(job)?;
        desk.types(&format!("rsync -a --inplace --delete {other}/ Patients/"))
    }),
    Alike::new("rclone sync", &["rclone"], |desk| sync(desk, "rclone")),
    Alike::new("rclone sync, from no package", &["rclone"], |desk| {
        let own = desk.home().join("synchro").display().to_string();
        desk.types(&format!("cp /usr/bin/rclone {own}"))?;
        sync(desk, &own)
    })
    .taken_for_an_attack(),
    Alike::new("letters moved into a crypt (rclone)", &["rclone"], |desk| {
        let vault = desk.folder().join("coffre").display().to_string();
        desk.types(&format!(
            "rclone --config {vault}.conf config create c crypt remote={vault} password=cabinet"
        ))?;
        desk.types(&format!("rclone --config {vault}.conf move Courriers c:"))
    })
    .taken_for_an_attack(),
    Alike::new("git clean -fdx of exports", &["git"], |desk| {
        desk.types("git init -q")?;
        desk.types("git clean -q -fdx Comptabilité Imagerie Patients")
    }),
    Alike::new(
        "dumps packed, the oldest removed",
        &["sqlite3", "gzip"],
        |desk| {
            desk.script(
                "mkdir dumps; base=$(find . -name '*.db' | head -1); for j in $(seq -w 1 30); do \
             sqlite3 \"$base\" .dump | sed \"1i -- jour $j\" | gzip > dumps/base-$j.sql.gz; \
             ls dumps/*.gz | head -n -14 | xargs -r rm; done",
            )?;
            desk.script("find dumps -name '*.gz' -delete")
        },
    ),
];

/// A colleague deleted what is old, and added lines to notes: the client does the same here.
fn sync(desk: &mut Desk, rclone: &str) -> Result<()> {
    let cloud = desk.home().join("nuage").display().to_string();
    desk.types(&format!("{rclone} sync . {cloud}"))?;
    let script = format!("find . -type f {OLD} -delete; for f in */*.txt; do date >> \"$f\"; done");
    let job = Job::new("sh -c", std::path::Path::new(&cloud)).word(script);
    desk.runs(job)?;
    desk.types(&format!("{rclone} sync {cloud} ."))
}

/// Ten letters for a colleague; what is sent needs no plain copy here.
fn gpg_letters(desk: &mut Desk) -> Result<()> {
    desk.types(
        "gpg --batch --quiet --pinentry-mode loopback --passphrase= \
         --quick-generate-key confrere@exemple.example default default never",
    )?;
    let letters = desk.files(".docx", 10)?;
    let line =
        "gpg --batch --quiet --trust-model always -r confrere@exemple.example --multifile -e";
    desk.types_with(line, &letters)?;
    desk.types_with("rm", &letters)
}

fn age_reports(desk: &mut Desk) -> Result<()> {
    let key = desk.home().join("cle.txt").display().to_string();
    desk.types(&format!("age-keygen -o {key}"))?;
    let reports = desk.files(".pdf", 10)?;
    for path in &reports {
        let mut out = path.clone().into_os_string();
        out.push(".age");
        let job = Job::new(&format!("age -e -i {key} -o"), &desk.folder());
        desk.runs(job.word(out).word(path))?;
    }
    desk.types_with("shred -u -n 1", &reports)
}

/// What `find` takes for texts.
const TEXTS: &str = "-type f \\( -name '*.txt' -o -name '*.csv' -o -name '*.hl7' -o -name '*.xml' -o -name '*.html' \\)";
/// What was written last before 2022: a hundred files.
const OLD: &str = "! -newermt 2022-01-01";
