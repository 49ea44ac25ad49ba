//! What Debian always has: tar, gzip, cp, sed, find, grep, rm, git, sqlite3.

use anyhow::Result;

use crate::databases::sqlite;
use crate::desk::Desk;
use crate::packing::tar_and_back;
use crate::table::Alike;

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("tar, and back over", &["tar"], tar_and_back),
    Alike::new("gzip of tables and notes", &["find", "gzip"], gzip_texts),
    Alike::new("cp, and back over", &["cp"], copies),
    Alike::new("sed -i on a few", &["sed"], sed_few),
    Alike::new("sed -i on all texts", &["find", "sed"], sed_all),
    Alike::new("find and grep over all", &["find", "grep"], search),
    Alike::new("git: branches, checkout, gc", &["git"], git),
    Alike::new("sqlite3, VACUUM", &["sqlite3"], sqlite),
    Alike::new("rm -r of an old folder", &["rm"], |desk| {
        desk.types("rm -r Imagerie Comptabilité")
    }),
];

/// As after a year: packed, then one of them looked into.
pub(crate) fn gzip_texts(desk: &mut Desk) -> Result<()> {
    let texts = [desk.files(".csv", 40)?, desk.files(".txt", 40)?].concat();
    desk.types_with("gzip", &texts)?;
    // While a new state is copied its file has a second name, which gzip does not like: the day after, it has not.
    desk.settle()?;
    let packed = desk.files(".csv.gz", 1)?;
    desk.types_with("gunzip", &packed)
}

fn copies(desk: &mut Desk) -> Result<()> {
    desk.types("cp -a Courriers Courriers-copie")?;
    desk.types("cp -r Patients Patients-copie")?;
    desk.types("cp -r Patients-copie/. Patients")
}

pub(crate) fn sed_few(desk: &mut Desk) -> Result<()> {
    let few = [desk.files(".txt", 4)?, desk.files(".hl7", 4)?].concat();
    desk.types_with("sed -i s/patient/malade/g;1s/^/Revu:/", &few)
}

pub(crate) fn sed_all(desk: &mut Desk) -> Result<()> {
    desk.script(
        "find . \\( -name '*.txt' -o -name '*.csv' -o -name '*.html' -o -name '*.hl7' -o -name '*.xml' \\) \
         -exec sed -i 's/2025/2026/g;$a\\ ' {} +",
    )
}

pub(crate) fn search(desk: &mut Desk) -> Result<()> {
    desk.types("find . -type f -newermt 2020-01-01 -size +1k")?;
    desk.runs(hygie_testkit::Job::new("grep -r -l -i diabète .", &desk.folder()).or(1))?;
    desk.script("find . -type f -print0 | xargs -0 sha256sum > sommes.txt")
}

pub(crate) fn git(desk: &mut Desk) -> Result<()> {
    desk.types("git config --global user.name Cabinet")?;
    desk.types("git config --global user.email cabinet@exemple.example")?;
    desk.types("git config --global gc.auto 0")?;
    desk.types("git init -q -b main .")?;
    desk.types("git add .")?;
    desk.types("git commit -q -m avant")?;
    desk.types("git checkout -q -b autre")?;
    desk.script("git ls-files -z 'Courriers/*' | xargs -0 git rm -q --")?;
    sed_all(desk)?;
    desk.types("git commit -q -a -m après")?;
    desk.types("git checkout -q main")?;
    desk.types("git checkout -q autre")?;
    desk.types("git gc -q --prune=now")?;
    desk.types("git checkout -q main")
}
